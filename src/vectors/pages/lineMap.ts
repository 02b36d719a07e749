import type { LineRole } from '../textShape';
import type { FileHead, PageSource } from './fileHead';
import { fileHead } from './fileHead';
import { nextLine, nulRun } from './lineForm';
import { LineRoles } from './lineRoles';
import type { AddressJump, LinePlace } from './sparseIndex';
import { LONGEST_LINE, SparseIndex, addressOf, withoutEnd } from './sparseIndex';
import type { WindowLine } from './windowShape';
import { WindowShape } from './windowShape';

/** Places between the first and the last line at which a file is looked at before its lines are taken for equal. */
const SAMPLES = 32;
/** Bytes of the end of a file in which lines of another kind may stand, and bytes that one step reads. */
const TAIL = 1 << 16;
const STEP = 1 << 18;

/** How much of a file is known. */
export interface MapStatus {
  /** File lines, and data lines among them; those that are known so far unless `counted`. */
  readonly lines: number;
  readonly data: number;
  readonly counted: boolean;
  /** Lines of equal length, but for a beginning and an end: their bytes are arithmetic. */
  readonly regular: boolean;
  /** Bytes whose lines were looked at one by one, of all. */
  readonly checked: number;
  readonly size: number;
}

/**
 * Where the lines of a file are. A file whose data lines are equally long needs no index: samples say so at once, and `step` looks at all
 * lines in the background. Where a line does not fit, there and in any window that is read, arithmetic ends and an index begins.
 */
export class LineMap {
  readonly head: FileHead;
  private readonly roles: LineRoles;
  /** Behind the lines of the prefix, whose roles `head` says. */
  private readonly base: LinePlace;
  /** Bytes of a line; 0 where lines are not taken for equal. */
  private readonly pitch: number;
  /** Equal lines reach from `base` up to here. */
  private regularEnd: number;
  /** Up to here each of them was looked at. */
  private verified: number;
  /** What comes behind the equal lines. */
  private index: SparseIndex;
  /** Equal lines reach beyond what was verified because samples say so. */
  private trusted: boolean;
  /** Bytes that are looked at and not kept: gigabytes of new ones would stay until the collector comes. */
  private scratch = new Uint8Array(0);
  private readonly headJumps: readonly AddressJump[];

  constructor(readonly source: PageSource) {
    this.head = fileHead(source);
    this.roles = new LineRoles(this.head);
    const { prefixEnd, prefixLines, shape, pitch = 0 } = this.head;
    const data = dataBefore(shape, prefixLines);
    this.base = { offset: prefixEnd, line: prefixLines, data };
    this.pitch = pitch;
    this.headJumps = Array.from({ length: prefixLines }, (_, line) => line).flatMap((line) => (shape.role(line) === 'address' ? [{ data: dataBefore(shape, line), address: addressOf(shape.line(line)) }] : []));
    this.verified = prefixEnd;
    this.trusted = this.looksRegular();
    this.regularEnd = this.trusted ? this.endOfEqualLines() : prefixEnd;
    this.index = this.indexBehind();
    // The end of a file of equal lines is short; of another one the first lines are wanted at once
    do this.index.step();
    while (this.trusted && !this.index.done);
  }

  get status(): MapStatus {
    const { line, data } = this.index.end;
    const regular = this.trusted && this.equalLines > 0;
    return { lines: line, data, counted: this.trusted || this.complete, regular, checked: this.complete ? this.source.size : this.trusted ? this.verified : Math.max(this.verified, this.index.offset), size: this.source.size };
  }

  /** Every line was looked at: there is nothing left for `step`. */
  get complete(): boolean {
    return this.trusted ? this.verified >= this.regularEnd : this.index.done;
  }

  /** Addresses of `@` lines that are known, in the order of the file. */
  get jumps(): readonly AddressJump[] {
    return [...this.headJumps, ...this.index.jumps];
  }

  /** Looks at some more lines one by one. @returns false when all are done */
  step(): boolean {
    if (this.complete) return false;
    if (this.trusted) this.verify();
    else this.index.step();
    return !this.complete;
  }

  /** Lines from a file line on: fewer than `count` at the end, and where an index has not come to them yet. */
  window(from: number, count: number): WindowShape {
    const lines: WindowLine[] = [];
    const { eol } = this.head.shape;
    while (lines.length < count) {
      const more = this.piece(from + lines.length, count - lines.length);
      if (more.length === 0) break;
      lines.push(...more);
    }
    return new WindowShape(from, lines, eol);
  }

  /** The file line of a data line; undefined when there is none, or it is not known yet. */
  lineOf(data: number): number | undefined {
    if (data < 0 || !Number.isInteger(data)) return undefined;
    if (data < this.base.data) return this.head.shape.dataLines[data];
    const equal = data - this.base.data;
    return equal < this.equalLines ? this.base.line + equal : this.index.lineOf(data);
  }

  /** The bytes of lines that are equally long, until the next call; undefined where they are not. */
  raw(from: number, count: number): { readonly bytes: Uint8Array; readonly pitch: number } | undefined {
    const { base, pitch } = this;
    if (from < base.line || from + count > base.line + this.equalLines) return undefined;
    const offset = base.offset + (from - base.line) * pitch;
    return { bytes: this.passing(offset, Math.min(count * pitch, this.regularEnd - offset)), pitch };
  }

  private get equalLines(): number {
    return this.pitch === 0 ? 0 : Math.ceil((this.regularEnd - this.base.offset) / this.pitch);
  }

  private piece(from: number, count: number): WindowLine[] {
    const { base, head } = this;
    if (from < base.line) return Array.from({ length: Math.min(count, base.line - from) }, (_, i) => headLine(head.shape, from + i));
    const behind = base.line + this.equalLines;
    if (from >= behind) return this.index.read(from, count);
    const lines = this.equal(from - base.line, Math.min(count, behind - from));
    if (lines !== undefined) return lines;
    // Samples were wrong: from what was verified on, lines count one by one
    this.distrust(this.verified);
    return this.piece(from, count);
  }

  private equal(from: number, count: number): WindowLine[] | undefined {
    const { base, pitch } = this;
    const first = base.offset + from * pitch;
    const bytes = this.bytes(first, Math.min(count * pitch, this.regularEnd - first));
    const lines: WindowLine[] = [];
    for (let at = 0; at < bytes.length; at += pitch) {
      const slot = bytes.subarray(at, at + pitch);
      const role = this.slotRole(slot, first + at + slot.length >= this.source.size);
      if (role === undefined) return undefined;
      lines.push({ text: role === 'hole' ? '' : this.source.text(withoutEnd(slot)), role: 'data', data: base.data + from + lines.length, ...(role === 'hole' && { unreadable: true }) });
    }
    return lines;
  }

  /** Is this exactly one line of words, or a hole where one belongs? */
  private slotRole(slot: Uint8Array, last: boolean): 'data' | 'hole' | undefined {
    const next = nextLine(slot, 0, slot.length, last);
    if (next === slot.length) return 'data';
    if (slot.includes(0)) {
      const newline = slot.indexOf(0x0a);
      return newline < 0 || newline === slot.length - 1 ? 'hole' : undefined;
    }
    if (next !== -slot.length) return undefined;
    const [role]: (LineRole | undefined)[] = this.roles.of([this.source.text(withoutEnd(slot))]);
    return role === 'data' ? 'data' : undefined;
  }

  private looksRegular(): boolean {
    const { base, pitch, source } = this;
    const lines = pitch === 0 || pitch > LONGEST_LINE ? 0 : Math.floor((source.size - base.offset) / pitch);
    const sampled = Math.max(1, lines - Math.ceil(TAIL / Math.max(1, pitch)));
    for (let sample = 0; sample < SAMPLES && lines > 0; sample++) {
      const offset = base.offset + Math.floor((sample * sampled) / SAMPLES) * pitch;
      if (this.slotRole(this.bytes(offset, pitch), offset + pitch >= source.size) === undefined) return false;
    }
    return lines > 0;
  }

  /** Lines of another kind may stand at the very end: a comment, a blank line. */
  private endOfEqualLines(): number {
    const { base, pitch } = this;
    const { size } = this.source;
    const first = base.offset + Math.max(0, Math.floor((size - TAIL - base.offset) / pitch)) * pitch;
    const bytes = this.bytes(first, size - first);
    for (let at = 0; at < bytes.length; at += pitch) {
      const slot = bytes.subarray(at, at + pitch);
      const end = first + at + slot.length;
      // A last line without its line end is as long as the others' text
      const whole = slot.length === pitch || (end >= size && slot.at(-1) !== 0x0a && slot.length === pitch - this.head.shape.eol.length);
      if (!whole || this.slotRole(slot, end >= size) === undefined) return first + at;
    }
    return size;
  }

  private verify(): void {
    const { pitch } = this;
    const bytes = this.passing(this.verified, Math.min(this.regularEnd - this.verified, Math.max(1, Math.floor(STEP / pitch)) * pitch));
    let at = 0;
    while (at < bytes.length) {
      const end = Math.min(bytes.length, at + pitch);
      const last = this.verified + end >= this.source.size;
      if (nextLine(bytes, at, end, last) !== end) {
        const hole = Math.floor(nulRun(bytes, at, bytes.length) / pitch) * pitch;
        if (hole > 0) {
          at += hole;
          continue;
        }
        if (this.slotRole(bytes.subarray(at, end), last) === undefined) {
          this.distrust(this.verified + at);
          return;
        }
      }
      at = end;
    }
    // A file that became shorter ends here
    this.verified = bytes.length === 0 ? this.regularEnd : this.verified + bytes.length;
  }

  /** Equal lines end here, as far as is known; the rest is indexed. */
  private distrust(end: number): void {
    this.trusted = false;
    this.regularEnd = this.verified = end;
    this.index = this.indexBehind();
    this.index.step();
  }

  private indexBehind(): SparseIndex {
    const { base, equalLines } = this;
    return new SparseIndex(this.source, this.roles, { offset: this.regularEnd, line: base.line + equalLines, data: base.data + equalLines });
  }

  /** Bytes that are looked at before the next ones are read. */
  private passing(offset: number, length: number): Uint8Array {
    const needed = Math.max(0, Math.min(length, this.source.size - offset));
    if (this.scratch.length < needed) this.scratch = new Uint8Array(needed);
    const bytes = this.scratch.subarray(0, needed);
    return bytes.subarray(0, this.source.read(offset, bytes));
  }

  private bytes(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.source.size - offset)));
    return bytes.subarray(0, this.source.read(offset, bytes));
  }
}

function headLine(shape: FileHead['shape'], line: number): WindowLine {
  const text = shape.line(line);
  const unreadable = text.includes('\0');
  const cut = text.length > LONGEST_LINE;
  return { text: unreadable ? '' : text.slice(0, LONGEST_LINE), role: shape.role(line), data: shape.dataLine(line) ?? -1, ...(unreadable && { unreadable }), ...(cut && { cut }) };
}

/** Data lines before a line. */
function dataBefore(shape: FileHead['shape'], line: number): number {
  const index = shape.dataLines.findIndex((data) => data >= line);
  return index < 0 ? shape.dataLines.length : index;
}
