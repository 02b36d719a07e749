import type { Layout } from '../layout';
import type { WordRead } from '../reading';
import { FileReading } from '../reading';
import type { LineMap } from './lineMap';
import type { Matcher } from './search';

/** A file and the layout it is read in. */
export interface ReadFile {
  readonly map: LineMap;
  readonly layout: Layout;
}

/** A word and the one that the file beside holds for the same coordinates. */
export interface WordMatch {
  readonly own: WordRead;
  readonly other?: WordRead;
  readonly differs: boolean;
}

/** Lines of the file beside that are decoded at once, and how many such blocks are kept. */
const BLOCK = 128;
const MOST_BLOCKS = 64;

/** Two files word by word, each in its own layout. Words for which the file beside has no place are not compared. */
export class Pairing {
  /** The same loops over lines and words of the same form: line by line, equal bytes are equal words. */
  readonly isAligned: boolean;
  /** Words of a line mostly stand in one line of the file beside. */
  private last: { readonly data: number; readonly line: number | undefined } | undefined;
  private lastWords: { readonly line: number; readonly words: readonly WordRead[] } | undefined;
  private readonly blocks = new Map<number, FileReading>();

  constructor(
    readonly own: ReadFile,
    readonly other: ReadFile,
  ) {
    this.isAligned = formOf(own.layout) === formOf(other.layout) && own.layout.position(other.layout.coordinates(0, 0)) !== undefined;
  }

  /** @param words of one line of `reading`, which is of the own file */
  matches(reading: FileReading, words: readonly WordRead[]): WordMatch[] {
    const { counted } = this.other.map.status;
    if (!counted) this.last = this.lastWords = undefined;
    return words.map((own) => {
      const coordinates = reading.coordinates(own.fileLine, own.word);
      const position = coordinates === undefined ? undefined : this.other.layout.position(coordinates);
      if (position === undefined) return { own, differs: false };
      const other = this.otherWord(position.line, position.word);
      // A line that the index has not come to yet is not missing
      return { own, ...(other !== undefined && { other }), differs: (other !== undefined || counted) && differ(own, other) };
    });
  }

  /** Words that differ, as a search for them. */
  matcher(): Matcher {
    return {
      block: (from, count) => {
        if (this.isAligned && this.isEqual(from, count)) return undefined;
        const reading = new FileReading(this.own.map.window(from, count), this.own.layout);
        return (line) => this.matches(reading, reading.words(line)).filter(({ differs }) => differs).map(({ own: { column, length } }) => ({ line, column, length }));
      },
    };
  }

  private isEqual(from: number, count: number): boolean {
    const { own, other } = this;
    const data = own.map.window(from, 1).dataLine(from);
    const otherLine = data === undefined || data + count > own.layout.lineCount ? undefined : other.map.lineOf(data);
    const [a, b] = [own.map.raw(from, count), otherLine === undefined ? undefined : other.map.raw(otherLine, count)];
    return a !== undefined && b !== undefined && a.pitch === b.pitch && sameBytes(a.bytes, b.bytes);
  }

  private otherWord(data: number, word: number): WordRead | undefined {
    if (this.last?.data !== data) this.last = { data, line: this.other.map.lineOf(data) };
    const { line } = this.last;
    return line === undefined ? undefined : this.words(line)[word];
  }

  private words(line: number): readonly WordRead[] {
    if (this.lastWords?.line !== line) this.lastWords = { line, words: this.block(Math.floor(line / BLOCK)).words(line) };
    return this.lastWords.words;
  }

  private block(number: number): FileReading {
    const kept = this.blocks.get(number);
    const reading = kept ?? new FileReading(this.other.map.window(number * BLOCK, BLOCK), this.other.layout);
    // The least recently used goes
    this.blocks.delete(number);
    this.blocks.set(number, reading);
    if (this.blocks.size > MOST_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
    return reading;
  }
}

/** Values where both have one, else what is written. A word that is not there differs from every other. */
export function differ(own: WordRead, other: WordRead | undefined): boolean {
  if (other === undefined) return true;
  if (own.value !== undefined && other.value !== undefined) return own.value !== other.value;
  return own.text.trim().toLowerCase() !== other.text.trim().toLowerCase();
}

function formOf({ spec: { bits, signed, radix, lines, words, separator, trailing }, wordWidth }: Layout): string {
  return JSON.stringify([bits, signed, radix, lines, words, separator, trailing, wordWidth]);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // Buffers of their own begin at 0
  const quads = a.length >> 2;
  const [left, right] = [new Int32Array(a.buffer, a.byteOffset, quads), new Int32Array(b.buffer, b.byteOffset, quads)];
  for (let i = 0; i < quads; i++) if (left[i] !== right[i]) return false;
  for (let i = quads * 4; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
