import type { ByteSource } from '../dump/byteSource';
import type { TextShape } from '../textShape';
import { roleOf, textShape } from '../textShape';

/** A file whose bytes are read where they are needed, with the way to make text of them. */
export interface PageSource extends ByteSource {
  /** UTF-8 text; what is none becomes replacement characters. */
  text(bytes: Uint8Array): string;
  /** One character a byte. */
  latin1(bytes: Uint8Array): string;
}

/** The beginning of a file: what its lines are, and what lines further on are measured by. */
export interface FileHead {
  /** Whole lines of the beginning. */
  readonly shape: TextShape;
  /** Lines up to the last that decides about others; those behind it are judged by this text, see `LineRoles`. */
  readonly prefix: string;
  readonly prefixLines: number;
  /** Bytes up to the end of the prefix, a byte order mark included. */
  readonly prefixEnd: number;
  /** Bytes of the first data line, with its line end. Absent when the beginning has none. */
  readonly pitch?: number;
}

const USUAL_HEAD = 1 << 18;
/** For files of long lines. */
const LONG_HEAD = 1 << 20;
/** Data lines that `textShape` judges others by. */
const DECIDING_LINES = 200;

export function fileHead(source: PageSource): FileHead {
  const usual = headOf(source, USUAL_HEAD);
  return usual.data < DECIDING_LINES && source.size > USUAL_HEAD ? headOf(source, LONG_HEAD).head : usual.head;
}

function headOf(source: PageSource, most: number): { head: FileHead; data: number } {
  const buffer = new Uint8Array(Math.min(most, source.size));
  const got = source.read(0, buffer);
  // Without the cut line, whose words would be short
  const whole = got < source.size ? buffer.lastIndexOf(0x0a, got - 1) + 1 : got;
  const bytes = buffer.subarray(0, whole > 0 ? whole : got);
  const text = source.text(bytes);
  const shape = textShape(text);
  const starts = lineStarts(bytes);
  const { lines, data } = decidingLines(shape, got < source.size);
  const first = shape.dataLines[0];
  const prefix = lines === shape.lineCount ? text : text.slice(0, charactersOf(text, lines));
  return { data, head: { shape, prefix, prefixLines: lines, prefixEnd: starts[lines]!, ...(first !== undefined && { pitch: starts[first + 1]! - starts[first]! }) } };
}

/** Lines up to the one that is the last of those which decide, and how many of these are data. */
function decidingLines(shape: TextShape, goesOn: boolean): { lines: number; data: number } {
  // A beginning without data decides nothing, and would be read again for every piece of a long log
  if (goesOn && shape.dataLines.length === 0) return { lines: 0, data: 0 };
  let data = 0;
  for (let line = 0; line < shape.lineCount; line++) {
    if (roleOf(shape.line(line)) === 'data' && ++data === DECIDING_LINES) return { lines: line + 1, data };
  }
  return { lines: shape.lineCount, data };
}

/** Bytes at which lines begin, and the end. */
function lineStarts(bytes: Uint8Array): number[] {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const starts: number[] = [];
  for (let at = marked ? 3 : 0; at < bytes.length; ) {
    starts.push(at);
    const newline = bytes.indexOf(0x0a, at);
    at = newline < 0 ? bytes.length : newline + 1;
  }
  return [...starts, bytes.length];
}

function charactersOf(text: string, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) at = text.indexOf('\n', at) + 1;
  return at;
}
