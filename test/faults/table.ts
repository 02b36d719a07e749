import type { Outcome } from './cases';
import { faultCases, judgeCase, oneCaseEach } from './cases';

/** Least share of planted faults whose first cause must be the planted one. */
export const LEAST_TOP = 0.95;

export interface Score {
  readonly faults: number;
  readonly topRight: number;
  /** Of these, those where the planted cause is named as one that the data cannot tell from the first. */
  readonly alikeRight: number;
  readonly silent: number;
  readonly silentRight: number;
  readonly countsRight: number;
  readonly all: number;
  readonly passed: boolean;
}

export function* outcomes(seed: number, allKinds = false): Iterable<Outcome> {
  for (const test of faultCases(seed, allKinds)) yield judgeCase(test);
}

/** A part of them that takes a few seconds: each cause once. */
export function* quickOutcomes(seed: number): Iterable<Outcome> {
  for (const test of oneCaseEach(seed)) yield judgeCase(test);
}

/** Faults named, pairs of which nothing may be said, and counts; only the first may miss a few. */
export function scoreOf(all: readonly Outcome[]): Score {
  const faults = all.filter(({ test }) => test.expected.length > 0);
  const silent = all.filter(({ test }) => test.expected.length === 0);
  const topRight = faults.filter(({ right }) => right).length;
  const alikeRight = faults.filter(({ rightAsAlike }) => rightAsAlike).length;
  const silentRight = silent.filter(({ right }) => right).length;
  const countsRight = all.filter((outcome) => outcome.countsRight).length;
  const passed = topRight >= LEAST_TOP * faults.length && silentRight === silent.length && countsRight === all.length;
  return { faults: faults.length, topRight, alikeRight, silent: silent.length, silentRight, countsRight, all: all.length, passed };
}

export function row({ test, diagnosis, counts, countsRight, top, right, rightAsAlike, milliseconds }: Outcome): string {
  const { mismatches } = diagnosis.counts;
  const [best] = diagnosis.causes;
  const numbers = `${counts.different} differ, ${counts.unwritten} x, ${counts.missing} missing${countsRight ? '' : ' MISCOUNTED'}`;
  const evidence = best === undefined ? '' : ` ${best.explained}/${best.of} -${best.broken}${best.alike.length > 0 ? ` = ${best.alike.join(', ')}` : ''}`;
  return [rightAsAlike ? 'ok=' : right ? 'ok ' : 'NO ', test.layer.name.padEnd(52), test.kind.padEnd(5), test.name.padEnd(46), (mismatches === 0 ? 'match' : 'mismatch').padEnd(9), numbers.padEnd(40), `${top}${evidence}`, right ? '' : `  expected ${test.expected.join(' + ') || 'none'} ${JSON.stringify({ wanted: test.planted.parameters, got: best?.parameters })}`, `${milliseconds.toFixed(0)} ms`].join(' ');
}
