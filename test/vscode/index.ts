import { runMocha, suiteFiles } from '../host/mochaRun';

/**
 * What VS Code calls inside its extension host: the suites that need VS Code, and then the unit suites once more, because the Node
 * of an extension host is not the one on the command line. Rejects if a test failed. Prints nothing: the extension host's console
 * is full of VS Code's own lines, so whoever starts VS Code prints the results from the file named by TILESCOPE_RESULTS.
 */
export async function run(): Promise<void> {
  const files = [...suiteFiles('vscode'), ...suiteFiles('unit')];
  const results = await runMocha(files, { reporter: 'silent', resultsFile: process.env['TILESCOPE_RESULTS'], secondTry: true });
  const failed = results.filter(({ ok }) => !ok).length;
  if (failed > 0) throw new Error(`${failed} of ${results.length} tests failed.`);
}
