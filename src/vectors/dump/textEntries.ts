import type { Layout } from '../layout';
import { AddressIndex } from './addressIndex';
import type { ByteSource } from './byteSource';
import { asciiText } from './byteSource';
import { cleanWords } from './comments';
import { dumpSpans } from './dumpSpans';
import type { AddressSpan, Entries, EntryWords, WordSpot } from './entries';
import { LineDecoder } from './lineDecoder';
import type { LineIndex, Segment } from './lineIndex';
import { dataLinesIn, withoutReturn } from './lineIndex';

/** Bytes that are read at once, and how many such pieces are kept: readers may jump between as many places. */
const PIECE = 1 << 16;
const MOST_PIECES = 24;

/** Lines that were read. */
interface Piece {
  readonly firstEntry: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
  readonly lines: ArrayLike<number>;
}

/** Equal lines in a row, as bytes. */
export interface ByteRun {
  readonly source: ByteSource;
  readonly offset: number;
  readonly pitch: number;
  readonly count: number;
}

/** What a text file holds, a data line an entry, read where it is needed. */
export class TextEntries implements Entries {
  readonly sparse = false;
  private readonly decoder: LineDecoder;
  private readonly pieces = new Map<number, Piece>();
  private last: Piece | undefined;
  private readonly addresses: AddressIndex | undefined;

  /**
   * @param range addresses of the first and the last word, when the dump was made of a part of the memory
   * @param exact words have all their digits: a shorter one is a part of one
   */
  constructor(
    readonly source: ByteSource,
    readonly layout: Layout,
    readonly index: LineIndex,
    private readonly range?: readonly [number, number],
    exact = false,
  ) {
    this.decoder = new LineDecoder(layout, index.memory, exact);
    this.addresses = index.addressed ? new AddressIndex(index.segments) : undefined;
  }

  get name(): string {
    return this.source.name;
  }

  get count(): number {
    return this.index.count;
  }

  get wordsPerEntry(): number {
    return this.layout.wordsPerLine;
  }

  get memory(): boolean {
    return this.index.memory;
  }

  get addressed(): boolean {
    return this.index.addressed;
  }

  get spans(): readonly AddressSpan[] {
    if (this.addresses !== undefined) return this.addresses.spans;
    const [first, last] = this.range ?? [0, Infinity];
    return this.count === 0 ? [] : [{ address: last < first ? first - this.count + 1 : first, count: this.count }];
  }

  entryAt(address: number): number {
    if (this.addresses !== undefined) return this.addresses.entryAt(address);
    const [first, last] = this.range ?? [0, Infinity];
    const entry = last < first ? first - address : address - first;
    return entry >= 0 && entry < this.count ? entry : -1;
  }

  addressOf(entry: number): number {
    if (this.addresses === undefined) {
      const [first, last] = this.range ?? [0, Infinity];
      return last < first ? first - entry : first + entry;
    }
    const segment = this.segmentOf(entry);
    const address = segment.address + entry - segment.firstEntry;
    return this.addresses.entryAt(address) === entry ? address : -1;
  }

  leavesOut(address: number): boolean {
    return this.addresses !== undefined && address < this.addresses.highest && this.addresses.entryAt(address) < 0;
  }

  read(entry: number, into: EntryWords): void {
    const piece = this.pieceOf(entry);
    const i = entry - piece.firstEntry;
    this.decoder.decode(piece.bytes, piece.starts[i]!, piece.ends[i]!, into);
  }

  spot(entry: number, word: number): WordSpot | undefined {
    if (entry < 0 || entry >= this.count) return undefined;
    const piece = this.pieceOf(entry);
    const i = entry - piece.firstEntry;
    const text = cleanWords(asciiText(piece.bytes, piece.starts[i], piece.ends[i]));
    // Of a line that cannot be cut into words, all of it
    const span = dumpSpans(this.layout, text)?.[word] ?? { column: text.length - text.trimStart().length, length: text.trim().length };
    return { file: this.source.name, line: piece.lines[i]! + 1, column: span.column + 1, length: span.length, text: text.slice(span.column, span.column + span.length) };
  }

  /** The equal lines from an entry on; undefined where lines differ. */
  run(entry: number): ByteRun | undefined {
    const segment = this.segmentOf(entry);
    if (segment.pitch === 0) return undefined;
    const done = entry - segment.firstEntry;
    return { source: this.source, offset: segment.offset + done * segment.pitch, pitch: segment.pitch, count: segment.count - done };
  }

  private pieceOf(entry: number): Piece {
    if (this.last !== undefined && entry >= this.last.firstEntry && entry < this.last.firstEntry + this.last.count) return this.last;
    const segment = this.segmentOf(entry);
    const perPiece = segment.pitch === 0 ? segment.count : Math.max(1, Math.floor(PIECE / segment.pitch));
    const first = segment.firstEntry + Math.floor((entry - segment.firstEntry) / perPiece) * perPiece;
    const piece = this.pieces.get(first) ?? this.load(segment, first, Math.min(perPiece, segment.firstEntry + segment.count - first));
    // The least recently used goes
    this.pieces.delete(first);
    this.pieces.set(first, piece);
    if (this.pieces.size > MOST_PIECES) this.pieces.delete(this.pieces.keys().next().value!);
    this.last = piece;
    return piece;
  }

  private load(segment: Segment, firstEntry: number, count: number): Piece {
    if (segment.pitch === 0) {
      const bytes = this.bytes(segment.offset, segment.end - segment.offset);
      return { firstEntry, count, bytes, ...dataLinesIn(bytes, segment.firstLine, this.index.form) };
    }
    const done = firstEntry - segment.firstEntry;
    const offset = segment.offset + done * segment.pitch;
    const bytes = this.bytes(offset, Math.min(count * segment.pitch, segment.end - offset));
    const starts = Int32Array.from({ length: count }, (_, i) => i * segment.pitch);
    const ends = starts.map((start) => {
      const end = Math.min(bytes.length, start + segment.pitch);
      return withoutReturn(bytes, start, bytes[end - 1] === 0x0a ? end - 1 : end);
    });
    return { firstEntry, count, bytes, starts, ends, lines: starts.map((_, i) => segment.firstLine + done + i) };
  }

  private bytes(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, this.source.read(offset, bytes));
  }

  private segmentOf(entry: number): Segment {
    const { segments } = this.index;
    let [low, high] = [0, segments.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle]!.firstEntry <= entry) low = middle;
      else high = middle - 1;
    }
    const segment = segments[low];
    if (segment === undefined || entry < 0 || entry >= this.count) throw new RangeError(`There is no entry ${entry} in ${this.source.name}`);
    return segment;
  }
}
