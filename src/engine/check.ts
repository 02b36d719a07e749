import type { Conv } from './conv';
import { directConvolution } from './direct';

/** What a run says of itself: do the tiles add up to the convolution, and how far is the real-valued output from the reference? */
export interface SelfCheck {
  /** Outputs compared, before any width cut them. A run in which one differs writes nothing. */
  readonly outputs: number;
  /** mean and greatest |recovered - reference| in the network's real units; absent when no scales or no reference are known */
  readonly error?: {
    readonly mean: number;
    readonly max: number;
    readonly reference: string;
    /** Real value of one unit of an integer output; a mean beyond a quarter of it is no rounding. */
    readonly step: number;
    /** Values were cut on the way, as the user chose, so that the outputs differ from the reference by intention. */
    readonly cut: boolean;
  };
}

/** Part of an output step by which rounding may move the mean. */
const TOLERANCE = 0.25;

/**
 * Outputs that differ between the tiled computation and the direct convolution of the same codes.
 * @param out `[outChannels, outHeight, outWidth]` before ReLU and before any width cut them
 */
export function countTilingDifferences(conv: Conv, activationCodes: Int32Array, weightCodes: Int32Array, out: Int32Array): number {
  return directConvolution(conv, activationCodes, weightCodes).reduce((count, value, index) => count + (value === out[index] ? 0 : 1), 0);
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

/** Is the distance more than rounding, with nothing cut that would explain it? */
export function isWrong({ mean, step, cut }: NonNullable<SelfCheck['error']>): boolean {
  return !cut && !(mean <= step * TOLERANCE);
}
