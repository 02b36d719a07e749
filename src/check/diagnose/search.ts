import { CAUSES } from './causes';
import type { Core } from './core';
import { coreOf } from './core';
import { isComputable } from './evaluate';
import type { Frame } from './frame';
import { accumulation, recomputed, runningSums } from './hypotheses/accumulation';
import { elements } from './hypotheses/elements';
import { inputs } from './hypotheses/inputs';
import { padding } from './hypotheses/padding';
import { psumMemory } from './hypotheses/psumMemory';
import { malformed, regions } from './hypotheses/regions';
import { shifts } from './hypotheses/shifts';
import { skews } from './hypotheses/skews';
import { swaps } from './hypotheses/swaps';
import { kernelEntries, wordOrders, wordValues } from './hypotheses/wordForms';
import type { Hypothesis } from './hypothesis';
import { costOf, predict } from './hypothesis';
import type { Evidence } from './judge';
import { descriptionLength, holds, isComplete, judge, judgeSample, LEAST_PRECISION, surprise } from './judge';
import type { Read } from './prediction';
import { agrees } from './prediction';
import { placeCredit } from './whereabouts';

/** One hypothesis, or two of a combination, with what speaks for it. */
export interface Finding {
  readonly parts: readonly Hypothesis[];
  readonly evidence: Evidence;
  /** Bits; the least is best. */
  readonly length: number;
  readonly complete: boolean;
}

/** A hypothesis that was tried, and how well it did on the sample. */
interface Tried {
  readonly hypothesis: Hypothesis;
  readonly gain: number;
}

/** How many hypotheses were tried; the total grows when combinations have to be tried as well. */
export interface SearchProgress {
  readonly done: number;
  readonly total: number;
}

/** Share of right claims on the sample from which on a hypothesis is judged on all words. */
const PROMISING = 0.7;
/** Share of all mismatches that two causes together must explain. */
const LEAST_TOGETHER = 0.9;
const BEST_ALONE = 24;
const ASKED_WRONG = 96;
const ASKED_RIGHT = 32;

/** Finds what explains a pair: single causes, and if none of them explains all, pairs of causes too. In no order. */
export function* search(frame: Frame, malformedWords: ReadonlySet<number> | undefined): Generator<SearchProgress, Finding[]> {
  const base = baseOf(frame);
  const hypotheses = [...allHypotheses(frame, base, malformedWords)];
  const findings: Finding[] = [];
  const tried: Tried[] = [];
  for (const [at, hypothesis] of hypotheses.entries()) {
    const read = predict(frame, base, [hypothesis]);
    const sampled = judgeSample(frame, read, frame.sample, hypothesis.given === true ? 0 : PROMISING / 2);
    tried.push({ hypothesis, gain: surprise(sampled) > 0 ? sampled.hits - sampled.broken : 0 });
    if (hypothesis.given === true || (sampled.explained > 0 && sampled.hits >= PROMISING * sampled.claimed)) {
      const finding = found(frame, [hypothesis], read);
      if (finding !== undefined) findings.push(finding);
    }
    if (at % 16 === 0) yield { done: at, total: hypotheses.length };
  }
  if (!findings.some(({ complete }) => complete)) findings.push(...(yield* combinations(frame, base, tried, hypotheses.length, leastLength(frame, findings))));
  return findings;
}

/** The computation of the expected words, when they can be computed. */
function baseOf(frame: Frame): Core | undefined {
  const { model, expected, kind } = frame.pair;
  if (model === undefined || !isComputable(frame)) return undefined;
  return coreOf(model, kind === 'out' && (model.relu ?? !expected.some((value) => value < 0)));
}

function* allHypotheses(frame: Frame, base: Core | undefined, malformedWords: ReadonlySet<number> | undefined): Iterable<Hypothesis> {
  if (malformedWords !== undefined && malformedWords.size > 0) yield malformed(malformedWords);
  yield* regions(frame);
  yield* shifts(frame);
  yield* skews(frame);
  yield* swaps(frame);
  yield* wordOrders(frame);
  yield* wordValues(frame, base !== undefined);
  yield* runningSums(frame, base !== undefined);
  if (base === undefined) {
    yield* kernelEntries(frame);
    return;
  }
  yield recomputed();
  yield* inputs(frame, base);
  yield* padding(frame, base);
  yield* elements(base);
  if (frame.pair.kind !== 'out') return;
  yield* accumulation(frame, base);
  yield* psumMemory(frame, base);
}

/** The finding, when it holds against chance. */
function found(frame: Frame, parts: readonly Hypothesis[], read: Read): Finding | undefined {
  const evidence = judge(frame, read);
  const cost = parts.reduce((sum, part) => sum + costOf(part), parts.length > 1 ? CAUSES.combination.rank : 0);
  const isGiven = parts.length === 1 && parts[0]?.given === true;
  const credit = parts.length === 1 ? placeCredit(frame, parts[0]!, evidence) : 0;
  if (!(isGiven ? evidence.hits > 0 && evidence.hits >= LEAST_PRECISION * evidence.claimed : holds(evidence, cost - credit))) return undefined;
  return { parts, evidence, length: descriptionLength(frame, evidence, cost), complete: isComplete(frame, evidence) };
}

function leastLength(frame: Frame, findings: readonly Finding[]): number {
  const none = { claimed: 0, hits: 0, explained: 0, broken: 0, vague: 0, open: 0, chance: 1, mark: 0 };
  return Math.min(descriptionLength(frame, none, 0), ...findings.map(({ length }) => length));
}

/**
 * Pairs out of those that did best on the sample and the usual ones. Each pair is asked for a few words first, and most fail at once.
 * Only a pair that describes the dump better than any cause alone is returned.
 */
function* combinations(frame: Frame, base: Core | undefined, tried: readonly Tried[], done: number, limit: number): Generator<SearchProgress, Finding[]> {
  const best = [...tried].sort((a, b) => b.gain - a.gain).filter(({ gain }) => gain > 0);
  const pool = [...new Set([...best.slice(0, BEST_ALONE), ...tried.filter(({ hypothesis }) => hypothesis.usual === true)])].map(({ hypothesis }) => remembering(hypothesis));
  const asked = askedWords(frame);
  const findings: Finding[] = [];
  for (const [at, first] of pool.entries()) {
    for (const second of pool) {
      if (first === second || !isOrdered(first, second)) continue;
      const read = predict(frame, base, [first, second]);
      if (!explainsMost(frame, read, asked)) continue;
      const finding = found(frame, [first, second], read);
      if (finding !== undefined && finding.length < limit && finding.evidence.explained >= LEAST_TOGETHER * frame.mismatches) findings.push(finding);
    }
    yield { done: done + at, total: done + pool.length };
  }
  return findings;
}

/** An alteration of the computation comes before one of the words. Two of a sort are tried in both orders: transposing and reversing do not commute. */
function isOrdered(first: Hypothesis, second: Hypothesis): boolean {
  return first.core !== undefined || second.core === undefined;
}

/** Keeps the alteration of the unaltered computation, which each pair asks for again. */
function remembering(hypothesis: Hypothesis): Hypothesis {
  const { core: alter } = hypothesis;
  if (alter === undefined) return hypothesis;
  const known = new WeakMap<Core, Core>();
  return {
    ...hypothesis,
    core: (core) => {
      const altered = known.get(core) ?? alter(core);
      known.set(core, altered);
      return altered;
    },
  };
}

function askedWords({ sample, wrong }: Frame): Int32Array {
  const firstRight = sample.findIndex((index) => wrong[index] === 0);
  const end = firstRight < 0 ? sample.length : firstRight;
  return Int32Array.from([...sample.subarray(0, Math.min(end, ASKED_WRONG)), ...sample.subarray(end, end + ASKED_RIGHT)]);
}

function explainsMost({ pair }: Frame, read: Read, asked: Int32Array): boolean {
  const most = (1 - LEAST_TOGETHER) * asked.length;
  let misses = 0;
  for (const index of asked) {
    if (agrees(read(index), pair.found[index]!, pair.state[index]!)) continue;
    if (++misses > most) return false;
  }
  return true;
}
