import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CheckApi } from '../../src/extension/check/index';
import type { CheckReport } from '../../src/protocol/checkReport';
import { ROOT } from '../unit/support/fixtures';
import type { TestFolder } from '../unit/support/workspace';
import { removeTestFolders, testFolder } from '../unit/support/workspace';
import { waitFor } from './support';

const SOURCE = path.join(ROOT, 'test/fixtures/check');

async function api(): Promise<CheckApi> {
  const extension = vscode.extensions.getExtension<CheckApi>('tilescope.tilescope');
  assert.ok(extension);
  return extension.activate();
}

function fixtureFolder(): TestFolder {
  const folder = testFolder();
  fs.cpSync(SOURCE, folder.path, { recursive: true });
  return folder;
}

const check = (folder: TestFolder, dump: string): Thenable<CheckReport | undefined> => vscode.commands.executeCommand('tilescope.checkDump', { golden: [folder.file('psum.txt')], dump: [folder.file(dump)] });

const marked = (file: string): vscode.Diagnostic[] => vscode.languages.getDiagnostics(vscode.Uri.file(file)).filter(({ source, code }) => source === 'TileScope' && typeof code === 'object' && ['address-shift', 'mismatch', 'corrupt-word'].includes(String(code.value)));

function sides(): readonly [vscode.TextDocument, vscode.TextDocument] | undefined {
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (!(input instanceof vscode.TabInputTextDiff)) return undefined;
  const found = [input.original, input.modified].map((uri) => vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString()));
  return found[0] === undefined || found[1] === undefined ? undefined : [found[0], found[1]];
}

describe('VS Code: cross-check', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(removeTestFolders);

  it('the command gives the report of the command line, and marks the words on both sides', async () => {
    const folder = fixtureFolder();
    const report = await check(folder, 'sim/psum.memh');
    assert.deepEqual([report?.verdict, report?.differing, report?.causes[0]?.id], ['mismatch', 1422, 'address-shift']);
    const [dump, golden] = [marked(folder.file('sim/psum.memh')), marked(folder.file('psum.txt'))];
    assert.deepEqual([dump.length, golden.length], [100, 100]);
    assert.match(dump[0]!.message, /^expected 0, got a word never written at kij 0, nij 0, col 7\. First of 1422 words that differ, 100 of them marked\. Cause: every entry stands 1 address too high/);
    assert.deepEqual([dump[0]!.range.start.line, dump[0]!.severity, golden[0]!.severity], [1, vscode.DiagnosticSeverity.Error, vscode.DiagnosticSeverity.Information]);
    const { code } = dump[0]!;
    assert.ok(typeof code === 'object' && code.target.path.endsWith('docs/causes.md'));
    assert.equal(dump[0]!.relatedInformation?.[0]?.location.uri.fsPath, folder.file('psum.txt'));
  });

  it('a match marks nothing, and what was marked goes when the dump matches or changes', async () => {
    const folder = fixtureFolder();
    await check(folder, 'sim/psum.memh');
    const file = folder.file('sim/psum.memh');
    assert.equal(marked(file).length, 100);
    fs.copyFileSync(folder.file('sim/psum_good.memh'), file);
    assert.equal((await check(folder, 'sim/psum.memh'))?.verdict, 'match');
    assert.equal(marked(file).length + marked(folder.file('psum.txt')).length, 0);
    folder.write('sim/psum.memh', fs.readFileSync(path.join(SOURCE, 'sim/psum.memh')));
    assert.equal((await check(folder, 'sim/psum.memh'))?.verdict, 'mismatch');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(marked(file).length, 100, 'the event of a change before the check made it old');
    fs.appendFileSync(file, '\n');
    assert.ok(await waitFor(() => marked(file).length === 0), 'still marked');
    const { checks } = await api();
    assert.ok(checks.all.some(({ stale, result }) => stale && result.inputs.includes(file)));
  });

  it('nothing compared is no success: the report says why', async () => {
    const folder = fixtureFolder();
    const report = await check(folder, 'sim/gone.memh');
    assert.equal(report?.verdict, 'cannot-compare');
    assert.match(report.what, /gone\.memh does not exist/);
  });

  it('the diff has both sides decoded line beside line, opens at the first mismatch, and steps', async () => {
    const folder = fixtureFolder();
    await check(folder, 'sim/psum.memh');
    const { checks } = await api();
    const key = checks.all.find(({ result }) => result.inputs.includes(folder.file('psum.txt')))!.key;
    await vscode.commands.executeCommand('tilescope.showCheckDiff', key);
    const [golden, dump] = (await waitFor(sides))!;
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, 'psum.txt ↔ psum.memh · 1422 of 2592 differ');
    assert.equal(golden.lineCount, dump.lineCount);
    assert.match(dump.lineAt(0).text, /^cause: every entry stands 1 address too high.* · 1422 of 2592 differ$/);
    assert.match(golden.lineAt(9).text, /^kij 0 · nij {2}7 \(1,1\) │ {2}−17 {3}−9 {2}−29/);
    assert.match(dump.lineAt(10).text, /^kij 0 · nij {2}8 \(1,2\) │ {2}−17 {3}−9 {2}−29/);
    const editor = (await waitFor(() => vscode.window.activeTextEditor?.document === dump && vscode.window.activeTextEditor))!;
    assert.ok(await waitFor(() => editor.selection.start.line === 2));
    await vscode.commands.executeCommand('tilescope.nextMismatch');
    assert.deepEqual([editor.selection.start.line, dump.getText(editor.selection)], [2, '·']);
    assert.ok(editor.selection.active.isEqual(editor.selection.start), 'the caret stands in the word, for a hover at the caret');
    const [atCaret] = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', dump.uri, editor.selection.active);
    assert.ok(atCaret?.range?.contains(editor.selection));
    await new Promise((resolve) => setTimeout(resolve, 600));
    await vscode.commands.executeCommand('tilescope.previousMismatch');
    await vscode.commands.executeCommand('tilescope.previousMismatch');
    assert.ok(editor.selection.start.line > 300, 'round to the last');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', dump.uri, new vscode.Position(9, dump.lineAt(9).text.indexOf('│') + 5));
    const text = hovers.flatMap(({ contents }) => contents).map((content) => (content instanceof vscode.MarkdownString ? content.value : '')).join('\n');
    assert.match(text, /\*\*expected −17, got 0\*\* psum · kij 0 \(0,0\) · nij 7 \(1,1\) · col 7/);
    assert.match(text, /expected `1111 1111 1110 1111`/);
    assert.match(text, /golden psum\.txt:11\]\(file:.*#L11(?:%2C|,)1/);
  });

  it('a diff that is open shows the counts of the latest run in its title, in its place', async () => {
    const folder = fixtureFolder();
    await check(folder, 'sim/psum.memh');
    const { checks } = await api();
    const key = checks.all.find(({ result }) => result.inputs.includes(folder.file('psum.txt')))!.key;
    await vscode.commands.executeCommand('tilescope.showCheckDiff', key);
    await waitFor(sides);
    fs.copyFileSync(folder.file('sim/psum_good.memh'), folder.file('sim/psum.memh'));
    await check(folder, 'sim/psum.memh');
    const labels = (): string[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    assert.ok(await waitFor(() => labels().includes('psum.txt ↔ psum.memh · all 2592 words match')), labels().join());
    assert.deepEqual(labels().filter((label) => label.startsWith('psum.txt ↔')).length, 1);
  });

  it('a waveform: the command asks for its signal, clock and valid signal, and compares what is sampled', async () => {
    const folder = fixtureFolder();
    const lines = fs.readFileSync(folder.file('psum.txt'), 'latin1').split('\n').filter((line) => /^[01]+$/.test(line));
    // Between two psums the bus holds rubbish while it is not valid
    const body = lines.map((line, i) => [`#${20 * i}`, '0!', '1"', `b${line} #`, `#${20 * i + 5}`, '1!', `#${20 * i + 10}`, '0!', '0"', 'b1 #', `#${20 * i + 15}`, '1!'].join('\n'));
    folder.write('sim/wave.vcd', `$scope module tb $end\n$var wire 1 ! clk $end\n$var wire 1 " valid $end\n$var wire 128 # psum [127:0] $end\n$upscope $end\n$enddefinitions $end\n${body.join('\n')}\n`);
    const asked: string[] = [];
    const answers = ['psum', 'clk', 'valid'];
    const { showInputBox } = vscode.window;
    const answering = (options?: vscode.InputBoxOptions): Thenable<string | undefined> => {
      asked.push(options?.prompt ?? '');
      return Promise.resolve(answers[asked.length - 1]);
    };
    Object.assign(vscode.window, { showInputBox: answering });
    try {
      const report = await check(folder, 'sim/wave.vcd');
      assert.equal(asked.length, 3, asked.join());
      assert.deepEqual([report?.verdict, report?.compared], ['match', 2592]);
    } finally {
      Object.assign(vscode.window, { showInputBox });
    }
  });

  it('steps through the raw files too', async () => {
    const folder = fixtureFolder();
    await check(folder, 'sim/psum.memh');
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(folder.file('sim/psum.memh')));
    editor.selection = new vscode.Selection(2, 0, 2, 0);
    await vscode.commands.executeCommand('tilescope.nextMismatch');
    assert.equal(editor.selection.start.line, 8);
    assert.equal(editor.document.getText(editor.selection).length, 4);
  });

  it('the report is a document whose places are links', async () => {
    const folder = fixtureFolder();
    await check(folder, 'sim/psum.memh');
    const { checks } = await api();
    await vscode.commands.executeCommand('tilescope.showCheckReport', checks.all[0]!.key);
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.scheme, 'tilescope-report');
    assert.match(document.getText(), /## Causes\n\n1\. Every entry stands 1 address too high/);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri, 5);
    assert.match(links[0]?.target?.toString() ?? '', /psum\.memh#L2/);
  });

  describe('as tests', () => {
    const root = (): string => vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    const folder = (): string => path.join(root(), 'checked');

    beforeEach(async () => {
      fs.cpSync(SOURCE, folder(), { recursive: true });
      const checks = [
        { name: 'shifted', golden: 'psum.txt', dump: 'sim/psum.memh' },
        { name: 'good', golden: 'psum.txt', dump: 'sim/psum_good.memh' },
        { name: 'not there', golden: 'psum.txt', dump: 'sim/gone.memh' },
        { name: 'mistaken', dump: 'sim/psum.memh' },
      ];
      fs.writeFileSync(path.join(folder(), 'tilescope.json'), JSON.stringify({ layers: [], checks }, null, 2));
      fs.mkdirSync(path.join(root(), 'loose'), { recursive: true });
      fs.copyFileSync(path.join(SOURCE, 'psum.txt'), path.join(root(), 'loose/psum.txt'));
      fs.copyFileSync(path.join(SOURCE, 'sim/psum.memh'), path.join(root(), 'loose/psum_rtl.memh'));
      await (await api()).tests.find(true);
    });

    afterEach(() => {
      for (const name of ['checked', 'loose']) fs.rmSync(path.join(root(), name), { recursive: true, force: true });
    });

    async function items(): Promise<Map<string, vscode.TestItem>> {
      const found = new Map<string, vscode.TestItem>();
      const { controller } = (await api()).tests;
      controller.items.forEach((item) => {
        if (item.id.includes(`${path.sep}checked`) || item.id.includes(`${path.sep}loose`)) item.children.forEach((child) => found.set(child.label, child));
      });
      return found;
    }

    it('there is one for each check at its line, an errored one for a mistake, and one for a dump that nobody configured', async () => {
      const found = await items();
      assert.deepEqual([...found.keys()].sort(), ['good', 'mistaken', 'not there', 'psum.txt ↔ psum_rtl.memh', 'shifted']);
      assert.equal(found.get('shifted')!.range?.start.line, 4);
      const { error } = found.get('mistaken')!;
      assert.match(typeof error === 'string' ? error : (error?.value ?? ''), /nothing to compare with/);
      assert.equal(found.get('shifted')!.error, undefined);
    });

    const isOf = (name: string) => ({ target, result }: CheckApi['checks']['all'][number]): boolean => result.report.name === name && target.type === 'configured' && target.file.startsWith(folder());

    it('a continuous run makes a test again when its dump changes, that one only, until it is stopped', async () => {
      const { checks, tests } = await api();
      const found = await items();
      const stop = new vscode.CancellationTokenSource();
      const runs: string[] = [];
      const following = checks.onDidReport((record) => {
        if (!record.stale && (isOf('shifted')(record) || isOf('good')(record))) runs.push(`${record.result.report.name} ${record.result.report.verdict}`);
      });
      try {
        await tests.run(new vscode.TestRunRequest([found.get('shifted')!, found.get('good')!], undefined, undefined, true), stop.token);
        fs.copyFileSync(path.join(SOURCE, 'sim/psum_good.memh'), path.join(folder(), 'sim/psum.memh'));
        assert.ok(await waitFor(() => runs.includes('shifted match')), runs.join());
        assert.ok(!runs.some((run) => run.startsWith('good')), runs.join());
        stop.cancel();
        runs.length = 0;
        fs.copyFileSync(path.join(SOURCE, 'sim/psum.memh'), path.join(folder(), 'sim/psum.memh'));
        await new Promise((resolve) => setTimeout(resolve, 2500));
        assert.deepEqual(runs, [], 'it was stopped');
      } finally {
        stop.cancel();
        following.dispose();
        stop.dispose();
      }
    });

    it('a run that is cancelled makes no further test', async () => {
      const { checks, tests } = await api();
      const found = await items();
      const stop = new vscode.CancellationTokenSource();
      const runs: string[] = [];
      const following = checks.onDidReport((record) => {
        if (record.stale || !(isOf('shifted')(record) || isOf('good')(record))) return;
        runs.push(record.result.report.name);
        stop.cancel();
      });
      try {
        await tests.run(new vscode.TestRunRequest([found.get('shifted')!, found.get('good')!]), stop.token);
        assert.deepEqual(runs, ['shifted']);
        const before = new vscode.CancellationTokenSource();
        before.cancel();
        await tests.run(new vscode.TestRunRequest([found.get('good')!]), before.token);
        assert.deepEqual(runs, ['shifted']);
      } finally {
        following.dispose();
        stop.dispose();
      }
    });

    it('run, each has the outcome of its check', async () => {
      await vscode.commands.executeCommand('testing.runAll');
      const { checks } = await api();
      const outcome = (name: string): string | undefined => checks.all.find(({ target, result }) => result.report.name === name && (target.type !== 'configured' || target.file.startsWith(folder())))?.result.report.verdict;
      const expected = { shifted: 'mismatch', good: 'match', 'not there': 'cannot-compare', mistaken: undefined, 'psum.txt ↔ psum_rtl.memh': 'mismatch' };
      assert.ok(await waitFor(() => Object.entries(expected).every(([name, verdict]) => outcome(name) === verdict)), JSON.stringify(Object.keys(expected).map((name) => [name, outcome(name)])));
    });
  });
});
