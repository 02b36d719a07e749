import type { Layout } from '../layout';
import { AddressIndex } from './addressIndex';
import { BlockForms } from './blockDecoder';
import type { ByteSource } from './byteSource';
import { asciiText } from './byteSource';
import { cleanWords } from './comments';
import { dumpSpans } from './dumpSpans';
import type { AddressSpan, Entries, EntryWords, WordSpot } from './entries';
import { LineDecoder } from './lineDecoder';
import type { LineIndex, Twin } from './lineIndex';
import { Pieces } from './pieces';

/** Bytes that are decoded at once: they stay in the cache. */
const MANY_BYTES = 1 << 17;

/** Equal lines in a row, as bytes. */
export interface ByteRun {
  readonly source: ByteSource;
  readonly offset: number;
  readonly pitch: number;
  readonly count: number;
  /** Of the whole file. */
  readonly twin?: Twin;
}

/** What a text file holds, a data line an entry, read where it is needed. */
export class TextEntries implements Entries {
  readonly sparse = false;
  private readonly decoder: LineDecoder;
  private readonly forms: BlockForms;
  private readonly pieces: Pieces;
  private readonly addresses: AddressIndex | undefined;
  /** Room for what is decoded at once. */
  private bytes = new Uint8Array(0);

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
    this.forms = new BlockForms(layout);
    this.pieces = new Pieces(source, index, (bytes, lines, pitch) => this.forms.decoder(bytes, lines, pitch));
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
    const segment = this.pieces.segmentOf(entry);
    const address = segment.address + entry - segment.firstEntry;
    return this.addresses.entryAt(address) === entry ? address : -1;
  }

  leavesOut(address: number): boolean {
    return this.addresses !== undefined && address < this.addresses.highest && this.addresses.entryAt(address) < 0;
  }

  read(entry: number, into: EntryWords): void {
    const piece = this.pieces.at(entry);
    const line = entry - piece.firstEntry;
    if (piece.blocks?.read(line, into) !== true) this.decoder.decode(piece.bytes, piece.start(line), piece.end(line), into);
  }

  readMany(entry: number, count: number, into: Int32Array): number {
    const run = entry >= 0 && entry < this.count ? this.run(entry) : undefined;
    if (run === undefined) return 0;
    const { pitch, offset } = run;
    const lines = Math.min(count, run.count, Math.max(1, Math.floor(MANY_BYTES / pitch)));
    if (this.bytes.length < lines * pitch) this.bytes = new Uint8Array(lines * pitch);
    const bytes = this.bytes.subarray(0, lines * pitch);
    const whole = Math.floor(this.source.read(offset, bytes) / pitch);
    const values = whole === 0 ? undefined : this.forms.decode(bytes, whole, pitch);
    if (values === undefined) return 0;
    into.set(values);
    return whole;
  }

  spot(entry: number, word: number): WordSpot | undefined {
    if (entry < 0 || entry >= this.count) return undefined;
    const piece = this.pieces.at(entry);
    const line = entry - piece.firstEntry;
    const text = cleanWords(asciiText(piece.bytes, piece.start(line), piece.end(line)));
    // Of a line that cannot be cut into words, all of it
    const span = dumpSpans(this.layout, text)?.[word] ?? { column: text.length - text.trimStart().length, length: text.trim().length };
    return { file: this.source.name, line: piece.fileLine(line) + 1, column: span.column + 1, length: span.length, text: text.slice(span.column, span.column + span.length) };
  }

  /** The lines of equal length from an entry on that hold the addresses behind its own; undefined where lines differ, or the entry was written over. */
  run(entry: number): ByteRun | undefined {
    const segment = this.pieces.segmentOf(entry);
    if (segment.pitch === 0) return undefined;
    const done = entry - segment.firstEntry;
    // Lines that follow each other in the file do not in the memory where a later one was written to the same address
    const count = Math.min(segment.count - done, this.addresses?.following(entry, segment.address + done) ?? Infinity);
    if (count === 0) return undefined;
    return { source: this.source, offset: segment.offset + done * segment.pitch, pitch: segment.pitch, count, ...(this.index.twin !== undefined && { twin: this.index.twin }) };
  }
}
