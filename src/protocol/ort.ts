/**
 * Messages between TileScope and the process that runs ONNX Runtime. They travel over Node's IPC with serialization `advanced`, which
 * keeps typed arrays. Each request is answered by exactly one reply of the same `id`.
 */

/** Elements of a tensor, in C order. */
export type OrtData = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

/** A tensor that goes in or comes out of a run. */
export interface OrtTensor {
  /** ONNX Runtime's name of the element type: `float32`, `int8`, `int4` (two a byte). */
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: OrtData;
}

export type OrtTensors = Readonly<Record<string, OrtTensor>>;

/** Loads a model; the process holds one. */
export interface OrtOpen {
  readonly type: 'open';
  readonly id: number;
  readonly model: Uint8Array;
  /** Files of tensor data that the model refers to, by their location in it. */
  readonly external: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Runs the loaded model and returns the tensors named in `fetches`. */
export interface OrtRun {
  readonly type: 'run';
  readonly id: number;
  readonly feeds: OrtTensors;
  readonly fetches: readonly string[];
}

export type OrtRequest = OrtOpen | OrtRun;

export interface OrtOpened {
  readonly type: 'opened';
  readonly id: number;
}

export interface OrtRan {
  readonly type: 'ran';
  readonly id: number;
  readonly outputs: OrtTensors;
}

export interface OrtFailed {
  readonly type: 'failed';
  readonly id: number;
  /** What failed: loading ONNX Runtime itself, loading the model, or running it. */
  readonly stage: 'runtime' | 'model' | 'run';
  readonly message: string;
}

export type OrtReply = OrtOpened | OrtRan | OrtFailed;

export function isOrtRequest(value: unknown): value is OrtRequest {
  if (!isMessage(value)) return false;
  switch (value['type']) {
    case 'open':
      return value['model'] instanceof Uint8Array && Array.isArray(value['external']) && value['external'].every(isExternalFile);
    case 'run':
      return isTensors(value['feeds']) && Array.isArray(value['fetches']) && value['fetches'].every((name) => typeof name === 'string');
    default:
      return false;
  }
}

export function isOrtReply(value: unknown): value is OrtReply {
  if (!isMessage(value)) return false;
  switch (value['type']) {
    case 'opened':
      return true;
    case 'ran':
      return isTensors(value['outputs']);
    case 'failed':
      return ['runtime', 'model', 'run'].includes(String(value['stage'])) && typeof value['message'] === 'string';
    default:
      return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isMessage(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && Number.isSafeInteger(value['id']);
}

function isTensors(value: unknown): value is OrtTensors {
  return isRecord(value) && Object.values(value).every(isTensor);
}

function isTensor(value: unknown): value is OrtTensor {
  return (
    isRecord(value) &&
    typeof value['type'] === 'string' &&
    Array.isArray(value['dims']) &&
    value['dims'].every((size) => Number.isSafeInteger(size) && Number(size) >= 0) &&
    ArrayBuffer.isView(value['data']) &&
    !(value['data'] instanceof DataView)
  );
}

function isExternalFile(value: unknown): boolean {
  return isRecord(value) && typeof value['path'] === 'string' && value['data'] instanceof Uint8Array;
}
