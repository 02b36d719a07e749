import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../src/engine/problem';
import { writeNpy } from '../../../src/model/npy';
import { generate } from '../../../src/project/generate';
import type { Manifest } from '../../../src/project/manifest';
import { MANIFEST_FILE, sha256 } from '../../../src/project/manifest';
import type { LayerConfig } from '../../../src/project/schema';
import type { GenerateReport } from '../../../src/protocol/report';
import { NOTEBOOK_CASES, fixture, int32 } from '../support/fixtures';
import type { TestFolder } from '../support/workspace';
import { ORT_SCRIPT, entryOf, notebookLayer, removeTestFolders, testFolder, tinyLayer } from '../support/workspace';

const run = (folder: TestFolder, layer: LayerConfig, options: object = {}): Promise<GenerateReport> => generate(entryOf(folder, layer), { ortScript: ORT_SCRIPT, ...options });

/** Runs a layer that must fail, and leaves nothing behind. */
async function fails(folder: TestFolder, layer: LayerConfig, code: string, what: RegExp, line?: RegExp): Promise<void> {
  const before = folder.files();
  await assert.rejects(run(folder, layer), (error) => {
    assert.ok(error instanceof Problem, String(error));
    assert.equal(error.code, code, error.format());
    assert.match(error.what, what);
    assert.notEqual(error.next, '');
    if (line !== undefined) {
      assert.match(error.place.file ?? '', /tilescope\.json$/);
      assert.match(fs.readFileSync(folder.file('tilescope.json'), 'utf8').split('\n')[(error.place.line ?? 0) - 1] ?? '', line, error.format());
    }
    return true;
  });
  const after = folder.files();
  delete before['tilescope.json'];
  delete after['tilescope.json'];
  assert.deepEqual(after, before, 'something was left behind');
}

describe('generate', () => {
  after(removeTestFolders);

  for (const [profile, name] of Object.entries(NOTEBOOK_CASES)) {
    it(`${profile}: from float tensors and alphas to the notebook's files, byte for byte`, async () => {
      const folder = testFolder();
      const report = await run(folder, notebookLayer(name, profile));
      const { [MANIFEST_FILE]: manifest, ...written } = folder.files('golden');
      assert.ok(manifest);
      const golden = fs.readdirSync(fixture('oracle', name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.txt')).map((entry) => path.join(entry.parentPath, entry.name));
      assert.equal(Object.keys(written).length, golden.length);
      for (const file of golden) assert.equal(written[path.relative(fixture('oracle', name), file).split(path.sep).join('/')], fs.readFileSync(file, 'latin1'), file);
      assert.equal(report.selfCheck.outputs, int32('oracle', name, 'out_raw_int.npy').length);
      // float32 codes of magnitude 100 are off by some 1e-6; one wrong code would be off by a step, 0.1
      assert.ok((report.selfCheck.error?.mean ?? 1) < 5e-6, String(report.selfCheck.error?.mean));
    });
  }

  it('the manifest names every file, its layout and the inputs by content', async () => {
    const folder = testFolder();
    await run(folder, tinyLayer(folder));
    const manifest = JSON.parse(folder.read(`golden/${MANIFEST_FILE}`)) as Manifest;
    for (const { path: name, sha256: digest, bytes } of manifest.files) {
      const content = fs.readFileSync(folder.file('golden', name));
      assert.deepEqual([digest, bytes], [sha256(content), content.length]);
    }
    assert.deepEqual(manifest.files.map((file) => file.path).concat(MANIFEST_FILE).sort(), Object.keys(folder.files('golden')).sort());
    assert.deepEqual(manifest.inputs.map(({ path: name, sha256: digest }) => [name, digest]), ['a.npy', 'w.npy'].map((name) => [name, sha256(fs.readFileSync(folder.file(name)))]));
    assert.deepEqual(manifest.files[0]?.layout.words, [{ axis: 'row', start: 1, step: -1, count: 2 }]);
  });

  it('takes one sample of a batch', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    folder.write('a.npy', writeNpy(Int8Array.from({ length: 24 }, (_, i) => i % 16), [3, 2, 2, 2]));
    await run(folder, { ...layer, source: { type: 'codes', activation: 'a.npy', weight: 'w.npy', sample: 1 } });
    // sample 1 holds 8..15: line 0 is pixel 0 of channel 1 (12), then of channel 0 (8)
    assert.equal(folder.read('golden/activation_tile0.txt').split('\n')[0], '11001000');
  });

  it('codes with alphas put their real steps into the manifest; without, no error is claimed', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    assert.equal((await run(folder, layer)).selfCheck.error, undefined);
    const steps = (): unknown => (JSON.parse(folder.read(`golden/${MANIFEST_FILE}`)) as Manifest).steps;
    assert.equal(steps(), undefined);
    await run(folder, { ...layer, quantization: { actAlpha: 3, wgtAlpha: 1.75 } });
    assert.deepEqual(steps(), { activation: 0.2, weight: 0.25 });
  });

  it('a reference that the outputs miss is found, and nothing is written', async () => {
    const folder = testFolder();
    const layer = notebookLayer('nb001_8x8_4x4_a8', 'golden-part1');
    const { error } = (await run(folder, layer)).selfCheck;
    assert.ok(error !== undefined && !error.cut && error.mean < error.step / 1000);
    const saturated = await run(folder, { ...layer, array: { rows: 8, cols: 8, psumBits: 6, overflow: 'saturate' } });
    assert.ok(saturated.selfCheck.error?.cut);
    assert.ok(saturated.warnings.some((warning) => /psum values did not fit 6 bits and were saturated/.test(warning)));
  });

  it('keeps unchanged files as they are and replaces the others', async () => {
    const folder = testFolder();
    await run(folder, tinyLayer(folder));
    const old = new Date(2020, 1, 1);
    for (const name of Object.keys(folder.files('golden'))) fs.utimesSync(folder.file('golden', name), old, old);
    const time = (name: string): number => fs.statSync(folder.file('golden', name)).mtimeMs;
    const same = await run(folder, tinyLayer(folder));
    assert.ok(same.set.files.every(({ status }) => status === 'unchanged'));
    assert.equal(time('out.txt'), old.getTime());
    const changed = await run(folder, tinyLayer(folder, [9, 2, 3, 4, 5, 6, 7, 8]));
    const written = changed.set.files.filter(({ status }) => status === 'written').map((file) => file.path);
    assert.deepEqual(written, ['activation_tile0.txt', 'out.txt', MANIFEST_FILE]);
    assert.equal(time('weight_itile0_otile0_kij0.txt'), old.getTime());
    assert.notEqual(time('out.txt'), old.getTime());
  });

  it('removes files of the set before, keeps the user\'s own, and says what was edited', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    await run(folder, { ...layer, extras: ['decimal', 'address'] });
    folder.write('golden/notes.txt', 'mine');
    folder.write('golden/viz/mine.txt', 'mine too');
    fs.symlinkSync('notes.txt', folder.file('golden/link'));
    folder.write('golden/out.txt', 'edited');
    await fails(folder, layer, 'output-foreign', /out\.txt was edited since TileScope wrote it/, /"output"/);
    const report = await run(folder, layer, { overwrite: true });
    assert.deepEqual(report.set.edited, ['out.txt']);
    assert.ok(report.set.removed.includes('acc_address.txt') && report.set.removed.includes('viz/viz_out.txt'));
    assert.match(report.warnings.join(), /1 edited file was regenerated: out\.txt/);
    assert.deepEqual(Object.keys(folder.files('golden')), ['activation_tile0.txt', 'link', 'notes.txt', 'out.txt', MANIFEST_FILE, 'viz/mine.txt', 'weight_itile0_otile0_kij0.txt']);
    assert.equal(folder.read('golden/notes.txt'), 'mine');
  });

  it('keeps an edited file that leaves the set, empty folders, whole foreign folders and the folder\'s mode', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    await run(folder, { ...layer, extras: ['address'] });
    folder.write('golden/acc_address.txt', 'my notes');
    fs.mkdirSync(folder.file('golden/empty/inner'), { recursive: true });
    folder.write('golden/mine/deep/file.txt', 'deep');
    fs.chmodSync(folder.file('golden'), 0o775);
    const report = await run(folder, tinyLayer(folder, [8, 7, 6, 5, 4, 3, 2, 1]));
    assert.deepEqual([report.set.adopted, report.set.removed], [['acc_address.txt'], []]);
    assert.match(report.warnings.join(), /1 edited file that no longer belong to the set stay: acc_address\.txt/);
    assert.equal(folder.read('golden/acc_address.txt'), 'my notes');
    assert.equal(folder.read('golden/mine/deep/file.txt'), 'deep');
    assert.ok(fs.existsSync(folder.file('golden/empty/inner')));
    assert.equal(fs.statSync(folder.file('golden')).mode & 0o777, 0o775);
  });

  it('does not take a folder that holds its inputs, the configuration or a repository', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    fs.mkdirSync(folder.file('src'));
    for (const name of ['a.npy', 'w.npy']) fs.renameSync(folder.file(name), folder.file('src', name));
    const moved: LayerConfig = { ...layer, source: { type: 'codes', activation: 'src/a.npy', weight: 'src/w.npy' } };
    await fails(folder, { ...moved, output: 'src' }, 'output-unsafe', /contains src\/a\.npy, which the set is made from/, /"output"/);
    fs.mkdirSync(folder.file('repo/.git'), { recursive: true });
    await fails(folder, { ...moved, output: 'repo' }, 'output-unsafe', /git repository/, /"output"/);
    await fails(folder, { ...moved, output: '.git' }, 'output-unsafe', /git repository/, /"output"/);
    fs.symlinkSync('nowhere', folder.file('dangling'));
    await fails(folder, { ...moved, output: 'dangling' }, 'output-unsafe', /symbolic link on the way leads nowhere/, /"output"/);
    fs.symlinkSync('loop', folder.file('loop'));
    await fails(folder, { ...moved, output: 'loop/x' }, 'output-unsafe', /lead in a circle/, /"output"/);
  });

  it('does not replace files that it did not write, unless told to', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    folder.write('golden/out.txt', 'made by another tool');
    await fails(folder, layer, 'output-foreign', /golden\/out\.txt exists with other content/);
    await run(folder, layer, { overwrite: true });
    assert.notEqual(folder.read('golden/out.txt'), 'made by another tool');
  });

  it('adopts files of the same content', async () => {
    const folder = testFolder();
    await run(folder, tinyLayer(folder));
    fs.rmSync(folder.file('golden', MANIFEST_FILE));
    const report = await run(folder, tinyLayer(folder));
    assert.equal(report.set.files.filter(({ status }) => status === 'written').length, 1);
  });

  describe('bad input: a coded error with its place and next step, and nothing written', () => {
    const bytes = (values: number[], shape: number[]): Uint8Array => writeNpy(Float32Array.from(values), shape);
    const float = (folder: TestFolder): LayerConfig => ({ ...tinyLayer(folder), source: { type: 'float', activation: 'a.npy', weight: 'w.npy' }, quantization: { actAlpha: 1, wgtAlpha: 1 } });

    it('missing .npy', async () => {
      const folder = testFolder();
      const layer = tinyLayer(folder);
      fs.rmSync(folder.file('w.npy'));
      await fails(folder, layer, 'npy-read', /w\.npy/, /"weight"/);
    });
    it('truncated .npy', async () => {
      const folder = testFolder();
      const layer = tinyLayer(folder);
      folder.write('a.npy', writeNpy(Int8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), [2, 2, 2]).subarray(0, -3));
      await fails(folder, layer, 'npy-truncated', /needs 8 bytes of data; the file has 5/, /"activation"/);
    });
    it('wrong dtype', async () => {
      const folder = testFolder();
      const layer = tinyLayer(folder);
      folder.write('a.npy', bytes([0.5, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]));
      await fails(folder, layer, 'npy-dtype', /not a whole number/, /"activation"/);
      const floats = float(folder);
      await fails(folder, floats, 'npy-dtype', /float tensor is needed here; the file holds int8/, /"activation"/);
    });
    it('wrong shapes', async () => {
      const folder = testFolder();
      const layer = tinyLayer(folder);
      folder.write('a.npy', writeNpy(Int8Array.from([1, 2, 3, 4]), [2, 2]));
      await fails(folder, layer, 'npy-shape', /shape \[2,2\]/, /"activation"/);
      folder.write('a.npy', writeNpy(Int8Array.from([1, 2, 3, 4]), [1, 2, 2]));
      await fails(folder, layer, 'npy-shape', /take 2 input channels.*has 1/, /"weight"/);
      folder.write('w.npy', writeNpy(Int8Array.from([1, 2, 3, 4]), [2, 2]));
      await fails(folder, layer, 'npy-shape', /shape \[2,2\]/, /"weight"/);
      await fails(folder, { ...tinyLayer(folder), source: { type: 'codes', activation: 'a.npy', weight: 'w.npy', sample: 2 } }, 'npy-shape', /shape \[2,2,2\]/, /"sample"/);
    });
    it('a kernel larger than the image', async () => {
      const folder = testFolder();
      const layer = tinyLayer(folder);
      folder.write('w.npy', writeNpy(new Int8Array(2 * 2 * 9).fill(1), [2, 2, 3, 3]));
      await fails(folder, layer, 'shape', /kernel reaches over 3 pixels/);
    });
    it('NaN', async () => {
      const folder = testFolder();
      const layer = float(folder);
      folder.write('a.npy', bytes([0, 1, NaN, 0, 0, 0, 0, 0], [2, 2, 2]));
      folder.write('w.npy', bytes([1, 2, 3, 4], [2, 2, 1, 1]));
      await fails(folder, layer, 'not-finite', /a\.npy: The activation tensor holds NaN at flat index 2/, /"activation"/);
    });
    it('codes that do not fit, and the three ways to treat them', async () => {
      const folder = testFolder();
      const layer = tinyLayer(folder, [-3, 2, 3, 4, 5, 6, 7, 100]);
      await fails(folder, layer, 'code-range', /2 of 8 activation codes do not fit 4 unsigned bits \(they span -3 to 100\); the first is -3 at \[0, 0, 0\].*does not follow a ReLU/, /"source"/);
      const first = (): string | undefined => folder.read('golden/activation_tile0.txt').split('\n')[0];
      const wrapped = await run(folder, { ...layer, quantization: { outOfRange: 'wrap' } });
      assert.equal(first(), '01011101');
      assert.match(wrapped.warnings.join(), /2 of 8 activation codes.*wrapped/);
      await run(folder, { ...layer, quantization: { outOfRange: 'saturate' } });
      assert.equal(first(), '01010000');
    });
    it('psums that overflow, and the other two policies', async () => {
      const folder = testFolder();
      const layer = { ...tinyLayer(folder), array: { rows: 2, cols: 2, psumBits: 4 } };
      await fails(folder, layer, 'psum-overflow', /psum values do not fit 4 bits; the first is -9 at ic tile 0, oc tile 0, col 0/, /"array"/);
      const wrapped = await run(folder, { ...layer, array: { ...layer.array, overflow: 'wrap' } });
      assert.match(wrapped.warnings.join(), /psum values did not fit 4 bits and were wrapped/);
      await run(folder, { ...layer, array: { ...layer.array, overflow: 'saturate' } });
    });
    it('a selection that the layer does not have', async () => {
      const folder = testFolder();
      await fails(folder, { ...tinyLayer(folder), profile: 'hw-code6' }, 'profile', /selects nij 200:264, but this layer has nij 0 to 3/, /"profile"/);
    });
    it('an output outside by .. or by a symbolic link', async () => {
      const folder = testFolder();
      const elsewhere = testFolder();
      await fails(folder, { ...tinyLayer(folder), output: '../escaped' }, 'output-outside', /lies outside/, /"output"/);
      await fails(folder, { ...tinyLayer(folder), output: 'golden/../../escaped' }, 'output-outside', /lies outside/, /"output"/);
      await fails(folder, { ...tinyLayer(folder), output: elsewhere.path }, 'output-outside', /lies outside/, /"output"/);
      fs.symlinkSync(elsewhere.path, folder.file('link'));
      await fails(folder, { ...tinyLayer(folder), output: 'link/golden' }, 'output-outside', new RegExp(`lies outside .* \\(it leads to ${elsewhere.path}`), /"output"/);
      await fails(folder, { ...tinyLayer(folder), output: 'link' }, 'output-outside', /lies outside/, /"output"/);
      assert.deepEqual(elsewhere.files(), {});
    });
    it('a link inside the output folder is not written through', async () => {
      const folder = testFolder();
      const elsewhere = testFolder();
      const layer = { ...tinyLayer(folder), extras: ['decimal' as const] };
      await run(folder, { ...layer, extras: [] });
      fs.symlinkSync(elsewhere.path, folder.file('golden/viz'));
      await fails(folder, layer, 'output-unsafe', /golden\/viz is in the way/);
      assert.deepEqual(elsewhere.files(), {});
    });
  });
});
