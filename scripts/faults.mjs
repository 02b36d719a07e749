// Plants faults in simulated layers and prints what the diagnosis names: `npm run faults [-- --seed N] [--all] [--wrong]`; --all
// plants each in every kind of dump, --wrong prints only what is not right. Exit code 1 when fewer
// than 95 % of the planted faults are named first, when a cause is named where there is none, or when a count is wrong.
import path from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './lib/root.mjs';
import { wat } from './lib/wat.mjs';

const flags = process.argv.slice(2);
const seed = flags.includes('--seed') ? Number(flags[flags.indexOf('--seed') + 1]) : 1;
const bundled = path.join(ROOT, 'out/faults.mjs');
await build({ absWorkingDir: ROOT, plugins: [wat], entryPoints: ['test/faults/table.ts'], bundle: true, platform: 'node', format: 'esm', outfile: bundled, logLevel: 'warning' });
const { outcomes, row, scoreOf } = await import(bundled);

const all = [];
for (const outcome of outcomes(seed, flags.includes('--all'))) {
  all.push(outcome);
  if (!outcome.right || !flags.includes('--wrong')) process.stdout.write(`${row(outcome)}\n`);
}
const score = scoreOf(all);
const slowest = Math.max(...all.map(({ milliseconds }) => milliseconds));
process.stdout.write(`\nFirst cause right: ${score.topRight} of ${score.faults} planted faults (${((100 * score.topRight) / score.faults).toFixed(1)} %), in ${score.alikeRight} of them the planted cause is named as one that the data cannot tell from the first. No cause where there is none: ${score.silentRight} of ${score.silent}. Counts right: ${score.countsRight} of ${score.all}. Slowest: ${slowest.toFixed(0)} ms.\n`);
process.exitCode = score.passed ? 0 : 1;
