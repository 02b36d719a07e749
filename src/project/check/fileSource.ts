import fs from 'node:fs';
import { Problem } from '../../engine/problem';
import type { ByteSource } from '../../vectors/dump/byteSource';
import { errno } from '../disk';

/** Files that stay open while they are compared. */
export class OpenFiles {
  private readonly descriptors: number[] = [];

  /** @throws Problem `usage` when the file cannot be read */
  open(file: string): ByteSource {
    try {
      const descriptor = fs.openSync(file, 'r');
      this.descriptors.push(descriptor);
      const status = fs.fstatSync(descriptor);
      if (status.isDirectory()) throw new Problem('usage', `${file} is a folder.`, 'Name the file in it that is meant; several that hold the words of an entry side by side as col0.memh,col1.memh (a list in tilescope.json).');
      if (!status.isFile()) throw new Problem('usage', `${file} is not a file.`, 'Name a file.');
      return { name: file, size: status.size, read: (offset, into) => readFully(descriptor, offset, into, file) };
    } catch (error) {
      throw unreadable(file, error);
    }
  }

  closeAll(): void {
    for (const descriptor of this.descriptors.splice(0)) fs.closeSync(descriptor);
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
  // A Problem has a code as well
  const code = error instanceof Problem ? undefined : errno(error);
  if (code === undefined) return error;
  return new Problem('usage', `${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}.`, 'Check the path.', {}, { cause: error });
}
