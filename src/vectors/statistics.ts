import type { Cut } from './fields';
import { readWord } from './wordValue';

/** What the values of a sample of words look like, whatever they hold. Shares are 0 to 1. */
export interface Statistics {
  readonly words: number;
  readonly min: number;
  readonly max: number;
  /** Words with a minus sign or, in two's complement, with their top bit set. */
  readonly negative: number;
  /** Of the words that are not 0: those whose upper bits all equal the sign, as small numbers in a wide word have. */
  readonly extended: number;
  /** Of the words that are not 0: top bit set. */
  readonly topBit: number;
  /** Of the words that are not 0: negative numbers near 0 (-1, -2, -3). */
  readonly nearMinusOne: number;
  /** Of the words that are not 0: 1, 2, 3. */
  readonly nearOne: number;
  /** Leading data lines that are 0 throughout: the top padding of an image. */
  readonly leadingZeroLines: number;
  /** Words that the cut cannot read. */
  readonly bad: number;
}

/** Bits that psums and outputs of the usual layers need: the rest of a wide word is sign. */
const SMALL_BITS = 13;

/** @param bits of a word; decimals are judged by their values */
export function statisticsOf(lines: readonly string[], cut: Cut, bits: number): Statistics {
  const format = { radix: cut.radix, bits, signed: true, digits: cut.width };
  let [words, negative, extended, topBit, nearMinusOne, nearOne, nonZero, bad] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [min, max] = [Infinity, -Infinity];
  let leadingZeroLines = 0;
  let onlyZeros = true;
  const small = 2 ** Math.min(bits - 1, Math.max(SMALL_BITS - 1, Math.floor(bits / 2)));
  for (const line of lines) {
    let zero = true;
    for (const text of fieldsOf(line, cut)) {
      const read = readWord(text, format);
      if (read.value === undefined) {
        if (read.unknown === undefined) bad++;
        zero = false;
        continue;
      }
      const { value } = read;
      words++;
      min = Math.min(min, value);
      max = Math.max(max, value);
      if (value === 0) continue;
      zero = false;
      nonZero++;
      if (value < 0) negative++;
      if (value < 0) topBit++;
      if (value >= -small && value < small) extended++;
      if (value < 0 && value >= -3) nearMinusOne++;
      if (value > 0 && value <= 3) nearOne++;
    }
    onlyZeros &&= zero;
    if (onlyZeros) leadingZeroLines++;
  }
  const share = (count: number): number => (nonZero === 0 ? 0 : count / nonZero);
  return { words, min: words === 0 ? 0 : min, max: words === 0 ? 0 : max, negative: words === 0 ? 0 : negative / words, extended: nonZero === 0 ? 1 : extended / nonZero, topBit: share(topBit), nearMinusOne: share(nearMinusOne), nearOne: share(nearOne), leadingZeroLines, bad: bad / Math.max(1, words + bad) };
}

function fieldsOf(line: string, { form, width, separator, count }: Cut): string[] {
  if (form === 'ragged' || form === 'single') return line.trim().split(/[\s,]+/);
  const step = width + separator.length;
  const end = line.trimEnd().length;
  return Array.from({ length: Math.min(count, Math.ceil(end / step)) }, (_, i) => line.slice(i * step, Math.min(end, i * step + width)));
}
