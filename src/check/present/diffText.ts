import type { CheckReport, CheckRow, CheckView, Difference } from '../../protocol/checkReport';
import type { Axis } from '../../vectors/axis';
import { pair } from '../../vectors/present/pixels';
import { WORD_STATES } from '../../vectors/dump/entries';
import { anchorOf } from './anchor';
import { cellText, coordinatesOf, differenceOf } from './cells';
import { causeText, countText, linesLeftOut, shortExpected } from './sentence';

/** A word that differs, in both documents at the same place. Lines and columns count from 0. */
export interface DiffMark {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly row: number;
  readonly word: number;
  readonly difference: Difference;
}

/** Both sides of a comparison as two texts that are aligned line for line and column for column. */
export interface DiffTexts {
  readonly expected: string;
  readonly got: string;
  readonly marks: readonly DiffMark[];
  /** Row of each document line; undefined for the lines that say something. */
  readonly rowOf: readonly (number | undefined)[];
  /** Column of the first word, and characters from word to word. */
  readonly firstColumn: number;
  readonly pitch: number;
}

const AXIS_NAMES: Readonly<Record<Axis, string>> = { icTile: 'ic', ocTile: 'oc', row: 'row', col: 'col', kij: 'kij', nij: 'nij', o_nij: 'o_nij' };
const LABELS: Readonly<Record<Axis, string>> = { ...AXIS_NAMES, icTile: 'ic tile', ocTile: 'oc tile' };
/** Rows after which the names of the words stand again: they stay in view, and VS Code compares a few lines at a time instead of thousands. */
const RULER = 32;
/** Blanks between words, and before the first. */
const GAP = 1;

/** @param stale the files have changed since */
export function diffTexts(report: CheckReport, view: CheckView, stale = false): DiffTexts {
  const labels = rowLabels(view);
  const label = labels.reduce((most, { length }) => Math.max(most, length), 0);
  const names = view.words.map((_, word) => wordName(view, word));
  const width = widest(view, names);
  const pitch = width + GAP;
  const firstColumn = label + ' │'.length + GAP;
  const expected: string[] = [firstLineOfExpected(report)];
  const got: string[] = [firstLineOfDump(report, stale)];
  const rowOf: (number | undefined)[] = [undefined];
  const marks: DiffMark[] = [];
  const both = (text: string): void => {
    expected.push(text);
    got.push(text);
    rowOf.push(undefined);
  };
  const lineOf = (head: string, cells: readonly string[]): string => `${head.padEnd(label)} │${cells.map((cell) => cell.padStart(pitch)).join('')}`;
  const ruler = lineOf(view.lineAxes.map((axis) => LABELS[axis]).join(' · '), names);
  let next = 0;
  for (const [at, row] of view.rows.entries()) {
    if (row.line > next) both(elided(row.line - next));
    next = row.line + 1;
    if (at % RULER === 0) both(ruler);
    const own = marksOf(row, at, rowOf.length, { firstColumn, pitch, width }, view);
    const anchor = own.length === 0 ? '' : anchorOf(row.line, view.words.length * pitch);
    const nothing = (word: number): boolean => row.expected.states[word] === WORD_STATES.missing && row.got.states[word] === WORD_STATES.missing;
    for (const [lines, side] of [[expected, row.expected], [got, row.got]] as const) lines.push(lineOf(labels[at]!, view.words.map((_, word) => (nothing(word) || (side === row.expected && side.states[word] === WORD_STATES.missing) ? '' : cellText(side, word)))) + anchor);
    marks.push(...own);
    rowOf.push(at);
  }
  const left = linesLeftOut(report, view);
  if (left > 0) both(`⋯ ${left} more lines with words that differ, of ${report.lines.differing} in all, are not shown: all are counted in the report ⋯`);
  else if (view.lineCount > next) both(elided(view.lineCount - next));
  return { expected: text(expected), got: text(got), marks, rowOf, firstColumn, pitch };
}

/** The word at a place of a document, words that agree included. */
export function wordAt({ rowOf, firstColumn, pitch }: DiffTexts, view: CheckView, line: number, column: number): { readonly row: number; readonly word: number } | undefined {
  const row = rowOf[line];
  const word = Math.floor((column - firstColumn + GAP) / pitch);
  return row === undefined || word < 0 || word >= view.words.length ? undefined : { row, word };
}

/** Characters of the word, from its first to its last column. */
export function wordSpan({ firstColumn, pitch }: DiffTexts, word: number): { readonly column: number; readonly length: number } {
  return { column: firstColumn - GAP + word * pitch + GAP, length: pitch - GAP };
}

/** `kij 0 · nij 17 (2,5) │  −12  0  44`: one decoded line by itself. */
export function decodedLine(view: CheckView, row: CheckRow, side: 'expected' | 'got'): string {
  return `${labelOf(view, row, new Map())} │ ${view.words.map((_, word) => cellText(row[side], word)).join('  ')}`;
}

function firstLineOfExpected({ expected, kind, format, verdict }: CheckReport): string {
  return `expected: ${shortExpected(expected)}${verdict === 'cannot-compare' ? '' : ` · ${kind} · ${format.signed ? 'int' : 'uint'}${format.bits}`}`;
}

/** Names the cause and its evidence. */
function firstLineOfDump({ causes, notes, ...report }: CheckReport, stale: boolean): string {
  const [best] = causes;
  const why = report.verdict !== 'mismatch' ? [] : best === undefined ? ['no single cause found', ...notes.slice(-1)] : [`cause: ${causeText(best)}`];
  // The cause first: half a window is not wide, and the title has the count as well
  return [...(stale ? ['files changed since this check'] : []), ...why, countText(report)].join(' · ');
}

function marksOf(row: CheckRow, at: number, line: number, { firstColumn, pitch, width }: { firstColumn: number; pitch: number; width: number }, view: CheckView): DiffMark[] {
  return view.words.flatMap((_, word) => {
    const difference = differenceOf(row, word, view);
    if (difference === undefined) return [];
    // Both sides are marked alike, at the longer of the two words
    const length = Math.max(cellText(row.expected, word).length, cellText(row.got, word).length);
    return [{ line, column: firstColumn - GAP + word * pitch + GAP + width - length, length, row: at, word, difference }];
  });
}

/** Characters of the longest word or name of a word. */
function widest({ rows, words }: CheckView, names: readonly string[]): number {
  let width = Math.max(0, ...names.map(({ length }) => length));
  for (const row of rows) for (let word = 0; word < words.length; word++) width = Math.max(width, cellText(row.expected, word).length, cellText(row.got, word).length);
  return width;
}

function rowLabels(view: CheckView): string[] {
  const widths = new Map(view.lineAxes.map((axis) => [axis, view.rows.reduce((most, { place }) => Math.max(most, String(place[axis] ?? '').length), 0)]));
  return view.rows.map((row) => labelOf(view, row, widths));
}

function labelOf({ lineAxes, pixels }: CheckView, { place }: CheckRow, widths: ReadonlyMap<Axis, number>): string {
  return lineAxes
    .filter((axis) => place[axis] !== undefined)
    .map((axis) => `${LABELS[axis]} ${String(place[axis]).padStart(widths.get(axis) ?? 0)}${axis === 'kij' ? '' : pair(axis, place[axis]!, pixels)}`)
    .join(' · ');
}

/** `col7`, of the words of the first line. */
function wordName(view: CheckView, word: number): string {
  const [first] = view.rows;
  if (first === undefined) return '';
  const place = coordinatesOf(first, word, view);
  return view.wordAxes.map((axis) => `${AXIS_NAMES[axis]}${place[axis] ?? ''}`).join(' ');
}

function elided(lines: number): string {
  return `⋯ ${lines} ${lines === 1 ? 'line that agrees' : 'lines that agree'} ⋯`;
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
