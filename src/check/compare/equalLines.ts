import type { ByteSource } from '../../vectors/dump/byteSource';
import type { ByteRun } from '../../vectors/dump/textEntries';
import type { Layout } from '../../vectors/layout';

/** Bytes that are compared at once. */
const BLOCK = 1 << 16;

/** Bytes of well-formed lines, 2 for those that are no digits: x and z are not among them, because equal unknowns are not equal values. */
function plainBytes({ spec }: Layout): Uint8Array {
  const plain = new Uint8Array(256);
  for (const character of spec.radix === 'hex' ? '0123456789abcdefABCDEF' : '01') plain[character.charCodeAt(0)] = 1;
  for (const character of `${spec.separator}${spec.trailing}`) plain[character.charCodeAt(0)] = 2;
  for (const character of '\r\n') plain[character.charCodeAt(0)] = spec.separator + spec.trailing === '' ? 1 : 2;
  return plain;
}

/** Of each place of a line what belongs there, the line end included. */
function placesOf({ wordsPerLine, wordWidth, lineWidth, spec }: Layout): Uint8Array {
  const places = new Uint8Array(lineWidth + 2).fill(2);
  for (let word = 0; word < wordsPerLine; word++) places.fill(1, word * (wordWidth + spec.separator.length), word * (wordWidth + spec.separator.length) + wordWidth);
  return places;
}

/** Do equal bytes mean equal words? */
export function sameForm(a: Layout, b: Layout): boolean {
  return a.spec.radix !== 'decimal' && a.spec.radix === b.spec.radix && a.spec.bits === b.spec.bits && a.spec.signed === b.spec.signed && a.wordWidth === b.wordWidth && a.wordsPerLine === b.wordsPerLine && a.spec.separator === b.spec.separator && a.spec.trailing === b.spec.trailing;
}

/** Tells which lines of two files are equal, a block at a time. */
export class EqualLines {
  private readonly bytes = [new Uint8Array(BLOCK), new Uint8Array(BLOCK)] as const;
  /** The same bytes, four at a time. */
  private readonly quads = this.bytes.map(({ buffer }) => new Int32Array(buffer)) as [Int32Array, Int32Array];
  /** Lines from `start` to `end` have been looked at. */
  private start = 0;
  private end = 0;
  private pitch = 0;
  private readonly plain: Uint8Array;
  /** Nothing but 0, 1 and line ends is well formed. */
  private readonly bits: boolean;
  /** Which of the places of a line are for digits (1) and which for blanks (2), where there are both. */
  private readonly places: Uint8Array | undefined;

  constructor(private readonly layout: Layout) {
    this.plain = plainBytes(layout);
    this.places = layout.spec.separator + layout.spec.trailing === '' ? undefined : placesOf(layout);
    this.bits = layout.spec.radix === 'binary' && layout.spec.separator + layout.spec.trailing === '';
  }

  /** Equal lines from this one on when its block was looked at already: 0 when it differs. Undefined for a line not looked at. */
  ahead(line: number): number | undefined {
    if (line < this.start || line >= this.end) return undefined;
    return this.count(line);
  }

  /** The same for a new block. 0 as well when the files cannot be compared so. */
  look(line: number, lines: number, golden: ByteRun | undefined, dump: ByteRun | undefined): number {
    if (golden === undefined || dump === undefined || golden.pitch !== dump.pitch || golden.pitch > BLOCK || !this.isWhole(golden.pitch)) return 0;
    const most = Math.min(lines, golden.count, dump.count, Math.floor(BLOCK / golden.pitch));
    const length = most * golden.pitch;
    const read = Math.min(fill(golden, this.bytes[0], length), fill(dump, this.bytes[1], length));
    this.pitch = golden.pitch;
    this.start = line;
    this.end = line + Math.floor(read / this.pitch);
    return this.end === line ? 0 : this.count(line);
  }

  /** Have lines of so many bytes as many digits as they should? Equal lines that have not are equally malformed. */
  private isWhole(pitch: number): boolean {
    const { lineWidth, spec } = this.layout;
    return [lineWidth, lineWidth - spec.trailing.length].some((width) => pitch === width + 1 || pitch === width + 2);
  }

  private count(from: number): number {
    const { start, end, pitch } = this;
    const last = (end - start) * pitch;
    let at = (from - start) * pitch;
    if (this.places !== undefined) return Math.floor(this.sameWords(at, last, this.places) / pitch) - (from - start);
    at = this.sameBytes(at, Math.min(last, (at + 3) & ~3));
    if (at % 4 === 0) at = this.sameBytes(4 * this.sameQuads(at / 4, Math.floor(last / 4)), last);
    return Math.floor(at / pitch) - (from - start);
  }

  /** The first place from `at` on, at most `last`, where the bytes differ or are not plain. */
  private sameBytes(at: number, last: number): number {
    const [a, b] = this.bytes;
    const { plain } = this;
    let i = at;
    while (i < last && a[i] === b[i] && plain[a[i]!] === 1) i++;
    return i;
  }

  /** The same where digits and blanks have places of their own. */
  private sameWords(at: number, last: number, places: Uint8Array): number {
    const [a, b] = this.bytes;
    const { plain, pitch } = this;
    let i = at;
    for (let place = at % pitch; i < last && a[i] === b[i] && (plain[a[i]!]! & places[place]!) !== 0; i++) if (++place === pitch) place = 0;
    return i;
  }

  private sameQuads(at: number, last: number): number {
    const [a, b] = this.quads;
    const { plain } = this;
    let i = at;
    if (this.bits) while (i < last && a[i] === b[i] && areBits(a[i]!)) i++;
    else while (i < last && a[i] === b[i] && (plain[a[i]! & 255]! & plain[(a[i]! >>> 8) & 255]! & plain[(a[i]! >>> 16) & 255]! & plain[a[i]! >>> 24]!) === 1) i++;
    return i;
  }
}

/**
 * Are four bytes nothing but `0`, `1`, CR and LF? Of those, none has a bit above 5, bits 5 and 4 are equal, and where these are set (digits)
 * bits 3 to 1 are not. LF and CR differ from the other control characters in a text in nothing that matters: those are in no line of data.
 */
function areBits(quad: number): boolean {
  const digit = quad & 0x10101010;
  return ((quad & 0xc0c0c0c0) | (((quad >>> 1) ^ quad) & 0x10101010) | (quad & ((digit >>> 1) | (digit >>> 2) | (digit >>> 3)))) === 0;
}

function fill({ source, offset }: { source: ByteSource; offset: number }, into: Uint8Array, length: number): number {
  return source.read(offset, into.subarray(0, length));
}
