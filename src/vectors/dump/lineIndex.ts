import type { TextKernel } from '../simd/textKernel';
import { textKernel } from '../simd/textKernel';
import type { ByteSource } from './byteSource';
import type { LineIndex } from './indexBuilder';
import { IndexBuilder } from './indexBuilder';
import type { LineForm } from './lineForm';
import { LineRoles } from './lineRoles';

export { stretchAt } from './indexBuilder';
export type { LineIndex, RegularLines, Remarks, Segment, Twin } from './indexBuilder';

/** Bytes that are looked at together: they stay in the cache. */
export const CHUNK = 1 << 18;
/** Longer lines are looked at outside the kernel, whose memory does not shrink. */
const MOST_ROOM = 1 << 22;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Finds the data lines of a file in one pass; yields the bytes done after each piece.
 * @param skip leading file lines that are no data whatever they look like: the header
 * @param form of the lines of words: with it a broken line among them is one of them, and what follows keeps its place
 */
export function* indexLines(source: ByteSource, skip: number, form?: LineForm): Generator<number, LineIndex> {
  return yield* indexFrom(source, new IndexBuilder(skip, form), 0, textKernel());
}

/**
 * The same from some line on.
 * @param builder has taken the lines before
 * @param kernel where the text is looked at; undefined: plain TypeScript, which finds the same
 */
export function* indexFrom(source: ByteSource, builder: IndexBuilder, from: number, kernel: TextKernel | undefined): Generator<number, LineIndex> {
  let own = new Uint8Array(0);
  let [offset, length] = [from, CHUNK];
  for (;;) {
    const inKernel = length <= MOST_ROOM ? kernel : undefined;
    if (inKernel === undefined && own.length !== length) own = new Uint8Array(length);
    // Its memory may have grown meanwhile: another one then
    const room = inKernel?.room(length) ?? own;
    const got = source.read(offset, room);
    const last = got < length;
    const taken = builder.take(room.subarray(0, got), offset, last, inKernel);
    if (last) return builder.finish();
    offset += taken;
    if (taken === 0) length *= 2;
    yield offset;
  }
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
