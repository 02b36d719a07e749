import { lastWhere } from '../lastWhere';
import type { TextKernel } from '../simd/textKernel';
import { AlikeLines } from './alikeLines';
import type { ByteSource } from './byteSource';
import { asciiText } from './byteSource';
import type { ToldFailures } from './failurePhrases';
import { MOST_OF_PHRASE, NO_FAILURES, tellsOfFailure } from './failurePhrases';
import type { LineForm } from './lineForm';
import { LineRoles } from './lineRoles';

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
  /** Lines that tell of a run that went wrong, wherever they stand. */
  readonly failures: ToldFailures;
  /** A file that was read along with this one and has the same bytes at its beginning. */
  readonly twin?: Twin;
}

/** What is known of a file whose beginning equals another's. */
export interface Twin {
  readonly source: ByteSource;
  /** Stretches of equal bytes whose lines are regular, ascending. */
  readonly regular: readonly RegularLines[];
  /** Up to this byte both were looked at together: there, lines in no stretch differ or are not regular. */
  readonly until: number;
}

/** The stretch that a byte stands in. */
export function stretchAt(stretches: readonly RegularLines[], offset: number): RegularLines | undefined {
  const found = stretches[lastWhere(stretches.length, (i) => stretches[i]!.from <= offset)];
  return found !== undefined && offset < found.to ? found : undefined;
}

/** Lines of the same form. */
export interface RegularLines {
  /** Bytes of the file, whole lines. */
  readonly from: number;
  to: number;
  /** At each place of a line the classes of bytes that stand there, as bits: `BYTE_CLASSES`. */
  readonly places: Uint8Array;
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
/** Characters of a remark that are kept. */
const SHOWN = 60;

const NEWLINE = 0x0a;

/** Makes the index of a file of its lines, one after the other. */
export class IndexBuilder {
  private readonly segments: Segment[] = [];
  private fileLine = 0;
  private entries = 0;
  private memory = false;
  private addressed = false;
  private nextAddress = 0;
  /** A line that is no data or has an address stands before the next data line. */
  private broken = true;
  private remarks: Remarks = { count: 0, line: 0, text: '' };
  private failures = NO_FAILURES;
  private readonly roles: LineRoles;
  private readonly alikeLines = new AlikeLines();

  /** @param skip leading file lines that are no data; `form` of the lines of words, as `indexLines` is told them; `onRegular` is told of lines of one form */
  constructor(
    private readonly skip: number,
    private readonly form: LineForm | undefined,
    private readonly onRegular?: (lines: RegularLines) => void,
  ) {
    this.roles = new LineRoles(form);
  }

  /** Another one that has taken the same lines. */
  copy(): IndexBuilder {
    const copy = new IndexBuilder(this.skip, this.form);
    copy.segments.push(...this.segments.map((segment) => ({ ...segment })));
    copy.roles.inBlock = this.roles.inBlock;
    const { fileLine, entries, memory, addressed, nextAddress, broken, remarks, failures } = this;
    return Object.assign(copy, { fileLine, entries, memory, addressed, nextAddress, broken, remarks, failures });
  }

  /**
   * Takes the whole lines of a piece.
   * @param offset of the piece in the file
   * @param last nothing follows: what has no line end is a line as well
   * @param kernel in whose room the piece stands, at its beginning
   * @returns bytes taken
   */
  take(bytes: Uint8Array, offset: number, last: boolean, kernel: TextKernel | undefined): number {
    let start = 0;
    for (;;) {
      const alike = this.alike(bytes, start, offset, kernel);
      if (alike > 0) {
        start += alike;
        continue;
      }
      const newline = bytes.indexOf(NEWLINE, start);
      if (newline < 0) break;
      this.line(bytes, start, newline, offset + start, offset + newline + 1);
      start = newline + 1;
    }
    if (!last || start === bytes.length) return start;
    this.line(bytes, start, bytes.length, offset + start, offset + bytes.length);
    return bytes.length;
  }

  /** Takes the lines that are like those of the last segment, which nearly all are. @returns their bytes */
  private alike(bytes: Uint8Array, start: number, offset: number, kernel: TextKernel | undefined): number {
    const { last } = this;
    if (this.broken || last === undefined || last.pitch === 0 || this.fileLine < this.skip || this.roles.inBlock) return 0;
    const { pitch } = last;
    const { lines, places } = this.alikeLines.count(bytes, start, pitch, kernel);
    if (lines === 0) return 0;
    last.count += lines;
    last.end = offset + start + lines * pitch;
    this.fileLine += lines;
    this.entries += lines;
    this.nextAddress += lines;
    if (places !== undefined) this.onRegular?.({ from: offset + start, to: last.end, places });
    return lines * pitch;
  }

  private get last(): Segment | undefined {
    return this.segments[this.segments.length - 1];
  }

  /** @param end of the line without `\n`; `from` and `to` are its bytes in the file, the line end included */
  private line(buffer: Uint8Array, start: number, end: number, from: number, to: number): void {
    const line = this.fileLine++;
    const role = this.roles.role(buffer, start, end, this.entries > 0);
    if (!this.roles.isPlain) this.listen(asciiText(buffer, start, Math.min(end, start + MOST_OF_PHRASE)), line + 1);
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

  /** What a test bench says stands in lines that are not words alone, comments among them. */
  private listen(text: string, line: number): void {
    if (!tellsOfFailure(text)) return;
    const { count, first = { text: text.trim(), line } } = this.failures;
    this.failures = { count: count + 1, first };
  }

  finish(): LineIndex {
    this.join();
    const { segments, entries: count, memory, addressed, form, remarks, failures } = this;
    return { segments, count, memory, addressed, ...(form !== undefined && { form }), remarks, failures };
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
