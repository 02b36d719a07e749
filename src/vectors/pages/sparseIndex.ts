import { lastAtMost } from '../lastWhere';
import type { LineRole } from '../textShape';
import { LOOK } from '../textShape';
import type { PageSource } from './fileHead';
import { nextLine } from './lineForm';
import type { LineRoles } from './lineRoles';
import type { WindowLine } from './windowShape';

/** Bytes between two places that are kept; a larger file keeps fewer. */
const LEAST_SPAN = 1 << 18;
const MOST_PLACES = 1 << 16;
/** Characters of a line that are shown. */
export const LONGEST_LINE = 1 << 16;
/** Spans that are kept as text. */
const MOST_SPANS = 4;
/** Jumps of addresses that are kept. */
const MOST_JUMPS = 1 << 16;

/** Where an index begins: a line, and the data lines before it. */
export interface LinePlace {
  readonly offset: number;
  readonly line: number;
  readonly data: number;
}

/** An `@` line: the address of the data line behind it. */
export interface AddressJump {
  readonly data: number;
  readonly address: number;
}

/** The lines of a span, and which of them are data. */
interface Span {
  readonly lines: readonly WindowLine[];
  readonly data: readonly number[];
  readonly end: number;
}

/** The lines of a part of a file that has no common length: places a quarter megabyte apart, found step by step from its beginning. */
export class SparseIndex {
  private readonly offsets: number[] = [];
  private readonly lines: number[] = [];
  private readonly data: number[] = [];
  readonly jumps: AddressJump[] = [];
  /** Behind the last line that is known. */
  private next: LinePlace;
  private readonly span: number;
  /** Spans that were read last, with the place among their lines of each data line. */
  private readonly kept = new Map<number, Span>();
  /** A line of more than a span goes on here. */
  private within: number | undefined;
  /** Bytes that are looked at and not kept. */
  private scratch = new Uint8Array(0);

  constructor(
    private readonly source: PageSource,
    private readonly roles: LineRoles,
    private readonly start: LinePlace,
  ) {
    this.next = start;
    this.span = Math.max(LEAST_SPAN, Math.ceil(source.size / MOST_PLACES));
  }

  /** How far it is. */
  get end(): LinePlace {
    return this.next;
  }

  get offset(): number {
    return this.within ?? this.next.offset;
  }

  get done(): boolean {
    return this.within === undefined && this.next.offset >= this.source.size;
  }

  /** Looks at one span more. */
  step(): void {
    if (this.done) return;
    if (this.within !== undefined) this.skip(this.within);
    else this.take();
  }

  /** Lines from a file line on, as far as they are known; at most `count`. */
  read(line: number, count: number): WindowLine[] {
    const found: WindowLine[] = [];
    for (let place = Math.max(0, lastAtMost(this.lines, line)); place < this.lines.length && found.length < count; place++) {
      const first = this.lines[place]!;
      const { lines } = this.spanAt(place);
      const from = Math.max(0, line + found.length - first);
      found.push(...lines.slice(from, from + count - found.length));
    }
    return found;
  }

  /** The file line of a data line; undefined when it is not known yet. */
  lineOf(data: number): number | undefined {
    if (data < this.start.data || data >= this.next.data) return undefined;
    const place = Math.max(0, lastAtMost(this.data, data));
    const at = this.spanAt(place).data[data - this.data[place]!];
    return at === undefined ? undefined : this.lines[place]! + at;
  }

  private spanAt(place: number): Span {
    const kept = this.kept.get(place);
    // The last one may have become longer
    if (kept !== undefined && kept.end === this.endOf(place)) return kept;
    const lines = this.spanLines(place);
    const span = { lines, end: this.endOf(place), data: lines.flatMap((line, i) => (line.data < 0 ? [] : [i])) };
    this.kept.delete(place);
    this.kept.set(place, span);
    if (this.kept.size > MOST_SPANS) this.kept.delete(this.kept.keys().next().value!);
    return span;
  }

  private endOf(place: number): number {
    return this.offsets[place + 1] ?? this.next.offset;
  }

  private spanLines(place: number): WindowLine[] {
    const offset = this.offsets[place]!;
    const end = this.endOf(place);
    const long = end - offset > this.span + LONGEST_LINE;
    const bytes = this.bytes(offset, long ? LONGEST_LINE : end - offset);
    if (long) return this.withRoles([bytes], [false], this.data[place]!).map((line) => ({ ...line, cut: true }));
    const pieces: Uint8Array[] = [];
    const plain: boolean[] = [];
    for (let at = 0; at < bytes.length; ) {
      const next = nextLine(bytes, at, bytes.length, true);
      pieces.push(bytes.subarray(at, Math.abs(next)));
      plain.push(next > 0);
      at = Math.abs(next);
    }
    return this.withRoles(pieces, plain, this.data[place]!);
  }

  private withRoles(pieces: readonly Uint8Array[], plain: readonly boolean[], before: number): WindowLine[] {
    const odd = pieces.filter((_, i) => plain[i] !== true).map((piece) => this.textOf(piece.subarray(0, LOOK + 8)));
    const roles = odd.length === 0 ? [] : this.roles.of(odd);
    let [data, seen] = [before, 0];
    return pieces.map((piece, i) => {
      const role: LineRole = plain[i] === true ? 'data' : roles[seen++]!;
      const unreadable = plain[i] !== true && piece.includes(0);
      const cut = piece.length > LONGEST_LINE;
      const text = unreadable ? '' : this.textOf(piece.subarray(0, LONGEST_LINE));
      return { text, role, data: role === 'data' ? data++ : -1, ...(unreadable && { unreadable }), ...(cut && { cut }) };
    });
  }

  /** The lines of the next span. */
  private take(): void {
    const { offset, line, data } = this.next;
    const bytes = this.passing(offset);
    const atEnd = offset + bytes.length >= this.source.size;
    this.mark();
    let [lines, plain, at] = [0, 0, 0];
    const odd: { readonly at: number; readonly next: number; readonly plainBefore: number }[] = [];
    while (at < bytes.length) {
      const next = nextLine(bytes, at, bytes.length, atEnd);
      if (next === 0) break;
      lines++;
      if (next > 0) plain++;
      else odd.push({ at, next: -next, plainBefore: plain });
      at = Math.abs(next);
    }
    if (at === 0) {
      // Longer than a span, or the file became shorter
      this.within = bytes.length === 0 ? undefined : offset + bytes.length;
      if (bytes.length === 0) this.next = { offset: this.source.size, line, data };
      return;
    }
    const roles = odd.length === 0 ? [] : this.roles.of(odd.map((one) => this.textOf(bytes.subarray(one.at, Math.min(one.next, one.at + LOOK + 8)))));
    let oddData = 0;
    for (const [i, role] of roles.entries()) {
      if (role === 'data') oddData++;
      const { at: start, next, plainBefore } = odd[i]!;
      if (role === 'address' && this.jumps.length < MOST_JUMPS) this.jumps.push({ data: data + plainBefore + oddData, address: addressOf(this.textOf(bytes.subarray(start, next))) });
    }
    this.next = { offset: offset + at, line: line + lines, data: data + plain + oddData };
  }

  /** Looks for the end of a line of more than a span. */
  private skip(from: number): void {
    const bytes = this.passing(from);
    const newline = bytes.indexOf(0x0a);
    const end = from + (newline < 0 ? bytes.length : newline + 1);
    if (newline < 0 && end < this.source.size && bytes.length > 0) {
      this.within = end;
      return;
    }
    const [role] = this.roles.of([this.textOf(this.bytes(this.next.offset, LOOK + 8))]);
    this.within = undefined;
    this.next = { offset: bytes.length === 0 ? this.source.size : end, line: this.next.line + 1, data: this.next.data + (role === 'data' ? 1 : 0) };
  }

  private mark(): void {
    const { offset, line, data } = this.next;
    this.offsets.push(offset);
    this.lines.push(line);
    this.data.push(data);
  }

  /** The bytes of a span, until the next call. */
  private passing(offset: number): Uint8Array {
    if (this.scratch.length === 0) this.scratch = new Uint8Array(Math.min(this.span, this.source.size));
    const bytes = this.scratch.subarray(0, Math.max(0, Math.min(this.span, this.source.size - offset)));
    return bytes.subarray(0, this.source.read(offset, bytes));
  }

  private bytes(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.source.size - offset)));
    return bytes.subarray(0, this.source.read(offset, bytes));
  }

  private textOf(piece: Uint8Array): string {
    return this.source.text(withoutEnd(piece));
  }
}

export function addressOf(line: string): number {
  return Number.parseInt(line.trim().slice(1).replaceAll('_', ''), 16);
}

export function withoutEnd(piece: Uint8Array): Uint8Array {
  const end = piece.at(-1) === 0x0a ? piece.length - 1 : piece.length;
  return piece.subarray(0, end > 0 && piece[end - 1] === 0x0d ? end - 1 : end);
}
