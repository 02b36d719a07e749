import type { Frame } from './frame';
import type { Read } from './prediction';
import { agrees, ANYTHING, BEHIND, EMPTY, isValue, isVague, NEGATIVE } from './prediction';

/** What a hypothesis gets right and wrong of the words of a window. */
export interface Evidence {
  /** Differing words that it predicts. */
  readonly explained: number;
  /** Right words that it predicts otherwise. */
  readonly broken: number;
  /** Words that it says differ, and how many of these differ just so. Vague predictions are counted only where they break a right word. */
  readonly claimed: number;
  readonly hits: number;
  /** Explained words of which it said nothing certain. */
  readonly vague: number;
  /** Of these, words of which it said nothing at all. */
  readonly open: number;
  /** Mean chance of a claimed word to agree by accident. */
  readonly chance: number;
  /** Two hypotheses with the same mark explain and break the same words. */
  readonly mark: number;
}

/** Share of its claims in which a hypothesis must be right. */
export const LEAST_PRECISION = 0.9;
/** Bits by which the evidence must exceed the cost of saying the hypothesis. */
export const MARGIN_BITS = 6;
/** Chance of a prediction that is no value: that a word is x. */
const CHANCE_OF_STATE = 1 / 16;
const CHANCE_OF_NEGATIVE = 0.5;

/** Judges a prediction on every word of the window. */
export function judge(frame: Frame, read: Read): Evidence {
  const tally = new Tally(frame, read);
  for (let index = frame.from; index < frame.to; index++) tally.add(index);
  return tally.evidence();
}

/** Judges it on the sample; gives up when the first claims are mostly wrong. */
export function judgeSample(frame: Frame, read: Read, indices: Int32Array, leastPrecision: number): Evidence {
  const tally = new Tally(frame, read);
  for (const index of indices) {
    tally.add(index);
    if (tally.claimed === PATIENCE && tally.hits < PATIENCE * leastPrecision) break;
  }
  return tally.evidence();
}

const PATIENCE = 24;

class Tally {
  claimed = 0;
  hits = 0;
  private explained = 0;
  private broken = 0;
  private vague = 0;
  private open = 0;
  private chance = 0;
  private mark = 0;

  constructor(
    private readonly frame: Frame,
    private readonly read: Read,
  ) {}

  add(index: number): void {
    const { expected, found, state } = this.frame.pair;
    const prediction = this.read(index);
    const isWrong = this.frame.wrong[index] === 1;
    if (isVague(prediction)) {
      if (isWrong && agrees(prediction, found[index]!, state[index]!)) this.explain(index, prediction);
      else if (!isWrong && this.isContradicted(prediction, expected[index]!)) this.contradict(index);
      return;
    }
    if (prediction === expected[index]) return;
    this.claimed++;
    this.chance += this.chanceOf(prediction, expected[index]!);
    if (!isWrong) {
      this.breakRight(index);
    } else if (agrees(prediction, found[index]!, state[index]!)) {
      this.hits++;
      this.explain(index, prediction);
    }
  }

  evidence(): Evidence {
    const { claimed, hits, explained, broken, vague, open, mark } = this;
    return { claimed, hits, explained, broken, vague, open, mark, chance: claimed === 0 ? 1 : this.chance / claimed };
  }

  /** Beyond a border nothing was written, behind the end nothing stands: a right word there, other than what memory may read, speaks against it. */
  private isContradicted(prediction: number, expected: number): boolean {
    return prediction === BEHIND || (prediction === EMPTY && expected !== 0);
  }

  /** A vague claim that fails is a claim all the same. */
  private contradict(index: number): void {
    this.claimed++;
    this.chance += CHANCE_OF_STATE;
    this.breakRight(index);
  }

  private explain(index: number, prediction: number): void {
    this.explained++;
    if (isVague(prediction)) this.vague++;
    if (prediction === ANYTHING) this.open++;
    this.mark = Math.imul(this.mark ^ index, 0x01000193);
  }

  private breakRight(index: number): void {
    this.broken++;
    this.mark = Math.imul(this.mark ^ (index + 0x5bd1e995), 0x01000193);
  }

  /** Given that the word differs from the expected one, which takes that value's share away. */
  private chanceOf(prediction: number, expected: number): number {
    if (!isValue(prediction)) return prediction === NEGATIVE ? CHANCE_OF_NEGATIVE : CHANCE_OF_STATE;
    return this.frame.probability(prediction) / Math.max(0.05, 1 - this.frame.probability(expected));
  }
}

/**
 * Bits of evidence: how unlikely so many hits are by accident (the binomial tail's exponent, claims x relative entropy).
 */
export function surprise({ claimed, hits, chance }: Evidence): number {
  if (claimed === 0) return 0;
  const q = Math.min(0.95, Math.max(2 ** -16, chance));
  const p = hits / claimed;
  if (p <= q) return 0;
  const term = (share: number, by: number): number => (share === 0 ? 0 : share * Math.log2(share / by));
  return claimed * (term(p, q) + term(1 - p, 1 - q));
}

/** Is it right where it claims something, and could it be so by accident? */
export function holds(evidence: Evidence, cost: number): boolean {
  return evidence.hits > 0 && evidence.hits >= LEAST_PRECISION * evidence.claimed && surprise(evidence) >= cost + MARGIN_BITS;
}

export function isComplete({ mismatches }: Frame, { explained, broken }: Evidence): boolean {
  return explained === mismatches && broken === 0;
}

/**
 * Bits that describe the dump: the hypothesis, and one by one each word that it leaves unexplained or breaks, and of what it leaves open
 * the value. The least is best.
 */
export function descriptionLength({ pair, from, to, mismatches }: Frame, evidence: Evidence, cost: number): number {
  const perWord = pair.format.bits + Math.log2(to - from);
  return cost + perWord * (mismatches - evidence.explained + evidence.broken) + pair.format.bits * evidence.open + (evidence.vague - evidence.open);
}
