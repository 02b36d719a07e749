import { codeRange } from './quantize';
import { Problem } from './problem';

/** What happens to a value that n bits cannot hold. Hardware does one of the last two; a test bench wants to know. */
export const OVERFLOW_POLICIES = ['error', 'wrap', 'saturate'] as const;
export type OverflowPolicy = (typeof OVERFLOW_POLICIES)[number];

/** Values of a tensor that n bits cannot hold: how many, and the first in memory order. */
export interface Overflow {
  readonly count: number;
  readonly firstIndex: number;
  readonly firstValue: number;
}

/** An integer's form in hardware: its width, and whether it is two's complement. */
export interface IntegerFormat {
  readonly bits: number;
  readonly signed: boolean;
}

/**
 * Makes every value fit a width, in place, and says what did not fit.
 * Under `error` nothing is changed: the caller names the place and stops.
 */
export function fitToWidth(values: Int32Array, { bits, signed }: IntegerFormat, policy: OverflowPolicy): Overflow | undefined {
  const { min, max } = codeRange(bits, signed);
  const spare = 32 - bits;
  let count = 0;
  let firstIndex = -1;
  let firstValue = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= min && value <= max) continue;
    if (count++ === 0) {
      firstIndex = i;
      firstValue = value;
    }
    if (policy === 'wrap') values[i] = signed ? (value << spare) >> spare : (value << spare) >>> spare;
    else if (policy === 'saturate') values[i] = value < min ? min : max;
  }
  return count === 0 ? undefined : { count, firstIndex, firstValue };
}

/** The error of policy `error`: names the first place, the count, and the least width that would do. */
export function overflowProblem(what: string, place: string, overflow: Overflow, total: number, bits: number, extremes: { min: number; max: number }): Problem {
  const needed = leastSignedBits(extremes.min, extremes.max);
  return new Problem(
    'psum-overflow',
    `${overflow.count} of ${total} ${what} values do not fit ${bits} bits; the first is ${overflow.firstValue} at ${place}.`,
    `Set array.psumBits to ${needed} or more, or choose array.overflow "wrap" or "saturate" to model what the hardware does.`,
  );
}

/** Least width in two's complement that holds both numbers. */
export function leastSignedBits(min: number, max: number): number {
  for (let bits = 1; bits < 53; bits++) {
    const range = codeRange(bits, true);
    if (min >= range.min && max <= range.max) return bits;
  }
  return 53;
}

/** Least and greatest value of a tensor; 0 and 0 of an empty one. */
export function extremes(values: Int32Array): { min: number; max: number } {
  let min = values[0] ?? 0;
  let max = min;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}
