import fs from 'node:fs';
import { Problem } from '../../engine/problem';
import type { ByteSource } from '../../vectors/dump/byteSource';
import { errno } from '../disk';

/** Files that stay open while they are compared. Their sources can be read afterwards as well, as long as the files stay as they were. */
export class OpenFiles {
  private readonly opened: { descriptor: number | undefined }[] = [];

  /** @throws Problem `usage` when the file cannot be read, or has changed since it was closed */
  open(file: string): ByteSource {
    const { descriptor, stamp, size } = openFile(file);
    const state: { descriptor: number | undefined } = { descriptor };
    this.opened.push(state);
    const read: ByteSource['read'] = (offset, into) => (state.descriptor === undefined ? readAgain(file, stamp, offset, into) : readFully(state.descriptor, offset, into, file));
    return { name: file, size, read };
  }

  closeAll(): void {
    for (const state of this.opened.splice(0)) {
      if (state.descriptor !== undefined) fs.closeSync(state.descriptor);
      state.descriptor = undefined;
    }
  }
}

function openFile(file: string): { readonly descriptor: number; readonly stamp: string; readonly size: number } {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(file, 'r');
    const status = fs.fstatSync(descriptor);
    if (!status.isFile()) throw new Problem('usage', `${file} is not a file.`, 'Name a file.');
    return { descriptor, stamp: `${status.size} ${status.mtimeMs}`, size: status.size };
  } catch (error) {
    if (descriptor !== undefined) fs.closeSync(descriptor);
    throw unreadable(file, error);
  }
}

function readAgain(file: string, stamp: string, offset: number, into: Uint8Array): number {
  const now = openFile(file);
  try {
    if (now.stamp !== stamp) throw new Problem('usage', `${file} has changed since it was compared.`, 'Compare it again.', { file });
    return readFully(now.descriptor, offset, into, file);
  } finally {
    fs.closeSync(now.descriptor);
  }
}

function readFully(descriptor: number, offset: number, into: Uint8Array, file: string): number {
  let done = 0;
  try {
    while (done < into.length) {
      const got = fs.readSync(descriptor, into, done, into.length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  return done;
}

function unreadable(file: string, error: unknown): unknown {
  const code = errno(error);
  if (code === undefined) return error;
  return new Problem('usage', `${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}.`, 'Check the path.', {}, { cause: error });
}
