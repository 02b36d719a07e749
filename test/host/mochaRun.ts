import fs from 'node:fs';
import { findSourceMap } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, SUITES } from './paths';

/** What became of one test. */
export interface TestResult {
  /** The titles of its suites and its own. */
  readonly title: string;
  /** Its source file, relative to the repository. */
  readonly file: string;
  readonly ok: boolean;
  readonly skipped?: true;
  readonly durationMs: number;
  /** Of a test that passed: what went wrong at its first try. */
  readonly error?: { readonly message: string; readonly stack: string };
}

export interface RunOptions {
  readonly reporter: 'spec' | 'silent';
  /** Receives the results as a JSON array. */
  readonly resultsFile: string | undefined;
  /** Tests that fail are tried once more: for those that drive a window, where other programs have a say. Told as what it is. */
  readonly secondTry?: boolean;
}

/** The compiled suites of test/FOLDER. */
export function suiteFiles(folder: string): string[] {
  const root = path.join(SUITES, folder);
  if (!fs.existsSync(root)) return [];
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => path.join(root, name));
}

/** Runs suites with mocha to their end, in this process. Suites that cannot be loaded count as one failed test. */
export async function runMocha(files: readonly string[], { reporter, resultsFile, secondTry = false }: RunOptions): Promise<TestResult[]> {
  // stacks lead to the sources, not into the bundles
  process.setSourceMapsEnabled(true);
  const results: TestResult[] = [];
  // saved after every test: a process that dies leaves what it had found
  const add = (result: TestResult) => {
    results.push(result);
    if (resultsFile) fs.writeFileSync(resultsFile, JSON.stringify(results, null, 1));
  };
  try {
    await record(await loaded(files, reporter, secondTry), add);
  } catch (error) {
    add({ title: 'the suites can be loaded and run', file: '', ok: false, durationMs: 0, error: described(error) });
  }
  return results;
}

async function loaded(files: readonly string[], reporter: RunOptions['reporter'], secondTry: boolean): Promise<Mocha> {
  if (files.length === 0) throw new Error('There are no suites: was out/test built?');
  // mocha is an ES module; this is the one way to load it from a bundle on every Node
  const { default: MochaRunner } = await import('mocha');
  // mocha's base reporter prints nothing
  const mocha = new MochaRunner({ ui: 'bdd', timeout: 60_000, retries: secondTry ? 1 : 0, reporter: reporter === 'spec' ? 'spec' : MochaRunner.reporters.Base });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return mocha;
}

function record(mocha: Mocha, add: (result: TestResult) => void): Promise<void> {
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    const firstErrors = new Map<string, TestResult['error'] & object>();
    runner.on('retry', (test: Mocha.Test, error: unknown) => {
      firstErrors.set(test.fullTitle(), described(error));
    });
    runner.on('pass', (test) => {
      const error = firstErrors.get(test.fullTitle());
      add({ ...resultOf(test), ...(error !== undefined && { error }) });
    });
    runner.on('pending', (test) => {
      add({ ...resultOf(test), skipped: true });
    });
    runner.on('fail', (test, error: unknown) => {
      add({ ...resultOf(test), ok: false, error: described(error) });
    });
  });
}

/** Lines about the tests that passed at their second try only: each is a race to be found. */
export function secondTries(results: readonly TestResult[]): string[] {
  return results.flatMap(({ ok, title, error }) => (ok && error !== undefined ? [`\nPASSED AT THE SECOND TRY ONLY: ${title}\n${error.stack}`] : []));
}

function resultOf(test: Mocha.Test): TestResult {
  return { title: test.titlePath().join(' > '), file: sourceOf(test.file), ok: true, durationMs: test.duration ?? 0 };
}

function sourceOf(file: string | undefined): string {
  if (!file) return '';
  const bundle = path.relative(SUITES, file).split(path.sep).join('/');
  return `test/${bundle.replace(/\.js$/, '.ts')}`;
}

function described(error: unknown): { message: string; stack: string } {
  if (!(error instanceof Error)) return { message: String(error), stack: String(error) };
  return { message: error.message, stack: sourceStack(error.stack ?? error.message) };
}

/** The stack with places in the sources instead of the bundles: Node does that by itself, but an extension host has its own stacks. */
function sourceStack(stack: string): string {
  const inSources = stack.replaceAll(/([^\s(]+\.js):(\d+):(\d+)/g, (place, file: string, line: string, column: string) => {
    const entry = findSourceMap(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    return entry && 'originalSource' in entry ? `${fileOf(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}` : place;
  });
  return inSources.replaceAll(ROOT + path.sep, '');
}

function fileOf(source: string): string {
  return source.startsWith('file:') ? fileURLToPath(source) : source;
}
