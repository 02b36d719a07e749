import type { CheckRow, CheckView, Difference, RowSide } from '../../protocol/checkReport';
import type { Coordinates } from '../../vectors/axis';
import { AXES } from '../../vectors/axis';
import { WORD_STATES } from '../../vectors/dump/entries';
import { signed } from '../../vectors/present/numbers';

/** What stands for a word that says no value: unknown bits, never written, not there. */
export const UNKNOWN = 'x';
export const UNWRITTEN = '·';
export const ABSENT = '–';
export const MALFORMED = '!';

export function cellText({ values, states }: RowSide, word: number): string {
  switch (states[word] ?? WORD_STATES.missing) {
    case WORD_STATES.known:
      return signed(values[word]!);
    case WORD_STATES.unknownBits:
      return UNKNOWN;
    case WORD_STATES.unwritten:
      return UNWRITTEN;
    case WORD_STATES.malformed:
      return MALFORMED;
    default:
      return ABSENT;
  }
}

/** In what way a word of a row differs; undefined when it does not, or when there is nothing to compare. */
export function differenceOf({ expected, got }: CheckRow, word: number, { sparse }: Pick<CheckView, 'sparse'>): Difference | undefined {
  if (expected.states[word] !== WORD_STATES.known) return undefined;
  switch (got.states[word] ?? WORD_STATES.missing) {
    case WORD_STATES.known:
      return got.values[word] === expected.values[word] ? undefined : 'value';
    case WORD_STATES.unknownBits:
      return 'unknown';
    case WORD_STATES.unwritten:
      return 'unwritten';
    case WORD_STATES.malformed:
      return 'malformed';
    default:
      return sparse ? undefined : 'missing';
  }
}

/** Coordinates of a word of a row. */
export function coordinatesOf({ place }: CheckRow, word: number, { words }: Pick<CheckView, 'words'>): Coordinates {
  const step = words[word] ?? {};
  return Object.fromEntries(AXES.flatMap((axis) => (place[axis] === undefined ? [] : [[axis, place[axis] + (step[axis] ?? 0)]])));
}

/** `1111 1xx0`: the bits of a word, x where unknown, in fours from the right; empty for a word that is not there. */
export function wordBits({ values, states, unknown }: RowSide, word: number, bits: number): string {
  if (states[word] === WORD_STATES.missing || states[word] === WORD_STATES.malformed || states[word] === undefined) return '';
  const all = states[word] === WORD_STATES.unwritten;
  const value = values[word]!;
  const digits = Array.from({ length: bits }, (_, i) => bits - 1 - i).map((bit) => (all || ((unknown?.[word] ?? 0) >>> bit) & 1 ? 'x' : String((value >> Math.min(bit, 31)) & 1)));
  return digits.join('').replaceAll(/\B(?=(?:.{4})+$)/g, ' ');
}
