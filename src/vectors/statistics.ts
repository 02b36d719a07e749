import type { Cut } from './fields';
import { asciiBytes } from './dump/byteSource';
import type { LineForm } from './simd/textKernel';
import { TextKernel, pitchOf, textKernel } from './simd/textKernel';
import type { WordFormat } from './wordValue';
import { RADIX_NUMBER, plainNumber, readWord, wrapped } from './wordValue';

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

/** Lines that are cut in many ways. */
export interface SampledLines {
  readonly lines: readonly string[];
  /** All of them, each with a newline, a byte a character. */
  readonly bytes: Uint8Array;
}

export function sampled(lines: readonly string[]): SampledLines {
  const text = `${lines.join('\n')}\n`;
  const bytes = new Uint8Array(text.length);
  // No word has a character that is no byte
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(0xff, text.charCodeAt(i));
  return { lines, bytes };
}

/** @param bits of a word; decimals are judged by their values */
export function statisticsOf(sample: SampledLines, cut: Cut, bits: number): Statistics {
  const tally = new Tally(bits);
  const values = regularValues(sample, cut, bits);
  if (values !== undefined) {
    for (let i = 0; i < values.length; i++) {
      tally.add(values[i]!);
      if ((i + 1) % cut.count === 0) tally.endLine();
    }
    return tally.statistics();
  }
  const into = cut.form === 'ragged' || cut.form === 'single' ? addTokens : addFields;
  for (const line of sample.lines) {
    into(tally, line, cut, bits);
    tally.endLine();
  }
  return tally.statistics();
}

/** The words of lines that are all exactly in the form of the cut, read on vectors; undefined when there is anything else. */
function regularValues({ lines, bytes }: SampledLines, { form, radix, width, count, separator, trailing }: Cut, bits: number): Int32Array | undefined {
  if (radix === 'decimal' || form === 'ragged' || form === 'single') return undefined;
  const lineForm: LineForm = { radix, width, bits, signed: true, words: count, gap: asciiBytes(separator), end: asciiBytes(`${trailing}\n`), above: 'anything' };
  const kernel = TextKernel.takes(lineForm) ? textKernel() : undefined;
  const length = pitchOf(lineForm) - 1;
  if (kernel === undefined || lines.some((line) => line.length !== length)) return undefined;
  return kernel.decode(lineForm, lines.length, bytes);
}

/** Words between blanks. */
function addTokens(tally: Tally, line: string, cut: Cut, bits: number): void {
  for (const text of line.trim().split(/[\s,]+/)) tally.word(text, formatOf(cut, bits));
}

/** Words at fixed columns. Nearly all are plain digits in full width, which need no text of their own. */
function addFields(tally: Tally, line: string, cut: Cut, bits: number): void {
  const { width, separator, count, radix } = cut;
  const base = radix === 'decimal' ? undefined : RADIX_NUMBER[radix];
  const step = width + separator.length;
  const end = line.trimEnd().length;
  const fields = Math.min(count, Math.ceil(end / step));
  for (let i = 0, from = 0; i < fields; i++, from += step) {
    const to = Math.min(end, from + width);
    const plain = base === undefined || to - from !== width ? Number.NaN : plainNumber(line, base, from, to);
    if (Number.isNaN(plain)) tally.word(line.slice(from, to), formatOf(cut, bits));
    else tally.add(wrapped(plain, bits, true));
  }
}

function formatOf({ radix, width }: Cut, bits: number): WordFormat {
  return { radix, bits, signed: true, digits: width };
}

class Tally {
  private words = 0;
  private negative = 0;
  private extended = 0;
  private nearMinusOne = 0;
  private nearOne = 0;
  private nonZero = 0;
  private bad = 0;
  private min = Infinity;
  private max = -Infinity;
  private leadingZeroLines = 0;
  /** Of the line, and of all lines so far. */
  private zero = true;
  private onlyZeros = true;
  private readonly small: number;

  constructor(bits: number) {
    this.small = 2 ** Math.min(bits - 1, Math.max(SMALL_BITS - 1, Math.floor(bits / 2)));
  }

  word(text: string, format: WordFormat): void {
    const { value, unknown } = readWord(text, format);
    if (value !== undefined) {
      this.add(value);
      return;
    }
    if (unknown === undefined) this.bad++;
    this.zero = false;
  }

  add(value: number): void {
    this.words++;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (value === 0) return;
    this.zero = false;
    this.nonZero++;
    if (value >= -this.small && value < this.small) this.extended++;
    if (value < 0) {
      this.negative++;
      if (value >= -3) this.nearMinusOne++;
    } else if (value <= 3) this.nearOne++;
  }

  endLine(): void {
    this.onlyZeros &&= this.zero;
    if (this.onlyZeros) this.leadingZeroLines++;
    this.zero = true;
  }

  statistics(): Statistics {
    const { words, nonZero, bad } = this;
    const share = (count: number): number => (nonZero === 0 ? 0 : count / nonZero);
    return {
      words,
      min: words === 0 ? 0 : this.min,
      max: words === 0 ? 0 : this.max,
      negative: words === 0 ? 0 : this.negative / words,
      extended: nonZero === 0 ? 1 : this.extended / nonZero,
      topBit: share(this.negative),
      nearMinusOne: share(this.nearMinusOne),
      nearOne: share(this.nearOne),
      leadingZeroLines: this.leadingZeroLines,
      bad: bad / Math.max(1, words + bad),
    };
  }
}
