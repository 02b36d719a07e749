import fs from 'node:fs';
import { Problem } from '../../engine/problem';
import type { ByteSource } from '../../vectors/dump/byteSource';
import { errno } from '../disk';
import type { OpenedText } from './openedText';
import { openText, openTwins } from './openedText';
import type { CheckRun } from './spec';

/** Files that stay open while they are compared. Their sources can be read afterwards as well, as long as the files stay as they were. */
export class OpenFiles {
  private readonly opened: { descriptor: number | undefined }[] = [];
  private readonly sources = new Map<string, ByteSource>();
  private readonly texts = new Map<string, Promise<OpenedText>>();

  /** @throws Problem `usage` when the file cannot be read, or has changed since it was closed */
  open(file: string): ByteSource {
    const source = this.sources.get(file) ?? this.openNow(file);
    this.sources.set(file, source);
    return source;
  }

  /** The data lines of a file, which is gone through once however often it is asked for. @throws Problem as {@link open} does; `cancelled` */
  text(file: string, run: CheckRun): Promise<OpenedText> {
    const text = this.texts.get(file) ?? openText(this.open(file), run);
    this.texts.set(file, text);
    return text;
  }

  /** Goes through a golden file and the dump that it is compared with together, as far as they are equal. */
  async together(golden: string, dump: string, run: CheckRun): Promise<void> {
    if (golden === dump || sizeOf(golden) !== sizeOf(dump)) return;
    const [dumpSource, goldenSource] = [this.open(dump), this.open(golden)];
    const twins = await openTwins(goldenSource, dumpSource, run);
    if (twins === undefined) return;
    this.texts.set(golden, Promise.resolve(twins.golden));
    this.texts.set(dump, Promise.resolve(twins.dump));
  }

  private openNow(file: string): ByteSource {
    const { descriptor, stamp, size } = openFile(file);
    const state: { descriptor: number | undefined } = { descriptor };
    this.opened.push(state);
    const read: ByteSource['read'] = (offset, into) => (state.descriptor === undefined ? readAgain(file, stamp, offset, into) : readFully(state.descriptor, offset, into, file));
    return { name: file, size, read };
  }

  closeAll(): void {
    this.sources.clear();
    this.texts.clear();
    for (const state of this.opened.splice(0)) {
      if (state.descriptor !== undefined) fs.closeSync(state.descriptor);
      state.descriptor = undefined;
    }
  }
}

/** Of a file; undefined when there is none, which opening it says better. */
function sizeOf(file: string): number | undefined {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  return status?.isFile() === true ? status.size : undefined;
}

function openFile(file: string): { readonly descriptor: number; readonly stamp: string; readonly size: number } {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(file, 'r');
    const status = fs.fstatSync(descriptor);
    if (status.isDirectory()) throw new Problem('usage', `${file} is a folder.`, 'Name the file in it that is meant; several that hold the words of an entry side by side as col0.memh,col1.memh (a list in tilescope.json).');
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
  // A Problem has a code as well
  const code = error instanceof Problem ? undefined : errno(error);
  if (code === undefined) return error;
  return new Problem('usage', `${file} ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}.`, 'Check the path.', {}, { cause: error });
}
