import type { AttributeProto, NodeProto, TensorProto } from './gen/onnx_pb';

/** The attribute of a node, if it is set. */
function attribute(node: NodeProto, name: string): AttributeProto | undefined {
  return node.attribute.find((candidate) => candidate.name === name);
}

/** A whole-number attribute; `otherwise` is the default that ONNX defines for it. */
export function intAttribute<D extends number | undefined>(node: NodeProto, name: string, otherwise: D): number | D {
  const found = attribute(node, name);
  return found === undefined ? otherwise : Number(found.i);
}

/** A list of whole numbers, if it is set. */
export function intsAttribute(node: NodeProto, name: string): number[] | undefined {
  return attribute(node, name)?.ints.map(Number);
}

/** A real-number attribute, if it is set. */
export function floatAttribute(node: NodeProto, name: string): number | undefined {
  return attribute(node, name)?.f;
}

/** A list of real numbers, if it is set. */
export function floatsAttribute(node: NodeProto, name: string): readonly number[] | undefined {
  return attribute(node, name)?.floats;
}

/** A text attribute; `otherwise` is the default that ONNX defines for it. */
export function textAttribute(node: NodeProto, name: string, otherwise: string): string {
  const found = attribute(node, name);
  return found === undefined ? otherwise : new TextDecoder().decode(found.s);
}

/** A tensor attribute, if it is set. */
export function tensorAttribute(node: NodeProto, name: string): TensorProto | undefined {
  return attribute(node, name)?.t;
}
