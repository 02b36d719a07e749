import type { Axis, Coordinates, Kind } from '../axis';
import type { Layout } from '../layout';
import { completeCoordinates } from './goTo';

/** What a place in a line of simulator output points at. */
export type LinkTarget =
  /** A word of a golden file of one of these kinds, likeliest first. */
  | { readonly type: 'coordinates'; readonly kinds: readonly Kind[]; readonly coordinates: Coordinates }
  /** An output by the number that the bench printed; `base` is what its first output is called, when that is known. */
  | { readonly type: 'output'; readonly printed: number; readonly base?: 0 | 1 }
  /** The digits of an output: those of the golden file (`answer`) or those of the design (`found`). */
  | { readonly type: 'digits'; readonly side: 'answer' | 'found'; readonly digits: string }
  /** A line of a file; both numbers count from 1. */
  | { readonly type: 'file'; readonly name: string; readonly line: number; readonly column?: number };

/** Characters of a line that lead somewhere. */
export interface LineLink {
  readonly start: number;
  readonly length: number;
  readonly target: LinkTarget;
}

const AXIS_WORDS: Readonly<Record<string, Axis>> = { kij: 'kij', nij: 'nij', o_nij: 'o_nij', onij: 'o_nij', row: 'row', col: 'col', ictile: 'icTile', octile: 'ocTile', j: 'nij' };
const AXIS = String.raw`(?:kij|o_?nij|nij|row|col|[io]c[ _]?tile|j)\s*[=:]?\s*\d+`;
const PLACE = new RegExp(String.raw`(?<![\w.])${AXIS}(?:[\s,;·]+${AXIS})*(?!\w)`, 'gi');
const PART = /(kij|o_?nij|nij|row|col|[io]c[ _]?tile|j)\s*[=:]?\s*(\d+)/gi;
const NTH = /(\d+)\s*-?\s*(?:st|nd|rd|th)\b.*?\b(?:error|matched)\b!*/i;
const INDEXED = /\bPE\s*(\d+)\s+output\b.*?\b(?:error|matched)\b!*/i;
const DIGITS = /^\s*((?:(sfp_?out|got|found)|answer|expected|golden)\s*[:=]\s*([0-9a-fxz][0-9a-fxz_ ]*))$/i;
const FILE = /((?:[A-Za-z]:)?[^\s:"'<>|()]+\.(?:txt|mem|memb|memh|hex|dat|list))(?::(\d+)(?::(\d+))?|,?\s+line\s+(\d+))(?![\w.])/gi;

/** Where a line of a terminal leads to, from left to right; places never overlap. */
export function terminalLinks(line: string): LineLink[] {
  const found = [...fileLinks(line), ...coordinateLinks(line), ...outputLinks(line)];
  const first = found.sort((a, b) => a.start - b.start);
  return first.filter(({ start }, i) => first.slice(0, i).every((other) => other.start + other.length <= start));
}

function fileLinks(line: string): LineLink[] {
  return [...line.matchAll(FILE)].map((match) => {
    const [whole, name, direct, column, spoken] = match;
    return { start: match.index, length: whole.length, target: { type: 'file', name: name!, line: Number(direct ?? spoken), ...(column !== undefined && { column: Number(column) }) } };
  });
}

function coordinateLinks(line: string): LineLink[] {
  return [...line.matchAll(PLACE)].flatMap((match) => {
    const parts = [...match[0].matchAll(PART)].map(([, word, number]) => [word!.toLowerCase().replaceAll(/(?<=[io]c)[ _]/g, ''), Number(number)] as const);
    const isPsumError = /psum.*error/i.test(line);
    // One word with a number is too little, and j says something only where a psum is spoken of
    if (parts.length < 2 || (parts.some(([word]) => word === 'j') && !isPsumError)) return [];
    const coordinates = Object.fromEntries(parts.map(([word, number]) => [AXIS_WORDS[word]!, number])) as Coordinates;
    return [{ start: match.index, length: match[0].length, target: { type: 'coordinates', kinds: kindsFor(line, coordinates), coordinates } }];
  });
}

/** The kind that the line names; else those whose words have such coordinates. */
function kindsFor(line: string, coordinates: Coordinates): readonly Kind[] {
  const named = KIND_NAMES.find(([, words]) => words.test(line))?.[0];
  if (named !== undefined) return [named];
  const has = (...axes: readonly Axis[]): boolean => axes.every((axis) => coordinates[axis] !== undefined);
  if (has('o_nij')) return ['out'];
  if (has('kij', 'nij')) return ['psum'];
  if (has('kij')) return ['weight', 'psum'];
  if (has('nij', 'row')) return ['activation'];
  if (has('nij', 'col')) return ['psum'];
  return has('nij') ? ['activation', 'psum'] : ['weight', 'out', 'psum'];
}

const KIND_NAMES: readonly (readonly [Kind, RegExp])[] = [
  ['psum', /psum/i],
  ['weight', /weight|wgt/i],
  ['activation', /activation/i],
  ['out', /output|sfp/i],
];

function outputLinks(line: string): LineLink[] {
  const [nth, indexed, digits] = [NTH.exec(line), INDEXED.exec(line), DIGITS.exec(line)];
  if (digits !== null) return [{ start: line.indexOf(digits[1]!), length: digits[1]!.trimEnd().length, target: { type: 'digits', side: digits[2] === undefined ? 'answer' : 'found', digits: digits[3]!.trim() } }];
  if (nth !== null) {
    const printed = Number(nth[1]);
    return [{ start: nth.index, length: nth[0].length, target: { type: 'output', printed, ...(printed === 0 && { base: 0 as const }) } }];
  }
  return indexed === null ? [] : [{ start: indexed.index, length: indexed[0].length, target: { type: 'output', printed: Number(indexed[1]), base: 0 } }];
}

/** The output pixels that a printed number can stand for, likelier first: benches count from 1 unless they are known to count from 0. */
export function outputPixels({ printed, base }: { readonly printed: number; readonly base?: 0 | 1 }): number[] {
  const pixels = base === undefined ? [printed - 1, printed] : [printed - base];
  return pixels.filter((pixel) => pixel >= 0);
}

/**
 * Printed coordinates as those of a word in a file, completed by the file's first word. A tile 0 that the file does not know is left out, and `nij` is
 * `o_nij` in a file that runs over outputs.
 * @returns undefined when the file does not hold it
 */
export function fitCoordinates(layout: Layout, printed: Coordinates): Coordinates | undefined {
  const axes = new Set<Axis>([...layout.spec.lines, ...layout.spec.words].map(({ axis }) => axis));
  const knows = (axis: Axis): boolean => axes.has(axis) || layout.spec.fixed[axis] !== undefined;
  const fitted: Partial<Record<Axis, number>> = {};
  for (const [axis, value] of Object.entries(printed) as [Axis, number][]) {
    if (!knows(axis) && value === 0 && (axis === 'icTile' || axis === 'ocTile')) continue;
    fitted[axis === 'nij' && !knows('nij') && knows('o_nij') ? 'o_nij' : axis] = value;
  }
  if (layout.lineCount === 0) return undefined;
  const complete = completeCoordinates(layout, fitted, layout.coordinates(0, 0));
  return 'problem' in complete ? undefined : complete.coordinates;
}
