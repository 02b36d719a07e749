import { stretchAt } from '../../vectors/dump/lineIndex';
import type { ByteRun } from '../../vectors/dump/textEntries';
import type { Layout } from '../../vectors/layout';
import { BYTE_CLASSES, classesOf } from '../../vectors/simd/byteClasses';
import type { TextKernel } from '../../vectors/simd/textKernel';

/** Bytes of each file that are compared at once: both stay in the cache. */
const BLOCK = 1 << 17;

const { bit, digit, letter, blank, return: carriageReturn, newline } = BYTE_CLASSES;

/** Do equal bytes mean equal words? */
export function sameForm(a: Layout, b: Layout): boolean {
  return a.spec.radix !== 'decimal' && a.spec.radix === b.spec.radix && a.spec.bits === b.spec.bits && a.spec.signed === b.spec.signed && a.wordWidth === b.wordWidth && a.wordsPerLine === b.wordsPerLine && a.spec.separator === b.spec.separator && a.spec.trailing === b.spec.trailing;
}

/** Tells which lines of two files are equal and well formed, a block at a time. */
export class EqualLines {
  /** Lines from `start` to `end` have been looked at: which of them are equal. */
  private start = 0;
  private end = 0;
  private readonly equal: Uint8Array;
  /** All of them are, and none was read for it. */
  private known = false;
  private places: Uint8Array = new Uint8Array(0);
  /** Classes of all bytes; other characters between words count as blanks. */
  private readonly classes: Uint8Array;
  private readonly kernel: TextKernel | undefined;

  /** @param kernel where the bytes are compared; undefined: plain TypeScript, which tells the same */
  constructor(
    private readonly layout: Layout,
    kernel: TextKernel | undefined,
  ) {
    const { separator, trailing } = layout.spec;
    const blanks = `${separator}${trailing}`;
    this.kernel = /^ *$/.test(blanks) ? kernel : undefined;
    this.classes = Uint8Array.from({ length: 256 }, (_, byte) => classesOf(byte) | (blanks.includes(String.fromCharCode(byte)) ? blank : 0));
    this.equal = new Uint8Array(Math.ceil(BLOCK / (layout.lineWidth - trailing.length + 1)));
  }

  /** Equal lines from this one on when its block was looked at already: 0 when it differs. Undefined for a line not looked at. */
  ahead(line: number): number | undefined {
    if (line < this.start || line >= this.end) return undefined;
    if (this.known) return this.end - line;
    let equal = line;
    while (equal < this.end && this.equal[equal - this.start] === 1) equal++;
    return equal - line;
  }

  /** The same for a new block. 0 as well when the files cannot be compared so. */
  look(line: number, lines: number, golden: ByteRun | undefined, dump: ByteRun | undefined): number {
    if (golden === undefined || dump === undefined || golden.pitch !== dump.pitch || golden.pitch > BLOCK || !this.isWhole(golden.pitch)) return 0;
    const { pitch } = golden;
    if (this.places.length !== pitch) this.places = placesOf(this.layout, pitch);
    const most = Math.min(lines, golden.count, dump.count);
    const twins = this.twinLines(golden, dump);
    this.start = line;
    this.known = twins !== undefined && twins > 0;
    if (twins === undefined) {
      this.equal[0] = 0;
      this.end = line + 1;
      return 0;
    }
    this.end = line + (this.known ? Math.min(most, twins) : this.compare(golden, dump, Math.min(most, Math.floor(BLOCK / pitch))));
    return this.ahead(line) ?? 0;
  }

  /** Have lines of so many bytes as many digits as they should? Equal lines that have not are equally malformed. */
  private isWhole(pitch: number): boolean {
    const { lineWidth, spec } = this.layout;
    return [lineWidth, lineWidth - spec.trailing.length].some((width) => pitch === width + 1 || pitch === width + 2);
  }

  /** Lines that were seen to be equal and regular when both files were read for the first time; undefined when the first was seen not to be. */
  private twinLines(golden: ByteRun, { twin, offset, pitch }: ByteRun): number | undefined {
    if (twin?.source !== golden.source || offset !== golden.offset) return 0;
    const regular = stretchAt(twin.regular, offset);
    if (regular === undefined && offset < twin.until) return undefined;
    if (regular === undefined || regular.places.length !== pitch || (offset - regular.from) % pitch !== 0) return 0;
    return regular.places.every((allowed, at) => (allowed & ~this.places[at]!) === 0) ? (regular.to - offset) / pitch : 0;
  }

  /** @returns how many lines were looked at */
  private compare(golden: ByteRun, dump: ByteRun, most: number): number {
    const { kernel } = this;
    const { pitch } = golden;
    const room = kernel?.room(2 * BLOCK) ?? new Uint8Array(2 * BLOCK);
    const read = Math.min(golden.source.read(golden.offset, room.subarray(0, most * pitch)), dump.source.read(dump.offset, room.subarray(BLOCK, BLOCK + most * pitch)));
    const lines = Math.floor(read / pitch);
    const ahead = (line: number): number => {
      if (kernel === undefined) return Number(this.isEqual(room, line * pitch));
      const same = Math.floor(kernel.same(line * pitch, BLOCK + line * pitch, (lines - line) * pitch) / pitch);
      return same === 0 ? 0 : kernel.fits(line * pitch, same, this.places);
    };
    this.equal.fill(0, 0, lines);
    for (let line = 0; line < lines; ) {
      const equal = ahead(line);
      this.equal.fill(1, line, line + equal);
      line += Math.max(1, equal);
    }
    return lines;
  }

  private isEqual(bytes: Uint8Array, from: number): boolean {
    for (const [at, allowed] of this.places.entries()) if (bytes[from + at] !== bytes[BLOCK + from + at] || (this.classes[bytes[from + at]!]! & allowed) === 0) return false;
    return true;
  }
}

/** What may stand at each place of a line. x and z may not: equal unknowns are not equal values. */
function placesOf({ wordsPerLine, wordWidth, spec }: Layout, pitch: number): Uint8Array {
  const places = new Uint8Array(pitch).fill(blank | carriageReturn | newline);
  const between = wordWidth + spec.separator.length;
  places.fill(blank, 0, (wordsPerLine - 1) * between);
  for (let word = 0; word < wordsPerLine; word++) places.fill(spec.radix === 'hex' ? digit | letter : bit, word * between, word * between + wordWidth);
  return places;
}
