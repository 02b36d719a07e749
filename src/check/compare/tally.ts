import type { IntegerFormat } from '../../engine/width';
import type { Axis, Coordinates } from '../../vectors/axis';
import { AXES } from '../../vectors/axis';
import type { EntryWords, WordSpot } from '../../vectors/dump/entries';
import { WORD_STATES } from '../../vectors/dump/entries';
import type { Layout } from '../../vectors/layout';
import type { CoordinateCount, Difference, Mismatch, WordShown } from './report';
import { MOST_COORDINATES } from './report';

/** Where words that differ stand; asked for the few that are shown. */
export interface Spots {
  expected(line: number, word: number): WordSpot | undefined;
  got(line: number, word: number): WordSpot | undefined;
}

/** Counts words that differ, by kind, coordinate and bit, and keeps the first. */
export class Tally {
  readonly of: Record<Difference, number> = { value: 0, unknown: 0, unwritten: 0, missing: 0 };
  readonly first: Mismatch[] = [];
  readonly bits: number[];
  differingLines = 0;
  private lastLine = -1;
  private place: Coordinates = {};
  private readonly counts = new Map<Axis, Map<number, number>>();
  private readonly axes: readonly Axis[];
  /** What each word adds to the coordinates of its line. */
  private readonly inner: readonly Coordinates[];

  constructor(
    private readonly layout: Layout,
    private readonly format: IntegerFormat,
    private readonly most: number,
    private readonly spots: Spots,
    private readonly onWord?: (line: number, word: number) => void,
  ) {
    this.bits = new Array<number>(format.bits).fill(0);
    const origin = layout.lineCoordinates(0);
    this.axes = AXES.filter((axis) => layout.coordinates(0, 0)[axis] !== undefined);
    this.inner = Array.from({ length: layout.wordsPerLine }, (_, word) => {
      const place = layout.coordinates(0, word);
      return Object.fromEntries(this.axes.map((axis) => [axis, place[axis]! - (origin[axis] ?? 0)]));
    });
    for (const axis of this.axes) this.counts.set(axis, new Map());
  }

  add(difference: Difference, line: number, word: number, expected: EntryWords, got: EntryWords): void {
    this.of[difference]++;
    this.onWord?.(line, word);
    if (line !== this.lastLine) {
      this.lastLine = line;
      this.differingLines++;
      this.place = this.layout.lineCoordinates(line);
    }
    const inner = this.inner[word]!;
    for (const axis of this.axes) {
      const at = (this.place[axis] ?? 0) + inner[axis]!;
      const counts = this.counts.get(axis)!;
      const count = counts.get(at);
      if (count !== undefined || counts.size < MOST_COORDINATES) counts.set(at, (count ?? 0) + 1);
    }
    if (difference === 'value') {
      let bits = expected.values[word]! ^ got.values[word]!;
      for (let bit = 0; bits !== 0 && bit < this.bits.length; bit++, bits >>>= 1) if ((bits & 1) === 1) this.bits[bit]!++;
    }
    if (this.first.length < this.most) this.first.push({ difference, coordinates: this.layout.coordinates(line, word), expected: shown(expected, word, this.format, this.spots.expected(line, word)), got: shown(got, word, this.format, this.spots.got(line, word)) });
  }

  get byCoordinate(): Partial<Record<Axis, CoordinateCount[]>> {
    return Object.fromEntries([...this.counts].map(([axis, counts]) => [axis, [...counts].sort(([a], [b]) => a - b).map(([at, differing]) => ({ at, differing }))]));
  }
}

function shown(words: EntryWords, word: number, format: IntegerFormat, spot: WordSpot | undefined): WordShown {
  const state = words.state[word]!;
  if (state === WORD_STATES.missing) return { bits: '' };
  const value = words.values[word]!;
  return {
    ...(state === WORD_STATES.known && { value: format.signed ? value : value >>> 0 }),
    bits: bitsOf(value, words.unknown[word]!, format.bits),
    ...(spot !== undefined && { spot }),
  };
}

function bitsOf(value: number, unknown: number, bits: number): string {
  return Array.from({ length: bits }, (_, i) => bits - 1 - i)
    .map((bit) => ((unknown >>> bit) & 1 ? 'x' : (value >> Math.min(bit, 31)) & 1))
    .join('');
}
