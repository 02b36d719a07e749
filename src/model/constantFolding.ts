import { floatAttribute, floatsAttribute, intAttribute, intsAttribute, tensorAttribute } from './attributes';
import type { NodeProto, TensorProto } from './gen/onnx_pb';
import { TensorProto_DataType as DataType } from './gen/onnx_pb';
import type { ConstantTensor } from './tensorData';

const FLOAT: number = DataType.FLOAT;

type Arithmetic = (a: number, b: number) => number;

/** One float32 operation each: the float64 result of float32 operands, rounded once by the Float32Array that takes it. */
const ARITHMETIC: Readonly<Record<string, Arithmetic>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

const REARRANGING = ['Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'];

/** True when {@link foldNode} knows the operator: others need not have their inputs computed. */
export function canFold({ opType }: NodeProto): boolean {
  return Object.hasOwn(ARITHMETIC, opType) || REARRANGING.includes(opType) || opType === 'Cast' || opType === 'Neg';
}

/** What a Constant node holds, in any of the forms that ONNX allows; undefined for text and sparse tensors. */
export function constantNode(node: NodeProto, decode: (tensor: TensorProto) => ConstantTensor | undefined): ConstantTensor | undefined {
  const tensor = tensorAttribute(node, 'value');
  if (tensor !== undefined) return decode(tensor);
  const float = floatAttribute(node, 'value_float');
  if (float !== undefined) return { dims: [], type: FLOAT, data: Float32Array.of(float) };
  const floats = floatsAttribute(node, 'value_floats');
  if (floats !== undefined) return { dims: [floats.length], type: FLOAT, data: Float32Array.from(floats) };
  const int = intAttribute(node, 'value_int', undefined);
  if (int !== undefined) return { dims: [], type: DataType.INT64, data: BigInt64Array.of(BigInt(int)) };
  const ints = intsAttribute(node, 'value_ints');
  return ints && { dims: [ints.length], type: DataType.INT64, data: BigInt64Array.from(ints, BigInt) };
}

/**
 * Computes a node whose inputs are constants, exactly as a float32 runtime would. Only what exporters leave between a parameter and the
 * quantiser is known: arithmetic with scalars or equal shapes, Cast to float, Identity, reshaping of a scalar.
 * @returns undefined for anything else
 */
export function foldNode(node: NodeProto, inputs: readonly (ConstantTensor | undefined)[]): ConstantTensor | undefined {
  const [first, second] = inputs;
  if (first === undefined) return undefined;
  switch (node.opType) {
    case 'Identity':
      return first;
    case 'Cast':
      return castToFloat(first, intAttribute(node, 'to', 0));
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Flatten':
      return first.data.length === 1 ? { ...first, dims: [] } : undefined;
    case 'Neg':
      return isFloat(first) ? { ...first, data: first.data.map((x) => -x) } : undefined;
    default: {
      const arithmetic = ARITHMETIC[node.opType];
      return arithmetic && second && elementwise(arithmetic, first, second);
    }
  }
}

type FloatTensor = ConstantTensor & { readonly data: Float32Array };

function isFloat(tensor: ConstantTensor): tensor is FloatTensor {
  return tensor.type === FLOAT && tensor.data instanceof Float32Array;
}

function castToFloat(tensor: ConstantTensor, to: number): ConstantTensor | undefined {
  if (to === tensor.type) return tensor;
  if (to !== FLOAT) return undefined;
  const data = new Float32Array(tensor.data.length);
  for (let i = 0; i < data.length; i++) data[i] = Number(tensor.data[i]);
  return { dims: tensor.dims, type: FLOAT, data };
}

function elementwise(compute: Arithmetic, a: ConstantTensor, b: ConstantTensor): ConstantTensor | undefined {
  if (!isFloat(a) || !isFloat(b)) return undefined;
  const { data: left } = a;
  const { data: right } = b;
  if (right.length === 1 && b.dims.length <= a.dims.length) return { ...a, data: left.map((x) => compute(x, right[0]!)) };
  if (left.length === 1 && a.dims.length <= b.dims.length) return { ...b, data: right.map((x) => compute(left[0]!, x)) };
  if (a.dims.length !== b.dims.length || a.dims.some((size, axis) => size !== b.dims[axis])) return undefined;
  return { ...a, data: left.map((x, i) => compute(x, right[i]!)) };
}
