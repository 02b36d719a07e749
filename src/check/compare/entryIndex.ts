import type { Layout } from '../../vectors/layout';
import type { PairAxis } from '../pair';

/** One loop over the lines as it moves along one axis. */
interface Step {
  readonly slot: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** For each line of a layout its place among the entries of some axes: numbers only, because there are as many as a file has lines. */
export class EntryIndex {
  private readonly steps: readonly Step[];
  private readonly ranks: readonly ((coordinate: number) => number)[];
  /** Of each axis: so many lines follow each other with the same coordinate. */
  private readonly spans: readonly number[];
  private readonly origin: Float64Array;
  private readonly place: Float64Array;

  /** @param axes all that the line loops and the fixed coordinates of the layout have, with those of their coordinates that count */
  constructor(
    layout: Layout,
    private readonly axes: readonly PairAxis[],
  ) {
    const { lines, fixed } = layout.spec;
    this.steps = lines.map(({ axis, start, step, count }) => ({ slot: axes.findIndex((one) => one.axis === axis), start, step, count })).reverse();
    this.spans = axes.map((_, slot) => {
      const own = this.steps.findIndex((step) => step.slot === slot);
      return this.steps.slice(0, own < 0 ? this.steps.length : own).reduce((span, { count }) => span * count, 1);
    });
    this.ranks = axes.map(({ coordinates }) => rankIn(coordinates));
    this.origin = Float64Array.from(axes, ({ axis }) => fixed[axis] ?? 0);
    this.place = new Float64Array(axes.length);
  }

  /** @returns for a line whose coordinates do not count a negative number: so many lines on is the next one that may */
  of(line: number): number {
    const { place, steps, axes } = this;
    place.set(this.origin);
    let rest = line;
    for (let i = 0; i < steps.length; i++) {
      const { slot, start, step, count } = steps[i]!;
      place[slot] = place[slot]! + start + step * (rest % count);
      rest = Math.floor(rest / count);
    }
    let index = 0;
    for (let i = 0; i < axes.length; i++) {
      const at = this.ranks[i]!(place[i]!);
      if (at < 0) return (line % this.spans[i]!) - this.spans[i]!;
      index = index * axes[i]!.coordinates.length + at;
    }
    return index;
  }
}

/** Coordinates mostly follow each other without a gap. */
function rankIn(coordinates: readonly number[]): (coordinate: number) => number {
  const [first, count] = [coordinates[0]!, coordinates.length];
  if (coordinates.every((coordinate, i) => coordinate === first + i)) return (coordinate) => (coordinate >= first && coordinate < first + count ? coordinate - first : -1);
  const ranks = new Map(coordinates.map((coordinate, i) => [coordinate, i]));
  return (coordinate) => ranks.get(coordinate) ?? -1;
}
