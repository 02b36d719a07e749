import { Problem } from '../../engine/problem';
import type { Axis, Coordinates } from '../../vectors/axis';
import type { Layout } from '../../vectors/layout';
import { FileReading } from '../../vectors/reading';
import { textShape } from '../../vectors/textShape';

/** Ways to make a golden file wrong. */
export const CORRUPTIONS = {
  'one-word': 'one word has another value',
  'one-bit': 'one bit of one word is turned over',
  'wrong-sign': 'one word has the other sign',
  'wrong-kij': 'the lines of two kernel positions are exchanged',
  'swapped-columns': 'two columns are exchanged on every line',
  'shifted-lines': 'every line stands one line later, the last one first',
  'missing-line': 'one line is left out',
} as const;
export type Corruption = keyof typeof CORRUPTIONS;

/** One word that was changed; line and column in the corrupted text, from 1. */
export interface PlantedChange {
  readonly line: number;
  readonly column: number;
  readonly coordinates: Coordinates;
  readonly from: number;
  readonly to: number;
}

export interface Corrupted {
  readonly text: string;
  /** What was done, as a sentence. */
  readonly what: string;
  /** All words that differ; of a missing line those that it held, with `to` equal to `from`. */
  readonly changes: readonly PlantedChange[];
}

/** Places that are tried before a file counts as too uniform. */
const TRIES = 10_000;

/**
 * Plants one defect into a golden text; every other character stays.
 * @param text one character a byte, so that it can be written back as it was
 * @throws Problem `check-golden` when this file cannot be corrupted so
 */
export function corrupt(text: string, layout: Layout, how: Corruption, seed: number): Corrupted {
  const reading = new FileReading(textShape(text), layout);
  const random = generator(seed);
  switch (how) {
    case 'one-word':
      return oneWord(reading, random, how, (_, { min, max }) => min + Math.floor(random() * (max - min + 1)));
    case 'one-bit':
      return oneWord(reading, random, how, (value) => withBit(value, Math.floor(random() * layout.spec.bits), layout));
    case 'wrong-sign':
      return oneWord(reading, random, how, (value) => (value === 0 ? value : -value));
    case 'wrong-kij':
      return exchangedLines(reading, random, 'kij', how);
    case 'swapped-columns':
      return swappedColumns(reading, random, how);
    case 'shifted-lines':
      return replacedLines(reading, how, CORRUPTIONS[how], (lines) => [lines.at(-1)!, ...lines.slice(0, -1)]);
    case 'missing-line':
      return missingLine(reading, random);
  }
}

type Random = () => number;

/** The same numbers for the same seed, everywhere. */
function generator(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function oneWord(reading: FileReading, random: Random, how: Corruption, change: (value: number, range: { min: number; max: number }) => number): Corrupted {
  const { shape, layout } = reading;
  for (let i = 0; i < TRIES; i++) {
    const fileLine = shape.dataLines[Math.floor(random() * shape.dataLines.length)]!;
    const words = reading.words(fileLine);
    const word = words[Math.floor(random() * words.length)];
    if (word?.value === undefined || word.defect !== undefined) continue;
    const to = change(word.value, layout.range);
    const written = wordText(to, word.text, layout);
    if (to === word.value || written === undefined) continue;
    const line = shape.line(fileLine);
    const changed = line.slice(0, word.column) + written + line.slice(word.column + word.length);
    const changes = [{ line: fileLine + 1, column: word.column + 1, coordinates: reading.coordinates(fileLine, word.word) ?? {}, from: word.value, to }];
    return { text: withLines(reading, new Map([[fileLine, changed]])), what: `Word ${word.word + 1} of line ${fileLine + 1} is ${to} instead of ${word.value}: ${CORRUPTIONS[how]}.`, changes };
  }
  throw cannot(how, 'no word of it can be changed so without changing its width');
}

/** A value in the characters of the word that it replaces; undefined when it needs others. */
function wordText(value: number, old: string, { spec, range }: Layout): string | undefined {
  if (value < range.min || value > range.max) return undefined;
  if (spec.radix === 'decimal') {
    const text = String(value).padStart(old.length);
    return text.length === old.length ? text : undefined;
  }
  const digits = (value < 0 ? value + 2 ** spec.bits : value).toString(spec.radix === 'hex' ? 16 : 2).padStart(old.length, '0');
  return digits.length !== old.length ? undefined : /[A-F]/.test(old) ? digits.toUpperCase() : digits;
}

function withBit(value: number, bit: number, { spec }: Layout): number {
  const raw = (value < 0 ? value + 2 ** spec.bits : value) + (Math.floor((value < 0 ? value + 2 ** spec.bits : value) / 2 ** bit) % 2 === 1 ? -(2 ** bit) : 2 ** bit);
  return spec.signed && raw >= 2 ** (spec.bits - 1) ? raw - 2 ** spec.bits : raw;
}

function exchangedLines(reading: FileReading, random: Random, axis: Axis, how: Corruption): Corrupted {
  const { layout } = reading;
  const loop = layout.spec.lines.find((one) => one.axis === axis && one.count > 1);
  if (loop === undefined) throw cannot(how, `its lines hold one ${axis} only, so that there are none to exchange`);
  for (let i = 0; i < TRIES; i++) {
    const [a, b] = [Math.floor(random() * loop.count), Math.floor(random() * loop.count)].map((n) => loop.start + n * loop.step) as [number, number];
    if (a === b) continue;
    const partner = (line: number): number => {
      const place = layout.coordinates(line, 0);
      const other = place[axis] === a ? b : place[axis] === b ? a : undefined;
      return other === undefined ? line : layout.position({ ...place, [axis]: other })!.line;
    };
    const corrupted = replacedLines(reading, how, `the lines of ${axis} ${a} and ${axis} ${b} are exchanged`, (lines) => lines.map((line, at) => (at < layout.lineCount ? (lines[partner(at)] ?? line) : line)), false);
    if (corrupted !== undefined) return corrupted;
  }
  throw cannot(how, `all its ${axis} hold the same values`);
}

function swappedColumns(reading: FileReading, random: Random, how: Corruption): Corrupted {
  const { wordsPerLine } = reading.layout;
  if (wordsPerLine < 2) throw cannot(how, 'its lines hold one word');
  for (let i = 0; i < TRIES; i++) {
    const [a, b] = [Math.floor(random() * wordsPerLine), Math.floor(random() * wordsPerLine)].sort((x, y) => x - y) as [number, number];
    if (a === b) continue;
    const swap = (line: string, fileLine: number): string => {
      const words = reading.words(fileLine);
      const [left, right] = [words[a], words[b]];
      if (left === undefined || right?.length !== left.length) return line;
      return line.slice(0, left.column) + right.text + line.slice(left.column + left.length, right.column) + left.text + line.slice(right.column + right.length);
    };
    const corrupted = replacedLines(reading, how, `words ${a + 1} and ${b + 1} of every line are exchanged`, (lines, fileLines) => lines.map((line, at) => swap(line, fileLines[at]!)), false);
    if (corrupted !== undefined) return corrupted;
  }
  throw cannot(how, 'all its columns hold the same values');
}

type Rewrite = (lines: readonly string[], fileLines: readonly number[]) => readonly string[];

function replacedLines(reading: FileReading, how: Corruption, what: string, rewrite: Rewrite): Corrupted;
function replacedLines(reading: FileReading, how: Corruption, what: string, rewrite: Rewrite, needed: false): Corrupted | undefined;
function replacedLines(reading: FileReading, how: Corruption, what: string, rewrite: Rewrite, needed = true): Corrupted | undefined {
  const { shape, layout } = reading;
  const fileLines = [...shape.dataLines];
  const lines = rewrite(fileLines.map((line) => shape.line(line)), fileLines);
  const text = withLines(reading, new Map(fileLines.map((fileLine, i) => [fileLine, lines[i]!])));
  const after = new FileReading(textShape(text), layout);
  const changes = fileLines.flatMap((fileLine) => {
    const before = reading.words(fileLine);
    return after.words(fileLine).flatMap(({ word, column, value: to }) => {
      const from = before[word]?.value;
      return from === undefined || to === undefined || from === to ? [] : [{ line: fileLine + 1, column: column + 1, coordinates: reading.coordinates(fileLine, word) ?? {}, from, to }];
    });
  });
  if (changes.length > 0) return { text, what: `${what[0]!.toUpperCase()}${what.slice(1)}.`, changes };
  if (needed) throw cannot(how, 'all its lines hold the same values');
  return undefined;
}

function missingLine(reading: FileReading, random: Random): Corrupted {
  const { shape } = reading;
  const fileLine = shape.dataLines[Math.floor(random() * shape.dataLines.length)]!;
  const [start, end] = [startOf(reading, fileLine), startOf(reading, fileLine + 1)];
  const changes = reading.words(fileLine).flatMap(({ word, column, value }) => (value === undefined ? [] : [{ line: fileLine + 1, column: column + 1, coordinates: reading.coordinates(fileLine, word) ?? {}, from: value, to: value }]));
  return { text: shape.text.slice(0, start) + shape.text.slice(end), what: `Line ${fileLine + 1} is left out.`, changes };
}

/** The text with other characters on some lines; line ends stay. */
function withLines({ shape }: FileReading, changed: ReadonlyMap<number, string>): string {
  const parts: string[] = [];
  let at = 0;
  for (let line = 0; line < shape.lineCount; line++) {
    const old = shape.line(line);
    const newline = shape.text.indexOf('\n', at);
    const end = newline < 0 ? shape.text.length : newline + 1;
    parts.push(changed.get(line) ?? old, shape.text.slice(at + old.length, end));
    at = end;
  }
  return parts.join('');
}

function startOf({ shape }: FileReading, line: number): number {
  let at = 0;
  for (let i = 0; i < line; i++) {
    const newline = shape.text.indexOf('\n', at);
    at = newline < 0 ? shape.text.length : newline + 1;
  }
  return at;
}

function cannot(how: Corruption, why: string): Problem {
  return new Problem('check-golden', `This file cannot be corrupted by ${how}: ${why}.`, `Choose another way: ${Object.keys(CORRUPTIONS).filter((one) => one !== how).join(', ')}.`);
}
