import type { IntegerFormat } from '../engine/width';
import type { Axis, Coordinates, Kind } from '../vectors/axis';
import type { AxisRanges } from '../vectors/dump/addressMap';
import type { WordSpot } from '../vectors/dump/entries';
import type { Pixels } from '../vectors/present/pixels';
import type { ProblemData } from './job';

/** What a comparison ends with. Nothing compared is no match. */
export const VERDICTS = ['match', 'mismatch', 'cannot-compare'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** In what way a word of a dump is not as expected. */
export const DIFFERENCES = ['value', 'unknown', 'unwritten', 'missing', 'malformed'] as const;
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
  /** In the dump, but no number, or a part of one: all words of a line that has too few or too many digits. */
  readonly malformed: number;
  /** In the dump, and nothing is expected there; words never written are not counted. */
  readonly extra: number;
  /** Of `extra`, those that say that the golden files lack something: the dump holds values where they end or have a gap. */
  readonly lacking: number;
  /** Golden words that say no value: nothing could be compared with them. */
  readonly unreadable: number;
  /** Expected, and a dump that tells of some entries only says nothing about them. */
  readonly silent: number;
  /** Expected, and outside the coordinates that the map gives the dump. */
  readonly uncovered: number;
  /** mismatched + unknown + unwritten + missing + malformed */
  readonly differing: number;
  /** Entries (lines) of the dump with a word that differs, and all that were compared. */
  readonly lines: { readonly differing: number; readonly total: number };
  /** Words that differ by coordinate, those with any; at most {@link MOST_COORDINATES} of an axis. */
  readonly counts: Readonly<Partial<Record<Axis, readonly CoordinateCount[]>>>;
  /** For each bit, lowest first, the words with another value in which it differs. */
  readonly bits: readonly number[];
  /** In the order of the dump. */
  readonly first: readonly Mismatch[];
  /** The first of the `extra` words. */
  readonly firstExtra?: WordSpot;
}

export const MOST_COORDINATES = 4096;

/** What makes a dump differ from the expected words, as plain data; src/check/diagnose gives it. */
export interface CauseData {
  readonly id: string;
  readonly sentence: string;
  /** Differing words that it predicts, of so many. */
  readonly explained: number;
  readonly of: number;
  /** Words that agree although it predicts otherwise. */
  readonly broken: number;
  /** What to look at in the RTL. */
  readonly look: string;
  readonly combined?: readonly [string, string];
  /** Ids of other causes that explain and break the very same words. */
  readonly alike?: readonly string[];
}

/** A dump against what was expected of it, for people and programs alike. Plain data; docs/dumps.md describes it. */
export interface CheckReport<Cause extends CauseData = CauseData> extends Comparison {
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

/** One line of one side as the comparison saw it, its words from left to right. */
export interface RowSide {
  readonly values: readonly number[];
  /** WORD_STATES of each word. */
  readonly states: readonly number[];
  /** Bits that are x or z, low 32, of each word; absent when there are none. */
  readonly unknown?: readonly number[];
  /** Where its first word stands; absent where it was computed or is missing. */
  readonly spot?: Omit<WordSpot, 'text'>;
}

/** One line of the comparison. */
export interface CheckRow {
  /** Number of the line in the order of the dump's coordinates, from 0. */
  readonly line: number;
  /** Coordinates of its first word. */
  readonly place: Coordinates;
  readonly expected: RowSide;
  readonly got: RowSide;
}

/** The decoded lines of both sides, those that differ and some around them, for people to look at. Plain data. */
export interface CheckView {
  /** Ascending; lines between them are left out. */
  readonly rows: readonly CheckRow[];
  /** Lines in all, and those with a word that differs that are among `rows`. */
  readonly lineCount: number;
  readonly differingShown: number;
  /** What each word adds to the coordinates of its line's first: loops are affine. */
  readonly words: readonly Coordinates[];
  /** Axes of the lines and of the words, outermost first. */
  readonly lineAxes: readonly Axis[];
  readonly wordAxes: readonly Axis[];
  /** The dump tells of some lines only: words that it lacks are not missing. */
  readonly sparse: boolean;
  /** All coordinates that are compared. */
  readonly ranges: AxisRanges;
  readonly pixels: Pixels;
}

/** A comparison to make, as the extension asks for it. Paths are absolute. */
export type CheckTarget =
  /** One of the checks of a configuration. */
  | { readonly type: 'configured'; readonly file: string; readonly text: string; readonly name: string }
  /** Golden files, or one folder, against the files of a dump. */
  | { readonly type: 'files'; readonly name: string; readonly golden: readonly string[]; readonly dump: readonly string[]; readonly vcd?: VcdChoice }
  /** What a layer of a configuration gives. */
  | { readonly type: 'layer'; readonly file: string; readonly text: string; readonly layer: string; readonly name: string; readonly dump: readonly string[]; readonly vcd?: VcdChoice };

export interface VcdChoice {
  readonly signal: string;
  readonly clock?: string;
  readonly valid?: string;
}

export interface CheckResult {
  readonly report: CheckReport;
  /** Absent when nothing could be compared. */
  readonly view?: CheckView;
  /** Files and folders that the outcome depends on. */
  readonly inputs: readonly string[];
}
