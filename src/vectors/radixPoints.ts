import type { Cut } from './fields';
import type { Radix } from './layout';

/** What the words of a sample say about their radix, however they are cut. */
export interface DigitFacts {
  /** A digit a to f occurs. */
  readonly letters: boolean;
  /** Words that are longer than one digit and begin with 0. */
  readonly leadingZeros: boolean;
  /** Words that are neither 0 nor 1. */
  readonly telling: number;
}

/** So many words of hex digits without a letter are no accident. */
const MANY_WORDS = 16;
const MANY_CODES = 32;

export function digitFacts(lines: readonly string[]): DigitFacts {
  const words = lines.flatMap((line) => line.trim().split(/[\s,]+/));
  return {
    letters: lines.some((line) => /[a-f]/i.test(line)),
    leadingZeros: words.some((word) => /^-?0\d/.test(word)),
    telling: words.filter((word) => !/^0*[01]$/.test(word)).length,
  };
}

/** How well the digits suit a radix, as points; 0 is neither for nor against. `named` is the radix that the file name says. */
export function radixPoints({ radix, width, form, uneven }: Cut, { letters, leadingZeros, telling }: DigitFacts, named: Radix | undefined): number {
  if (uneven) return -5;
  if (letters) return 0;
  if (radix === 'decimal') return leadingZeros && form !== 'columns' ? -4 : 0;
  if (radix !== 'hex' || named === 'hex' || leadingZeros) return 0;
  if (width === 1 && form !== 'joined') return telling >= MANY_CODES ? -3 : 0;
  return telling >= MANY_WORDS ? -5 : 0;
}
