import fs from 'node:fs/promises';
import path from 'node:path';
import { DIFFER } from '../check/lint/headerRules';
import type { Finding } from '../check/lint/finding';
import type { ManifestFacts, SetFile } from '../check/lint/lintSet';
import { lintSet } from '../check/lint/lintSet';
import { lintText } from '../check/lint/lintText';
import { isFileList } from '../check/lint/textRules';
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
  /** By file, then by line. */
  readonly findings: readonly FileFinding[];
  /** Files that are too large to be looked at. */
  readonly skipped: readonly string[];
  /** How many files beside those named were not read, by folder: too many or too large. */
  readonly unread: readonly UnreadFiles[];
}

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
    findings.push(...lintFolder([...texts, ...beside.texts], manifest, [...large, ...beside.unread]).filter(({ file }) => wanted.has(file)));
    skipped.push(...large);
    if (beside.unread.length > 0) unread.push({ folder, count: beside.unread.length });
    if (manifest !== undefined) used.add(manifest);
    done += files.length;
    onProgress?.(done, total);
    await breathe(signal);
  }
  for (const manifest of used) findings.push(...(await lintManifest(manifest)));
  return { files: done - skipped.length, findings: findings.sort(byPlace), skipped, unread };
}

/** Findings of the texts of one folder. @param unread paths of files that are there as well */
export function lintFolder(texts: readonly FolderText[], manifest: FoundManifest | undefined, unread: readonly string[] = []): FileFinding[] {
  const files = setFilesOf(texts, manifest);
  return [
    // A file that is as TileScope wrote it needs no look at its words: the digest says it all
    ...texts.flatMap(({ file }, i) => (files[i]!.declared === 'unchanged' ? [] : lintText({ name: files[i]!.name, inference: files[i]!.inference, declared: manifest?.files.get(file)?.layout !== undefined }).map((finding) => ({ ...finding, file })))),
    ...lintTogether(texts, files, manifest, unread),
  ];
}

/** What only the texts of one folder together show. @param unread paths of files that are there as well: their names count as members */
export function lintSetOf(texts: readonly FolderText[], manifest: FoundManifest | undefined, unread: readonly string[] = []): FileFinding[] {
  return lintTogether(texts, setFilesOf(texts, manifest), manifest, unread);
}

function lintTogether(texts: readonly FolderText[], files: readonly SetFile[], manifest: FoundManifest | undefined, unread: readonly string[]): FileFinding[] {
  const places = new Map([...texts.map(({ file }) => file), ...unread].map((file) => [path.basename(file), file]));
  const names = unread.map((file): SetFile => ({ ...UNREAD, name: path.basename(file), ...(manifest?.files.has(file) === true && { declared: 'unchanged' }) }));
  return lintSet([...files, ...names]).map((finding) => ({ ...finding, file: places.get(finding.file) ?? finding.file }));
}

/** A file of which only the name is known. */
const UNREAD: Omit<SetFile, 'name'> = { inference: { name: '', shape: textShape(''), candidates: [] } };

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
