import type { CheckRow, CheckView, RowSide } from '../../protocol/checkReport';
import type { Axis, Coordinates } from '../../vectors/axis';
import { AXES } from '../../vectors/axis';
import type { EntryWords, WordSpot } from '../../vectors/dump/entries';
import { WORD_STATES, entryWords } from '../../vectors/dump/entries';
import type { AxisRanges } from '../../vectors/dump/addressMap';
import type { Layout } from '../../vectors/layout';
import type { Pixels } from '../../vectors/present/pixels';
import type { PairModel } from '../pair';
import { absent } from './compare';
import type { MappedDump } from './dump';
import { entryOf } from './dump';
import type { Expected } from './expected';

/** Words of one side that a view holds at most: what a person looks through, and an editor shows at once. */
export const MOST_VIEW_WORDS = 1 << 14;
/** Words of lines that differ, of one side, at most: VS Code compares these letter by letter before it shows anything. */
const MOST_DIFFERING_WORDS = 1 << 12;
/** Lines that agree and are shown before and behind one that differs. */
export const CONTEXT = 3;

/** Remembers the first lines that differ, as many as a view could hold. */
export class DifferingLines {
  readonly lines: number[] = [];

  constructor(private readonly most: number) {}

  add(line: number): void {
    if (this.lines.length < this.most && this.lines.at(-1) !== line) this.lines.push(line);
  }
}

/**
 * The lines to show: all when there is room, else those that differ with some around them.
 * @param differing ascending
 */
export function shownLines(differing: readonly number[], lineCount: number, most: number): number[] {
  if (lineCount <= most) return Array.from({ length: lineCount }, (_, line) => line);
  const shown: number[] = [];
  for (const line of differing) {
    for (let at = Math.max((shown.at(-1) ?? -1) + 1, line - CONTEXT); at <= Math.min(lineCount - 1, line + CONTEXT); at++) {
      if (shown.length >= most) return shown;
      shown.push(at);
    }
  }
  if (shown.length === 0) for (let at = 0; at < Math.min(lineCount, most); at++) shown.push(at);
  return shown;
}

/** How many lines that differ a view has room for. */
export function roomFor({ wordsPerLine }: Layout): number {
  return Math.max(1, Math.floor(MOST_DIFFERING_WORDS / wordsPerLine));
}

/** Both sides decoded, line by line. */
export function viewOf(expected: Expected, dump: MappedDump, differing: readonly number[], model: PairModel | undefined): CheckView {
  const { layout } = dump;
  const rows = expected.rows(layout);
  const [want, got] = [entryWords(layout.wordsPerLine), entryWords(layout.wordsPerLine)];
  const room = roomFor(layout);
  const lines = shownLines(differing, layout.lineCount, differing.length < room ? Math.max(room, Math.floor(MOST_VIEW_WORDS / layout.wordsPerLine)) : room);
  const shown = new Set(lines);
  return {
    rows: lines.map((line): CheckRow => {
      rows.read(line, want);
      const entry = entryOf(dump, line);
      if (entry >= 0) dump.entries.read(entry, got);
      else absent(dump, line, got);
      return { line, place: layout.coordinates(line, 0), expected: sideOf(want, rows.spot(line, 0)), got: sideOf(got, entry < 0 ? undefined : dump.entries.spot(entry, 0)) };
    }),
    lineCount: layout.lineCount,
    differingShown: differing.filter((line) => shown.has(line)).length,
    words: wordSteps(layout),
    lineAxes: axesOf(layout.spec.lines),
    wordAxes: axesOf(layout.spec.words),
    sparse: dump.entries.sparse,
    ranges: expected.ranges,
    pixels: pixelsOf(model, expected.ranges),
  };
}

function sideOf({ values, state, unknown }: EntryWords, spot: WordSpot | undefined): RowSide {
  const place = spot === undefined ? undefined : { file: spot.file, line: spot.line, column: spot.column, length: spot.length };
  const partly = state.some((one) => one === WORD_STATES.unknownBits);
  return { values: [...values], states: [...state], ...(partly && { unknown: [...unknown] }), ...(place !== undefined && { spot: place }) };
}

function wordSteps(layout: Layout): Coordinates[] {
  const first = layout.coordinates(0, 0);
  return Array.from({ length: layout.wordsPerLine }, (_, word) => {
    const place = layout.coordinates(0, word);
    return Object.fromEntries(AXES.flatMap((axis) => (place[axis] === undefined || place[axis] === first[axis] ? [] : [[axis, place[axis] - first[axis]!]])));
  });
}

function axesOf(loops: readonly { readonly axis: Axis }[]): Axis[] {
  return [...new Set(loops.map(({ axis }) => axis))];
}

/** Widths as the layer has them; without one only a square kernel can be told. */
function pixelsOf(model: PairModel | undefined, { kij }: AxisRanges): Pixels {
  if (model !== undefined) {
    const { kernelWidth, paddedWidth, outWidth } = model.mapping.conv;
    return { kernel: kernelWidth, padded: paddedWidth, out: outWidth };
  }
  const side = Math.sqrt(kij?.start === 0 ? kij.count : 0);
  return side > 1 && Number.isInteger(side) ? { kernel: side } : {};
}
