import { Problem } from '../engine/problem';
import { describeContent } from './fileSignature';

/** What the header of a `.npy` file says. */
export interface NpyHeader {
  /** Kind and size of one element as NumPy writes it, without the byte order: `f4`, `i1`, `b1`. */
  readonly type: string;
  readonly bytesPerElement: number;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Number of elements: the product of `shape`. */
  readonly count: number;
  /** First byte of the data. */
  readonly dataOffset: number;
}

/** NumPy's names of the element types that are read. */
export const NPY_TYPES: Readonly<Record<string, string>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
};

const SAVE_AGAIN = 'Save the tensor with numpy.save(path, array).';

/**
 * Reads and checks the header of a `.npy` file: versions 1 to 3 of the format.
 * @throws Problem `npy-format`, `npy-truncated`, `npy-dtype`, `npy-shape`
 */
export function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  const place = { file };
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    const seen = describeContent(bytes);
    throw new Problem('npy-format', `This is not a .npy file: it ${seen === undefined ? 'does not begin with the NumPy signature' : `is ${seen}`}.`, adviceFor(seen), place);
  }
  const version = bytes[6] ?? 0;
  const prefix = version === 1 ? 10 : 12;
  if (bytes.length < prefix) throw new Problem('npy-truncated', `The file ends after ${bytes.length} bytes, inside its header.`, 'Copy or save the file again.', place);
  if (version < 1 || version > 3) throw new Problem('npy-format', `The file says it is of .npy version ${version}; versions 1 to 3 exist.`, SAVE_AGAIN, place);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataOffset = prefix + length;
  if (dataOffset > bytes.length) throw new Problem('npy-truncated', `The header should end at byte ${dataOffset}, but the file has ${bytes.length} bytes.`, 'Copy or save the file again.', place);
  if (length > MAX_HEADER) throw new Problem('npy-format', `The header is ${length} bytes long; a tensor's is below ${MAX_HEADER}.`, SAVE_AGAIN, place);
  const text = new TextDecoder('latin1').decode(bytes.subarray(prefix, dataOffset));
  return { ...parseDictionary(text, file), dataOffset };
}

/** NumPy itself refuses longer headers unless told to trust the file. */
const MAX_HEADER = 10_000;

function parseDictionary(text: string, file: string): Omit<NpyHeader, 'dataOffset'> {
  const place = { file };
  const fields = /^\s*\{.*\}\s*$/s.test(text) ? text : '';
  const fortran = /'fortran_order'\s*:\s*(True|False)\b/.exec(fields)?.[1];
  const shapeText = /'shape'\s*:\s*\(([^()]*)\)/.exec(fields)?.[1];
  const hasType = /'descr'\s*:/.test(fields);
  if (fortran === undefined || shapeText === undefined || !hasType) {
    throw new Problem('npy-format', 'The header does not name dtype, order and shape.', SAVE_AGAIN, place);
  }
  const descr = /'descr'\s*:\s*'([<>|=]?)([A-Za-z]\w*)'/.exec(fields);
  const type = descr?.[2] ?? 'a structured or nested type';
  const bytesPerElement = NPY_TYPES[type] === undefined ? 0 : Number(type.slice(1));
  if (bytesPerElement === 0) {
    throw new Problem('npy-dtype', `The elements are of dtype ${describeType(type)}.`, `Save the tensor as one of ${Object.values(NPY_TYPES).join(', ')}: array.astype("float32").`, place);
  }
  const shape = shapeText
    .split(',')
    .map((size) => size.trim())
    .filter((size, i, all) => size !== '' || i < all.length - 1)
    .map((size) => (/^\d{1,15}L?$/.test(size) ? Number(size.replace('L', '')) : NaN));
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count)) throw new Problem('npy-shape', `The header gives the shape (${shapeText}).`, SAVE_AGAIN, place);
  return { type, bytesPerElement, bigEndian: descr?.[1] === '>', fortranOrder: fortran === 'True', shape, count };
}

function describeType(type: string): string {
  const kinds: Readonly<Record<string, string>> = { O: 'object (pickled Python objects)', U: 'unicode text', S: 'bytes', c: 'complex', V: 'raw bytes (bfloat16 is saved so)', M: 'date', m: 'time' };
  return type.length < 5 && kinds[type[0] ?? ''] !== undefined ? `${type}, ${kinds[type[0] ?? '']!}` : type;
}

function adviceFor(seen: string | undefined): string {
  if (seen?.includes('.npz')) return 'Save the one array alone: numpy.save("x.npy", numpy.load("x.npz")["name"]).';
  if (seen?.includes('PyTorch')) return 'Save the tensor as .npy: numpy.save("x.npy", tensor.detach().cpu().numpy()).';
  if (seen?.includes('Git LFS')) return 'Fetch the file with "git lfs pull".';
  return SAVE_AGAIN;
}
