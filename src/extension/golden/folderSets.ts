import * as vscode from 'vscode';
import { setImmediate as breathe } from 'node:timers/promises';
import { MANIFEST_FILE } from '../../project/manifest';
import { CONFIG_FILE } from '../../project/configFile';
import type { FileData } from '../../protocol/reading';
import { candidateOf } from '../../protocol/reading';
import { GOLDEN_ENDINGS } from '../../vectors/fileNames';
import type { Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';
import type { Member } from '../../vectors/present/goldenSet';
import { FileReading } from '../../vectors/reading';
import { suits } from '../../vectors/textForm';
import type { TextShape } from '../../vectors/textShape';
import { textShape } from '../../vectors/textShape';
import { Later } from '../later';
import { isGoldenName } from './eligible';
import { FolderReadings } from './folderReadings';
import type { ManifestFile, SetManifest } from './manifests';
import { manifestOf } from './manifests';
import type { Reader } from './reader';
import { isRecognised } from './recognised';

/** A set on disk: the files of a manifest, or of one folder. */
export interface FolderSet {
  readonly manifest?: SetManifest;
  /** By uri. */
  readonly members: ReadonlyMap<string, Member>;
  readonly inferences: ReadonlyMap<string, FolderInference>;
  readonly stated: ReadonlyMap<string, ManifestFile>;
}

/** How a file reads together with those beside it. */
export interface FolderInference extends Inference {
  /** How the text on disk looks, and which one it is. */
  readonly form: string;
  readonly digest: string;
}

/** What is read of a folder at most: the rest of a larger one explains nothing. */
const MOST_FILES = 200;
const MOST_MANIFEST_FILES = 1000;
const MOST_FILE_BYTES = 2_000_000;
const MOST_BYTES = 8_000_000;
/** A run writes many files: one reading after the last of them is enough. */
const REST_MS = 400;

/** Reads the set that a file belongs to, once for all of its files, until something in it changes. */
export class FolderSets implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Files on disk were written, made or deleted. */
  readonly onDidChange = this.changed.event;
  private readonly kept = new Map<string, Promise<FolderSet>>();
  private readonly manifests = new Map<string, ReturnType<typeof manifestOf>>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly later = new Later<string>();
  private readonly readings: FolderReadings;
  private stop = new AbortController();

  constructor(
    reader: Reader,
    log: Pick<vscode.LogOutputChannel, 'warn'>,
  ) {
    this.readings = new FolderReadings((question, signal) => reader.ask(question, undefined, signal), log);
    const watcher = vscode.workspace.createFileSystemWatcher(`**/{${[...GOLDEN_ENDINGS.map((ending) => `*.${ending}`), MANIFEST_FILE, CONFIG_FILE].join(',')}}`);
    const forget = (): void => {
      this.later.run('', REST_MS, () => { this.forget(); });
    };
    this.subscriptions = [watcher, watcher.onDidChange(forget), watcher.onDidCreate(forget), watcher.onDidDelete(forget)];
  }

  /** The set of a file as it is on disk. */
  async of(file: vscode.Uri): Promise<FolderSet> {
    const folder = vscode.Uri.joinPath(file, '..');
    const named = await this.manifestOf(file);
    const key = named === undefined ? folder.toString() : named.manifest.folder.toString();
    const kept = this.kept.get(key) ?? (named === undefined ? this.readFolder(folder) : this.readSet(named.manifest));
    this.kept.set(key, kept);
    return kept;
  }

  dispose(): void {
    this.stop.abort();
    vscode.Disposable.from(this.changed, this.later, ...this.subscriptions).dispose();
  }

  private manifestOf(file: vscode.Uri): ReturnType<typeof manifestOf> {
    const key = file.toString();
    const kept = this.manifests.get(key) ?? manifestOf(file);
    this.manifests.set(key, kept);
    return kept;
  }

  private forget(): void {
    this.stop.abort();
    this.stop = new AbortController();
    this.kept.clear();
    this.manifests.clear();
    this.changed.fire();
  }

  private async readSet(manifest: SetManifest): Promise<FolderSet> {
    const stated = new Map(manifest.files.map((file) => [file.uri.toString(), file]));
    const wanted = await withinLimits(manifest.files.slice(0, MOST_MANIFEST_FILES).map(({ uri, path }) => ({ uri, name: path })), MOST_MANIFEST_FILES);
    const members = new Map<string, Member>();
    for (const { uri, shape } of await this.read(manifest.folder.toString(), wanted, false)) {
      const member = statedMember(stated.get(uri.toString())!, shape);
      if (member !== undefined) members.set(uri.toString(), member);
    }
    return { manifest, members, inferences: new Map(), stated };
  }

  private async readFolder(folder: vscode.Uri): Promise<FolderSet> {
    const names = (await goldenNames(folder)).map((name) => ({ uri: vscode.Uri.joinPath(folder, name), name }));
    const files = await this.read(folder.toString(), await withinLimits(names, MOST_FILES), true);
    const inferences = new Map(files.map(({ uri, data, shape }): [string, FolderInference] => [uri.toString(), { ...inferenceOf(data, shape), form: data.form, digest: data.digest }]));
    const golden = files.flatMap(({ uri }) => {
      const inference = inferences.get(uri.toString())!;
      return isRecognised(inference) ? [inferredMember(uri, inference)] : [];
    });
    return { members: new Map(golden.map((member) => [member.id, member])), inferences, stated: new Map() };
  }

  /** Reads files in the thread. What takes too long there, or more than there is room for, tells nothing of the files beside. */
  private async read(folder: string, files: readonly StampedUri[], infer: boolean): Promise<{ uri: vscode.Uri; data: FileData; shape: TextShape }[]> {
    const uris = new Map(files.map(({ uri }) => [uri.fsPath, uri]));
    const wanted = files.map(({ uri, name, stamp }) => ({ path: uri.fsPath, name, stamp: `${stamp} ${infer}` }));
    const found: { uri: vscode.Uri; data: FileData; shape: TextShape }[] = [];
    for (const data of await this.readings.read(folder, wanted, infer, this.stop.signal)) {
      found.push({ uri: uris.get(data.path)!, data, shape: textShape(data.text) });
      await breathe();
    }
    return found;
  }
}

interface NamedUri {
  readonly uri: vscode.Uri;
  readonly name: string;
}

interface StampedUri extends NamedUri {
  readonly stamp: string;
}

/** The files that are read: not too large ones, and as many as there is room for. */
async function withinLimits(files: readonly NamedUri[], most: number): Promise<StampedUri[]> {
  const found = await Promise.all(files.map(({ uri }) => statusOf(uri)));
  let bytes = 0;
  const small = files.flatMap((file, i) => {
    const status = found[i];
    if (status === undefined || status.size > MOST_FILE_BYTES || bytes + status.size > MOST_BYTES) return [];
    bytes += status.size;
    return [{ ...file, stamp: `${status.size} ${status.mtime}` }];
  });
  return small.slice(0, most);
}

/** Undefined for what is not there. */
async function statusOf(uri: vscode.Uri): Promise<vscode.FileStat | undefined> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

function inferenceOf({ name, candidates, report }: FileData, shape: TextShape): Inference {
  return { name, shape, candidates: candidates.map(candidateOf), ...(report !== undefined && { report }) };
}

/** A file read as its manifest says; undefined when it has been changed to another form since. */
export function statedMember({ uri, path, layout, relu }: ManifestFile, shape: TextShape): Member | undefined {
  const first = shape.dataLines[0];
  if (shape.dataLines.length !== layout.lineCount || (first !== undefined && (Math.abs(shape.line(first).length - layout.lineWidth) > layout.spec.trailing.length || !suits(shape, layout.spec.radix)))) return undefined;
  const { kind, radix } = layout.spec;
  return { id: uri.toString(), name: path, reading: new FileReading(shape, layout), trusted: true, ...(kind === 'out' && { relu }), secondary: radix === 'decimal' };
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
