import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ConvSpec } from '../../../src/engine/conv';
import { conv, nijOf } from '../../../src/engine/conv';
import { directConvolution } from '../../../src/engine/direct';
import { untileOutputs } from '../../../src/engine/layer';
import { Problem } from '../../../src/engine/problem';
import { psums } from '../../../src/engine/psum';
import { accumulationAddresses, relu } from '../../../src/engine/sfp';
import { mapLayer, tileActivations, tileWeights, usedCols, usedRows } from '../../../src/engine/tiling';
import { fitToWidth, leastSignedBits } from '../../../src/engine/width';
import { anyConvSpec } from '../support/anyConvSpec';
import { lcg } from '../support/lcg';
import { ALL_CASES, int32, oracleCase } from '../support/fixtures';
import { computed, mappingOf } from '../support/layers';

/** Any small convolution on any small array, with codes that its bits allow. */
const anyLayer = fc
  .record({
    spec: anyConvSpec({ channels: 11, size: 7, kernel: 3, stride: 3, dilation: 2, padding: 2 }),
    rows: fc.integer({ min: 1, max: 9 }),
    cols: fc.integer({ min: 1, max: 9 }),
    bits: fc.integer({ min: 2, max: 8 }),
    seed: fc.integer(),
  })
  .map(({ rows, cols, bits, seed, spec }) => {
    const mapping = mapLayer(conv(spec), { rows, cols });
    const random = lcg(seed);
    const activationCodes = Int32Array.from({ length: spec.inChannels * spec.height * spec.width }, () => random() % 2 ** bits);
    const weightCodes = Int32Array.from({ length: spec.outChannels * spec.inChannels * mapping.conv.kijCount }, () => (random() % (2 ** bits - 1)) - (2 ** (bits - 1) - 1));
    return { mapping, activationCodes, weightCodes };
  });

describe('engine: psum and SFP', () => {
  for (const name of ALL_CASES) {
    it(`equals the oracle: ${name}`, () => {
      const mapping = mappingOf(oracleCase(name));
      const activationCodes = int32('oracle', name, 'inputs/act_int.npy');
      const weightCodes = int32('oracle', name, 'inputs/weight_int.npy');
      const all = psums(mapping, tileActivations(mapping, activationCodes), tileWeights(mapping, weightCodes));
      assert.deepEqual(all, int32('oracle', name, name.startsWith('odd') ? 'psum.npy' : 'psum_int16.npy'));
      const result = computed({ mapping, activationCodes, weightCodes, psumBits: 32, overflow: 'error' });
      const out = untileOutputs(mapping, result.outRaw);
      assert.deepEqual(out, int32('oracle', name, 'out_raw_int.npy'));
      assert.deepEqual(relu(out), int32('oracle', name, 'out_relu_int.npy'));
    });
  }

  it('tiles add up to the direct convolution, for any layer on any array', () => {
    fc.assert(
      fc.property(anyLayer, ({ mapping, activationCodes, weightCodes }) => {
        const result = computed({ mapping, activationCodes, weightCodes, psumBits: 32, overflow: 'error' });
        const direct = directConvolution(mapping.conv, activationCodes, weightCodes);
        assert.deepEqual([...untileOutputs(mapping, result.outRaw)], [...direct].map((value) => value + 0));
      }),
      { numRuns: 300 },
    );
  });

  it('a wrapping n-bit accumulator ends at the wrapped direct convolution; a saturating one stays in range', () => {
    fc.assert(
      fc.property(anyLayer, fc.integer({ min: 4, max: 12 }), (layer, psumBits) => {
        const wrapped = computed({ ...layer, psumBits, overflow: 'wrap' });
        const direct = Int32Array.from(directConvolution(layer.mapping.conv, layer.activationCodes, layer.weightCodes));
        fitToWidth(direct, { bits: psumBits, signed: true }, 'wrap');
        assert.deepEqual(untileOutputs(layer.mapping, wrapped.outRaw), direct);
        const saturated = computed({ ...layer, psumBits, overflow: 'saturate' });
        const limit = 2 ** (psumBits - 1);
        assert.ok(saturated.outRaw.every((value) => value >= -limit && value < limit));
      }),
    );
  });

  it('pads the last tile with zeros and knows how much of it is padding', () => {
    const mapping = mappingOf(oracleCase('odd_ch12_10'));
    assert.deepEqual([usedRows(mapping, 0), usedRows(mapping, 1), usedCols(mapping, 0), usedCols(mapping, 1)], [8, 4, 8, 2]);
    const tiles = tileActivations(mapping, int32('oracle', 'odd_ch12_10', 'inputs/act_int.npy'));
    const { nijCount } = mapping.conv;
    for (let nij = 0; nij < nijCount; nij++) {
      assert.deepEqual([...tiles.subarray((nijCount + nij) * 8 + 4, (nijCount + nij) * 8 + 8)], [0, 0, 0, 0]);
    }
  });

  it('addresses the psum SRAM as kij * nijCount + nij, with the stride in nij', () => {
    const mapping = mappingOf(oracleCase('odd_stride2_8x8'));
    const addresses = accumulationAddresses(mapping);
    assert.equal(mapping.conv.oNijCount, 16);
    // o_nij 5 is pixel (1,1), so with stride 2 its kij 4 (1,1) meets padded pixel (3,3)
    assert.equal(nijOf(mapping.conv, 5, 4), 33);
    assert.equal(addresses[5 * 9 + 4], 4 * 100 + 33);
    assert.equal(addresses.length, 16 * 9);
  });

  it('overflow is an error by default, naming the first place, the count and the width that would do', () => {
    const name = 'odd_overflow_pos_64to8';
    const input = { mapping: mappingOf(oracleCase(name)), activationCodes: int32('oracle', name, 'inputs/act_int.npy'), weightCodes: int32('oracle', name, 'inputs/weight_int.npy') };
    const expected = int32('oracle', name, 'out_raw_int.npy');
    assert.throws(
      () => computed({ ...input, psumBits: 16, overflow: 'error' }),
      (error) => {
        assert.ok(error instanceof Problem);
        assert.equal(error.code, 'psum-overflow');
        assert.match(error.what, new RegExp(`^${expected.filter((v) => v > 32767).length} of 128 output values do not fit 16 bits; the first is ${expected.find((v) => v > 32767) ?? ''} at oc tile 0, col 0, o_nij \\d+ \\(`));
        assert.match(error.next, /psumBits to 17 or more/);
        return true;
      },
    );
    const wrapped = computed({ ...input, psumBits: 16, overflow: 'wrap' });
    assert.deepEqual(untileOutputs(input.mapping, wrapped.outRaw), expected.map((v) => (v << 16) >> 16));
    const saturated = computed({ ...input, psumBits: 16, overflow: 'saturate' });
    assert.deepEqual(untileOutputs(input.mapping, saturated.outRaw), expected.map((v) => Math.min(v, 32767)));
    assert.throws(() => computed({ ...input, psumBits: 8, overflow: 'error' }), /psum values do not fit 8 bits; the first is \d+ at ic tile 0, oc tile 0, col 0, kij \d \(\d,\d\), nij \d+ \(/);
  });

  it('a saturating accumulator saturates after every addition', () => {
    // one pixel, one row, kernel 1x3 over [1, 1, 1]: weights 7, 7, -7 make 7, 14, 7; at 4 bits 7, 7 (cut), 0
    const mapping = mapLayer(conv({ inChannels: 1, outChannels: 1, height: 1, width: 3, kernelHeight: 1, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } }), { rows: 1, cols: 1 });
    const codes = { activationCodes: Int32Array.of(1, 1, 1), weightCodes: Int32Array.of(7, 7, -7) };
    assert.deepEqual([...computed({ mapping, ...codes, psumBits: 4, overflow: 'saturate' }).outRaw], [0]);
    assert.deepEqual([...computed({ mapping, ...codes, psumBits: 4, overflow: 'wrap' }).outRaw], [7]);
  });

  it('wraps to unsigned and signed formats', () => {
    const unsigned = Int32Array.of(-3, 16, 15);
    fitToWidth(unsigned, { bits: 4, signed: false }, 'wrap');
    assert.deepEqual([...unsigned], [13, 0, 15]);
    const signed = Int32Array.of(-9, 8, 7);
    fitToWidth(signed, { bits: 4, signed: true }, 'wrap');
    assert.deepEqual([...signed], [7, -8, 7]);
    assert.deepEqual([leastSignedBits(0, 60480), leastSignedBits(-8, 7), leastSignedBits(-9, 0)], [17, 4, 5]);
  });

  it('refuses shapes that make no convolution', () => {
    const good: ConvSpec = { inChannels: 1, outChannels: 1, height: 4, width: 4, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } };
    for (const change of [{ height: 2 }, { strideWidth: 0 }, { inChannels: 1.5 }, { dilationHeight: 2 }, { padding: { ...good.padding, left: -1 } }]) {
      assert.throws(() => conv({ ...good, ...change }), (error) => error instanceof Problem && error.code === 'shape');
    }
    assert.throws(() => mapLayer(conv(good), { rows: 0, cols: 8 }), /0 rows/);
    const mapping = mapLayer(conv(good), { rows: 8, cols: 8 });
    assert.throws(() => computed({ mapping, activationCodes: new Int32Array(3), weightCodes: new Int32Array(9), psumBits: 16, overflow: 'error' }), /Expected 16 activation codes/);
    assert.throws(() => computed({ mapping, activationCodes: new Int32Array(16).fill(2 ** 20), weightCodes: new Int32Array(9).fill(2 ** 10), psumBits: 32, overflow: 'error' }), /beyond the 32-bit integers/);
  });
});
