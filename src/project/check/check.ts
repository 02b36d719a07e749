import path from 'node:path';
import { agreement } from '../../check/compare/chooseOrder';
import type { ChosenOrder } from '../../check/compare/chooseOrder';
import { compare } from '../../check/compare/compare';
import { describeComparison, describeMap, verdictOf } from '../../check/compare/describe';
import type { MappedDump } from '../../check/compare/dump';
import type { Expected } from '../../check/compare/expected';
import { DifferingLines, roomFor, viewOf } from '../../check/compare/view';
import type { CheckReport, Comparison } from '../../check/compare/report';
import type { PairModel } from '../../check/pair';
import { Problem } from '../../engine/problem';
import { NO_FAILURES, allFailures, failureNotes } from '../../vectors/dump/failurePhrases';
import type { CheckView } from '../../protocol/checkReport';
import { drive } from '../drive';
import type { PartOrder } from './declaredPart';
import { closeness, partOrder, partSentence } from './declaredPart';
import { digitsNote } from './digitsNote';
import type { OpenedDump } from './dumpSide';
import { mapDump, openDump } from './dumpSide';
import type { Variant } from './expectedSide';
import { expectedVariants } from './expectedSide';
import type { Explained } from './explain';
import { OpenFiles } from './fileSource';
import { countedDump } from './logCount';
import { lackingNotes } from './lackingNote';
import { missingDump, otherKindNotes } from './dumpDoubts';
import { reluNote } from './reluChoice';
import type { TileCheck } from './otherTile';
import type { TilePart } from './tileParts';
import { partNotes, tileVariants } from './tileParts';
import type { CheckOptions, CheckProgress, CheckRun, CheckSpec } from './spec';

/**
 * Compares one dump with what is expected of it.
 * @throws Problem when they cannot be compared, with the reason; `cancelled`
 */
export async function runCheck(spec: CheckSpec, options: CheckOptions): Promise<CheckReport> {
  return (await viewCheck(spec, options, false)).report;
}

/** The same with the decoded lines of both sides, for people to look at. */
export async function viewCheck(spec: CheckSpec, options: CheckOptions, withView = true): Promise<{ report: CheckReport; view?: CheckView }> {
  let differing: DifferingLines | undefined;
  return makeCheck(spec, options, {
    onDiffering: ({ layout }) => {
      if (!withView) return undefined;
      const lines = (differing = new DifferingLines(roomFor(layout)));
      return (line) => {
        lines.add(line);
      };
    },
    made: ({ report, expected, dump, model }) => ({ report, ...(differing !== undefined && { view: viewOf(expected, dump, differing.lines, model) }) }),
  });
}

/** A comparison that was made, its files still open. */
export interface MadeCheck {
  readonly report: CheckReport;
  readonly expected: Expected;
  readonly dump: MappedDump;
  readonly model: PairModel | undefined;
}

export interface CheckUse<T> {
  /** Once both sides are open and before any word is compared: who is told of each word that differs, in the order of the dump. */
  onDiffering(dump: MappedDump): ((line: number, word: number) => void) | undefined;
  /** What is made of it while the files are open. */
  made(check: MadeCheck): T | Promise<T>;
}

/** Makes a comparison and gives both sides to the caller. @throws Problem as {@link runCheck} does */
export async function makeCheck<T>(spec: CheckSpec, options: CheckOptions, use: CheckUse<T>): Promise<T> {
  const open = new OpenFiles();
  try {
    await openTogether(spec, open, options);
    const opened = await openDump(spec.dump, open, options).catch((error: unknown) => {
      throw missingDump(error);
    });
    const whole = await expectedVariants(spec, opened, open, options);
    const variants = tileVariants(whole, opened, spec);
    const dump = await countedDump(opened, variants.map(({ expected: one }) => one), spec.map);
    const { expected, order, others, part, ofWhole } = bestVariant(variants, dump, spec);
    if (expected.doubt !== undefined) throw expected.doubt;
    const comparison = await finish(expected, order, spec, use.onDiffering(order.dump), options);
    const { causes, doubts, notes, model } = await explained({ spec, opened: dump, expected, dump: order.dump, part, comparison, whole }, open, options);
    // A log was read line by line, and a waveform says nothing
    const failures = dump.recording === undefined ? allFailures(dump.files.map(({ index }) => index.failures)) : NO_FAILURES;
    const told = comparison.differing === 0 ? (dump.recording?.errors ?? 0) + failures.count : 0;
    const found = describeComparison(expected.kind, comparison);
    const what = ofWhole === undefined ? found : `${found} ${partSentence(expected, comparison.compared, ofWhole)}`;
    const report: CheckReport = {
      ...comparison,
      first: comparison.first.slice(0, spec.max),
      name: spec.name,
      kind: expected.kind,
      // What a test bench calls an error is none of its successes, whatever the few words that it shows
      verdict: told > 0 ? 'mismatch' : verdictOf(comparison),
      what: told > 0 ? `${what} But the ${dump.recording === undefined ? 'dump' : 'log'} itself tells of ${told} ${told === 1 ? 'error' : 'errors'}.` : what,
      expected: expected.name,
      dump: dump.name,
      map: describeMap(order.dump.layout, order.dump.map),
      notes: [...doubts, ...(comparison.differing + comparison.lacking === 0 ? [] : otherKindNotes(expected, dump)), ...lackingNotes(comparison, expected, order), ...dump.notes, ...failureNotes(failures), ...digitsNote(dump, order.dump.layout), ...(expected.notes ?? []), ...others, ...partNotes(part, comparison), ...(order.note === undefined ? [] : [order.note]), ...(ofWhole === undefined ? lengthNotes(comparison, order) : []), ...notesOn(comparison), ...notes],
      causes,
    };
    return await use.made({ report, expected, dump: order.dump, model });
  } finally {
    open.closeAll();
  }
}

/** One golden file and one dump are mostly equal, and then read once. */
async function openTogether({ golden, dump }: CheckSpec, open: OpenFiles, options: CheckOptions): Promise<void> {
  if (golden.type === 'files' && golden.files.length === 1 && dump.type === 'files' && dump.files.length === 1) await open.together(golden.files[0]!, dump.files[0]!, options);
}

/** Below this share of equal words nothing says that a dump is the thing that it is compared with. */
const DOUBTFUL = 0.3;

interface Chosen {
  readonly expected: Expected;
  readonly order: ChosenOrder;
  readonly others: readonly string[];
  readonly part?: TilePart | undefined;
  /** The golden files are declared to hold a part of what the dump holds, and only that was compared. */
  readonly ofWhole: PartOrder | undefined;
}

/** Of several things that a dump may be, that which fits best: by its number of entries, then by its words. The first of equals. */
function bestVariant(variants: readonly Variant[], dump: OpenedDump, { map }: CheckSpec): Chosen {
  let best: (Chosen & { score: number; agrees: number; variant: Variant }) | undefined;
  let refused: Problem | undefined;
  for (const variant of variants) {
    const { expected } = variant;
    try {
      const own = map === undefined ? partOrder(dump, expected) : undefined;
      const order = own?.order ?? mapDump(dump, expected, map);
      const [count, lines] = [order.dump.entries.count, order.dump.layout.lineCount];
      // One that covers the dump goes before one that says little of it
      const entries = count === lines ? 1 : closeness(count, lines) / 2;
      const agrees = variants.length === 1 ? 1 : agreement(expected, order.dump);
      const score = entries + agrees;
      if (best === undefined || score > best.score) best = { expected, order, score, agrees, variant, others: [], part: variant.part, ofWhole: own };
    } catch (error) {
      // A dump that is outputs cannot be cut into psums: only when nothing fits is that worth telling
      if (!(error instanceof Problem)) throw error;
      refused ??= error;
    }
  }
  if (best === undefined) throw refused ?? new Problem('check-golden', 'There is nothing to compare with.', 'Name golden files.');
  if (variants.length === 1) return best;
  const goldens = new Set(variants.map(({ expected: { name } }) => name)).size;
  const fits = goldens === 1 ? [] : [`Compared with ${shortName(best.expected.name)}: of ${goldens} possible goldens it fits best.`];
  return { ...best, others: [...fits, ...reluNote(best.variant, variants), ...(best.agrees < DOUBTFUL ? ['It fits badly: if the dump is something else, give the kind or name the golden file.'] : [])] };
}

function shortName(name: string): string {
  return path.isAbsolute(name) ? path.basename(name) : name;
}

function finish(expected: Expected, { dump }: ChosenOrder, { max }: CheckSpec, onDiffering: ReturnType<CheckUse<unknown>['onDiffering']>, { signal, onProgress }: CheckRun): Promise<Comparison> {
  // A diagnosis looks around the first one, listed or not
  return drive(compare(expected, dump, max === undefined ? undefined : Math.max(1, max), onDiffering), signal, (step) => onProgress?.({ phase: 'compare', ...step } satisfies CheckProgress));
}

/** The one place where a diagnosis is asked, and its code loaded: most dumps are right. */
async function explained(check: TileCheck, open: OpenFiles, options: CheckOptions): Promise<Explained> {
  if (check.comparison.differing === 0) return { causes: [], doubts: [], notes: [], model: check.expected.model };
  const { explain } = await import('./explain');
  return explain(check, open, options);
}

const atFirst = (spot: Comparison['firstExtra']): string => (spot === undefined ? '' : `, the first at ${spot.file}:${spot.line}`);

function lengthNotes({ extra, lacking, firstExtra }: Comparison, { dump }: ChosenOrder): string[] {
  const { entries, layout } = dump;
  const wanted = layout.lineCount;
  return [
    ...(entries.count !== wanted && !entries.sparse ? [`The dump has ${entries.count} entries, ${wanted} are expected.`] : []),
    ...(extra > lacking ? [`${extra} words of the dump stand where nothing is expected${atFirst(firstExtra)}.`] : []),
  ];
}

function notesOn({ unreadable, silent, uncovered, compared }: Comparison): string[] {
  return [
    ...(unreadable > 0 ? [`${unreadable} golden words are malformed or unknown: nothing could be compared with them.`] : []),
    ...(silent > 0 ? [`The dump says nothing of ${silent} words.`] : []),
    ...(uncovered > 0 ? [`${uncovered} expected words lie outside the map.`] : []),
    ...(compared === 0 ? ['Not one word was compared: that is no success.'] : []),
  ];
}
