import path from 'node:path';
import * as vscode from 'vscode';
import { decodedLine } from '../../check/present/diffText';
import { alsoText, causeText, checkSentence, groupCauses } from '../../check/present/sentence';
import { configCheckProblems } from '../../project/check/configChecks';
import { parseConfig } from '../../project/config';
import type { CheckConfig } from '../../project/schema';
import { CONFIG_FILE } from '../../project/configFile';
import type { CheckReport, CheckTarget } from '../../protocol/checkReport';
import { JobFailed } from '../jobs';
import { Later } from '../later';
import { rangeOf } from './checkDiagnostics';
import type { CheckRecord, Checks } from './checks';
import { configText } from './checks';
import { dumpsOf, filesTarget } from './choose';
import { discoverPairs } from './discover';
import { mayRun } from './trust';
import { isInput } from './watch';
import type { Watch } from './watch';

const EXCLUDED = '**/{node_modules,.git,.vscode-test,dist}/**';
const MOST_CONFIGS = 100;
/** How long files must rest before tests are found, or run, anew. */
const REST_MS = 400;

/** What a test compares, and the files that it waits for. */
interface Subject {
  readonly target: CheckTarget;
  readonly files: readonly string[];
}

/** Checks as tests: one for each check of a tilescope.json, and for dumps that stand beside the golden file that they belong to. */
export class CheckTests implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController('tilescope', 'TileScope');
  private readonly subjects = new WeakMap<vscode.TestItem, Subject>();
  private readonly later = new Later<string>();
  private readonly subscriptions: vscode.Disposable[];
  private found: Promise<void> | undefined;

  constructor(
    private readonly checks: Checks,
    private readonly watch: Watch,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.controller.resolveHandler = async (item) => {
      if (item === undefined) await this.find();
    };
    this.controller.refreshHandler = () => this.find(true);
    this.controller.createRunProfile('Cross-check', vscode.TestRunProfileKind.Run, (request, token) => this.run(request, token), true, undefined, true);
    this.subscriptions = [
      watch.onDidChange((file) => {
        if (this.found !== undefined) this.findSoon(file.endsWith(CONFIG_FILE) ? 'configurations' : 'files');
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (uri.path.endsWith(`/${CONFIG_FILE}`)) this.findSoon('configurations');
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        if (this.found !== undefined) this.findSoon('configurations');
      }),
    ];
  }

  /** Looks for tests; once, unless `anew`. */
  async find(anew = false): Promise<void> {
    if (anew) this.found = undefined;
    this.found ??= this.lookForAll();
    await this.found;
  }

  dispose(): void {
    vscode.Disposable.from(this.controller, this.later, ...this.subscriptions).dispose();
  }

  private findSoon(what: string): void {
    this.later.run(what, REST_MS, () => {
      this.find(true).catch((error: unknown) => { this.log.warn(`Tests were not found: ${String(error)}`); });
    });
  }

  private async lookForAll(): Promise<void> {
    const files = (await vscode.workspace.findFiles(`**/${CONFIG_FILE}`, EXCLUDED, MOST_CONFIGS)).map(({ fsPath }) => fsPath).sort();
    const items: vscode.TestItem[] = [];
    const covered = new Set<string>();
    for (const file of files) {
      const item = await this.configItem(file, covered);
      if (item !== undefined) items.push(item);
    }
    const pairs = await discoverPairs(covered);
    const folders = new Map<string, vscode.TestItem>();
    for (const { golden, dump } of pairs) {
      const folder = path.dirname(dump);
      const parent = folders.get(folder) ?? this.controller.createTestItem(`folder ${folder}`, vscode.workspace.asRelativePath(folder), vscode.Uri.file(folder));
      folders.set(folder, parent);
      const target = filesTarget([golden], [dump]);
      const test = this.controller.createTestItem(`pair ${dump}`, target.name, vscode.Uri.file(dump));
      this.subjects.set(test, { target, files: [golden, dump] });
      parent.children.add(test);
    }
    this.controller.items.replace([...items, ...folders.values()]);
  }

  /** The checks of a configuration as children; one that cannot be read is an item with its mistake. */
  private async configItem(file: string, covered: Set<string>): Promise<vscode.TestItem | undefined> {
    const text = await configText(file);
    const { config, problems } = parseConfig(text, file);
    const uri = vscode.Uri.file(file);
    const item = this.controller.createTestItem(`config ${file}`, vscode.workspace.asRelativePath(file), uri);
    if (config === undefined) {
      // A configuration without checks is none of ours, readable or not
      if (!text.includes('"checks"')) return undefined;
      item.error = problems.map(({ what, next }) => `${what} ${next}`).join('\n');
      return item;
    }
    const checks = config.data.checks ?? [];
    if (checks.length === 0) return undefined;
    const mistakes = configCheckProblems(config);
    for (const [index, check] of checks.entries()) {
      const test = this.controller.createTestItem(`check ${file} ${check.name}`, check.name, uri);
      const { line = 1, column = 1, length = 1 } = config.place(['checks', index, 'name']);
      test.range = new vscode.Range(line - 1, column - 1, line - 1, column - 1 + length);
      test.description = descriptionOf(check);
      const own = mistakes.filter(({ place }) => isWithin(place.line, config.place(['checks', index, 'name']).line, config.place(['checks', index + 1, 'name']).line, index === checks.length - 1));
      if (own.length > 0) test.error = own.map(({ what, next }) => `${what} ${next}`).join('\n');
      const dumps = dumpsOf(file, check);
      for (const dump of dumps) covered.add(dump);
      // Where a configuration points to is not followed before its folder is trusted
      if (vscode.workspace.isTrusted) this.watch.also(dumps);
      this.subjects.set(test, { target: { type: 'configured', file, text, name: check.name }, files: [file, ...dumps, ...goldensOf(file, check)] });
      item.children.add(test);
    }
    return item;
  }

  /** Runs what is asked for; a continuous request until it is cancelled. */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    await this.find();
    if (request.continuous !== true) {
      await this.runTests(request, testsOf(request, this.controller), token);
      return;
    }
    const changed = new Set<string>();
    const following = this.watch.onDidChange((file) => {
      changed.add(file);
      this.later.run('run', REST_MS, () => {
        const files = [...changed];
        changed.clear();
        const tests = testsOf(request, this.controller).filter((test) => this.concerns(test, files));
        if (tests.length === 0 || token.isCancellationRequested) return;
        this.runTests(request, tests, token).catch((error: unknown) => { this.log.error(String(error)); });
      });
    });
    token.onCancellationRequested(() => {
      following.dispose();
      this.later.cancel('run');
    });
  }

  private concerns(test: vscode.TestItem, changed: readonly string[]): boolean {
    const subject = this.subjects.get(test);
    return subject !== undefined && mayRun(subject.target, vscode.workspace.isTrusted) && changed.some((file) => isInput(file, subject.files));
  }

  private async runTests(request: vscode.TestRunRequest, tests: readonly vscode.TestItem[], token: vscode.CancellationToken): Promise<void> {
    const run = this.controller.createTestRun(request);
    const stop = new vscode.CancellationTokenSource();
    const subscriptions = [token, run.token].map((one) => one.onCancellationRequested(() => { stop.cancel(); }));
    try {
      for (const test of tests) run.enqueued(test);
      for (const test of tests) {
        if (stop.token.isCancellationRequested) run.skipped(test);
        else await this.runTest(run, test, stop.token);
      }
    } finally {
      vscode.Disposable.from(...subscriptions, stop).dispose();
      run.end();
    }
  }

  private async runTest(run: vscode.TestRun, test: vscode.TestItem, token: vscode.CancellationToken): Promise<void> {
    const subject = this.subjects.get(test);
    if (subject === undefined) return;
    run.started(test);
    if (test.error !== undefined) {
      run.errored(test, new vscode.TestMessage(test.error));
      return;
    }
    if (!mayRun(subject.target, vscode.workspace.isTrusted)) {
      run.errored(test, new vscode.TestMessage('The folder must be trusted before its configuration is run.'));
      return;
    }
    const start = Date.now();
    try {
      const record = await this.checks.run(subject.target, token);
      tell(run, test, record, Date.now() - start);
    } catch (error) {
      if (!(error instanceof JobFailed)) throw error;
      if (error.problems.every(({ code }) => code === 'cancelled')) run.skipped(test);
      else run.errored(test, error.problems.map(({ what, next }) => new vscode.TestMessage(`${what} ${next}`)), Date.now() - start);
    }
  }
}

/** Tests that are asked for: without groups, each once. */
function testsOf({ include, exclude = [] }: vscode.TestRunRequest, controller: vscode.TestController): vscode.TestItem[] {
  const tests = new Set<vscode.TestItem>();
  const add = (item: vscode.TestItem): void => {
    if (exclude.includes(item)) return;
    if (item.children.size === 0) tests.add(item);
    else item.children.forEach(add);
  };
  if (include === undefined) controller.items.forEach(add);
  // Items are made anew when files change: a continuous run means those of the same name
  else for (const item of include) add(currentItem(controller.items, item.id) ?? item);
  return [...tests];
}

function currentItem(items: vscode.TestItemCollection, id: string): vscode.TestItem | undefined {
  let found = items.get(id);
  items.forEach((item) => { found ??= item.children.get(id); });
  return found;
}

function tell(run: vscode.TestRun, test: vscode.TestItem, { result: { report, view } }: CheckRecord, duration: number): void {
  run.appendOutput(outputOf(report).join('\r\n'), undefined, test);
  if (report.verdict === 'match') {
    run.passed(test, duration);
    return;
  }
  const [first] = report.first;
  const row = first === undefined ? undefined : view?.rows.find((one) => view.lineAxes.every((axis) => view.wordAxes.includes(axis) || one.place[axis] === first.coordinates[axis]));
  const message = view === undefined || row === undefined ? new vscode.TestMessage(checkSentence(report)) : vscode.TestMessage.diff(checkSentence(report), decodedLine(view, row, 'expected'), decodedLine(view, row, 'got'));
  const spot = first?.got.spot ?? first?.expected.spot;
  if (spot !== undefined) message.location = new vscode.Location(vscode.Uri.file(spot.file), rangeOf(spot));
  else if (test.uri !== undefined && test.range !== undefined) message.location = new vscode.Location(test.uri, test.range);
  if (report.verdict === 'mismatch') run.failed(test, message, duration);
  else run.errored(test, message, duration);
}

function outputOf({ name, what, compared, expected, dump, map, notes, causes }: CheckReport): string[] {
  return [`${name}: ${what}`, `  expected  ${expected}`, `  dump      ${dump}${map === '' ? '' : `: ${map}`}`, `  compared  ${compared} words`, ...notes.map((note) => `  note      ${note}`), ...groupCauses(causes).flatMap(({ cause, also }) => [`  cause     ${causeText(cause)}. Look at: ${cause.look}`, ...also.map((other) => `            ${alsoText(other)}`)]), ''];
}

function descriptionOf({ golden, layer }: CheckConfig): string {
  return layer === undefined ? [golden ?? []].flat().map((file) => path.basename(file)).join(', ') : `layer ${layer}`;
}

function goldensOf(file: string, { golden }: CheckConfig): string[] {
  return [golden ?? []].flat().map((one) => path.resolve(path.dirname(file), one));
}

/** Does a mistake stand in this check: from its name's line to that of the next one? */
function isWithin(line: number | undefined, own: number | undefined, next: number | undefined, isLast: boolean): boolean {
  return line !== undefined && own !== undefined && line >= own && (isLast || next === undefined || line < next || line === own);
}
