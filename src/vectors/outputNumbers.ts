/** What a run printed of its outputs as numbers that it counts itself ("3-th output"). */
export interface PrintedNumbers {
  /** The first that was printed, the lowest and the highest. */
  readonly first: number;
  readonly least: number;
  readonly most: number;
  /** It tells of outputs that match, too: of all of them, then. */
  readonly tellsAll: boolean;
}

/**
 * Whether a run calls its first output 0 or 1; undefined when its numbers leave that open. A run that tells of every output starts with its
 * first; one that tells of errors only may start anywhere.
 * @param outputs how many there are, when that is known
 */
export function countedFrom({ first, least, most, tellsAll }: PrintedNumbers, outputs?: number): 0 | 1 | undefined {
  if (least === 0) return 0;
  if (outputs !== undefined && most === outputs) return 1;
  return first === 1 && tellsAll ? 1 : undefined;
}

/** The numbers with one more. */
export function withNumber(numbers: PrintedNumbers | undefined, printed: number, matched: boolean): PrintedNumbers {
  if (numbers === undefined) return { first: printed, least: printed, most: printed, tellsAll: matched };
  const { first, least, most, tellsAll } = numbers;
  return { first, least: Math.min(least, printed), most: Math.max(most, printed), tellsAll: tellsAll || matched };
}
