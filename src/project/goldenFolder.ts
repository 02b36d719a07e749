import fs from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../engine/problem';
import { isGoldenName } from '../vectors/fileNames';
import { breathe } from './breathe';
import { errno } from './disk';

/** A text file of a folder. */
export interface FolderText {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Larger files are left to the viewers: as one string they would not fit beside the readings. */
export const LARGEST_FILE = 64 * 2 ** 20;

const LIST = /\.(?:f|vc|fl|flist)$|^file_?list$/i;
const SKIPPED_FOLDERS = new Set(['node_modules', '__pycache__']);

/** Neighbours beyond these explain nothing that the first do not. */
const MOST_NEIGHBOURS = 400;
const MOST_NEIGHBOUR_BYTES = 64 * 2 ** 20;

/** Could this name stand for a golden file, a memory file or a Verilog file list? */
export function isCandidateName(name: string): boolean {
  return isGoldenName(name) || LIST.test(name);
}

/**
 * The files to look at, by folder: those named, and below named folders those whose names could stand for golden files. Hidden folders,
 * links and `node_modules` are left out.
 * @param paths absolute
 * @throws Problem `usage` naming a path that does not exist
 */
export async function collectFiles(paths: readonly string[], signal?: AbortSignal): Promise<Map<string, string[]>> {
  const folders = new Map<string, Set<string>>();
  const add = (file: string): void => {
    const folder = path.dirname(file);
    folders.set(folder, (folders.get(folder) ?? new Set()).add(file));
  };
  for (const wanted of paths) {
    const status = await fs.stat(wanted).catch((error: unknown) => {
      throw unreadable(wanted, error);
    });
    if (status.isDirectory()) for (const file of await filesBelow(wanted, signal)) add(file);
    else add(wanted);
  }
  return new Map([...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, files]) => [folder, [...files].sort(byNumber)]));
}

async function filesBelow(folder: string, signal: AbortSignal | undefined): Promise<string[]> {
  await breathe(signal);
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const found: string[] = [];
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isFile() && isCandidateName(entry.name)) found.push(file);
    else if (entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED_FOLDERS.has(entry.name)) found.push(...(await filesBelow(file, signal)));
  }
  return found;
}

/**
 * Reads a file as UTF-8 text.
 * @returns undefined when it is larger than `largest`
 * @throws Problem `usage` when it cannot be read
 */
export async function readText(file: string, largest = LARGEST_FILE): Promise<FolderText | undefined> {
  try {
    if ((await fs.stat(file)).size > largest) return undefined;
    const bytes = await fs.readFile(file);
    return { file, bytes, text: bytes.toString('utf8') };
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Files of a folder that were read, and the paths of those that are there too, but too many or too large. */
export interface Neighbours {
  readonly texts: readonly FolderText[];
  readonly unread: readonly string[];
}

/** The files beside some files of a folder, as far as they are needed to read these. */
export async function readNeighbours(folder: string, files: readonly string[], signal?: AbortSignal, largest?: number): Promise<readonly FolderText[]> {
  return (await neighboursOf(folder, files, signal, largest)).texts;
}

/** The same, with the names of those that were left out. */
export async function neighboursOf(folder: string, files: readonly string[], signal?: AbortSignal, largest?: number): Promise<Neighbours> {
  return readSome(await candidatesIn(folder, files), MOST_NEIGHBOURS, MOST_NEIGHBOUR_BYTES, signal, largest);
}

/** The beginning of a file, up to its last whole line. */
export interface FileBeginning {
  readonly name: string;
  /** Bytes of the whole file. */
  readonly size: number;
  readonly head: string;
}

/**
 * How the files of a folder begin that could be golden ones, as many as {@link neighboursOf} reads; one that vanishes or cannot be read is none.
 * @param sizes which sizes, in bytes, are asked for
 */
export async function beginningsIn(folder: string, without: readonly string[], bytes: number, sizes: (size: number) => boolean, signal?: AbortSignal): Promise<FileBeginning[]> {
  const found: FileBeginning[] = [];
  for (const file of (await candidatesIn(folder, without)).slice(0, MOST_NEIGHBOURS)) {
    await breathe(signal);
    const beginning = await beginningOf(file, bytes, sizes).catch((error: unknown) => {
      if (errno(error) === undefined) throw error;
      return undefined;
    });
    if (beginning !== undefined) found.push(beginning);
  }
  return found;
}

async function beginningOf(file: string, bytes: number, sizes: (size: number) => boolean): Promise<FileBeginning | undefined> {
  const handle = await fs.open(file);
  try {
    const { size } = await handle.stat();
    if (!sizes(size)) return undefined;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(bytes, size)), 0, Math.min(bytes, size), 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    return { name: path.basename(file), size, head: bytesRead === size ? text : text.slice(0, text.lastIndexOf('\n') + 1) };
  } finally {
    await handle.close();
  }
}

/** Files of a folder whose names could stand for golden files, but for some. */
async function candidatesIn(folder: string, without: readonly string[]): Promise<string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const known = new Set(without);
  return entries.filter((entry) => entry.isFile() && isCandidateName(entry.name)).map(({ name }) => path.join(folder, name)).filter((file) => !known.has(file)).sort(byNumber);
}

/** Reads files in their order up to a number and a sum of bytes. */
export async function readSome(files: readonly string[], most: number, mostBytes: number, signal?: AbortSignal, largest?: number): Promise<Neighbours> {
  const texts: FolderText[] = [];
  let bytes = 0;
  for (const [i, file] of files.slice(0, most).entries()) {
    await breathe(signal);
    // One that vanishes or cannot be read explains nothing, and that is all
    const text = await readText(file, largest).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'usage') return undefined;
      throw error;
    });
    if (text === undefined) continue;
    bytes += text.bytes.length;
    if (bytes > mostBytes) return { texts, unread: without(files, texts, i) };
    texts.push(text);
  }
  return { texts, unread: without(files, texts, most) };
}

/** Files behind the end of reading, and those before it that gave no text. */
function without(files: readonly string[], texts: readonly FolderText[], end: number): string[] {
  const read = new Set(texts.map(({ file }) => file));
  return files.filter((file, i) => i >= end || !read.has(file));
}

function unreadable(file: string, error: unknown): unknown {
  const code = errno(error);
  if (code === undefined) return error;
  const why = code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder, not a file' : `cannot be read (${code})`;
  return new Problem('usage', `${file} ${why}.`, 'Check the path.', {}, { cause: error });
}

/** `kij2` before `kij10`. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
