import { intAttribute, textAttribute } from './attributes';
import type { CodeLimits } from './affine';
import { affineActivation, affineCodes, affineWeight } from './affine';
import type { NodeProto } from './gen/onnx_pb';
import type { OnnxGraph } from './graph';
import type { ActivationQuantizer, Found, WeightQuantizer } from './quantizer';
import { qonnx } from './refusal';

const DOMAINS = ['qonnx.custom_op.general', 'finn.custom_op.general', 'onnx.brevitas', 'qonnx', 'brevitas'];
const OPERATORS = ['Quant', 'IntQuant', 'BipolarQuant', 'Trunc', 'FloatQuant'];

/** Describes an activation quantiser of QONNX, which cannot be captured: the refusal always comes with it. */
export function findQonnxActivation(graph: OnnxGraph, tensor: string): Found<ActivationQuantizer> {
  const node = quantNode(graph, tensor);
  if (node === undefined) return undefined;
  const refusal = qonnx(node.opType, node.domain);
  const quant = parameters(graph, node);
  const quantizer = quant && affineActivation({ kind: 'qonnx', source: graph.origin(node.input[0] ?? ''), codesTensor: node.output[0] ?? '', scale: quant.scale, zeroPoint: 0, limits: quant.limits, cut: { min: -Infinity, max: Infinity } });
  return quantizer === undefined ? { refusal } : { refusal, quantizer };
}

/** Describes a weight quantiser of QONNX: the refusal always comes with it. */
export function findQonnxWeight(graph: OnnxGraph, tensor: string): Found<WeightQuantizer> {
  const node = quantNode(graph, tensor);
  if (node === undefined) return undefined;
  const refusal = qonnx(node.opType, node.domain);
  const quant = parameters(graph, node);
  const stored = graph.constant(node.input[0] ?? '')?.data;
  const known = quant !== undefined && stored instanceof Float32Array && stored.every((value) => Number.isFinite(value));
  const quantizer = known ? affineWeight({ kind: 'qonnx', scale: quant.scale, codes: affineCodes(stored, quant.scale, quant.limits), limits: quant.limits, runtime: [] }) : undefined;
  return quantizer === undefined ? { refusal } : { refusal, quantizer };
}

function quantNode(graph: OnnxGraph, tensor: string): NodeProto | undefined {
  const node = graph.maker(tensor);
  return node !== undefined && DOMAINS.includes(node.domain) && OPERATORS.includes(node.opType) ? node : undefined;
}

/** Scale and code range of a Quant, as far as they are plain: one scale, no zero point, rounding to nearest. */
function parameters(graph: OnnxGraph, node: NodeProto): { scale: number; limits: CodeLimits } | undefined {
  const [, scaleName = '', zeroName = '', bitsName = ''] = node.input;
  const scale = graph.scalar(scaleName);
  const bits = graph.scalar(bitsName);
  const plain = !['BipolarQuant', 'Trunc', 'FloatQuant'].includes(node.opType) && graph.scalar(zeroName) === 0 && /^ROUND$/i.test(textAttribute(node, 'rounding_mode', 'ROUND'));
  if (!plain || scale === undefined || !(scale > 0) || !Number.isFinite(scale) || bits === undefined || !Number.isInteger(bits) || bits < 1 || bits > 32) return undefined;
  const narrow = intAttribute(node, 'narrow', 0);
  const signed = intAttribute(node, 'signed', 1) === 1;
  return { scale, limits: signed ? { min: -(2 ** (bits - 1)) + narrow, max: 2 ** (bits - 1) - 1 } : { min: 0, max: 2 ** bits - 1 - narrow } };
}
