import type { ByteSource } from '../../vectors/dump/byteSource';
import { asciiText } from '../../vectors/dump/byteSource';
import { withoutComments } from '../../vectors/dump/comments';
import type { LineForm } from '../../vectors/dump/lineForm';
import { isSameForm, lineForm } from '../../vectors/dump/lineForm';
import type { LineIndex } from '../../vectors/dump/lineIndex';
import { indexLines } from '../../vectors/dump/lineIndex';
import { indexTwins } from '../../vectors/dump/twinIndex';
import { textKernel } from '../../vectors/simd/textKernel';
import type { TextShape } from '../../vectors/textShape';
import { textShape } from '../../vectors/textShape';
import { drive } from '../drive';
import type { CheckRun } from './spec';

/** So much of a file tells its form. */
export const HEAD_BYTES = 1 << 18;

/** A text whose data lines are known. */
export interface OpenedText {
  readonly source: ByteSource;
  readonly head: TextShape;
  readonly index: LineIndex;
}

/** Looks at the beginning of a text and finds its data lines. */
export async function openText(source: ByteSource, run: CheckRun): Promise<OpenedText> {
  const { head, skip, form } = beginningOf(headBytes(source), source.size);
  return { source, head, index: await finish(indexLines(source, skip, form), source.size, run) };
}

/** The same for two texts whose lines are alike, read together; undefined when they do not begin so. */
export async function openTwins(golden: ByteSource, dump: ByteSource, run: CheckRun): Promise<{ golden: OpenedText; dump: OpenedText } | undefined> {
  const kernel = textKernel();
  if (kernel === undefined || golden.size !== dump.size) return undefined;
  const [bytes, others] = [headBytes(golden), headBytes(dump)];
  if (bytes.length !== others.length) return undefined;
  const room = kernel.room(2 * HEAD_BYTES);
  room.set(bytes);
  room.set(others, HEAD_BYTES);
  const one = kernel.same(0, HEAD_BYTES, bytes.length) === bytes.length;
  const own = beginningOf(bytes, golden.size);
  const other = one ? own : beginningOf(others, dump.size);
  if (own.skip !== other.skip || !isSameForm(own.form, other.form)) return undefined;
  const index = await finish(indexTwins(golden, dump, own.skip, own.form, kernel), 2 * golden.size, run);
  return { golden: { source: golden, head: own.head, index: index.golden }, dump: { source: dump, head: other.head, index: index.dump } };
}

function headBytes(source: ByteSource): Uint8Array {
  const bytes = new Uint8Array(Math.min(HEAD_BYTES, source.size));
  return bytes.subarray(0, source.read(0, bytes));
}

interface Beginning {
  readonly head: TextShape;
  /** Leading lines that are no data. */
  readonly skip: number;
  readonly form: LineForm | undefined;
}

function beginningOf(bytes: Uint8Array, size: number): Beginning {
  // Without the cut line, whose words would be short
  const whole = bytes.length === size ? size : bytes.lastIndexOf(0x0a) + 1;
  const head = textShape(withoutComments(asciiText(bytes, 0, whole > 0 ? whole : bytes.length)));
  const first = head.report === undefined ? (head.dataLines[0] ?? 0) : 0;
  return { head, skip: leadingLines(head, first), form: head.report === undefined ? lineForm(head) : undefined };
}

/** Lines before the first data line, unless an address stands among them: that one counts. */
function leadingLines(head: TextShape, first: number): number {
  for (let line = 0; line < first; line++) if (head.role(line) === 'address') return line;
  return first;
}

/** Takes the steps of a reading, and breathes between them. */
export function finish<T>(steps: Generator<number, T>, total: number, { signal, onProgress }: CheckRun): Promise<T> {
  return drive(steps, signal, (done) => onProgress?.({ phase: 'read', done, total }));
}
