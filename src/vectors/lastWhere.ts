/**
 * Looks among ordered items by halves.
 * @param holds true for the first items and for none behind them
 * @returns index of the last of `count` items for which it holds; -1 when there is none
 */
export function lastWhere(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [-1, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Index of the last of ascending numbers that is not above a value; -1 when all are. */
export function lastAtMost(numbers: ArrayLike<number>, value: number): number {
  return lastWhere(numbers.length, (i) => numbers[i]! <= value);
}
