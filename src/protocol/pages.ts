import type { LayoutSpec } from '../vectors/layout';
import type { WordText } from '../vectors/present/wordText';
import type { LineRole } from '../vectors/textShape';
import type { ProblemData } from './job';

/**
 * Messages of the viewer of large files. A thread serves one document: the extension host opens files in it by path, and passes on what
 * the page asks. The page knows names, never paths. Every question has one answer with its number; `cancel` ends a search.
 */
export type PagesRequest = ({ readonly id: number } & PagesQuestion) | { readonly type: 'cancel'; readonly id: number };

export type PagesQuestion =
  /** Opens a file, or opens it again because it changed; `choice` is the layout that the user chose for files of its name. */
  | { readonly type: 'open'; readonly file: string; readonly choice?: LayoutChoice }
  /** Puts another file beside it; none takes it off. */
  | { readonly type: 'compare'; readonly file?: string; readonly choice?: LayoutChoice }
  | ViewQuestion;

/** Questions that the page asks. Lines count from 0. */
export type ViewQuestion =
  | { readonly type: 'rows'; readonly from: number; readonly count: number }
  | { readonly type: 'hover'; readonly line: number; readonly column: number; readonly side: PageSide }
  /** The next place behind `from`, or before it; goes on at the other end of the file. */
  | { readonly type: 'find'; readonly query: FindQuery; readonly from: TextPlace; readonly backward: boolean }
  | { readonly type: 'goTo'; readonly text: string; readonly from: TextPlace }
  /** The next word that differs from the file beside. */
  | { readonly type: 'mismatch'; readonly from: TextPlace; readonly backward: boolean };

export type LayoutChoice = Pick<LayoutSpec, 'kind' | 'bits' | 'signed' | 'radix' | 'lines' | 'words' | 'separator' | 'trailing' | 'width'>;
export type PageSide = 'own' | 'other';

/** Digits as they stand in the file, or a decoded value. */
export type FindQuery = { readonly type: 'text'; readonly text: string } | { readonly type: 'value'; readonly value: number };

export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

export interface FoundPlace extends TextPlace {
  readonly length: number;
}

/** Most lines of one answer. */
export const MOST_ROWS = 512;
/** Most characters of a query. */
export const MOST_QUERY = 4096;

export type PagesReply =
  | ({ readonly id: number } & PagesAnswer)
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  /** The background look at the file went on, and what it found of the layout. */
  | { readonly type: 'status'; readonly info: FileInfo };

export type PagesAnswer =
  | { readonly type: 'opened'; readonly info: FileInfo; readonly rows: readonly PageRow[] }
  | { readonly type: 'compared'; readonly other?: OtherInfo }
  | ViewAnswer
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly problem: ProblemData };

export type ViewAnswer =
  /** Fewer rows than asked for: the file ends, or is not known so far yet. */
  | { readonly type: 'rows'; readonly from: number; readonly rows: readonly PageRow[] }
  | { readonly type: 'hover'; readonly word?: FoundPlace; readonly says?: WordText; readonly how?: string }
  | { readonly type: 'found'; readonly place?: FoundPlace; readonly wrapped?: boolean }
  | { readonly type: 'wentTo'; readonly place?: FoundPlace; readonly problem?: string };

export interface FileInfo {
  readonly name: string;
  readonly size: number;
  /** Lines known so far; all of them when `counted`. */
  readonly lines: number;
  readonly counted: boolean;
  readonly regular: boolean;
  /** Bytes whose lines were looked at one by one. */
  readonly checked: number;
  /** `8 x int4 · rows 7..0`, and where the layout is from; absent for a file that is no table of words. */
  readonly layout?: { readonly summary: string; readonly legend: string; readonly how: string };
  readonly report?: string;
  /** Characters of the longest usual line, and of the decoded values beside it. */
  readonly columns: { readonly text: number; readonly values: number };
}

export interface OtherInfo {
  readonly name: string;
  readonly summary: string;
  /** How it is read, and how many lines it has more or fewer. */
  readonly notes: readonly string[];
}

export interface PageRow {
  readonly line: number;
  readonly text: string;
  readonly role: LineRole;
  readonly note?: 'unreadable' | 'cut';
  /** Address of the entry, in files with `@` lines. */
  readonly address?: number;
  readonly values?: string;
  /** Where in `values` those of the words stand, with blanks between; a label stands before, and names or an ellipsis may stand behind. */
  readonly numbers?: { readonly from: number; readonly length: number };
  /** Column, length and index into `TINTS` of each word; -1 for those without a colour. */
  readonly words?: readonly number[];
  /** What the file beside holds for these coordinates. */
  readonly other?: OtherRow;
}

export interface OtherRow {
  /** File line of the first word; -1 where the file beside holds none of the words. */
  readonly line: number;
  readonly text: string;
  readonly values: string;
  readonly words: readonly number[];
  /** Words that differ, as numbers of the own line. */
  readonly differing: readonly number[];
}

/** Messages of the page. */
export type PageMessage =
  /** `version` is that of the file that came with the page, if one did. */
  | { readonly type: 'ready'; readonly version?: number }
  | { readonly type: 'ask'; readonly id: number; readonly question: ViewQuestion }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'action'; readonly action: PageAction }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'drawn'; readonly ms: number }
  /** Something in the page failed: for the log. */
  | { readonly type: 'trouble'; readonly what: string };

export const PAGE_ACTIONS = ['compare', 'stopComparing', 'openAsText', 'reload'] as const;
export type PageAction = (typeof PAGE_ACTIONS)[number];

export type ToPage =
  /** `version` goes up each time that the file is opened again. */
  | { readonly type: 'opened'; readonly version: number; readonly info: FileInfo; readonly rows: readonly PageRow[]; readonly look: PageLook; readonly other?: OtherInfo }
  | { readonly type: 'look'; readonly look: PageLook }
  | { readonly type: 'status'; readonly info: FileInfo }
  | { readonly type: 'compared'; readonly other?: OtherInfo }
  | { readonly type: 'failed'; readonly problem: ProblemData }
  | { readonly type: 'answer'; readonly id: number; readonly answer: ViewAnswer }
  | { readonly type: 'refused'; readonly id: number; readonly problem: ProblemData }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'progress'; readonly id: number; readonly done: number; readonly total: number }
  /** Commands of the editor. */
  | { readonly type: 'show'; readonly place: FoundPlace }
  | { readonly type: 'run'; readonly command: PageCommand };

/** The settings of the decorated editor. */
export const DECORATION_MODES = ['off', 'values', 'valuesAndTint'] as const;
export const DECORATION_SIDES = ['auto', 'left', 'right'] as const;
export interface PageLook {
  readonly decorations: (typeof DECORATION_MODES)[number];
  readonly side: (typeof DECORATION_SIDES)[number];
}

export const PAGE_COMMANDS = ['find', 'goTo', 'nextMismatch', 'previousMismatch'] as const;
export type PageCommand = (typeof PAGE_COMMANDS)[number];
