import type { TextKernel } from '../simd/textKernel';
import type { ByteSource } from './byteSource';
import { IndexBuilder } from './indexBuilder';
import type { LineForm } from './lineForm';
import type { LineIndex, RegularLines } from './lineIndex';
import { CHUNK, indexFrom } from './lineIndex';

/** Stretches that are remembered: a file of equal lines is one. */
const MOST_STRETCHES = 1 << 10;

/**
 * Finds the data lines of two files that are likely to be equal in one pass, as far as they are; from the first difference on each by itself. What
 * is known to be equal stands in the second's index. Yields the bytes done of both.
 * @param skip `form` as for `indexLines`: the same for both
 */
export function* indexTwins(golden: ByteSource, dump: ByteSource, skip: number, form: LineForm | undefined, kernel: TextKernel): Generator<number, { golden: LineIndex; dump: LineIndex }> {
  const regular: RegularLines[] = [];
  const builder = new IndexBuilder(skip, form, (from, to, places) => {
    const last = regular.at(-1);
    if (last?.to === from && last.places === places) last.to = to;
    else if (regular.length < MOST_STRETCHES) regular.push({ from, to, places });
  });
  const twin = { source: golden, regular };
  let offset = 0;
  for (;;) {
    const room = kernel.room(2 * CHUNK);
    const [got, other] = [golden.read(offset, room.subarray(0, CHUNK)), dump.read(offset, room.subarray(CHUNK))];
    if (got !== other || kernel.same(0, CHUNK, got) < got) break;
    const last = got < CHUNK;
    const taken = builder.take(room.subarray(0, got), offset, last, kernel);
    if (last) {
      const index = builder.finish();
      return { golden: index, dump: { ...index, twin } };
    }
    // A line that is longer than this is for others
    if (taken === 0) break;
    offset += taken;
    yield 2 * offset;
  }
  const goldenIndex = yield* counted(indexFrom(golden, builder.copy(), offset, kernel), offset);
  const dumpIndex = yield* counted(indexFrom(dump, builder.copy(), offset, kernel), golden.size);
  return { golden: goldenIndex, dump: { ...dumpIndex, twin } };
}

/** The same steps, with the bytes of the other file added. */
function* counted(steps: Generator<number, LineIndex>, others: number): Generator<number, LineIndex> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    yield others + step.value;
  }
}
