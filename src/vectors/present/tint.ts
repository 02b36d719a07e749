import type { WordValue } from '../wordValue';

/** How a word is coloured: by its sign and the strength of its value. */
export const TINTS = ['negativeStrong', 'negative', 'negativeWeak', 'zero', 'positiveWeak', 'positive', 'positiveStrong', 'unknown', 'defect'] as const;
export type Tint = (typeof TINTS)[number];

/** Values up to a sixth of the largest are weak, from a half on strong. */
const WEAK = 1 / 6;
const STRONG = 1 / 2;

/** @param largest greatest magnitude of the file, so that small psums in wide words have colours too */
export function tintOf({ value, defect }: WordValue, largest: number): Tint {
  if (defect !== undefined) return 'defect';
  if (value === undefined) return 'unknown';
  if (value === 0) return 'zero';
  const share = Math.abs(value) / Math.max(1, largest);
  const sign = value < 0 ? 'negative' : 'positive';
  return share >= STRONG ? `${sign}Strong` : share <= WEAK ? `${sign}Weak` : sign;
}
