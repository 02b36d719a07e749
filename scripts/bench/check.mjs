import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/root.mjs';

/** Runs of each command. */
const RUNS = 3;
/** Of the time of cmp that a comparison of equal files may take, and how much of one file it does in a second. */
const OF_CMP = 1.5;
const LEAST_RATE = 1;

/** Of pairs this large only those are written and compared that show whether memory grows. */
const LARGE_MEGABYTES = 128;
/** Peaks that differ by less than this, from the smallest pair to the largest, are flat: a heap that is not yet swept makes as much. */
const FLAT_MEGABYTES = 64;

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
      ...(megabytes < LARGE_MEGABYTES && {
        hex: write('hex.txt', (i) => line(i, hex, false)),
        'another order': write('order.txt', (i) => line((i % 9) * nijs + Math.floor(i / 9), binary, false)),
      }),
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

/** The first run in a new process compiles what it runs, as a command always does; the best is one of those behind it. */
const best = (runs, key) => Math.min(...runs.map((run) => run[key]));
const median = (runs, key) => runs.map((run) => run[key]).sort((a, b) => a - b)[runs.length >> 1];

/** A goal is met when both the best wall time and the least processor time meet it: the first is what one waits for, the second is not disturbed by other work. */
function goalsOf({ what, runs, bytes }, { cmp, diff }) {
  const times = ['wall', 'processor'];
  const own = (key) => best(runs, key);
  const verdict = (meets) => {
    const missed = times.filter((key) => !meets(key));
    return missed.length === 0 ? 'met' : missed.length === 2 ? 'not met' : `met in ${missed[0] === 'wall' ? 'processor' : 'wall'} time only`;
  };
  const ofDiff = diff === undefined ? [] : [`no slower than diff: ${verdict((key) => own(key) <= best(diff, key))}`];
  if (what !== 'equal') return ofDiff;
  return [
    `at least ${LEAST_RATE} GB/s: ${verdict((key) => bytes / own(key) / 1e6 >= LEAST_RATE)}`,
    ...(cmp === undefined ? [] : [`at most ${OF_CMP} x cmp: ${verdict((key) => own(key) <= OF_CMP * best(cmp, key))} (${times.map((key) => `${(own(key) / best(cmp, key)).toFixed(1)} x ${key}`).join(', ')})`]),
    ...ofDiff,
  ];
}

export function checkTable(rows) {
  const lines = ['| MB | pair | by | first | best | median | processor time, best | GB/s of processor time | peak memory | goals |', '|---|---|---|---|---|---|---|---|---|---|'];
  for (const { megabytes, what, by, runs, bytes, peak, goals = [] } of rows) {
    const processor = best(runs, 'processor');
    // A clock of the shell counts in milliseconds
    const rate = processor < 1 ? '' : (bytes / processor / 1e6).toPrecision(3);
    const first = peak === undefined ? '' : `${runs[0].wall.toFixed(0)} ms`;
    lines.push(`| ${megabytes} | ${what} | ${by} | ${first} | ${best(runs, 'wall').toFixed(0)} ms | ${median(runs, 'wall').toFixed(0)} ms | ${processor.toFixed(0)} ms | ${rate} | ${peak === undefined ? '' : `${peak.toFixed(0)} MB`} | ${goals.join('; ')} |`);
  }
  return [lines.join('\n'), ...flatness(rows)].join('\n\n');
}

/** Whether the peak of a comparison grows with the files. */
function flatness(rows) {
  const kinds = [...new Set(rows.map(({ what }) => what))];
  const lines = kinds.flatMap((what) => {
    const own = rows.filter((row) => row.what === what && row.peak !== undefined);
    if (own.length < 2) return [];
    const peaks = own.map(({ peak }) => peak);
    const [smallest, largest] = [own[0], own.at(-1)];
    const grown = Math.max(...peaks) - Math.min(...peaks);
    return [`- ${what}: ${own.map(({ megabytes, peak }) => `${peak.toFixed(0)} MB for ${megabytes} MB`).join(', ')}: ${grown <= FLAT_MEGABYTES ? 'flat' : `grows by ${grown.toFixed(0)} MB`} over files ${(largest.megabytes / smallest.megabytes).toFixed(0)} times as large.`];
  });
  return lines.length === 0 ? [] : [`Peak memory of the process, Node's own 40 MB included:\n\n${lines.join('\n')}`];
}
