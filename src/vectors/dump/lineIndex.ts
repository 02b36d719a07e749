import { LOOK, roleOf } from '../textShape';
import type { ByteSource } from './byteSource';
import { asciiText } from './byteSource';

/** Data lines that follow each other in a file. */
export interface Segment {
  readonly firstEntry: number;
  count: number;
  /** Byte of the first line, and the byte behind the last. */
  readonly offset: number;
  end: number;
  /** Bytes of each line, its end included; 0 where lines differ or other lines stand between. */
  pitch: number;
  /** File line of the first, from 0. */
  readonly firstLine: number;
  /** Address of the first entry. */
  readonly address: number;
}

/** Where the data lines of a file are. Memory does not grow with the lines: a file of equal lines is one segment. */
export interface LineIndex {
  readonly segments: readonly Segment[];
  readonly count: number;
  /** Has word counters or addresses, as memory files have. */
  readonly memory: boolean;
  /** Has `@` lines: entries have addresses of their own. */
  readonly addressed: boolean;
}

/** Segments shorter than this are put together, up to so many lines. */
const SHORT = 64;
const MOST_JOINED = 1024;
const CHUNK = 1 << 18;

/** Fewer lines are taken one by one, and so are lines of fewer bytes. */
const FEW = 8;
const LEAST_PITCH = 5;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Finds the data lines of a file in one pass; yields the bytes done after each piece.
 * @param skip leading file lines that are no data whatever they look like: the header
 */
export function* indexLines(source: ByteSource, skip: number): Generator<number, LineIndex> {
  const builder = new IndexBuilder(skip);
  let buffer = new Uint8Array(CHUNK);
  let [filled, offset] = [0, 0];
  for (;;) {
    const got = source.read(offset + filled, buffer.subarray(filled));
    filled += got;
    let start = 0;
    for (;;) {
      const alike = builder.alike(buffer, start, filled, offset);
      if (alike > 0) {
        start += alike;
        continue;
      }
      // What the buffer holds behind the filled part is of no line
      const newline = buffer.indexOf(NEWLINE, start);
      if (newline < 0 || newline >= filled) break;
      builder.line(buffer, start, newline, offset + start, offset + newline + 1);
      start = newline + 1;
    }
    if (got === 0) {
      if (filled > start) builder.line(buffer, start, filled, offset + start, offset + filled);
      return builder.finish();
    }
    buffer.copyWithin(0, start, filled);
    filled -= start;
    offset += start;
    if (filled === buffer.length) buffer = enlarged(buffer);
    yield offset;
  }
}

class IndexBuilder {
  private readonly segments: Segment[] = [];
  private fileLine = 0;
  private entries = 0;
  private memory = false;
  private addressed = false;
  private nextAddress = 0;
  /** A line that is no data or has an address stands before the next data line. */
  private broken = true;

  constructor(private readonly skip: number) {}

  /** Takes the lines that are like those of the last segment, which nearly all are, as many as are filled. @returns their bytes */
  alike(buffer: Uint8Array, start: number, filled: number, offset: number): number {
    const { last } = this;
    if (this.broken || last === undefined || last.pitch < LEAST_PITCH || this.fileLine < this.skip) return 0;
    const { pitch } = last;
    const most = Math.floor((filled - start) / pitch);
    let lines = 0;
    while (lines < most && buffer[start + (lines + 1) * pitch - 1] === NEWLINE && mayBeData(buffer[start + lines * pitch])) lines++;
    if (lines < FEW || newlines(buffer, start, start + lines * pitch) !== lines) return 0;
    last.count += lines;
    last.end = offset + start + lines * pitch;
    this.fileLine += lines;
    this.entries += lines;
    this.nextAddress += lines;
    return lines * pitch;
  }

  private get last(): Segment | undefined {
    return this.segments[this.segments.length - 1];
  }

  /** @param end of the line without `\n`; `from` and `to` are its bytes in the file, the line end included */
  line(buffer: Uint8Array, start: number, end: number, from: number, to: number): void {
    const line = this.fileLine++;
    const role = line < this.skip ? this.special(buffer, start, end) : this.role(buffer, start, end, to - from);
    if (role === 'data' && line >= this.skip) this.data(from, to, line);
    else this.broken = true;
  }

  finish(): LineIndex {
    this.join();
    return { segments: this.segments, count: this.entries, memory: this.memory, addressed: this.addressed };
  }

  private role(buffer: Uint8Array, start: number, end: number, pitch: number): string {
    const last = this.segments.at(-1);
    // A line as long as the one before that begins like one needs no second look
    if (last !== undefined && last.pitch === pitch && mayBeData(buffer[start])) return 'data';
    return this.special(buffer, start, end);
  }

  private special(buffer: Uint8Array, start: number, end: number): string {
    const text = asciiText(buffer, start, Math.min(end, start + LOOK + 1));
    const role = roleOf(text);
    if (role === 'memory') this.memory = true;
    if (role === 'address') {
      this.memory = this.addressed = true;
      this.nextAddress = Number.parseInt(text.trim().slice(1).replaceAll('_', ''), 16);
    }
    return role;
  }

  private data(from: number, to: number, line: number): void {
    const last = this.segments.at(-1);
    if (!this.broken && last !== undefined && last.pitch === to - from) {
      last.count++;
      last.end = to;
    } else {
      this.join();
      this.segments.push({ firstEntry: this.entries, count: 1, offset: from, end: to, pitch: to - from, firstLine: line, address: this.nextAddress });
    }
    this.broken = false;
    this.entries++;
    this.nextAddress++;
  }

  /** Puts the last segment, if short, together with the short ones before it. */
  private join(): void {
    const last = this.segments.at(-1);
    const before = this.segments.at(-2);
    if (last === undefined || before === undefined || last.count >= SHORT) return;
    const together = before.count + last.count;
    if (!(before.pitch === 0 || before.count < SHORT) || together > MOST_JOINED || last.address !== before.address + before.count) return;
    this.segments.pop();
    Object.assign(before, { count: together, end: last.end, pitch: 0 });
  }
}

/** Line ends among some bytes, four bytes at a time; none may be nearer to another than {@link LEAST_PITCH}. */
function newlines(bytes: Uint8Array, from: number, to: number): number {
  const quads = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const [first, last] = [Math.min(to, (from + 3) & ~3), Math.max(from, to & ~3)];
  let count = 0;
  for (let i = from; i < first; i++) if (bytes[i] === NEWLINE) count++;
  for (let i = first >> 2; i < last >> 2; i++) {
    const rest = quads[i]! ^ 0x0a0a0a0a;
    // A byte that is 0 borrows from its top bit: the well-known test for one in a word
    if (((rest - 0x01010101) & ~rest & 0x80808080) !== 0) count++;
  }
  for (let i = Math.max(first, last); i < to; i++) if (bytes[i] === NEWLINE) count++;
  return count;
}

/** Digits, x, z, a sign or a blank. */
function mayBeData(code: number | undefined): boolean {
  if (code === undefined) return false;
  const letter = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x66) || letter === 0x78 || letter === 0x7a || code === 0x20 || code === 0x2d;
}

function enlarged(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * buffer.length);
  larger.set(buffer);
  return larger;
}

/** Data lines of the bytes of a segment whose lines differ: starts, ends without line ends, and file lines. */
export function dataLinesIn(bytes: Uint8Array, firstLine: number): { starts: number[]; ends: number[]; lines: number[] } {
  const found: { starts: number[]; ends: number[]; lines: number[] } = { starts: [], ends: [], lines: [] };
  let line = firstLine;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    if (roleOf(asciiText(bytes, start, Math.min(end, start + LOOK + 1))) === 'data') {
      found.starts.push(start);
      found.ends.push(withoutReturn(bytes, start, end));
      found.lines.push(line);
    }
    start = end + 1;
  }
  return found;
}

export function withoutReturn(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === RETURN ? end - 1 : end;
}
