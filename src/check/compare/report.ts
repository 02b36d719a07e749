import type { IntegerFormat } from '../../engine/width';
import type { Axis, Coordinates, Kind } from '../../vectors/axis';
import type { WordSpot } from '../../vectors/dump/entries';
import type { ProblemData } from '../../protocol/job';
import type { Cause } from '../diagnose/diagnosis';

/** What a comparison ends with. Nothing compared is no match. */
export const VERDICTS = ['match', 'mismatch', 'cannot-compare'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** In what way a word of a dump is not as expected. */
export const DIFFERENCES = ['value', 'unknown', 'unwritten', 'missing'] as const;
export type Difference = (typeof DIFFERENCES)[number];

/** One side of a word that differs. */
export interface WordShown {
  /** Absent where there is no value. */
  readonly value?: number;
  /** Binary digits, x where unknown; empty for a word that is missing. */
  readonly bits: string;
  /** Absent where the value was computed, and for a word that is missing. */
  readonly spot?: WordSpot;
}

/** A word that differs. */
export interface Mismatch {
  readonly difference: Difference;
  readonly coordinates: Coordinates;
  readonly expected: WordShown;
  readonly got: WordShown;
}

/** Words that differ at one coordinate of an axis. */
export interface CoordinateCount {
  readonly at: number;
  readonly differing: number;
}

/** Numbers of words, but for `lines`. */
export interface Comparison {
  readonly format: IntegerFormat;
  /** Axes of the coordinates, in the order of the dump: its lines, outermost first, then its words. */
  readonly axes: readonly Axis[];
  /** Words of which both an expected value and a word of the dump are there. */
  readonly compared: number;
  /** Known, with another value than expected. */
  readonly mismatched: number;
  /** With x or z in them. */
  readonly unknown: number;
  /** All x in the dump of a memory, or at an address that the dump leaves out. */
  readonly unwritten: number;
  /** Expected, and not in the dump. */
  readonly missing: number;
  /** In the dump, and nothing is expected there; words never written are not counted. */
  readonly extra: number;
  /** Golden words that say no value: nothing could be compared with them. */
  readonly unreadable: number;
  /** Expected, and a dump that tells of some entries only says nothing about them. */
  readonly silent: number;
  /** Expected, and outside the coordinates that the map gives the dump. */
  readonly uncovered: number;
  /** mismatched + unknown + unwritten + missing */
  readonly differing: number;
  /** Entries (lines) of the dump with a word that differs, and all that were compared. */
  readonly lines: { readonly differing: number; readonly total: number };
  /** Words that differ by coordinate, those with any; at most {@link MOST_COORDINATES} of an axis. */
  readonly counts: Readonly<Partial<Record<Axis, readonly CoordinateCount[]>>>;
  /** For each bit, lowest first, the words with another value in which it differs. */
  readonly bits: readonly number[];
  /** In the order of the dump. */
  readonly first: readonly Mismatch[];
}

export const MOST_COORDINATES = 4096;

/** A dump against what was expected of it, for people and programs alike. Plain data; docs/dumps.md describes it. */
export interface CheckReport extends Comparison {
  readonly name: string;
  readonly kind: Kind;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly what: string;
  /** What the expected values come from, and the dump. */
  readonly expected: string;
  readonly dump: string;
  /** Coordinates of the dump as text: `address = kij*36 + nij; col 7..0`. */
  readonly map: string;
  /** What was decided or seen on the way, one sentence each. */
  readonly notes: readonly string[];
  /** Best first; empty when nothing differs or nothing explains it. */
  readonly causes: readonly Cause[];
  /** Why they cannot be compared, when an error says so. */
  readonly problem?: ProblemData;
}

/** A comparison of nothing. */
export function nothingCompared(format: IntegerFormat): Comparison {
  return { format, axes: [], compared: 0, mismatched: 0, unknown: 0, unwritten: 0, missing: 0, extra: 0, unreadable: 0, silent: 0, uncovered: 0, differing: 0, lines: { differing: 0, total: 0 }, counts: {}, bits: [], first: [] };
}
