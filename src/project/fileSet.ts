import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../engine/problem';
import type { SetSummary } from '../protocol/report';
import { throwIfCancelled } from './breathe';
import type { Disk } from './disk';
import { errno, unlessMissing } from './disk';
import { withLock } from './lock';
import { MANIFEST_FILE, readWrittenFiles, sha256 } from './manifest';

/** A file of the set that is being written, relative to its folder, with `/`. */
export interface NewFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface SetOptions {
  readonly disk: Disk;
  /** Real path of the output folder, already found to be inside the workspace. */
  readonly folder: string;
  /** Replace files of the same name that TileScope did not write, or that were edited since. */
  readonly overwrite: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a set of files as one: a set is the old one or the new one, never a mixture.
 *
 * The new folder is built beside the old one and put in its place by two renames; for the instant between them there is none.
 * Unchanged files are carried over as the same file (hard link), so they keep their modification time. What TileScope did not
 * write moves along right after, whole folders at once. If the process dies in between, the next run finishes or undoes it.
 *
 * @param produce gives the files one by one; the last may depend on the others (the manifest)
 * @throws Problem `output-write`, `output-foreign`, `output-unsafe`, `output-busy`, `cancelled`
 */
export async function writeSet(options: SetOptions, produce: () => AsyncIterable<NewFile>): Promise<SetSummary> {
  const { disk, folder } = options;
  const parent = path.dirname(folder);
  const created = await explained(folder, disk.mkdir(parent, { recursive: true }));
  try {
    return await explained(
      folder,
      withLock(disk, folder, async () => {
        await recover(disk, folder);
        await refuseOtherThanFolder(disk, folder);
        return replaceFolder(options, produce);
      }),
    );
  } catch (error) {
    if (created !== undefined) await removeEmptyFolders(disk, created, parent);
    throw error;
  }
}

const stagingOf = (folder: string): string => path.join(path.dirname(folder), `.${path.basename(folder)}.tilescope-new`);
const retiredOf = (folder: string): string => path.join(path.dirname(folder), `.${path.basename(folder)}.tilescope-old`);

async function replaceFolder(options: SetOptions, produce: () => AsyncIterable<NewFile>): Promise<SetSummary> {
  const { disk, folder, signal } = options;
  const staging = stagingOf(folder);
  const before = await readWrittenFiles(disk, folder);
  const files: SetSummary['files'][number][] = [];
  const edited: string[] = [];
  try {
    await disk.mkdir(staging);
    for await (const file of produce()) {
      throwIfCancelled(signal);
      if (file.path.split('/').some((part) => part === '' || part === '.' || part === '..')) throw new Error(`"${file.path}" is no path inside a set`);
      const old = await oldContent(disk, folder, file.path);
      const unchanged = old?.equals(file.bytes) ?? false;
      if (old !== undefined && !unchanged) {
        const known = before.get(file.path);
        const isEdited = known !== undefined && known !== sha256(old);
        if ((known === undefined || isEdited) && file.path !== MANIFEST_FILE && !options.overwrite) throw foreign(folder, file.path, isEdited);
        if (isEdited) edited.push(file.path);
      }
      const target = path.join(staging, file.path);
      await disk.mkdir(path.dirname(target), { recursive: true });
      if (unchanged) await carryOver(disk, path.join(folder, file.path), target);
      else await disk.writeFile(target, file.bytes, { flag: 'wx' });
      files.push({ path: file.path, bytes: file.bytes.length, status: unchanged ? 'unchanged' : 'written' });
    }
    throwIfCancelled(signal);
    const kept = new Set(files.map((file) => file.path));
    const dropped = [...before.keys()].filter((file) => !kept.has(file));
    // A file that leaves the set but was edited by hand is the user's now
    const adopted = await editedSince(disk, folder, before, dropped);
    const removed = dropped.filter((file) => !adopted.includes(file));
    const ours = new Set([...[...before.keys()].filter((file) => !adopted.includes(file)), MANIFEST_FILE]);
    if (removed.length > 0 || files.some(({ status }) => status === 'written')) await swap(disk, folder, ours);
    else await disk.rm(staging, { recursive: true });
    return { folder, files, removed, edited, adopted };
  } catch (error) {
    await disk.rm(staging, { recursive: true, force: true });
    throw error;
  }
}

/** Puts the staged folder in the place of the old one. From here on nothing is cancelled. */
async function swap(disk: Disk, folder: string, ours: ReadonlySet<string>): Promise<void> {
  const retired = retiredOf(folder);
  const old = await unlessMissing(disk.stat(folder));
  if (old !== undefined) {
    await disk.chmod(stagingOf(folder), old.mode);
    await renamePatiently(disk, folder, retired);
  }
  try {
    await renamePatiently(disk, stagingOf(folder), folder);
  } catch (error) {
    if (old !== undefined) await restore(disk, folder, error);
    throw error;
  }
  if (old === undefined) return;
  try {
    await retire(disk, folder, ours);
  } catch (error) {
    throw new Problem(
      'output-write',
      `The new set is in ${folder}, but what stood beside the old one could not all be moved there from ${retired}: ${error instanceof Error ? error.message : String(error)}.`,
      'Remove the cause and run it again: the next run finishes the move.',
      {},
      { cause: error },
    );
  }
}

/** Brings the old folder back after the new one could not take its place. */
async function restore(disk: Disk, folder: string, cause: unknown): Promise<void> {
  try {
    await renamePatiently(disk, retiredOf(folder), folder);
  } catch (error) {
    if (errno(error) === undefined) throw error;
    throw new Problem('output-write', `${folder} could not be replaced and not be put back either (${errno(cause) ?? '?'}, ${errno(error) ?? '?'}). The old set is whole in ${retiredOf(folder)}.`, 'Close programs that use these folders; the next run puts it back.', {}, { cause: error });
  }
}

/** Virus scanners and indexers hold files for moments on Windows: a refused rename is tried again a few times there. */
async function renamePatiently(disk: Disk, from: string, to: string): Promise<void> {
  const attempts = process.platform === 'win32' ? 6 : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      await disk.rename(from, to);
      return;
    } catch (error) {
      if (attempt >= attempts || !['EPERM', 'EBUSY', 'EACCES'].includes(errno(error) ?? '')) throw error;
      await sleep(50 * 2 ** attempt);
    }
  }
}

/** Moves what TileScope did not write from the old folder into the new one, then removes the old one. */
async function retire(disk: Disk, folder: string, ours: ReadonlySet<string>): Promise<void> {
  const retired = retiredOf(folder);
  await moveOthers(disk, retired, folder, '', ours);
  await disk.rm(retired, { recursive: true });
}

/** Whole entries move at once; only folders that hold files of the set as well are entered. */
async function moveOthers(disk: Disk, from: string, to: string, below: string, ours: ReadonlySet<string>): Promise<void> {
  for (const entry of await disk.readdir(path.join(from, below), { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (ours.has(name)) continue;
    const holdsOurs = entry.isDirectory() && [...ours].some((file) => file.startsWith(`${name}/`));
    if (holdsOurs) await moveOthers(disk, from, to, name, ours);
    else if ((await unlessMissing(disk.lstat(path.join(to, name)))) === undefined) {
      await disk.mkdir(path.dirname(path.join(to, name)), { recursive: true });
      await disk.rename(path.join(from, name), path.join(to, name));
    } else if (entry.isDirectory()) await moveOthers(disk, from, to, name, ours);
  }
}

/** Those of the files whose content is no longer what TileScope wrote. */
async function editedSince(disk: Disk, folder: string, before: ReadonlyMap<string, string>, files: readonly string[]): Promise<string[]> {
  const edited: string[] = [];
  for (const file of files) {
    const content = await unlessMissing(disk.readFile(path.join(folder, file)));
    if (content !== undefined && sha256(content) !== before.get(file)) edited.push(file);
  }
  return edited;
}

/** Ends what a run that died left behind: before its swap the old folder comes back, after it the rest of the move is done. */
async function recover(disk: Disk, folder: string): Promise<void> {
  await disk.rm(stagingOf(folder), { recursive: true, force: true });
  const retired = retiredOf(folder);
  if ((await unlessMissing(disk.lstat(retired))) === undefined) return;
  if ((await unlessMissing(disk.lstat(folder))) === undefined) await disk.rename(retired, folder);
  else {
    const before = await readWrittenFiles(disk, retired);
    const adopted = await editedSince(disk, retired, before, [...before.keys()]);
    await retire(disk, folder, new Set([...[...before.keys()].filter((file) => !adopted.includes(file)), MANIFEST_FILE]));
  }
}

/** The swap would put a folder in the place of whatever stands there: a file of the user's must not vanish so. */
async function refuseOtherThanFolder(disk: Disk, folder: string): Promise<void> {
  const status = await unlessMissing(disk.lstat(folder));
  if (status === undefined || status.isDirectory()) return;
  throw new Problem('output-unsafe', `${folder} is a file, not a folder.`, 'Move it away or choose another output folder.');
}

/** Content of a file of the old folder, or undefined. A link or folder in its way is refused rather than replaced. */
async function oldContent(disk: Disk, folder: string, file: string): Promise<Buffer | undefined> {
  const parts = file.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const there = path.join(folder, ...parts.slice(0, depth));
    const status = await unlessMissing(disk.lstat(there));
    if (status === undefined) return undefined;
    if (depth < parts.length ? !status.isDirectory() : !status.isFile()) {
      throw new Problem('output-unsafe', `${there} is in the way: it is not a ${depth < parts.length ? 'folder' : 'file'} of the set.`, 'Move it away or choose another output folder.');
    }
  }
  return disk.readFile(path.join(folder, file));
}

/** The same file under a second name, so that its time stays; a copy with the same times where links cannot be made. */
async function carryOver(disk: Disk, from: string, to: string): Promise<void> {
  try {
    await disk.link(from, to);
  } catch (error) {
    if (errno(error) === undefined) throw error;
    await disk.copyFile(from, to);
    const { atime, mtime } = await disk.stat(from);
    await disk.utimes(to, atime, mtime);
  }
}

/** Removes the folders that were made for a set that did not come to be; stops at the first that holds something. */
async function removeEmptyFolders(disk: Disk, first: string, last: string): Promise<void> {
  for (let folder = last; folder.startsWith(first); folder = path.dirname(folder)) {
    try {
      await disk.rmdir(folder);
    } catch (error) {
      if (errno(error) === undefined) throw error;
      return;
    }
  }
}

function foreign(folder: string, file: string, edited: boolean): Problem {
  return new Problem(
    'output-foreign',
    `${path.join(folder, file)} ${edited ? 'was edited since TileScope wrote it' : 'exists with other content, and TileScope did not write it'}.`,
    'Choose another output folder, move the file away, or allow overwriting (--overwrite; VS Code asks).',
  );
}

const SYSTEM_ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['the disk is full', 'Free some space and run it again'],
  EDQUOT: ['your disk quota is used up', 'Free some space and run it again'],
  EACCES: ['permission is denied', 'Make the folder writable or choose another one'],
  EPERM: ['the system does not permit it', 'Close programs that use the folder, or choose another one'],
  EROFS: ['the file system is read-only', 'Choose another output folder'],
  EBUSY: ['the folder is in use', 'Close programs that use it and run it again'],
  ENOTDIR: ['a file stands where a folder is needed', 'Move the file away or choose another output folder'],
  EEXIST: ['a file stands where a folder is needed', 'Move the file away or choose another output folder'],
  EMFILE: ['too many files are open', 'Close some programs and run it again'],
};

/** Turns the system's refusals into problems; what the set was before stays as it is. */
async function explained<T>(folder: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    const code = errno(error);
    if (error instanceof Problem || code === undefined) throw error;
    const [why, next] = SYSTEM_ERRORS[code] ?? [`the system says ${code}`, 'Check the folder'];
    throw new Problem('output-write', `Could not write ${folder}: ${why}. Nothing was changed there.`, `${next}.`, {}, { cause: error });
  }
}
