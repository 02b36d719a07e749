import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Problem } from '../engine/problem';
import type { IntegerFormat } from '../engine/width';
import { extremes, fitToWidth } from '../engine/width';
import { formatIndex } from '../model/npyConvert';
import type { Entry } from './entry';
import type { FileDigest } from './manifest';

/** Digest of an input file, named relative to the configuration's folder. */
export async function digestOf(folder: string, file: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { path: path.relative(folder, file).split(path.sep).join('/'), sha256: hash.digest('hex') };
}

/**
 * Codes that their bits can hold, by the user's choice for those that they cannot.
 * @param shape of the tensor, to name the first place
 * @throws Problem `code-range` when the choice is to stop
 */
export function inRange(codes: Int32Array, format: IntegerFormat, entry: Entry, what: string, shape: readonly number[]): { codes: Int32Array; warnings: string[] } {
  const fitted = codes.slice();
  const overflow = fitToWidth(fitted, format, entry.outOfRange);
  if (overflow === undefined) return { codes: fitted, warnings: [] };
  const { min, max } = extremes(codes);
  const sign = format.signed ? 'signed' : 'unsigned';
  const found = `${overflow.count} of ${codes.length} ${what} codes do not fit ${format.bits} ${sign} bits (they span ${min} to ${max}); the first is ${overflow.firstValue} at ${formatIndex(overflow.firstIndex, shape)}`;
  if (entry.outOfRange !== 'error') return { codes: fitted, warnings: [`${found}: ${entry.outOfRange === 'wrap' ? 'wrapped' : 'saturated'}, as quantization.outOfRange says.`] };
  const why = !format.signed && min < 0 ? ' The layer does not follow a ReLU, so its input has negative values.' : '';
  throw new Problem('code-range', `${found}.${why}`, 'Choose another layer or more bits, or set quantization.outOfRange to "wrap" or "saturate".', entry.place('source'));
}

/** A problem of a key's value points at that key; the file that it is about stays in its text. */
export async function pointing<T>(entry: Entry, key: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
    const { file } = error.place;
    const what = file === undefined || error.what.includes(file) ? error.what : `${file}: ${error.what}`;
    throw new Problem(error.code, what, error.next, entry.place('source', key), { cause: error.cause ?? error });
  }
}
