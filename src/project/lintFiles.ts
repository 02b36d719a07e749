import fs from 'node:fs/promises';
import path from 'node:path';
import { DIFFER } from '../check/lint/headerRules';
import type { Finding } from '../check/lint/finding';
import type { ManifestFacts, SetFile } from '../check/lint/lintSet';
import { lintSet } from '../check/lint/lintSet';
import { lintText } from '../check/lint/lintText';
import { isFileList } from '../check/lint/textRules';
import type { Problem } from '../engine/problem';
import { asProblem } from '../engine/problem';
import type { Inference } from '../vectors/inference';
import type { Layout } from '../vectors/layout';
import type { UnreadFiles } from '../protocol/reading';
import { inferFolder } from '../vectors/siblings';
import { textShape } from '../vectors/textShape';
import { breathe } from './breathe';
import { unlessMissing } from './disk';
import type { FolderText } from './goldenFolder';
import { collectFiles, neighboursOf, readText } from './goldenFolder';
import { sha256 } from './manifest';
import type { StatedFile } from './parseManifest';
import type { FoundManifest } from './setManifest';
import { Manifests, digestOfFile, staleInputs } from './setManifest';

export interface LintOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A finding and the absolute path of its file. */
export interface FileFinding extends Finding {
  readonly file: string;
}

export interface LintReport {
  /** Files that were looked at. */
  readonly files: number;
  /** Of these, the ones that are no table of words and no Verilog file list: nothing was checked in them but their encoding. */
  readonly wordless: readonly string[];
  /** By file, then by line. */
  readonly findings: readonly FileFinding[];
  /** Files that are too large to be looked at. */
  readonly skipped: readonly string[];
  /** How many files beside those named were not read, by folder: too many or too large. */
  readonly unread: readonly UnreadFiles[];
  /** Defects of TileScope, each with the file or folder that it met them in; what the other files show is there all the same. */
  readonly problems: readonly Problem[];
}

/** What the texts of a folder show. */
export type FolderReport = Pick<LintReport, 'wordless' | 'findings' | 'problems'>;

/**
 * Findings of golden files: each by itself, those of a folder together, and against the manifests above them.
 * @param paths files and folders, absolute
 * @throws Problem `usage`, `cancelled`
 */
export async function lintPaths(paths: readonly string[], { signal, onProgress }: LintOptions = {}): Promise<LintReport> {
  const folders = await collectFiles(paths, signal);
  const total = [...folders.values()].reduce((sum, files) => sum + files.length, 0);
  const manifests = new Manifests();
  const used = new Set<FoundManifest>();
  const findings: FileFinding[] = [];
  const skipped: string[] = [];
  const unread: UnreadFiles[] = [];
  const problems: Problem[] = [];
  const wordless: string[] = [];
  let done = 0;
  for (const [folder, files] of folders) {
    const texts: FolderText[] = [];
    const large: string[] = [];
    for (const file of files) {
      await breathe(signal);
      const text = await readText(file);
      if (text === undefined) large.push(file);
      else texts.push(text);
    }
    const manifest = await manifests.above(folder);
    // Files named one by one are read like the others of their folder, which explain them
    const beside = files.every(isFileList) ? { texts: [], unread: [] } : await neighboursOf(folder, files, signal);
    const wanted = new Set(files);
    const report = lintFolder([...texts, ...beside.texts], manifest, [...large, ...beside.unread]);
    findings.push(...report.findings.filter(({ file }) => wanted.has(file)));
    wordless.push(...report.wordless.filter((file) => wanted.has(file)));
    problems.push(...report.problems.filter(({ place }) => wanted.has(place.file ?? '') || place.file === folder));
    skipped.push(...large);
    if (beside.unread.length > 0) unread.push({ folder, count: beside.unread.length });
    if (manifest !== undefined) used.add(manifest);
    done += files.length;
    onProgress?.(done, total);
    await breathe(signal);
  }
  for (const manifest of used) findings.push(...(await lintManifest(manifest)));
  return { files: done - skipped.length, wordless, findings: findings.sort(byPlace), skipped, unread, problems };
}

/**
 * Findings of the texts of one folder. What fails at one file is a problem of that file, and the others keep their findings.
 * @param unread paths of files that are there as well
 * @param lint the rules for one text
 */
export function lintFolder(texts: readonly FolderText[], manifest: FoundManifest | undefined, unread: readonly string[] = [], lint = lintText): FolderReport {
  const first = texts[0];
  if (first === undefined) return { wordless: [], findings: [], problems: [] };
  const problems: Problem[] = [];
  const guarded = <T>(file: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      problems.push(asProblem(error).at({ file }));
      return undefined;
    }
  };
  const folder = path.dirname(first.file);
  const files = guarded(folder, () => setFilesOf(texts, manifest)) ?? texts.flatMap((text) => guarded(text.file, () => setFilesOf([text], manifest)) ?? []);
  const places = placesOf(texts);
  const findings = files.flatMap(({ name, inference, declared }) => {
    const file = places.get(name) ?? name;
    // A file that is as TileScope wrote it needs no look at its words: the digest says it all
    if (declared === 'unchanged') return [];
    return (guarded(file, () => lint({ name, inference, declared: manifest?.files.get(file)?.layout !== undefined })) ?? []).map((finding) => ({ ...finding, file }));
  });
  const wordless = files.filter(({ name, inference }) => inference.candidates.length === 0 && !isFileList(name)).map(({ name }) => places.get(name) ?? name);
  return { wordless, findings: [...findings, ...(guarded(folder, () => lintTogether(texts, files, manifest, unread)) ?? [])], problems };
}

/** What only the texts of one folder together show. @param unread paths of files that are there as well: their names count as members */
export function lintSetOf(texts: readonly FolderText[], manifest: FoundManifest | undefined, unread: readonly string[] = []): FileFinding[] {
  return lintTogether(texts, setFilesOf(texts, manifest), manifest, unread);
}

function lintTogether(texts: readonly FolderText[], files: readonly SetFile[], manifest: FoundManifest | undefined, unread: readonly string[]): FileFinding[] {
  const places = placesOf(texts, unread);
  const names = unread.map((file): SetFile => ({ ...UNREAD, name: path.basename(file), ...(manifest?.files.has(file) === true && { declared: 'unchanged' }) }));
  return lintSet([...files, ...names]).map((finding) => ({ ...finding, file: places.get(finding.file) ?? finding.file }));
}

/** A file of which only the name is known. */
const UNREAD: Omit<SetFile, 'name'> = { unread: true, inference: { name: '', shape: textShape(''), candidates: [] } };

/** Absolute paths by base name. */
function placesOf(texts: readonly FolderText[], unread: readonly string[] = []): Map<string, string> {
  return new Map([...texts.map(({ file }) => file), ...unread].map((file) => [path.basename(file), file]));
}

function setFilesOf(texts: readonly FolderText[], manifest: FoundManifest | undefined): SetFile[] {
  const declared = new Map(texts.map(({ file, bytes }) => [file, stateOf(bytes, manifest?.files.get(file))]));
  const inferences = inferTexts(texts, declared);
  return texts.map(({ file }, i) => {
    const state = declared.get(file)?.state;
    return { name: path.basename(file), inference: inferences[i]!, ...(state !== undefined && { declared: state }) };
  });
}

/** Files that a manifest names and that are gone, and inputs that have changed since: findings of the manifest itself. */
export async function lintManifest(manifest: FoundManifest, digestOf = digestOfFile): Promise<FileFinding[]> {
  return lintSet([], [await factsOf(manifest, digestOf)]).map((finding) => ({ ...finding, file: manifest.file }));
}

interface Declared {
  readonly state: 'unchanged' | 'edited';
  readonly layout?: Layout;
}

function stateOf(bytes: Uint8Array, file: StatedFile | undefined): Declared | undefined {
  if (file === undefined) return undefined;
  return { state: sha256(bytes) === file.sha256 ? 'unchanged' : 'edited', ...(file.layout !== undefined && { layout: file.layout }) };
}

/** What each text is: by its manifest, else read together with its neighbours. A folder that is all as written needs no reading. */
function inferTexts(texts: readonly FolderText[], declared: ReadonlyMap<string, Declared | undefined>): Inference[] {
  const isKnown = ({ file }: FolderText): boolean => declared.get(file)?.state === 'unchanged' && declared.get(file)?.layout !== undefined;
  const golden = texts.filter(({ file }) => !isFileList(path.basename(file)));
  const read = golden.every(isKnown) ? [] : inferFolder(golden.map(({ file, text }) => ({ name: path.basename(file), text })));
  const byFile = new Map(golden.map(({ file }, i) => [file, read[i]]));
  return texts.map(({ file, text }) => {
    const name = path.basename(file);
    const inference = byFile.get(file) ?? { name, shape: textShape(text), candidates: [] };
    const known = declared.get(file);
    return known?.layout === undefined ? inference : asDeclared(inference, known.layout, known.state);
  });
}

/** The manifest's layout takes the place of what was read; what arithmetic found about an edited file stays. */
function asDeclared({ name, shape, candidates }: Inference, layout: Layout, state: Declared['state']): Inference {
  const contradictions = state === 'edited' ? (candidates[0]?.contradictions.filter((what) => DIFFER.test(what)) ?? []) : [];
  return { name, shape, candidates: [{ layout, confidence: 1, evidence: ['The manifest of the set says so.'], contradictions, kindIsGuess: false, proven: candidates[0]?.proven ?? false }] };
}

async function factsOf(manifest: FoundManifest, digestOf: typeof digestOfFile): Promise<ManifestFacts> {
  const missing: string[] = [];
  for (const file of manifest.files.keys()) {
    if ((await unlessMissing(fs.stat(file))) === undefined) missing.push(path.relative(path.dirname(manifest.file), file).split(path.sep).join('/'));
  }
  return { name: manifest.file, missing, staleInputs: await staleInputs(manifest, digestOf) };
}

function byPlace(a: FileFinding, b: FileFinding): number {
  return a.file.localeCompare(b.file, 'en', { numeric: true }) || a.line - b.line || a.column - b.column;
}
