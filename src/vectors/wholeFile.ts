import type { Axis } from './axis';
import { headerClues } from './headerClues';
import { Layout } from './layout';
import { nameClues } from './nameClues';
import { ordersOf } from './orders';

/** A layout that the beginning of a file told, for the number of data lines that the whole file has: the order they most likely have. */
export function layoutForLines({ spec, wordsPerLine }: Layout, name: string, header: readonly string[], lines: number): Layout {
  const order = ordersOf({ kind: spec.kind, lines, words: wordsPerLine, name: nameClues(name), header: headerClues(header), hints: {} })[0]!;
  const looped = new Set([...order.lines, ...order.words].map(({ axis }) => axis));
  const fixed = Object.fromEntries(Object.entries(spec.fixed).filter(([axis]) => !looped.has(axis as Axis)));
  return new Layout({ ...spec, lines: order.lines, words: order.words, fixed });
}
