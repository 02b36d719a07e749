import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { writeNpy } from '../../src/model/npy';
import type { LayerConfig } from '../../src/project/schema';
import type { GenerateReport } from '../../src/protocol/report';
import { ROOT } from '../unit/support/fixtures';
import type { TestFolder } from '../unit/support/workspace';
import { configOf, removeTestFolders, testFolder, tinyLayer } from '../unit/support/workspace';
import { waitFor } from './support';

const EXTENSION = 'tilescope.tilescope';

const generate = (folder: TestFolder, entry?: string): Thenable<readonly GenerateReport[] | undefined> => vscode.commands.executeCommand('tilescope.generateVectors', { folder: folder.path, entry });

function exampleFolder(): TestFolder {
  const folder = testFolder();
  for (const name of ['tilescope.json', 'model.onnx', 'images.npy']) fs.copyFileSync(path.join(ROOT, 'examples/digits', name), folder.file(name));
  return folder;
}

/** The diagnostics of a file once there are some, or the empty list after a while. */
async function diagnosticsOf(file: string, enough = (found: vscode.Diagnostic[]): boolean => found.length > 0): Promise<vscode.Diagnostic[]> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = vscode.languages.getDiagnostics(vscode.Uri.file(file));
    if (enough(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return vscode.languages.getDiagnostics(vscode.Uri.file(file));
}

const ours = (found: vscode.Diagnostic[]): vscode.Diagnostic[] => found.filter(({ source }) => source === 'TileScope');

describe('VS Code: Generate Vectors', () => {
  after(removeTestFolders);

  it('is contributed by an extension that loads nothing heavy to activate', async () => {
    const extension = vscode.extensions.getExtension(EXTENSION);
    assert.ok(extension);
    await extension.activate();
    const commands = await vscode.commands.getCommands(true);
    const contributed = (extension.packageJSON as { contributes: { commands: { command: string }[] } }).contributes.commands;
    for (const { command } of contributed) assert.ok(commands.includes(command), command);
    assert.ok(!Object.keys(require.cache).some((file) => file.includes('onnxruntime')), 'onnxruntime is loaded in the extension host');
  });

  it('writes the same files as the command line', async () => {
    const folder = exampleFolder();
    const reports = await generate(folder, 'conv5');
    assert.deepEqual(reports?.map(({ entry }) => entry), ['conv5']);
    const byCommand = folder.files('golden');
    const other = exampleFolder();
    await promisify(execFile)(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'generate', 'conv5'], { cwd: other.path, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
    assert.deepEqual(byCommand, other.files('golden'));
    assert.equal(Object.keys(byCommand).length, 28);
  });

  it('uses the configuration as the editor has it, unsaved changes included', async () => {
    const folder = testFolder();
    configOf(folder, tinyLayer(folder));
    const document = await vscode.workspace.openTextDocument(folder.file('tilescope.json'));
    const editor = await vscode.window.showTextDocument(document);
    const at = document.getText().indexOf('"golden"');
    await editor.edit((edit) => {
      edit.replace(new vscode.Range(document.positionAt(at), document.positionAt(at + '"golden"'.length)), '"other"');
    });
    assert.ok(document.isDirty);
    await generate(folder);
    assert.ok(fs.existsSync(folder.file('other/out.txt')));
    assert.ok(!document.isDirty);
  });

  it('a failed run shows a diagnostic at the key that it depends on, and a good run clears it', async () => {
    const folder = testFolder();
    const layer: LayerConfig = { ...tinyLayer(folder), array: { rows: 2, cols: 2, psumBits: 4 } };
    configOf(folder, layer);
    assert.equal(await generate(folder), undefined);
    const [diagnostic] = ours(await diagnosticsOf(folder.file('tilescope.json')));
    assert.equal(diagnostic?.code, 'psum-overflow');
    assert.match(diagnostic.message, /8 of 8 psum values do not fit 4 bits.*Set array\.psumBits/);
    assert.match(folder.read('tilescope.json').split('\n')[diagnostic.range.start.line] ?? '', /"array"/);
    // It must stay: the check that goes with opening the document knows nothing of the run
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(ours(vscode.languages.getDiagnostics(vscode.Uri.file(folder.file('tilescope.json')))).length, 1);
    const document = await vscode.workspace.openTextDocument(folder.file('tilescope.json'));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), JSON.stringify({ layers: [{ ...layer, array: { rows: 2, cols: 2 } }] }));
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal((await generate(folder))?.length, 1);
    assert.deepEqual(ours(vscode.languages.getDiagnostics(document.uri)), []);
  });

  it('a broken configuration shows a diagnostic at its line: syntax, schema, and what no schema sees', async () => {
    const broken: [string, RegExp, number][] = [
      ['{\n  "layers": [\n}', /value expected|Value expected|not JSON/i, 2],
      ['{\n  "layers": [],\n  "profil": 1\n}', /profil/, 2],
      [`{\n  "layers": [\n    { "name": "a", "source": { "type": "codes",\n      "activation": "gone.npy", "weight": "gone.npy" }, "output": "o" }\n  ]\n}`, /gone\.npy, and there is no such file/, 3],
    ];
    for (const [text, message, line] of broken) {
      const folder = testFolder();
      folder.write('tilescope.json', text);
      await vscode.window.showTextDocument(vscode.Uri.file(folder.file('tilescope.json')));
      assert.equal(await generate(folder), undefined);
      const found = await diagnosticsOf(folder.file('tilescope.json'), (all) => all.some((one) => message.test(one.message)));
      const match = found.find((one) => message.test(one.message) && one.range.start.line === line);
      assert.ok(match, `${String(message)} at line ${line + 1} in ${found.map((one) => `${one.range.start.line + 1}: ${one.message}`).join(' | ')}`);
      assert.deepEqual(Object.keys(folder.files()), ['tilescope.json']);
    }
  });

  it('checks while typing what a schema cannot see', async () => {
    const folder = testFolder();
    configOf(folder, { ...tinyLayer(folder), output: '../outside' });
    await vscode.window.showTextDocument(vscode.Uri.file(folder.file('tilescope.json')));
    const [diagnostic] = ours(await diagnosticsOf(folder.file('tilescope.json'), (all) => ours(all).length > 0));
    assert.equal(diagnostic?.code, 'output-outside');
    assert.match(folder.read('tilescope.json').split('\n')[diagnostic.range.start.line] ?? '', /"output"/);
  });

  it('completes keys and words of tilescope.json from the contributed schema', async () => {
    const folder = testFolder();
    folder.write('tilescope.json', '{ "layers": [{ "array": { "overflow": "" } }] }');
    const uri = vscode.Uri.file(folder.file('tilescope.json'));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const position = document.positionAt(document.getText().indexOf('""') + 1);
    const labels = await waitFor(async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', uri, position);
      const found = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.some((label) => label.includes('saturate')) ? found : undefined;
    });
    assert.ok(labels, 'no completion of "overflow"');
  });

  it('the extension host carries no layer computation, no model reader, no inference, no proof and no lint: a large layer is computed elsewhere', async () => {
    const bundle = (name: string): string => fs.readFileSync(path.join(ROOT, 'dist', `${name}.js`), 'utf8');
    const elsewhere = { worker: ['computeLayer', 'ModelProtoSchema', 'captureLayer'], reader: ['inferShape', 'inferFolder', 'prove', 'computeConvention', 'lintText', 'lintSet'].map((name) => `function ${name}(`) };
    for (const [other, names] of Object.entries(elsewhere)) {
      for (const name of names) {
        assert.ok(!bundle('extension').includes(name), `dist/extension.js contains ${name}`);
        assert.ok(bundle(other).includes(name), `dist/${other}.js lacks ${name}`);
      }
    }
    const folder = testFolder();
    const activation = Int8Array.from({ length: 64 * 32 * 32 }, (_, i) => i % 16);
    const weight = Int8Array.from({ length: 64 * 64 * 9 }, (_, i) => (i % 15) - 7);
    folder.write('a.npy', writeNpy(activation, [64, 32, 32]));
    folder.write('w.npy', writeNpy(weight, [64, 64, 3, 3]));
    configOf(folder, { name: 'large', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, convolution: { padding: 1 }, profile: 'part1', select: { nij: 'all', o_nij: 'all' }, extras: [], output: 'golden' });
    const reports = await generate(folder);
    assert.equal(reports?.[0]?.set.files.length, 8 + 576 + 64 + 8 + 1);
  });
});
