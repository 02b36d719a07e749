import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/root.mjs';

/** Runs of each command. */
const RUNS = 3;
/** Of the time of cmp that a comparison of equal files may take, and how much of one file it does in a second. */
const OF_CMP = 1.5;
const LEAST_RATE = 1;

/** A golden file, an equal dump, one with a wrong word in every thousandth line, the same words in hex, and in another order. */
export function writePair(folder, megabytes) {
  const side = Math.round(Math.sqrt((megabytes * 2 ** 20) / 129 / 9));
  const [nijs, lines] = [side * side, 9 * side * side];
  let state = 1;
  const words = Uint16Array.from({ length: 8 * lines }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (((state >>> 16) % 401) - 200) & 0xffff;
  });
  const textsOf = (base, width) => Array.from({ length: 65536 }, (_, value) => value.toString(base).padStart(width, '0'));
  const [binary, hex] = [textsOf(2, 16), textsOf(16, 4)];
  const line = (i, texts, wrong) => `${Array.from({ length: 8 }, (_, w) => texts[words[8 * i + w] ^ (wrong && w === 3 ? 1 : 0)]).join('')}\n`;
  const write = (name, lineOf) => {
    const file = fs.openSync(path.join(folder, name), 'w');
    for (let i = 0; i < lines; i += 4096) fs.writeSync(file, Array.from({ length: Math.min(4096, lines - i) }, (_, k) => lineOf(i + k)).join(''));
    fs.closeSync(file);
    return path.join(folder, name);
  };
  return {
    golden: write('psum.txt', (i) => line(i, binary, false)),
    dumps: {
      equal: write('equal.txt', (i) => line(i, binary, false)),
      '0.1 % of the lines wrong': write('wrong.txt', (i) => line(i, binary, i % 1000 === 0)),
      hex: write('hex.txt', (i) => line(i, hex, false)),
      'another order': write('order.txt', (i) => line((i % 9) * nijs + Math.floor(i / 9), binary, false)),
    },
  };
}

/** Wall and processor milliseconds of a command, its children's time taken by the shell. Undefined where it is not there. */
function command(program, args) {
  const runs = [];
  for (let run = 0; run < RUNS; run++) {
    const from = performance.now();
    const { stderr, status } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', 'bash', program, ...args], { encoding: 'utf8' });
    if (status === 127 || status === null) return undefined;
    const [user, system] = stderr.trim().split(' ').map(Number);
    runs.push({ wall: performance.now() - from, processor: 1000 * (user + system) });
  }
  return runs;
}

/** @param inProcess makes comparisons in a new process: `{ runs, peak }` */
export function checkRows(folder, megabytes, inProcess) {
  const { golden, dumps } = writePair(folder, megabytes);
  const bytes = fs.statSync(golden).size;
  return Object.entries(dumps).flatMap(([what, dump]) => {
    const { runs, peak } = inProcess(golden, dump);
    const others = { cmp: command('cmp', [golden, dump]), 'diff -q': command('diff', ['-q', golden, dump]), diff: command('diff', [golden, dump]) };
    const check = { megabytes, what, by: 'check, in a process', runs, peak, bytes };
    const rest = [{ by: 'check, as a command', runs: command(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'check', golden, dump]) }, ...Object.entries(others).map(([by, runs]) => ({ by, runs }))];
    return [{ ...check, goals: goalsOf(check, others) }, ...rest.filter(({ runs: some }) => some !== undefined).map((row) => ({ megabytes, what, bytes, ...row }))];
  });
}

const best = (runs, key) => Math.min(...runs.map((run) => run[key]));
const median = (runs, key) => runs.map((run) => run[key]).sort((a, b) => a - b)[runs.length >> 1];

/** Processor time decides: other work on the machine disturbs it least. */
function goalsOf({ what, runs, bytes }, { cmp, diff }) {
  const own = best(runs, 'processor');
  const verdict = (met) => (met ? 'met' : 'not met');
  const ofDiff = diff === undefined ? [] : [`no slower than diff: ${verdict(own <= best(diff, 'processor'))}`];
  if (what !== 'equal') return ofDiff;
  const rate = bytes / own / 1e6;
  return [`at least ${LEAST_RATE} GB/s: ${verdict(rate >= LEAST_RATE)}`, ...(cmp === undefined ? [] : [`at most ${OF_CMP} x cmp: ${verdict(own <= OF_CMP * best(cmp, 'processor'))} (${(own / best(cmp, 'processor')).toFixed(1)} x)`]), ...ofDiff];
}

export function checkTable(rows) {
  const lines = ['| MB | pair | by | best | median | processor time | GB/s of processor time | peak memory | goals |', '|---|---|---|---|---|---|---|---|---|'];
  for (const { megabytes, what, by, runs, bytes, peak, goals = [] } of rows) {
    const processor = best(runs, 'processor');
    lines.push(`| ${megabytes} | ${what} | ${by} | ${best(runs, 'wall').toFixed(0)} ms | ${median(runs, 'wall').toFixed(0)} ms | ${processor.toFixed(0)} ms | ${(bytes / processor / 1e6).toPrecision(3)} | ${peak === undefined ? '' : `${peak.toFixed(0)} MB`} | ${goals.join('; ')} |`);
  }
  return lines.join('\n');
}
