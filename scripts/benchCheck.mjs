// How fast golden files are compared with dumps, and in how much memory, beside the system's tools: `npm run bench:check [-- MB ...]`. Prints a table.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';
import { checkRows, checkTable } from './bench/check.mjs';
import { ROOT } from './lib/root.mjs';
import { wat } from './lib/wat.mjs';

const LIBRARY = path.join(ROOT, 'out/checkLibrary.cjs');
const [what, folder, dump] = process.argv.slice(2);
if (what === '--one') await one(folder, dump);
else {
  const sizes = process.argv.slice(2).map(Number);
  process.stdout.write(`${checkTable(await rows(sizes.length > 0 ? sizes : [16, 64, 256]))}\n`);
}

/** Comparisons in a process of its own: its peak memory is theirs. */
async function one(golden, dumped) {
  const { runCheck } = (await import(LIBRARY)).default;
  const runs = [];
  let what = '';
  for (let run = 0; run < 4; run++) {
    const before = process.cpuUsage();
    const from = performance.now();
    ({ what } = await runCheck({ name: dumped, golden: { type: 'files', files: [golden] }, dump: { type: 'files', files: [dumped] } }, { ortScript: '' }));
    const { user, system } = process.cpuUsage(before);
    runs.push({ wall: performance.now() - from, processor: (user + system) / 1000 });
  }
  process.stdout.write(JSON.stringify({ what, runs, peak: process.resourceUsage().maxRSS / 1024 }));
}

async function rows(sizes) {
  await build({ absWorkingDir: ROOT, plugins: [wat], entryPoints: ['src/project/check/check.ts'], bundle: true, platform: 'node', format: 'cjs', outfile: LIBRARY, logLevel: 'warning', mainFields: ['module', 'main'], external: ['onnxruntime-node'] });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-bench-'));
  try {
    return sizes.flatMap((megabytes) => checkRows(fs.mkdtempSync(path.join(folder, 'pair-')), megabytes, (golden, dumped) => JSON.parse(spawnSync(process.execPath, [import.meta.filename, '--one', golden, dumped], { encoding: 'utf8' }).stdout)));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
