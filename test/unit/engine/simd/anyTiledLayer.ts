import fc from 'fast-check';
import type { ConvSpec } from '../../../../src/engine/conv';
import { conv } from '../../../../src/engine/conv';
import type { Mapping } from '../../../../src/engine/tiling';
import { mapLayer } from '../../../../src/engine/tiling';

/** Codes of a layer that an array computes. */
export interface TiledLayer {
  readonly mapping: Mapping;
  readonly activationCodes: Int32Array;
  readonly weightCodes: Int32Array;
}

/** Any small convolution on arrays of up to 32 rows and columns, with codes of any width from 2 to 16 bits and the ends of their range among them. */
export const anyTiledLayer: fc.Arbitrary<TiledLayer> = fc
  .record({
    inChannels: fc.integer({ min: 1, max: 40 }),
    outChannels: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    kernelHeight: fc.integer({ min: 1, max: 4 }),
    kernelWidth: fc.integer({ min: 1, max: 4 }),
    strideHeight: fc.integer({ min: 1, max: 3 }),
    strideWidth: fc.integer({ min: 1, max: 3 }),
    dilationHeight: fc.integer({ min: 1, max: 3 }),
    dilationWidth: fc.integer({ min: 1, max: 3 }),
    padding: fc.record({ top: fc.integer({ min: 0, max: 3 }), left: fc.integer({ min: 0, max: 3 }), bottom: fc.integer({ min: 0, max: 3 }), right: fc.integer({ min: 0, max: 3 }) }),
    rows: fc.integer({ min: 1, max: 32 }),
    cols: fc.integer({ min: 1, max: 32 }),
    activationBits: fc.integer({ min: 2, max: 16 }),
    weightBits: fc.integer({ min: 2, max: 16 }),
    unsigned: fc.boolean(),
    offset: fc.boolean(),
    seed: fc.integer(),
  })
  .filter((s) => s.height + s.padding.top + s.padding.bottom > s.dilationHeight * (s.kernelHeight - 1) && s.width + s.padding.left + s.padding.right > s.dilationWidth * (s.kernelWidth - 1))
  .map(({ rows, cols, activationBits, weightBits, unsigned, offset, seed, ...spec }) => {
    const mapping = mapLayer(conv(spec satisfies ConvSpec), { rows, cols });
    const random = lcg(seed);
    const codes = (length: number, least: number, bits: number): Int32Array => Int32Array.from({ length }, () => anyCode(random, least, bits, offset));
    return {
      mapping,
      activationCodes: codes(spec.inChannels * spec.height * spec.width, unsigned ? 0 : -(2 ** (activationBits - 1)), activationBits),
      weightCodes: codes(spec.outChannels * spec.inChannels * mapping.conv.kijCount, -(2 ** (weightBits - 1)), weightBits),
    };
  });

/** @param offset only the upper end of the range: then sums have one sign, and no zero among them hides what padding does */
function anyCode(random: () => number, least: number, bits: number, offset: boolean): number {
  const span = 2 ** bits;
  if (offset) return least + span - 1 - (random() % Math.ceil(span / 4));
  const choice = random() % 16;
  return choice === 0 ? least : choice === 1 ? least + span - 1 : least + (random() % span);
}

export function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
