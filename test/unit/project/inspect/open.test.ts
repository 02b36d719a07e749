import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { LayerInfo } from '../../../../src/protocol/inspect';
import { isInspectReply } from '../../../../src/protocol/inspectGuards';
import { Problem } from '../../../../src/engine/problem';
import { findEntries } from '../../../../src/project/entry';
import { generate } from '../../../../src/project/generate';
import { sha256 } from '../../../../src/project/manifest';
import type { LayerConfig } from '../../../../src/project/schema';
import type { InspectSession } from '../../../../src/project/inspect/session';
import { fixture } from '../../support/fixtures';
import type { TestFolder } from '../../support/workspace';
import { ORT_SCRIPT, configOf, removeTestFolders, testFolder } from '../../support/workspace';
import type { Plain } from './support';
import { ask, engineOf, layerConfig, newSession, plainOf } from './support';

const PAD = { top: 1, left: 1, bottom: 1, right: 1 };
const SPEC = { inChannels: 5, outChannels: 6, height: 4, width: 4, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: PAD };
const PLAIN = plainOf(SPEC, { rows: 4, cols: 4, psumBits: 16, overflow: 'error' }, 7);
const ALL_PSUMS: Partial<LayerConfig> = { profile: 'golden-part1', select: { kij: 'all' }, extras: ['decimal'] };

/** A folder in which the set of a layer was generated. */
async function generated(plain: Plain = PLAIN, more: Partial<LayerConfig> = ALL_PSUMS): Promise<TestFolder> {
  const folder = testFolder();
  await generateIn(folder, plain, more);
  return folder;
}

async function generateIn(folder: TestFolder, plain: Plain, more: Partial<LayerConfig>): Promise<void> {
  await generate(findEntries(configOf(folder, layerConfig(folder, plain, more)), [])[0]!, { ortScript: ORT_SCRIPT });
}

async function openSet(folder: string): Promise<{ session: InspectSession; layer: LayerInfo; inputs: readonly string[]; files: readonly { file: string; kind: string }[] }> {
  const session = newSession();
  const answer = await ask(session, { type: 'open', subject: { type: 'set', folder } }, 'opened');
  assert.ok(isInspectReply({ id: 0, ...answer }));
  return { session, ...answer };
}

const openLayer = async (folder: TestFolder, text?: string): Promise<{ session: InspectSession; layer: LayerInfo }> => {
  const session = newSession();
  const { layer } = await ask(session, { type: 'open', subject: { type: 'layer', file: folder.file('tilescope.json'), layer: 'layer', ...(text !== undefined && { text }) } }, 'opened');
  return { session, layer };
};

/** Psums and outputs are those that the engine gives for the codes, wherever they came from. */
async function expectNumbers(session: InspectSession, plain: Plain): Promise<void> {
  const engine = engineOf(plain);
  const { conv, tiling } = engine.mapping;
  for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
    for (let col = 0; col < tiling.cols; col++) {
      const { raw } = await ask(session, { type: 'channel', ocTile, col }, 'channel');
      assert.deepEqual(raw, engine.outRaw.slice((ocTile * tiling.cols + col) * conv.oNijCount, (ocTile * tiling.cols + col + 1) * conv.oNijCount));
    }
    const { values } = await ask(session, { type: 'psums', icTile: 1, ocTile, kij: 4, nijFrom: 0, nijCount: conv.nijCount }, 'psums');
    const tile = engine.psumTile(1, ocTile);
    assert.deepEqual([...values], Array.from({ length: values.length }, (_, i) => tile[((i % tiling.cols) * conv.nijCount + Math.floor(i / tiling.cols)) * conv.kijCount + 4]!));
  }
}

describe('inspect: opening', function () {
  this.timeout(60_000);
  after(removeTestFolders);

  it('a layer is known without its golden files', async () => {
    const folder = testFolder();
    configOf(folder, layerConfig(folder, PLAIN, { quantization: { actBits: 4, wgtBits: 4, actAlpha: 3, wgtAlpha: 2 } }));
    const { session, layer } = await openLayer(folder);
    assert.deepEqual([layer.name, layer.goldens, layer.notes, layer.relu, layer.overflow], ['layer', [], [], true, 'error']);
    assert.deepEqual(layer.formats, { activation: { bits: 4, signed: false }, weight: { bits: 4, signed: true }, psum: { bits: 16, signed: true } });
    assert.deepEqual([layer.tiling, layer.conv.nijCount], [{ rows: 4, cols: 4, icTiles: 2, ocTiles: 2 }, 36]);
    assert.ok(Math.abs(layer.steps!.activation - 3 / 15) < 1e-6);
    await expectNumbers(session, PLAIN);
  });

  it('the text of the editor goes before that of the disk, and problems keep their place', async () => {
    const folder = testFolder();
    configOf(folder, layerConfig(folder, PLAIN));
    const text = folder.read('tilescope.json').replace('"rows": 4', '"rows": 2');
    assert.equal((await openLayer(folder, text)).layer.tiling.icTiles, 3);
    assert.equal((await openLayer(folder)).layer.tiling.icTiles, 2);
    fs.rmSync(folder.file('w.npy'));
    await assert.rejects(openLayer(folder), (error: unknown) => error instanceof Problem && error.code === 'npy-read' && error.place.file === folder.file('tilescope.json'));
    await assert.rejects(openLayer(folder, '{'), (error: unknown) => error instanceof Problem && error.code === 'config-syntax');
  });

  it('values of a layer are found in the files that its manifest states, before their decimal twins', async () => {
    const folder = await generated();
    const { session, layer } = await openLayer(folder);
    assert.deepEqual([layer.goldens, layer.notes], [['activation', 'weight', 'psum', 'out'], []]);
    const { mapping } = engineOf(PLAIN);
    for (const [kind, coordinates, file] of [
      ['activation', { icTile: 1, nij: 7, row: 0 }, 'golden/Part1/activation_tile1.txt'],
      ['weight', { icTile: 1, ocTile: 0, kij: 3, row: 0, col: 2 }, 'golden/Part1/weight_itile1_otile0_kij3.txt'],
      ['psum', { icTile: 1, ocTile: 1, kij: 8, nij: 35, col: 1 }, 'psum_itile1_otile1_kij8.txt'],
      ['out', { ocTile: 1, col: 1, o_nij: 5 }, 'golden/Part1/out_raw_otile1.txt'],
    ] as const) {
      const { place } = await ask(session, { type: 'locate', kind, coordinates, side: 'golden' }, 'located');
      assert.equal(place?.file, folder.file('golden', file));
      const text = fs.readFileSync(place.file, 'latin1').split('\n')[place.line]!.slice(place.column, place.column + place.length);
      if (kind !== 'weight') continue;
      assert.equal((Number.parseInt(text, 2) << 28) >> 28, PLAIN.weights[(2 * 5 + 4) * mapping.conv.kijCount + 3]);
    }
  });

  it('golden words that say another value are named, in files of psums and of outputs, before and after ReLU', async () => {
    const folder = await generated();
    const { session } = await openLayer(folder);
    const { values } = await ask(session, { type: 'psums', icTile: 0, ocTile: 1, kij: 2, nijFrom: 4, nijCount: 20 }, 'psums');
    const edit = async (kind: 'psum' | 'out', coordinates: object, change: (text: string) => string): Promise<void> => {
      const { place } = await ask(session, { type: 'locate', kind, coordinates, side: 'golden' }, 'located');
      const lines = fs.readFileSync(place!.file, 'latin1').split('\n');
      const line = lines[place!.line]!;
      lines[place!.line] = line.slice(0, place!.column) + change(line.slice(place!.column, place!.column + place!.length)) + line.slice(place!.column + place!.length);
      fs.writeFileSync(place!.file, lines.join('\n'), 'latin1');
    };
    const flipped = (text: string): string => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
    await edit('psum', { icTile: 0, ocTile: 1, kij: 2, nij: 9, col: 1 }, flipped);
    await edit('psum', { icTile: 0, ocTile: 1, kij: 2, nij: 30, col: 0 }, flipped);
    await edit('psum', { icTile: 0, ocTile: 1, kij: 2, nij: 11, col: 0 }, (text) => 'x'.repeat(text.length));
    await edit('out', { ocTile: 0, col: 3, o_nij: 6 }, flipped);
    const after = await ask(session, { type: 'psums', icTile: 0, ocTile: 1, kij: 2, nijFrom: 4, nijCount: 20 }, 'psums');
    // Computed values stay, and an unknown word says no other one
    assert.deepEqual([after.values, after.goldenDiffers], [values, [(9 - 4) * 4 + 1]]);
    assert.deepEqual((await ask(session, { type: 'psums', icTile: 0, ocTile: 0, kij: 2, nijFrom: 0, nijCount: 36 }, 'psums')).goldenDiffers, []);
    assert.deepEqual((await ask(session, { type: 'channel', ocTile: 0, col: 3 }, 'channel')).goldenDiffers, [6]);
    assert.deepEqual((await ask(session, { type: 'channel', ocTile: 0, col: 2 }, 'channel')).goldenDiffers, []);
  });

  it('a set that was made from something else is said to be', async () => {
    const folder = await generated();
    const says = async (what: RegExp | undefined): Promise<void> => {
      const { notes } = (await openLayer(folder)).layer;
      if (what === undefined) assert.deepEqual(notes, []);
      else assert.match(notes.join(' '), what);
    };
    await says(undefined);
    const written = folder.read('tilescope.json');
    folder.write('tilescope.json', written.replace('"psumBits": 16', '"psumBits": 20'));
    await says(/were made with other settings/);
    folder.write('tilescope.json', written);
    layerConfig(folder, plainOf(SPEC, PLAIN, 8));
    await says(/were made from another a\.npy and w\.npy/);
  });

  it('a set opens as the layer that made it, from any folder of it', async () => {
    const folder = await generated();
    for (const below of ['golden', 'golden/golden/Part1']) {
      const { session, layer, inputs } = await openSet(folder.file(below));
      assert.deepEqual([layer.name, layer.overflow, layer.conv.padding, layer.notes], ['layer', 'error', PAD, []]);
      assert.ok(inputs.includes(folder.file('a.npy')) && inputs.includes(folder.file('golden/tilescope-manifest.json')));
      await expectNumbers(session, PLAIN);
    }
  });

  it('a set whose configuration is gone or changed is computed from its own files', async () => {
    const changes: readonly [RegExp | undefined, (folder: TestFolder) => void][] = [
      [undefined, (folder) => { fs.rmSync(folder.file('tilescope.json')); }],
      [/cannot be read/, (folder) => { folder.write('tilescope.json', '{'); }],
      [/has no layer "layer"/, (folder) => { folder.write('tilescope.json', folder.read('tilescope.json').replace('"name": "layer"', '"name": "other"')); }],
      [/writes another folder/, (folder) => { folder.write('tilescope.json', folder.read('tilescope.json').replace('"output": "golden"', '"output": "elsewhere"')); }],
      [/has other settings now/, (folder) => { folder.write('tilescope.json', folder.read('tilescope.json').replace('"psumBits": 16', '"psumBits": 17')); }],
      [/has other inputs now/, (folder) => { layerConfig(folder, plainOf(SPEC, PLAIN, 9)); }],
    ];
    for (const [note, change] of changes) {
      const folder = await generated();
      change(folder);
      const { session, layer, files } = await openSet(folder.file('golden'));
      assert.deepEqual([layer.name, layer.overflow, layer.relu, layer.formats.psum.bits, layer.conv.paddedWidth, layer.tiling.icTiles], ['layer', 'error', true, 16, 6, 2]);
      if (note !== undefined) assert.match(layer.notes[0]!, note);
      assert.ok(files.some(({ kind }) => kind === 'psum'));
      await expectNumbers(session, PLAIN);
    }
  });

  it('a source that cannot be loaded leaves the golden files', async () => {
    const folder = await generated();
    const manifest = folder.read('golden/tilescope-manifest.json');
    // As it would be on a platform without ONNX Runtime: everything is fresh, and the source fails
    folder.write('a.npy', 'no tensor');
    folder.write('golden/tilescope-manifest.json', manifest.replace(/("path": "a\.npy",\s*"sha256": ")[0-9a-f]+/, `$1${sha256('no tensor')}`));
    const { session, layer } = await openSet(folder.file('golden'));
    assert.match(layer.notes[0]!, /could not be loaded, so that it is taken from the golden files themselves/);
    await expectNumbers(session, PLAIN);
  });

  it('stride and overflow of a set without its configuration come from what the files prove and the manifest says', async () => {
    const plain = plainOf({ ...SPEC, strideHeight: 2, strideWidth: 2 }, { rows: 4, cols: 4, psumBits: 8, overflow: 'saturate' }, 3);
    const folder = await generated(plain, { ...ALL_PSUMS });
    fs.rmSync(folder.file('tilescope.json'));
    const { session, layer } = await openSet(folder.file('golden'));
    assert.deepEqual([layer.overflow, layer.formats.psum.bits], ['saturate', 8]);
    assert.ok(!layer.notes.some((text) => text.startsWith('Psums are taken')), layer.notes.join(' '));
    const manifest = folder.read('golden/tilescope-manifest.json');
    folder.write('golden/tilescope-manifest.json', manifest.replace('"overflow": "saturate"', '"overflow": "?"'));
    assert.ok((await openSet(folder.file('golden'))).layer.notes.includes('Psums are taken to wrap at 8 bits.'));
    folder.write('golden/tilescope-manifest.json', manifest.replace('"psumBits": 8', '"psumBits": 99'));
    assert.ok((await openSet(folder.file('golden'))).layer.notes.includes('Psums are taken to have 8 bits.'));
    folder.write('golden/tilescope-manifest.json', manifest);
    assert.deepEqual([layer.conv.strideHeight, layer.conv.outWidth], [2, 2]);
    await expectNumbers(session, plain);
  });

  it('a folder without a manifest is read as its files explain each other', async () => {
    const { session, layer, inputs } = await openSet(fixture('check'));
    assert.deepEqual([layer.conv.nijCount, layer.conv.kijCount, layer.conv.oNijCount, layer.tiling.rows, layer.relu, layer.goldens], [36, 9, 16, 8, true, ['activation', 'weight', 'psum', 'out']]);
    assert.deepEqual(inputs.map((file) => path.basename(file)).sort(), ['activation.txt', ...Array.from({ length: 9 }, (_, kij) => `weight_${kij}.txt`)]);
    for (let kij = 0; kij < 9; kij++) assert.deepEqual((await ask(session, { type: 'psums', icTile: 0, ocTile: 0, kij, nijFrom: 0, nijCount: 36 }, 'psums')).goldenDiffers, []);
    for (let col = 0; col < 8; col++) assert.deepEqual((await ask(session, { type: 'channel', ocTile: 0, col }, 'channel')).goldenDiffers, []);
  });

  it('activations and weights alone are enough, and it is said what nothing proves', async () => {
    const folder = testFolder();
    for (const name of ['activation', ...Array.from({ length: 9 }, (_, kij) => `weight_${kij}`)]) folder.write(`${name}.txt`, fs.readFileSync(fixture('check', `${name}.txt`)));
    const { layer } = await openSet(folder.path);
    assert.deepEqual([layer.conv.paddedWidth, layer.conv.kernelWidth], [6, 3]);
    assert.match(layer.notes.join(' '), /image is taken as 6x6, the kernel as 3x3, the stride as 1: no golden psums or outputs are beside to prove it/);
    fs.rmSync(folder.file('weight_4.txt'));
    await assert.rejects(openSet(folder.path), (error: unknown) => error instanceof Problem && error.code === 'inspect-set' && /hold 512 of the 576 weights/.test(error.what));
  });

  it('a folder that makes no layer says what is missing', async () => {
    const folder = testFolder();
    const refuses = async (what: RegExp): Promise<void> => {
      await assert.rejects(openSet(folder.path), (error: unknown) => error instanceof Problem && error.code === 'inspect-set' && what.test(error.what) && error.next !== '');
    };
    await refuses(/no golden activations and no weights/);
    folder.write('activation.txt', fs.readFileSync(fixture('check', 'activation.txt')));
    await refuses(/no golden weights/);
    fs.symlinkSync('self', folder.file('self'));
    await assert.rejects(openSet(folder.file('self')), (error: unknown) => error instanceof Problem && error.code === 'inspect-set' && /cannot be read \(ELOOP\)/.test(error.what));
    await assert.rejects(openSet(folder.file('activation.txt')), (error: unknown) => error instanceof Problem && /is no folder/.test(error.what));
  });
});
