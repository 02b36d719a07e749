import assert from 'node:assert/strict';
import fc from 'fast-check';
import { conv } from '../../../../src/engine/conv';
import { plainPsums, psumTile } from '../../../../src/engine/psum';
import { simdPsums } from '../../../../src/engine/simd/simdPsums';
import { simdTileSums } from '../../../../src/engine/simd/simdTileSums';
import type { TileSums, TileSumsInput } from '../../../../src/engine/tileSums';
import { plainTileSums } from '../../../../src/engine/tileSums';
import { mapLayer, tileActivations, tileWeights } from '../../../../src/engine/tiling';
import type { OverflowPolicy } from '../../../../src/engine/width';
import { OVERFLOW_POLICIES } from '../../../../src/engine/width';
import type { TiledLayer } from './anyTiledLayer';
import { anyTiledLayer } from './anyTiledLayer';

const SEED = { seed: 20240611 };

function inputOf({ mapping, activationCodes, weightCodes }: TiledLayer, psumBits: number, overflow: OverflowPolicy): TileSumsInput {
  return { mapping, activationTiles: tileActivations(mapping, activationCodes), weightTiles: tileWeights(mapping, weightCodes), psumBits, overflow };
}

function isNarrow({ activationCodes, weightCodes }: TiledLayer): boolean {
  return [activationCodes, weightCodes].every((codes) => codes.every((code) => code >= -32768 && code <= 32767));
}

function simd(layer: TiledLayer, input: TileSumsInput, narrow = isNarrow(layer)): TileSums {
  const sums = simdTileSums(input, narrow);
  assert.ok(sums, 'the host has vectors');
  return sums;
}

function pairsOf({ mapping: { tiling } }: TiledLayer): [number, number][] {
  return Array.from({ length: tiling.icTiles * tiling.ocTiles }, (_, i) => [Math.floor(i / tiling.ocTiles), i % tiling.ocTiles]);
}

describe('engine: psums and sums on vectors', () => {
  it('psums are the reference\'s, bit by bit, for any layer, array and operand width', () => {
    fc.assert(
      fc.property(anyTiledLayer, (layer) => {
        const { mapping, activationTiles, weightTiles } = inputOf(layer, 32, 'wrap');
        const { conv: shape, tiling } = mapping;
        const length = tiling.cols * shape.nijCount * shape.kijCount;
        for (const [icTile, ocTile] of pairsOf(layer)) {
          const [expected, got] = [new Int32Array(length).fill(7), new Int32Array(length + 3).fill(9)];
          plainPsums(mapping, activationTiles, weightTiles, icTile, ocTile, expected);
          assert.equal(simdPsums(mapping, activationTiles, weightTiles, icTile, ocTile, got), true);
          assert.deepEqual(got.subarray(0, length), expected);
          assert.deepEqual([...got.subarray(length)], [9, 9, 9], 'nothing is written behind the tile');
        }
      }),
      { ...SEED, numRuns: 300 },
    );
  });

  it('sums, ranges and counts are the reference\'s under each policy and width', () => {
    fc.assert(
      fc.property(anyTiledLayer, fc.integer({ min: 2, max: 32 }), fc.constantFrom(...OVERFLOW_POLICIES), fc.boolean(), (layer, psumBits, overflow, wide) => {
        const input = inputOf(layer, psumBits, overflow);
        const expected = plainTileSums(input);
        const got = simd(layer, input, isNarrow(layer) && !wide);
        for (const [icTile, ocTile] of pairsOf(layer)) assert.deepEqual(got.add(icTile, ocTile), expected.add(icTile, ocTile));
        assert.deepEqual(got.finish(), expected.finish());
      }),
      { ...SEED, numRuns: 600 },
    );
  });

  it('two layers and single tiles may take turns on the one memory', () => {
    fc.assert(
      fc.property(anyTiledLayer, anyTiledLayer, fc.constantFrom(...OVERFLOW_POLICIES), fc.integer(), (one, other, overflow, seed) => {
        const layers = [one, other].map((layer) => ({ layer, input: inputOf(layer, 12, overflow), left: pairsOf(layer) }));
        const runs = layers.map(({ layer, input }) => ({ got: simd(layer, input), expected: plainTileSums(input) }));
        for (let turn = seed >>> 0; layers.some(({ left }) => left.length > 0); turn = (Math.imul(turn, 1664525) + 1013904223) >>> 0) {
          const which = (turn >>> 16) & 1;
          const pair = layers[which]!.left.shift();
          if (pair === undefined) continue;
          assert.deepEqual(runs[which]!.got.add(...pair), runs[which]!.expected.add(...pair));
          if ((turn & 0x700) === 0) psumTile(other.mapping, layers[1]!.input.activationTiles, layers[1]!.input.weightTiles, 0, 0);
        }
        for (const { got, expected } of runs) assert.deepEqual(got.finish(), expected.finish());
      }),
      { ...SEED, numRuns: 60 },
    );
  });

  it('a layer whose memory another one took and the host has no more of goes on in the plain way', () => {
    const size = { kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } };
    const large = { mapping: mapLayer(conv({ ...size, inChannels: 1, outChannels: 64, height: 600, width: 600 }), { rows: 1, cols: 64 }), activationCodes: new Int32Array(360000), weightCodes: new Int32Array(64) };
    // More than a new memory has before it grows
    const mapping = mapLayer(conv({ ...size, inChannels: 3, outChannels: 6, height: 100, width: 100 }), { rows: 2, cols: 4 });
    const layer = { mapping, activationCodes: Int32Array.from({ length: 30000 }, (_, i) => i % 16), weightCodes: Int32Array.from({ length: 18 }, (_, i) => i - 9) };
    const memory = (globalThis as unknown as { WebAssembly: { Memory: { prototype: { grow: (pages: number) => number } } } }).WebAssembly.Memory.prototype;
    const { grow } = memory;
    for (const overflow of OVERFLOW_POLICIES) {
      const input = inputOf(layer, 8, overflow);
      const [got, expected] = [simd(layer, input), plainTileSums(input)];
      const [first, ...rest] = pairsOf(layer);
      assert.deepEqual(got.add(...first!), expected.add(...first!));
      const other = simd(large, inputOf(large, 16, 'wrap'));
      other.add(0, 0);
      other.finish();
      memory.grow = () => { throw new RangeError('no more'); };
      try {
        for (const pair of rest) assert.deepEqual(got.add(...pair), expected.add(...pair));
        assert.deepEqual(got.finish(), expected.finish());
      } finally {
        memory.grow = grow;
      }
    }
  });

  it('the largest 16-bit products wrap as 32-bit sums do', () => {
    const mapping = mapLayer(conv({ inChannels: 9, outChannels: 2, height: 2, width: 3, kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } }), { rows: 9, cols: 2 });
    const layer = { mapping, activationCodes: new Int32Array(54).fill(-32768), weightCodes: new Int32Array(18).fill(-32768) };
    const { activationTiles, weightTiles } = inputOf(layer, 32, 'wrap');
    // 9 * 2^30 modulo 2^32
    assert.deepEqual([...psumTile(mapping, activationTiles, weightTiles, 0, 0)], new Array(12).fill(2 ** 30));
  });

  it('a layer whose sums outgrow the memory kept between layers gives it back', () => {
    const mapping = mapLayer(conv({ inChannels: 1, outChannels: 64, height: 600, width: 600, kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } }), { rows: 1, cols: 64 });
    const layer = { mapping, activationCodes: Int32Array.from({ length: 360000 }, (_, i) => i % 7), weightCodes: Int32Array.from({ length: 64 }, (_, i) => i - 32) };
    const input = inputOf(layer, 16, 'wrap');
    const sums = simd(layer, input);
    assert.deepEqual(sums.add(0, 0), { min: -192, max: 186, beyond: 0 });
    const { exact } = sums.finish();
    assert.equal(exact.length, 64 * 360000);
    assert.ok(exact.every((value, i) => value === ((i % 360000) % 7) * (Math.floor(i / 360000) - 32)));
    const small = { ...layer, mapping: mapLayer(conv({ ...mapping.conv, height: 1, width: 1 }), { rows: 1, cols: 64 }), activationCodes: Int32Array.of(3) };
    const after = simd(small, inputOf(small, 16, 'error'));
    assert.deepEqual(after.add(0, 0), { min: -96, max: 93, beyond: 0 });
    assert.deepEqual(after.finish().exact, Int32Array.from({ length: 64 }, (_, i) => 3 * (i - 32)));
  });
});
