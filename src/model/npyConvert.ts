import { Problem } from '../engine/problem';
import type { NpyTensor } from './npy';

/**
 * The elements as float32. float64 is rounded to the nearest float32; NaN and infinities pass, for the quantiser to refuse.
 * @throws Problem `npy-dtype` when the tensor is not of a float type
 */
export function asFloat32(tensor: NpyTensor): Float32Array {
  const { data, dtype, file } = tensor;
  if (data instanceof Float32Array) return data;
  if (data instanceof Float64Array) return new Float32Array(data);
  throw new Problem('npy-dtype', `A float tensor is needed here; the file holds ${dtype}.`, 'Save it as float32: array.astype("float32"). If it holds integer codes, say so: give it as codes.', { file });
}

/**
 * The elements as whole numbers of 32 bits. A float tensor passes if every element is a whole number.
 * @throws Problem `npy-dtype` naming the first element that is not whole or does not fit
 */
export function asInt32(tensor: NpyTensor): Int32Array {
  const { data, dtype, file, shape } = tensor;
  if (data instanceof Int32Array) return data;
  const result = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    // Number() of a 64-bit integer rounds, but never from outside the 32-bit range into it
    const value = Number(data[i]!);
    if (!Number.isInteger(value) || value !== (value | 0)) {
      const why = Number.isInteger(value) ? 'does not fit 32 bits' : 'is not a whole number';
      throw new Problem('npy-dtype', `Integer codes are needed here; element ${formatIndex(i, shape)} of the ${dtype} tensor is ${data[i]!}, which ${why}.`, 'Save the codes as integers: numpy.rint(codes).astype("int8"). If it holds real values, give them as a float source with its alpha.', { file });
    }
    result[i] = value;
  }
  return result;
}

/** `[0, 2, 1]` for a flat index into a tensor in C order. */
export function formatIndex(flat: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = flat;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${index.join(', ')}]`;
}
