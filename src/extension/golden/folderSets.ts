import * as vscode from 'vscode';
import type { Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';
import type { Member } from '../../vectors/present/goldenSet';
import { FileReading } from '../../vectors/reading';
import { inferFolder } from '../../vectors/siblings';
import { textShape } from '../../vectors/textShape';
import { isGoldenName } from './eligible';
import type { ManifestFile, SetManifest } from './manifests';
import { manifestOf, readText } from './manifests';
import { isRecognised } from './recognised';

/** A set on disk: the files of a manifest, or of one folder. */
export interface FolderSet {
  readonly manifest?: SetManifest;
  /** By uri. */
  readonly members: ReadonlyMap<string, Member>;
  readonly inferences: ReadonlyMap<string, Inference>;
  readonly stated: ReadonlyMap<string, ManifestFile>;
}

/** What is read of a folder at most: the rest of a larger one explains nothing. */
const MOST_FILES = 200;
const MOST_MANIFEST_FILES = 1000;
const MOST_FILE_BYTES = 2_000_000;
const MOST_BYTES = 8_000_000;
/** Arithmetic over larger folders would be felt: those files are read one by one. */
const MOST_PROOF_BYTES = 1_000_000;

/** Reads the set that a file belongs to, once for all of its files, until something in it changes. */
export class FolderSets implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Files on disk were written, made or deleted. */
  readonly onDidChange = this.changed.event;
  private readonly kept = new Map<string, Promise<FolderSet>>();
  private readonly manifests = new Map<string, ReturnType<typeof manifestOf>>();
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.{txt,mem,memb,memh,hex,dat,list,json}');
    const forget = (): void => {
      this.forgetSoon();
    };
    this.subscriptions = [watcher, watcher.onDidChange(forget), watcher.onDidCreate(forget), watcher.onDidDelete(forget)];
  }

  /** The set of a file as it is on disk. */
  async of(file: vscode.Uri): Promise<FolderSet> {
    const folder = vscode.Uri.joinPath(file, '..');
    const named = await this.manifestOf(file);
    const key = named === undefined ? folder.toString() : named.manifest.folder.toString();
    const kept = this.kept.get(key) ?? (named === undefined ? readFolder(folder) : readSet(named.manifest));
    this.kept.set(key, kept);
    return kept;
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(this.changed, ...this.subscriptions).dispose();
  }

  private manifestOf(file: vscode.Uri): ReturnType<typeof manifestOf> {
    const key = file.toString();
    const kept = this.manifests.get(key) ?? manifestOf(file);
    this.manifests.set(key, kept);
    return kept;
  }

  /** A run writes many files: one reading after the last of them is enough. */
  private forgetSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.kept.clear();
      this.manifests.clear();
      this.changed.fire();
    }, REST_MS);
  }
}

const REST_MS = 400;

async function readSet(manifest: SetManifest): Promise<FolderSet> {
  const members = new Map<string, Member>();
  let bytes = 0;
  for (const file of manifest.files.slice(0, MOST_MANIFEST_FILES)) {
    bytes += file.bytes;
    if (bytes > MOST_BYTES) break;
    const text = await readText(file.uri);
    if (text === undefined) continue;
    const member = statedMember(file, text);
    if (member !== undefined) members.set(file.uri.toString(), member);
  }
  return { manifest, members, inferences: new Map(), stated: new Map(manifest.files.map((file) => [file.uri.toString(), file])) };
}

/** A file read as its manifest says; undefined when it has been changed to another form since. */
export function statedMember({ uri, path, layout, relu }: ManifestFile, text: string): Member | undefined {
  const shape = textShape(text);
  const first = shape.dataLines[0];
  if (shape.dataLines.length !== layout.lineCount || (first !== undefined && Math.abs(shape.line(first).length - layout.lineWidth) > layout.spec.trailing.length)) return undefined;
  const { kind, radix } = layout.spec;
  return { id: uri.toString(), name: path, reading: new FileReading(shape, layout), trusted: true, ...(kind === 'out' && { relu }), secondary: radix === 'decimal' };
}

async function readFolder(folder: vscode.Uri): Promise<FolderSet> {
  const files: { uri: vscode.Uri; name: string; text: string }[] = [];
  let bytes = 0;
  for (const name of await goldenNames(folder)) {
    const uri = vscode.Uri.joinPath(folder, name);
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MOST_FILE_BYTES || bytes + size > MOST_BYTES || files.length >= MOST_FILES) continue;
    const text = await readText(uri);
    if (text !== undefined) files.push({ uri, name, text });
    bytes += size;
  }
  const inferences = bytes <= MOST_PROOF_BYTES ? inferFolder(files) : [];
  const golden = inferences.flatMap((inference, i) => (isRecognised(inference) ? [{ inference, uri: files[i]!.uri }] : []));
  return {
    members: new Map(golden.map(({ inference, uri }) => [uri.toString(), inferredMember(uri, inference)])),
    inferences: new Map(inferences.map((inference, i) => [files[i]!.uri.toString(), inference])),
    stated: new Map(),
  };
}

export function inferredMember(uri: vscode.Uri, { name, shape, candidates }: Inference): Member {
  const best = candidates[0]!;
  const { relu, memory } = nameClues(name);
  return { id: uri.toString(), name, reading: new FileReading(shape, best.layout), trusted: best.proven, ...(relu !== undefined && { relu }), secondary: memory || shape.isMemory || best.layout.spec.radix === 'decimal' || /rtl|dump/i.test(name) };
}

async function goldenNames(folder: vscode.Uri): Promise<string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries.flatMap(([name, type]) => ((type & vscode.FileType.File) !== 0 && isGoldenName(name) ? [name] : [])).sort();
  } catch (error) {
    // The folder went away, or the document never was on disk
    if (error instanceof vscode.FileSystemError) return [];
    throw error;
  }
}
