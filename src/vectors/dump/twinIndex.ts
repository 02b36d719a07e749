import type { TextKernel } from '../simd/textKernel';
import type { ByteSource } from './byteSource';
import { IndexBuilder } from './indexBuilder';
import type { LineForm } from './lineForm';
import type { LineIndex, RegularLines } from './lineIndex';
import { CHUNK, indexFrom } from './lineIndex';

/** Stretches that are remembered: a file of equal lines is one. */
const MOST_STRETCHES = 1 << 14;

/**
 * Finds the data lines of two files that are likely to be alike in one pass, as long as their lines are: equal, or of the same form and length. From the
 * first place on where they are not, each is gone through by itself. What is known to be equal stands in the second's index. Yields the bytes done of both.
 * @param skip `form` as for `indexLines`: the same for both
 */
export function* indexTwins(golden: ByteSource, dump: ByteSource, skip: number, form: LineForm | undefined, kernel: TextKernel): Generator<number, { golden: LineIndex; dump: LineIndex }> {
  const stretches = new Stretches();
  let found: RegularLines[] = [];
  const builder = new IndexBuilder(skip, form, (lines) => found.push(lines));
  let offset = 0;
  /** Has taken the lines before `offset`. */
  let before = builder;
  for (;;) {
    const room = kernel.room(2 * CHUNK);
    const [got, other] = [golden.read(offset, room.subarray(0, CHUNK)), dump.read(offset, room.subarray(CHUNK))];
    before = builder;
    if (got !== other) break;
    const isEqual = kernel.same(0, CHUNK, got) === got;
    const last = got < CHUNK;
    if (!isEqual) before = builder.copy();
    found = [];
    const taken = builder.take(room.subarray(0, got), offset, last, kernel);
    if (isEqual) stretches.add(found);
    else {
      const equal = equalAmong(found, offset, taken, kernel);
      if (equal === undefined) break;
      stretches.add(equal);
    }
    if (last) {
      const index = builder.finish();
      return { golden: index, dump: { ...index, twin: { source: golden, regular: stretches.kept, until: stretches.complete ? golden.size : 0 } } };
    }
    // A line that is longer than this is for others
    if (taken === 0) break;
    offset += taken;
    yield 2 * offset;
  }
  const goldenIndex = yield* counted(indexFrom(golden, before.copy(), offset, kernel), offset);
  const dumpIndex = yield* counted(indexFrom(dump, before.copy(), offset, kernel), golden.size);
  return { golden: goldenIndex, dump: { ...dumpIndex, twin: { source: golden, regular: stretches.kept, until: stretches.complete ? offset : 0 } } };
}

/** Stretches that go on in each other are one. */
class Stretches {
  readonly kept: RegularLines[] = [];
  /** None had to be left out. */
  complete = true;

  add(stretches: readonly RegularLines[]): void {
    for (const stretch of stretches) {
      const last = this.kept.at(-1);
      if (last?.to === stretch.from && last.places === stretch.places) last.to = stretch.to;
      else if (this.complete && this.kept.length < MOST_STRETCHES) this.kept.push(stretch);
      else this.complete = false;
    }
  }
}

/**
 * The equal ones among the lines of one form of two blocks that differ. Both stand in the kernel's room, one a chunk behind the other.
 * @param taken bytes of the first that are whole lines
 * @returns undefined when the second has not the same lines: lines of the form where the first has such, and equal bytes elsewhere
 */
function equalAmong(found: readonly RegularLines[], offset: number, taken: number, kernel: TextKernel): RegularLines[] | undefined {
  const isEqual = (from: number, to: number): boolean => kernel.same(from, CHUNK + from, to - from) === to - from;
  const equal: RegularLines[] = [];
  let done = 0;
  for (const { from, to, places } of found) {
    const [end, pitch] = [to - offset, places.length];
    const fit = (at: number, stop: number): boolean => (stop - at) % pitch === 0 && kernel.fits(at, (stop - at) / pitch, places) * pitch === stop - at;
    // The first line of a form is looked at by itself, and is no other than those behind it
    const start = isEqual(done, from - offset) || !fit(done, from - offset) ? from - offset : done;
    if (!isEqual(done, start) || !fit(CHUNK + start, CHUNK + end)) return undefined;
    for (let at = start; at < end; ) {
      const same = Math.floor(kernel.same(at, CHUNK + at, end - at) / pitch) * pitch;
      if (same > 0) equal.push({ from: offset + at, to: offset + at + same, places });
      at += same + pitch;
    }
    done = end;
  }
  return isEqual(done, taken) ? equal : undefined;
}

/** The same steps, with the bytes of the other file added. */
function* counted(steps: Generator<number, LineIndex>, others: number): Generator<number, LineIndex> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    yield others + step.value;
  }
}
