import { dump, parse } from 'npyjs';
import { Problem } from '../engine/problem';
import { readBoundedFile } from './boundedFile';
import type { NpyHeader } from './npyHeader';
import { NPY_TYPES, readNpyHeader } from './npyHeader';

/** Element storage of a tensor. float16 is read as float32, bool as 0 and 1. */
export type NpyData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** A tensor out of a `.npy` file, in C order (last axis fastest). */
export interface NpyTensor {
  /** Path that it was read from, for messages. */
  readonly file: string;
  /** NumPy's name of the type in the file: `float32`, `int8`, `bool`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: NpyData;
}

/**
 * Reads a `.npy` file: the only reader of that format in the project.
 * @throws Problem `npy-read`, `npy-format`, `npy-truncated`, `npy-dtype`, `npy-shape`
 */
export async function readNpy(path: string): Promise<NpyTensor> {
  return parseNpy(await readBoundedFile(path, { code: 'npy-read', noun: '.npy file' }), path);
}

/**
 * Decodes the bytes of a `.npy` file. Big-endian and Fortran-ordered files come out like all others.
 * @throws Problem `npy-format`, `npy-truncated`, `npy-dtype`, `npy-shape`
 */
export function parseNpy(bytes: Uint8Array, file: string): NpyTensor {
  const header = readNpyHeader(bytes, file);
  const expected = header.count * header.bytesPerElement;
  const found = bytes.length - header.dataOffset;
  if (found !== expected) throw lengthProblem(header, expected, found, file);
  // npyjs trusts the header: give it one that is plain, aligned and little-endian, with exactly its data behind it
  const data = parse(canonical(header, bytes)).data as NpyData;
  return { file, dtype: NPY_TYPES[header.type]!, shape: header.shape, data: header.fortranOrder ? toCOrder(data, header.shape) : data };
}

/**
 * Encodes a tensor as a `.npy` file.
 * @param array in C order, as many elements as the product of `shape`
 * @throws Problem `npy-shape`
 */
export function writeNpy(array: NpyData, shape: readonly number[]): Uint8Array {
  if (shape.reduce((product, size) => product * size, 1) !== array.length) {
    throw new Problem('npy-shape', `${array.length} elements do not fill the shape (${shape.join(', ')}).`, 'Give the shape that belongs to the elements.');
  }
  return new Uint8Array(dump(array, [...shape]));
}

function lengthProblem({ shape, type }: NpyHeader, expected: number, found: number, file: string): Problem {
  const wants = `Shape (${shape.join(', ')}) of ${NPY_TYPES[type]!} needs ${expected} bytes of data; the file has ${found}.`;
  return found < expected
    ? new Problem('npy-truncated', wants, 'Copy or save the file again: it was cut off.', { file })
    : new Problem('npy-format', `${wants} Something stands behind the tensor.`, 'Save one tensor a file with numpy.save(path, array).', { file });
}

/** The same tensor as an `.npy` image of version 1 whose data begins at a multiple of 64 and is little-endian. */
function canonical({ type, bytesPerElement, bigEndian, shape, dataOffset }: NpyHeader, bytes: Uint8Array): ArrayBuffer {
  const descr = type === 'b1' ? 'u1' : type;
  const text = `{'descr': '<${descr}', 'fortran_order': False, 'shape': (${shape.map((size) => `${size},`).join(' ')}), }`;
  const headerLength = Math.ceil((10 + text.length + 1) / 64) * 64;
  const image = new Uint8Array(headerLength + bytes.length - dataOffset);
  image.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (headerLength - 10) & 255, (headerLength - 10) >> 8]);
  image.set(new TextEncoder().encode(`${text.padEnd(headerLength - 11)}\n`), 10);
  const data = image.subarray(headerLength);
  data.set(bytes.subarray(dataOffset));
  if (bigEndian) for (let at = 0; at < data.length; at += bytesPerElement) data.subarray(at, at + bytesPerElement).reverse();
  return image.buffer;
}

/** Reorders first-axis-fastest elements to last-axis-fastest. */
function toCOrder(data: NpyData, shape: readonly number[]): NpyData {
  const ordered = data.slice();
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  const index = shape.map(() => 0);
  let source = 0;
  for (let target = 0; target < data.length; target++) {
    ordered[target] = data[source]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      source -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return ordered;
}
