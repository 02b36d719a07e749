import { intAttribute } from './attributes';
import type { CodeLimits } from './affine';
import { affineActivation, affineCodes, affineWeight, saturate } from './affine';
import { clipped } from './clipping';
import type { NodeProto } from './gen/onnx_pb';
import { TensorProto_DataType as DataType } from './gen/onnx_pb';
import type { OnnxGraph } from './graph';
import { isStandard, nodeTitle } from './graph';
import type { ActivationQuantizer, Found, WeightQuantizer } from './quantizer';
import type { Refusal } from './refusal';
import { damaged, perChannel, unsupportedWidth, weightsComputed, zeroPoint } from './refusal';
import { typeName } from './tensorData';

const UNBOUNDED: CodeLimits = { min: -Infinity, max: Infinity };

/** Least and greatest stored code of the integer types that QuantizeLinear writes. */
const STORED: Readonly<Record<number, CodeLimits | undefined>> = {
  [DataType.INT4]: { min: -8, max: 7 },
  [DataType.UINT4]: { min: 0, max: 15 },
  [DataType.INT8]: { min: -128, max: 127 },
  [DataType.UINT8]: { min: 0, max: 255 },
  [DataType.INT16]: { min: -32768, max: 32767 },
  [DataType.UINT16]: { min: 0, max: 65535 },
};

/**
 * Recognises `x -> (Clip) -> QuantizeLinear -> (Clip) -> DequantizeLinear -> tensor`. A Clip of reals before, or of codes in between (as
 * Brevitas writes it), tells the real width where the integer type is wider.
 */
export function findQdqActivation(graph: OnnxGraph, tensor: string): Found<ActivationQuantizer> {
  const pair = findPair(graph, tensor);
  if (pair === undefined) return undefined;
  const { quantize, dequantize, codesTensor, codeClip } = pair;
  if (quantize === undefined) return undefined;
  const to = affineParameters(graph, quantize);
  const back = affineParameters(graph, dequantize);
  if ('kind' in to) return { refusal: to };
  if ('kind' in back) return { refusal: back };
  if (to.scale !== back.scale || to.zero !== back.zero) {
    return { refusal: damaged(`${nodeTitle(quantize)} and ${nodeTitle(dequantize)} disagree about scale or zero point.`) };
  }
  const before = clipped(graph, quantize.input[0] ?? '');
  const quantizer = affineActivation({
    kind: 'qdq',
    source: graph.origin(before?.tensor ?? quantize.input[0] ?? ''),
    codesTensor,
    scale: to.scale,
    zeroPoint: to.zero,
    limits: withoutZero(intersect(to.stored, codeClip), to.zero),
    cut: before ?? UNBOUNDED,
  });
  return quantizer === undefined ? { refusal: unsupportedWidth(`The activation codes of ${nodeTitle(quantize)} take more than 8 bits`) } : { quantizer };
}

/** Recognises weights as `stored integers -> (Clip) -> DequantizeLinear`, or as `stored reals -> QuantizeLinear -> (Clip) -> DequantizeLinear`. */
export function findQdqWeight(graph: OnnxGraph, tensor: string): Found<WeightQuantizer> {
  const pair = findPair(graph, tensor);
  if (pair === undefined) return undefined;
  const { quantize, dequantize, codesTensor, integers, codeClip } = pair;
  const parameters = affineParameters(graph, quantize ?? dequantize);
  if ('kind' in parameters) return { refusal: parameters };
  const { scale, zero } = parameters;
  if (zero !== 0) return { refusal: zeroPoint(zero) };
  const stored = graph.constant(quantize?.input[0] ?? integers);
  if (stored === undefined) return { refusal: weightsComputed(`${nodeTitle(quantize ?? dequantize)} reads "${quantize?.input[0] ?? codesTensor}", which is not stored`) };
  const { data } = stored;
  const limits = intersect(quantize === undefined ? STORED[stored.type] : parameters.stored, codeClip);
  const codes = codesOf(data, quantize === undefined ? undefined : scale, limits);
  if (codes === undefined) return { refusal: damaged(`The weights before ${nodeTitle(dequantize)} are of ${typeName(stored.type)}.`) };
  // int8 says nothing about 4-bit weights kept in it; a Clip or a 4-bit type does
  const stated = codeClip !== undefined || limits.max <= 15 ? limits : undefined;
  const quantizer = affineWeight({ kind: 'qdq', scale, codes, limits: stated, runtime: quantize === undefined ? [] : [codesTensor] });
  return quantizer === undefined ? { refusal: unsupportedWidth(`The weight codes of ${nodeTitle(dequantize)} take more than 8 bits`) } : { quantizer };
}

function codesOf(data: ArrayLike<number | bigint>, scale: number | undefined, limits: CodeLimits): Int32Array | undefined {
  if (scale === undefined) return data instanceof Int32Array ? data.map((code) => saturate(code, limits)) : undefined;
  return data instanceof Float32Array && data.every((value) => Number.isFinite(value)) ? affineCodes(data, scale, limits) : undefined;
}

interface Pair {
  /** Absent when stored integers are dequantised. */
  readonly quantize: NodeProto | undefined;
  readonly dequantize: NodeProto;
  /** Input of the DequantizeLinear: codes plus zero point. */
  readonly codesTensor: string;
  /** The same before a Clip of codes. */
  readonly integers: string;
  readonly codeClip: CodeLimits | undefined;
}

function findPair(graph: OnnxGraph, tensor: string): Pair | undefined {
  const dequantize = graph.maker(tensor);
  if (!isQdq(dequantize, 'DequantizeLinear')) return undefined;
  const codesTensor = dequantize.input[0] ?? '';
  const clip = clipped(graph, codesTensor);
  const integers = clip?.tensor ?? codesTensor;
  const quantize = graph.maker(integers);
  return { quantize: isQdq(quantize, 'QuantizeLinear') ? quantize : undefined, dequantize, codesTensor, integers, codeClip: clip && { min: clip.min, max: clip.max } };
}

/** ONNX Runtime has operators of the same names and meaning in its own domain, for 4 and 16 bits. */
function isQdq(node: NodeProto | undefined, opType: string): node is NodeProto {
  return node?.opType === opType && (isStandard(node) || node.domain === 'com.microsoft');
}

interface AffineParameters {
  readonly scale: number;
  readonly zero: number;
  /** Range of the stored integers. */
  readonly stored: CodeLimits;
}

/** Scale, zero point and integer type of a QuantizeLinear or DequantizeLinear, if they are one for the whole tensor. */
function affineParameters(graph: OnnxGraph, node: NodeProto): AffineParameters | Refusal {
  const [, scaleName = '', zeroName = ''] = node.input;
  const scale = uniform(graph, scaleName);
  const zero = zeroName === '' ? 0 : uniform(graph, zeroName);
  if (scale === undefined || zero === undefined) return damaged(`Scale or zero point of ${nodeTitle(node)} is not stored in the model as a number.`);
  if (scale === 'several' || zero === 'several') return perChannel(`${nodeTitle(node)} has`);
  if (!(Math.fround(scale) > 0 && Number.isFinite(scale))) return damaged(`${nodeTitle(node)} has the scale ${scale}; it must be positive.`);
  const type = graph.constant(zeroName)?.type ?? (intAttribute(node, 'output_dtype', 0) || DataType.UINT8);
  const stored = STORED[type];
  return stored === undefined ? unsupportedWidth(`${nodeTitle(node)} quantises to ${typeName(type)}`) : { scale, zero, stored };
}

/** The one value of a constant; `several` when its elements differ. */
function uniform(graph: OnnxGraph, tensor: string): number | 'several' | undefined {
  const data = graph.constant(tensor)?.data;
  const first = data?.[0];
  if (data === undefined || first === undefined) return undefined;
  return data.every((value: number | bigint) => value === first) ? Number(first) : 'several';
}

function intersect(a: CodeLimits | undefined, b: CodeLimits | undefined): CodeLimits {
  return { min: Math.max(a?.min ?? -Infinity, b?.min ?? -Infinity), max: Math.min(a?.max ?? Infinity, b?.max ?? Infinity) };
}

function withoutZero({ min, max }: CodeLimits, zero: number): CodeLimits {
  return { min: min - zero, max: max - zero };
}
