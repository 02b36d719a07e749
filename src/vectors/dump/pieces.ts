import { lastWhere } from '../lastWhere';
import type { ByteSource } from './byteSource';
import type { LineIndex, Segment } from './lineIndex';
import { dataLinesIn, withoutReturn } from './lineIndex';
import type { BlockDecoder } from './blockDecoder';

/** Bytes that are read at once where lines are read one after the other, and how many such pieces are kept: readers may jump between as many places. */
const PIECE = 1 << 16;
const MOST_PIECES = 24;
/** Lines that are read at once where one is asked for, and how many such pieces are kept. */
const FEW_LINES = 32;
const MOST_SMALL = 64;
/** Places that are remembered because one line was read there. */
const MOST_TOUCHED = 1 << 10;

/** Lines that were read. */
export interface Piece {
  readonly firstEntry: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  /** First byte of a line of the piece, and the byte behind its last character. */
  start(line: number): number;
  end(line: number): number;
  /** File line, from 0. */
  fileLine(line: number): number;
  /** Values of all words, a block of lines at a time; absent where lines differ. */
  readonly blocks?: BlockDecoder;
}

/** Reads lines of a file where they are asked for: a few, or many where it goes on there. Keeps what was used last. */
export class Pieces {
  private last: Piece | undefined;
  /** Least recently used first. */
  private readonly large = new Map<number, Piece>();
  private readonly small = new Map<number, Piece>();
  private readonly touched = new Set<number>();

  /** @param blocksOf decodes equal lines, given their bytes, their number and length */
  constructor(
    private readonly source: ByteSource,
    private readonly index: LineIndex,
    private readonly blocksOf: (bytes: Uint8Array, lines: number, pitch: number) => BlockDecoder | undefined,
  ) {}

  /** The piece that holds an entry. @throws RangeError when there is none */
  at(entry: number): Piece {
    const { last } = this;
    if (last !== undefined && entry >= last.firstEntry && entry < last.firstEntry + last.count) return last;
    return (this.last = this.find(entry));
  }

  segmentOf(entry: number): Segment {
    const { segments } = this.index;
    const segment = segments[lastWhere(segments.length, (i) => segments[i]!.firstEntry <= entry)];
    if (segment === undefined || entry >= this.index.count) throw new RangeError(`There is no entry ${entry} in ${this.source.name}`);
    return segment;
  }

  private find(entry: number): Piece {
    const segment = this.segmentOf(entry);
    const lines = segment.pitch === 0 ? segment.count : Math.max(1, Math.floor(PIECE / segment.pitch));
    const first = alignedTo(lines, segment, entry);
    const known = this.large.get(first);
    if (known !== undefined) return this.keep(this.large, MOST_PIECES, known);
    const follows = this.last !== undefined && entry === this.last.firstEntry + this.last.count;
    if (lines <= FEW_LINES || segment.pitch === 0 || follows || this.touched.has(first)) return this.keep(this.large, MOST_PIECES, this.load(segment, first, lines));
    const few = alignedTo(FEW_LINES, segment, entry);
    const kept = this.small.get(few);
    if (kept !== undefined) return this.keep(this.small, MOST_SMALL, kept);
    // The next question about this place shows that it goes on here
    if (this.touched.size >= MOST_TOUCHED) this.touched.clear();
    this.touched.add(first);
    return this.keep(this.small, MOST_SMALL, this.load(segment, few, FEW_LINES));
  }

  /** The least recently used goes: a map has its keys in the order in which they came. */
  private keep(pieces: Map<number, Piece>, most: number, piece: Piece): Piece {
    pieces.delete(piece.firstEntry);
    const [oldest] = pieces.size >= most ? pieces.keys() : [];
    if (oldest !== undefined) pieces.delete(oldest);
    pieces.set(piece.firstEntry, piece);
    return piece;
  }

  private load(segment: Segment, firstEntry: number, lines: number): Piece {
    if (segment.pitch === 0) return this.irregular(segment);
    const { pitch } = segment;
    const done = firstEntry - segment.firstEntry;
    const count = Math.min(lines, segment.count - done);
    const offset = segment.offset + done * pitch;
    const bytes = this.bytes(offset, Math.min(count * pitch, segment.end - offset));
    const blocks = this.blocksOf(bytes, count, pitch);
    return {
      firstEntry,
      count,
      bytes,
      start: (line) => line * pitch,
      end: (line) => {
        const end = Math.min(bytes.length, (line + 1) * pitch);
        return withoutReturn(bytes, line * pitch, bytes[end - 1] === 0x0a ? end - 1 : end);
      },
      fileLine: (line) => segment.firstLine + done + line,
      ...(blocks !== undefined && { blocks }),
    };
  }

  private irregular({ firstEntry, count, offset, end, firstLine }: Segment): Piece {
    const bytes = this.bytes(offset, end - offset);
    const { starts, ends, lines } = dataLinesIn(bytes, firstLine, this.index.form);
    return { firstEntry, count, bytes, start: (line) => starts[line]!, end: (line) => ends[line]!, fileLine: (line) => lines[line]! };
  }

  private bytes(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, this.source.read(offset, bytes));
  }
}

function alignedTo(lines: number, { firstEntry }: Segment, entry: number): number {
  return firstEntry + Math.floor((entry - firstEntry) / lines) * lines;
}
