import { Problem } from '../engine/problem';
import type { Axis, Coordinates } from './axis';
import { describeCoordinates } from './axis';
import type { Layout, Loop } from './layout';
import type { TensorSource } from './tensor';

const ZERO = 0x30;
const MINUS = 0x2d;
const BLANK = 0x20;
const HEX_DIGITS = utf8('0123456789abcdef');

/**
 * Writes a tensor as text in a layout: header lines, then one line per line iteration. UTF-8.
 * @throws Problem `code-range` naming the coordinates of the first value that the word cannot hold: nothing is ever cut
 */
export function encode(layout: Layout, source: TensorSource): Uint8Array {
  const { spec, lineCount, wordsPerLine, wordWidth } = layout;
  const head = utf8(spec.header.map((line) => line + spec.eol).join(''));
  const separator = utf8(spec.separator);
  const lineEnd = utf8(spec.trailing + spec.eol);
  const text = new Uint8Array(head.length + lineCount * (layout.lineWidth + spec.eol.length));
  text.set(head);
  const offsets = wordOffsets(spec.words, source.strides);
  const write = WRITERS[spec.radix];
  const { min, max } = layout.range;
  // A word may have more digits than bits (whole hex digits, a wider memory): a negative value fills its own bits only
  const mask = spec.radix !== 'decimal' && spec.bits < 32 ? 2 ** spec.bits - 1 : -1;

  let at = head.length;
  for (let line = 0; line < lineCount; line++) {
    const place = layout.lineCoordinates(line);
    const data = source.block(place);
    const base = offsetOf(place, source.strides);
    for (let word = 0; word < wordsPerLine; word++) {
      const value = data[base + offsets[word]!]!;
      if (value < min || value > max) throw doesNotFit(layout, line, word, value);
      if (word > 0) {
        text.set(separator, at);
        at += separator.length;
      }
      write(text, at, wordWidth, value & mask);
      at += wordWidth;
    }
    text.set(lineEnd, at);
    at += lineEnd.length;
  }
  return text;
}

/** Words of a file in file order, `[line, word]`. */
export type Words = Int32Array;

/**
 * Reads text that is exactly in a layout.
 * @throws Problem `text-format` with line and column (from 1) of the first character that is not as the layout says
 */
export function decode(layout: Layout, text: Uint8Array): Words {
  const { spec, lineCount, wordsPerLine, wordWidth } = layout;
  const reader = new TextReader(text);
  for (const line of spec.header) reader.expect(line + spec.eol, 'the header line');
  const words = new Int32Array(lineCount * wordsPerLine);
  const read = READERS[spec.radix];
  const sign = spec.signed ? 2 ** (spec.bits - 1) : Infinity;
  const { min, max } = layout.range;
  for (let line = 0; line < lineCount; line++) {
    for (let word = 0; word < wordsPerLine; word++) {
      if (word > 0) reader.expect(spec.separator, 'the separator');
      const field = read(reader, wordWidth);
      const value = spec.width === undefined || spec.radix === 'decimal' ? field : field % 2 ** spec.bits;
      const signed = spec.radix !== 'decimal' && value >= sign ? value - 2 * sign : value;
      if (signed < min || signed > max) throw reader.problem(`${signed} does not fit ${spec.bits} bits.`, -wordWidth);
      words[line * wordsPerLine + word] = signed;
    }
    reader.expect(spec.trailing + spec.eol, 'the end of the line');
  }
  reader.expectEnd();
  return words;
}

/** Puts decoded words where their coordinates belong; the inverse of what {@link encode} gathers. */
export function scatter(layout: Layout, words: Words, target: TensorSource): void {
  const offsets = wordOffsets(layout.spec.words, target.strides);
  let at = 0;
  for (let line = 0; line < layout.lineCount; line++) {
    const place = layout.lineCoordinates(line);
    const data = target.block(place);
    const base = offsetOf(place, target.strides);
    for (let word = 0; word < layout.wordsPerLine; word++) data[base + offsets[word]!] = words[at++]!;
  }
}

type Writer = (text: Uint8Array, at: number, width: number, value: number) => void;

const WRITERS: Readonly<Record<Layout['spec']['radix'], Writer>> = {
  binary: (text, at, width, value) => {
    for (let i = at + width - 1; i >= at; i--) {
      text[i] = ZERO | (value & 1);
      value >>= 1;
    }
  },
  hex: (text, at, width, value) => {
    for (let i = at + width - 1; i >= at; i--) {
      text[i] = HEX_DIGITS[value & 15]!;
      value >>= 4;
    }
  },
  decimal: (text, at, width, value) => {
    let rest = Math.abs(value);
    let i = at + width - 1;
    do {
      text[i--] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    } while (rest > 0);
    if (value < 0) text[i--] = MINUS;
    while (i >= at) text[i--] = BLANK;
  },
};

type Reader = (reader: TextReader, width: number) => number;

const READERS: Readonly<Record<Layout['spec']['radix'], Reader>> = {
  binary: (reader, width) => reader.digits(width, 2),
  hex: (reader, width) => reader.digits(width, 16),
  decimal: (reader, width) => reader.decimal(width),
};

/** Walks over text and knows line and column of what it does not like. */
class TextReader {
  private at = 0;

  constructor(private readonly text: Uint8Array) {}

  expect(wanted: string, what: string): void {
    const bytes = utf8(wanted);
    for (let i = 0; i < bytes.length; i++) {
      if (this.text[this.at] !== bytes[i]) throw this.problem(`Expected ${what} ${JSON.stringify(wanted)}, found ${this.here()}.`);
      this.at++;
    }
  }

  expectEnd(): void {
    if (this.at < this.text.length) throw this.problem(`Expected the end of the file, found ${this.here()}.`);
  }

  digits(width: number, base: number): number {
    let value = 0;
    for (let i = 0; i < width; i++) {
      const digit = digitValue(this.text[this.at]);
      if (digit >= base) throw this.problem(`Expected a digit of base ${base} (digit ${i + 1} of ${width}), found ${this.here()}.`);
      value = value * base + digit;
      this.at++;
    }
    return value;
  }

  decimal(width: number): number {
    const field = String.fromCharCode(...this.text.subarray(this.at, this.at + width));
    if (field.length !== width || !/^ *-?\d+$/.test(field)) throw this.problem(`Expected a decimal number of ${width} characters, found ${JSON.stringify(field)}.`);
    this.at += width;
    return Number(field);
  }

  problem(what: string, shift = 0): Problem {
    const at = this.at + shift;
    let line = 1;
    let start = 0;
    for (let i = 0; i < at; i++) {
      if (this.text[i] !== 0x0a) continue;
      line++;
      start = i + 1;
    }
    return new Problem('text-format', what, 'Compare the file with the layout it should have, or regenerate it.', { line, column: at - start + 1 });
  }

  private here(): string {
    if (this.at >= this.text.length) return 'the end of the file';
    const rest = this.text.subarray(this.at, this.at + 16);
    return JSON.stringify(String.fromCharCode(...rest));
  }
}

function digitValue(code: number | undefined): number {
  if (code === undefined) return Infinity;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Infinity;
}

function offsetOf(place: Coordinates, strides: TensorSource['strides']): number {
  let offset = 0;
  for (const axis in place) offset += (place[axis as Axis] ?? 0) * (strides[axis as Axis] ?? 0);
  return offset;
}

/** Offsets of a line's words from the line's own: the same for every line. */
function wordOffsets(loops: readonly Loop[], strides: TensorSource['strides']): Int32Array {
  let offsets = [0];
  for (const { axis, start, step, count } of loops) {
    const stride = strides[axis];
    if (stride === undefined) {
      throw new Problem('profile', `The words of one line cannot run over ${axis}: these values are computed one tile at a time.`, `Enumerate ${axis} by the lines or by the file name.`);
    }
    offsets = offsets.flatMap((offset) => Array.from({ length: count }, (_, i) => offset + stride * (start + step * i)));
  }
  return Int32Array.from(offsets);
}

function doesNotFit(layout: Layout, line: number, word: number, value: number): Problem {
  const { kind, bits, signed } = layout.spec;
  return new Problem(
    'code-range',
    `The ${kind} ${value} at ${describeCoordinates(layout.coordinates(line, word))} does not fit ${bits} ${signed ? 'signed' : 'unsigned'} bits.`,
    'Give the file more bits, or choose how values that do not fit are treated (quantization.outOfRange, array.overflow).',
  );
}

/** The pure floors have no TextEncoder; headers may hold any text. */
function utf8(text: string): Uint8Array {
  const bytes = encodeURIComponent(text).replaceAll(/%(..)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}
