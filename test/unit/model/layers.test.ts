import assert from 'node:assert/strict';
import fs from 'node:fs';
import { conv } from '../../../src/engine/conv';
import type { ConvLayer } from '../../../src/model/layers';
import { convSpec, findLayer, listConvLayers, requireMappable } from '../../../src/model/layers';
import { readModel } from '../../../src/model/onnxFile';
import type { Parts } from './onnxBuilder';
import { activationChain, declared, floats, model, node, weightChain } from './onnxBuilder';
import { fixture, fixtureTensor, problemOf } from './support';

async function layersOf(name: string): Promise<ConvLayer[]> {
  return listConvLayers((await readModel(fixture(name))).graph);
}

function alphas(name: string): Record<string, { w_alpha: number; act_alpha: number; shape?: number[] }> {
  return JSON.parse(fs.readFileSync(fixture(name), 'utf8')) as ReturnType<typeof alphas>;
}

const SMALL = alphas('small/alphas.json');
const VGG = alphas('vggtiny/layers.json');
const VGG_SIZES: Record<string, number> = { 'features.0': 32, 'features.4': 16, 'features.8': 8, 'features.11': 8, 'features.13': 8, 'features.17': 4, 'features.21': 2 };

/** Every count and size of a layer that the quantisers do not decide. */
function expectShape(layer: ConvLayer, [outChannels, inChannels]: readonly number[], size: number): void {
  const { kernel, strides, dilations, pads, group, input, output } = layer;
  assert.deepEqual([layer.inChannels, layer.outChannels], [inChannels, outChannels]);
  assert.deepEqual({ kernel, strides, dilations, pads, group }, { kernel: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], group: 1 });
  assert.deepEqual([input, output], [{ height: size, width: size }, { height: size, width: size }]);
}

function near(found: number | undefined, wanted: number): void {
  assert.ok(found !== undefined && Math.abs(found - wanted) <= wanted * 1e-6, `${found ?? 'nothing'} is not ${wanted}`);
}

describe('layers of the stored models', function () {
  this.timeout(60_000);

  for (const name of ['small_asis', 'small_plain', 'small_plain_opset11', 'small_plain_opset17', 'small_plain_nofold_preserve', 'small_frozen_preserve', 'small_qdq']) {
    it(`${name}: two 4-bit layers`, async () => {
      const layers = await layersOf(`${name}.onnx`);
      assert.deepEqual(layers.map((layer) => layer.name.replace('_', '.')), Object.keys(SMALL));
      layers.forEach((layer, i) => {
        const { w_alpha: weightAlpha, act_alpha: activationAlpha } = Object.values(SMALL)[i]!;
        expectShape(layer, [8, 8], 4);
        assert.equal(layer.refusal, undefined);
        assert.equal(layer.bias, undefined);
        const { activation, weight } = requireMappable(layer, name);
        assert.deepEqual([activation.bits, activation.signed, activation.zeroPoint, weight.bits], [4, false, 0, 4]);
        const form = name === 'small_qdq' ? 'qdq' : 'clip-round';
        assert.deepEqual([activation.kind, weight.kind], [form, name === 'small_frozen_preserve' ? 'frozen' : form]);
        // a frozen export forgets wgt_alpha and QDQ stores scale = alpha / n in float32: the rest is exact
        if (form === 'clip-round') assert.equal(activation.alpha, activationAlpha);
        near(activation.alpha, activationAlpha);
        near(activation.step, activationAlpha / 15);
        if (weight.kind !== 'qdq') assert.equal(weight.alpha, weightAlpha);
        near(weight.alpha, weightAlpha);
        near(weight.step, weightAlpha / 7);
      });
      assert.notEqual(layers[0]!.followedBy.batchNorm, undefined);
      assert.equal(layers[1]!.followedBy.batchNorm, undefined);
      assert.ok(layers.every(({ followedBy }) => followedBy.relu !== undefined));
    });
  }

  for (const name of ['vggtiny_asis', 'vggtiny_frozen_preserve']) {
    it(`${name}: seven 4-bit layers`, async () => {
      const layers = await layersOf(`${name}.onnx`);
      assert.deepEqual(layers.map((layer) => layer.name), Object.keys(VGG));
      for (const layer of layers) {
        const { w_alpha: weightAlpha, act_alpha: activationAlpha, shape } = VGG[layer.name]!;
        expectShape(layer, shape!, VGG_SIZES[layer.name]!);
        assert.equal(layer.refusal, undefined);
        assert.deepEqual([layer.activation?.bits, layer.activation?.alpha, layer.weight?.bits, layer.weight?.alpha], [4, activationAlpha, 4, weightAlpha]);
        assert.equal(layer.weight?.alphaFrom, name === 'vggtiny_asis' ? 'model' : 'weights');
        // features.11 is the one layer without BatchNormalization
        assert.equal(layer.followedBy.batchNorm === undefined, layer.name === 'features.11');
        assert.notEqual(layer.followedBy.relu, undefined);
      }
    });
  }

  it('finds the stored weight codes and values in every form', async () => {
    let compared = 0;
    for (const [name, folder] of [['small_asis', 'small'], ['small_plain', 'small'], ['small_plain_opset11', 'small'], ['small_plain_opset17', 'small'], ['small_plain_nofold_preserve', 'small'], ['small_frozen_preserve', 'small'], ['small_qdq', 'small'], ['small_qonnx', 'small'], ['vggtiny_asis', 'vggtiny'], ['vggtiny_frozen_preserve', 'vggtiny']] as const) {
      for (const layer of await layersOf(`${name}.onnx`)) {
        const stored = fixtureTensor(`${folder}/weight_int__${layer.name.replace('_', '.')}.npy`);
        assert.deepEqual([...layer.weight!.codes()], [...stored.data], `${name} ${layer.name}`);
        compared += stored.data.length;
        if (folder === 'small') {
          const values = fixtureTensor(`small/weight_q__${layer.name.replace('_', '.')}.npy`).data as Float32Array;
          const worst = layer.weight!.values().reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);
          assert.ok(worst < (layer.weight!.kind === 'qdq' || layer.weight!.kind === 'qonnx' ? 3e-7 : 1e-30), `${name} ${worst}`);
        }
      }
    }
    assert.equal(compared, 8 * 2 * 576 + 2 * 8856);
  });

  it('refuses layers into which BatchNormalization was folded, and only those', async () => {
    for (const [name, whole] of [['small_frozen.onnx', 'features.3'], ['vggtiny_frozen_bnfold.onnx', 'features.11']] as const) {
      for (const layer of await layersOf(name)) {
        if (layer.name === whole) {
          assert.equal(layer.refusal, undefined);
          assert.deepEqual([layer.weight?.kind, layer.weight?.bits], ['frozen', 4]);
          continue;
        }
        assert.equal(layer.refusal?.kind, 'bn-folded', `${name} ${layer.name}`);
        assert.notEqual(layer.bias, undefined);
        assert.equal(layer.weight, undefined);
        assert.equal(layer.activation?.bits, 4);
        await problemOf(() => requireMappable(layer, name), 'onnx-unmappable', /BatchNormalization was folded.*training=torch\.onnx\.TrainingMode\.PRESERVE, do_constant_folding=False.*before freezing/);
      }
    }
  });

  it('refuses an ONNX_FALLTHROUGH export with its remedy', async () => {
    for (const layer of await layersOf('small_asis_fallthrough.onnx')) {
      expectShape(layer, [8, 8], 4);
      await problemOf(() => requireMappable(layer, 'x'), 'onnx-unmappable', /PythonOp.*without ONNX_FALLTHROUGH/);
    }
  });

  it('describes a QONNX model and refuses it with its remedy', async () => {
    const layers = await layersOf('small_qonnx.onnx');
    assert.deepEqual(layers.map(({ name }) => name), ['features_0', 'features_3']);
    for (const [i, layer] of layers.entries()) {
      const { w_alpha: weightAlpha, act_alpha: activationAlpha } = Object.values(SMALL)[i]!;
      expectShape(layer, [8, 8], 4);
      assert.deepEqual([layer.activation?.kind, layer.activation?.bits, layer.activation?.signed, layer.weight?.kind, layer.weight?.bits], ['qonnx', 4, false, 'qonnx', 4]);
      near(layer.activation?.alpha, activationAlpha);
      near(layer.weight?.alpha, weightAlpha);
      await problemOf(() => requireMappable(layer, 'x'), 'onnx-unmappable', /ONNX Runtime cannot run.*QDQ/);
    }
  });
});

/** A quantised convolution from `x` to `y`, with any attributes. */
function convModel(attributes: Record<string, number | string | readonly number[]>, { weight = [4, 8, 3, 3], input = [1, 8, 6, 7] as (number | string)[], name = '', extra = [] as Parts['nodes'], bias = false } = {}): ReturnType<typeof model> {
  const count = weight.reduce((a, b) => a * b, 1);
  const activation = activationChain('x', 'c');
  const weights = weightChain('c', weight, Float32Array.from({ length: count }, (_, i) => (i % 15) / 7 - 1));
  return model({
    nodes: [...activation.nodes, ...weights.nodes, node('Conv', [activation.output, weights.output, ...(bias ? ['b'] : [])], 'y', attributes, name), ...extra],
    initializers: [...activation.initializers, ...weights.initializers, floats('b', [weight[0]!], new Float32Array(weight[0]!))],
    inputs: [declared('x', input)],
    outputs: [declared('y', ['N', 'C', 'H', 'W'])],
  });
}

const only = (made: ReturnType<typeof model>): ConvLayer => listConvLayers(made.graph)[0]!;

describe('layers', () => {
  it('takes the defaults where attributes are absent', () => {
    const layer = only(convModel({}));
    const { kernel, strides, dilations, pads, group, input, output, bias, refusal } = layer;
    assert.deepEqual({ kernel, strides, dilations, pads, group }, { kernel: [3, 3], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], group: 1 });
    assert.deepEqual([input, output, bias, refusal], [{ height: 6, width: 7 }, { height: 4, width: 5 }, undefined, undefined]);
  });

  it('gives the engine every size, auto_pad and dilation too', () => {
    const made = convModel({ auto_pad: 'SAME_LOWER', strides: [2, 1], dilations: [1, 2] }, { input: ['N', 8, 'H', 'W'], bias: true });
    const layer = requireMappable(only(made), 'x');
    assert.deepEqual([layer.pads, layer.input, layer.bias], [undefined, undefined, 'b']);
    const spec = convSpec(layer, { height: 6, width: 7 }, 'x');
    assert.deepEqual([spec.strideHeight, spec.strideWidth, spec.dilationHeight, spec.dilationWidth], [2, 1, 1, 2]);
    assert.deepEqual(spec.padding, { top: 1, left: 2, bottom: 0, right: 2 });
    assert.deepEqual([conv(spec).outHeight, conv(spec).outWidth], [3, 7]);
  });

  it('refuses grouped and depthwise convolutions', () => {
    assert.match(only(convModel({ group: 2 }, { weight: [4, 4, 3, 3] })).refusal!.reason, /grouped \(group = 2\)/);
    const depthwise = only(convModel({ group: 8 }, { weight: [8, 1, 3, 3] }));
    assert.match(depthwise.refusal!.reason, /depthwise/);
    assert.equal(depthwise.inChannels, 8);
  });

  it('refuses one and three axes', () => {
    assert.match(only(convModel({}, { weight: [4, 8, 3], input: [1, 8, 9] })).refusal!.reason, /one axis/);
    assert.match(only(convModel({}, { weight: [4, 8, 3, 3, 3], input: [1, 8, 9, 9, 9] })).refusal!.reason, /3 axes/);
  });

  it('refuses contradictions', () => {
    assert.equal(only(convModel({ kernel_shape: [5, 5] })).refusal?.kind, 'damaged');
    assert.equal(only(convModel({ strides: [1] })).refusal?.kind, 'damaged');
  });

  it('refuses what is not quantised, saying what the convolution reads', () => {
    const { graph } = model({
      nodes: [node('Relu', ['x'], 'r', {}, 'act'), node('Conv', ['r', 'w'], 'y')],
      initializers: [floats('w', [2, 1, 2, 2], [2, 3, 5, 7, 11, 13, 17, 19].map(Math.sqrt))],
      inputs: [declared('x', [1, 1, 4, 4])],
    });
    const [layer] = listConvLayers(graph);
    assert.equal(layer!.refusal?.kind, 'no-weight-quantizer');
    const chain = activationChain('x', 'c');
    const unquantised = model({ nodes: [node('Relu', ['x'], 'r', {}, 'act'), ...chain.nodes, node('Conv', ['r', 'w'], 'y')], initializers: [...chain.initializers, floats('w', [4, 1, 2, 2], Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 1 : 0.5)))], inputs: [declared('x', [1, 1, 4, 4])] });
    assert.match(only(unquantised).refusal!.reason, /output of Relu "act"/);
    const direct = model({ nodes: [node('Conv', ['x', 'w'], 'y')], initializers: [floats('w', [4, 1, 2, 2], Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 1 : 0.5)))], inputs: [declared('x', [1, 1, 4, 4])] });
    assert.match(only(direct).refusal!.reason, /the model's input "x"/);
  });

  it('lists operator-oriented quantised convolutions, refused', () => {
    const made = model({ nodes: [node('QLinearConv', ['x', 's', 'z', 'w', 's', 'z', 's', 'z'], 'y', {}, 'q'), node('ConvInteger', ['x', 'w'], 'z')], initializers: [floats('w', [4, 8, 3, 3], new Float32Array(288))], inputs: [declared('x', [1, 8, 5, 5])] });
    const layers = listConvLayers(made.graph);
    assert.deepEqual(layers.map(({ outChannels, refusal }) => [outChannels, refusal?.kind]), [[4, 'operator-format'], [4, 'operator-format']]);
    assert.match(layers[0]!.refusal!.remedy, /QuantFormat\.QDQ/);
  });

  it('names layers by module path, node or tensor, each once', () => {
    const name = (nodeName: string): string => only(convModel({}, { name: nodeName })).name;
    assert.equal(name('/features/features.3/Conv'), 'features.3');
    assert.equal(name('/layer1/layer1.0/conv1/Conv'), 'layer1.0.conv1');
    assert.equal(name('/conv1/Conv_1'), 'conv1');
    assert.equal(name('/features/features.3/features.3.0/Conv'), 'features.3.0');
    assert.equal(name('Conv_12'), 'Conv_12');
    assert.equal(name('/Conv'), '/Conv');
    assert.equal(name(''), 'y');
    const nodes = ['/a/Conv', '/a/Conv_1', 'a#2'].map((nodeName, i) => node('Conv', ['x', 'w'], `y${i}`, {}, nodeName));
    const made = model({ nodes, initializers: [floats('w', [1, 1, 1, 1], [1])], inputs: [declared('x', [1, 1, 4, 4])] });
    assert.deepEqual(listConvLayers(made.graph).map((layer) => layer.name), ['a', 'a#2', 'a#2#2']);
  });

  it('tells what follows only while nothing else reads in between', () => {
    const follow = (extra: Parts['nodes']): ConvLayer['followedBy'] => only(convModel({}, { extra })).followedBy;
    assert.deepEqual(follow([node('Identity', ['y'], 'i'), node('BatchNormalization', ['i', 'b', 'b', 'b', 'b'], 'n', {}, 'bn'), node('Relu', ['n'], 'r', {}, 'relu')]), { batchNorm: 'bn', relu: 'relu' });
    assert.deepEqual(follow([node('Relu', ['y'], 'r')]), { batchNorm: undefined, relu: 'r' });
    assert.deepEqual(follow([node('Relu', ['y'], 'r'), node('Add', ['y', 'r'], 's')]), { batchNorm: undefined, relu: undefined });
    assert.deepEqual(follow([node('Add', ['y', 'x'], 's'), node('Relu', ['s'], 'r')]), { batchNorm: undefined, relu: undefined });
  });

  it('finds a layer by name, or says which there are', async () => {
    const layers = await layersOf('small_plain.onnx');
    assert.equal(findLayer(layers, 'features.3', 'x').name, 'features.3');
    await problemOf(() => findLayer(layers, 'features.4', 'x'), 'onnx-layer', /features\.0, features\.3/);
    await problemOf(() => findLayer([], 'features.4', 'x'), 'onnx-layer', /no convolution layer/);
  });
});
