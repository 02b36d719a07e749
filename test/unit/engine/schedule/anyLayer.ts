import fc from 'fast-check';
import type { ConvSpec } from '../../../../src/engine/conv';
import { conv } from '../../../../src/engine/conv';
import type { LayerInput, LayerResult } from '../../../../src/engine/layer';
import type { ScheduledLayer } from '../../../../src/engine/schedule/arrayState';
import { mapLayer } from '../../../../src/engine/tiling';
import { anyConvSpec } from '../../support/anyConvSpec';
import { lcg } from '../../support/lcg';
import { computed } from '../../support/layers';

export type TestLayer = LayerResult & ScheduledLayer;

/** Any very small convolution on any very small array, computed, in a width that often is too narrow: a test goes through all its cycles. */
export const anyLayer: fc.Arbitrary<TestLayer> = fc
  .record({
    spec: anyConvSpec({ channels: 5, size: 4, kernel: { height: 3, width: 2 }, stride: { height: 2, width: 3 }, dilation: 2, padding: { top: 1, left: 2, bottom: 1, right: 1 } }),
    rows: fc.integer({ min: 1, max: 5 }),
    cols: fc.integer({ min: 1, max: 5 }),
    held: fc.constantFrom({ psumBits: 32, overflow: 'error' } as const, { psumBits: 7, overflow: 'wrap' } as const, { psumBits: 7, overflow: 'saturate' } as const),
    seed: fc.integer(),
  })
  .map(({ rows, cols, held, seed, spec }) => layerOf(spec, { rows, cols }, seed, held));

/** A layer of 4-bit codes drawn from a seed. */
export function layerOf(spec: ConvSpec, array: { rows: number; cols: number }, seed = 1, width: Pick<LayerInput, 'psumBits' | 'overflow'> = { psumBits: 32, overflow: 'error' }): TestLayer {
  const mapping = mapLayer(conv(spec), array);
  const random = lcg(seed);
  const activationCodes = Int32Array.from({ length: spec.inChannels * spec.height * spec.width }, () => random() % 16);
  const weightCodes = Int32Array.from({ length: spec.outChannels * spec.inChannels * mapping.conv.kijCount }, () => (random() % 15) - 7);
  return { ...computed({ mapping, activationCodes, weightCodes, ...width }), ...width, relu: true };
}
