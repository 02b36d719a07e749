import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestFolder } from '../unit/support/workspace';
import { removeTestFolders, testFolder } from '../unit/support/workspace';

const HEADER = '#time0row7[msb-lsb],time0row6[msb-lst],....,time0row0[msb-lst]#\n#time1row7[msb-lsb],time1row6[msb-lst],....,time1row0[msb-lst]#\n#................#\n';

/** 36 lines of 8 unsigned 4-bit words. */
const CLEAN = Array.from({ length: 36 }, (_, t) => Array.from({ length: 8 }, (__, row) => ((t * 5 + row * 3) % 16).toString(2).padStart(4, '0')).join(''));

async function opened(folder: TestFolder, lines: readonly string[], end = '\n'): Promise<vscode.TextDocument> {
  folder.write('activation.txt', HEADER + lines.join('\n') + end);
  const { document } = await vscode.window.showTextDocument(vscode.Uri.file(folder.file('activation.txt')));
  return document;
}

async function findings(document: vscode.TextDocument, wanted: (found: vscode.Diagnostic[]) => boolean): Promise<vscode.Diagnostic[]> {
  const ours = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'TileScope');
  for (let attempt = 0; attempt < 100 && !wanted(ours()); attempt++) await new Promise((resolve) => setTimeout(resolve, 100));
  return ours();
}

const ruleOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

describe('VS Code: lint of golden files', () => {
  after(removeTestFolders);

  it('a malformed word has a squiggle at its place, with the rule and its page', async () => {
    const lines = [...CLEAN];
    lines[7] = `0-11${lines[7]?.slice(4) ?? ''}`;
    const [finding] = await findings(await opened(testFolder(), lines), (found) => found.length > 0);
    assert.ok(finding);
    assert.equal(ruleOf(finding), 'minus-sign');
    assert.equal(finding.range.start.line, 3 + 7);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    assert.match(typeof finding.code === 'object' ? finding.code.target.toString() : '', /docs\/lint\.md#minus-sign$/);
  });

  it('a repair that changes no value is offered, and the finding goes', async () => {
    const document = await opened(testFolder(), CLEAN, '');
    const [finding] = await findings(document, (found) => found.some((one) => ruleOf(one) === 'no-final-newline'));
    assert.ok(finding);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, finding.range);
    const fix = actions.find(({ title }) => title === 'Add the final line end');
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.ok(document.getText().endsWith('\n'));
    assert.deepEqual(await findings(document, (found) => found.length === 0), []);
  });

  it('says nothing of a clean file', async () => {
    const document = await opened(testFolder(), CLEAN);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual((await findings(document, () => true)).map(({ message }) => message), []);
  });
});
