import { WORD_STATES } from '../pair';

/**
 * What a hypothesis predicts of a word: its value, or one of the numbers below, which no 32-bit word can be. Plain numbers, because
 * hundreds of hypotheses are asked for a hundred thousand words.
 */
export type Prediction = number;

/** Never written, or with unknown bits. */
export const UNKNOWN = 2 ** 33;
/** Not in the dump at all. */
export const ABSENT = 2 ** 34;
/** Beyond the border of what was moved: never written, or zero. */
export const EMPTY = 2 ** 35;
/** Nothing can be said: whatever stood there before. */
export const ANYTHING = 2 ** 36;
/** Some negative value. */
export const NEGATIVE = 2 ** 37;
/** Behind the end of a dump that lacks entries before it: absent, which its length says already. */
export const BEHIND = 2 ** 38;

/** The prediction of each word of a pair, by its index. */
export type Read = (index: number) => Prediction;

export function isValue(prediction: Prediction): boolean {
  return prediction < UNKNOWN;
}

/** Does the prediction leave open what the word is? Such words are no evidence. */
export function isVague(prediction: Prediction): boolean {
  return prediction === EMPTY || prediction === ANYTHING || prediction === BEHIND;
}

/** Applies a function to values and leaves the other predictions as they are. */
export function mapValues(read: Read, change: (value: number) => number): Read {
  return (index) => {
    const value = read(index);
    return value < UNKNOWN ? change(value) : value;
  };
}

/** Does a word of the dump agree with what was predicted of it? A word that is absent agrees only with a prediction that says so. */
export function agrees(prediction: Prediction, found: number, state: number): boolean {
  if (state === WORD_STATES.missing) return prediction === ABSENT || prediction === BEHIND;
  if (prediction === ANYTHING) return true;
  // A broken word shows nothing: neither that it was never written nor any value
  if (state === WORD_STATES.malformed) return false;
  if (state !== WORD_STATES.known) return prediction === UNKNOWN || prediction === EMPTY;
  if (prediction < UNKNOWN) return prediction === found;
  return prediction === EMPTY ? found === 0 : prediction === NEGATIVE && found < 0;
}
