import type { TextShape } from '../textShape';

/** How the lines of words of a file look: tells a broken one from a remark that stands between them. */
export interface LineForm {
  /** Characters of a line without the blanks at its end, those that occur. */
  readonly lengths: ReadonlySet<number>;
  /** Characters that are no blanks, in the shortest line. */
  readonly least: number;
  /** Words between blanks, in the first line. */
  readonly tokens: number;
  /** Lengths of the words of a line, where all lines have one of a few. */
  readonly shapes: ReadonlySet<string>;
  /** Digits of the words, x and z included. */
  readonly digits: RegExp;
}

const SAMPLE_LINES = 256;
/** Of the characters of a broken line the share that are still digits; of one that has the form of its neighbours. */
const MOSTLY_DIGITS = 0.8;
const SAME_FORM_DIGITS = 0.7;
const MOST_SHAPES = 2;
/** Characters of words behind which other text may stand: a shorter beginning may be a word of a sentence. */
const LEAST_WHOLE = 8;

/** The form of the lines of a file, from its beginning; undefined when it holds no words. */
export function lineForm(head: TextShape): LineForm | undefined {
  const lines = head.sample(SAMPLE_LINES).map((line) => line.trimEnd());
  const [first] = lines;
  if (first === undefined) return undefined;
  const all = lines.join('');
  const shapes = new Set(lines.map(shape));
  const digits = /[a-f]/i.test(all) ? /[0-9a-fxz?]/gi : /[2-9]/.test(all) ? /[0-9xz?+-]/gi : /[01xz?-]/gi;
  return { lengths: new Set(lines.map(({ length }) => length)), least: Math.min(...lines.map((line) => dense(line).length)), tokens: tokens(first), shapes: shapes.size <= MOST_SHAPES ? shapes : new Set(), digits };
}

/** Would the same lines be told by both? */
export function isSameForm(a: LineForm | undefined, b: LineForm | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const same = <T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean => one.size === other.size && [...one].every((value) => other.has(value));
  return same(a.lengths, b.lengths) && a.least === b.least && a.tokens === b.tokens && same(a.shapes, b.shapes) && a.digits.source === b.digits.source;
}

/** Is a line that is no row of words one that was meant to be: most of its characters are digits, or it looks like all others? */
export function isBroken(line: string, { lengths, least, tokens: usual, shapes, digits }: LineForm): boolean {
  const characters = dense(line).length;
  // Nothing that anyone says looks like all other lines, word for word
  if (characters >= LEAST_WHOLE && shapes.has(shape(line))) return true;
  if (least >= LEAST_WHOLE && [...lengths].some((length) => line.length > length && isWords(line.slice(0, length), least))) return true;
  if (tokens(line) === usual && areMostlyNumbers(line)) return true;
  const sameForm = lengths.has(line.trimEnd().length) && tokens(line) === usual;
  const share = (line.match(digits)?.length ?? 0) / Math.max(1, characters);
  return sameForm ? share >= SAME_FORM_DIGITS : share >= MOSTLY_DIGITS && characters >= least / 2;
}

/** `12 1g`: every word has digits, and at least half of them are numbers; a lone one begins as one. */
function areMostlyNumbers(line: string): boolean {
  const all = line.trim().split(/[\s,]+/);
  const numbers = all.filter((token) => /^[-+]?[0-9a-fxz?]+$/i.test(token)).length;
  return all.every((token) => /[0-9]/.test(token)) && (all.length === 1 ? /^[-+]?[0-9]/.test(all[0]!) : 2 * numbers >= all.length);
}

/** Are these characters the words of a whole line? */
function isWords(beginning: string, least: number): boolean {
  return /^[-0-9a-fxz?\s]+$/i.test(beginning) && dense(beginning).length >= least;
}

const shape = (line: string): string => line.trim().split(/[\s,]+/).map(({ length }) => length).join();
const dense = (line: string): string => line.replaceAll(/\s/g, '');
const tokens = (line: string): number => line.trim().split(/[\s,]+/).length;
