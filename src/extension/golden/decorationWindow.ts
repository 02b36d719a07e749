import type { Tint } from '../../vectors/present/tint';
import { tintOf } from '../../vectors/present/tint';
import type { Side } from '../../vectors/present/valueLine';
import { MOST_WORDS, legend, valueLine } from '../../vectors/present/valueLine';
import type { WordRead } from '../../vectors/reading';
import type { GoldenDocument } from './goldenDocuments';
import { rawValue } from './goldenHover';

/** A piece of a line. */
export interface Span {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** What is drawn over some lines of a golden file. */
export interface DecorationWindow {
  readonly first: number;
  readonly last: number;
  readonly side: Side;
  /** Decoded values beside the text, by line. */
  readonly values: readonly { readonly line: number; readonly text: string }[];
  readonly legend: { readonly line: number; readonly text: string } | undefined;
  readonly tints: ReadonlyMap<Tint, readonly Span[]>;
  /** Every other word, so that columns can be followed. */
  readonly bands: readonly Span[];
  /** Words that ReLU cut to zero. */
  readonly cut: readonly Span[];
}

/** Decides what is drawn over lines `first` to `last`, both included. Pure: draws nothing itself. */
export function decorationWindow(golden: GoldenDocument, first: number, last: number, tinted: boolean, side: Side): DecorationWindow {
  const { reading, set, member, columns } = golden;
  const raw = reading.layout.spec.kind === 'out' ? set.rawOf(member) : undefined;
  const isCut = (word: WordRead): boolean => raw !== undefined && word.value === 0 && (rawValue(set, member, word)?.word.value ?? 0) < 0;
  const values: { line: number; text: string }[] = [];
  const tints = new Map<Tint, Span[]>();
  const bands: Span[] = [];
  const cut: Span[] = [];
  const named = reading.shape.dataLines[0];
  for (let line = first; line <= last; line++) {
    const words = reading.words(line);
    if (words.length === 0) continue;
    values.push({ line, text: valueLine(reading, line, words, { columns, pixels: set.pixels, named: line === named, side, isCut }) });
    if (!tinted) continue;
    addTints(tints, words.slice(0, MOST_WORDS), columns.largest);
    for (const word of words.slice(0, MOST_WORDS)) {
      if (word.word % 2 === 1) bands.push(spanOf(word));
      if (isCut(word)) cut.push(spanOf(word));
    }
  }
  return { first, last, side, values, legend: legendOf(golden, raw !== undefined), tints, bands, cut };
}

/** The legend stands after the first line unless that is data: then its own values stand there. */
function legendOf({ reading }: GoldenDocument, hasRaw: boolean): DecorationWindow['legend'] {
  if (reading.dataLine(0) !== undefined) return undefined;
  return { line: 0, text: legend(reading, hasRaw ? ['(0) cut by ReLU'] : []) };
}

/** Neighbours of one colour become one piece: fewer pieces, faster drawing. */
function addTints(tints: Map<Tint, Span[]>, words: readonly WordRead[], largest: number): void {
  let open: { tint: Tint; span: { line: number; from: number; to: number } } | undefined;
  for (const word of words) {
    const tint = tintOf(word, largest);
    if (open?.tint === tint && tint !== 'defect' && open.span.to === word.column) {
      open.span.to = word.column + word.length;
      continue;
    }
    open = { tint, span: { ...spanOf(word) } };
    const spans = tints.get(tint) ?? [];
    spans.push(open.span);
    tints.set(tint, spans);
  }
}

function spanOf({ fileLine, column, length }: WordRead): { line: number; from: number; to: number } {
  return { line: fileLine, from: column, to: column + length };
}

