import fs from 'node:fs';
import { Problem } from '../../engine/problem';
import type { PageSource } from '../../vectors/pages/fileHead';
import { errno } from '../disk';

const PAGE = 1 << 16;
/** Bytes that are kept. */
const BUDGET = 8 << 20;
/** Longer reads are those of a pass over the file: keeping them would drop what is in view. */
const LONG_READ = PAGE * 2;

/** A file of any size that is open for reading: pages of it, the most recently used ones kept. */
export class PagedFile implements PageSource {
  private readonly pages = new Map<number, Uint8Array>();

  private constructor(
    readonly name: string,
    readonly size: number,
    private readonly descriptor: number,
  ) {}

  /** @throws Problem `usage` when the file cannot be read */
  static open(file: string): PagedFile {
    let descriptor: number | undefined;
    try {
      descriptor = fs.openSync(file, 'r');
      const status = fs.fstatSync(descriptor);
      if (!status.isFile()) throw new Problem('usage', `${file} is not a file.`, 'Name a file.');
      return new PagedFile(file, status.size, descriptor);
    } catch (error) {
      if (descriptor !== undefined) fs.closeSync(descriptor);
      throw unreadable(file, error);
    }
  }

  read(offset: number, into: Uint8Array): number {
    if (into.length >= LONG_READ) return this.direct(offset, into);
    let done = 0;
    while (done < into.length && offset + done < this.size) {
      const at = offset + done;
      const page = this.page(Math.floor(at / PAGE));
      const piece = page.subarray(at % PAGE, (at % PAGE) + into.length - done);
      // It became shorter since it was opened
      if (piece.length === 0) break;
      into.set(piece, done);
      done += piece.length;
    }
    return done;
  }

  text(bytes: Uint8Array): string {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  }

  latin1(bytes: Uint8Array): string {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }

  private page(number: number): Uint8Array {
    let page = this.pages.get(number);
    if (page === undefined) {
      const bytes = new Uint8Array(Math.min(PAGE, this.size - number * PAGE));
      page = bytes.subarray(0, this.direct(number * PAGE, bytes));
    }
    // The least recently used goes
    this.pages.delete(number);
    this.pages.set(number, page);
    if (this.pages.size > BUDGET / PAGE) this.pages.delete(this.pages.keys().next().value!);
    return page;
  }

  private direct(offset: number, into: Uint8Array): number {
    let done = 0;
    try {
      while (done < into.length) {
        const got = fs.readSync(this.descriptor, into, done, into.length - done, offset + done);
        if (got === 0) break;
        done += got;
      }
    } catch (error) {
      throw unreadable(this.name, error);
    }
    return done;
  }
}

function unreadable(file: string, error: unknown): unknown {
  const code = errno(error);
  if (code === undefined) return error;
  return new Problem('usage', `${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}.`, 'Check the path.', {}, { cause: error });
}
