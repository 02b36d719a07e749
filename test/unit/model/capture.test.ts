import assert from 'node:assert/strict';
import type { CapturedLayer, RunProgress } from '../../../src/model/capture';
import { captureLayer } from '../../../src/model/capture';
import type { ConvLayer } from '../../../src/model/layers';
import { listConvLayers } from '../../../src/model/layers';
import type { NpyTensor } from '../../../src/model/npy';
import type { OnnxModel } from '../../../src/model/onnxFile';
import { readModel } from '../../../src/model/onnxFile';
import type { Parts } from './onnxBuilder';
import { activationChain, DataType, declared, floats, model, node, raw, scalar, weightChain } from './onnxBuilder';
import { fixture, fixtureTensor, ORT_SCRIPT, problemOf, tensor } from './support';

const OPTIONS = { ortScript: ORT_SCRIPT };

/** What the layer's convolution gives for codes, computed directly: real values, `[outChannels, outHeight, outWidth]`. */
function convolve({ conv, activationCodes, weightCodes, layer }: CapturedLayer): Float64Array {
  const { inChannels, outChannels, height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padding } = conv;
  const outHeight = Math.floor((height + padding.top + padding.bottom - dilationHeight * (kernelHeight - 1) - 1) / strideHeight) + 1;
  const outWidth = Math.floor((width + padding.left + padding.right - dilationWidth * (kernelWidth - 1) - 1) / strideWidth) + 1;
  const out = new Float64Array(outChannels * outHeight * outWidth);
  out.forEach((_, at) => {
    const [oc, oi, oj] = [Math.floor(at / (outHeight * outWidth)), Math.floor(at / outWidth) % outHeight, at % outWidth];
    let sum = 0;
    for (let ic = 0; ic < inChannels; ic++) {
      for (let ki = 0; ki < kernelHeight; ki++) {
        for (let kj = 0; kj < kernelWidth; kj++) {
          const [i, j] = [oi * strideHeight + ki * dilationHeight - padding.top, oj * strideWidth + kj * dilationWidth - padding.left];
          if (i < 0 || j < 0 || i >= height || j >= width) continue;
          sum += activationCodes[(ic * height + i) * width + j]! * weightCodes[((oc * inChannels + ic) * kernelHeight + ki) * kernelWidth + kj]!;
        }
      }
    }
    out[at] = sum * layer.activation.step * layer.weight.step;
  });
  return out;
}

/** Asserts that everything captured agrees: ours, ONNX Runtime's and the convolution's output. */
function expectConsistent(captured: CapturedLayer): void {
  assert.deepEqual(captured.differences, { activation: 0, weight: 0 });
  assert.deepEqual(captured.activationCodes, captured.runtimeActivationCodes);
  if (captured.runtimeWeightCodes !== undefined) assert.deepEqual(captured.weightCodes, captured.runtimeWeightCodes);
  const direct = convolve(captured);
  assert.equal(direct.length, captured.convOutput.length);
  const error = direct.reduce((sum, value, i) => sum + Math.abs(value - captured.convOutput[i]!), 0) / direct.length;
  assert.ok(error < 5e-6, `the convolution is off by ${error} on average`);
}

describe('capture of the stored models', function () {
  this.timeout(60_000);

  const whole = ['small_asis', 'small_plain', 'small_plain_opset11', 'small_plain_opset17', 'small_plain_nofold_preserve', 'small_frozen_preserve', 'small_qdq', 'vggtiny_asis', 'vggtiny_frozen_preserve'];
  let activations = 0;
  let weights = 0;

  for (const name of [...whole, 'small_frozen', 'vggtiny_frozen_bnfold']) {
    it(`${name}: codes equal the stored ones in every layer that can be mapped`, async () => {
      const folder = name.startsWith('vggtiny') ? 'vggtiny' : 'small';
      const opened = await readModel(fixture(`${name}.onnx`));
      const layers = listConvLayers(opened.graph).filter(({ refusal }) => refusal === undefined);
      assert.equal(layers.length, whole.includes(name) ? (folder === 'small' ? 2 : 7) : 1);
      for (const layer of layers) {
        const captured = await captureLayer(opened, layer, fixtureTensor(`${folder}/input.npy`), 0, OPTIONS);
        const stored = (what: string): NpyTensor => fixtureTensor(`${folder}/${what}__${layer.name.replace('_', '.')}.npy`);
        assert.deepEqual([...captured.activationCodes], [...stored('act_int').data]);
        assert.deepEqual([...captured.weightCodes], [...stored('weight_int').data]);
        const input = stored('conv_in').data as Float32Array;
        assert.ok(captured.activation.every((value, i) => Math.abs(value - input[i]!) < 1e-5));
        assert.equal(captured.runtimeWeightCodes === undefined, layer.weight!.kind === 'frozen' || layer.weight!.kind === 'qdq');
        expectConsistent(captured);
        activations += captured.activationCodes.length;
        weights += captured.weightCodes.length;
      }
    });
  }

  it('has compared them all', () => {
    const [small, vgg] = [{ activation: 256, weight: 1152 }, { activation: 7488, weight: 8856 }];
    assert.equal(activations, 7 * small.activation + 2 * vgg.activation + 128 + 512);
    assert.equal(weights, 7 * small.weight + 2 * vgg.weight + 576 + 576);
  });

  it('refuses a layer that cannot be mapped, with its remedy', async () => {
    for (const name of ['small_frozen.onnx', 'small_qonnx.onnx', 'small_asis_fallthrough.onnx']) {
      const opened = await readModel(fixture(name));
      await problemOf(() => captureLayer(opened, listConvLayers(opened.graph)[0]!, fixtureTensor('small/input.npy'), 0, OPTIONS), 'onnx-unmappable', /xport/);
    }
  });
});

interface Made {
  readonly input?: readonly (number | string)[];
  readonly attributes?: Record<string, number | string | readonly number[]>;
  readonly bias?: Parts['initializers'];
  readonly inputs?: Parts['inputs'];
  readonly before?: Parts['nodes'];
}

/** A model with one quantised convolution of 3 to 2 channels behind a Relu. */
function made({ input = ['N', 3, 5, 6], attributes = {}, bias = [], inputs, before = [] }: Made = {}): { opened: OnnxModel; layer: ConvLayer } {
  const activation = activationChain('r', 'c');
  const weight = weightChain('c', [2, 3, 2, 3], Float32Array.from({ length: 36 }, (_, i) => Math.sin(i * 1.7)));
  const opened = model({
    nodes: [node('Relu', ['x'], 'r'), ...activation.nodes, ...weight.nodes, ...before, node('Conv', [activation.output, weight.output, ...(bias.length > 0 ? ['b'] : [])], 'y', attributes)],
    initializers: [...activation.initializers, ...weight.initializers, ...bias],
    inputs: inputs ?? [declared('x', input)],
    outputs: [declared('y', ['N', 'C', 'H', 'W'])],
  });
  return { opened, layer: listConvLayers(opened.graph)[0]! };
}

const IMAGES = tensor([4, 3, 5, 6], Float32Array.from({ length: 360 }, (_, i) => 2.5 * Math.sin(i * 0.37)));
const oneImage = (index: number): Float32Array => (IMAGES.data as Float32Array).slice(index * 90, (index + 1) * 90);

describe('capture', function () {
  this.timeout(60_000);

  it('takes the sample asked for, whatever batch the model wants', async () => {
    for (const batch of ['N', 1, 3]) {
      const { opened, layer } = made({ input: [batch, 3, 5, 6] });
      for (const sample of [0, 3]) {
        const captured = await captureLayer(opened, layer, IMAGES, sample, OPTIONS);
        assert.deepEqual(captured.activation, oneImage(sample).map((value) => Math.max(0, value)), `batch ${batch}, sample ${sample}`);
        expectConsistent(captured);
      }
    }
  });

  it('takes one sample without the leading axis, and doubles', async () => {
    const { opened, layer } = made();
    const one = tensor([3, 5, 6], Float64Array.from(oneImage(1)), 'float64');
    assert.deepEqual((await captureLayer(opened, layer, one, 0, OPTIONS)).activation, oneImage(1).map((value) => Math.max(0, value)));
  });

  it('gives the convolution without its bias, stored or computed', async () => {
    const { opened, layer } = made({ bias: [floats('b', [2], [100, -50])] });
    const captured = await captureLayer(opened, layer, IMAGES, 0, OPTIONS);
    expectConsistent(captured);
    const computed = made({ bias: [floats('b0', [2], [100, -50])], before: [node('Abs', ['b0'], 'b')] });
    assert.equal(computed.layer.bias, 'b');
    expectConsistent(await captureLayer(computed.opened, computed.layer, IMAGES, 0, OPTIONS));
  });

  it('knows strides, dilations, auto_pad and open image sizes', async () => {
    for (const attributes of [{ strides: [2, 1], pads: [1, 0, 2, 1] }, { dilations: [2, 2] }, { auto_pad: 'SAME_UPPER', strides: [2, 2] }, { auto_pad: 'SAME_LOWER' }]) {
      const { opened, layer } = made({ attributes, input: ['N', 3, 'H', 'W'] });
      const captured = await captureLayer(opened, layer, IMAGES, 2, OPTIONS);
      assert.deepEqual([captured.conv.height, captured.conv.width], [5, 6]);
      expectConsistent(captured);
    }
  });

  it('reads QDQ codes of every integer type, 4-bit ones and zero points too', async () => {
    const types: [DataType, ArrayBufferView, number][] = [
      [DataType.UINT8, Uint8Array.of(0), 21],
      [DataType.INT8, Int8Array.of(0), 21],
      [DataType.UINT8, Uint8Array.of(128), 21],
      [DataType.INT4, Uint8Array.of(0), 21],
      [DataType.UINT4, Uint8Array.of(0), 21],
    ];
    for (const [type, zero, opset] of types) {
      const opened = model({
        nodes: [
          node('QuantizeLinear', ['x', 's', 'z'], 'q'),
          node('DequantizeLinear', ['q', 's', 'z'], 'a'),
          node('QuantizeLinear', ['wf', 'ws', 'wz'], 'wq'),
          node('DequantizeLinear', ['wq', 'ws', 'wz'], 'w'),
          node('Conv', ['a', 'w'], 'y'),
        ],
        initializers: [scalar('s', 0.17), raw('z', type, [], zero), floats('wf', [2, 3, 2, 3], Float32Array.from({ length: 36 }, (_, i) => Math.sin(i * 1.7))), scalar('ws', 0.13), raw('wz', DataType.INT8, [], Int8Array.of(0))],
        inputs: [declared('x', [1, 3, 5, 6])],
        outputs: [declared('y', [1, 2, 4, 4])],
        opset,
      });
      const captured = await captureLayer(opened, listConvLayers(opened.graph)[0]!, IMAGES, 0, OPTIONS);
      expectConsistent(captured);
      assert.equal(captured.runtimeWeightCodes?.length, 36);
    }
  });

  it('reports how far it is', async () => {
    const { opened, layer } = made();
    const steps: RunProgress[] = [];
    await captureLayer(opened, layer, IMAGES, 0, { ...OPTIONS, onProgress: (progress) => steps.push(progress) });
    assert.deepEqual(steps.map(({ done, total }) => [done, total]), [[0, 2], [1, 2], [2, 2]]);
  });

  it('refuses an input that does not belong to the model', async () => {
    const { opened, layer } = made();
    const run = (input: NpyTensor, sample = 0): (() => unknown) => () => captureLayer(opened, layer, input, sample, OPTIONS);
    const zeros = (shape: number[]): NpyTensor => tensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
    for (const shape of [[4, 2, 5, 6], [4, 3, 5, 7], [5, 6], [1, 1, 3, 5, 6], [90], [0, 3, 5]]) {
      await problemOf(run(zeros(shape)), 'npy-shape', /takes \(N, 3, 5, 6\), or \(3, 5, 6\) for one sample/);
    }
    for (const sample of [4, -1, 0.5, NaN]) await problemOf(run(IMAGES, sample), 'npy-shape', /holds 4.*from 0 to 3/);
    await problemOf(run(zeros([0, 3, 5, 6])), 'npy-shape', /holds 0/);
    await problemOf(run(tensor([1, 3, 5, 6], new Int8Array(90), 'int8')), 'npy-dtype', /holds int8/);
    const holed = tensor([4, 3, 5, 6], (IMAGES.data as Float32Array).map((value, i) => (i === 95 ? NaN : value)));
    await problemOf(run(holed, 1), 'not-finite', /NaN at \[1, 0, 0, 5\]/);
    assert.equal((await captureLayer(opened, layer, holed, 0, OPTIONS)).activation.length, 90, 'another sample is sound');
  });

  it('refuses models that do not take one float image', async () => {
    const cases: [Parts['inputs'], RegExp][] = [
      [[declared('x', ['N', 3, 5, 6]), declared('mask', [1])], /2 inputs \("x", "mask"\)/],
      [[], /no input/],
      [[declared('x', ['N', 3, 5, 6], DataType.FLOAT16)], /FLOAT16.*float32/],
    ];
    for (const [inputs, what] of cases) {
      const { opened, layer } = made({ inputs: inputs! });
      await problemOf(() => captureLayer(opened, layer, IMAGES, 0, OPTIONS), 'onnx-run', what);
    }
  });

  it('is cancelled while the model loads', async () => {
    const { opened, layer } = made();
    const controller = new AbortController();
    const onProgress = ({ done }: RunProgress): void => {
      if (done === 0) setImmediate(() => {
        controller.abort();
      });
    };
    await problemOf(() => captureLayer(opened, layer, IMAGES, 0, { ...OPTIONS, signal: controller.signal, onProgress }), 'cancelled');
  });
});
