import type { Axis } from '../../vectors/axis';
import { AXES } from '../../vectors/axis';
import type { Layout, Loop } from '../../vectors/layout';
import type { PairAxis, WordPair } from '../pair';
import type { MappedDump } from './dump';
import { EntryIndex } from './entryIndex';
import type { Expected } from './expected';
import { PairWords } from './pairWords';

/** Words of a pair at most: a diagnosis needs them in memory, and judges those about the first that differs. */
export const MOST_PAIR_WORDS = 1 << 20;

/** Of the window that much stands before the first mismatch: where what is right ends tells a skip from a shift of everything. */
const BEFORE = 1 / 4;

/** A pair, and whether it is a part of the comparison only. */
export interface PairWindow {
  readonly pair: WordPair;
  /** Words of the comparison, when the pair has fewer. */
  readonly of?: number;
}

/**
 * Both sides on the same coordinates, ascending on each axis, for a diagnosis. Of more than `most` words a window: the outermost
 * axes are cut to the coordinates around the first mismatch.
 * @param firstLine line of the dump's layout in which the first mismatch stands
 */
export function pairOf(expected: Expected, dump: MappedDump, firstLine = 0, most = MOST_PAIR_WORDS): PairWindow {
  const { layout } = dump;
  const wordAxes = axesOf(layout.spec.words);
  const width = sizeOf(wordAxes);
  const allEntries = [...fixedAxes(layout), ...axesOf(layout.spec.lines)];
  const entryAxes = windowed(allEntries, layout.lineCoordinates(firstLine), Math.max(1, Math.floor(most / width)));
  const length = sizeOf(entryAxes) * width;
  const order = wordOrder(layout, wordAxes);
  const words = new PairWords(expected, dump, new EntryIndex(layout, entryAxes), length, order);
  words.fill();
  const total = layout.lineCount * layout.wordsPerLine;
  const pair: WordPair = {
    kind: expected.kind,
    format: expected.format,
    entryAxes,
    wordAxes,
    expected: words.expected,
    found: words.found,
    state: words.state,
    ...(words.unknown !== undefined && { unknownMask: words.unknown }),
    dump: { count: dump.entries.count, expected: layout.lineCount, entryOf: words.entryOf },
    ...(length < total && { part: { first: firstOf(entryAxes, allEntries), of: sizeOf(allEntries) } }),
    ...(expected.model !== undefined && { model: expected.model }),
  };
  return { pair, ...(length < total && { of: total }) };
}

/** Each axis once, in the order of its outermost loop, with all coordinates it takes. */
function axesOf(loops: readonly Loop[]): PairAxis[] {
  const names = [...new Set(loops.map(({ axis }) => axis))];
  return names.map((axis) => ({ axis, coordinates: coordinatesOf(loops.filter((loop) => loop.axis === axis)) }));
}

/** What is the same in the whole dump has one coordinate: a diagnosis may ask for its kij or tile. */
function fixedAxes({ spec }: Layout): PairAxis[] {
  return AXES.flatMap((axis) => (spec.fixed[axis] === undefined ? [] : [{ axis, coordinates: [spec.fixed[axis]] }]));
}

function coordinatesOf(loops: readonly Loop[]): number[] {
  let sums = Float64Array.of(0);
  for (const { start, step, count } of loops) sums = Float64Array.from({ length: sums.length * count }, (_, i) => sums[Math.floor(i / count)]! + start + step * (i % count));
  return [...sums.sort()];
}

function sizeOf(axes: readonly PairAxis[]): number {
  return axes.reduce((size, { coordinates }) => size * coordinates.length, 1);
}

/** Cuts axes from the outermost on until so many entries are left, keeping the coordinates of a mismatch. */
function windowed(axes: readonly PairAxis[], keep: Partial<Record<Axis, number>>, most: number): PairAxis[] {
  const cut = [...axes];
  for (const [i, { axis, coordinates }] of axes.entries()) {
    if (sizeOf(cut) <= most) break;
    const inside = sizeOf(cut) / coordinates.length;
    const room = Math.min(coordinates.length, Math.max(1, Math.floor(most / inside)));
    const middle = coordinates.indexOf(keep[axis] ?? coordinates[0]!);
    const start = Math.max(0, Math.min(middle - Math.floor(room * BEFORE), coordinates.length - room));
    cut[i] = { axis, coordinates: coordinates.slice(start, start + room) };
  }
  return cut;
}

/** Where the first entry of a window stands among all. */
function firstOf(window: readonly PairAxis[], all: readonly PairAxis[]): number {
  return all.reduce((first, { coordinates }, i) => first * coordinates.length + coordinates.indexOf(window[i]!.coordinates[0]!), 0);
}

/** For each word of a line its place among the words of ascending coordinates. */
function wordOrder(layout: Layout, words: readonly PairAxis[]): number[] {
  const origin = layout.lineCoordinates(0);
  const looped = new Set(layout.spec.lines.map(({ axis }) => axis));
  return Array.from({ length: layout.wordsPerLine }, (_, word) => {
    const place = layout.coordinates(0, word);
    return words.reduce((index, { axis, coordinates }) => index * coordinates.length + coordinates.indexOf(place[axis]! - (looped.has(axis) ? origin[axis]! : 0)), 0);
  });
}
