import type { Problem } from '../../engine/problem';
import type { IntegerFormat } from '../../engine/width';
import type { Axis, Coordinates, Kind } from '../../vectors/axis';
import { AXES } from '../../vectors/axis';
import type { AxisRanges } from '../../vectors/dump/addressMap';
import type { EntryWords, WordSpot } from '../../vectors/dump/entries';
import { WORD_STATES } from '../../vectors/dump/entries';
import type { TextEntries } from '../../vectors/dump/textEntries';
import type { Layout, Loop } from '../../vectors/layout';
import type { TensorSource } from '../../vectors/tensor';
import type { PairModel } from '../pair';

/** What a dump should hold: golden files, or what the engine computes. */
export interface Expected {
  /** As reports call it. */
  readonly name: string;
  readonly kind: Kind;
  readonly format: IntegerFormat;
  /** Coordinates that values are known for. */
  readonly ranges: AxisRanges;
  /** Coordinates of the whole tensor, where the golden files are declared to be of one. */
  readonly whole?: AxisRanges;
  /** Loops in which a dump most likely holds them, best first: the lines, outermost first, and the words. */
  readonly orders: readonly { readonly lines: readonly Loop[]; readonly words: readonly Loop[] }[];
  /** Values that are known, in all. */
  readonly size: number;
  /** How many of them stand at these coordinates; where it is not given, as many as at any others. */
  readonly sizeAt?: (fixed: Coordinates) => number;
  /** The values in the order of a dump's layout. */
  rows(dump: Layout): ExpectedRows;
  readonly model?: PairModel;
  /** Computed, so that nothing can be lacking. */
  readonly complete?: boolean;
  /** Why it cannot be trusted: golden files that contradict each other, or that are too short. */
  readonly doubt?: Problem;
  /** What was seen while it was read, one sentence each. */
  readonly notes?: readonly string[];
}

export interface ExpectedRows {
  /** Words of a line of the dump's layout; {@link WORD_STATES.missing} where nothing is expected, `unknownBits` where the golden word says no value. */
  read(line: number, into: EntryWords): void;
  /** Values of lines that follow each other, `[line, word]`, as far as all are known at a glance; says how many lines it gave, 0 when they must be read one by one. */
  readMany?(line: number, count: number, into: Int32Array): number;
  /** Where the expected value stands; undefined when it was computed. */
  spot(line: number, word: number): WordSpot | undefined;
  /** The golden file that holds a line of the dump, and where, when the lines behind it follow each other in both. */
  run?(line: number): { readonly entries: TextEntries; readonly entry: number; readonly lines: number } | undefined;
}

/** Golden values of a computed tensor. */
export function expectedTensor(facts: Omit<Expected, 'rows' | 'size' | 'sizeAt'>, tensor: TensorSource): Expected {
  const size = Object.values(facts.ranges).reduce((product, { count }) => product * count, 1);
  const offsetOf = (place: Coordinates): number => AXES.reduce((sum, axis) => sum + (place[axis] ?? 0) * (tensor.strides[axis] ?? 0), 0);
  return {
    ...facts,
    complete: true,
    size,
    rows: (dump) => {
      // Loops are affine: the offset of a word from its line's first is the same on all lines, but for blocks (tiles)
      const first = offsetOf(dump.coordinates(0, 0));
      const offsets = Int32Array.from({ length: dump.wordsPerLine }, (_, word) => offsetOf(dump.coordinates(0, word)) - first);
      const blockAxes = new Set(dump.spec.words.map(({ axis }) => axis).filter((axis) => tensor.strides[axis] === undefined));
      return {
        read: (line, into) => {
          into.state.fill(WORD_STATES.known);
          into.unknown.fill(0);
          if (blockAxes.size > 0) {
            for (let word = 0; word < dump.wordsPerLine; word++) {
              const place = dump.coordinates(line, word);
              into.values[word] = tensor.block(place)[offsetOf(place)]!;
            }
            return;
          }
          const place = dump.coordinates(line, 0);
          const data = tensor.block(place);
          const base = offsetOf(place);
          for (let word = 0; word < offsets.length; word++) into.values[word] = data[base + offsets[word]!]!;
        },
        spot: () => undefined,
      };
    },
  };
}

/** The range of each axis over all of some layouts. */
export function rangesOf(layouts: readonly Layout[]): AxisRanges {
  const ranges: Partial<Record<Axis, { start: number; count: number }>> = {};
  for (const axis of AXES) {
    const bounds = layouts.flatMap(({ spec }) => {
      const loops = [...spec.lines, ...spec.words].filter((loop) => loop.axis === axis);
      const fixed = spec.fixed[axis];
      if (loops.length === 0) return fixed === undefined ? [] : [[fixed, fixed] as const];
      const sum = (pick: (a: number, b: number) => number): number => loops.reduce((all, { start, step, count }) => all + pick(start, start + step * (count - 1)), 0);
      return [[sum(Math.min), sum(Math.max)] as const];
    });
    if (bounds.length === 0) continue;
    const least = Math.min(...bounds.map(([low]) => low));
    ranges[axis] = { start: least, count: Math.max(...bounds.map(([, high]) => high)) - least + 1 };
  }
  return ranges;
}
