import type { Layout } from '../layout';
import { asciiText } from './byteSource';
import { cleanWords } from './comments';
import type { EntryWords } from './entries';
import { WORD_STATES, fillState } from './entries';
import { dumpSpans } from './dumpSpans';

/** Digit values by character; `x` and `z` are beyond the digits, everything else is no digit. */
const UNKNOWN = 32;
const NO_DIGIT = 64;
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (let i = 0; i < 10; i++) DIGITS[0x30 + i] = i;
for (let i = 0; i < 6; i++) DIGITS[0x61 + i] = DIGITS[0x41 + i] = 10 + i;
for (const letter of 'xXzZ?') DIGITS[letter.charCodeAt(0)] = UNKNOWN;

const BLANK = 0x20;
const MINUS = 0x2d;

/** Of a word without sign. The x of decimals stand for whole numbers. */
const WORDS: Readonly<Record<Layout['spec']['radix'], RegExp>> = { binary: /^[01xz?]+$/i, hex: /^[0-9a-fxz?]+$/i, decimal: /^(?:[-+]?[0-9]+|[xz?]+)$/i };
const ALL_UNKNOWN = /^[xz?]+$/i;

/** Words of lines in a layout, as numbers. A word that is no number, and all words of a line that has too few or too many digits, are malformed. */
export class LineDecoder {
  /** Cuts the digits to the word's own bits. */
  private readonly mask: number;
  private readonly spare: number;
  /** Binary and hex: the bits of a word's digits above its own. */
  private readonly above: number;

  /**
   * @param memory words of nothing but x were never written
   * @param exact words have all their digits: a shorter one is a part of one
   */
  constructor(
    readonly layout: Layout,
    private readonly memory: boolean,
    private readonly exact: boolean,
  ) {
    const { bits } = layout.spec;
    this.mask = bits >= 32 ? -1 : 2 ** bits - 1;
    this.spare = Math.max(0, 32 - bits);
    const digits = layout.wordWidth * (layout.spec.radix === 'hex' ? 4 : 1);
    this.above = (digits >= 32 ? -1 : 2 ** digits - 1) & ~this.mask;
  }

  /** @param end without the line end */
  decode(bytes: Uint8Array, start: number, end: number, into: EntryWords): void {
    const quick = this.layout.spec.radix === 'decimal' ? this.decimals(bytes, start, end, into) : this.digits(bytes, start, end, into);
    if (!quick) this.tolerant(asciiText(bytes, start, end), into);
  }

  /** Binary and hex at the layout's columns; false when there is anything else. */
  private digits(bytes: Uint8Array, start: number, end: number, into: EntryWords): boolean {
    const { wordsPerLine, wordWidth, lineWidth, spec } = this.layout;
    // Shifting would lose the digits above
    if (wordWidth * (spec.radix === 'hex' ? 4 : 1) > 32) return false;
    if (end - start > lineWidth || end - start < lineWidth - spec.trailing.length) return false;
    const [shift, gap] = [spec.radix === 'hex' ? 4 : 1, spec.separator.length];
    let at = start;
    for (let word = 0; word < wordsPerLine; word++) {
      if (word > 0) for (const last = at + gap; at < last; at++) if (bytes[at] !== spec.separator.charCodeAt(gap - (last - at))) return false;
      let [value, unknown, unknowns] = [0, 0, 0];
      for (const last = at + wordWidth; at < last; at++) {
        const digit = DIGITS[bytes[at]!]!;
        value <<= shift;
        unknown <<= shift;
        if (digit < 1 << shift) value |= digit;
        else if (digit === UNKNOWN) {
          unknown |= (1 << shift) - 1;
          // `X` and `z` are bits that something drives
          if (bytes[at] === 0x78) unknowns++;
        } else return false;
      }
      // An x above the width of a value makes the whole word doubtful
      this.put(into, word, this.low(value), (unknown & ~this.mask) === 0 ? unknown : this.mask, unknowns === wordWidth);
    }
    return true;
  }

  /** Numbers between blanks; false when there are not as many as there should be, or a number does not fit. */
  private decimals(bytes: Uint8Array, start: number, end: number, into: EntryWords): boolean {
    const { wordsPerLine } = this.layout;
    const { min, max } = this.layout.range;
    let at = start;
    for (let word = 0; word < wordsPerLine; word++) {
      while (at < end && bytes[at] === BLANK) at++;
      const negative = bytes[at] === MINUS;
      if (negative) at++;
      const first = at;
      let value = 0;
      for (; at < end && DIGITS[bytes[at]!]! < 10; at++) value = 10 * value + DIGITS[bytes[at]!]!;
      if (at > first) {
        const signed = negative ? -value : value;
        if (signed < min || signed > max) return false;
        this.put(into, word, signed, 0, false);
      } else if (!negative && at < end && DIGITS[bytes[at]!] === UNKNOWN) {
        this.put(into, word, 0, this.mask, bytes[at] === 0x78);
        at++;
      } else return false;
      if (at < end && bytes[at] !== BLANK) return false;
    }
    while (at < end && bytes[at] === BLANK) at++;
    return at === end;
  }

  private tolerant(line: string, into: EntryWords): void {
    const words = cleanWords(line);
    const spans = dumpSpans(this.layout, words);
    fillState(into, WORD_STATES.malformed);
    for (const [word, { column, length }] of (spans ?? []).entries()) this.word(words.slice(column, column + length), word, into);
  }

  private word(text: string, word: number, into: EntryWords): void {
    const { wordWidth, spec } = this.layout;
    const bare = text.trim().replaceAll('_', '');
    if (!WORDS[spec.radix].test(bare)) return;
    const allUnknown = ALL_UNKNOWN.test(bare);
    if (this.exact && spec.radix !== 'decimal' && bare.length !== wordWidth && !allUnknown) return;
    if (/[xz?]/i.test(bare)) this.put(into, word, 0, (allUnknown ? 0 : unknownBits(bare, spec.radix) & this.mask) || this.mask, /^x+$/.test(bare));
    else this.put(into, word, clamped(spec.radix === 'decimal' ? Number(bare) : wideValue(bare, spec)), 0, false);
  }

  private put(into: EntryWords, word: number, value: number, unknown: number, allUnknown: boolean): void {
    into.unknown[word] = unknown;
    into.state[word] = unknown === 0 ? WORD_STATES.known : allUnknown && this.memory ? WORD_STATES.unwritten : WORD_STATES.unknownBits;
    into.values[word] = unknown !== 0 ? 0 : value;
  }

  /** The value of so many bits: its low part where all above it are zeros or copies of the sign, else all of it, which then equals no golden word. */
  private low(value: number): number {
    const { signed } = this.layout.spec;
    const above = value & ~this.mask;
    const wrapped = signed ? (value << this.spare) >> this.spare : value & this.mask;
    return above === 0 || (signed && above === this.above && wrapped < 0) ? wrapped : value;
  }
}

/** Rather the farthest value there is than one that fits by chance. */
function clamped(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));
}

/** Binary or hex digits, as many as there are: the value of the low bits where all above are zeros or copies of the sign, else of all. */
function wideValue(digits: string, { radix, bits, signed }: Layout['spec']): number {
  const value = BigInt(`${radix === 'hex' ? '0x' : '0b'}${digits}`);
  const total = digits.length * (radix === 'hex' ? 4 : 1);
  const negative = BigInt.asIntN(Math.min(bits, total), value);
  if (signed && total >= bits && negative < 0n && (value < 1n << BigInt(bits) || BigInt.asIntN(total, value) === negative)) return Number(negative);
  return Number(value);
}

/** The x and z of a word of binary or hex digits, as bits; 0 where the digits cannot be told apart. */
function unknownBits(text: string, radix: Layout['spec']['radix']): number {
  if (radix === 'decimal') return 0;
  const shift = radix === 'hex' ? 4 : 1;
  let unknown = 0;
  for (const character of text.trim()) {
    const digit = DIGITS[character.charCodeAt(0) & 255]!;
    if (digit === NO_DIGIT) return 0;
    unknown = (unknown << shift) | (digit === UNKNOWN ? (1 << shift) - 1 : 0);
  }
  return unknown;
}
