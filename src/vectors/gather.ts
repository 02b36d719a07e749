import { Problem } from '../engine/problem';
import type { Axis, Coordinates } from './axis';
import { describeCoordinates } from './axis';
import type { Layout, Loop } from './layout';
import type { TensorSource } from './tensor';

type Strides = TensorSource['strides'];

/** Takes the words of a file from a tensor, line by line, in the order of the file. */
export class Gatherer {
  private readonly words: Int32Array;
  /** Of the lines that share a block of the tensor: offsets from the first of them. */
  private readonly lines: Int32Array;

  constructor(
    private readonly layout: Layout,
    private readonly source: TensorSource,
  ) {
    const { words, lines } = layout.spec;
    this.words = wordOffsets(words, source.strides);
    // The innermost loops of lines that stay in a block: an axis without a stride selects another one
    const inner = lines.slice(lines.findLastIndex(({ axis }) => source.strides[axis] === undefined) + 1);
    this.lines = offsetsOf(inner.map((loop) => ({ ...loop, start: 0 })), source.strides);
  }

  /** The words of some lines, `[line, word]`, written into the beginning of `into`. */
  read(firstLine: number, lineCount: number, into: Int32Array): void {
    const { words, lines } = this;
    const end = firstLine + lineCount;
    for (let line = firstLine, at = 0; line < end; ) {
      const first = line - (line % lines.length);
      const place = this.layout.lineCoordinates(first);
      const data = this.source.block(place);
      const base = offsetOf(place, this.source.strides);
      for (const until = Math.min(end, first + lines.length); line < until; line++) {
        const start = base + lines[line - first]!;
        for (let word = 0; word < words.length; word++) into[at++] = data[start + words[word]!]!;
      }
    }
  }

  /** The problem `code-range` with the coordinates of the first value among some lines that the word cannot hold. */
  misfit(firstLine: number, lineCount: number): Problem {
    const { min, max } = this.layout.range;
    const values = new Int32Array(lineCount * this.words.length);
    this.read(firstLine, lineCount, values);
    const i = values.findIndex((value) => value < min || value > max);
    return doesNotFit(this.layout, firstLine + Math.floor(i / this.words.length), i % this.words.length, values[i]!);
  }
}

/** Where a place's value stands in its block. */
export function offsetOf(place: Coordinates, strides: Strides): number {
  let offset = 0;
  for (const axis in place) offset += (place[axis as Axis] ?? 0) * (strides[axis as Axis] ?? 0);
  return offset;
}

/** Offsets of a line's words from the line's own: the same for every line. */
export function wordOffsets(loops: readonly Loop[], strides: Strides): Int32Array {
  const loop = loops.find(({ axis }) => strides[axis] === undefined);
  if (loop !== undefined) {
    throw new Problem('profile', `The words of one line cannot run over ${loop.axis}: these values are computed one tile at a time.`, `Enumerate ${loop.axis} by the lines or by the file name.`);
  }
  return offsetsOf(loops, strides);
}

function offsetsOf(loops: readonly Loop[], strides: Strides): Int32Array {
  let offsets = Int32Array.of(0);
  for (const { axis, start, step, count } of loops) {
    const before = offsets;
    const stride = strides[axis] ?? 0;
    offsets = new Int32Array(before.length * count);
    for (let i = 0, at = 0; i < before.length; i++) for (let k = 0; k < count; k++) offsets[at++] = before[i]! + stride * (start + step * k);
  }
  return offsets;
}

function doesNotFit(layout: Layout, line: number, word: number, value: number): Problem {
  const { kind, bits, signed } = layout.spec;
  return new Problem(
    'code-range',
    `The ${kind} ${value} at ${describeCoordinates(layout.coordinates(line, word))} does not fit ${bits} ${signed ? 'signed' : 'unsigned'} bits.`,
    'Give the file more bits, or choose how values that do not fit are treated (quantization.outOfRange, array.overflow).',
  );
}
