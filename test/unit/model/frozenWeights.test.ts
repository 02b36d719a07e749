import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quantizeNormalizedWeights } from '../../../src/engine/quantize';
import { findFrozenWeights } from '../../../src/model/frozenWeights';
import type { WeightQuantizer } from '../../../src/model/quantizer';
import { floats, model, node, scalar } from './onnxBuilder';

/** Looks at stored weights of shape `[channels, rest]`; `bias` as a convolution with folded BatchNormalization has one. */
function look(values: Float32Array, channels: number, { alpha = undefined as number | undefined, bias = false, name = 'features.3.weight_q' } = {}): ReturnType<typeof findFrozenWeights> {
  const initializers = [floats(name, [channels, values.length / channels, 1, 1], values), ...(alpha === undefined ? [] : [scalar('features.3.weight_quant.wgt_alpha', alpha)])];
  return findFrozenWeights(model({ nodes: [node('Conv', ['x', name], 'y')], initializers }).graph, name, bias);
}

function quantizer(values: Float32Array, channels: number, alpha?: number): WeightQuantizer {
  const found = look(values, channels, { alpha });
  assert.equal(found?.refusal, undefined, found?.refusal?.reason);
  return found!.quantizer;
}

/** Codes that use the greatest level, so that their width can be seen. */
const codesOf = (bits: number): fc.Arbitrary<number[]> => {
  const most = 2 ** (bits - 1) - 1;
  return fc.array(fc.integer({ min: -most, max: most }), { minLength: 17, maxLength: 41 }).map((codes) => [...codes, most, 1].slice(-(codes.length + 2 - ((codes.length + 2) % 2))));
};
const alphas = fc.float({ min: Math.fround(1e-3), max: 100, noNaN: true, noDefaultInfinity: true });

const weightQ = (codes: readonly number[], bits: number, alpha: number): Float32Array => quantizeNormalizedWeights(Float32Array.from(codes, (code) => code / (2 ** (bits - 1) - 1)), bits, alpha).values;

/** Codes times the step are the values, to float32's accuracy. */
function expectRecovered(values: Float32Array, mapped: WeightQuantizer): void {
  const found = mapped.codes();
  values.forEach((value, i) => {
    assert.ok(Math.abs(value - found[i]! * mapped.step) <= Math.abs(value) * 1e-6);
  });
}

describe('frozen weights', function () {
  this.timeout(60_000);

  it('give back their codes, alpha and width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }).chain((bits) => fc.tuple(fc.constant(bits), codesOf(bits), alphas)), ([bits, codes, alpha]) => {
        const values = weightQ(codes, bits, alpha);
        const inferred = quantizer(values, 2);
        assert.deepEqual([inferred.bits, inferred.alphaFrom, inferred.alpha], [bits, 'weights', alpha]);
        assert.deepEqual([...inferred.codes()], codes.map((code) => code + 0));
        assert.deepEqual(inferred.values(), values);
        const told = quantizer(values, 2, alpha);
        assert.deepEqual([told.bits, told.alphaFrom, told.bitsFrom], [bits, 'model', 'weights']);
        assert.deepEqual(told.codes(), inferred.codes());
      }),
    );
  });

  it('have the width that the model\'s alpha gives, where the greatest code does not occur', () => {
    const values = weightQ([3, -2, 1, 0], 4, 2.5);
    assert.deepEqual([quantizer(values, 1, 2.5).bits, [...quantizer(values, 1, 2.5).codes()]], [4, [3, -2, 1, 0]]);
    const inferred = quantizer(values, 1);
    assert.deepEqual([inferred.bits, inferred.bitsFrom, [...inferred.codes()]], [3, 'weights', [3, -2, 1, 0]]);
    assert.ok(Math.abs(inferred.step - 2.5 / 7) < 1e-7);
    // an alpha that has nothing to do with the values is no reason to trust it
    assert.equal(quantizer(values, 1, 1.234).alphaFrom, 'weights');
  });

  it('are refused when BatchNormalization scaled each channel', () => {
    const scales = fc.array(fc.float({ min: Math.fround(0.01), max: 10, noNaN: true }), { minLength: 3, maxLength: 3 }).filter((list) => new Set(list.map((scale) => Math.round(Math.log2(scale) * 1000))).size === 3);
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 5 }).chain((bits) => fc.tuple(fc.constant(bits), codesOf(bits))), alphas, scales, ([bits, codes], alpha, factors) => {
        const channel = weightQ(codes, bits, alpha);
        const folded = Float32Array.from(factors.flatMap((factor) => [...channel.map((value) => value * factor)]));
        const magnitudes = new Set(channel.map(Math.abs));
        fc.pre(magnitudes.size > 4);
        const found = look(folded, 3, { bias: true })!;
        // factors that happen to be in a simple ratio leave a common grid: then the codes are right, if wide
        if (found.quantizer === undefined) assert.equal(found.refusal?.kind, 'bn-folded');
        else expectRecovered(folded, found.quantizer);
      }),
    );
  });

  it('are mapped when one factor stands for all channels', () => {
    const values = weightQ([7, -3, 1, 0, 5, -7], 4, 2.2).map((value) => value * 0.99999);
    assert.deepEqual([...quantizer(values, 2).codes()], [7, -3, 1, 0, 5, -7]);
  });

  it('that are scaled per channel without a bias are called per channel', () => {
    const channel = weightQ([7, -3, 1, 0, 5, -7], 4, 2.2);
    const values = Float32Array.from([...channel, ...channel.map((value) => value * 0.77123)]);
    assert.equal(look(values, 2)?.refusal?.kind, 'per-channel');
  });

  it('are told from weights that were never quantised', () => {
    const real = fc.tuple(fc.nat(1000), fc.integer({ min: 6, max: 40 })).map(([seed, length]) => Float32Array.from({ length: 2 * length }, (_, i) => Math.sin((seed + i) ** 2)));
    fc.assert(fc.property(real, (values) => {
      assert.equal(look(values, 2, { bias: true })?.refusal?.kind, 'no-weight-quantizer');
    }));
    // one real number a channel is always on some grid: no evidence of folding
    assert.equal(look(Float32Array.of(0.123, 0.456789, 0.789123, 0.31415), 4, { bias: true })?.refusal?.kind, 'no-weight-quantizer');
  });

  it('that are all zero, NaN or no floats are refused', () => {
    assert.equal(look(new Float32Array(8), 2)?.refusal?.kind, 'damaged');
    assert.equal(look(Float32Array.of(1, NaN, 0.5, 1), 2)?.refusal?.kind, 'damaged');
    assert.equal(findFrozenWeights(model({ nodes: [node('Constant', [], 'w', { value_ints: [1, 2] })] }).graph, 'w', false)?.refusal?.kind, 'no-weight-quantizer');
    assert.equal(findFrozenWeights(model({ nodes: [node('Relu', ['x'], 'w')] }).graph, 'w', false), undefined);
  });
});
