import type { CauseData, CheckReport, CheckView, Comparison } from '../../protocol/checkReport';
import { baseName } from './names';

/** `1422 of 2592 differ`, `all 2592 words match` or `nothing compared`. */
export function countText({ verdict, differing, compared, missing, lacking }: Pick<CheckReport, 'verdict'> & Comparison): string {
  const total = compared + missing;
  if (verdict === 'cannot-compare' && compared > 0 && lacking > 0) return `${lacking} words have no golden value`;
  return verdict === 'match' ? `all ${total} words match` : verdict === 'mismatch' ? `${differing} of ${total} differ` : 'nothing compared';
}

/** A cause, and those that explain and break the very same words: the data cannot tell them apart. */
export interface CauseGroup<C extends CauseData = CauseData> {
  readonly cause: C;
  readonly also: readonly C[];
}

/** Causes with those that are tied beside the first of them, so that a report says of each only what is its own. */
export function groupCauses<C extends CauseData>(causes: readonly C[]): CauseGroup<C>[] {
  const taken = new Set<C>();
  return causes.flatMap((cause) => {
    if (taken.has(cause)) return [];
    const also = causes.filter((other) => other !== cause && !taken.has(other) && cause.alike?.includes(other.id) === true && other.explained === cause.explained && other.broken === cause.broken);
    for (const one of [cause, ...also]) taken.add(one);
    return [{ cause, also }];
  });
}

/** `also fits: Column 0 is 1 entry late, over the whole dump [column-skew]. Look at: …` */
export function alsoText(cause: CauseData): string {
  return `also fits: ${claimOf(cause)} [${cause.id}]. Look at: ${cause.look}`;
}

/** What is claimed, without its evidence and its full stop. */
function claimOf({ sentence }: CauseData): string {
  const [claim = sentence] = sentence.split(/\. (?=Explains \d)/);
  return claim.replace(/\.$/, '');
}

/** `every psum stands one address too high (explains 1422 of 1422)` */
export function causeText(cause: CauseData): string {
  const { explained, of, broken } = cause;
  const bare = claimOf(cause);
  // Lower case unless the word is an acronym or a name of one letter
  const text = /^[A-Z][a-z]*(?![A-Za-z])/.test(bare) && !/^[A-Z]\b/.test(bare) ? bare[0]!.toLowerCase() + bare.slice(1) : bare;
  return `${text} (explains ${explained} of ${of}${broken === 0 ? '' : `, breaks ${broken}`})`;
}

/** What a comparison ended with and why, as a message says it. */
export function checkSentence({ what, causes, verdict, notes }: CheckReport): string {
  if (verdict === 'match') return what;
  if (verdict === 'cannot-compare') return [what, ...notes.slice(0, 1)].join(' ');
  const [best] = causes;
  return `${what} ${best === undefined ? 'No single cause was found.' : `Cause: ${causeText(best)}.`}`;
}

/** `psum.txt ↔ pmem.memh · 1422 of 2592 differ` */
export function diffTitle(report: CheckReport): string {
  return `${sidesText(report)} · ${countText(report)}`;
}

/** `psum.txt ↔ pmem.memh` */
export function sidesText({ expected, dump }: Pick<CheckReport, 'expected' | 'dump'>): string {
  return `${shortExpected(expected)} ↔ ${dump.split(', ').map(baseName).join(', ')}`;
}

/** `layer conv5, computed`: what is computed is called by its layer. */
export function shortExpected(expected: string): string {
  return /[\\/]/.test(expected) ? expected.split(', ').map(baseName).join(', ') : expected.replace(' of tilescope.json', '');
}

/** What the status bar says of the last checks: the one that differs, or how many match. */
export function statusText(reports: readonly CheckReport[]): string {
  const wrong = reports.filter(({ verdict }) => verdict !== 'match');
  const [first] = wrong;
  if (first === undefined) return `$(pass) ${reports.length === 1 ? `${reports[0]!.kind} matches` : `${reports.length} of ${reports.length} checks match`}`;
  const idle = wrong.filter(({ verdict }) => verdict === 'cannot-compare').length;
  if (wrong.length > 1 && idle === wrong.length) return `$(error) ${idle} of ${reports.length} checks could not be compared`;
  if (wrong.length > 1) return `$(error) ${wrong.length - idle} of ${reports.length} checks fail${idle === 0 ? '' : `, ${idle} could not be compared`}`;
  if (first.verdict === 'cannot-compare') return `$(error) ${first.name}: nothing compared`;
  return `$(error) ${first.kind} ${first.differing}/${first.compared + first.missing} differ`;
}

/** Lines with words that differ and that a view does not show. */
export function linesLeftOut({ lines }: Comparison, { differingShown }: CheckView): number {
  return Math.max(0, lines.differing - differingShown);
}
