// How soon long work ends when it is cancelled: `npm run bench:cancel [-- RUNS]`, after a build. Starts each job as the extension does, cancels it at
// random moments, and prints a table.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { longJobs } from './bench/jobs.mjs';

const RUNS = Number(process.argv[2] ?? 12);
/** Milliseconds. */
const GOAL = 100;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-bench-'));
try {
  const rows = [];
  for (const job of await longJobs(folder)) rows.push(await measure(job));
  console.log(['| job | cancelled | median | worst | goal |', '|---|---|---|---|---|', ...rows].join('\n'));
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

async function measure({ what, longest, run }) {
  const times = [];
  for (let i = 0; i < RUNS; i++) times.push(await run(Math.random() * longest));
  const sorted = times.filter((time) => time !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return `| ${what} | 0 of ${RUNS} | | | ended before it was cancelled |`;
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `| ${what} | ${sorted.length} of ${RUNS} | ${median.toFixed(1)} ms | ${worst.toFixed(1)} ms | at most ${GOAL} ms: ${worst <= GOAL ? 'met' : median <= GOAL ? 'met by most' : 'not met'} |`;
}
