import { Problem } from '../engine/problem';
import { Gatherer, offsetOf, wordOffsets } from './gather';
import type { Layout } from './layout';
import type { LineForm } from './simd/textKernel';
import { TextKernel, pitchOf, textKernel } from './simd/textKernel';
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
  const { spec, lineCount } = layout;
  const head = utf8(spec.header.map((line) => line + spec.eol).join(''));
  const pitch = layout.lineWidth + spec.eol.length;
  const text = new Uint8Array(head.length + lineCount * pitch);
  text.set(head);
  const gatherer = new Gatherer(layout, source);
  const form = kernelForm(layout);
  const kernel = form === undefined ? undefined : textKernel();
  if (kernel === undefined || form === undefined) {
    encodePlain(layout, gatherer, text, head.length);
    return text;
  }
  const atOnce = kernel.linesAtOnce(form);
  for (let line = 0; line < lineCount; line += atOnce) {
    const lines = Math.min(atOnce, lineCount - line);
    gatherer.read(line, lines, kernel.words(form, lines));
    const written = kernel.encode(form, lines);
    if (written === undefined) throw gatherer.misfit(line, lines);
    text.set(written, head.length + line * pitch);
  }
  return text;
}

/** {@link encode} in plain TypeScript, from the first line on: any form, and the reference of what is faster. */
export function encodePlain(layout: Layout, gatherer: Gatherer, text: Uint8Array, start: number): void {
  const { spec, lineCount, wordsPerLine, wordWidth } = layout;
  const separator = utf8(spec.separator);
  const lineEnd = utf8(spec.trailing + spec.eol);
  const write = WRITERS[spec.radix];
  // A word may have more digits than bits (whole hex digits, a wider memory): a negative value fills its own bits only
  const mask = spec.radix !== 'decimal' && spec.bits < 32 ? 2 ** spec.bits - 1 : -1;
  const words = new Int32Array(wordsPerLine);
  const { min, max } = layout.range;
  let at = start;
  for (let line = 0; line < lineCount; line++) {
    gatherer.read(line, 1, words);
    if (words.some((value) => value < min || value > max)) throw gatherer.misfit(line, 1);
    for (let word = 0; word < wordsPerLine; word++) {
      if (word > 0) {
        text.set(separator, at);
        at += separator.length;
      }
      write(text, at, wordWidth, words[word]! & mask);
      at += wordWidth;
    }
    text.set(lineEnd, at);
    at += lineEnd.length;
  }
}

/** Words of a file in file order, `[line, word]`. */
export type Words = Int32Array;

/**
 * Reads text that is exactly in a layout.
 * @throws Problem `text-format` with line and column (from 1) of the first character that is not as the layout says
 */
export function decode(layout: Layout, text: Uint8Array): Words {
  return decodeRegular(layout, text) ?? decodePlain(layout, text);
}

/** The quick way for text without a fault, which nearly all is; undefined when there is anything else. */
function decodeRegular(layout: Layout, text: Uint8Array): Words | undefined {
  const { spec, lineCount, wordsPerLine } = layout;
  const form = kernelForm(layout);
  const kernel = form === undefined ? undefined : textKernel();
  if (kernel === undefined || form === undefined) return undefined;
  const head = utf8(spec.header.map((line) => line + spec.eol).join(''));
  const pitch = pitchOf(form);
  if (text.length !== head.length + lineCount * pitch || head.some((byte, i) => byte !== text[i])) return undefined;
  const words = new Int32Array(lineCount * wordsPerLine);
  const atOnce = kernel.linesAtOnce(form);
  for (let line = 0; line < lineCount; line += atOnce) {
    const lines = Math.min(atOnce, lineCount - line);
    const start = head.length + line * pitch;
    const read = kernel.decode(form, lines, text.subarray(start, start + lines * pitch));
    if (read === undefined) return undefined;
    words.set(read, line * wordsPerLine);
  }
  return words;
}

/** A layout's lines as the kernel takes them; undefined when it does not. */
export function kernelForm({ spec, wordWidth, wordsPerLine }: Layout): LineForm | undefined {
  const { radix, bits, signed } = spec;
  if (radix === 'decimal') return undefined;
  const [gap, end] = [utf8(spec.separator), utf8(spec.trailing + spec.eol)];
  // A wider word may say anything above its bits; one of as many digits as its bits need may not
  const form: LineForm = { radix, width: wordWidth, bits, signed, words: wordsPerLine, gap, end, above: spec.width === undefined ? 'zeros' : 'anything' };
  const ascii = gap.length === spec.separator.length && end.length === spec.trailing.length + spec.eol.length;
  return ascii && TextKernel.takes(form) ? form : undefined;
}

/** {@link decode} in plain TypeScript: it finds what is wrong, and where. */
export function decodePlain(layout: Layout, text: Uint8Array): Words {
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

/** The pure floors have no TextEncoder; headers may hold any text. */
function utf8(text: string): Uint8Array {
  const bytes = encodeURIComponent(text).replaceAll(/%(..)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}
