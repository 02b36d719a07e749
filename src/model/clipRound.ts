import { activationLevels, MAX_BITS, MIN_BITS, quantizeActivations, quantizeNormalizedWeights, weightLevels } from '../engine/quantize';
import { clipped } from './clipping';
import type { NodeProto } from './gen/onnx_pb';
import type { OnnxGraph } from './graph';
import { isOp, nodeTitle } from './graph';
import type { ActivationQuantizer, Found, WeightQuantizer } from './quantizer';
import { damaged, unsupportedWidth, weightsComputed } from './refusal';

const WIDTHS: readonly number[] = Array.from({ length: MAX_BITS - MIN_BITS + 1 }, (_, i) => MIN_BITS + i);

/**
 * Recognises the course's activation quantiser before `tensor`: `x -> Div alpha -> Clip max 1 -> Mul n -> Round -> Div n -> Mul alpha`, with
 * `n = 2^bits - 1`. A lower bound of 0 on the Clip is understood too: then negative inputs get the code 0.
 */
export function findActivationChain(graph: OnnxGraph, tensor: string): Found<ActivationQuantizer> {
  const scaled = multiplied(graph, tensor);
  const tail = scaled && levelled(graph, scaled.tensor);
  if (tail === undefined) return undefined;
  const clip = clipped(graph, tail.tensor);
  if (clip?.max !== 1 || !(clip.min === 0 || clip.min === -Infinity)) return undefined;
  const start = quotient(graph, clip.tensor);
  if (start === undefined || start.by !== scaled?.by) return undefined;

  const alpha = start.by;
  const { round, levels } = tail;
  const what = `The activation quantiser ${nodeTitle(round)}`;
  if (!(alpha > 0)) return { refusal: damaged(`${what} has the threshold act_alpha = ${alpha}; it must be positive.`) };
  const bits = WIDTHS.find((width) => activationLevels(width) === levels);
  if (bits === undefined) return { refusal: unsupportedWidth(`${what} has ${levels + 1} levels`) };
  const cutBelow = clip.min === 0;
  return {
    quantizer: {
      kind: 'clip-round',
      source: graph.origin(start.tensor),
      codesTensor: round.output[0] ?? '',
      bits,
      alpha,
      step: Math.fround(alpha) / levels,
      signed: false,
      zeroPoint: 0,
      quantize: (x) => {
        const { codes } = quantizeActivations(x, bits, alpha);
        return cutBelow ? codes.map((code) => Math.max(0, code)) : codes;
      },
    },
  };
}

/**
 * Recognises the course's weight quantiser before `tensor`: `w -> Clip(-1, 1) -> Abs -> Mul n -> Round -> Div n -> Mul Sign -> Mul alpha`, with
 * `n = 2^(bits-1) - 1` and w the weights divided by their spread and by alpha, stored or computed from stored ones.
 */
export function findWeightChain(graph: OnnxGraph, tensor: string): Found<WeightQuantizer> {
  const scaled = multiplied(graph, tensor);
  const signed = scaled && signedLevels(graph, scaled.tensor);
  if (scaled === undefined || signed === undefined) return undefined;
  const clip = clipped(graph, signed.tensor);
  if (clip?.max !== 1 || clip.min !== -1) return undefined;

  const alpha = scaled.by;
  const { round, levels, sign } = signed;
  const what = `The weight quantiser ${nodeTitle(round)}`;
  if (!(alpha > 0)) return { refusal: damaged(`${what} has the threshold wgt_alpha = ${alpha}; it must be positive.`) };
  const bits = WIDTHS.find((width) => weightLevels(width) === levels);
  if (bits === undefined) return { refusal: unsupportedWidth(`${what} has ${2 * levels + 1} levels`) };
  const normalized = graph.constant(clip.tensor)?.data;
  if (!(normalized instanceof Float32Array)) {
    const maker = graph.maker(clip.tensor);
    return { refusal: weightsComputed(`${what} quantises the result of ${maker === undefined ? `the input "${clip.tensor}"` : nodeTitle(maker)}`) };
  }
  if (!normalized.every((value) => Number.isFinite(value))) return { refusal: damaged(`The weights before ${nodeTitle(round)} hold NaN or infinities.`) };
  return {
    quantizer: {
      kind: 'clip-round',
      bits,
      bitsFrom: 'model',
      alpha,
      alphaFrom: 'model',
      step: Math.fround(alpha) / levels,
      codes: () => quantizeNormalizedWeights(normalized, bits, alpha).codes,
      values: () => quantizeNormalizedWeights(normalized, bits, alpha).values,
      runtime: [round.output[0] ?? '', sign.output[0] ?? ''],
    },
  };
}

/** `Round(tensor * levels) / levels` */
interface Levelled {
  readonly tensor: string;
  readonly levels: number;
  readonly round: NodeProto;
}

function levelled(graph: OnnxGraph, tensor: string): Levelled | undefined {
  const rounded = quotient(graph, tensor);
  const round = rounded && graph.maker(rounded.tensor);
  if (!isOp(round, 'Round')) return undefined;
  const spread = multiplied(graph, round.input[0] ?? '');
  return spread !== undefined && spread.by === rounded?.by ? { tensor: spread.tensor, levels: spread.by, round } : undefined;
}

/** `Sign(tensor) * (Round(Abs(tensor) * levels) / levels)`, the factors in either order. */
function signedLevels(graph: OnnxGraph, tensor: string): (Levelled & { readonly sign: NodeProto }) | undefined {
  const product = graph.maker(tensor);
  if (!isOp(product, 'Mul')) return undefined;
  const sign = product.input.map((input) => graph.maker(input)).find((node) => isOp(node, 'Sign'));
  const tail = product.input.map((input) => levelled(graph, input)).find((found) => found !== undefined);
  const magnitude = tail && graph.maker(tail.tensor);
  if (sign === undefined || tail === undefined || !isOp(magnitude, 'Abs')) return undefined;
  const inside = graph.origin(sign.input[0] ?? '');
  return inside === graph.origin(magnitude.input[0] ?? '') ? { ...tail, tensor: inside, sign } : undefined;
}

/** One side of a Mul or Div, and the scalar on the other. */
interface Scaling {
  readonly tensor: string;
  readonly by: number;
}

/** What `tensor` is a scalar multiple of: `tensor * by`, the factors in either order. */
function multiplied(graph: OnnxGraph, tensor: string): Scaling | undefined {
  const node = graph.maker(tensor);
  if (!isOp(node, 'Mul')) return undefined;
  const [left = '', right = ''] = node.input;
  const byRight = factor(graph, right);
  if (byRight !== undefined) return { tensor: left, by: byRight };
  const byLeft = factor(graph, left);
  return byLeft === undefined ? undefined : { tensor: right, by: byLeft };
}

/** What `tensor` is a scalar fraction of: `tensor / by`. */
function quotient(graph: OnnxGraph, tensor: string): Scaling | undefined {
  const node = graph.maker(tensor);
  if (!isOp(node, 'Div')) return undefined;
  const [dividend = '', divisor = ''] = node.input;
  const by = factor(graph, divisor);
  return by === undefined ? undefined : { tensor: dividend, by };
}

/** A constant of one element, or one whose elements are all equal. */
function factor(graph: OnnxGraph, tensor: string): number | undefined {
  const constant = graph.constant(tensor);
  const first = constant?.data[0];
  return first !== undefined && constant?.data.every((value: number | bigint) => value === first) === true ? Number(first) : undefined;
}
