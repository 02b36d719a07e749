/** Small ONNX models for tests, in the wire format. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from '../../../src/model/gen/onnx_pb';
import {
  AttributeProto_AttributeType as Kind,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../../../src/model/gen/onnx_pb';
import type { OnnxModel } from '../../../src/model/onnxFile';
import { parseModel } from '../../../src/model/onnxFile';

export { DataType };

type Attribute = number | string | readonly number[] | TensorProto | { readonly real: number };

/** A node; whole numbers become INT attributes, other numbers and `{ real }` FLOAT. */
export function node(opType: string, input: readonly string[], output: string, attributes: Readonly<Record<string, Attribute>> = {}, name = '', domain = ''): NodeProto {
  return create(NodeProtoSchema, { opType, input: [...input], output: [output], name, domain, attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)) });
}

function attribute(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'string') return create(AttributeProtoSchema, { name, type: Kind.STRING, s: new TextEncoder().encode(value) });
  if (typeof value === 'number') return create(AttributeProtoSchema, Number.isSafeInteger(value) ? { name, type: Kind.INT, i: BigInt(value) } : { name, type: Kind.FLOAT, f: value });
  if ('real' in value) return create(AttributeProtoSchema, { name, type: Kind.FLOAT, f: value.real });
  if ('$typeName' in value) return create(AttributeProtoSchema, { name, type: Kind.TENSOR, t: value });
  return create(AttributeProtoSchema, value.every(Number.isInteger) ? { name, type: Kind.INTS, ints: value.map(BigInt) } : { name, type: Kind.FLOATS, floats: [...value] });
}

/** A stored float32 tensor. */
export function floats(name: string, dims: readonly number[], values: Iterable<number>): TensorProto {
  return raw(name, DataType.FLOAT, dims, Float32Array.from(values));
}

/** A stored float32 number. */
export function scalar(name: string, value: number): TensorProto {
  return floats(name, [], [value]);
}

/** A stored tensor of any type, as bytes. */
export function raw(name: string, dataType: DataType, dims: readonly number[], data: ArrayBufferView): TensorProto {
  return create(TensorProtoSchema, { name, dataType, dims: dims.map(BigInt), rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice() });
}

/** A declared input or output; a text size is symbolic. */
export function declared(name: string, shape: readonly (number | string)[], elemType: number = DataType.FLOAT): ValueInfoProto {
  const dim = shape.map((size) => ({ value: typeof size === 'number' ? ({ case: 'dimValue', value: BigInt(size) } as const) : ({ case: 'dimParam', value: size } as const) }));
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } } });
}

export interface Parts {
  readonly nodes: readonly NodeProto[];
  readonly initializers?: readonly TensorProto[];
  readonly inputs?: readonly ValueInfoProto[];
  readonly outputs?: readonly ValueInfoProto[];
  readonly declared?: readonly ValueInfoProto[];
  readonly opset?: number;
  /** Further domains, with version 1. */
  readonly domains?: readonly string[];
}

export function modelBytes({ nodes, initializers = [], inputs = [], outputs = [], declared: valueInfo = [], opset = 13, domains = [] }: Parts): Uint8Array {
  const graph: GraphProto = create(GraphProtoSchema, { name: 'test', node: [...nodes], initializer: [...initializers], input: [...inputs], output: [...outputs], valueInfo: [...valueInfo] });
  const opsetImport = [{ domain: '', version: BigInt(opset) }, ...domains.map((domain) => ({ domain, version: 1n }))];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: BigInt(opset >= 21 ? 10 : 8), opsetImport, graph }));
}

export function model(parts: Parts): OnnxModel {
  return parseModel(modelBytes(parts), 'made.onnx');
}

/** The course's activation quantiser from `x` to `<prefix>.q`, with its alpha and level count. */
export function activationChain(x: string, prefix: string, { levels = 15, alpha = 2, swap = false, lower = '' } = {}): { nodes: NodeProto[]; initializers: TensorProto[]; output: string } {
  const p = (name: string): string => `${prefix}.${name}`;
  const pair = (a: string, b: string): string[] => (swap ? [b, a] : [a, b]);
  return {
    nodes: [
      node('Div', [x, p('alpha')], p('div')),
      node('Clip', [p('div'), lower, p('one')], p('clip')),
      node('Mul', pair(p('clip'), p('n')), p('mul')),
      node('Round', [p('mul')], p('round')),
      node('Div', [p('round'), p('n')], p('div1')),
      node('Mul', pair(p('div1'), p('alpha')), p('q')),
    ],
    initializers: [scalar(p('alpha'), alpha), scalar(p('one'), 1), scalar(p('n'), levels)],
    output: p('q'),
  };
}

/** The course's weight quantiser from stored normalised weights to `<prefix>.wq`. */
export function weightChain(prefix: string, dims: readonly number[], normalized: Iterable<number>, { levels = 7, alpha = 2, swap = false } = {}): { nodes: NodeProto[]; initializers: TensorProto[]; output: string } {
  const p = (name: string): string => `${prefix}.${name}`;
  const pair = (a: string, b: string): string[] => (swap ? [b, a] : [a, b]);
  return {
    nodes: [
      node('Clip', [p('w'), p('minus'), p('plus')], p('wclip')),
      node('Abs', [p('wclip')], p('wabs')),
      node('Mul', pair(p('wabs'), p('wn')), p('wmul')),
      node('Round', [p('wmul')], p('wround')),
      node('Div', [p('wround'), p('wn')], p('wdiv')),
      node('Sign', [p('wclip')], p('wsign')),
      node('Mul', pair(p('wdiv'), p('wsign')), p('wsigned')),
      node('Mul', pair(p('wsigned'), p('walpha')), p('wq')),
    ],
    initializers: [floats(p('w'), dims, normalized), scalar(p('minus'), -1), scalar(p('plus'), 1), scalar(p('wn'), levels), scalar(p('walpha'), alpha)],
    output: p('wq'),
  };
}
