import fc from 'fast-check';
import type { ConvSpec } from '../../../../src/engine/conv';
import { conv } from '../../../../src/engine/conv';
import type { LayerInput, LayerResult } from '../../../../src/engine/layer';
import type { ScheduledLayer } from '../../../../src/engine/schedule/arrayState';
import { mapLayer } from '../../../../src/engine/tiling';
import { computed } from '../../support/layers';

export type TestLayer = LayerResult & ScheduledLayer;

/** Any very small convolution on any very small array, computed, in a width that often is too narrow: a test goes through all its cycles. */
export const anyLayer: fc.Arbitrary<TestLayer> = fc
  .record({
    inChannels: fc.integer({ min: 1, max: 5 }),
    outChannels: fc.integer({ min: 1, max: 5 }),
    height: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 4 }),
    kernelHeight: fc.integer({ min: 1, max: 3 }),
    kernelWidth: fc.integer({ min: 1, max: 2 }),
    strideHeight: fc.integer({ min: 1, max: 2 }),
    strideWidth: fc.integer({ min: 1, max: 3 }),
    dilationHeight: fc.integer({ min: 1, max: 2 }),
    dilationWidth: fc.integer({ min: 1, max: 2 }),
    padding: fc.record({ top: fc.integer({ min: 0, max: 1 }), left: fc.integer({ min: 0, max: 2 }), bottom: fc.integer({ min: 0, max: 1 }), right: fc.integer({ min: 0, max: 1 }) }),
    rows: fc.integer({ min: 1, max: 5 }),
    cols: fc.integer({ min: 1, max: 5 }),
    width_: fc.constantFrom({ psumBits: 32, overflow: 'error' } as const, { psumBits: 7, overflow: 'wrap' } as const, { psumBits: 7, overflow: 'saturate' } as const),
    seed: fc.integer(),
  })
  .filter(
    (s) =>
      s.height + s.padding.top + s.padding.bottom > s.dilationHeight * (s.kernelHeight - 1) && s.width + s.padding.left + s.padding.right > s.dilationWidth * (s.kernelWidth - 1),
  )
  .map(({ rows, cols, width_, seed, ...spec }) => layerOf(spec, { rows, cols }, seed, width_));

/** A layer of 4-bit codes drawn from a seed. */
export function layerOf(spec: ConvSpec, array: { rows: number; cols: number }, seed = 1, width: Pick<LayerInput, 'psumBits' | 'overflow'> = { psumBits: 32, overflow: 'error' }): TestLayer {
  const mapping = mapLayer(conv(spec), array);
  let state = seed >>> 0;
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
  const activationCodes = Int32Array.from({ length: spec.inChannels * spec.height * spec.width }, () => random() % 16);
  const weightCodes = Int32Array.from({ length: spec.outChannels * spec.inChannels * mapping.conv.kijCount }, () => (random() % 15) - 7);
  return { ...computed({ mapping, activationCodes, weightCodes, ...width }), ...width, relu: true };
}
