import type { Layout } from './layout';

/** A run of characters of a line, counted from 0. */
export interface Span {
  readonly column: number;
  readonly length: number;
}

/** Where the words of a line stand: at the layout's columns when the line has its length, else between its blanks. */
export function wordSpans(layout: Layout, line: string): Span[] {
  const { wordsPerLine, wordWidth, spec } = layout;
  const bare = line.trimEnd().length;
  const whole = layout.lineWidth - spec.trailing.length;
  const step = wordWidth + spec.separator.length;
  if (bare === whole || spec.separator + spec.trailing === '') {
    if (bare === whole && !fitsColumns(layout, line)) return tokens(line);
    return Array.from({ length: bare === whole ? wordsPerLine : Math.ceil(bare / step) }, (_, i) => ({ column: i * step, length: Math.min(wordWidth, bare - i * step) }));
  }
  return tokens(line);
}

/** Do blanks stand between the words, as the layout has it? */
export function fitsColumns({ wordsPerLine, wordWidth, spec }: Layout, line: string): boolean {
  if (spec.separator === '') return true;
  for (let word = 1; word < wordsPerLine; word++) {
    const end = word * (wordWidth + spec.separator.length);
    if (line.slice(end - spec.separator.length, end).trim() !== '') return false;
  }
  return true;
}

function tokens(line: string): Span[] {
  return [...line.matchAll(/[^\s,]+/g)].map((match) => ({ column: match.index, length: match[0].length }));
}
