import { constants } from 'node:fs';
import fs from 'node:fs/promises';

/** The file operations that a set is written with; tests give one that fails where a real disk would. */
export type Disk = Pick<typeof fs, 'access' | 'chmod' | 'copyFile' | 'link' | 'lstat' | 'mkdir' | 'open' | 'readFile' | 'readdir' | 'realpath' | 'rename' | 'rm' | 'rmdir' | 'stat' | 'utimes' | 'writeFile'>;

export const realDisk: Disk = fs;

/** The system's error code, `ENOENT` and the like. */
export function errno(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Resolves to undefined where the operation says that there is no such file; other errors stay errors. */
export async function unlessMissing<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Whether a file can be read now, without opening it. */
export async function readableFile(disk: Disk, file: string): Promise<boolean> {
  try {
    await disk.access(file, constants.R_OK);
    return (await disk.stat(file)).isFile();
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return false;
  }
}
