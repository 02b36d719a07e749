import type { Radix } from './layout';
import type { TextShape } from './textShape';

/** Lines that are looked at, and how much of each: forms are compared on every edit. */
const LINES = 64;
const WIDTH = 4096;
/** Of the lines, the share that has to use an alphabet: fewer are misspelt. */
const LEAST_SHARE = 0.25;

/**
 * What a text looks like, in short: how many data lines it has, how long they are, in how many words of which digits. Equal after an edit
 * inside some words, and different when other words took the place of all of them.
 */
export function textForm(shape: TextShape): string {
  const sample = shape.sample(LINES, WIDTH).map((line) => line.trim());
  const words = sample.map((line) => line.split(/[\s,]+/, WIDTH).length);
  return [shape.dataLines.length, commonest(words), commonest(sample.map(({ length }) => length)), alphabetOf(sample), shape.isMemory, shape.report ?? ''].join();
}

/** Are the data lines of a text written in the digits of such words, all but a few? */
export function suits(shape: TextShape, radix: Radix): boolean {
  return alphabetOf(shape.sample(LINES, WIDTH)) <= ALPHABETS.indexOf(radix);
}

/** Each holds the digits of the one before. */
const ALPHABETS: readonly Radix[] = ['binary', 'decimal', 'hex'];

function alphabetOf(lines: readonly string[]): number {
  const share = (digits: RegExp): number => lines.filter((line) => digits.test(line)).length / Math.max(1, lines.length);
  return share(/[a-f]/i) >= LEAST_SHARE ? 2 : share(/[2-9a-f]/i) >= LEAST_SHARE ? 1 : 0;
}

/** What more than half of the lines agree on; ragged ones agree on nothing. */
function commonest(values: readonly number[]): number | undefined {
  return values.find((value) => values.filter((other) => other === value).length * 2 > values.length);
}
