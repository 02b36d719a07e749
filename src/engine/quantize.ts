import { meanAndStd, roundHalfEven } from './float32';
import { Problem } from './problem';

/** Bit widths the quantisers accept, for weights and activations alike. */
export const MIN_BITS = 2;
export const MAX_BITS = 8;

/** Nothing cuts negative activations, and a code must still be a 32-bit integer. */
const LEAST_CODE = -(2 ** 31);

/** Integer codes and the real values that they stand for, both in the order of the input tensor. */
export interface Quantized {
  readonly codes: Int32Array;
  /** float32 value of each code: what the quantised network computes with (`weight_q`, `act_q`). */
  readonly values: Float32Array;
}

/** Positive levels of a weight quantiser: 7 at 4 bits. The code -8 never occurs. */
export function weightLevels(bits: number): number {
  return 2 ** (checkBits(bits) - 1) - 1;
}

/** Positive levels of an activation quantiser: 15 at 4 bits, 3 at 2. */
export function activationLevels(bits: number): number {
  return 2 ** checkBits(bits) - 1;
}

/**
 * Quantises a layer's float weights as the course's `weight_quantize_fn` does: normalise over the whole tensor,
 * divide by alpha, clamp to [-1, 1], round the magnitude to `2^(bits-1)-1` levels.
 *
 * @param weights float32 tensor of any shape; at least two elements that differ
 * @param alpha `wgt_alpha`, > 0
 * @throws Problem `not-finite`, `alpha`, `shape`
 */
export function quantizeWeights(weights: Float32Array, bits: number, alpha: number): Quantized & { mean: number; std: number } {
  checkFinite(weights, 'weight');
  checkAlpha(alpha, 'wgt_alpha');
  const { mean, std } = meanAndStd(weights);
  if (!(std > 0)) {
    throw new Problem('shape', `The weight tensor of ${weights.length} values has no spread (standard deviation ${std}), so it cannot be normalised.`, 'Give the trained weights, or give integer codes as the source.');
  }
  const scale = Math.fround(alpha);
  const normalized = weights.map((w) => Math.fround(Math.fround(w + -mean) / std)).map((x) => Math.fround(x / scale));
  return { ...quantizeNormalizedWeights(normalized, bits, alpha), mean, std };
}

/**
 * The second half of {@link quantizeWeights}: from `((w - mean) / std) / alpha`, which is what a PyTorch export
 * keeps of a layer's weights, to codes.
 */
export function quantizeNormalizedWeights(normalized: Float32Array, bits: number, alpha: number): Quantized {
  checkFinite(normalized, 'weight');
  checkAlpha(alpha, 'wgt_alpha');
  const levels = weightLevels(bits);
  const scale = Math.fround(alpha);
  const codes = new Int32Array(normalized.length);
  const values = new Float32Array(normalized.length);
  for (let i = 0; i < normalized.length; i++) {
    const clamped = Math.min(1, Math.max(-1, normalized[i]!));
    const magnitude = roundHalfEven(Math.fround(Math.abs(clamped) * levels));
    const sign = Math.sign(clamped);
    codes[i] = magnitude * sign;
    values[i] = Math.fround(Math.fround(Math.fround(magnitude / levels) * sign) * scale);
  }
  return { codes, values };
}

/**
 * Quantises activations: divide by alpha, cut at 1, round to `2^bits-1` levels. There is no lower cut, as in the
 * original: a layer whose input is not the output of a ReLU gets negative codes; `negative` counts them.
 *
 * @param alpha `act_alpha`, > 0
 * @throws Problem `not-finite`, `alpha`
 */
export function quantizeActivations(activations: Float32Array, bits: number, alpha: number): Quantized & { negative: number } {
  checkFinite(activations, 'activation');
  checkAlpha(alpha, 'act_alpha');
  const levels = activationLevels(bits);
  const scale = Math.fround(alpha);
  const codes = new Int32Array(activations.length);
  const values = new Float32Array(activations.length);
  let negative = 0;
  for (let i = 0; i < activations.length; i++) {
    const cut = Math.min(1, Math.fround(activations[i]! / scale));
    const code = roundHalfEven(Math.fround(cut * levels));
    if (code < LEAST_CODE) {
      throw new Problem('code-range', `The activation ${activations[i]!} at flat index ${i} is ${-code} steps below zero, far beyond any code.`, 'Check the tensor and act_alpha: they do not belong together.');
    }
    if (code < 0) negative++;
    codes[i] = code;
    values[i] = Math.fround(Math.fround(code / levels) * scale);
  }
  return { codes, values, negative };
}

/** Real value of one weight step and one activation step, in float64: `out * weightStep * activationStep` recovers a real output. */
export function stepSizes(bits: { weight: number; activation: number }, alpha: { weight: number; activation: number }): { weight: number; activation: number } {
  return {
    weight: Math.fround(alpha.weight) / weightLevels(bits.weight),
    activation: Math.fround(alpha.activation) / activationLevels(bits.activation),
  };
}

/** Least and greatest integer of `bits` bits. */
export function codeRange(bits: number, signed: boolean): { min: number; max: number } {
  return signed ? { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 } : { min: 0, max: 2 ** bits - 1 };
}

function checkBits(bits: number): number {
  if (Number.isInteger(bits) && bits >= MIN_BITS && bits <= MAX_BITS) return bits;
  throw new Problem('code-range', `${bits} bits is not a width TileScope quantises to.`, `Give a whole number from ${MIN_BITS} to ${MAX_BITS}.`);
}

function checkAlpha(alpha: number, name: string): void {
  if (Number.isFinite(alpha) && Math.fround(alpha) > 0) return;
  throw new Problem('alpha', `${name} is ${alpha}; a clipping threshold must be a positive number.`, `Read the trained ${name} from the model's checkpoint and give that.`);
}

function checkFinite(values: Float32Array, what: string): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new Problem('not-finite', `The ${what} tensor holds ${values[index]!} at flat index ${index}.`, 'Check the run that saved the tensor: NaN and infinities cannot be quantised.');
}
