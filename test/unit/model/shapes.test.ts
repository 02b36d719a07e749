import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inferShapes } from '../../../src/model/shapes';
import { slide, windowOf } from '../../../src/model/window';
import type { Parts } from './onnxBuilder';
import { declared, floats, model, node, raw, DataType } from './onnxBuilder';

function shapeOf(tensor: string, nodes: Parts['nodes'], { input = [1, 8, 10, 12], initializers = [], opset = 13, known = [] }: { input?: (number | string)[]; initializers?: Parts['initializers']; opset?: number; known?: Parts['declared'] } = {}): unknown {
  return inferShapes(model({ nodes, initializers, inputs: [declared('x', input)], declared: known, opset }).graph).get(tensor);
}

const weight = (name: string, dims: number[]): ReturnType<typeof floats> => floats(name, dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));

describe('window', () => {
  it('takes the defaults of ONNX', () => {
    assert.deepEqual(windowOf(node('Conv', ['x', 'w'], 'y'), [3, 5], [10, 12]), { kernel: [3, 5], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], ceilMode: false });
  });

  it('resolves auto_pad, the odd pixel behind or before', () => {
    const pads = (mode: string, input: (number | undefined)[], attributes = {}): unknown => windowOf(node('Conv', ['x', 'w'], 'y', { auto_pad: mode, kernel_shape: [3, 4], ...attributes }), undefined, input)?.pads;
    assert.deepEqual(pads('SAME_UPPER', [10, 12]), [1, 1, 1, 2]);
    assert.deepEqual(pads('SAME_LOWER', [10, 12]), [1, 2, 1, 1]);
    assert.deepEqual(pads('SAME_UPPER', [10, 12], { strides: [2, 2] }), [0, 1, 1, 1]);
    assert.deepEqual(pads('VALID', [undefined, undefined]), [0, 0, 0, 0]);
    assert.deepEqual(pads('NOTSET', [10, 12], { pads: [1, 2, 3, 4] }), [1, 2, 3, 4]);
    assert.equal(pads('SAME_UPPER', [undefined, 12]), undefined);
  });

  it('knows no kernel where none is given, and refuses contradictions', () => {
    assert.equal(windowOf(node('Conv', ['x', 'w'], 'y'), undefined, []), undefined);
    for (const attributes of [{ strides: [1] }, { strides: [0, 1] }, { pads: [1, 1] }, { pads: [-1, 0, 0, 0] }, { dilations: [1, 1, 1] }]) {
      assert.equal(windowOf(node('Conv', ['x', 'w'], 'y', attributes), [3, 3], []), undefined);
    }
  });

  it('gives as many outputs as places at which the kernel fits', () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), size, size, size, fc.nat(3), fc.nat(3), (input, kernel, stride, dilation, before, after) => {
        let fits = 0;
        for (let at = 0; at + dilation * (kernel - 1) < input + before + after; at += stride) fits++;
        const window = { kernel: [kernel], strides: [stride], dilations: [dilation], pads: [before, after], ceilMode: false };
        assert.deepEqual(slide(window, [input]), [fits === 0 ? undefined : fits]);
      }),
    );
  });
});

describe('shapes', () => {
  it('follows convolutions, pools, pads and elementwise operators', () => {
    const nodes = [
      node('Conv', ['x', 'w'], 'conv', { pads: [1, 1, 1, 1], strides: [2, 1] }),
      node('BatchNormalization', ['conv', 's', 's', 's', 's'], 'bn'),
      node('Relu', ['bn'], 'relu'),
      node('MaxPool', ['relu'], 'pool', { kernel_shape: [2, 2], strides: [2, 2] }),
      node('Pad', ['pool', 'pads'], 'pad'),
      node('Add', ['pad', 'one'], 'sum'),
      node('AveragePool', ['sum'], 'ceil', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
      node('Concat', ['ceil', 'ceil'], 'both', { axis: 1 }),
      node('GlobalAveragePool', ['both'], 'global'),
    ];
    const initializers = [weight('w', [16, 8, 3, 3]), weight('s', [16]), raw('pads', DataType.INT64, [8], BigInt64Array.of(0n, 0n, 1n, 0n, 0n, 0n, 0n, 2n)), weight('one', [16, 1, 1])];
    const at = (tensor: string): unknown => shapeOf(tensor, nodes, { initializers });
    assert.deepEqual(at('conv'), [1, 16, 5, 12]);
    assert.deepEqual(at('relu'), [1, 16, 5, 12]);
    assert.deepEqual(at('pool'), [1, 16, 2, 6]);
    assert.deepEqual(at('pad'), [1, 16, 3, 8]);
    assert.deepEqual(at('sum'), [1, 16, 3, 8]);
    assert.deepEqual(at('ceil'), [1, 16, 1, 4]);
    assert.deepEqual(at('both'), [1, 32, 1, 4]);
    assert.deepEqual(at('global'), [1, 32, 1, 1]);
  });

  it('keeps open sizes open and does not guess', () => {
    const conv = [node('Conv', ['x', 'w'], 'y', { pads: [1, 1, 1, 1] })];
    assert.deepEqual(shapeOf('y', conv, { input: ['N', 8, 'H', 12], initializers: [weight('w', [4, 8, 3, 3])] }), [undefined, 4, undefined, 12]);
    assert.equal(shapeOf('y', [node('Reshape', ['x', 'to'], 'y')]), undefined);
    assert.equal(shapeOf('y', [node('Relu', ['x'], 'y', {}, '', 'some.domain')]), undefined);
    assert.equal(shapeOf('y', [node('Conv', ['x', 'w'], 'y')]), undefined);
  });

  it('takes declared shapes, and fills what they leave open', () => {
    const nodes = [node('Reshape', ['x', 'to'], 'r'), node('Relu', ['r'], 'y'), node('Relu', ['x'], 'z')];
    const known = [declared('r', [1, 3, 4, 5]), declared('z', ['N', 8, 'H', 'W'])];
    assert.deepEqual(shapeOf('y', nodes, { known }), [1, 3, 4, 5]);
    assert.deepEqual(shapeOf('z', nodes, { known }), [1, 8, 10, 12]);
  });
});
