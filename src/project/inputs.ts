import path from 'node:path';
import { Problem } from '../engine/problem';
import type { IntegerFormat } from '../engine/width';
import { extremes, fitToWidth } from '../engine/width';
import { readBoundedFile } from '../model/boundedFile';
import type { NpyTensor } from '../model/npy';
import { parseNpy } from '../model/npy';
import { formatIndex } from '../model/npyConvert';
import type { Entry } from './entry';
import type { FileDigest } from './manifest';
import { sha256 } from './manifest';

/** Digest of the bytes that were read from an input file, named relative to the configuration's folder. */
export function digestOf(folder: string, file: string, bytes: Uint8Array): FileDigest {
  return { path: path.relative(folder, file).split(path.sep).join('/'), sha256: sha256(bytes) };
}

/** A `.npy` tensor and the digest of the very bytes that it came from. */
export async function readTensor(folder: string, file: string): Promise<{ tensor: NpyTensor; digest: FileDigest }> {
  const bytes = await readBoundedFile(file, { code: 'npy-read', noun: '.npy file' });
  return { tensor: parseNpy(bytes, file), digest: digestOf(folder, file, bytes) };
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
export async function pointing<T>(entry: Entry, key: string | ((problem: Problem) => string), work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
    const at = typeof key === 'string' ? key : key(error);
    // A threshold is given in the configuration, not in the file that it is for
    const place = error.code === 'alpha' ? entry.place('quantization') : entry.place('source', at);
    const { file } = error.place;
    const what = error.code === 'alpha' || file === undefined || error.what.includes(file) ? error.what : `${file}: ${error.what}`;
    throw new Problem(error.code, what, error.next, place, { cause: error.cause ?? error });
  }
}
