import type { Axis, AxisCounts, Coordinates, Kind } from '../../vectors/axis';
import { AXES, AXES_OF } from '../../vectors/axis';
import type { Layout } from '../../vectors/layout';

/** Every word of a layout by a number, `line * wordsPerLine + word`, and back. Quicker than the layout where many words are asked for. */
export class LayoutIndex {
  readonly length: number;
  /** What each coordinate of an axis adds to the number; undefined where the layout does not reach it. Axes are independent of each other. */
  private readonly tables: readonly { readonly axis: Axis; readonly adds: readonly (number | undefined)[] }[];
  private readonly fixed: readonly { readonly axis: Axis; readonly at: number }[];

  constructor(
    readonly layout: Layout,
    counts: AxisCounts,
  ) {
    const { spec, wordsPerLine, lineCount } = layout;
    this.length = lineCount * wordsPerLine;
    const looped = new Set([...spec.lines, ...spec.words].map(({ axis }) => axis));
    const origin = layout.coordinates(0, 0);
    this.tables = [...looped].map((axis) => ({ axis, adds: Array.from({ length: counts[axis] }, (_, at) => numberOf(layout, { ...origin, [axis]: at })) }));
    this.fixed = AXES.flatMap((axis) => (spec.fixed[axis] === undefined ? [] : [{ axis, at: spec.fixed[axis] }]));
  }

  /** Bytes that this takes, about. */
  get bytes(): number {
    return this.tables.reduce((sum, { adds }) => sum + 8 * adds.length, 0);
  }

  /** The number of the word that stands for some coordinates; -1 when there is none, or when an axis of its loops is not among them. */
  at(place: Coordinates): number {
    for (const { axis, at } of this.fixed) {
      const value = place[axis];
      if (value !== undefined && value !== at) return -1;
    }
    let number = 0;
    for (const { axis, adds } of this.tables) {
      const add = adds[place[axis] ?? -1];
      if (add === undefined) return -1;
      number += add;
    }
    return number;
  }

  coordinates(number: number): Coordinates {
    const { wordsPerLine } = this.layout;
    return this.layout.coordinates(Math.floor(number / wordsPerLine), number % wordsPerLine);
  }
}

/** Added up from the axes, relative to the first word: its own number is 0 by definition. */
function numberOf(layout: Layout, place: Coordinates): number | undefined {
  const position = layout.position(place);
  return position === undefined ? undefined : position.line * layout.wordsPerLine + position.word;
}

/** Does a file lie inside a layer, and tell everything apart that the layer has several of? Otherwise its words could be of any tile. */
export function belongsTo({ spec }: Layout, counts: AxisCounts): boolean {
  const loops = [...spec.lines, ...spec.words];
  const tells = (axis: Axis): boolean => counts[axis] === 1 || spec.fixed[axis] !== undefined || loops.some((loop) => loop.axis === axis);
  const inside = AXES.every((axis) => {
    const own = loops.filter((loop) => loop.axis === axis);
    if (own.length === 0) return (spec.fixed[axis] ?? 0) < counts[axis];
    const reach = (pick: (a: number, b: number) => number): number => own.reduce((sum, { start, step, count }) => sum + pick(start, start + step * (count - 1)), 0);
    return reach(Math.min) >= 0 && reach(Math.max) < counts[axis];
  });
  return inside && axesOf(spec.kind).every((alternatives) => alternatives.some(tells));
}

/** Psums may be given for the output pixels that read them. */
function axesOf(kind: Kind): (readonly Axis[])[] {
  return AXES_OF[kind].map((axis) => (kind === 'psum' && axis === 'nij' ? ['nij', 'o_nij'] : [axis]));
}
