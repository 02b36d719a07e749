import fc from 'fast-check';
import { conv } from '../../../../src/engine/conv';
import type { Mapping } from '../../../../src/engine/tiling';
import { mapLayer } from '../../../../src/engine/tiling';
import { anyConvSpec } from '../../support/anyConvSpec';
import { lcg } from '../../support/lcg';

/** Codes of a layer that an array computes. */
export interface TiledLayer {
  readonly mapping: Mapping;
  readonly activationCodes: Int32Array;
  readonly weightCodes: Int32Array;
}

/** Any small convolution on arrays of up to 32 rows and columns, with codes of any width from 2 to 16 bits and the ends of their range among them. */
export const anyTiledLayer: fc.Arbitrary<TiledLayer> = fc
  .record({
    spec: anyConvSpec({ channels: 40, size: 9, kernel: 4, stride: 3, dilation: 3, padding: 3 }),
    rows: fc.integer({ min: 1, max: 32 }),
    cols: fc.integer({ min: 1, max: 32 }),
    activationBits: fc.integer({ min: 2, max: 16 }),
    weightBits: fc.integer({ min: 2, max: 16 }),
    unsigned: fc.boolean(),
    offset: fc.boolean(),
    seed: fc.integer(),
  })
  .map(({ rows, cols, activationBits, weightBits, unsigned, offset, seed, spec }) => {
    const mapping = mapLayer(conv(spec), { rows, cols });
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
