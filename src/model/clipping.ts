import { floatAttribute } from './attributes';
import type { NodeProto } from './gen/onnx_pb';
import type { OnnxGraph } from './graph';
import { isOp } from './graph';

/** A tensor cut to constant bounds: `min(max(tensor, min), max)`. */
export interface Clipping {
  readonly tensor: string;
  readonly min: number;
  readonly max: number;
}

/** Least bound that means "no bound": before operator set 11 a Clip had to name one, and exporters wrote the greatest float32. */
const NO_BOUND = 3.4e38;

/** What `tensor` is a clipping of: a Clip, or Min and Max with a constant each, as some exporters write it. */
export function clipped(graph: OnnxGraph, tensor: string): Clipping | undefined {
  const node = graph.maker(tensor);
  if (isOp(node, 'Clip')) return ofClip(graph, node);
  const outer = ofMinMax(graph, node);
  const inner = outer && ofMinMax(graph, graph.maker(outer.tensor));
  if (outer === undefined || inner === undefined) return outer;
  const cut = (bound: number): number => Math.min(outer.max, Math.max(outer.min, bound));
  return { tensor: inner.tensor, min: cut(inner.min), max: cut(inner.max) };
}

/** Bounds are inputs since operator set 11, attributes before. */
function ofClip(graph: OnnxGraph, node: NodeProto): Clipping | undefined {
  const bound = (index: number, name: string, otherwise: number): number | undefined => {
    const input = node.input[index] ?? '';
    return input === '' ? (floatAttribute(node, name) ?? otherwise) : graph.scalar(input);
  };
  const min = bound(1, 'min', -Infinity);
  const max = bound(2, 'max', Infinity);
  if (min === undefined || max === undefined) return undefined;
  return { tensor: node.input[0] ?? '', min: min < -NO_BOUND ? -Infinity : min, max: max > NO_BOUND ? Infinity : max };
}

function ofMinMax(graph: OnnxGraph, node: NodeProto | undefined): Clipping | undefined {
  if (!isOp(node, 'Min', 'Max') || node.input.length !== 2) return undefined;
  const [left = '', right = ''] = node.input;
  const [byLeft, byRight] = [graph.scalar(left), graph.scalar(right)];
  const bound = byRight ?? byLeft;
  if (bound === undefined) return undefined;
  const tensor = byRight === undefined ? right : left;
  return node.opType === 'Min' ? { tensor, min: -Infinity, max: bound } : { tensor, min: bound, max: Infinity };
}
