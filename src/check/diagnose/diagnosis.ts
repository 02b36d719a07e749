import type { Coordinates } from '../../vectors/axis';
import type { WordPair } from '../pair';
import type { CauseId } from './causes';
import { CAUSE_IDS, CAUSES } from './causes';
import type { Counts, Frame } from './frame';
import { frameOf } from './frame';
import type { Parameters } from './hypothesis';
import { costOf } from './hypothesis';
import type { Finding, SearchProgress } from './search';
import { search } from './search';
import { whereabouts } from './whereabouts';

/** What makes a dump differ from the expected words, with the evidence. */
export interface Cause {
  readonly id: CauseId;
  /** What is claimed, and how much of the difference it explains. */
  readonly sentence: string;
  /** Differing words that it predicts. */
  readonly explained: number;
  /** Differing words in all (of the window, when there is one). */
  readonly of: number;
  /** Words that agree although it predicts otherwise. */
  readonly broken: number;
  /** What to look at in the RTL. */
  readonly look: string;
  readonly parameters: Parameters;
  /** The coordinates that it is confined to. */
  readonly where?: Coordinates;
  /** The two causes of a combination. */
  readonly combined?: readonly [CauseId, CauseId];
  /** Other causes that explain and break the very same words: the data cannot tell them apart. */
  readonly alike: readonly CauseId[];
}

export interface Diagnosis {
  readonly counts: Counts;
  /** Best first; empty when the sides agree and when nothing explains the difference. */
  readonly causes: readonly Cause[];
  /** The outcome in one sentence or two. */
  readonly sentence: string;
  /** The entries that were judged, of a pair too large to judge all, as the comparison counts them; `to` exclusive. */
  readonly window?: { readonly from: number; readonly to: number };
}

export interface DiagnoseOptions {
  /** Indices of expected words that are malformed in the golden file. */
  readonly malformed?: ReadonlySet<number>;
  /** Words that differ in the whole comparison, when the pair is a part of it. */
  readonly differing?: number;
}

const MOST_CAUSES = 5;
/** Share of its explained words that a further partial cause must add. */
const LEAST_NEW = 0.5;

/**
 * Names what makes a dump differ: each cause is tried as a transformation of the expected words, or as an altered computation, and judged by
 * the words it explains and breaks. Yields now and then, so that the caller can report progress, breathe, or stop by asking no more.
 */
export function* diagnose(pair: WordPair, options: DiagnoseOptions = {}): Generator<SearchProgress, Diagnosis> {
  const frame = frameOf(pair);
  const { counts } = frame;
  if (counts.mismatches === 0) return { counts, causes: [], sentence: `All ${counts.words} words agree.` };
  const findings = [...(yield* search(frame, options.malformed))].sort(byLength);
  const chosen = choose(frame, findings);
  const causes = chosen.length === 0 ? lastResort(frame, options.differing) : chosen.map((finding) => described(frame, finding, chosen));
  const window = frame.to - frame.from < counts.words ? { from: frame.told(frame.from / frame.width), to: frame.told(frame.to / frame.width) } : undefined;
  return { counts, causes, sentence: outcome(frame, causes, window), ...(window !== undefined && { window }) };
}

/** The diagnosis without breathing. */
export function diagnoseAtOnce(pair: WordPair, options?: DiagnoseOptions): Diagnosis {
  const steps = diagnose(pair, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Fewest bits first; of equals the simpler cause, then the one that stands first in the list of causes. */
function byLength(a: Finding, b: Finding): number {
  return a.length - b.length || bits(a) - bits(b) || CAUSE_IDS.indexOf(a.parts[0]!.id) - CAUSE_IDS.indexOf(b.parts[0]!.id);
}

function bits({ parts }: Finding): number {
  return parts.reduce((sum, part) => sum + costOf(part), 0);
}

/** Those that explain all, if any do: one of each id. Else the best partial one, and further ones that explain other words. */
function choose(frame: Frame, sorted: readonly Finding[]): Finding[] {
  const complete = sorted.filter((finding) => finding.complete);
  if (complete.length > 0) return onePerId(complete.some(({ parts }) => parts.length === 1) ? complete.filter(({ parts }) => parts.length === 1) : complete).slice(0, MOST_CAUSES);
  const chosen: Finding[] = [];
  const [best] = sorted;
  if (best === undefined) return [];
  const room = frame.mismatches - best.evidence.explained;
  for (const finding of onePerId(sorted)) {
    const isAlike = finding.evidence.mark === best.evidence.mark;
    if (finding === best || isAlike || finding.evidence.explained * LEAST_NEW <= room) chosen.push(finding);
  }
  return chosen.slice(0, MOST_CAUSES);
}

function onePerId(sorted: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return sorted.filter((finding) => {
    const key = finding.parts.map(({ id }) => id).sort().join('+');
    return !seen.has(key) && seen.add(key);
  });
}

function described({ mismatches }: Frame, finding: Finding, all: readonly Finding[]): Cause {
  const { parts, evidence } = finding;
  const id = idOf(finding);
  const alike = all.filter((other) => other !== finding && other.evidence.mark === evidence.mark && other.evidence.explained === evidence.explained);
  const claim = parts.map((part) => part.claim).join('; and: ');
  const open = evidence.open === 0 ? '' : `, ${evidence.open} of them only by saying nothing of their value,`;
  const evidenceText = `Explains ${evidence.explained} of ${mismatches} differing words${open} and breaks ${evidence.broken === 0 ? 'none' : evidence.broken}.`;
  const where = parts.length === 1 ? parts[0]?.where : undefined;
  return {
    id,
    sentence: `${claim}. ${evidenceText}`,
    explained: evidence.explained,
    of: mismatches,
    broken: evidence.broken,
    look: parts.map((part) => CAUSES[part.id].look).join(' '),
    parameters: parts.length === 1 ? parts[0]!.parameters : Object.fromEntries(parts.flatMap((part, at) => Object.entries(part.parameters).map(([key, value]) => [`${at + 1}.${key}`, value]))),
    ...(where !== undefined && { where }),
    ...(parts.length === 2 && { combined: [parts[0]!.id, parts[1]!.id] as const }),
    alike: alike.map(idOf),
  };
}

function idOf({ parts }: Finding): CauseId {
  return parts.length > 1 ? 'combination' : parts[0]!.id;
}

/** A single differing word that nothing explains is at least that, where no other one stands in what was not looked at. */
function lastResort({ pair, wrong, counts, width, told }: Frame, differing = counts.mismatches): Cause[] {
  if (differing !== 1 || counts.mismatches !== 1) return [];
  const index = wrong.indexOf(1);
  const [entry, word] = [told(Math.floor(index / width)), index % width];
  const found = counts.different === 1 ? String(pair.found[index]) : counts.missing === 1 ? 'absent' : 'x';
  return [
    {
      id: 'corrupt-word',
      sentence: `A single word is wrong: entry ${entry}, word ${word} is ${found} instead of ${pair.expected[index]!}. All others agree.`,
      explained: 1,
      of: 1,
      broken: 0,
      look: CAUSES['corrupt-word'].look,
      parameters: { entry, word, expected: pair.expected[index]!, found },
      alike: [],
    },
  ];
}

function outcome(frame: Frame, [best]: readonly Cause[], window: Diagnosis['window']): string {
  const { counts, mismatches, pair, entries } = frame;
  const all = pair.part?.of ?? entries;
  const where = pair.part === undefined ? '' : ' of the part that was looked at';
  const judged = window === undefined ? '' : ` Judged on the entries ${window.from} to ${window.to - 1} of ${all}, with ${mismatches} of the differing words.`;
  if (best === undefined) return [`${counts.mismatches} of ${counts.words} words${where} differ. No single cause found, nor two causes together.`, whereabouts(frame)].filter(Boolean).join(' ') + judged;
  const apart = best.alike.length === 0 ? '' : ` Cannot be told apart on these data: ${best.alike.join(', ')}.`;
  if (best.explained === best.of && best.broken === 0) return `${best.sentence}${apart}${judged}`;
  return `No single cause explains all. Best: ${best.sentence}${apart}${judged}`;
}
