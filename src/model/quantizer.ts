import { Problem } from '../engine/problem';
import { codeRange, MAX_BITS, MIN_BITS } from '../engine/quantize';
import type { Refusal } from './refusal';

/** How a convolution's input is quantised. Whatever the form in the model, a real value is `code * step`. */
export interface ActivationQuantizer {
  /** `clip-round`: Div, Clip, Mul, Round, Div, Mul as PyTorch exports the course's quantiser. `qdq`: QuantizeLinear, DequantizeLinear. `qonnx`: Quant. */
  readonly kind: 'clip-round' | 'qdq' | 'qonnx';
  /** Tensor of real values that is quantised. */
  readonly source: string;
  /** Tensor in which the model itself holds the codes, plus `zeroPoint`. */
  readonly codesTensor: string;
  readonly bits: number;
  /** Clipping threshold: `step` times the greatest code of `bits` bits. */
  readonly alpha: number;
  /** Real value of one code, float64. */
  readonly step: number;
  /** True when codes are two's complement numbers; `clip-round` codes are unsigned by design, though nothing cuts negative ones off. */
  readonly signed: boolean;
  /** What the model adds to a code to store it; 0 except for asymmetric `qdq`. */
  readonly zeroPoint: number;
  /**
   * Codes of real values by this quantiser's exact rule: float32 after every operation, half to even.
   * @throws Problem `not-finite`
   */
  quantize(x: Float32Array): Int32Array;
}

/** How a convolution's weights are quantised. A real weight is `code * step`. Both tensors are `[outChannels, inChannels, Kh, Kw]`. */
export interface WeightQuantizer {
  /** `clip-round`: quantised by the model from normalised weights. `frozen`: stored as quantised values (`weight_q`). `qdq`, `qonnx`: as for activations. */
  readonly kind: 'clip-round' | 'frozen' | 'qdq' | 'qonnx';
  readonly bits: number;
  /** Whether the model says the width, or the greatest code that occurs does: then it is the least width that holds all codes. */
  readonly bitsFrom: 'model' | 'weights';
  readonly alpha: number;
  readonly alphaFrom: 'model' | 'weights';
  /** Real value of one code, float64. */
  readonly step: number;
  codes(): Int32Array;
  /** What the model convolves with. */
  values(): Float32Array;
  /** Tensors that the model computes and whose product are the codes: magnitude and sign, or the codes alone; none when it stores them. */
  readonly runtime: readonly string[];
}

/** What was found where a quantiser is looked for; undefined when there is nothing of the kind. */
export type Found<T> = { readonly quantizer: T; readonly refusal?: undefined } | { readonly quantizer?: T; readonly refusal: Refusal } | undefined;

/** The least width TileScope has for codes from `min` to `max`; undefined when it takes more than {@link MAX_BITS}. */
export function bitsFor(min: number, max: number, signed: boolean): number | undefined {
  for (let bits = MIN_BITS; bits <= MAX_BITS; bits++) {
    const range = codeRange(bits, signed);
    if (min >= range.min && max <= range.max) return bits;
  }
  return undefined;
}

/** Greatest code of a width: 15 for 4 unsigned bits, 7 for 4 signed ones. */
export function greatestCode(bits: number, signed: boolean): number {
  return codeRange(bits, signed).max;
}

/** @throws Problem `not-finite` naming the first NaN or infinity */
export function requireFinite(x: Float32Array, what: string): void {
  const index = x.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new Problem('not-finite', `The ${what} holds ${x[index]!} at flat index ${index}.`, 'Check the tensor: NaN and infinities cannot be quantised.');
}
