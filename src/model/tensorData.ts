import { float16ToFloat32 } from 'npyjs';
import { Problem } from '../engine/problem';
import type { TensorProto } from './gen/onnx_pb';
import { TensorProto_DataLocation, TensorProto_DataType as DataType } from './gen/onnx_pb';

/** A tensor whose elements stand in the model, in C order. */
export interface ConstantTensor {
  readonly dims: readonly number[];
  /** ONNX element type as stored: `TensorProto.DataType`. */
  readonly type: number;
  /**
   * float16 and bfloat16 are widened to float32; bool and all integers of at most 32 signed bits, packed 4-bit ones too,
   * are Int32Array; uint32 is Float64Array.
   */
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | BigUint64Array;
}

/** Files of tensor data that stand beside a model: their bytes by the `location` that the model gives. */
export type ExternalData = ReadonlyMap<string, Uint8Array>;

interface Storage {
  /** Bits of one element in `raw_data`. */
  readonly bits: number;
  /** From little-endian bytes, aligned, exactly as long as the elements need. */
  fromRaw(bytes: Uint8Array, count: number): ConstantTensor['data'];
  /** From the typed field that ONNX prescribes for this element type. */
  fromFields(tensor: TensorProto, count: number): ConstantTensor['data'];
}

const int32 = (values: ArrayLike<number>): Int32Array => Int32Array.from(values);
const halfToFloat = (halves: Uint16Array): Float32Array => Float32Array.from(halves, (half) => float16ToFloat32(half));
const brainToFloat = (halves: Uint16Array): Float32Array => new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);

function nibbles(bytes: Uint8Array, count: number, signed: boolean): Int32Array {
  // the first of a pair stands in the low half of the byte
  return Int32Array.from({ length: count }, (_, i) => {
    const nibble = (bytes[i >> 1]! >> (i % 2 === 0 ? 0 : 4)) & 15;
    return signed && nibble > 7 ? nibble - 16 : nibble;
  });
}

function small(bits: number, view: new (buffer: ArrayBuffer) => ArrayLike<number>): Storage {
  return { bits, fromRaw: (bytes) => int32(new view(owned(bytes))), fromFields: (tensor) => int32(tensor.int32Data) };
}

function half(widen: (halves: Uint16Array) => Float32Array): Storage {
  return { bits: 16, fromRaw: (bytes) => widen(new Uint16Array(owned(bytes))), fromFields: (tensor) => widen(Uint16Array.from(tensor.int32Data)) };
}

function packed(signed: boolean): Storage {
  return { bits: 4, fromRaw: (bytes, count) => nibbles(bytes, count, signed), fromFields: (tensor, count) => nibbles(Uint8Array.from(tensor.int32Data), count, signed) };
}

const STORAGE: Readonly<Record<number, Storage | undefined>> = {
  [DataType.FLOAT]: { bits: 32, fromRaw: (bytes) => new Float32Array(owned(bytes)), fromFields: (tensor) => Float32Array.from(tensor.floatData) },
  [DataType.DOUBLE]: { bits: 64, fromRaw: (bytes) => new Float64Array(owned(bytes)), fromFields: (tensor) => Float64Array.from(tensor.doubleData) },
  [DataType.FLOAT16]: half(halfToFloat),
  [DataType.BFLOAT16]: half(brainToFloat),
  [DataType.INT8]: small(8, Int8Array),
  [DataType.UINT8]: small(8, Uint8Array),
  [DataType.BOOL]: small(8, Uint8Array),
  [DataType.INT16]: small(16, Int16Array),
  [DataType.UINT16]: small(16, Uint16Array),
  [DataType.INT32]: small(32, Int32Array),
  [DataType.UINT32]: { bits: 32, fromRaw: (bytes) => Float64Array.from(new Uint32Array(owned(bytes))), fromFields: (tensor) => Float64Array.from(tensor.uint64Data, Number) },
  [DataType.INT64]: { bits: 64, fromRaw: (bytes) => new BigInt64Array(owned(bytes)), fromFields: (tensor) => BigInt64Array.from(tensor.int64Data) },
  [DataType.UINT64]: { bits: 64, fromRaw: (bytes) => new BigUint64Array(owned(bytes)), fromFields: (tensor) => BigUint64Array.from(tensor.uint64Data) },
  [DataType.INT4]: packed(true),
  [DataType.UINT4]: packed(false),
};

/** True for the element types that {@link tensorData} reads: all but text, complex numbers and 8-bit floats. */
export function isReadable(tensor: TensorProto): boolean {
  return STORAGE[tensor.dataType] !== undefined;
}

/** `INT8` for 3: the name of an element type in ONNX. */
export function typeName(type: number): string {
  return DataType[type] ?? `type ${type}`;
}

/** More axes than any network's tensor has. */
export const MAX_RANK = 16;

/**
 * Sizes of a tensor in the model.
 * @throws Problem `onnx-format` when a size is negative or absurd
 */
export function tensorDims(tensor: TensorProto, file: string): number[] {
  const dims = tensor.dims.map(Number);
  const count = dims.reduce((product, size) => product * size, 1);
  if (dims.length <= MAX_RANK && dims.every((size) => size >= 0) && Number.isSafeInteger(count)) return dims;
  throw new Problem('onnx-format', `The tensor "${tensor.name}" has the shape [${dims.slice(0, MAX_RANK).join(', ')}].`, 'Export the model again: the file is damaged.', { file });
}

/**
 * Elements of a tensor in the model.
 * @throws Problem `onnx-format` when the data does not fill the shape or is of a type that no convolution has
 */
export function tensorData(tensor: TensorProto, external: ExternalData, file: string): ConstantTensor {
  const dims = tensorDims(tensor, file);
  const count = dims.reduce((product, size) => product * size, 1);
  const storage = STORAGE[tensor.dataType];
  if (storage === undefined) {
    throw new Problem('onnx-format', `The tensor "${tensor.name}" holds elements of ${typeName(tensor.dataType)}, which TileScope does not read.`, 'Export the model with float32 or integer tensors.', { file });
  }
  const raw = rawBytes(tensor, external, file);
  if (raw !== undefined) {
    const expected = Math.ceil((count * storage.bits) / 8);
    if (raw.length !== expected) throw countProblem(tensor, dims, `${expected} bytes`, `${raw.length}`, file);
    return { dims, type: tensor.dataType, data: storage.fromRaw(raw, count) };
  }
  const stored = tensor.floatData.length + tensor.int32Data.length + tensor.int64Data.length + tensor.doubleData.length + tensor.uint64Data.length;
  const needed = storage.bits === 4 ? Math.ceil(count / 2) : count;
  const data = stored === needed ? storage.fromFields(tensor, count) : undefined;
  if (data?.length !== count) throw countProblem(tensor, dims, `${needed} values`, `${stored}`, file);
  return { dims, type: tensor.dataType, data };
}

/** A buffer of its own: a typed array cannot begin at an odd byte of the file's. */
function owned(bytes: Uint8Array): ArrayBuffer {
  // not slice(): a Buffer's shares its memory
  return new Uint8Array(bytes).buffer;
}

function rawBytes(tensor: TensorProto, external: ExternalData, file: string): Uint8Array | undefined {
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return tensor.rawData.length > 0 ? tensor.rawData : undefined;
  const { location, offset, length } = externalPlace(tensor);
  const bytes = external.get(location);
  if (bytes === undefined) {
    throw new Problem('onnx-read', `The data of "${tensor.name}" stands in another file, "${location}", which is not at hand.`, 'Keep that file beside the model, or save the model as one file.', { file });
  }
  const end = length === undefined ? bytes.length : offset + length;
  if (end <= bytes.length && offset <= end) return bytes.subarray(offset, end);
  throw new Problem('onnx-format', `The data of "${tensor.name}" should be bytes ${offset} to ${end} of "${location}", which has ${bytes.length}.`, 'Export the model again, with its data file.', { file });
}

/** Where a tensor's data stands outside the model. Sizes in bytes. */
export function externalPlace(tensor: TensorProto): { location: string; offset: number; length: number | undefined } {
  const entry = (key: string): string | undefined => tensor.externalData.find((pair) => pair.key === key)?.value;
  const size = (text: string | undefined): number | undefined => (text === undefined ? undefined : /^\d{1,15}$/.test(text) ? Number(text) : NaN);
  return { location: entry('location') ?? '', offset: size(entry('offset')) ?? 0, length: size(entry('length')) };
}

function countProblem(tensor: TensorProto, dims: readonly number[], expected: string, found: string, file: string): Problem {
  return new Problem('onnx-format', `The tensor "${tensor.name}" of shape [${dims.join(', ')}] needs ${expected}; the model holds ${found}.`, 'Export the model again: the file is damaged.', { file });
}
