import type { Radix } from './layout';

/** One way to cut data lines into words of equal width. */
export interface Cut {
  readonly radix: Radix;
  /** Characters of a word. */
  readonly width: number;
  /** Words of a line, in most lines. */
  readonly count: number;
  readonly separator: string;
  readonly trailing: string;
  /** How the lines showed it. */
  readonly form: 'joined' | 'separated' | 'columns' | 'ragged' | 'single';
  /** Blanks stand where leading zeros belong. */
  readonly padded: boolean;
  /** Some words are of another width: in this cut they are defects. */
  readonly uneven?: true;
}

/** Digits that occur, the widest alphabet winning; `x`, `z` and signs are counted apart. */
export type Alphabet = 'binary' | 'decimal' | 'hex';

/** What the characters of the data lines say before any cut. */
export interface Alphabets {
  readonly alphabet: Alphabet;
  readonly minus: boolean;
  readonly unknown: boolean;
}

export function alphabetOf(lines: readonly string[]): Alphabets {
  const few = hasFewOdd(lines);
  let alphabet: Alphabet = 'binary';
  let minus = false;
  let unknown = false;
  for (const line of lines) {
    minus ||= line.includes('-');
    unknown ||= /[xz?]/i.test(line);
    if (few) continue;
    if (/[a-f]/i.test(line)) alphabet = 'hex';
    else if (alphabet === 'binary' && /[2-9]/.test(line)) alphabet = 'decimal';
  }
  return { alphabet, minus, unknown };
}

/** Lines that a share of is enough to judge by, and the share of them that may hold wrong digits. */
const LEAST_LINES = 8;
const FEW_LINES = 0.1;
/** Wrong digits of a line, and ones among the other digits: hex files of small numbers have more of the first or fewer of the second. */
const FEW_DIGITS = 2;
const LEAST_ONES = 0.05;
/** Shorter words or lines may as well be decimals. */
const LEAST_WORD = 4;
const LEAST_LENGTH = 8;

/** Binary lines but for a few wrong digits: a single `2` or `a` among thousands of bits does not make a file hex. */
export function hasFewOdd(lines: readonly string[]): boolean {
  const odd = lines.filter((line) => /[2-9a-f]/i.test(line));
  if (odd.length === 0 || lines.length < LEAST_LINES || odd.length > lines.length * FEW_LINES) return false;
  if (odd.some((line) => countOf(line, /[2-9a-f]/gi) > FEW_DIGITS)) return false;
  if (lines.some((line) => line.trim().length < LEAST_LENGTH || line.trim().split(/\s+/).some((word) => word.length < LEAST_WORD))) return false;
  const ones = lines.reduce((sum, line) => sum + countOf(line, /1/g), 0);
  const all = lines.reduce((sum, line) => sum + countOf(line, /[01]/g), 0);
  return ones >= all * LEAST_ONES;
}

function countOf(line: string, pattern: RegExp): number {
  return line.length - line.replaceAll(pattern, '').length;
}

const TOKEN = /[^\s,]+/g;
/** Share of lines or words that must agree; the rest are taken for defects. */
const MOST = 0.9;

/** Ways to cut lines into words, in no order. Empty when the lines have nothing in common. */
export function cutsOf(lines: readonly string[]): Cut[] {
  if (lines.length === 0) return [];
  const info = alphabetOf(lines);
  const tokens = lines.map((line) => [...line.matchAll(TOKEN)]);
  const single = tokens.filter((line) => line.length === 1).length;
  // A blank-padded word leaves single tokens too, but then the tokens do not begin where the line does
  if (single >= lines.length * MOST) return singleCuts(lines, info);
  return separatedCuts(lines, tokens, info);
}

/** Each line is one run of digits: joined words, or one word. */
function singleCuts(lines: readonly string[], { alphabet, minus }: Alphabets): Cut[] {
  const bare = lines.map((line) => line.trim());
  const trailing = mode(lines.map((line) => line.slice(line.trimEnd().length)))!;
  const [length, share] = modeWithShare(bare.map((line) => line.length));
  const widest = largest(lines.map((line) => line.trimEnd().length));
  const decimal = { radix: 'decimal', width: widest, count: 1, separator: '', trailing, form: 'single', padded: true } as const;
  const indented = lines.filter((line) => /^\s/.test(line)).length > 0;
  if (alphabet === 'decimal' && (minus || share < MOST || length <= 3 || indented)) return [decimal];
  if (alphabet === 'binary' && share < 0.5 && widest <= 6) return [decimal];
  if (alphabet === 'binary' && indented && new Set(lines.map((line) => line.trimEnd().length)).size === 1 && widest <= 12) return [{ ...decimal, radix: 'binary' }, decimal];
  const joined = (radix: Radix): Cut[] => divisors(length).map((width) => ({ radix, width, count: length / width, separator: '', trailing, form: 'joined' as const, padded: false }));
  const shortDecimal = alphabet === 'decimal' && length <= 6 ? [decimal] : [];
  return [...(alphabet === 'binary' ? joined('binary') : []), ...joined('hex'), ...shortDecimal];
}

function separatedCuts(lines: readonly string[], tokens: readonly RegExpExecArray[][], { alphabet, minus }: Alphabets): Cut[] {
  const count = mode(tokens.map((line) => line.length))!;
  const typical = tokens.filter((line) => line.length === count);
  const trailing = mode(lines.map((line) => line.slice(line.trimEnd().length)))!;
  const [width, share] = modeWithShare(typical.flatMap((line) => line.map((token) => token[0].length)));
  if (share >= MOST && !minus && lines.filter((line) => /^\s/.test(line)).length < lines.length / 2) {
    const separator = mode<string>(typical.flatMap((line) => line.slice(1).map((token, i) => token.input.slice(line[i]!.index + line[i]![0].length, token.index))));
    const even: Cut = { radix: 'hex', width, count, separator: separator ?? ' ', trailing, form: 'separated', padded: false };
    const digits = typical.flatMap((line) => line.map((token) => token[0]));
    // Decimals of a few digits more than most are whole words; of the same digits in hex or binary they are too long
    if (alphabet !== 'hex' && digits.some((word) => word.length !== width) && digits.every(isDecimal)) {
      const decimal: Cut = { ...even, radix: 'decimal', width: largest(digits.map((word) => word.length)), separator: ' ', form: 'ragged', padded: true };
      return [decimal, ...(alphabet === 'binary' ? (['binary', 'hex'] as const) : (['hex'] as const)).map((radix): Cut => ({ ...even, radix, uneven: true }))];
    }
    const wide = (radixes: Radix[]): Cut[] => radixes.map((radix) => ({ ...even, radix }));
    if (alphabet === 'binary') return wide(width === 1 ? ['decimal', 'hex', 'binary'] : ['binary', 'hex']);
    return wide(alphabet === 'hex' ? ['hex'] : ['hex', 'decimal']);
  }
  const columns = columnCut(lines, typical, count);
  const longest = largest(typical.flatMap((line) => line.map((token) => token[0].replace(/^-/, '').length)));
  const zeroPadded = typical.some((line) => line.some((token) => /^0\d/.test(token[0])));
  const radixes: Radix[] = alphabet === 'hex' ? ['hex'] : alphabet === 'decimal' ? ['decimal'] : zeroPadded || longest > 4 ? ['binary'] : ['decimal', 'binary'];
  const fused = columns === undefined ? fusedCuts(lines, alphabet) : [];
  if (fused.length > 0) return fused;
  if (columns !== undefined) return radixes.map((radix) => ({ radix, count, ...columns, form: 'columns', padded: true }));
  return radixes.map((radix) => ({ radix, width: longest + (minus ? 1 : 0), count, separator: ' ', trailing, form: 'ragged', padded: true }));
}

/** Digits without leading zeros. */
function isDecimal(word: string): boolean {
  return /^(?:0|[1-9][0-9]*)$/.test(word);
}

/** Words that end at the same, equally spaced columns in most lines. */
function columnCut(lines: readonly string[], typical: readonly RegExpExecArray[][], count: number): Pick<Cut, 'width' | 'separator' | 'trailing'> | undefined {
  const ends = typical.map((line) => line.map((token) => token.index + token[0].length));
  const [key, share] = modeWithShare(ends.map((line) => line.join()));
  if (share < MOST || count < 2) return undefined;
  const places = key.split(',').map(Number);
  const step = places[1]! - places[0]!;
  if (places.some((end, i) => end !== places[0]! + i * step)) return undefined;
  const width = Math.min(step, places[0]!);
  if (places[0]! > step) return undefined;
  const length = mode(lines.map((line) => line.length))!;
  return { width, separator: ' '.repeat(step - width), trailing: ' '.repeat(Math.max(0, length - places.at(-1)!)) };
}

/** Words padded with blanks in touching columns: full ones run into their neighbours, so only the columns tell them apart. */
function fusedCuts(lines: readonly string[], alphabet: Alphabet): Cut[] {
  const [length, share] = modeWithShare(lines.map((line) => line.trimEnd().length));
  if (share < MOST || !lines.some((line) => /^\s/.test(line))) return [];
  const whole = lines.filter((line) => line.trimEnd().length === length);
  const field = alphabet === 'hex' ? /^ *[0-9a-fxz]+$/i : /^ *-?[0-9xz]+$/i;
  const fits = (width: number): boolean => {
    let good = 0;
    for (const line of whole) for (let at = 0; at < length; at += width) if (field.test(line.slice(at, at + width))) good++;
    return good >= MOST * whole.length * (length / width);
  };
  const width = divisors(length).filter((candidate) => candidate >= 3 && candidate < length && fits(candidate)).at(-1);
  const radix = alphabet === 'hex' ? 'hex' : alphabet === 'binary' ? 'binary' : 'decimal';
  return width === undefined ? [] : [{ radix, width, count: length / width, separator: '', trailing: '', form: 'columns', padded: true }];
}

/** Divisors of a line length that could be a word's width, in characters. */
function divisors(length: number): number[] {
  const widths: number[] = [];
  for (let width = 1; width <= Math.min(length, 64); width++) if (length % width === 0) widths.push(width);
  return widths;
}

/** As many numbers as a file has words are too many for the arguments of one call. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

export function mode<T>(values: readonly T[]): T | undefined {
  return modeWithShare(values)[0];
}

/** The most frequent value and its share, 0 to 1. The first of equals wins. */
export function modeWithShare<T>(values: readonly T[]): [T, number] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = values[0] as T;
  for (const [value, count] of counts) if (count > counts.get(best)!) best = value;
  return [best, values.length === 0 ? 0 : counts.get(best)! / values.length];
}
