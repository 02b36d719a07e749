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
    return await work();
  } finally {
    await disk.rm(file, { force: true });
  }
}

async function acquire(disk: Disk, file: string, folder: string): Promise<void> {
  const mine = JSON.stringify({ pid: process.pid, host: os.hostname(), since: new Date().toISOString() } satisfies Holder);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await disk.writeFile(file, mine, { flag: 'wx' });
      return;
    } catch (error) {
      if (errno(error) !== 'EEXIST') throw error;
    }
    const found = await unlessMissing(disk.readFile(file, 'utf8'));
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder === undefined || isAlive(holder)) throw busy(file, folder, holder);
    await removeStale(disk, file, found);
  }
  throw busy(file, folder, undefined);
}

/** Takes a stale lock away, unless another run did so first and holds a fresh one by now. */
async function removeStale(disk: Disk, file: string, stale: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  if ((await unlessMissing(disk.rename(file, aside).then(() => true))) === undefined) return;
  if ((await disk.readFile(aside, 'utf8')) === stale) await disk.rm(aside);
  else await disk.rename(aside, file);
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
