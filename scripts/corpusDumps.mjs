// Compares the dumps of a folder of cases with their golden files and scores the findings: `npm run corpus:dumps -- DIR [--verbose]`.
// Each case is a folder with a meta.json that says what its files are. expected_mismatches.json lists the words of the files of kind
// "dump" that differ from the golden one (verdict.golden in meta.json): line, col, golden, dump (null where a bit is x);
// expected_psum_sram_mismatches.json those of the memory dumps, against psums computed from the activations and weights: kij, nij, col, model, dump.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './lib/root.mjs';
import { wat } from './lib/wat.mjs';

const [folder, ...flags] = process.argv.slice(2);
if (folder === undefined || folder.startsWith('-')) {
  process.stderr.write('Usage: npm run corpus:dumps -- DIR [--verbose]\n');
  process.exit(2);
}
const bundled = path.join(ROOT, 'out/checkLibrary.cjs');
await build({ absWorkingDir: ROOT, plugins: [wat], entryPoints: ['src/project/check/check.ts'], bundle: true, platform: 'node', format: 'cjs', outfile: bundled, logLevel: 'warning', mainFields: ['module', 'main'], external: ['onnxruntime-node'] });
const { runCheck } = (await import(bundled)).default;

const read = (...parts) => (fs.existsSync(path.join(...parts)) ? JSON.parse(fs.readFileSync(path.join(...parts), 'utf8')) : undefined);
let [right, all] = [0, 0];

async function judge(label, spec, truth, keyOf) {
  all++;
  const started = performance.now();
  try {
    const report = await runCheck({ name: label, max: Infinity, ...spec }, { ortScript: '' });
    const found = report.first.map(({ coordinates: at, expected, got }) => keyOf(at, expected.value, got.value ?? null)).sort();
    const wanted = truth.sort();
    const missed = wanted.filter((key) => !found.includes(key));
    const invented = found.filter((key) => !wanted.includes(key));
    const good = missed.length + invented.length === 0 && found.length === wanted.length;
    if (good) right++;
    process.stdout.write(`${good ? 'ok  ' : 'FAIL'} ${label.padEnd(50)} ${found.length} of ${wanted.length} differ   ${(performance.now() - started).toFixed(0)} ms\n`);
    if (!good || flags.includes('--verbose')) process.stdout.write(`       ${report.what} ${report.map}. ${report.notes.join(' ')}\n       missed ${missed.length} ${missed.slice(0, 3).join(' | ')}; invented ${invented.length} ${invented.slice(0, 3).join(' | ')}\n`);
  } catch (error) {
    process.stdout.write(`FAIL ${label.padEnd(50)} ${typeof error.format === 'function' ? error.format() : error.stack}\n`);
  }
}

for (const name of fs.readdirSync(folder).sort()) {
  const at = path.join(path.resolve(folder), name);
  const meta = read(at, 'meta.json');
  if (meta === undefined) continue;
  const words = read(at, 'expected_mismatches.json');
  const sram = read(at, 'expected_psum_sram_mismatches.json');
  const of = (kind) => meta.files.filter((file) => file.kind === kind && fs.existsSync(path.join(at, file.file))).map(({ file }) => file);
  const outKey = ({ o_nij, nij, col }, golden, dump) => [o_nij ?? nij, col, golden, dump].join();
  const outTruth = words?.map(({ line, col, golden, dump }) => [line, col, golden, dump].join());
  if (words !== undefined && meta.verdict?.golden !== undefined) {
    const golden = { type: 'files', files: [path.join(at, meta.verdict.golden)] };
    for (const file of of('dump')) await judge(`${name}/${file}`, { golden, dump: { type: 'files', files: [path.join(at, file)] } }, [...outTruth], outKey);
  }
  for (const file of of('memory_dump')) {
    const spec = { golden: { type: 'folder', folder: at }, dump: { type: 'files', files: [path.join(at, file)] } };
    if (sram !== undefined) await judge(`${name}/${file}`, { ...spec, kind: 'psum' }, sram.map(({ kij, nij, col, model, dump }) => [kij, nij, col, model, dump].join()), ({ kij, nij, col }, model, dump) => [kij, nij, col, model, dump].join());
    else await judge(`${name}/${file}`, spec, [...(outTruth ?? [])], outKey);
  }
}
process.stdout.write(`${right} of ${all} dumps as they should be\n`);
process.exitCode = right === all ? 0 : 1;
