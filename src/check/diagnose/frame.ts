import type { Axis } from '../../vectors/axis';
import type { WordPair } from '../pair';
import { WORD_STATES } from '../pair';
import { Dice } from './dice';

/** Words that are judged at most; of a larger pair only a window of whole entries. */
export const MOST_WORDS = 131_072;
/** Words of a column that are asked first: those that differ, those that the dump lacks, and right ones. */
const SAMPLED_WRONG = 24;
const SAMPLED_ABSENT = 8;
const SAMPLED_RIGHT = 8;
const MOST_STRATA = 64;

/** What differs between the two sides of a pair, word by word. */
export interface Counts {
  readonly words: number;
  readonly mismatches: number;
  /** Known words with another value. */
  readonly different: number;
  /** Words with x or z in them. */
  readonly unknown: number;
  readonly unwritten: number;
  readonly missing: number;
}

/** Where an axis stands in the index of a word. */
export interface AxisPlace {
  readonly axis: Axis;
  readonly stride: number;
  readonly count: number;
  readonly coordinates: readonly number[];
}

/** A pair as hypotheses see it: its geometry, what is wrong, and a sample of that. */
export interface Frame {
  readonly pair: WordPair;
  readonly entries: number;
  /** Words of an entry. */
  readonly width: number;
  readonly axes: ReadonlyMap<Axis, AxisPlace>;
  /** 1 for each word that differs. */
  readonly wrong: Uint8Array;
  /** Indices of those inside the window, ascending. */
  readonly wrongWords: Int32Array;
  readonly counts: Counts;
  /** Words that are judged, `from` inclusive, `to` exclusive; whole entries. */
  readonly from: number;
  readonly to: number;
  /** Words inside the window that differ. */
  readonly mismatches: number;
  /** Address of each entry in the dump; entries that the dump lacks count on. */
  readonly address: Int32Array;
  /** The entry at an address, -1 where none stands. */
  readonly entryAt: (address: number) => number;
  /** Some differing words of each column, then some that the dump lacks, then some right ones. */
  readonly sample: Int32Array;
  /** The number that people are told of an entry: that of the whole comparison. */
  readonly told: (entry: number) => number;
  /** Behind the last entry the comparison goes on. */
  readonly goesOn: boolean;
  /** How likely a word has this value by chance, from the expected words. */
  readonly probability: (value: number) => number;
}

export function frameOf(pair: WordPair): Frame {
  const width = product(pair.wordAxes.map(({ coordinates }) => coordinates.length));
  const entries = product(pair.entryAxes.map(({ coordinates }) => coordinates.length));
  const { wrong, counts } = differing(pair);
  const window = windowOf(wrong, width, entries);
  const wrongWords = ones(wrong, window.from, window.to);
  const address = addresses(pair.dump.entryOf, entries);
  const axes = axisPlaces(pair);
  const { first, of } = pair.part ?? { first: 0, of: entries };
  return {
    pair,
    entries,
    width,
    axes,
    wrong,
    counts,
    ...window,
    wrongWords,
    mismatches: wrongWords.length,
    address,
    entryAt: entryFinder(address),
    told: (entry) => first + entry,
    goesOn: first + entries < of,
    sample: sampleOf(pair, wrong, window, axes.get('col') ?? { stride: 1, count: width }),
    probability: probabilities(pair, window),
  };
}

function ones(flags: Uint8Array, from: number, to: number): Int32Array {
  const found: number[] = [];
  for (let at = flags.indexOf(1, from); at >= 0 && at < to; at = flags.indexOf(1, at + 1)) found.push(at);
  return Int32Array.from(found);
}

/** Coordinates of the columns with a differing word in the window. */
export function differingColumns({ axes, wrongWords }: Pick<Frame, 'axes' | 'wrongWords'>): number[] {
  const columns = axes.get('col');
  const differs = new Set<number>();
  if (columns !== undefined) for (const index of wrongWords) differs.add(coordinateIndex(columns, index));
  return [...differs].sort((a, b) => a - b).map((at) => columns!.coordinates[at]!);
}

/** Index of the coordinate that a word has on an axis. */
export function coordinateIndex({ stride, count }: { readonly stride: number; readonly count: number }, index: number): number {
  return Math.floor(index / stride) % count;
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((all, n) => all * n, 1);
}

function differing({ expected, found, state }: WordPair): { wrong: Uint8Array; counts: Counts } {
  const wrong = new Uint8Array(expected.length);
  const byState = new Int32Array(Object.keys(WORD_STATES).length);
  for (let i = 0; i < wrong.length; i++) {
    if (found[i] === expected[i] && state[i] === WORD_STATES.known) continue;
    wrong[i] = 1;
    byState[state[i]!]!++;
  }
  const [different, unknown, unwritten, missing] = byState as unknown as [number, number, number, number];
  return { wrong, counts: { words: wrong.length, mismatches: different + unknown + unwritten + missing, different, unknown, unwritten, missing } };
}

/** All of a small pair; of a large one the entries about the first mismatch, an eighth of them before it. */
function windowOf(wrong: Uint8Array, width: number, entries: number): { from: number; to: number } {
  const most = Math.max(1, Math.floor(MOST_WORDS / width));
  if (entries <= most) return { from: 0, to: wrong.length };
  const first = Math.floor(Math.max(0, wrong.indexOf(1)) / width);
  const start = Math.min(Math.max(0, first - Math.floor(most / 8)), entries - most);
  return { from: start * width, to: (start + most) * width };
}

function axisPlaces({ entryAxes, wordAxes }: WordPair): Map<Axis, AxisPlace> {
  const places = new Map<Axis, AxisPlace>();
  let stride = 1;
  for (const { axis, coordinates } of [...entryAxes, ...wordAxes].reverse()) {
    places.set(axis, { axis, stride, count: coordinates.length, coordinates });
    stride *= coordinates.length;
  }
  return places;
}

function addresses(entryOf: Int32Array, entries: number): Int32Array {
  const address = new Int32Array(entries);
  for (let entry = 0, next = 0; entry < entries; entry++) {
    const known = entryOf[entry] ?? -1;
    address[entry] = known >= 0 ? known : next;
    next = address[entry]! + 1;
  }
  return address;
}

function entryFinder(address: Int32Array): (address: number) => number {
  const first = address[0] ?? 0;
  const isPlain = address.every((value, entry) => value === entry + first);
  if (isPlain) return (value) => (value >= first && value < first + address.length ? value - first : -1);
  const entries = new Map<number, number>();
  address.forEach((value, entry) => entries.set(value, entry));
  return (value) => entries.get(value) ?? -1;
}

/** Chosen column by column, because a fault of one column would hardly be met in a sample of all words. */
function sampleOf({ state }: WordPair, wrong: Uint8Array, { from, to }: { from: number; to: number }, columns: { stride: number; count: number }): Int32Array {
  const dice = new Dice(1);
  const strata = Math.min(columns.count, MOST_STRATA);
  const chosen = [SAMPLED_WRONG, SAMPLED_ABSENT, SAMPLED_RIGHT].map((size) => Array.from({ length: strata }, () => dice.reservoir(size)));
  // Absent words would crowd out those that say what happened to the others
  const sortOf = (index: number): number => (wrong[index] === 0 ? 2 : state[index] === WORD_STATES.missing ? 1 : 0);
  for (let i = from; i < to; i++) chosen[sortOf(i)]![coordinateIndex(columns, i) % strata]!.offer(i);
  return Int32Array.from(chosen.flatMap((some) => dice.shuffled(some.flatMap(({ kept }) => kept))));
}

function probabilities({ expected, format }: WordPair, { from, to }: { from: number; to: number }): (value: number) => number {
  const seen = new Map<number, number>();
  for (let i = from; i < to; i++) seen.set(expected[i]!, (seen.get(expected[i]!) ?? 0) + 1);
  const least = Math.max(2 ** -8, 2 ** -format.bits);
  return (value) => Math.max(least, (seen.get(value) ?? 0) / Math.max(1, to - from));
}
