import { MAX_BITS, MIN_BITS, quantizeNormalizedWeights, weightLevels } from '../engine/quantize';
import type { OnnxGraph } from './graph';
import { EVIDENCE, distinctMagnitudes, findGrid, hasGridPerChannel } from './grid';
import type { Found, WeightQuantizer } from './quantizer';
import { bitsFor } from './quantizer';
import { batchNormFolded, damaged, noWeightQuantizer, perChannel } from './refusal';

/**
 * Recovers the codes of weights that the model stores already quantised, as `weight_q`: real values `code / n * alpha`.
 * alpha is taken from `<module>.weight_quant.wgt_alpha` where the model still has it, else from the values themselves.
 *
 * @param tensor the convolution's weight input
 * @param hasBias the convolution adds a bias, as one always does into which BatchNormalization was folded
 * @returns undefined when the tensor is not stored at all; a refusal when its values lie on no common grid
 */
export function findFrozenWeights(graph: OnnxGraph, tensor: string, hasBias: boolean): Found<WeightQuantizer> {
  const constant = graph.constant(tensor);
  if (constant === undefined) return undefined;
  const name = graph.origin(tensor);
  const values = constant.data;
  if (!(values instanceof Float32Array)) return { refusal: noWeightQuantizer(`"${name}" does not hold float32 values`) };
  if (!values.every((value) => Number.isFinite(value))) return { refusal: damaged(`The weights "${name}" hold NaN or infinities.`) };
  const quantizer = fromAlpha(values, alphaInModel(graph, name)) ?? fromValues(values);
  return quantizer === undefined ? { refusal: whyNoGrid(values, name, constant.dims[0] ?? 0, hasBias) } : { quantizer };
}

/** The alpha that PyTorch exports beside `features.3.weight_q`: `features.3.weight_quant.wgt_alpha`. */
function alphaInModel(graph: OnnxGraph, weight: string): number | undefined {
  const module = /^(.*?)\.?weight(_q)?$/.exec(weight)?.[1];
  if (module === undefined) return undefined;
  const candidates = [`${module}.weight_quant.wgt_alpha`, `${module}.wgt_alpha`];
  return candidates.map((candidate) => graph.scalar(candidate)).find((alpha) => alpha !== undefined);
}

/** Real numbers do not repeat: so many values for each different one were quantised. */
const REPEATED = 8;

/** The least width at which quantising with `alpha` gives back exactly the stored values. */
function fromAlpha(values: Float32Array, alpha: number | undefined): WeightQuantizer | undefined {
  if (alpha === undefined || !(alpha > 0)) return undefined;
  const magnitudes = Float32Array.from(distinctMagnitudes(values) ?? []);
  if (magnitudes.length === 0) return undefined;
  const scale = Math.fround(alpha);
  const normalized = magnitudes.map((value) => value / scale);
  for (let bits = MIN_BITS; bits <= MAX_BITS; bits++) {
    const again = quantizeNormalizedWeights(normalized, bits, alpha);
    if (again.values.every((value, i) => value === magnitudes[i])) {
      return frozen(values, { bits, bitsFrom: 'weights', alpha, alphaFrom: 'model', step: scale / weightLevels(bits) });
    }
  }
  return undefined;
}

/** Without an alpha to confirm it, a grid needs proof: enough different values on it, or many values that are the same few. */
function fromValues(values: Float32Array): WeightQuantizer | undefined {
  const different = distinctMagnitudes(values)?.length ?? 0;
  if (different < EVIDENCE && values.length < different * REPEATED) return undefined;
  const grid = findGrid(values);
  const bits = grid && bitsFor(-grid.maxCode, grid.maxCode, true);
  if (grid === undefined || bits === undefined) return undefined;
  // the product of a float32 and a small whole number is exact in float64: a tensor that uses its greatest code gives back its very alpha
  const alpha = (grid.greatest * weightLevels(bits)) / grid.maxCode;
  return frozen(values, { bits, bitsFrom: 'weights', alpha, alphaFrom: 'weights', step: grid.step });
}

function frozen(values: Float32Array, found: Pick<WeightQuantizer, 'bits' | 'bitsFrom' | 'alpha' | 'alphaFrom' | 'step'>): WeightQuantizer {
  return {
    ...found,
    kind: 'frozen',
    codes: () => Int32Array.from(values, (value) => Math.round(value / found.step)),
    values: () => values.slice(),
    runtime: [],
  };
}

function whyNoGrid(values: Float32Array, name: string, channels: number, hasBias: boolean): ReturnType<typeof batchNormFolded> {
  if (values.every((value) => value === 0)) return damaged(`All weights of "${name}" are zero: they have no step.`);
  if (!hasGridPerChannel(values, channels)) return noWeightQuantizer(`the values of "${name}" lie on no grid of 2 to 8 bits`);
  return hasBias ? batchNormFolded(name) : perChannel(`The weights "${name}" have, output channel by output channel,`);
}
