import fc from 'fast-check';
import type { ConvSpec } from '../../../../src/engine/conv';
import { conv } from '../../../../src/engine/conv';
import type { LayerResult } from '../../../../src/engine/layer';
import type { ScheduledLayer } from '../../../../src/engine/schedule/arrayState';
import { mapLayer } from '../../../../src/engine/tiling';
import type { OverflowPolicy } from '../../../../src/engine/width';
import { writeNpy } from '../../../../src/model/npy';
import { InspectSession } from '../../../../src/project/inspect/session';
import type { InspectAnswer, InspectQuestion } from '../../../../src/protocol/inspect';
import type { LayerConfig } from '../../../../src/project/schema';
import { anyConvSpec } from '../../support/anyConvSpec';
import { lcg } from '../../support/lcg';
import { computed } from '../../support/layers';
import type { TestFolder } from '../../support/workspace';
import { ORT_SCRIPT, configOf } from '../../support/workspace';

/** A layer with its codes, in plain words: what the tests compute again in another way. */
export interface Plain {
  readonly spec: ConvSpec;
  readonly rows: number;
  readonly cols: number;
  readonly psumBits: number;
  readonly overflow: OverflowPolicy;
  readonly activations: Int32Array;
  readonly weights: Int32Array;
}

/** Any small convolution on any small array, in a width that often is too narrow. */
export const anyPlain: fc.Arbitrary<Plain> = fc
  .record({
    spec: anyConvSpec({ channels: 7, size: 5, kernel: 3, stride: { height: 3, width: 2 }, dilation: 2, padding: 2 }),
    rows: fc.integer({ min: 1, max: 9 }),
    cols: fc.integer({ min: 1, max: 5 }),
    overflowing: fc.constantFrom([32, 'error'] as const, [7, 'wrap'] as const, [7, 'saturate'] as const, [9, 'saturate'] as const),
    seed: fc.integer(),
  })
  .map(({ rows, cols, overflowing: [psumBits, overflow], seed, spec }) => plainOf(spec, { rows, cols, psumBits, overflow }, seed));

export function plainOf(spec: ConvSpec, array: Pick<Plain, 'rows' | 'cols' | 'psumBits' | 'overflow'>, seed = 1): Plain {
  const random = lcg(seed);
  return {
    spec,
    ...array,
    activations: Int32Array.from({ length: spec.inChannels * spec.height * spec.width }, () => random() % 16),
    weights: Int32Array.from({ length: spec.outChannels * spec.inChannels * spec.kernelHeight * spec.kernelWidth }, () => (random() % 15) - 7),
  };
}

/** What the engine makes of it. */
export function engineOf({ spec, rows, cols, psumBits, overflow, activations, weights }: Plain): LayerResult & ScheduledLayer {
  const mapping = mapLayer(conv(spec), { rows, cols });
  return { ...computed({ mapping, activationCodes: activations, weightCodes: weights, psumBits, overflow }), psumBits, overflow, relu: true };
}

/** An output straight from the definition of a convolution: no tile, no padded pixel. */
export function naiveOutput({ spec: s, activations, weights }: Plain, channel: number, oi: number, oj: number): number {
  let sum = 0;
  for (let ic = 0; ic < s.inChannels; ic++) {
    for (let ki = 0; ki < s.kernelHeight; ki++) {
      for (let kj = 0; kj < s.kernelWidth; kj++) {
        const i = oi * s.strideHeight + ki * s.dilationHeight - s.padding.top;
        const j = oj * s.strideWidth + kj * s.dilationWidth - s.padding.left;
        if (i < 0 || j < 0 || i >= s.height || j >= s.width) continue;
        sum += activations[(ic * s.height + i) * s.width + j]! * weights[((channel * s.inChannels + ic) * s.kernelHeight + ki) * s.kernelWidth + kj]!;
      }
    }
  }
  return sum;
}

/** A number as a register of that width holds it. */
export function held(value: number, { psumBits, overflow }: Pick<Plain, 'psumBits' | 'overflow'>): number {
  const [min, max] = [-(2 ** (psumBits - 1)), 2 ** (psumBits - 1) - 1];
  if (overflow === 'saturate') return Math.min(max, Math.max(min, value));
  return overflow === 'wrap' ? ((((value - min) % 2 ** psumBits) + 2 ** psumBits) % 2 ** psumBits) + min : value;
}

/** The layer as a user writes it: `.npy` codes and an entry. */
export function layerConfig(folder: TestFolder, { spec: s, rows, cols, psumBits, overflow, activations, weights }: Plain, more: Partial<LayerConfig> = {}): LayerConfig {
  folder.write('a.npy', writeNpy(Int8Array.from(activations), [s.inChannels, s.height, s.width]));
  folder.write('w.npy', writeNpy(Int8Array.from(weights), [s.outChannels, s.inChannels, s.kernelHeight, s.kernelWidth]));
  const { padding: p } = s;
  return {
    name: 'layer',
    source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' },
    convolution: { stride: [s.strideHeight, s.strideWidth], dilation: [s.dilationHeight, s.dilationWidth], padding: [p.top, p.left, p.bottom, p.right] },
    array: { rows, cols, psumBits, overflow },
    extras: [],
    output: 'golden',
    ...more,
  };
}

export function newSession(budget?: { computed: number; golden: number }): InspectSession {
  return new InspectSession({ ortScript: ORT_SCRIPT, ...(budget !== undefined && { budget }) });
}

/** A session on which the layer is open. */
export async function opened(folder: TestFolder, plain: Plain, more: Partial<LayerConfig> = {}): Promise<InspectSession> {
  configOf(folder, layerConfig(folder, plain, more));
  const session = newSession();
  await ask(session, { type: 'open', subject: { type: 'layer', file: folder.file('tilescope.json'), layer: 'layer' } }, 'opened');
  return session;
}

/** The answer to a question, which must be of that type. */
export async function ask<T extends InspectAnswer['type']>(session: InspectSession, question: InspectQuestion, type: T): Promise<Extract<InspectAnswer, { type: T }>> {
  const answer = await session.answer(question);
  if (answer.type !== type) throw new Error(`Expected ${type}, got ${JSON.stringify(answer).slice(0, 200)}`);
  return answer as Extract<InspectAnswer, { type: T }>;
}

