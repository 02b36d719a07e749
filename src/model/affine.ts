import { roundHalfEven } from '../engine/float32';
import type { ActivationQuantizer, WeightQuantizer } from './quantizer';
import { bitsFor, greatestCode, requireFinite } from './quantizer';

/** Codes that an affine quantiser can give, zero point subtracted. */
export interface CodeLimits {
  readonly min: number;
  readonly max: number;
}

/** What an affine activation quantiser consists of. Codes here are without the zero point: a real value is `code * scale`. */
export interface AffineActivation {
  readonly kind: 'qdq' | 'qonnx';
  readonly source: string;
  readonly codesTensor: string;
  readonly scale: number;
  readonly zeroPoint: number;
  /** Where codes saturate. */
  readonly limits: CodeLimits;
  /** Real bounds to which the input is cut before it is divided, where the model does so. */
  readonly cut: CodeLimits;
}

/** @returns undefined when the codes take more than 8 bits */
export function affineActivation({ limits, cut, scale, ...names }: AffineActivation): ActivationQuantizer | undefined {
  const step = Math.fround(scale);
  const quantizeOne = (x: number): number => saturate(roundHalfEven(Math.fround(saturate(x, cut) / step)), limits);
  const range = { min: quantizeOne(-Infinity), max: quantizeOne(Infinity) };
  const signed = range.min < 0;
  const bits = bitsFor(range.min, range.max, signed);
  if (bits === undefined) return undefined;
  return {
    ...names,
    bits,
    signed,
    step,
    alpha: step * greatestCode(bits, signed),
    quantize: (x) => {
      requireFinite(x, 'activation tensor');
      return Int32Array.from(x, quantizeOne);
    },
  };
}

/** What an affine weight quantiser consists of. */
export interface AffineWeight {
  readonly kind: 'qdq' | 'qonnx';
  readonly scale: number;
  /** Without zero point. */
  readonly codes: Int32Array;
  /** Limits that the model states, or undefined when only the codes tell how wide they are. */
  readonly limits: CodeLimits | undefined;
  /** Tensor in which the model computes the codes, if it does. */
  readonly runtime: readonly string[];
}

/** @returns undefined when the codes take more than 8 bits */
export function affineWeight({ kind, scale, codes, limits, runtime }: AffineWeight): WeightQuantizer | undefined {
  const step = Math.fround(scale);
  const range = limits ?? { min: codes.reduce((least, code) => Math.min(least, code), 0), max: codes.reduce((most, code) => Math.max(most, code), 0) };
  const bits = bitsFor(range.min, range.max, true);
  if (bits === undefined) return undefined;
  const from = limits === undefined ? 'weights' : 'model';
  return {
    kind,
    bits,
    bitsFrom: from,
    alpha: step * greatestCode(bits, true),
    alphaFrom: from,
    step,
    codes: () => codes.slice(),
    values: () => Float32Array.from(codes, (code) => code * step),
    runtime,
  };
}

/** Quantises stored real weights the affine way. */
export function affineCodes(values: Float32Array, scale: number, limits: CodeLimits): Int32Array {
  const step = Math.fround(scale);
  return Int32Array.from(values, (value) => saturate(roundHalfEven(Math.fround(value / step)), limits));
}

export function saturate(x: number, { min, max }: CodeLimits): number {
  return Math.min(max, Math.max(min, x));
}
