import { MAX_BITS, weightLevels } from '../engine/quantize';

/** A tensor's values as whole multiples of one step. */
export interface Grid {
  /** Real distance of neighbouring values, float64. */
  readonly step: number;
  /** Greatest |value|, and its code. */
  readonly greatest: number;
  readonly maxCode: number;
}

/** More different magnitudes than the widest weights have: such a tensor was not quantised. */
const MOST_LEVELS = weightLevels(MAX_BITS);

/**
 * How far a stored value may be off its multiple, relative to the value. Quantising rounds twice to float32 and folding a
 * normalisation into it twice more: four times 2^-24, and room to spare. Three values on no grid meet this with a chance of about 1e-7.
 */
const TOLERANCE = 2 ** -21;

/**
 * Finds the coarsest grid on which all values lie, with at most 127 steps to each side of zero.
 * @returns undefined when there is none, or when all values are zero and any grid would do
 */
export function findGrid(values: Float32Array): Grid | undefined {
  const magnitudes = distinctMagnitudes(values);
  return magnitudes && gridOf(magnitudes);
}

function gridOf(magnitudes: readonly number[]): Grid | undefined {
  const greatest = magnitudes.reduce((most, value) => Math.max(most, value), 0);
  if (greatest === 0) return undefined;
  for (let maxCode = 1; maxCode <= MOST_LEVELS; maxCode++) {
    const step = greatest / maxCode;
    if (magnitudes.every((value) => isMultiple(value, step))) return { step, greatest, maxCode };
  }
  return undefined;
}

/** With fewer different magnitudes than this, real numbers that were never quantised lie on some grid by chance. */
export const EVIDENCE = 3;

/**
 * True when every channel lies on a grid, though not all on the same: what remains of quantised weights after each output channel was
 * multiplied by a factor of its own.
 * @param values `[channels, ...]`
 */
export function hasGridPerChannel(values: Float32Array, channels: number): boolean {
  const length = values.length / channels;
  if (channels < 2 || !Number.isInteger(length)) return false;
  const magnitudes = Array.from({ length: channels }, (_, c) => distinctMagnitudes(values.subarray(c * length, (c + 1) * length)));
  return (
    magnitudes.every((channel) => channel !== undefined && (channel.length === 0 || gridOf(channel) !== undefined)) &&
    magnitudes.some((channel) => channel !== undefined && channel.length >= EVIDENCE)
  );
}

/** The different non-zero |values|; undefined when there are more than a quantised tensor has, or one is not finite. */
export function distinctMagnitudes(values: Float32Array): number[] | undefined {
  const seen = new Set<number>();
  for (const value of values) {
    if (value === 0) continue;
    seen.add(Math.abs(value));
    if (seen.size > MOST_LEVELS || !Number.isFinite(value)) return undefined;
  }
  return [...seen];
}

function isMultiple(value: number, step: number): boolean {
  const code = Math.round(value / step);
  return code > 0 && Math.abs(value - code * step) <= value * TOLERANCE;
}
