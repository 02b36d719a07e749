import type { ConvSpec } from '../engine/conv';
import { Problem } from '../engine/problem';
import { intAttribute } from './attributes';
import type { NodeProto } from './gen/onnx_pb';
import type { OnnxGraph, Shape } from './graph';
import { isOp, isStandard, nodeTitle } from './graph';
import { layerNames } from './layerName';
import type { ActivationQuantizer, WeightQuantizer } from './quantizer';
import { findActivationQuantizer, findWeightQuantizer } from './quantizers';
import type { Refusal } from './refusal';
import { damaged, grouped, operatorFormat, wrongDimensions } from './refusal';
import type { Shapes } from './shapes';
import { inferShapes } from './shapes';
import { windowOf } from './window';

/** Height and width in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** A convolution layer of a model, mappable or not. Lists hold one entry a spatial axis: height, width. */
export interface ConvLayer {
  /** Unique in the model: the module path (`features.3`) where the export keeps it. */
  readonly name: string;
  /** The convolution itself. */
  readonly node: NodeProto;
  readonly inChannels: number | undefined;
  readonly outChannels: number | undefined;
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** `[top, left, bottom, right]`; undefined when `auto_pad` needs an input size that the model leaves open. */
  readonly pads: readonly number[] | undefined;
  readonly group: number;
  /** Tensor that the convolution adds to each output channel, if any. */
  readonly bias: string | undefined;
  /** Image size where the model tells it. */
  readonly input: ImageSize | undefined;
  readonly output: ImageSize | undefined;
  /** Quantisers as far as they are recognised, in a refused layer too. */
  readonly activation: ActivationQuantizer | undefined;
  readonly weight: WeightQuantizer | undefined;
  /** Names of the nodes that follow directly. */
  readonly followedBy: { readonly batchNorm: string | undefined; readonly relu: string | undefined };
  /** Why the layer cannot be mapped; undefined when it can. */
  readonly refusal: Refusal | undefined;
}

/** A layer that can be mapped: nothing is missing. */
export interface MappableLayer extends ConvLayer {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly activation: ActivationQuantizer;
  readonly weight: WeightQuantizer;
  readonly refusal: undefined;
}

/** Operators that convolve, with the position of their weight and bias inputs. */
const CONVOLUTIONS: Readonly<Record<string, { weight: number; bias: number }>> = {
  Conv: { weight: 1, bias: 2 },
  ConvInteger: { weight: 1, bias: Infinity },
  QLinearConv: { weight: 3, bias: 8 },
};

/**
 * All convolution layers of a model, in its order. A layer that cannot be mapped is listed with the reason.
 * @throws Problem `onnx-format`, `onnx-read` when a parameter's data is damaged or missing
 */
export function listConvLayers(graph: OnnxGraph): ConvLayer[] {
  const shapes = inferShapes(graph);
  const nodes = graph.nodes.filter((node) => isStandard(node) && Object.hasOwn(CONVOLUTIONS, node.opType));
  const names = layerNames(nodes);
  return nodes.map((node, i) => describeLayer(graph, shapes, node, names[i]!));
}

/** @throws Problem `onnx-layer` that lists the layers there are */
export function findLayer(layers: readonly ConvLayer[], name: string, file: string): ConvLayer {
  const layer = layers.find((candidate) => candidate.name === name);
  if (layer !== undefined) return layer;
  if (layers.length === 0) throw new Problem('onnx-layer', 'The model has no convolution layer.', 'Give a model with Conv nodes in its main graph.', { file });
  throw new Problem('onnx-layer', `The model has no convolution layer "${name}".`, `Choose one of: ${layers.map((known) => known.name).join(', ')}.`, { file });
}

/** @throws Problem `onnx-unmappable` with the layer's own reason and remedy */
export function requireMappable(layer: ConvLayer, file: string): MappableLayer {
  if (isMappable(layer)) return layer;
  const { reason, remedy } = layer.refusal ?? damaged('The layer is described incompletely.');
  throw new Problem('onnx-unmappable', `The layer "${layer.name}" cannot be mapped. ${reason}`, remedy, { file });
}

/**
 * The convolution in the engine's terms, for an input image of the given size.
 * @throws Problem `onnx-unmappable` when `auto_pad` cannot be resolved
 */
export function convSpec(layer: MappableLayer, { height, width }: ImageSize, file: string): ConvSpec {
  const pads = windowOf(layer.node, layer.kernel, [height, width])?.pads;
  if (pads === undefined) throw new Problem('onnx-unmappable', `The padding of the layer "${layer.name}" is not known.`, 'Export the model with explicit pads.', { file });
  return {
    inChannels: layer.inChannels,
    outChannels: layer.outChannels,
    height,
    width,
    kernelHeight: layer.kernel[0],
    kernelWidth: layer.kernel[1],
    strideHeight: layer.strides[0],
    strideWidth: layer.strides[1],
    dilationHeight: layer.dilations[0],
    dilationWidth: layer.dilations[1],
    padding: { top: pads[0]!, left: pads[1]!, bottom: pads[2]!, right: pads[3]! },
  };
}

function isMappable(layer: ConvLayer): layer is MappableLayer {
  return layer.refusal === undefined && layer.activation !== undefined && layer.weight !== undefined && layer.inChannels !== undefined && layer.outChannels !== undefined && layer.kernel.length === 2;
}

function describeLayer(graph: OnnxGraph, shapes: Shapes, node: NodeProto, name: string): ConvLayer {
  const { weight: weightIndex, bias: biasIndex } = CONVOLUTIONS[node.opType]!;
  const weightName = node.input[weightIndex] ?? '';
  const bias = node.input[biasIndex] || undefined;
  const weightShape = shapes.get(weightName) ?? graph.constantDims(weightName);
  const image = shapes.get(node.input[0] ?? '');
  const kernel = weightShape?.slice(2).filter((size) => size !== undefined);
  const window = windowOf(node, kernel, image?.slice(2) ?? []);
  const group = intAttribute(node, 'group', 1);
  const perGroup = weightShape?.[1];
  const isConv = node.opType === 'Conv';
  const activation = isConv ? findActivationQuantizer(graph, node.input[0] ?? '') : undefined;
  const weight = isConv ? findWeightQuantizer(graph, weightName, bias !== undefined) : undefined;
  const described = {
    name,
    node,
    inChannels: perGroup === undefined ? undefined : perGroup * group,
    outChannels: weightShape?.[0],
    kernel: window?.kernel ?? kernel ?? [],
    strides: window?.strides ?? [],
    dilations: window?.dilations ?? [],
    pads: window?.pads,
    group,
    bias,
    input: imageSize(image),
    output: imageSize(shapes.get(node.output[0] ?? '')),
    activation: activation?.quantizer,
    weight: weight?.quantizer,
    followedBy: followers(graph, node),
  };
  const structural = weightShape === undefined && isConv ? undefined : structuralRefusal(described, weightShape ?? []);
  const unknown = described.inChannels === undefined || described.outChannels === undefined ? damaged(`The weight shape of ${nodeTitle(node)} is not known.`) : undefined;
  return { ...described, refusal: structural ?? firstRefusal(weight?.refusal, activation?.refusal) ?? unknown };
}

/** What stands in the way before any quantiser is looked at. */
function structuralRefusal(layer: Omit<ConvLayer, 'refusal'>, weightShape: Shape): Refusal | undefined {
  const { node, kernel, group, inChannels } = layer;
  if (node.opType !== 'Conv') return operatorFormat(node.opType);
  if (layer.strides.length === 0) return damaged(`The kernel, strides, dilations or pads of ${nodeTitle(node)} contradict each other.`);
  if (kernel.length !== 2) return wrongDimensions(kernel.length);
  if (kernel.some((size, axis) => size !== weightShape[axis + 2])) return damaged(`${nodeTitle(node)} has kernel_shape [${kernel.join(', ')}] but weights of [${weightShape.join(', ')}].`);
  return group === 1 ? undefined : grouped(group, group === inChannels);
}

/** A python-op or qonnx refusal names the export's form, which explains the rest. */
function firstRefusal(weight: Refusal | undefined, activation: Refusal | undefined): Refusal | undefined {
  const form = [weight, activation].find((refusal) => refusal?.kind === 'python-op' || refusal?.kind === 'qonnx');
  return form ?? weight ?? activation;
}

function imageSize(shape: Shape | undefined): ImageSize | undefined {
  const [, , height, width] = shape ?? [];
  return shape?.length === 4 && height !== undefined && width !== undefined ? { height, width } : undefined;
}

/** BatchNormalization and Relu right behind a convolution, as long as nothing else reads in between. */
function followers(graph: OnnxGraph, conv: NodeProto): ConvLayer['followedBy'] {
  const next = (node: NodeProto): NodeProto | undefined => {
    const readers = graph.consumers(node.output[0] ?? '');
    const only = readers.length === 1 ? readers[0] : undefined;
    return isOp(only, 'Identity') ? graph.consumers(only.output[0] ?? '')[0] : only;
  };
  const first = next(conv);
  const batchNorm = isOp(first, 'BatchNormalization') ? first : undefined;
  const second = batchNorm === undefined ? first : next(batchNorm);
  const title = (node: NodeProto): string => node.name || (node.output[0] ?? '');
  return { batchNorm: batchNorm && title(batchNorm), relu: isOp(second, 'Relu') ? title(second) : undefined };
}
