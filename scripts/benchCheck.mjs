// How fast golden files are compared with dumps, and in how much memory: `npm run bench:check [-- MB]`. Writes two files of that size
// (default 64) into a temporary folder: an equal pair, one with a wrong word in every thousandth line, the same words in hex, and in another order.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { ROOT } from './lib/root.mjs';
import { wat } from './lib/wat.mjs';

const [what, folder, dump] = process.argv.slice(2);
if (what === '--one') await one(folder, dump);
else await all(Number(what ?? 64));

/** One comparison, in a process of its own: its peak memory is the comparison's. */
async function one(folder, dump) {
  const { runCheck } = (await import(path.join(ROOT, 'out/checkLibrary.cjs'))).default;
  const base = process.memoryUsage().rss;
  let peak = base;
  const started = performance.now();
  const report = await runCheck({ name: dump, golden: { type: 'files', files: [path.join(folder, 'golden/psum.txt')] }, dump: { type: 'files', files: [path.join(folder, dump)] } }, { ortScript: '', onProgress: () => { peak = Math.max(peak, process.memoryUsage().rss); } });
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${dump.padEnd(12)} ${report.what.slice(0, 60).padEnd(60)} ${seconds.toFixed(2)} s   +${((peak - base) / 2 ** 20).toFixed(0)} MB\n`);
}

async function all(megabytes) {
  await build({ absWorkingDir: ROOT, plugins: [wat], entryPoints: ['src/project/check/check.ts'], bundle: true, platform: 'node', format: 'cjs', outfile: 'out/checkLibrary.cjs', logLevel: 'warning', mainFields: ['module', 'main'], external: ['onnxruntime-node'] });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-bench-'));
  try {
    fs.mkdirSync(path.join(folder, 'golden'));
    const side = Math.round(Math.sqrt((megabytes * 2 ** 20) / 129 / 9));
    const [nijs, lines] = [side * side, 9 * side * side];
    let state = 1;
    const word = () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (((state >>> 16) % 401) - 200) & 0xffff;
    };
    const words = Uint16Array.from({ length: 8 * lines }, word);
    const line = (i, base, width, wrong) => `${Array.from({ length: 8 }, (_, w) => (words[8 * i + w] ^ (wrong && w === 3 ? 1 : 0)).toString(base).padStart(width, '0')).join('')}\n`;
    const write = (name, lineOf) => {
      const file = fs.openSync(path.join(folder, name), 'w');
      for (let i = 0; i < lines; i += 4096) fs.writeSync(file, Array.from({ length: Math.min(4096, lines - i) }, (_, k) => lineOf(i + k)).join(''));
      fs.closeSync(file);
    };
    write('golden/psum.txt', (i) => line(i, 2, 16, false));
    write('equal.txt', (i) => line(i, 2, 16, false));
    write('wrong.txt', (i) => line(i, 2, 16, i % 1000 === 0));
    write('hex.txt', (i) => line(i, 16, 4, false));
    write('order.txt', (i) => line((i % 9) * nijs + Math.floor(i / 9), 2, 16, false));
    const size = fs.statSync(path.join(folder, 'golden/psum.txt')).size;
    process.stdout.write(`golden: ${lines} lines, ${(size / 2 ** 20).toFixed(1)} MB\n`);
    for (const dump of ['equal.txt', 'wrong.txt', 'hex.txt', 'order.txt']) process.stdout.write(execFileSync(process.execPath, [import.meta.filename, '--one', folder, dump]));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
