import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import * as vscode from 'vscode';
import type { CheckApi } from '../../src/extension/check/index';
import type { InspectApi } from '../../src/extension/inspect/index';
import { linkTo } from '../../src/extension/inspect/links';
import type { InspectorPanel } from '../../src/extension/inspect/panel';
import type { HostMessage, PanelState } from '../../src/protocol/panel';
import { isHostMessage } from '../../src/protocol/panelGuards';
import { writeNpy } from '../../src/model/npy';
import { ROOT } from '../unit/support/fixtures';
import { waitFor } from './support';

const SELECTION = { icTile: 0, ocTile: 0, kij: 4, nij: 7, row: 0, col: 2, oNij: 0 };

async function api(): Promise<CheckApi & InspectApi> {
  const extension = vscode.extensions.getExtension<CheckApi & InspectApi>('tilescope.tilescope');
  assert.ok(extension);
  return extension.activate();
}

/** A layer of small codes: 8 to 8 channels, 3x3 kernel, 4x4 image. */
function writeLayer(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'a.npy'), writeNpy(Int8Array.from({ length: 8 * 16 }, (_, i) => (i * 7) % 13), [8, 4, 4]));
  fs.writeFileSync(path.join(folder, 'w.npy'), writeNpy(Int8Array.from({ length: 8 * 8 * 9 }, (_, i) => ((i * 5) % 15) - 7), [8, 8, 3, 3]));
  const layer = { name: 'small', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, convolution: { padding: 1 }, array: { rows: 8, cols: 8 }, profile: 'golden-part1', extras: [], output: 'golden' };
  const checks = [{ name: 'psum dump', layer: 'small', kind: 'psum', dump: 'psum_rtl.txt' }];
  fs.writeFileSync(path.join(folder, 'tilescope.json'), JSON.stringify({ layers: [layer], checks }, null, 2));
  execFileSync(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'generate', 'small'], { cwd: folder, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
}

describe('VS Code: inspector', () => {
  const root = (): string => vscode.workspace.workspaceFolders![0]!.uri.fsPath;
  const folder = (): string => path.join(root(), 'inspected');
  const config = (): string => path.join(folder(), 'tilescope.json');
  const psum = (): string => path.join(folder(), 'golden', 'psum.txt');

  before(() => { writeLayer(folder()); });
  after(() => { fs.rmSync(folder(), { recursive: true, force: true }); });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const { inspectors } = await api();
    assert.ok(await waitFor(() => inspectors.all.length === 0), 'a closed panel is still kept');
  });

  /** Everything that a panel's page is told. */
  function listening(panel: InspectorPanel): HostMessage[] {
    const told: HostMessage[] = [];
    panel.onDidPost((message) => {
      assert.ok(isHostMessage(message));
      told.push(message);
    });
    return told;
  }

  async function opened(argument: unknown = { config: config(), layer: 'small' }): Promise<{ panel: InspectorPanel; told: HostMessage[] }> {
    await vscode.commands.executeCommand('tilescope.openInspector', argument);
    const panel = (await api()).inspectors.all[0]!;
    const told = listening(panel);
    // The page may be slower than this, or have said it already: saying it again does no harm
    await panel.session.receive({ type: 'ready' });
    assert.ok(await waitFor(() => told.some(({ type }) => type === 'opened')), JSON.stringify(told).slice(0, 500));
    return { panel, told };
  }

  const last = <T extends HostMessage['type']>(told: readonly HostMessage[], type: T): Extract<HostMessage, { type: T }> | undefined => told.filter((message): message is Extract<HostMessage, { type: T }> => message.type === type).at(-1);

  it('the command opens one panel a layer, with its name, and shows it again', async () => {
    const { panel, told } = await opened();
    assert.deepEqual([panel.panel.title, panel.panel.viewType, panel.isComputing], ['small · inspector', 'tilescope.inspector', true]);
    const message = last(told, 'opened')!;
    assert.deepEqual([message.layer.name, message.layer.conv.kijCount, message.dumps.map(({ name }) => name)], ['small', 9, ['psum dump']]);
    assert.equal(message.layer.from, 'Layer small of inspected/tilescope.json.');
    assert.ok(!JSON.stringify(told).includes(root()), 'the page is told no absolute path');
    await vscode.commands.executeCommand('tilescope.openInspector', { config: config(), layer: 'small' });
    assert.deepEqual((await api()).inspectors.all, [panel]);
    await vscode.commands.executeCommand('tilescope.openInspector', vscode.Uri.file(config()));
    assert.deepEqual((await api()).inspectors.all, [panel], 'the only layer of a configuration needs no choice');
    await vscode.commands.executeCommand('tilescope.openInspector', vscode.Uri.file(psum()));
    assert.deepEqual((await api()).inspectors.all.map(({ panel: { title } }) => title), ['small · inspector', 'golden · inspector']);
  });

  it('the page runs under a policy without inline scripts, and sees only its own files', async () => {
    const { panel } = await opened();
    const { html, options } = panel.panel.webview;
    assert.match(html, /default-src 'none'; script-src 'nonce-[\w-]{32}'/);
    assert.ok(!html.includes('small') && !html.includes(folder()));
    assert.deepEqual(options.localResourceRoots?.map(({ path: where }) => where.endsWith('/dist/webview')), [true]);
    assert.deepEqual([options.enableScripts, options.enableCommandUris, panel.panel.options.retainContextWhenHidden ?? false], [true, false, false]);
  });

  it('a value leads to its word in the golden file, beside the inspector', async () => {
    const { panel } = await opened();
    await panel.session.receive({ type: 'reveal', kind: 'psum', coordinates: { icTile: 0, ocTile: 0, kij: 0, nij: 7, col: 2 }, side: 'golden' });
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.fsPath === psum());
    assert.ok(editor);
    assert.notEqual(editor.viewColumn, panel.panel.viewColumn);
    assert.equal(panel.panel.visible, true);
    assert.equal(editor.document.getText(editor.selection).length, 16);
    // 3 header lines; columns 7..0
    assert.deepEqual([editor.selection.start.line, editor.selection.start.character], [3 + 7, 5 * 16]);
  });

  it('the cursor in a golden file leads to its value while the inspector follows', async () => {
    const { panel, told } = await opened();
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(psum()), { viewColumn: vscode.ViewColumn.Beside });
    const move = async (line: number): Promise<unknown> => {
      editor.selection = new vscode.Selection(line, 17, line, 17);
      return waitFor(() => last(told, 'select')?.coordinates.nij === line - 3);
    };
    assert.ok(await move(3 + 9));
    assert.deepEqual(last(told, 'select'), { type: 'select', kind: 'psum', coordinates: { icTile: 0, ocTile: 0, kij: 0, nij: 9, col: 6 } });
    await panel.session.receive({ type: 'follow', on: false });
    // The page itself may still be asking for what it shows
    const selects = (): number => told.filter(({ type }) => type === 'select').length;
    const before = selects();
    editor.selection = new vscode.Selection(20, 0, 20, 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(selects(), before);
    await panel.session.receive({ type: 'follow', on: true });
    assert.ok(await move(3 + 11));
  });

  it('files that change open it anew, with the dump still there to choose', async () => {
    const { panel, told } = await opened();
    const count = (): number => told.filter(({ type }) => type === 'opened').length;
    const before = count();
    fs.writeFileSync(path.join(folder(), 'w.npy'), writeNpy(Int8Array.from({ length: 8 * 8 * 9 }, () => 1), [8, 8, 3, 3]));
    assert.ok(await waitFor(() => count() > before), 'not opened anew');
    await panel.session.receive({ type: 'ask', id: 900, question: { type: 'tile', icTile: 0, ocTile: 0 } });
    // The page asks as well
    const answer = told.find((message): message is Extract<HostMessage, { type: 'answer' }> => message.type === 'answer' && message.id === 900)!;
    assert.ok(answer.answer.type === 'tile' && answer.answer.weights.every((weight) => weight === 1));
    writeLayer(folder());
    assert.ok(await waitFor(() => count() > before + 1), 'not opened anew again');
  });

  it('a configuration that is typed, and not saved, opens the layer as it is typed', async () => {
    // In a browser VS Code saves by itself
    const settings = vscode.workspace.getConfiguration('files');
    await settings.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
    const { told } = await opened();
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(config()), { viewColumn: vscode.ViewColumn.Beside });
    const { document } = editor;
    const replace = async (from: string, to: string): Promise<void> => {
      const at = document.getText().indexOf(from);
      assert.ok(at >= 0);
      assert.ok(await editor.edit((edit) => { edit.replace(new vscode.Range(document.positionAt(at), document.positionAt(at + from.length)), to); }));
    };
    const before = told.filter(({ type }) => type === 'opening').length;
    // Half a text is no layer
    await replace('"layers": [', '"layers": ');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(told.filter(({ type }) => type === 'opening').length, before);
    await replace('"layers": ', '"layers": [');
    await replace('"cols": 8', '"cols": 4');
    assert.ok(await waitFor(() => last(told, 'opened')?.layer.tiling.ocTiles === 2));
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await settings.update('autoSave', undefined, vscode.ConfigurationTarget.Global);
  });

  it('a check of the layer offers its dump, and a mismatch leads into the inspector', async () => {
    const text = fs.readFileSync(psum(), 'utf8').split('\n');
    const line = 3 + 7;
    const flipped = `${text[line]!.slice(0, 15)}${text[line]![15] === '0' ? '1' : '0'}${text[line]!.slice(16)}`;
    fs.writeFileSync(path.join(folder(), 'psum_rtl.txt'), text.with(line, flipped).join('\n'));
    await vscode.commands.executeCommand('tilescope.checkDump', { golden: [psum()], dump: [path.join(folder(), 'psum_rtl.txt')] });
    const { checks } = await api();
    const record = checks.all.find(({ result }) => result.inputs.includes(psum()))!;
    assert.equal(record.result.report.differing, 1);
    await vscode.workspace.openTextDocument(path.join(folder(), 'psum_rtl.txt'));
    // VS Code offers what belongs to a diagnostic a moment after it has the diagnostic
    let action: vscode.CodeAction | undefined;
    for (const end = Date.now() + 20_000; action === undefined && Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', vscode.Uri.file(path.join(folder(), 'psum_rtl.txt')), new vscode.Range(line, 0, line, 1));
      action = actions.find(({ title }) => title === 'Show in Inspector');
    }
    assert.ok(action, 'not offered');
    const { panel, told } = await opened(action.command!.arguments![0]);
    const select = (await waitFor(() => last(told, 'select')))!;
    assert.deepEqual([select.kind, select.coordinates['kij'], select.coordinates['nij'], select.coordinates['col'], select.dump], ['psum', 0, 7, 7, record.key]);
    await panel.session.receive({ type: 'ask', id: 901, question: { type: 'compare', dump: select.dump! } });
    const compared = (await waitFor(() => told.find((message) => (message.type === 'answer' || message.type === 'refused') && message.id === 901)))!;
    assert.ok(compared.type === 'answer' && compared.answer.type === 'compared' && compared.answer.dump?.differing === 1, JSON.stringify(compared));
    fs.rmSync(path.join(folder(), 'psum_rtl.txt'));
  });

  it('restored after a reload, a panel shows what it did; one whose subject is forgotten says what can be done', async () => {
    const { panel } = await opened();
    const { inspectors } = await api();
    const state: PanelState = { subject: panel.id, selection: SELECTION, side: 'golden', view: 'tile', dataflow: 'weight-stationary', cycle: 3, follow: false };
    panel.panel.dispose();
    assert.ok(await waitFor(() => inspectors.all.length === 0));
    for (const [kept, title] of [[state, 'small · inspector'], [{ ...state, subject: 'gone' }, 'inspector'], [{ ...state, cycle: 'x' }, undefined], ['<script>', undefined]] as const) {
      const restored = vscode.window.createWebviewPanel('tilescope.inspector', 'old', vscode.ViewColumn.One);
      await inspectors.deserializeWebviewPanel(restored, kept);
      if (title === undefined) continue;
      const made = inspectors.all.find(({ panel: own }) => own === restored)!;
      assert.equal(made.panel.title, title);
      const told = listening(made);
      await made.session.receive({ type: 'ready' });
      const message = await waitFor(() => told.find(({ type }) => type === 'opened' || type === 'empty'));
      if (message?.type === 'opened') assert.deepEqual([message.subject, message.follow], [panel.id, false]);
      else assert.deepEqual(message, { type: 'empty', actions: ['chooseLayer', 'newLayer', 'openExample'] });
    }
  });

  it('closed in the middle of a computation, it leaves no thread', async () => {
    const { panel, told } = await opened();
    const asked = panel.session.receive({ type: 'ask', id: 902, question: { type: 'widths' } });
    panel.panel.dispose();
    await asked;
    assert.equal(panel.isComputing, false);
    const before = told.length;
    await panel.session.receive({ type: 'ready' });
    assert.deepEqual([panel.isComputing, told.length], [false, before]);
  });

  it('whatever a page says does no harm', async () => {
    const { panel, told } = await opened();
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).length;
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), fc.record({ type: fc.constantFrom('ask', 'reveal', 'save', 'selected', 'open', 'action'), id: fc.anything(), question: fc.anything(), action: fc.anything(), data: fc.anything() })), async (message) => { await panel.session.receive(message); }),
      { seed: 12, numRuns: 500 },
    );
    await panel.session.receive({ type: 'reveal', kind: 'psum', coordinates: { kij: -5, nij: 10 ** 12 }, side: 'dump' });
    await panel.session.receive({ type: 'ask', id: 903, question: { type: 'psums', icTile: 10 ** 9, ocTile: 0, kij: 0, nijFrom: 0, nijCount: 10 ** 15 } });
    assert.ok(told.some((message) => message.type === 'refused' && message.id === 903));
    assert.equal(vscode.window.tabGroups.all.flatMap((group) => group.tabs).length, tabs);
    // The files that an earlier test put back may have it opened anew meanwhile: what is asked then is given up, and a page asks again
    const isAnswered = (): boolean => told.some((message) => message.type === 'answer' && message.id >= 904);
    for (let id = 904; id < 924 && !isAnswered(); id++) {
      await panel.session.receive({ type: 'ask', id, question: { type: 'tile', icTile: 0, ocTile: 0 } });
      if (!isAnswered()) await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.ok(isAnswered(), JSON.stringify(told.filter((message) => 'id' in message && message.id >= 904)));
  });

  it('a link opens what it was made of, and another one nothing', async () => {
    const made = linkTo({ type: 'layer', file: config(), layer: 'small' }, SELECTION);
    const link = 'uri' in made ? made.uri : assert.fail(made.problem);
    assert.match(link.toString(true), /^[\w-]+:\/\/tilescope\.tilescope\/inspect\?path=inspected%2Ftilescope\.json&layer=small&icTile=0/);
    const { inspectors, openLink } = await api();
    await openLink(vscode.Uri.parse(link.toString()));
    const [panel] = inspectors.all;
    assert.equal(panel?.panel.title, 'small · inspector');
    const told = listening(panel);
    await panel.session.receive({ type: 'ready' });
    const message = (await waitFor(() => last(told, 'opened')))!;
    assert.deepEqual([message.layer.name, message.state?.selection], ['small', SELECTION]);
    panel.panel.dispose();
    assert.ok(await waitFor(() => inspectors.all.length === 0));
    for (const query of ['path=../secret', `path=${encodeURIComponent(config())}&layer=small`, 'path=nowhere&layer=small', 'path=inspected/a.npy&layer=small', 'path=inspected/a.npy', '']) await openLink({ path: '/inspect', query });
    await openLink({ path: '/run', query: 'path=inspected' });
    assert.equal(inspectors.all.length, 0);
  });

  it('links to it stand in hovers, above golden files and above layers', async () => {
    const uri = vscode.Uri.file(psum());
    await vscode.window.showTextDocument(uri);
    const hovers = (await waitFor(async () => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, new vscode.Position(12, 17));
      return found.length > 0 && found;
    }))!;
    const text = hovers.flatMap(({ contents }) => contents).map((content) => (content instanceof vscode.MarkdownString ? content.value : '')).join('\n');
    const [argument] = JSON.parse(decodeURIComponent(/command:tilescope\.openInspector\?([^)]*)\)/.exec(text)![1]!)) as [unknown];
    assert.deepEqual(argument, { golden: psum(), kind: 'psum', coordinates: { icTile: 0, ocTile: 0, kij: 0, nij: 9, col: 6 } });
    const titles = async (file: string): Promise<vscode.CodeLens[]> => (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', vscode.Uri.file(file), 20)).filter(({ command }) => command?.title.endsWith('Inspect') === true);
    assert.deepEqual((await titles(psum())).map(({ command }) => [command?.title, command?.arguments]), [['$(circuit-board)\u00a0Inspect', [{ golden: psum() }]]]);
    await vscode.workspace.openTextDocument(config());
    assert.deepEqual((await titles(config())).map(({ range, command }) => [range.start.line, command?.arguments]), [[3, [{ config: config(), layer: 'small' }]]]);
  });
});
