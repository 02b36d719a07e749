import { inferShape } from '../../vectors/infer';
import type { Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';
import { textShape } from '../../vectors/textShape';

/** Lines with other digits than 0 and 1 that a binary file may have: more make it a hex file. */
const MOST_LINES = 0.1;
const LEAST_LINES = 8;
/** Wrong digits of a line, and share of ones in the other lines: hex files of small numbers have more of the first or fewer of the second. */
const MOST_DIGITS = 2;
const LEAST_ONES = 0.05;

/**
 * Readings of a binary file as if its few wrong digits were zeros. A single `2` or `a` among thousands of bits makes a file look
 * like hex, and no word would be wrong then.
 * @returns undefined when the file is not such a one
 */
export function mendedReading({ name, shape, candidates }: Inference): Inference | undefined {
  const best = candidates[0];
  if (best === undefined || best.proven || best.layout.spec.radix === 'binary' || shape.dataLines.length < LEAST_LINES) return undefined;
  const odd = [...shape.dataLines].filter((fileLine) => /[2-9a-f]/i.test(shape.line(fileLine)));
  if (odd.length === 0 || odd.length > shape.dataLines.length * MOST_LINES || nameClues(name).radix === 'hex') return undefined;
  if (odd.some((fileLine) => count(shape.line(fileLine), /[2-9a-f]/gi) > MOST_DIGITS)) return undefined;
  const [ones, all] = [count(shape.text, /1/g), count(shape.text, /[01]/g)];
  if (ones < all * LEAST_ONES || best.layout.lineWidth < 8) return undefined;
  const wrong = new Set(odd);
  const lines = Array.from({ length: shape.lineCount }, (_, i) => (wrong.has(i) ? shape.line(i).replaceAll(/[2-9a-f]/gi, '0') : shape.line(i)));
  const mended = inferShape(textShape(lines.join('\n')), name, {});
  return mended.candidates[0]?.layout.spec.radix === 'binary' ? { name, shape, candidates: mended.candidates } : undefined;
}

function count(text: string, pattern: RegExp): number {
  return text.length - text.replaceAll(pattern, '').length;
}
