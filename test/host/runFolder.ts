// Runs the suites of one folder of out/test in this Node:  node out/test/host/runFolder.js unit
import { runMocha, secondTries, suiteFiles } from './mochaRun';

/** Folders of suites that drive a window. */
const WINDOWS = ['ui', 'pages'];
/** A suite that leaves a worker or a server running would otherwise hang here without a word. */
const GRACE_MS = 5_000;

async function main(folder: string): Promise<void> {
  const results = await runMocha(suiteFiles(folder), { reporter: 'spec', resultsFile: process.env['TILESCOPE_RESULTS'], secondTry: WINDOWS.includes(folder) });
  // mocha's own reporter tells of tests only
  for (const { file, error } of results) if (file === '' && error) console.error(error.stack);
  for (const line of secondTries(results)) console.error(line);
  process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
  setTimeout(() => {
    console.error(`The suites have ended, but something still runs: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, GRACE_MS).unref();
}

void main(process.argv[2] ?? 'unit');
