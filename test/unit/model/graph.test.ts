import assert from 'node:assert/strict';
import { TensorProtoSchema } from '../../../src/model/gen/onnx_pb';
import { create } from '@bufbuild/protobuf';
import { tensorData } from '../../../src/model/tensorData';
import { DataType, declared, floats, model, node, raw, scalar } from './onnxBuilder';
import { problemOf } from './support';

describe('tensor data', () => {
  const read = (tensor: Parameters<typeof tensorData>[0]): number[] => Array.from(tensorData(tensor, new Map(), 'x.onnx').data as ArrayLike<number | bigint>, Number);

  it('decodes every element type from bytes', () => {
    assert.deepEqual(read(raw('t', DataType.FLOAT, [2], Float32Array.of(0.5, -1))), [0.5, -1]);
    assert.deepEqual(read(raw('t', DataType.DOUBLE, [1], Float64Array.of(0.1))), [0.1]);
    assert.deepEqual(read(raw('t', DataType.FLOAT16, [2], Uint16Array.of(0x3c00, 0xb800))), [1, -0.5]);
    assert.deepEqual(read(raw('t', DataType.BFLOAT16, [2], Uint16Array.of(0x3f80, 0xc000))), [1, -2]);
    assert.deepEqual(read(raw('t', DataType.INT8, [2], Int8Array.of(-8, 7))), [-8, 7]);
    assert.deepEqual(read(raw('t', DataType.UINT8, [1], Uint8Array.of(200))), [200]);
    assert.deepEqual(read(raw('t', DataType.BOOL, [2], Uint8Array.of(0, 1))), [0, 1]);
    assert.deepEqual(read(raw('t', DataType.INT16, [1], Int16Array.of(-300))), [-300]);
    assert.deepEqual(read(raw('t', DataType.UINT16, [1], Uint16Array.of(60000))), [60000]);
    assert.deepEqual(read(raw('t', DataType.INT32, [1], Int32Array.of(-70000))), [-70000]);
    assert.deepEqual(read(raw('t', DataType.UINT32, [1], Uint32Array.of(4e9))), [4e9]);
    assert.deepEqual(read(raw('t', DataType.INT64, [1], BigInt64Array.of(-5n))), [-5]);
    assert.deepEqual(read(raw('t', DataType.UINT64, [1], BigUint64Array.of(5n))), [5]);
    // two a byte, the first in the low half; an odd one ends alone
    assert.deepEqual(read(raw('t', DataType.INT4, [3], Uint8Array.of(0x9f, 0x07))), [-1, -7, 7]);
    assert.deepEqual(read(raw('t', DataType.UINT4, [3], Uint8Array.of(0x9f, 0x07))), [15, 9, 7]);
  });

  it('decodes every element type from typed fields', () => {
    const field = (dataType: DataType, dims: number[], fields: object): number[] => read(create(TensorProtoSchema, { name: 't', dataType, dims: dims.map(BigInt), ...fields }));
    assert.deepEqual(field(DataType.FLOAT, [2], { floatData: [0.5, 2] }), [0.5, 2]);
    assert.deepEqual(field(DataType.DOUBLE, [1], { doubleData: [0.1] }), [0.1]);
    assert.deepEqual(field(DataType.FLOAT16, [1], { int32Data: [0x3c00] }), [1]);
    assert.deepEqual(field(DataType.INT8, [2], { int32Data: [-8, 7] }), [-8, 7]);
    assert.deepEqual(field(DataType.INT4, [3], { int32Data: [0x9f, 0x07] }), [-1, -7, 7]);
    assert.deepEqual(field(DataType.INT64, [], { int64Data: [-5n] }), [-5]);
    assert.deepEqual(field(DataType.UINT32, [1], { uint64Data: [7n] }), [7]);
    assert.deepEqual(field(DataType.UINT64, [1], { uint64Data: [7n] }), [7]);
  });

  it('refuses data that does not fill the shape, absurd shapes and types that no convolution has', async () => {
    const made = (fields: object): (() => unknown) => () => read(create(TensorProtoSchema, { name: 't', dataType: DataType.FLOAT, dims: [2n], ...fields }));
    for (const fields of [{ rawData: new Uint8Array(7) }, { floatData: [1] }, {}, { int32Data: [1, 2] }, { dims: [-1n] }, { dims: [2n ** 40n, 2n ** 40n] }, { dims: Array<bigint>(40).fill(1n), floatData: [1] }, { dataType: DataType.STRING }, { dataType: 99 }]) {
      await problemOf(made(fields), 'onnx-format');
    }
  });
});

describe('graph', function () {
  this.timeout(60_000);

  const parts = (nodes: Parameters<typeof model>[0]['nodes'], initializers: Parameters<typeof model>[0]['initializers'] = []): ReturnType<typeof model>['graph'] =>
    model({ nodes, initializers, inputs: [declared('x', [1, 1, 2, 2])], outputs: [declared('y', [1])] }).graph;

  it('follows Identity, and Dropout outside training', () => {
    const graph = parts([node('Identity', ['x'], 'a'), node('Dropout', ['a'], 'b'), node('Relu', ['b'], 'c'), node('Identity', ['c'], 'y')]);
    assert.equal(graph.origin('b'), 'x');
    assert.equal(graph.origin('y'), 'c');
    assert.equal(graph.maker('y')?.opType, 'Relu');
    assert.deepEqual(graph.consumers('a').map(({ opType }) => opType), ['Dropout']);
  });

  it('does not take initializers for inputs', () => {
    const { graph } = model({ nodes: [node('Add', ['x', 'w'], 'y')], initializers: [scalar('w', 1)], inputs: [declared('x', [1]), declared('w', [])] });
    assert.deepEqual(graph.inputs.map(({ name }) => name), ['x']);
  });

  it('reads Constant nodes in every form', () => {
    const graph = parts([
      node('Constant', [], 'tensor', { value: floats('', [2], [1, 2]) }),
      node('Constant', [], 'float', { value_float: 0.5 }),
      node('Constant', [], 'floats', { value_floats: [0.5, 1.5] }),
      node('Constant', [], 'int', { value_int: 3 }),
      node('Constant', [], 'ints', { value_ints: [3, 4] }),
      node('Constant', [], 'text', { value_string: 'x' }),
    ]);
    assert.deepEqual(graph.constant('tensor')?.data, Float32Array.of(1, 2));
    assert.equal(graph.scalar('float'), 0.5);
    assert.deepEqual(graph.constant('floats')?.data, Float32Array.of(0.5, 1.5));
    assert.equal(graph.scalar('int'), 3);
    assert.deepEqual(graph.constant('ints')?.data, BigInt64Array.of(3n, 4n));
    assert.equal(graph.constant('text'), undefined);
  });

  it('folds what stands between a parameter and a quantiser, in float32', () => {
    const w = Float32Array.of(0.1, -0.3, 0.7);
    const graph = parts(
      [
        node('Constant', [], 'one', { value_int: 1 }),
        node('Cast', ['one'], 'onef', { to: DataType.FLOAT }),
        node('Add', ['w', 'mean'], 'centred'),
        node('Div', ['centred', 'std'], 'normal'),
        node('Neg', ['onef'], 'minus'),
        node('Sub', ['onef', 'w'], 'less'),
        node('Mul', ['w', 'w'], 'square'),
        node('Unsqueeze', ['std'], 'std1'),
        node('Relu', ['w'], 'relu'),
        node('Add', ['w', 'relu'], 'open'),
        node('Add', ['w', 'two'], 'mismatch'),
      ],
      [floats('w', [3], w), scalar('mean', -0.2), scalar('std', 0.3), floats('two', [2], [1, 2])],
    );
    const f = Math.fround;
    assert.deepEqual(graph.constant('normal')?.data, w.map((x) => f(f(x + f(-0.2)) / f(0.3))));
    assert.equal(graph.scalar('minus'), -1);
    assert.deepEqual(graph.constant('less')?.data, w.map((x) => f(1 - x)));
    assert.deepEqual(graph.constant('square')?.data, w.map((x) => f(x * x)));
    assert.equal(graph.scalar('std1'), f(0.3));
    for (const name of ['relu', 'open', 'mismatch', 'x', 'nowhere']) assert.equal(graph.constant(name), undefined);
  });

  it('survives circles and endless chains', () => {
    const circle = parts([node('Identity', ['b'], 'a'), node('Identity', ['a'], 'b'), node('Add', ['c', 'c'], 'c')]);
    assert.equal(typeof circle.origin('a'), 'string');
    assert.equal(circle.constant('a'), undefined);
    assert.equal(circle.constant('c'), undefined);
    const chain = parts(Array.from({ length: 20_000 }, (_, i) => node('Neg', [`t${i}`], `t${i + 1}`)), [scalar('t0', 1)]);
    assert.equal(chain.constant('t20000'), undefined);
  });
});
