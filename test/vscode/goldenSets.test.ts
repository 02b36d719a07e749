import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { GenerateReport } from '../../src/protocol/report';
import { ROOT } from '../unit/support/fixtures';
import type { TestFolder } from '../unit/support/workspace';
import { removeTestFolders, testFolder } from '../unit/support/workspace';
import { findingsOf, waitFor } from './support';

const PART = 'golden/conv5/golden/Part1';

/** A set inside the workspace, where changes on disk are seen. */
async function generated(): Promise<TestFolder> {
  const folder = testFolder();
  for (const name of ['tilescope.json', 'model.onnx', 'images.npy']) fs.copyFileSync(path.join(ROOT, 'examples/digits', name), folder.file(name));
  const reports = await vscode.commands.executeCommand<readonly GenerateReport[] | undefined>('tilescope.generateVectors', { folder: folder.path, entry: 'conv5' });
  assert.equal(reports?.length, 1);
  return folder;
}

async function show(file: string): Promise<vscode.TextDocument> {
  return (await vscode.window.showTextDocument(vscode.Uri.file(file))).document;
}

describe('VS Code: sets of golden files', () => {
  after(removeTestFolders);
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('a gap and a copy stand in Problems at their files, also those that are not open; closed, they go', async () => {
    const from = await generated();
    const folder = testFolder();
    for (const [name, kij] of [[0, 0], [1, 0], [3, 3], [4, 4], [5, 5]] as const) folder.write(`weight_kij${name}.txt`, from.read(`${PART}/weight_itile0_otile0_kij${kij}.txt`));
    folder.write('activation.txt', from.read(`${PART}/activation_tile0.txt`));
    await show(folder.file('activation.txt'));
    const copy = await waitFor(() => findingsOf(folder.file('weight_kij1.txt'), 'duplicate-content')[0]);
    assert.match(copy?.message ?? '', /same as that of weight_kij0\.txt/);
    assert.match(findingsOf(folder.file('weight_kij0.txt'), 'missing-member')[0]?.message ?? '', /lacks weight_kij2\.txt/);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.ok(await waitFor(() => findingsOf(folder.file('weight_kij1.txt'), 'duplicate-content').length === 0));
  });

  it('an edited file of a set is named, and generating again is offered', async () => {
    const folder = await generated();
    const file = `${PART}/weight_itile0_otile0_kij3.txt`;
    const text = folder.read(file);
    folder.write(file, text.replace(/\n([01])([01]{31})\n/, (_, bit: string, rest: string) => `\n${bit === '0' ? '1' : '0'}${rest}\n`));
    assert.notEqual(folder.read(file), text);
    const document = await show(folder.file(file));
    const finding = await waitFor(() => findingsOf(folder.file(file), 'edited-file')[0]);
    assert.ok(finding);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, finding.range);
    const action = actions.find(({ title }) => title === 'Generate Vectors (conv5)');
    assert.deepEqual(action?.command?.arguments, [{ folder: folder.path, entry: 'conv5' }]);
  });

  it('Find All References: the psums of a weight and of an activation, the outputs of a psum; the hover links to them', async () => {
    const folder = await generated();
    const uses = async (file: string, line: number, column: number): Promise<vscode.Location[]> => vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', (await show(folder.file(file))).uri, new vscode.Position(line, column));
    const ofWeight = await uses(`${PART}/weight_itile0_otile0_kij0.txt`, 4, 5);
    // The example's psum file holds kij 0
    assert.equal(ofWeight.length, 36);
    assert.ok(ofWeight.every(({ uri }) => uri.path.endsWith('psum.txt')));
    // col 1 of columns 7..0
    assert.ok(ofWeight.every(({ range }) => range.start.character === 96 && range.end.character === 112));
    const ofActivation = await uses(`${PART}/activation_tile0.txt`, 3 + 14, 0);
    assert.equal(new Set(ofActivation.map(({ range }) => range.start.line)).size, 1);
    assert.equal(ofActivation.length, 8);
    const ofPsum = await uses('golden/conv5/psum.txt', 3 + 14, 0);
    assert.ok(ofPsum.every(({ uri }) => /out(_raw)?\.txt$/.test(uri.path)) && ofPsum.length === 1, JSON.stringify(ofPsum));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', vscode.Uri.file(folder.file(`${PART}/activation_tile0.txt`)), new vscode.Position(3 + 14, 0));
    const text = hovers.flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value)).join('\n');
    assert.match(text, /\[All uses: 8 psum words\]\(command:tilescope\.allUses\?/);
  });
});
