import { codeRange } from '../engine/quantize';
import { Problem } from '../engine/problem';
import type { Axis, Coordinates, Kind } from './axis';
import { AXES } from './axis';

/**
 * One loop over an axis: iteration i contributes `start + step * i` to the coordinate.
 *
 * An axis may have several loops, whose contributions add up. That one rule expresses every order met in the field:
 * ascending (`step 1`), descending (`start n-1, step -1`), even-then-odd lines (a loop of step 1 over the lines and one of
 * step 2 over the words), blocks of eight descending (a loop of step 8 and one of step -1).
 */
export interface Loop {
  readonly axis: Axis;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

export const RADIXES = ['binary', 'hex', 'decimal'] as const;
export type Radix = (typeof RADIXES)[number];

/** A layout as plain data: what a manifest stores and what {@link Layout} is made from. */
export interface LayoutSpec {
  readonly kind: Kind;
  /** Bits of a word. */
  readonly bits: number;
  /** Two's complement? */
  readonly signed: boolean;
  readonly radix: Radix;
  /** Loops over the data lines, outermost first. */
  readonly lines: readonly Loop[];
  /** Loops over the words of a line, outermost first, words from left to right. Empty: one word a line. */
  readonly words: readonly Loop[];
  /** Coordinates that are the same in the whole file. */
  readonly fixed: Coordinates;
  /** Between two words. */
  readonly separator: string;
  /** After the last word of a line. */
  readonly trailing: string;
  /** Lines before the data, without their line ends. */
  readonly header: readonly string[];
  readonly eol: '\n' | '\r\n';
  /**
   * Characters of a word when they are more than `bits` need: decimal columns of another width, or a word in a wider memory
   * (16 bits in 8 hex digits). Only the low `bits` count then.
   */
  readonly width?: number;
}

/** Where a word stands among the data lines; header lines are not counted. */
export interface Position {
  readonly line: number;
  readonly word: number;
}

/**
 * How tensor coordinates become lines, words and characters, and back. Writers, readers, hovers, diffs and checks all ask this
 * one type; nothing else knows a file format.
 */
export class Layout {
  readonly lineCount: number;
  readonly wordsPerLine: number;
  /** Characters of one word. Decimal words are padded to hold the widest value of the format and its sign. */
  readonly wordWidth: number;
  /** Characters of a data line without its line end. */
  readonly lineWidth: number;
  private readonly axes: ReadonlyMap<Axis, AxisLoops>;

  /** @throws Problem `profile` when two places would stand for the same coordinates */
  constructor(readonly spec: LayoutSpec) {
    this.lineCount = product(spec.lines);
    this.wordsPerLine = product(spec.words);
    this.wordWidth = wordWidth(spec);
    this.lineWidth = this.wordsPerLine * this.wordWidth + (this.wordsPerLine - 1) * spec.separator.length + spec.trailing.length;
    this.axes = axisLoops(spec);
  }

  /** Where the value of these coordinates stands, or undefined when it is not in the file. Axes that the file does not enumerate are compared with its fixed ones when both are known. */
  position(coordinates: Coordinates): Position | undefined {
    const iterations = new Map<Loop, number>();
    for (const axis of AXES) {
      const value = coordinates[axis];
      const loops = this.axes.get(axis);
      if (loops === undefined) {
        const fixed = this.spec.fixed[axis];
        if (value !== undefined && fixed !== undefined && value !== fixed) return undefined;
        continue;
      }
      if (value === undefined || !solve(loops, value, iterations)) return undefined;
    }
    return { line: flatten(this.spec.lines, iterations), word: flatten(this.spec.words, iterations) };
  }

  /** Coordinates of a word, the file's fixed ones included. @throws RangeError outside the file */
  coordinates(line: number, word: number): Coordinates {
    return withIterations(this.spec.words, word, this.lineCoordinates(line));
  }

  /** What a whole line has in common: the file's fixed coordinates and the line loops' part. @throws RangeError outside the file */
  lineCoordinates(line: number): Coordinates {
    return withIterations(this.spec.lines, line, this.spec.fixed);
  }

  /** First character of a word in its line, counted from 0. */
  column(word: number): number {
    return word * (this.wordWidth + this.spec.separator.length);
  }

  /** The word that a character of a data line belongs to; separators belong to the word before them. */
  wordAt(column: number): number | undefined {
    if (column < 0 || column >= this.lineWidth) return undefined;
    return Math.min(this.wordsPerLine - 1, Math.floor(column / (this.wordWidth + this.spec.separator.length)));
  }

  /** Least and greatest value a word can hold. */
  get range(): { min: number; max: number } {
    return codeRange(this.spec.bits, this.spec.signed);
  }
}

/** The loops of one axis, largest stride first, so that a coordinate decomposes greedily and in one way. */
interface AxisLoops {
  /** Least coordinate that the loops reach. */
  readonly least: number;
  readonly loops: readonly Loop[];
}

function axisLoops(spec: LayoutSpec): Map<Axis, AxisLoops> {
  const axes = new Map<Axis, AxisLoops>();
  for (const axis of AXES) {
    const loops = [...spec.lines, ...spec.words].filter((loop) => loop.axis === axis);
    if (loops.length === 0) continue;
    if (spec.fixed[axis] !== undefined) {
      throw new Problem('profile', `A file cannot both enumerate ${axis} and hold one ${axis} only.`, `Remove ${axis} from lines and words, or from the file name.`);
    }
    const ordered = loops.toSorted((a, b) => Math.abs(b.step) - Math.abs(a.step));
    checkUnique(axis, ordered);
    axes.set(axis, { least: ordered.reduce((sum, loop) => sum + Math.min(loop.start, last(loop)), 0), loops: ordered });
  }
  return axes;
}

/** A coordinate must not be reached twice: every stride has to clear all that the smaller ones can add up to. */
function checkUnique(axis: Axis, ordered: readonly Loop[]): void {
  let reach = 0;
  for (const loop of ordered.toReversed()) {
    if (loop.count > 1 && Math.abs(loop.step) <= reach) {
      throw new Problem('profile', `The loops over ${axis} reach some values twice.`, `Enumerate each ${axis} once: for example "${axis}%8" together with "${axis}/8".`);
    }
    reach += Math.abs(loop.step) * (loop.count - 1);
  }
}

/** Finds each loop's iteration for a coordinate; false when the loops do not reach it. */
function solve({ least, loops }: AxisLoops, value: number, iterations: Map<Loop, number>): boolean {
  let rest = value - least;
  if (rest < 0 || !Number.isInteger(rest)) return false;
  for (const loop of loops) {
    const stride = Math.abs(loop.step);
    const up = stride === 0 ? 0 : Math.min(loop.count - 1, Math.floor(rest / stride));
    rest -= up * stride;
    iterations.set(loop, loop.step < 0 ? loop.count - 1 - up : up);
  }
  return rest === 0;
}

function flatten(loops: readonly Loop[], iterations: ReadonlyMap<Loop, number>): number {
  return loops.reduce((index, loop) => index * loop.count + (iterations.get(loop) ?? 0), 0);
}

/** Adds what the loops contribute at iteration `index` of all their iterations together. */
function withIterations(loops: readonly Loop[], index: number, given: Coordinates): Coordinates {
  const values: Partial<Record<Axis, number>> = { ...given };
  let rest = index;
  for (let i = loops.length - 1; i >= 0; i--) {
    const { axis, start, step, count } = loops[i]!;
    values[axis] = (values[axis] ?? 0) + start + step * (rest % count);
    rest = Math.floor(rest / count);
  }
  if (rest !== 0 || !Number.isInteger(index)) throw new RangeError(`There is no line or word ${index} in this layout`);
  return values;
}

function last(loop: Loop): number {
  return loop.start + loop.step * (loop.count - 1);
}

function product(loops: readonly Loop[]): number {
  return loops.reduce((count, loop) => count * loop.count, 1);
}

function wordWidth({ radix, bits, signed, width }: LayoutSpec): number {
  if (width !== undefined) return width;
  switch (radix) {
    case 'binary':
      return bits;
    case 'hex':
      return Math.ceil(bits / 4);
    case 'decimal':
      return decimalWidth(bits, signed);
  }
}

/**
 * Characters of a decimal word: a place for the sign and the digits of the widest value, at least 3.
 * Gives the notebooks' `f'{v: 3d}'` at 4 bits and `f'{v: 6d}'` at 16.
 */
function decimalWidth(bits: number, signed: boolean): number {
  const { min, max } = codeRange(bits, signed);
  return Math.max(3, 1 + String(Math.max(-min, max)).length);
}
