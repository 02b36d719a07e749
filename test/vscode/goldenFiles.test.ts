import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { DecorationTypes } from '../../src/extension/golden/decorationTypes';
import { decorationWindow } from '../../src/extension/golden/decorationWindow';
import { drawWindow } from '../../src/extension/golden/decorations';
import type { GoldenDocument, GoldenDocuments } from '../../src/extension/golden/goldenDocuments';
import { encode } from '../../src/vectors/codec';
import { Layout } from '../../src/vectors/layout';
import type { GenerateReport } from '../../src/protocol/report';
import { ROOT } from '../unit/support/fixtures';
import type { TestFolder } from '../unit/support/workspace';
import { removeTestFolders, testFolder } from '../unit/support/workspace';
import { documentsForTest } from './support';

const WEIGHT = 'golden/conv5/golden/Part1/weight_itile0_otile0_kij3.txt';

/** The example's sets, generated. */
async function generated(entry: string): Promise<TestFolder> {
  const folder = testFolder();
  for (const name of ['tilescope.json', 'model.onnx', 'images.npy']) fs.copyFileSync(path.join(ROOT, 'examples/digits', name), folder.file(name));
  const reports = await vscode.commands.executeCommand<readonly GenerateReport[] | undefined>('tilescope.generateVectors', { folder: folder.path, entry });
  assert.equal(reports?.length, 1);
  return folder;
}

/** The same files as someone else would have them: in one folder and without a manifest. */
async function loose(entry: string): Promise<TestFolder> {
  const from = await generated(entry);
  const folder = testFolder();
  for (const [name, text] of Object.entries(from.files('golden'))) if (!name.includes('viz/') && name.endsWith('.txt')) folder.write(path.basename(name), text);
  return folder;
}

async function show(folder: TestFolder, name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(vscode.Uri.file(folder.file(name)));
}

async function hoverAt(document: vscode.TextDocument, line: number, column: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, new vscode.Position(line, column));
  return hovers.flatMap(({ contents }) => contents.map((part) => (part instanceof vscode.MarkdownString ? part.value : ''))).join('\n');
}

/** All kij of a 17x17 image: 2601 lines. */
function largePsum(folder: TestFolder): string {
  const layout = new Layout({ kind: 'psum', bits: 16, signed: true, radix: 'binary', lines: [{ axis: 'kij', start: 0, step: 1, count: 9 }, { axis: 'nij', start: 0, step: 1, count: 289 }], words: [{ axis: 'col', start: 7, step: -1, count: 8 }], fixed: {}, separator: '', trailing: '', header: ['#time0col7[msb-lsb],....,time0col0[msb-lsb]#', '#time1col7[msb-lsb]#', '#....#'], eol: '\n' });
  const data = Int32Array.from({ length: 9 * 289 * 8 }, (_, i) => ((i * 7919) % 601) - 300);
  folder.write('psum.txt', encode(layout, { strides: { kij: 289 * 8, nij: 8, col: 1 }, block: () => data }));
  return 'psum.txt';
}

async function golden(documents: GoldenDocuments, folder: TestFolder, name: string): Promise<GoldenDocument> {
  const found = await documents.of(await vscode.workspace.openTextDocument(folder.file(name)));
  assert.ok(found, `${name} was not recognised`);
  return found;
}

describe('VS Code: golden files', () => {
  after(removeTestFolders);

  it('a file that a manifest names is read as the manifest states', async () => {
    const folder = await generated('conv5');
    const { chosen, source, reading, siblings } = await golden(documentsForTest(), folder, WEIGHT);
    assert.equal(source, 'manifest');
    assert.equal(chosen.layout.spec.fixed.kij, 3);
    assert.deepEqual(reading.layout.spec.words[0], { axis: 'row', start: 7, step: -1, count: 8 });
    assert.equal(siblings.length, 26);
  });

  it('the hover of a weight: value, place, channels, bits', async () => {
    const folder = await generated('conv5');
    const { document } = await show(folder, WEIGHT);
    const text = await hoverAt(document, 4, 5);
    assert.match(text, /\*\*−?\d\*\* weight · kij 3 \(1,0\) · row 6 · col 1 · ic tile 0 · oc tile 0 · input ch 6 · output ch 1/);
    assert.match(text, /bits `[01]{4}` · hex `[0-9a-f]` · unsigned \d+ · signed −?\d/);
    // The step is wgt_alpha / 7; the example's README gives alpha as 2.567868
    const [, value, real, step] = /\*\*(−?\d)\*\*[^]*real value (−?[\d.]+) \(× ([\d.]+)\)/.exec(text)?.map((part) => part.replace('−', '-')) ?? [];
    assert.ok(Math.abs(Number(step) - 2.567868 / 7) < 1e-5, text);
    assert.ok(Math.abs(Number(real) - Number(value) * Number(step)) < 1e-5, text);
    assert.match(text, /stated: The manifest of its set \\\(conv5\\\) states the layout/);
    assert.equal(await hoverAt(document, 0, 5), '');
  });

  it('the hover of a psum: its products, with links to their words, agree with it', async () => {
    const folder = await generated('conv5');
    const documents = documentsForTest();
    const { reading } = await golden(documents, folder, 'golden/conv5/psum.txt');
    const line = reading.shape.dataLines.find((at) => (reading.words(at)[2]?.value ?? 0) < 0)!;
    const { document } = await show(folder, 'golden/conv5/psum.txt');
    const text = await hoverAt(document, line, 2 * 16 + 3);
    assert.match(text, /\*\*−\d+\*\* psum · kij 0 \(0,0\) · nij \d+ \(\d,\d\) · col 5/);
    const terms = [...text.matchAll(/\[\(?(−?\d+)\)?\]\([^)]*activation_tile0\.txt#L\d+[^)]*\)·\[\(?(−?\d+)\)?\]\([^)]*kij0\.txt#L\d+/g)];
    const number = (digits: string): number => Number(digits.replace('−', '-'));
    assert.equal(terms.length, 8, text);
    assert.equal(terms.reduce((sum, [, a, w]) => sum + number(a!) * number(w!), 0), reading.words(line)[2]!.value);
    assert.doesNotMatch(text, /the file holds/);
  });

  it('the hover of an output after ReLU: its nine contributions and what was cut', async () => {
    const folder = await generated('conv5');
    const documents = documentsForTest();
    const { reading, set, member } = await golden(documents, folder, 'golden/conv5/golden/Part1/out.txt');
    const raw = set.rawOf(member)!;
    assert.match(raw.name, /out_raw\.txt$/);
    const values = raw.reading.values();
    const at = values.findIndex((value) => value < 0);
    const { document } = await show(folder, 'golden/conv5/golden/Part1/out.txt');
    const text = await hoverAt(document, reading.shape.dataLines[Math.floor(at / 8)]!, (at % 8) * 16);
    assert.match(text, /\*\*0\*\* out · o_nij \d+ \(\d,\d\) · col \d · oc tile 0 · ch \d/);
    assert.match(text, /the sum of 9 psums/);
    assert.equal([...text.matchAll(/kij \d \(\d,\d\) /g)].length, 9);
    assert.match(text, new RegExp(`Cut by ReLU: \\[−${-values[at]!}\\]\\(.*out_raw\\.txt#L`));
  });

  it('a padding pixel is called one', async () => {
    const folder = await generated('conv5');
    const { document } = await show(folder, 'golden/conv5/golden/Part1/activation_tile0.txt');
    assert.match(await hoverAt(document, 3, 0), /nij 0 \(0,0\).*padding pixel/);
    assert.doesNotMatch(await hoverAt(document, 3 + 7, 0), /padding pixel/);
  });

  it('without a manifest the folder proves itself, and the hover says so', async () => {
    const folder = await loose('conv5');
    const found = await golden(documentsForTest(), folder, 'weight_itile0_otile0_kij3.txt');
    assert.equal(found.source, 'inference');
    assert.ok(found.chosen.proven, found.chosen.evidence.join(' '));
    const { document } = await show(folder, 'psum.txt');
    const text = await hoverAt(document, 3 + 14, 20);
    assert.match(text, /psum · kij 0 \(0,0\) · nij 14 \(2,2\)/);
    assert.match(text, /proven: /);
    assert.match(text, /= .*·/);
  });

  it('a wrong psum word is named against what the files beside give', async () => {
    const folder = await loose('conv5');
    const lines = folder.read('psum.txt').split('\n');
    lines[20] = `0001000000000000${lines[20]!.slice(16)}`;
    folder.write('psum.txt', lines.join('\n'));
    const { document } = await show(folder, 'psum.txt');
    assert.match(await hoverAt(document, 20, 3), /The activations and weights beside give \*\*−?\d+\*\*, the file holds 4096/);
  });

  it('ordinary text files stay as they are', async () => {
    const folder = testFolder();
    const texts: Record<string, string> = {
      'notes.txt': 'Some notes\nabout 42 things\n',
      'numbers.txt': '1\n2\n3\n4\n5\n',
      'table.txt': '12 15 18\n22 -5 7\n9 9 9\n1 2 3\n',
      'requirements.txt': 'numpy==1.26\ntorch\n',
      'empty.txt': '',
      'phone.txt': '0123456789\n0987654321\n0123412341\n0981230981\n',
      'words.txt': 'face\ncafe\nbead\ndeaf\nfade\n',
    };
    for (const [name, text] of Object.entries(texts)) {
      folder.write(name, text);
      const document = await vscode.workspace.openTextDocument(folder.file(name));
      assert.equal(await documentsForTest().of(document), undefined, name);
      assert.equal(await hoverAt(document, 0, 0), '', name);
    }
  });

  it('folding and symbols are the kij blocks', async () => {
    const folder = testFolder();
    const { document } = await show(folder, largePsum(folder));
    const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', document.uri);
    assert.deepEqual(ranges.filter(({ end, start }) => end - start === 288).map(({ start }) => start), Array.from({ length: 9 }, (_, kij) => 3 + kij * 289));
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri);
    assert.deepEqual(symbols.map(({ name }) => name).slice(0, 5), ['kij 0 (0,0)', 'kij 1 (0,1)', 'kij 2 (0,2)', 'kij 3 (1,0)', 'kij 4 (1,1)']);
  });

  it('Go to Coordinate selects the word, in the file of the set that holds it', async () => {
    const folder = testFolder();
    const editor = await show(folder, largePsum(folder));
    await vscode.commands.executeCommand('tilescope.goToCoordinate', 'kij 4 nij 14 col 6');
    assert.deepEqual([editor.selection.start.line, editor.selection.start.character, editor.selection.end.character], [3 + 4 * 289 + 14, 16, 32]);
    await vscode.commands.executeCommand('tilescope.goToCoordinate', 'k5');
    assert.deepEqual([editor.selection.start.line, editor.selection.start.character], [3 + 5 * 289 + 14, 16]);
    const set = await generated('conv5');
    await show(set, WEIGHT);
    await vscode.commands.executeCommand('tilescope.goToCoordinate', 'kij 7 row 2 col 1');
    const there = vscode.window.activeTextEditor!;
    assert.match(there.document.uri.path, /weight_itile0_otile0_kij7\.txt$/);
    assert.deepEqual([there.selection.start.line, there.selection.start.character], [4, 20]);
  });

  it('CodeLens: the set of the file, regenerate, go to coordinate', async () => {
    const folder = await generated('conv5');
    const { document } = await show(folder, WEIGHT);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10);
    const titles = lenses.map(({ command }) => command?.title);
    assert.deepEqual(titles, ['$(files)\u00a01 activation, 8 weights, 1 psum, 2 outputs, 1 address list', '$(refresh)\u00a0Regenerate', '$(target)\u00a0Go to Coordinate', '$(circuit-board)\u00a0Inspect']);
    assert.deepEqual(lenses[1]?.command?.arguments, [{ folder: folder.path, entry: 'conv5' }]);
  });

  it('decorations: values in columns, tints, cut outputs; malformed words are bordered', async () => {
    const folder = await loose('conv5');
    const documents = documentsForTest();
    const out = decorationWindow(await golden(documents, folder, 'out.txt'), 0, 20, true, 'right');
    assert.equal(out.legend?.text.replaceAll('\u00a0', ' '), '8 x int16 · out · cols 7..0 · (0) cut by ReLU');
    assert.equal(out.values.length, 16);
    assert.match(out.values[0]!.text, /^o_nij\u00a00/);
    assert.ok(out.cut.length > 0);
    assert.ok(out.tints.get('positiveStrong')!.length > 0);
    const lines = folder.read('weight_itile0_otile0_kij3.txt').split('\n');
    lines[5] = `0-01${lines[5]!.slice(4)}`;
    folder.write('weight_itile0_otile0_kij3.txt', lines.join('\n'));
    const weight = decorationWindow(await golden(documentsForTest(), folder, 'weight_itile0_otile0_kij3.txt'), 0, 20, true, 'right');
    assert.deepEqual(weight.tints.get('defect'), [{ line: 5, from: 0, to: 4 }]);
    assert.equal(new Set(weight.values.map(({ text }) => text.split('\u00a0').length > 8)).size, 1);
  });

  it('the time that a visible range of a 2601-line psum file takes', async () => {
    const folder = testFolder();
    const editor = await show(folder, largePsum(folder));
    const started = performance.now();
    const found = await golden(documentsForTest(), folder, 'psum.txt');
    const inferred = performance.now() - started;
    const types = new DecorationTypes();
    const times: number[] = [];
    for (let first = 0; first < 2400; first += 100) {
      const start = performance.now();
      drawWindow(editor, types, decorationWindow(found, first, first + 170, true, 'left'));
      times.push(performance.now() - start);
    }
    types.dispose();
    times.sort((a, b) => a - b);
    const figures = `170 lines x 8 words with tint: median ${times[12]!.toFixed(1)} ms, worst ${times.at(-1)!.toFixed(1)} ms; reading the file the first time ${inferred.toFixed(0)} ms`;
    fs.mkdirSync(path.join(ROOT, 'out/results'), { recursive: true });
    fs.writeFileSync(path.join(ROOT, 'out/results/golden-decorations.txt'), `${figures}\n`);
    console.log(figures);
  });
});
