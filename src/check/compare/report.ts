import type { IntegerFormat } from '../../engine/width';
import type { CheckReport as ReportOf, Comparison } from '../../protocol/checkReport';
import type { Cause } from '../diagnose/diagnosis';

export { DIFFERENCES, MOST_COORDINATES, VERDICTS } from '../../protocol/checkReport';
export type { Comparison, CoordinateCount, Difference, Mismatch, Verdict, WordShown } from '../../protocol/checkReport';

export type CheckReport = ReportOf<Cause>;

/** A comparison of nothing. */
export function nothingCompared(format: IntegerFormat): Comparison {
  return { format, axes: [], compared: 0, mismatched: 0, unknown: 0, unwritten: 0, missing: 0, malformed: 0, extra: 0, lacking: 0, unreadable: 0, silent: 0, uncovered: 0, differing: 0, lines: { differing: 0, total: 0 }, counts: {}, bits: [], first: [] };
}
