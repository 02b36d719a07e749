import type { Kind } from './axis';

/** What header lines claim. Headers are copied from file to file, so every claim has to be compared with the data. */
export interface HeaderClues {
  /** What the words of a line are said to be. */
  readonly words?: 'row' | 'col';
  /** What a line is said to be. */
  readonly lines?: 'time' | 'col' | 'row';
  /** Highest word index named plus one. */
  readonly count?: number;
  /** Does the leftmost word have the highest index? */
  readonly descending?: boolean;
  /** From a sentence such as `each line has 16*4b = 64 digits`. */
  readonly stated?: { readonly count: number; readonly bits: number };
  /** Data lines promised by a sentence. */
  readonly statedLines?: number;
  readonly outputStationary: boolean;
  /** Kinds such a header stands over. */
  readonly kinds: readonly Kind[];
}

/** `time0row7`, `col0row7`, `nij3row15`, `time0co7`: line axis and number, word axis and number. */
const PAIR = /(time|o?_?nij|col|row|t|ch)_?(\d+)_?(row|col|co|ic|oc|ch)_?(\d+)/gi;
/** `row7`, `col7` alone, when no pair is there. */
const ALONE = /(row|col|co|ic|oc)_?(\d+)/gi;

export function headerClues(header: readonly string[]): HeaderClues {
  const all = header.join('\n');
  const outputStationary = /onij\d|kij\d+_?ic\d|\)_ic\d/i.test(all);
  const stated = /(\d+)\s*(?:\*|x|×)\s*(\d+)\s*b(?:it)?s?\b/i.exec(all);
  const statedLines = /\b(\d+)\s+lines\b/i.exec(all);
  const first = header.find((line) => line.search(PAIR) >= 0) ?? header.find((line) => line.search(ALONE) >= 0);
  const sentences = {
    ...(stated !== null && { stated: { count: Number(stated[1]), bits: Number(stated[2]) } }),
    ...(statedLines !== null && { statedLines: Number(statedLines[1]) }),
    outputStationary,
  };
  if (first === undefined) return { ...sentences, kinds: [] };
  const pairs = [...first.matchAll(PAIR)].map((match) => ({ line: match[1]!.toLowerCase(), word: match[3]!.toLowerCase(), index: Number(match[4]) }));
  const named = pairs.length > 0 ? pairs : [...first.matchAll(ALONE)].map((match) => ({ line: '', word: match[1]!.toLowerCase(), index: Number(match[2]) }));
  const words = /row|ic/.test(named[0]!.word) ? ('row' as const) : ('col' as const);
  const lines = lineAxis(named[0]!.line);
  const indices = named.map(({ index }) => index);
  const count = indices.reduce((most, index) => Math.max(most, index), 0) + 1;
  return {
    ...sentences,
    words,
    ...(lines !== undefined && { lines }),
    ...(indices.length > 1 && { count, descending: indices[0]! >= indices.at(-1)! }),
    kinds: outputStationary ? ['activation', 'weight'] : lines === 'col' || lines === 'row' ? ['weight'] : words === 'row' ? ['activation'] : ['psum', 'out'],
  };
}

function lineAxis(name: string): 'time' | 'col' | 'row' | undefined {
  if (name === '') return undefined;
  return name === 'col' || name === 'row' ? name : 'time';
}
