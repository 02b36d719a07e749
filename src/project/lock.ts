import os from 'node:os';
import path from 'node:path';
import { Problem } from '../engine/problem';
import type { Disk } from './disk';
import { errno, unlessMissing } from './disk';

/** Who holds a lock; written into the lock file so that people and later runs can tell. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/**
 * Runs `work` while no other run may write the same folder. The lock is a file beside the folder; one left by a process
 * that no longer lives is taken over.
 *
 * @throws Problem `output-busy`
 */
export async function withLock<T>(disk: Disk, folder: string, work: () => Promise<T>): Promise<T> {
  const file = path.join(path.dirname(folder), `.${path.basename(folder)}.tilescope-lock`);
  await acquire(disk, file, folder);
  try {
    await sweep(disk, file);
    return await work();
  } finally {
    await disk.rm(file, { force: true });
  }
}

async function acquire(disk: Disk, file: string, folder: string): Promise<void> {
  const mine = JSON.stringify({ pid: process.pid, host: os.hostname(), since: new Date().toISOString() } satisfies Holder);
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await createWhole(disk, file, mine)) return;
    const found = await unlessMissing(disk.readFile(file, 'utf8'));
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder === undefined || isAlive(holder)) throw busy(file, folder, holder);
    await removeStale(disk, file, found);
  }
  throw busy(file, folder, undefined);
}

/**
 * Creates a file with its content or not at all: a full disk would otherwise leave an empty lock that nobody holds.
 * @returns false when it exists
 */
async function createWhole(disk: Disk, file: string, content: string): Promise<boolean> {
  const own = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    await disk.writeFile(own, content, { flag: 'wx' });
    await disk.link(own, file);
    return true;
  } catch (error) {
    // ENOENT: the run that holds the lock swept this file away, see below
    if (errno(error) === 'EEXIST' || errno(error) === 'ENOENT') return false;
    if (!LINKS_REFUSED.includes(errno(error) ?? '')) throw error;
    // A file system without links: a rename that must not replace is not to be had, so this is the best there is
    return await disk.writeFile(file, content, { flag: 'wx' }).then(() => true, (failure: unknown) => {
      if (errno(failure) === 'EEXIST') return false;
      return disk.rm(file, { force: true }).then(() => {
        throw failure;
      });
    });
  } finally {
    await disk.rm(own, { force: true });
  }
}

const LINKS_REFUSED = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV', 'EMLINK', 'UNKNOWN'];

/** Removes what processes that died while they made a lock left beside it. */
async function sweep(disk: Disk, file: string): Promise<void> {
  const begins = `${path.basename(file)}.`;
  for (const name of await disk.readdir(path.dirname(file))) {
    if (name.startsWith(begins)) await disk.rm(path.join(path.dirname(file), name), { force: true });
  }
}

/** Takes a stale lock away, unless another run did so first and holds a fresh one by now. */
async function removeStale(disk: Disk, file: string, stale: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  if ((await unlessMissing(disk.rename(file, aside).then(() => true))) === undefined) return;
  const moved = await unlessMissing(disk.readFile(aside, 'utf8'));
  if (moved === stale) await disk.rm(aside, { force: true });
  else if (moved !== undefined) await disk.rename(aside, file);
}

function isAlive(holder: Holder): boolean {
  if (holder.host !== os.hostname()) return true;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return errno(error) !== 'ESRCH';
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null;
    return typeof value?.pid === 'number' && typeof value.host === 'string' && typeof value.since === 'string' ? { pid: value.pid, host: value.host, since: value.since } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function busy(file: string, folder: string, holder: Holder | undefined): Problem {
  const who = holder === undefined ? 'Another run' : `Another run (process ${holder.pid} on ${holder.host}, since ${holder.since})`;
  return new Problem('output-busy', `${who} is writing ${folder}.`, `Wait for it to end; if none is running, delete ${file}.`);
}
