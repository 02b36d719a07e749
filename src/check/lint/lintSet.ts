import type { Inference } from '../../vectors/inference';
import { describeCoordinates } from '../../vectors/axis';
import { isDump } from '../../vectors/dumpFile';
import type { GoldenFile, Report } from './context';
import { nameClues } from '../../vectors/nameClues';
import { Findings, goldenFile, plural } from './context';
import type { Finding } from './finding';
import { DIFFER } from './headerRules';
import type { Member } from './setMembers';
import { checkTwins } from './twinRules';
import { companionsOf, membersByTemplate, missingOf, nameAt } from './setMembers';

/** A file among those of its folder. */
export interface SetFile {
  /** Name in the folder, or a path below it, with `/`. */
  readonly name: string;
  /** Read together with its neighbours. */
  readonly inference: Inference;
  /** Named by a manifest: still as it was written, or edited since. */
  readonly declared?: 'unchanged' | 'edited';
  /** Only its name is known. */
  readonly unread?: true;
}

/** What a manifest says that the files themselves do not show. */
export interface ManifestFacts {
  /** The manifest's name, as the files are named. */
  readonly name: string;
  /** Files that it names and that are not there. */
  readonly missing: readonly string[];
  readonly staleInputs: readonly { readonly path: string; readonly gone: boolean }[];
}

/** A finding and the file that it stands in. */
export interface SetFinding extends Finding {
  readonly file: string;
}

/** What only the files of a folder together show. Never throws. */
export function lintSet(files: readonly SetFile[], manifests: readonly ManifestFacts[] = []): SetFinding[] {
  const collected = new Map<string, Findings>();
  const add = (file: string, report: Report): void => {
    const findings = collected.get(file) ?? new Findings();
    collected.set(file, findings);
    findings.add(report);
  };
  const byName = new Map(files.map((file) => [file.name, file]));
  const groups = membersByTemplate(files.map(({ name }) => name));
  for (const [template, members] of groups) {
    // A manifest knows better which files its set has
    if (members.some(({ name }) => byName.get(name)?.declared === undefined)) checkMembers(members, companionsOf(template, groups), byName, add);
  }
  checkDuplicates(files, add);
  for (const file of files) {
    if (file.declared === 'edited') add(file.name, { rule: 'edited-file', what: 'The file was edited since TileScope wrote it: its digest is not that of the manifest.', next: 'Generate the set again to have the original back, or keep the edit in a folder of its own.', fileLine: 0, length: Math.max(1, file.inference.shape.line(0).length) });
    const golden = goldenFile(file.inference, file.declared === 'unchanged');
    if (golden !== undefined) checkArithmetic(golden, (report) => { add(file.name, report); });
  }
  checkUnexplained(files, add);
  checkTwins(files, add);
  for (const facts of manifests) checkManifest(facts, add);
  return [...collected].flatMap(([file, findings]) => findings.list().map((finding) => ({ ...finding, file })));
}

/** Reports something of a file. */
export type Add = (file: string, report: Report) => void;

function checkMembers(members: readonly Member[], companions: readonly Member[], files: ReadonlyMap<string, SetFile>, add: Add): void {
  const { template, axes } = members[0]!;
  const ordered = members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const missing = missingOf(ordered, companions);
  if (missing.length > 0) {
    const names = missing.slice(0, 3).map((values) => nameAt(template, values).split('/').at(-1));
    const place = describeCoordinates(Object.fromEntries(axes.map((axis, i) => [axis, missing[0]![i]!])));
    add(ordered[0]!.name, {
      rule: 'missing-member',
      what: `The set lacks ${names.join(', ')}${missing.length > 3 ? ` and ${missing.length - 3} more` : missing.length === 1 ? ` (${place})` : ''}; ${members.length} of ${members.length + missing.length} files are there.`,
      next: 'Generate the missing files, or remove the set.',
      fileLine: 0,
      length: 1,
    });
  }
  checkLineCounts(ordered, files, add);
}

/** A member whose number of lines differs from that of most others. */
function checkLineCounts(members: readonly Member[], files: ReadonlyMap<string, SetFile>, add: Add): void {
  const golden = members.flatMap(({ name }) => {
    const file = files.get(name);
    return file === undefined || file.inference.candidates.length === 0 ? [] : [file];
  });
  const counts = new Map<number, number>();
  for (const { inference } of golden) counts.set(inference.shape.dataLines.length, (counts.get(inference.shape.dataLines.length) ?? 0) + 1);
  const [usual, times] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
  if (times < 2 || times * 2 <= golden.length) return;
  for (const { name } of members) {
    const file = files.get(name);
    if (file === undefined || file.unread === true || file.inference.shape.dataLines.length > 0) continue;
    const { shape } = file.inference;
    add(name, { rule: 'missing-lines', what: `The file ${shape.lineCount === 0 ? 'is empty' : 'has no data lines'}; ${times} files of its set have ${plural(usual, 'data line')}.`, next: 'Generate it again.', fileLine: 0, length: Math.max(1, shape.line(0).length) });
  }
  for (const { name, inference } of golden) {
    const { shape } = inference;
    const lines = shape.dataLines.length;
    if (lines === usual) continue;
    const last = shape.dataLines.at(-1) ?? 0;
    add(name, { rule: 'missing-lines', what: `The file has ${plural(lines, 'data line')}; ${times} files of its set have ${usual}.`, next: lines < usual ? 'Generate it again: the end or a line between is missing.' : 'Generate it again: there are lines that the others do not have.', fileLine: last, length: Math.max(1, shape.line(last).length) });
  }
}

/** The same data in two files, unless a manifest says that both belong there or the data are all zeros. */
function checkDuplicates(files: readonly SetFile[], add: Add): void {
  const first = new Map<string, SetFile>();
  for (const file of files) {
    const golden = goldenFile(file.inference, false);
    if (golden === undefined || golden.dump || golden.shape.dataLines.length < 2) continue;
    const { text } = golden.shape;
    const same = first.get(text);
    if (same === undefined) {
      if (hasValues(golden)) first.set(text, file);
    } else if (same.declared !== 'unchanged' || file.declared !== 'unchanged') {
      add(file.name, { rule: 'duplicate-content', what: `The content is the same as that of ${same.name}.`, next: 'Remove the copy, or generate the file that should be here.', fileLine: 0, length: Math.max(1, golden.shape.line(0).length) });
    }
  }
}

function hasValues({ shape }: Pick<GoldenFile, 'shape'>): boolean {
  return shape.dataLines.some((fileLine) => /[1-9a-f]/i.test(shape.line(fileLine)));
}

/** Words that differ from the arithmetic of activations and weights, as the reading of the folder found them. */
function checkArithmetic({ best, dump, reading }: GoldenFile, add: (report: Report) => void): void {
  for (const what of best.contradictions) {
    if (!DIFFER.test(what)) continue;
    const [word, line] = (/word (\d+) of line (\d+)/.exec(what)?.slice(1) ?? ['1', '1']).map(Number) as [number, number];
    const place = reading.words(line - 1)[word - 1];
    add({ rule: 'psum-contradicts', ...(dump && { severity: 'info' as const }), what, next: dump ? 'Trace the word: the design computes something else.' : 'Recompute the word: a test bench compares with a wrong number.', fileLine: line - 1, column: place?.column ?? 0, length: place?.length ?? 1 });
  }
}

/** Psums and outputs that the arithmetic explains in no order, while it explains others of the same set and shape. */
function checkUnexplained(files: readonly SetFile[], add: Add): void {
  const targets = files.filter(({ inference: { candidates: [best] } }) => best?.layout.spec.kind === 'psum' || best?.layout.spec.kind === 'out');
  const proven = targets.filter(({ inference }) => inference.candidates[0]!.proven);
  for (const { name, inference, declared } of targets) {
    const { layout, proven: explained, kindIsGuess } = inference.candidates[0]!;
    if (explained || kindIsGuess || declared === 'unchanged' || isDump(name, inference.shape) || !hasValues(inference)) continue;
    const { kind, set } = nameClues(name);
    const ofSet = proven.filter((other) => nameClues(other.name).set === set);
    const like = ofSet.find((other) => {
      const same = other.inference.candidates[0]!.layout;
      return kind === same.spec.kind && same.lineCount === layout.lineCount && same.wordsPerLine === layout.wordsPerLine;
    });
    // A file of another shape may hold what nobody here computes
    const other = like ?? ofSet.find((one) => one.inference.candidates[0]!.layout.wordsPerLine === layout.wordsPerLine);
    if (other === undefined || kind !== layout.spec.kind) continue;
    const first = inference.shape.dataLines[0]!;
    add(name, { rule: 'psum-contradicts', ...(like === undefined && { severity: 'info' as const }), what: `The activations and weights beside give ${other.name}, but this file of ${plural(layout.lineCount, 'line')} in no order of its words.`, next: 'Look whether it belongs to this set; generate it again if it does.', fileLine: first, length: Math.max(1, inference.shape.line(first).length) });
  }
}

function checkManifest({ name, missing, staleInputs }: ManifestFacts, add: Add): void {
  for (const file of missing) add(name, { rule: 'missing-member', what: `The manifest names ${file}, which is not there.`, next: 'Generate the set again.', fileLine: 0 });
  for (const { path, gone } of staleInputs) {
    add(name, { rule: 'stale-inputs', what: `The input ${path} ${gone ? 'is gone' : 'has changed'} since the set was generated.`, next: gone ? 'Bring it back, or point tilescope.json at the new one and generate again.' : 'Generate the set again.', fileLine: 0 });
  }
}
