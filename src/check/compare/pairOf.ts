import type { Axis } from '../../vectors/axis';
import { AXES } from '../../vectors/axis';
import type { EntryWords } from '../../vectors/dump/entries';
import { WORD_STATES, entryWords } from '../../vectors/dump/entries';
import type { Layout, Loop } from '../../vectors/layout';
import type { DumpWords, PairAxis, WordPair } from '../pair';
import { absent } from './compare';
import type { MappedDump } from './dump';
import { entryOf } from './dump';
import type { Expected } from './expected';

/** Words of a pair at most, and of the dump beside it: a diagnosis needs them in memory. */
export const MOST_PAIR_WORDS = 1 << 22;

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
  const words = axesOf(layout.spec.words);
  const width = sizeOf(words);
  const entries = windowed([...fixedAxes(layout), ...axesOf(layout.spec.lines)], layout.lineCoordinates(firstLine), Math.max(1, Math.floor(most / width)));
  const length = sizeOf(entries) * width;
  const [values, found, state] = [new Int32Array(length), new Int32Array(length), new Uint8Array(length).fill(WORD_STATES.missing)];
  const unknown = new Uint32Array(length);
  const order = wordOrder(layout, words);
  const dumped = dumpWords(dump, order, width, firstLine, most);
  const lineOf = new Int32Array(sizeOf(entries)).fill(-1);
  const [want, got] = [entryWords(layout.wordsPerLine), entryWords(layout.wordsPerLine)];
  const rows = expected.rows(layout);
  for (let line = 0; line < layout.lineCount; line++) {
    const index = indexOf(entries, layout, line);
    if (index < 0) continue;
    rows.read(line, want);
    const entry = entryOf(dump, line);
    if (entry >= 0) dump.entries.read(entry, got);
    else absent(dump, line, got);
    lineOf[index] = entry < 0 || entry < dumped.from || entry >= dumped.to ? -1 : entry - dumped.from;
    for (const [word, to] of order.entries()) {
      const at = index * width + to;
      // What nothing is expected of counts as it is: there is nothing to explain
      const blind = want.state[word] !== WORD_STATES.known;
      // Neither does a log have to explain what it does not show
      const silent = dump.entries.sparse && got.state[word] === WORD_STATES.missing;
      values[at] = blind && !silent ? got.values[word]! : want.values[word]!;
      found[at] = silent ? want.values[word]! : got.values[word]!;
      state[at] = blind || silent ? WORD_STATES.known : stateOf(got, word);
      // A broken word says of no bit that it is unknown
      unknown[at] = blind || silent || got.state[word] === WORD_STATES.malformed ? 0 : got.unknown[word]!;
    }
  }
  const anyUnknown = unknown.some((bits) => bits !== 0);
  const pair: WordPair = {
    kind: expected.kind,
    format: expected.format,
    entryAxes: entries,
    wordAxes: words,
    expected: values,
    found,
    state,
    ...(anyUnknown && { unknownMask: unknown }),
    dump: { wordsPerEntry: width, values: dumped.values, state: dumped.state, entryOf: lineOf },
    ...(expected.model !== undefined && { model: expected.model }),
  };
  const total = layout.lineCount * layout.wordsPerLine;
  return { pair, ...(length < total && { of: total }) };
}

/** For a diagnosis what is malformed is unknown. */
function stateOf({ state }: EntryWords, word: number): number {
  return state[word] === WORD_STATES.malformed ? WORD_STATES.unknownBits : state[word]!;
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
  let sums = [0];
  for (const { start, step, count } of loops) sums = sums.flatMap((sum) => Array.from({ length: count }, (_, i) => sum + start + step * i));
  return sums.sort((a, b) => a - b);
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
    const start = Math.max(0, Math.min(middle, coordinates.length - room));
    cut[i] = { axis, coordinates: coordinates.slice(start, start + room) };
  }
  return cut;
}

/** Index of a line's coordinates among the entries; -1 outside the window. */
function indexOf(axes: readonly PairAxis[], layout: Layout, line: number): number {
  const place = layout.lineCoordinates(line);
  let index = 0;
  for (const { axis, coordinates } of axes) {
    const at = rank(coordinates, place[axis]!);
    if (at < 0) return -1;
    index = index * coordinates.length + at;
  }
  return index;
}

/** Coordinates mostly follow each other without a gap. */
function rank(coordinates: readonly number[], value: number): number {
  const guess = value - coordinates[0]!;
  return coordinates[guess] === value ? guess : coordinates.indexOf(value);
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

function dumpWords({ entries, layout, map }: MappedDump, order: readonly number[], width: number, firstLine: number, most: number): Pick<DumpWords, 'values' | 'state'> & { from: number; to: number } {
  const room = Math.floor(most / width);
  const first = entryOf({ kind: 'psum', entries, layout, map }, firstLine);
  const from = entries.count <= room ? 0 : Math.max(0, Math.min(first, entries.count - room));
  const to = Math.min(entries.count, from + room);
  const [values, state] = [new Int32Array((to - from) * width), new Uint8Array((to - from) * width)];
  const got: EntryWords = entryWords(layout.wordsPerLine);
  for (let entry = from; entry < to; entry++) {
    entries.read(entry, got);
    for (const [word, at] of order.entries()) {
      values[(entry - from) * width + at] = got.values[word]!;
      state[(entry - from) * width + at] = stateOf(got, word);
    }
  }
  return { values, state, from, to };
}
