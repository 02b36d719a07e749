// Runs the mocha suite inside a real VS Code and exits with its code:
//   node out/test/host/runSuite.js [--prepare] [current | oldest | a version]
// --prepare only sets VS Code up; a version asks for that offline host, otherwise see launcher.ts.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { format } from 'node:util';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import type { Page } from 'playwright-core';
import { Browser } from './browser';
import { prepareLauncher, type Launcher } from './launcher';
import { secondTries, type TestResult } from './mochaRun';
import { LOGS, OUT, ROOT, SCREENS, SUITES } from './paths';
import { simulatorSetUp, type OfflineHost } from './setup';
import { VscodeServer } from './vscodeServer';
import { copyOfExample, removeCopy } from './workspace';

const LIMIT_MS = Number(process.env['TILESCOPE_SUITE_LIMIT_S'] ?? 600) * 1000;
const CLOSE_MS = 10_000;
const RESULTS = process.env['TILESCOPE_RESULTS'] ?? path.join(OUT, 'results', 'vscode.json');
const SUITE = path.join(SUITES, 'vscode', 'index.js');

async function main(args: readonly string[]): Promise<number> {
  const version = args.find((arg) => !arg.startsWith('--'));
  const launcher = await prepareLauncher(version, log);
  log(launcher.kind === 'server' ? `VS Code ${launcher.host.vscode} (${launcher.host.folder})` : `VS Code at ${launcher.executable}`);
  await putSimulatorOnPath();
  if (args.includes('--prepare')) return 0;

  fs.mkdirSync(path.dirname(RESULTS), { recursive: true });
  fs.mkdirSync(LOGS, { recursive: true });
  fs.rmSync(RESULTS, { force: true });
  const workspace = copyOfExample();
  try {
    const code = await runIn(launcher, workspace);
    return report() && code === 0 ? 0 : 1;
  } finally {
    removeCopy(workspace);
  }
}

/** The suite runs the example core: its simulator is found on PATH by the extension, wherever it is installed. */
async function putSimulatorOnPath(): Promise<void> {
  const programs = Object.values((await simulatorSetUp()).setUpSimulator('icarus', log));
  process.env['PATH'] = [...new Set(programs.map((program) => path.dirname(program))), process.env['PATH'] ?? ''].join(path.delimiter);
}

function runIn(launcher: Launcher, workspace: string): Promise<number> {
  return launcher.kind === 'server' ? runInServer(launcher.host, workspace) : runInWindow(launcher.executable, workspace);
}

/** In a window of an installed or downloaded VS Code, by VS Code's own test runner. */
async function runInWindow(executable: string, workspace: string): Promise<number> {
  const suite = runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: SUITE,
    extensionTestsEnv: { TILESCOPE_RESULTS: RESULTS },
    launchArgs: [workspace, '--disable-extensions'],
  }).catch((error: unknown) => {
    if (error instanceof TestRunFailedError) return error.code ?? 1;
    throw error;
  });
  return withinLimit(suite, async () => {
    // VS Code's runner closes its window on Ctrl-C; it would also end this process if nobody else listened
    process.on('SIGINT', () => undefined);
    process.emit('SIGINT');
    await Promise.race([suite, sleep(CLOSE_MS)]);
  });
}

/** In the extension host of a VS Code server, which runs as soon as a page shows it. */
async function runInServer(host: OfflineHost, workspace: string): Promise<number> {
  const server = await VscodeServer.start({ host, smokeTestDriver: true, env: { TILESCOPE_RESULTS: RESULTS }, logFile: path.join(LOGS, 'vscode-server.log') });
  const browser = await Browser.launch();
  try {
    const page = await browser.page();
    const ended = suiteEnd(page);
    await page.goto(server.address(workspace, [['extensionDevelopmentPath', server.uri(ROOT)], ['extensionTestsPath', server.uri(SUITE)]]));
    const code = await withinLimit(ended);
    if (code !== 0) await saveScreenshot(page);
    return code;
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** The page calls two functions that VS Code's test driver looks for: one at the suite's end, one for each line on the extension host's console. */
async function suiteEnd(page: Page): Promise<number> {
  const consoleLog = path.join(LOGS, 'vscode-console.log');
  fs.writeFileSync(consoleLog, '');
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
    fs.appendFileSync(consoleLog, `[${type}] ${format(...args)}\n`);
  });
  return new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page.once('crash', () => {
      reject(new Error('The page that shows VS Code has crashed.'));
    });
  });
}

async function saveScreenshot(page: Page): Promise<void> {
  fs.mkdirSync(SCREENS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENS, 'fail.png') });
}

/** The suite's exit code, or 1 if it has not ended within the limit. */
async function withinLimit(suite: Promise<number>, atLimit: () => Promise<unknown> = () => Promise.resolve()): Promise<number> {
  const timer = new AbortController();
  const limit = sleep(LIMIT_MS, 'limit' as const, { signal: timer.signal });
  limit.catch(() => undefined);
  const first = await Promise.race([suite, limit]);
  timer.abort();
  if (first !== 'limit') return first;
  log(`The suite did not end within ${LIMIT_MS / 1000} s (TILESCOPE_SUITE_LIMIT_S changes that). Last test that ended: ${results()?.at(-1)?.title ?? 'none'}`);
  await atLimit();
  return 1;
}

/** Prints what failed and the totals; false unless there are results and all of them are good. */
function report(): boolean {
  const all = results() ?? [];
  const failed = all.filter(({ ok }) => !ok);
  const skipped = all.filter(({ skipped: was }) => was);
  for (const { title, error } of failed) log(`\nFAILED ${title}\n${error?.stack ?? ''}`);
  for (const line of secondTries(all)) log(line);
  log(`\nin VS Code: ${all.length - failed.length - skipped.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
  if (all.length === 0) log(`No test has ended: see ${path.relative(ROOT, LOGS)}`);
  return all.length > 0 && failed.length === 0;
}

function results(): TestResult[] | undefined {
  return fs.existsSync(RESULTS) ? (JSON.parse(fs.readFileSync(RESULTS, 'utf8')) as TestResult[]) : undefined;
}

function log(line: string): void {
  console.log(line);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
