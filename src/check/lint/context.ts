import type { Candidate, Inference } from '../../vectors/inference';
import type { Layout } from '../../vectors/layout';
import { FileReading } from '../../vectors/reading';
import { isDump } from '../../vectors/dumpFile';
import type { TextShape } from '../../vectors/textShape';
import type { Finding, Fix } from './finding';
import type { RuleId, Severity } from './rules';
import { RULES } from './rules';

/** A golden file as the rules see it. */
export interface GoldenFile {
  readonly name: string;
  readonly shape: TextShape;
  readonly best: Candidate;
  readonly candidates: readonly Candidate[];
  readonly layout: Layout;
  readonly reading: FileReading;
  /** The layout is a fact (from a manifest, or chosen by the user), not a reading: rules about habits and doubts do not apply. */
  readonly declared: boolean;
  /** Written by a simulated design rather than by a generator of goldens. */
  readonly dump: boolean;
}

/** @returns undefined for a file that is no table of words */
export function goldenFile({ name, shape, candidates }: Inference, declared: boolean): GoldenFile | undefined {
  const best = candidates[0];
  if (best === undefined) return undefined;
  const { layout } = best;
  return { name, shape, best, candidates, layout, reading: new FileReading(shape, layout), declared, dump: isDump(name, shape) };
}

/** What a rule reports; the rest is filled in. Lines and columns count from 0, as the readings of files have them. */
export interface Report {
  readonly rule: RuleId;
  readonly what: string;
  readonly next: string;
  readonly fileLine: number;
  readonly column?: number;
  readonly length?: number;
  readonly severity?: Severity;
  readonly fix?: Fix;
}

/** Places of one rule in one file that are reported; the last of them says how many more there are. */
export const MOST_OF_A_RULE = 20;

/** Collects findings, in the order of the file. */
export class Findings {
  private readonly kept: Finding[] = [];
  private readonly counts = new Map<RuleId, number>();

  add({ rule, what, next, fileLine, column = 0, length = 1, severity = RULES[rule].severity, fix }: Report): void {
    const count = (this.counts.get(rule) ?? 0) + 1;
    this.counts.set(rule, count);
    if (count > MOST_OF_A_RULE) return;
    this.kept.push({ rule, severity, what, next, line: fileLine + 1, column: column + 1, length, ...(fix !== undefined && { fix }) });
  }

  list(): Finding[] {
    const last = new Map(this.kept.map((finding) => [finding.rule, finding]));
    return this.kept
      .map((finding) => {
        const more = (this.counts.get(finding.rule) ?? 0) - MOST_OF_A_RULE;
        return more > 0 && last.get(finding.rule) === finding ? { ...finding, what: `${finding.what} There are ${more} more places like this.` } : finding;
      })
      .sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

/** `1 word`, `3 words`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
