import { intAttribute, intsAttribute } from './attributes';
import type { NodeProto } from './gen/onnx_pb';
import type { OnnxGraph, Shape } from './graph';
import { isStandard } from './graph';
import { slide, windowOf } from './window';

/** Shapes by tensor name, as far as they are known. */
export type Shapes = ReadonlyMap<string, Shape>;

/**
 * Finds the shapes of a model's tensors: declared ones, and what follows from the input's through the operators of convolutional networks.
 * A shape that cannot be told is absent: nothing is guessed.
 */
export function inferShapes(graph: OnnxGraph): Shapes {
  const shapes = new Map<string, Shape>();
  const shapeOf = (tensor: string): Shape | undefined => shapes.get(tensor) ?? graph.constantDims(tensor);
  for (const { name, shape } of [...graph.outputs, ...graph.declared, ...graph.inputs]) if (shape !== undefined) shapes.set(name, shape);
  for (const node of graph.nodes) {
    const output = node.output[0];
    if (output === undefined || output === '') continue;
    const inferred = outputShape(node, graph, shapeOf);
    if (inferred !== undefined) shapes.set(output, refine(shapes.get(output), inferred));
  }
  return shapes;
}

type ShapeOf = (tensor: string) => Shape | undefined;

/** What a declaration leaves open is taken from what was inferred. */
function refine(declared: Shape | undefined, inferred: Shape): Shape {
  return declared?.length === inferred.length ? declared.map((size, axis) => size ?? inferred[axis]) : (declared ?? inferred);
}

/** Operators with one input image and one output image of the same shape. */
const ELEMENTWISE = new Set([
  ...['Relu', 'LeakyRelu', 'PRelu', 'Elu', 'Selu', 'Celu', 'Gelu', 'Sigmoid', 'HardSigmoid', 'HardSwish', 'Mish', 'Tanh', 'Softplus', 'Softsign', 'ThresholdedRelu', 'Erf'],
  ...['Clip', 'Abs', 'Neg', 'Sign', 'Round', 'Floor', 'Ceil', 'Sqrt', 'Exp', 'Log', 'Reciprocal', 'Softmax', 'LogSoftmax'],
  ...['Identity', 'Dropout', 'Cast', 'BatchNormalization', 'InstanceNormalization', 'LayerNormalization', 'GroupNormalization', 'LRN', 'QuantizeLinear', 'DequantizeLinear'],
]);

/** Quantisers of other domains that keep the shape of what they quantise. */
const FOREIGN_ELEMENTWISE = new Set(['Quant', 'IntQuant', 'BipolarQuant', 'Trunc', 'PythonOp', 'FakeQuant', 'QuantizeLinear', 'DequantizeLinear']);

const BROADCASTING = new Set(['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Pow', 'Sum', 'Mean']);

function outputShape(node: NodeProto, graph: OnnxGraph, shapeOf: ShapeOf): Shape | undefined {
  const [first] = node.input;
  const image = first === undefined || first === '' ? undefined : shapeOf(first);
  if (!isStandard(node)) return FOREIGN_ELEMENTWISE.has(node.opType) ? image : undefined;
  if (ELEMENTWISE.has(node.opType)) return image;
  if (BROADCASTING.has(node.opType)) return broadcast(node.input.map(shapeOf));
  switch (node.opType) {
    case 'Conv':
    case 'ConvInteger':
      return convShape(node, image, shapeOf(node.input[1] ?? ''));
    case 'QLinearConv':
      return convShape(node, image, shapeOf(node.input[3] ?? ''));
    case 'MaxPool':
    case 'AveragePool':
    case 'LpPool':
      return image && windowShape(node, image, image[1], undefined);
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
    case 'GlobalLpPool':
      return image?.map((size, axis) => (axis < 2 ? size : 1));
    case 'Concat':
      return concatShape(node.input.map(shapeOf), intAttribute(node, 'axis', 0));
    case 'Pad':
      return image && padShape(node, image, graph);
    default:
      return undefined;
  }
}

function convShape(node: NodeProto, image: Shape | undefined, weight: Shape | undefined): Shape | undefined {
  const kernel = weight?.slice(2);
  if (image === undefined || kernel === undefined || !kernel.every((size) => size !== undefined)) return undefined;
  return windowShape(node, image, weight?.[0], kernel);
}

function windowShape(node: NodeProto, image: Shape, channels: number | undefined, kernel: readonly number[] | undefined): Shape | undefined {
  const spatial = image.slice(2);
  const window = windowOf(node, kernel, spatial);
  return window?.kernel.length === spatial.length ? [image[0], channels, ...slide(window, spatial)] : undefined;
}

function broadcast(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  if (shapes.length === 0 || !shapes.every((shape) => shape !== undefined)) return undefined;
  const rank = shapes.reduce((most, shape) => Math.max(most, shape.length), 0);
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.filter((shape) => axis >= rank - shape.length).map((shape) => shape[axis - rank + shape.length]);
    // an open size may be a 1 that stretches or the size itself: only a size above 1 decides
    const large = sizes.find((size) => size !== undefined && size !== 1);
    return large ?? (sizes.every((size) => size === 1) ? 1 : undefined);
  });
}

function concatShape(shapes: readonly (Shape | undefined)[], axis: number): Shape | undefined {
  const first = shapes[0];
  if (first === undefined) return undefined;
  const along = axis < 0 ? axis + first.length : axis;
  const sizes = shapes.map((shape) => shape?.[along]);
  const total = sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
  return first.map((size, i) => (i === along ? total : size));
}

/** Pads: an input since operator set 11, an attribute before. `[begin of each axis, end of each axis]` */
function padShape(node: NodeProto, image: Shape, graph: OnnxGraph): Shape | undefined {
  const listed = intsAttribute(node, 'pads') ?? toNumbers(graph, node.input[1]);
  // an explicit list of axes (operator set 18) is rare: leave the shape open
  if (listed?.length !== 2 * image.length || (node.input[3] ?? '') !== '') return undefined;
  return image.map((size, axis) => (size === undefined ? undefined : size + listed[axis]! + listed[axis + image.length]!));
}

function toNumbers(graph: OnnxGraph, tensor: string | undefined): number[] | undefined {
  const data = tensor === undefined ? undefined : graph.constant(tensor)?.data;
  return data && Array.from(data as ArrayLike<number | bigint>, Number);
}
