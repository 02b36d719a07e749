import type { Conv } from './conv';
import { directConvolution } from './direct';
import type { OverflowPolicy } from './width';
import { fitToWidth } from './width';

/** What a run says of itself: do the tiles add up to the convolution, and how far is the real-valued output from the reference? */
export interface SelfCheck {
  /** Outputs compared, and those where tiles and direct convolution differ. Under `saturate` a difference is the model, not a fault. */
  readonly outputs: number;
  readonly differing: number;
  /** mean and greatest |recovered - reference| in the network's real units; absent when no scales are known */
  readonly error?: { readonly mean: number; readonly max: number; readonly reference: string };
}

/**
 * Compares tiled outputs with the direct convolution of the same codes.
 * @param out `[outChannels, outHeight, outWidth]` before ReLU, as `psumBits` bits hold it
 */
export function countTilingDifferences(conv: Conv, activationCodes: Int32Array, weightCodes: Int32Array, out: Int32Array, psumBits: number, policy: OverflowPolicy): number {
  const direct = Int32Array.from(directConvolution(conv, activationCodes, weightCodes));
  fitToWidth(direct, { bits: psumBits, signed: true }, policy);
  return direct.reduce((count, value, index) => count + (value === out[index] ? 0 : 1), 0);
}

/**
 * Distance between the integer outputs brought back to real units and a reference output.
 * @param out integer outputs, any shape
 * @param step real value of one unit of `out`: weight step times activation step
 * @param reference same shape, in real units
 */
export function recoveryError(out: Int32Array, step: number, reference: ArrayLike<number>): { mean: number; max: number } {
  let sum = 0;
  let max = 0;
  for (let i = 0; i < out.length; i++) {
    const difference = Math.abs(out[i]! * step - reference[i]!);
    sum += difference;
    max = Math.max(max, difference);
  }
  return { mean: out.length === 0 ? 0 : sum / out.length, max };
}
