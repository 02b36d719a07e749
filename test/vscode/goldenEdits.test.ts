import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { DecorationTypes } from '../../src/extension/golden/decorationTypes';
import { decorationWindow } from '../../src/extension/golden/decorationWindow';
import { drawWindow } from '../../src/extension/golden/decorations';
import { hintFor } from '../../src/extension/golden/largeFiles';
import { ROOT } from '../unit/support/fixtures';
import { ODD_FILES, PSUM, randomBytes } from '../unit/support/oddFiles';
import { removeTestFolders, testFolder } from '../unit/support/workspace';
import { documentsForTest, findingsOf, waitFor } from './support';

/** Nothing in them could be a word. */
const PLAIN = ['empty', 'one newline', 'newlines only', 'carriage returns only', 'the header alone', 'one long line'];

async function edit(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, range, text);
  assert.ok(await vscode.workspace.applyEdit(change));
}

/** A psum file of exactly so many bytes. */
function psumOfBytes(bytes: number): string {
  const header = '#time0col7[msb-lsb],....,time0col0[msb-lsb]#\n';
  const row = (line: number): string => Array.from({ length: 8 }, (_, word) => ((((line * 8 + word) * 7919) % 601) - 300 + 65536).toString(2).slice(-16)).join('');
  const rows = Array.from({ length: 601 }, (_, line) => row(line));
  const lines = Math.floor((bytes - header.length) / 129);
  const text = `${header}${Array.from({ length: lines }, (_, line) => rows[line % 601]!).join('\n')}\n`;
  return `${text}${'\n'.repeat(bytes - text.length)}`;
}

describe('VS Code: golden files that change, are odd, or are large', () => {
  after(removeTestFolders);

  it('an answer that comes after an edit is not the one that is given', async () => {
    const folder = testFolder();
    folder.write('psum.txt', PSUM);
    const document = await vscode.workspace.openTextDocument(folder.file('psum.txt'));
    const documents = documentsForTest();
    const asked = documents.of(document);
    await edit(document, new vscode.Range(0, 0, 3, 0), '');
    const golden = await asked;
    assert.equal(golden?.version, document.version);
    assert.equal(golden.reading.dataLine(0), 0);
    assert.equal(golden.reading.words(0)[0]?.value, -300);
  });

  it('an edit inside a word changes what it says at once; one that is no edit of words has the file read anew', async () => {
    const folder = testFolder();
    folder.write('psum.txt', PSUM);
    const document = await vscode.workspace.openTextDocument(folder.file('psum.txt'));
    const documents = documentsForTest();
    const before = (await documents.of(document))!;
    await edit(document, new vscode.Range(3, 0, 3, 16), '0000000000000111');
    const inside = (await documents.of(document))!;
    assert.equal(inside.reading.words(3)[0]?.value, 7);
    assert.equal(inside.reading.shape, before.reading.shape);
    await edit(document, new vscode.Range(5, 0, 6, 0), '');
    const shorter = (await documents.of(document))!;
    assert.equal(shorter.reading.shape.dataLines.length, 35);
    await edit(document, new vscode.Range(4, 0, 4, 128), 'free text');
    assert.equal((await documents.of(document))?.reading.dataLine(4), undefined);
  });

  it('a proof holds for the text on disk: an edited one keeps the layout only, and not when all of its words are others', async () => {
    const folder = testFolder();
    const zeros = Array.from({ length: 36 }, (_, nij) => Array.from({ length: 8 }, (__, row) => ((nij * 5 + row * 3) % 7).toString(2).padStart(4, '0')));
    folder.write('activation.txt', zeros.map((words) => words.join('')).join('\n'));
    const weights = Array.from({ length: 8 }, (_, col) => Array.from({ length: 8 }, (__, row) => ((col * 3 + row * 5) % 15) - 7));
    folder.write('weight.txt', weights.map((words) => words.map((value) => (value & 15).toString(2).padStart(4, '0')).join('')).join('\n'));
    // The first word of a line is row 7 or col 7
    const psum = zeros.map((words) => weights.map((_, word) => weights[word]!.reduce((sum, weight, at) => sum + weight * parseInt(words[at]!, 2), 0)).toReversed().map((sum) => (sum & 0xffff).toString(2).padStart(16, '0')).join(''));
    folder.write('psum.txt', psum.join('\n'));
    const documents = documentsForTest();
    const document = await vscode.workspace.openTextDocument(folder.file('activation.txt'));
    const before = (await documents.of(document))!;
    assert.ok(before.chosen.proven, before.chosen.evidence.join(' '));
    const claims = async (): Promise<[boolean, boolean, string]> => {
      const { chosen } = (await documents.of(document))!;
      return [chosen.proven, chosen.confidence === 1, [...chosen.evidence, ...chosen.contradictions].filter((says) => /reproduce|differ/.test(says)).join(' ')];
    };
    await edit(document, new vscode.Range(3, 0, 3, 4), '0111');
    assert.deepEqual(await claims(), [false, false, '']);
    assert.equal((await documents.of(document))!.reading.layout, before.reading.layout);
    await edit(document, new vscode.Range(3, 0, 4, 0), `${zeros[5]!.join('')}\n`);
    assert.deepEqual(await claims(), [false, false, '']);
    await edit(document, new vscode.Range(0, 0, 36, 0), Array.from({ length: 36 }, (_, line) => Array.from({ length: 8 }, (__, word) => (line * 31 + word * 7 + 0xa00).toString(16).padStart(4, '0')).join('')).join('\n'));
    assert.equal((await documents.of(document))?.reading.layout.spec.radix, 'hex');
    // The same, one line at a time: each edit is one inside a word
    const binary = await vscode.workspace.openTextDocument(folder.file('weight.txt'));
    assert.equal((await documents.of(binary))?.reading.layout.spec.radix, 'binary');
    for (let line = 0; line < 8; line++) await edit(binary, new vscode.Range(line, 0, line, 32), '0a1b'.repeat(8));
    assert.notEqual((await documents.of(binary))?.reading.layout.spec.radix, 'binary');
  });

  it('many edits while answers are on their way: each answer fits the text of its time', async () => {
    const folder = testFolder();
    folder.write('psum.txt', PSUM);
    const document = await vscode.workspace.openTextDocument(folder.file('psum.txt'));
    const documents = documentsForTest();
    const answers: Promise<void>[] = [];
    for (let i = 0; i < 12; i++) {
      answers.push(
        documents.of(document).then((golden) => {
          assert.equal(golden?.version, document.version);
          for (let line = 0; line < document.lineCount; line++) assert.equal(golden.reading.dataLine(line) !== undefined, /^[01]{128}$/.test(document.lineAt(line).text), `line ${line}`);
        }),
      );
      await edit(document, i % 3 === 0 ? new vscode.Range(4, 0, 5, 0) : new vscode.Range(4, 0, 4, 1), i % 3 === 0 ? '' : '1');
    }
    await Promise.all(answers);
  });

  it('odd contents are plain text or have a message', async () => {
    const folder = testFolder();
    const documents = documentsForTest();
    const contents = { ...ODD_FILES, ...Object.fromEntries([1, 2, 3, 4, 5].map((seed) => [`random ${seed}`, randomBytes(seed, 3000)])), ...Object.fromEntries([30, 90, 300, 2001].map((length) => [`cut after ${length}`, Buffer.from(PSUM.slice(0, length))])) };
    for (const [what, bytes] of Object.entries(contents)) {
      const file = folder.file(`psum_${what.replaceAll(/\W+/g, '_')}.txt`);
      fs.writeFileSync(file, bytes);
      const document = await vscode.workspace.openTextDocument(file).then((opened) => opened, (error: unknown) => error);
      // VS Code itself refuses some of them as binary
      if (document instanceof Error) continue;
      const golden = await documents.of(document as vscode.TextDocument);
      if (golden !== undefined) decorationWindow(golden, 0, Math.min(200, (document as vscode.TextDocument).lineCount - 1), true, 'right');
      if (PLAIN.includes(what)) assert.equal(golden, undefined, what);
    }
  });

  it('a folder named like a file, and a file that is deleted while it is open', async () => {
    const folder = testFolder();
    folder.write('x.txt/psum.txt', PSUM);
    folder.write('psum.txt', PSUM);
    const { document } = await vscode.window.showTextDocument(vscode.Uri.file(folder.file('psum.txt')));
    const documents = documentsForTest();
    await edit(document, new vscode.Range(3, 0, 3, 1), '0');
    assert.ok(await documents.of(document));
    fs.rmSync(folder.path, { recursive: true });
    assert.ok(await documents.of(document));
    await edit(document, new vscode.Range(3, 0, 4, 0), '');
    assert.equal((await documents.of(document))?.reading.shape.dataLines.length, 35);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('20 MB: read in slices, decorated where it is looked at, linted; the times are printed', async function () {
    this.timeout(120_000);
    const folder = testFolder();
    folder.write('psum.txt', psumOfBytes(20 * 2 ** 20));
    assert.equal(fs.statSync(folder.file('psum.txt')).size, 20 * 2 ** 20);
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(folder.file('psum.txt')));
    const documents = documentsForTest();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const start = performance.now();
    const golden = await documents.of(editor.document);
    const read = performance.now() - start;
    await new Promise((resolve) => setTimeout(resolve, 50));
    delay.disable();
    assert.ok(golden);
    assert.equal(golden.reading.words(150_000).length, 8);
    const types = new DecorationTypes();
    const times: number[] = [];
    for (let i = 0; i < 40; i++) {
      const first = i * 4000;
      const from = performance.now();
      const window = decorationWindow(golden, first, first + 170, true, 'left');
      drawWindow(editor, types, window);
      times.push(performance.now() - from);
      assert.ok(window.values.length > 165);
    }
    types.dispose();
    times.sort((a, b) => a - b);
    const figures = `20 MB: read in ${read.toFixed(0)} ms, the extension host blocked ${(delay.max / 1e6).toFixed(0)} ms at most; 170 lines decorated: median ${times[20]!.toFixed(1)} ms, worst ${times.at(-1)!.toFixed(1)} ms`;
    fs.mkdirSync(path.join(ROOT, 'out/results'), { recursive: true });
    fs.writeFileSync(path.join(ROOT, 'out/results/golden-large.txt'), `${figures}\n`);
    await edit(editor.document, new vscode.Range(150_000, 0, 150_000, 4), '0-11');
    const found = await waitFor(() => findingsOf(folder.file('psum.txt'), 'minus-sign')[0]);
    assert.equal(found?.range.start.line, 150_000);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('the hint for files that VS Code keeps from extensions names what reads them', () => {
    assert.match(hintFor('psum.txt', 55 * 2 ** 20), /^psum\.txt has 55 MB: .* TileScope's viewer of large files shows them: /);
  });
});
