import type { Layout } from '../layout';
import type { Span } from '../wordSpans';
import { fitsColumns } from '../wordSpans';

/**
 * Where the words of a line of a dump stand: at the layout's columns when the line has its length, else between its blanks. Undefined for a
 * line that has not as many as it should: which of them are there cannot be told.
 */
export function dumpSpans(layout: Layout, line: string): Span[] | undefined {
  const { wordsPerLine, wordWidth, spec } = layout;
  const step = wordWidth + spec.separator.length;
  const whole = layout.lineWidth - spec.trailing.length;
  const joined = spec.separator === '';
  const bare = line.trimEnd();
  const tokens = [...bare.matchAll(/[^\s,]+/g)].map((match) => ({ column: match.index, length: match[0].length }));
  const between = tokens.length === wordsPerLine ? tokens : undefined;
  // The columns of decimals are as wide as the widest
  if (spec.radix === 'decimal' && between !== undefined) return between;
  // Blanks before joined words are no part of them, unless they stand for their zeros
  const indent = joined && bare.length > whole && bare.trimStart().length === whole ? bare.length - whole : 0;
  if (bare.length - indent === whole && fitsColumns(layout, line.slice(indent))) return Array.from({ length: wordsPerLine }, (_, i) => ({ column: indent + i * step, length: wordWidth }));
  return joined && wordsPerLine > 1 ? undefined : between;
}
