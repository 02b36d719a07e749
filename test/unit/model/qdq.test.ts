import assert from 'node:assert/strict';
import { roundHalfEven } from '../../../src/engine/float32';
import type { TensorProto } from '../../../src/model/gen/onnx_pb';
import type { ConvLayer } from '../../../src/model/layers';
import { listConvLayers } from '../../../src/model/layers';
import type { Parts } from './onnxBuilder';
import { DataType, declared, floats, model, node, raw, scalar } from './onnxBuilder';
import { problemOf } from './support';

const CODES = Int8Array.of(-7, 7, 3, 0, 1, -2, 5, -4);

interface Form {
  /** From `x` to `a`. */
  readonly activation?: Parts['nodes'];
  /** To `w`. */
  readonly weight?: Parts['nodes'];
  readonly stored?: readonly TensorProto[];
}

const STORED: TensorProto[] = [
  scalar('s', 0.125),
  raw('z', DataType.UINT8, [], Uint8Array.of(0)),
  raw('wi', DataType.INT8, [2, 2, 1, 2], CODES),
  scalar('ws', 0.25),
  raw('wz', DataType.INT8, [], Int8Array.of(0)),
  scalar('low', 0),
  scalar('high', 1.875),
];

const Q = node('QuantizeLinear', ['x', 's', 'z'], 'q');
const DQ = node('DequantizeLinear', ['q', 's', 'z'], 'a');
const WDQ = node('DequantizeLinear', ['wi', 'ws', 'wz'], 'w');

function layer({ activation = [Q, DQ], weight = [WDQ], stored = [] }: Form): ConvLayer {
  const names = new Set(stored.map(({ name }) => name));
  const made = model({
    nodes: [...activation, ...weight, node('Conv', ['a', 'w'], 'y')],
    initializers: [...STORED.filter(({ name }) => !names.has(name)), ...stored],
    inputs: [declared('x', [1, 2, 4, 4])],
    opset: 21,
  });
  return listConvLayers(made.graph)[0]!;
}

describe('QDQ', () => {
  it('computes codes as QuantizeLinear does: float32 division, half to even, saturation', () => {
    const scale = Math.fround(0.1);
    const { activation } = layer({ stored: [scalar('s', 0.1)] });
    const x = Float32Array.from({ length: 2000 }, (_, i) => Math.fround((i - 500) * 0.05));
    assert.deepEqual([...activation!.quantize(x)], Array.from(x, (value) => Math.min(255, Math.max(0, roundHalfEven(Math.fround(value / scale))))).map((code) => code + 0));
  });

  it('takes the width from the integer type where nothing narrows it', () => {
    const { activation, weight } = layer({});
    assert.deepEqual([activation?.bits, activation?.signed, activation?.step, activation?.alpha], [8, false, 0.125, 0.125 * 255]);
    assert.deepEqual([activation?.source, activation?.codesTensor], ['x', 'q']);
    assert.deepEqual([weight?.bits, weight?.bitsFrom, weight?.alpha, weight?.alphaFrom], [4, 'weights', 0.25 * 7, 'weights']);
    assert.deepEqual([...weight!.codes()], [...CODES]);
    assert.deepEqual([...weight!.values()], [...CODES].map((code) => code * 0.25));
    const wide = layer({ stored: [raw('wi', DataType.INT8, [2, 2, 1, 2], CODES.map((code) => code * 18))] });
    assert.equal(wide.weight?.bits, 8);
  });

  it('takes the width from a Clip of reals before it', () => {
    const { activation } = layer({ activation: [node('Clip', ['x', 'low', 'high'], 'c'), node('QuantizeLinear', ['c', 's', 'z'], 'q'), DQ] });
    assert.deepEqual([activation?.bits, activation?.source, activation?.alpha], [4, 'x', 1.875]);
    assert.deepEqual([...activation!.quantize(Float32Array.of(-3, 0.0625, 0.1875, 9))], [0, 0, 2, 15]);
  });

  it('takes the width from a Clip of codes in between, as Brevitas writes it', () => {
    const clip = (from: string, to: string, low: string, high: string): ReturnType<typeof node> => node('Clip', [from, low, high], to);
    const stored = [raw('c0', DataType.UINT8, [], Uint8Array.of(0)), raw('c3', DataType.UINT8, [], Uint8Array.of(3)), raw('m', DataType.INT8, [], Int8Array.of(-7)), raw('p', DataType.INT8, [], Int8Array.of(7))];
    const { activation, weight } = layer({
      activation: [Q, clip('q', 'qc', 'c0', 'c3'), node('DequantizeLinear', ['qc', 's', 'z'], 'a')],
      weight: [node('QuantizeLinear', ['wf', 'ws', 'wz'], 'wq'), clip('wq', 'wc', 'm', 'p'), node('DequantizeLinear', ['wc', 'ws', 'wz'], 'w')],
      stored: [...stored, floats('wf', [2, 2, 1, 2], [-9, 9, 0.125, 0.375, 1, -1, 0, 0.3])],
    });
    assert.deepEqual([activation?.bits, activation?.codesTensor], [2, 'qc']);
    assert.deepEqual([...activation!.quantize(Float32Array.of(0.25, 5))], [2, 3]);
    assert.deepEqual([weight?.bits, weight?.bitsFrom, weight?.runtime], [4, 'model', ['wc']]);
    assert.deepEqual([...weight!.codes()], [-7, 7, 0, 2, 4, -4, 0, 1]);
  });

  it('takes the width from 4-bit types', () => {
    const { activation, weight } = layer({
      stored: [raw('z', DataType.UINT4, [], Uint8Array.of(0)), raw('wi', DataType.INT4, [2, 2, 1, 2], Uint8Array.of(0x79, 0x03, 0xe1, 0xc5)), raw('wz', DataType.INT4, [], Uint8Array.of(0))],
    });
    assert.deepEqual([activation?.bits, activation?.signed, weight?.bits, weight?.bitsFrom], [4, false, 4, 'model']);
    assert.deepEqual([...weight!.codes()], [...CODES]);
    const signed = layer({ stored: [raw('z', DataType.INT4, [], Uint8Array.of(0))] });
    assert.deepEqual([signed.activation?.bits, signed.activation?.signed, signed.activation?.alpha], [4, true, 0.125 * 7]);
  });

  it('subtracts the zero point of activations, so that a code times the step is the value', () => {
    const { activation, refusal } = layer({ stored: [raw('z', DataType.UINT8, [], Uint8Array.of(128))] });
    assert.equal(refusal, undefined);
    assert.deepEqual([activation?.bits, activation?.signed, activation?.zeroPoint], [8, true, 128]);
    assert.deepEqual([...activation!.quantize(Float32Array.of(-100, -0.25, 0, 0.25, 100))], [-128, -2, 0, 2, 127]);
    // from -3 to 252: nine bits
    assert.equal(layer({ stored: [raw('z', DataType.UINT8, [], Uint8Array.of(3))] }).refusal?.kind, 'width');
  });

  it('without a zero point is of type uint8, or of output_dtype', () => {
    const plain = [node('QuantizeLinear', ['x', 's'], 'q'), node('DequantizeLinear', ['q', 's'], 'a')];
    assert.deepEqual([layer({ activation: plain }).activation?.bits, layer({ activation: plain }).activation?.signed], [8, false]);
    const typed = [node('QuantizeLinear', ['x', 's'], 'q', { output_dtype: DataType.INT4 }), node('DequantizeLinear', ['q', 's'], 'a')];
    assert.deepEqual([layer({ activation: typed }).activation?.bits, layer({ activation: typed }).activation?.signed], [4, true]);
  });

  it('takes a scale for each channel only if all are equal', () => {
    const each = (values: number[]): ConvLayer => layer({ stored: [floats('ws', [2], values), raw('wz', DataType.INT8, [2], Int8Array.of(0, 0))] });
    assert.deepEqual([each([0.25, 0.25]).refusal, each([0.25, 0.25]).weight?.step], [undefined, 0.25]);
    assert.equal(each([0.25, 0.5]).refusal?.kind, 'per-channel');
    assert.match(each([0.25, 0.5]).refusal!.remedy, /per_channel=False/);
    assert.equal(layer({ stored: [floats('s', [2], [0.1, 0.2])] }).refusal?.kind, 'per-channel');
  });

  it('refuses what the array cannot compute with', () => {
    assert.match(layer({ stored: [raw('wz', DataType.INT8, [], Int8Array.of(3))] }).refusal!.reason, /zero point 3/);
    assert.equal(layer({ stored: [raw('z', DataType.UINT16, [], Uint16Array.of(0))] }).refusal?.kind, 'width');
    assert.match(layer({ stored: [raw('z', DataType.INT32, [], Int32Array.of(0))] }).refusal!.reason, /quantises to INT32/);
    assert.match(layer({ stored: [raw('z', DataType.FLOAT8E4M3FN, [], Uint8Array.of(0))] }).refusal!.reason, /not stored in the model as a number/);
  });

  it('refuses pairs that disagree, scales that make no sense, and weights that are computed', () => {
    const other = layer({ activation: [Q, node('DequantizeLinear', ['q', 'ws', 'z'], 'a')] });
    assert.match(other.refusal!.reason, /disagree/);
    for (const value of [0, -1, NaN, Infinity]) assert.notEqual(layer({ stored: [scalar('s', value)] }).refusal, undefined);
    assert.equal(layer({ weight: [node('Abs', ['wi'], 'wa'), node('DequantizeLinear', ['wa', 'ws', 'wz'], 'w')] }).refusal?.kind, 'weights-computed');
    assert.equal(layer({ activation: [Q, node('DequantizeLinear', ['q', 'later', 'z'], 'a')] }).refusal?.kind, 'damaged');
  });

  it('knows the operators of ONNX Runtime\'s own domain', () => {
    const own = (opType: string, input: string[], output: string): ReturnType<typeof node> => node(opType, input, output, {}, '', 'com.microsoft');
    assert.equal(layer({ activation: [own('QuantizeLinear', ['x', 's', 'z'], 'q'), own('DequantizeLinear', ['q', 's', 'z'], 'a')] }).refusal, undefined);
  });

  it('does not quantise NaN', async () => {
    await problemOf(() => layer({}).activation!.quantize(Float32Array.of(NaN)), 'not-finite');
  });
});
