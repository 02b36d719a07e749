import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../../src/engine/problem';
import { generate } from '../../../src/project/generate';
import { loadLayer } from '../../../src/project/loadLayer';
import { sha256 } from '../../../src/project/manifest';
import type { LayerConfig } from '../../../src/project/schema';
import { ROOT, fixture, int32 } from '../support/fixtures';
import type { TestFolder } from '../support/workspace';
import { ORT_SCRIPT, entryOf, removeTestFolders, testFolder } from '../support/workspace';

const onnx = (model: string, layer: string, input: string, change: Partial<LayerConfig> = {}): LayerConfig => ({ name: 'layer', source: { type: 'onnx', model, layer, input }, output: 'golden', profile: 'golden-part1', ...change });
const load = (folder: TestFolder, layer: LayerConfig) => loadLayer(entryOf(folder, layer), { ortScript: ORT_SCRIPT });

const DIGITS = path.join(ROOT, 'examples/digits');

describe('ONNX source', () => {
  after(removeTestFolders);

  for (const model of ['small_asis.onnx', 'small_frozen_preserve.onnx', 'small_qdq.onnx']) {
    it(`${model}: codes of both layers are the stored ones, and the files come from them`, async () => {
      for (const layer of ['features.0', 'features.3']) {
        const folder = testFolder();
        const named = model === 'small_qdq.onnx' ? layer.replace('.', '_') : layer;
        const data = await load(folder, onnx(fixture('onnx', model), named, fixture('onnx/small/input.npy')));
        assert.deepEqual(data.activationCodes, int32(`onnx/small/act_int__${layer}.npy`));
        assert.deepEqual(data.weightCodes, int32(`onnx/small/weight_int__${layer}.npy`));
        assert.deepEqual(data.warnings, []);
        const report = await generate(entryOf(folder, onnx(fixture('onnx', model), named, fixture('onnx/small/input.npy'))), { ortScript: ORT_SCRIPT });
        assert.ok((report.selfCheck.error?.mean ?? 1) < 5e-6, String(report.selfCheck.error?.mean));
      }
    });
  }

  it('digits: codes of every layer are those that training wrote down', async () => {
    interface Reference {
      layers: { name: string; act_codes_sha256: string; weight_codes_sha256: string }[];
    }
    const { layers } = JSON.parse(fs.readFileSync(path.join(DIGITS, 'reference.json'), 'utf8')) as Reference;
    assert.equal(layers.length, 5);
    for (const { name, act_codes_sha256, weight_codes_sha256 } of layers) {
      const data = await load(testFolder(), onnx(path.join(DIGITS, 'model.onnx'), name, path.join(DIGITS, 'images.npy')));
      const digest = (codes: Int32Array): string => sha256(new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength));
      assert.deepEqual([digest(data.activationCodes), digest(data.weightCodes)], [act_codes_sha256, weight_codes_sha256], name);
    }
  });

  it('a layer whose input is an image with negative values: refused with the count, or as the user chooses', async () => {
    const layer = onnx(fixture('onnx/vggtiny_asis.onnx'), 'features.0', fixture('onnx/vggtiny/input.npy'));
    const stored = int32('onnx/vggtiny/act_int__features.0.npy');
    const negative = stored.filter((code) => code < 0).length;
    await assert.rejects(load(testFolder(), layer), (error) => error instanceof Problem && error.code === 'code-range' && error.what.startsWith(`${negative} of ${stored.length} activation codes do not fit 4 unsigned bits`));
    const data = await load(testFolder(), { ...layer, quantization: { outOfRange: 'saturate' } });
    assert.deepEqual(data.activationCodes, stored.map((code) => Math.max(0, code)));
  });

  it('wider words than the model needs, when the configuration says so', async () => {
    const folder = testFolder();
    const layer = onnx(fixture('onnx/small_qdq.onnx'), 'features_3', fixture('onnx/small/input.npy'), { quantization: { wgtBits: 8, actBits: 6 } });
    const { bits } = await load(folder, layer);
    assert.deepEqual([bits.weight, bits.activation], [8, 6]);
    await assert.rejects(load(folder, { ...layer, quantization: { wgtBits: 3 } }), /weight codes do not fit 3 signed bits/);
  });

  const bad: [string, LayerConfig, string, RegExp, RegExp][] = [
    ['a missing model', onnx('none.onnx', 'x', fixture('onnx/small/input.npy')), 'onnx-read', /none\.onnx/, /"model"/],
    ['a model that is none', onnx(fixture('onnx/small/input.npy'), 'x', fixture('onnx/small/input.npy')), 'onnx-format', /not an ONNX model/, /"model"/],
    ['a layer that is not there', onnx(fixture('onnx/small_asis.onnx'), 'features.9', fixture('onnx/small/input.npy')), 'onnx-layer', /no convolution layer "features\.9"/, /"layer"/],
    ['the folded form', onnx(fixture('onnx/small_frozen.onnx'), 'features.0', fixture('onnx/small/input.npy')), 'onnx-unmappable', /BatchNormalization was folded/, /"layer"/],
    ['an input of another shape', onnx(fixture('onnx/small_asis.onnx'), 'features.3', fixture('onnx/vggtiny/input.npy')), 'npy-shape', /vggtiny/, /"input"/],
    ['a sample that is not there', onnx(fixture('onnx/small_asis.onnx'), 'features.3', fixture('onnx/small/input.npy'), { source: { type: 'onnx', model: fixture('onnx/small_asis.onnx'), layer: 'features.3', input: fixture('onnx/small/input.npy'), sample: 7 } }), 'npy-shape', /Sample 7 was asked for, but .*input\.npy has 1/, /"sample"/],
  ];
  for (const [what, layer, code, message, line] of bad) {
    it(`names the key and the next step: ${what}`, async () => {
      const folder = testFolder();
      await assert.rejects(load(folder, layer), (error) => {
        assert.ok(error instanceof Problem, String(error));
        assert.equal(error.code, code);
        assert.match(error.what, message);
        assert.match(folder.read('tilescope.json').split('\n')[(error.place.line ?? 0) - 1] ?? '', line);
        return error.next !== '';
      });
    });
  }
});
