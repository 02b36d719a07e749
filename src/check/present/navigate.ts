/** A place to go to. Lines and columns count from 0. */
export interface Stop {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * The place after (or before) a cursor, round at the ends.
 * @param stops ascending
 * @returns undefined when there are none
 */
export function nextStop<T extends Stop>(stops: readonly T[], cursor: { readonly line: number; readonly column: number }, direction: 1 | -1): { readonly stop: T; readonly index: number } | undefined {
  const isBehind = ({ line, column }: Stop): boolean => (line === cursor.line ? column > cursor.column : line > cursor.line);
  const isBefore = ({ line, column, length }: Stop): boolean => (line === cursor.line ? column + length <= cursor.column : line < cursor.line);
  const found = direction === 1 ? stops.findIndex(isBehind) : stops.findLastIndex(isBefore);
  const index = found >= 0 ? found : direction === 1 ? 0 : stops.length - 1;
  const stop = stops[index];
  return stop === undefined ? undefined : { stop, index };
}

export function byPlace(a: Stop, b: Stop): number {
  return a.line - b.line || a.column - b.column;
}
