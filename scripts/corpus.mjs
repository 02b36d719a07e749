// Reads a folder of cases (each a folder with golden files and a meta.json that says what they are) with no configuration and
// compares: `npm run corpus -- DIR [--verbose]`. The keys of a file in meta.json that are compared: word_bits, words_per_line,
// signed, radix (2, 10, 16), header_lines (or measured.header_lines), order (of the words: "row7..row0", "col0..col7"), lines or
// data_lines, report_text. A key that is absent is not judged.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './lib/root.mjs';
import { wat } from './lib/wat.mjs';

const [folder, ...flags] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-')) {
  process.stderr.write('Usage: npm run corpus -- DIR [--verbose]\n');
  process.exit(2);
}
const bundled = path.join(ROOT, 'out/siblings.mjs');
await build({ absWorkingDir: ROOT, plugins: [wat], entryPoints: ['src/vectors/siblings.ts'], bundle: true, platform: 'node', format: 'esm', outfile: bundled, logLevel: 'warning' });
const { inferFolder } = await import(bundled);

const RADIX = { 2: 'binary', 10: 'decimal', 16: 'hex' };
const CHECKS = ['bits', 'words', 'sign', 'radix', 'header', 'lines', 'order', 'report'];
const total = Object.fromEntries(CHECKS.map((check) => [check, [0, 0]]));

/** What meta.json expects of a file, as far as it says. */
function expectedOf(meta) {
  const radix = meta.radix ?? (meta.kind === 'golden' && /^[01]+$/.test(meta.measured?.characters ?? '') && meta.word_bits !== undefined ? 2 : undefined);
  const word = /(row|col)(\d+)\.\.(row|col)(\d+)/.exec(meta.order ?? '');
  return {
    // Decimal words have no width in bits of their own
    bits: radix === 10 ? undefined : meta.word_bits,
    words: meta.words_per_line,
    sign: meta.signed,
    radix: RADIX[radix],
    header: meta.report_text === true ? undefined : (meta.header_lines ?? meta.measured?.header_lines),
    lines: meta.report_text === true ? undefined : (meta.lines ?? meta.measured?.data_lines ?? meta.data_lines),
    order: word === null ? undefined : `${word[1]}${word[2]}..${word[3]}${word[4]}`,
    report: meta.kind === 'transcript' || meta.report_text === true ? true : undefined,
  };
}

function foundIn(inference) {
  const best = inference.candidates[0];
  if (best === undefined) return { report: true };
  const { spec, lineCount, wordsPerLine } = best.layout;
  const place = (word) => {
    const coordinates = best.layout.coordinates(0, word);
    const axis = spec.words.at(-1)?.axis;
    const fromFirst = spec.words.filter((loop) => loop.axis === axis).length > 0 ? coordinates[axis] : '';
    return `${axis}${fromFirst}`;
  };
  return { bits: spec.bits, words: wordsPerLine, sign: spec.signed, radix: spec.radix, header: spec.header.length, lines: lineCount, order: `${place(0)}..${place(wordsPerLine - 1)}`, report: false };
}

for (const name of fs.readdirSync(folder).sort()) {
  const metaFile = path.join(folder, name, 'meta.json');
  if (!fs.existsSync(metaFile)) continue;
  const { files } = JSON.parse(fs.readFileSync(metaFile, 'utf8'));
  const present = files.filter(({ file }) => fs.existsSync(path.join(folder, name, file)));
  const started = performance.now();
  const inferences = inferFolder(present.map(({ file }) => ({ name: file, text: fs.readFileSync(path.join(folder, name, file), 'utf8') })));
  const time = performance.now() - started;
  const score = Object.fromEntries(CHECKS.map((check) => [check, [0, 0]]));
  const misses = [];
  for (const [i, meta] of present.entries()) {
    const [expected, found] = [expectedOf(meta), foundIn(inferences[i])];
    const best = inferences[i].candidates[0];
    for (const check of CHECKS) {
      if (expected[check] === undefined) continue;
      score[check][1]++;
      if (found[check] === expected[check]) score[check][0]++;
      else misses.push(`${meta.file}: ${check} is ${found[check]}, should be ${expected[check]}${meta.what === undefined ? '' : ` (${meta.what})`}. ${best === undefined ? inferences[i].report : best.evidence.join(' ')}`);
    }
    if (flags.includes('--verbose')) {
      process.stdout.write(`   ${meta.file}: ${best === undefined ? inferences[i].report : describe(best)}\n`);
      for (const line of best?.contradictions ?? []) process.stdout.write(`        ! ${line}\n`);
    }
  }
  for (const check of CHECKS) for (const k of [0, 1]) total[check][k] += score[check][k];
  process.stdout.write(`${name.padEnd(28)} ${line(score)}   ${time.toFixed(0)} ms\n`);
  for (const miss of misses) process.stdout.write(`   - ${miss}\n`);
}
process.stdout.write(`${'total'.padEnd(28)} ${line(total)}\n`);
process.exitCode = CHECKS.every((check) => total[check][0] === total[check][1]) ? 0 : 1;

function line(score) {
  return CHECKS.filter((check) => score[check][1] > 0)
    .map((check) => `${check} ${score[check].join('/')}`)
    .join('  ');
}

function describe({ layout, confidence, proven, kindIsGuess, evidence }) {
  const { spec } = layout;
  const loops = (list) => list.map(({ axis, start, step, count }) => `${axis}:${start}${step < 0 ? '' : '+'}${step}x${count}`).join(' ');
  return `${spec.kind}${kindIsGuess ? '?' : ''} ${layout.wordsPerLine} x ${spec.signed ? '' : 'u'}int${spec.bits} ${spec.radix} [${loops(spec.lines)} | ${loops(spec.words)}] ${JSON.stringify(spec.fixed)} ${proven ? 'PROVEN' : ''} ${confidence.toFixed(2)} ${proven ? evidence.at(-1) : ''}`;
}
