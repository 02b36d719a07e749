import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { writeNpy } from '../../src/model/npy';
import { Window, exampleFolder } from '../host/window';
import type { Workbench } from '../host/workbench';
import { ROOT } from '../unit/support/fixtures';
import { configOf, testFolder } from '../unit/support/workspace';

/** The command as a user runs it: palette, quick picks, notifications, in the installed extension. */
describe('VS Code window: Generate Vectors', function () {
  this.timeout(120_000);
  let window: Window;

  before(async () => {
    window = await Window.start();
  });

  after(() => window.stop());

  /** Answers the input box with this prompt: the one before it may still be closing. */
  async function answer(workbench: Workbench, prompt: string, text: string): Promise<void> {
    await workbench.page.locator('.quick-input-widget', { hasText: prompt }).waitFor();
    await workbench.type(text);
  }

  it('with a configuration: palette, pick the entry, files equal the command line\'s', async () => {
    const folder = exampleFolder('tilescope.json', 'model.onnx', 'images.npy');
    const workbench = await window.open(folder.path, 'tilescope.json');
    await workbench.runCommand('TileScope: Generate Vectors');
    assert.deepEqual((await workbench.choices()).map((label) => label.trim()), ['conv5', 'conv3', 'conv4', 'All 3 layers']);
    await workbench.screenshot('generate-pick');
    await workbench.pick('conv5');
    await workbench.waitForNotification('conv5: 28 files (28 written) in golden/conv5. Self-check passed.');
    await workbench.screenshot('generate-done');
    const other = exampleFolder('tilescope.json', 'model.onnx', 'images.npy');
    execFileSync(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'generate', 'conv5'], { cwd: other.path });
    assert.deepEqual(folder.files('golden'), other.files('golden'));
  });

  it('without a configuration: asks step by step, shows why a layer cannot be mapped, generates, and offers to save', async () => {
    const folder = exampleFolder('model.onnx', 'images.npy');
    const workbench = await window.open(folder.path);
    await workbench.runCommand('TileScope: Generate Vectors');
    await workbench.pick('ONNX model');
    await workbench.pick('model.onnx');
    await workbench.page.getByPlaceholder('The layer to map').waitFor();
    await workbench.screenshot('wizard-layer');
    await workbench.pick('features.13');
    await workbench.pick('images.npy');
    await answer(workbench, 'Index of the sample', '0');
    await workbench.page.getByPlaceholder('The files to write').waitFor();
    await workbench.screenshot('wizard-profile');
    await workbench.pick('golden-part1');
    await answer(workbench, 'Rows and columns of the array', '8, 8');
    await answer(workbench, 'Output folder', 'vectors/conv5');
    const done = await workbench.waitForNotification('Self-check passed.');
    assert.ok(fs.existsSync(folder.file('vectors/conv5/golden/Part1/out.txt')));
    await done.getByRole('button', { name: 'Save tilescope.json' }).click();
    await workbench.page.locator('.tab', { hasText: 'tilescope.json' }).waitFor();
    const saved = JSON.parse(folder.read('tilescope.json')) as { layers: { name: string; source: object; profile: string }[] };
    assert.deepEqual(saved.layers[0]?.source, { type: 'onnx', model: 'model.onnx', layer: 'features.13', input: 'images.npy', sample: 0 });
    const before = folder.files('vectors');
    await workbench.runCommand('TileScope: Generate Vectors');
    await workbench.waitForNotification('unchanged');
    assert.deepEqual(folder.files('vectors'), before);
  });

  it('in an empty folder: offers the digits example and generates from its copy', async () => {
    const folder = testFolder();
    const workbench = await window.open(folder.path);
    await workbench.runCommand('TileScope: Generate Vectors');
    await workbench.pick('Try the digits example');
    await workbench.pick('conv4');
    await workbench.waitForNotification('Self-check passed.');
    assert.ok(fs.existsSync(folder.file('tilescope-digits/golden/conv4/out.txt')));
  });

  it('cancelled half-way it leaves nothing', async () => {
    const folder = testFolder();
    folder.write('a.npy', writeNpy(Int8Array.from({ length: 128 * 64 * 64 }, (_, i) => i % 16), [128, 64, 64]));
    folder.write('w.npy', writeNpy(Int8Array.from({ length: 128 * 128 * 9 }, (_, i) => (i % 15) - 7), [128, 128, 3, 3]));
    configOf(folder, { name: 'large', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, convolution: { padding: 1 }, array: { rows: 8, cols: 8, psumBits: 24 }, profile: 'part1', select: { nij: 'all', o_nij: 'all' }, output: 'golden' });
    const workbench = await window.open(folder.path);
    await workbench.runCommand('TileScope: Generate Vectors');
    const notification = await workbench.waitForNotification('writing files');
    assert.ok(fs.existsSync(folder.file('.golden.tilescope-new')), 'nothing was being written yet');
    await workbench.screenshot('generate-progress');
    await notification.getByRole('button', { name: 'Cancel' }).click();
    await workbench.statusBarItem('TileScope: cancelled, nothing of this set was written.');
    assert.deepEqual(Object.keys(folder.files()).sort(), ['a.npy', 'tilescope.json', 'w.npy']);
  });

  it('a broken configuration: the message leads to the line, and Problems has it', async () => {
    const folder = testFolder();
    folder.write('tilescope.json', '{\n  "layers": [\n    { "name": "a", "source": { "type": "codes", "activation": "gone.npy", "weight": "w.npy" }, "output": "golden" }\n  ]\n}\n');
    const workbench = await window.open(folder.path);
    await workbench.runCommand('TileScope: Generate Vectors');
    const message = await workbench.waitForNotification('gone.npy, and there is no such file');
    await message.getByRole('button', { name: 'Go to Line' }).click();
    await workbench.statusBarItem(/Ln 3, Col \d+/);
    const rows = await workbench.problems('gone.npy');
    assert.ok(rows.some((row) => row.includes('TileScope')), rows.join('\n'));
    await workbench.screenshot('broken-configuration');
  });
});
