import assert from 'node:assert/strict';
import fc from 'fast-check';
import { roundHalfEven } from '../../../src/engine/float32';
import { Problem } from '../../../src/engine/problem';
import { quantizeActivations, quantizeNormalizedWeights, quantizeWeights } from '../../../src/engine/quantize';
import { ALL_CASES, float32, int32, oracleCase, readJson } from '../support/fixtures';

interface QuantVectors {
  act: { bits: number; alpha: number; x: number[]; act_q: number[]; int: number[] }[];
  weight: { w_bit: number; alpha: number; w: number[]; mean: number; std: number; weight_q: number[]; int: number[]; normalised: number[]; boundary_normalised: number[]; boundary_int: number[]; boundary_weight_q: number[] }[];
}

/** JSON has no -0 of its own in Python's dump, and the sign of zero carries no meaning here. */
const plain = (values: ArrayLike<number>): number[] => Array.from(values, (value) => value + 0);

describe('quantisers', () => {
  const vectors = readJson('oracle', 'quant.json') as QuantVectors;

  it('rounds halves to even like the oracle', () => {
    const { round } = readJson('oracle', 'format.json') as { round: { x: number; r: number }[] };
    for (const { x, r } of round) assert.equal(roundHalfEven(x) + 0, r, `round(${x})`);
  });

  for (const [index, { bits, alpha, x, act_q, int }] of vectors.act.entries()) {
    it(`activations, vector ${index}: ${bits} bits, alpha ${alpha}`, () => {
      const quantized = quantizeActivations(Float32Array.from(x), bits, alpha);
      assert.deepEqual([...quantized.codes], int);
      assert.deepEqual(plain(quantized.values), plain(Float32Array.from(act_q)));
      assert.equal(quantized.negative, int.filter((code) => code < 0).length);
    });
  }

  for (const [index, vector] of vectors.weight.entries()) {
    it(`weights, vector ${index}: ${vector.w_bit} bits, alpha ${vector.alpha}`, () => {
      const quantized = quantizeWeights(Float32Array.from(vector.w), vector.w_bit, vector.alpha);
      assert.deepEqual([...quantized.codes], vector.int);
      assert.deepEqual(plain(quantized.values), plain(Float32Array.from(vector.weight_q)));
      // torch adds up in float32, here it is float64: the means may differ in the last bits, the codes never do
      assert.ok(Math.abs(quantized.mean - vector.mean) < 1e-6 * vector.std, `mean ${quantized.mean}`);
      assert.equal(quantized.std, Math.fround(vector.std));
    });

    it(`weights at the half boundaries, vector ${index}`, () => {
      const scale = Math.fround(vector.alpha);
      const normalized = Float32Array.from(vector.boundary_normalised, (value) => Math.fround(value) / scale);
      const quantized = quantizeNormalizedWeights(normalized, vector.w_bit, vector.alpha);
      assert.deepEqual([...quantized.codes], vector.boundary_int);
      assert.deepEqual(plain(quantized.values), plain(Float32Array.from(vector.boundary_weight_q)));
    });
  }

  for (const name of ALL_CASES) {
    const meta = oracleCase(name);
    if (meta.weight_forced !== undefined) continue;
    it(`codes of ${name}`, () => {
      const weights = quantizeWeights(float32('oracle', name, 'inputs/weight_float.npy'), meta.w_bit, meta.w_alpha);
      const activations = quantizeActivations(float32('oracle', name, 'inputs/act_float.npy'), meta.act_bit, meta.act_alpha);
      assert.deepEqual(weights.codes, int32('oracle', name, 'inputs/weight_int.npy'));
      assert.deepEqual(activations.codes, int32('oracle', name, 'inputs/act_int.npy'));
      assert.equal(weights.std, meta.weight_std_f32);
    });
  }

  it('keeps codes in range and the error below half a step, for all bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.float({ min: Math.fround(0.25), max: 16, noNaN: true }), fc.array(fc.float({ min: 0, max: 16, noNaN: true }), { minLength: 1 }), (bits, alpha, x) => {
        const { codes, values } = quantizeActivations(Float32Array.from(x), bits, alpha);
        const levels = 2 ** bits - 1;
        for (const [i, code] of codes.entries()) {
          assert.ok(code >= 0 && code <= levels);
          assert.ok(Math.abs(values[i]! - Math.min(x[i]!, alpha)) <= (alpha / levels) * 0.5001);
        }
      }),
    );
  });

  const bad: [string, () => unknown, string][] = [
    ['NaN', () => quantizeActivations(Float32Array.of(1, NaN), 4, 1), 'not-finite'],
    ['infinity', () => quantizeWeights(Float32Array.of(1, Infinity), 4, 1), 'not-finite'],
    ['alpha 0', () => quantizeActivations(Float32Array.of(1), 4, 0), 'alpha'],
    ['alpha below 0', () => quantizeActivations(Float32Array.of(1), 4, -1), 'alpha'],
    ['alpha NaN', () => quantizeWeights(Float32Array.of(1, 2), 4, NaN), 'alpha'],
    ['alpha that is 0 in float32', () => quantizeWeights(Float32Array.of(1, 2), 4, 1e-60), 'alpha'],
    ['no spread', () => quantizeWeights(Float32Array.of(2, 2, 2), 4, 1), 'shape'],
    ['one weight', () => quantizeWeights(Float32Array.of(2), 4, 1), 'shape'],
    ['1 bit', () => quantizeActivations(Float32Array.of(1), 1, 1), 'code-range'],
    ['9 bits', () => quantizeWeights(Float32Array.of(1, 2), 9, 1), 'code-range'],
  ];
  for (const [what, run, code] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(run, (error) => error instanceof Problem && error.code === code && error.next !== '');
    });
  }
});
