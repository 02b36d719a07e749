import type { ByteSource } from './byteSource';
import { asciiText } from './byteSource';
import type { LineForm } from './lineForm';
import { LineRoles, arePlainLines } from './lineRoles';

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
  /** Of its lines of words, as far as it was known. */
  readonly form?: LineForm;
  /** Lines of other text behind the first words, such as what a test bench says on the way. */
  readonly remarks: Remarks;
}

/** Lines that are neither words nor comments. */
export interface Remarks {
  readonly count: number;
  /** File line of the first, from 1, and its beginning. */
  readonly line: number;
  readonly text: string;
}

/** Segments shorter than this are put together, up to so many lines. */
const SHORT = 64;
const MOST_JOINED = 1024;
const CHUNK = 1 << 18;
/** Characters of a remark that are kept. */
const SHOWN = 60;

/** Fewer lines are taken one by one. */
const FEW = 8;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Finds the data lines of a file in one pass; yields the bytes done after each piece.
 * @param skip leading file lines that are no data whatever they look like: the header
 * @param form of the lines of words: with it a broken line among them is one of them, and what follows keeps its place
 */
export function* indexLines(source: ByteSource, skip: number, form?: LineForm): Generator<number, LineIndex> {
  const builder = new IndexBuilder(skip, form);
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
  private remarks: Remarks = { count: 0, line: 0, text: '' };
  private readonly roles: LineRoles;

  constructor(
    private readonly skip: number,
    private readonly form: LineForm | undefined,
  ) {
    this.roles = new LineRoles(form);
  }

  /** Takes the lines that are like those of the last segment, which nearly all are, as many as are filled. @returns their bytes */
  alike(buffer: Uint8Array, start: number, filled: number, offset: number): number {
    const { last } = this;
    if (this.broken || last === undefined || last.pitch === 0 || this.fileLine < this.skip) return 0;
    const { pitch } = last;
    const most = Math.floor((filled - start) / pitch);
    let lines = 0;
    while (lines < most && buffer[start + (lines + 1) * pitch - 1] === NEWLINE) lines++;
    if (lines < FEW || !arePlainLines(buffer, start, pitch, lines)) return 0;
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
    const role = this.roles.role(buffer, start, end, this.entries > 0);
    if (role === 'data' && line >= this.skip) {
      this.data(from, to, line);
      return;
    }
    this.broken = true;
    if (role === 'memory') this.memory = true;
    else if (role === 'address') {
      this.memory = this.addressed = true;
      this.nextAddress = Number.parseInt(asciiText(buffer, start, end).trim().slice(1).replaceAll('_', ''), 16);
    } else if (role === 'text' && this.entries > 0) {
      const { count, line: first, text } = this.remarks;
      this.remarks = count > 0 ? { count: count + 1, line: first, text } : { count: 1, line: line + 1, text: asciiText(buffer, start, Math.min(end, start + SHOWN)).trim() };
    }
  }

  finish(): LineIndex {
    this.join();
    const { segments, entries: count, memory, addressed, form, remarks } = this;
    return { segments, count, memory, addressed, ...(form !== undefined && { form }), remarks };
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

function enlarged(buffer: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * buffer.length);
  larger.set(buffer);
  return larger;
}

/** Data lines of the bytes of a segment whose lines differ: starts, ends without line ends, and file lines. */
export function dataLinesIn(bytes: Uint8Array, firstLine: number, form: LineForm | undefined): { starts: number[]; ends: number[]; lines: number[] } {
  const found: { starts: number[]; ends: number[]; lines: number[] } = { starts: [], ends: [], lines: [] };
  const roles = new LineRoles(form);
  let line = firstLine;
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    if (roles.role(bytes, start, end, true) === 'data') {
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
