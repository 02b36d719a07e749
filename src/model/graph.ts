import { canFold, constantNode, foldNode } from './constantFolding';
import type { GraphProto, NodeProto, TensorProto, ValueInfoProto } from './gen/onnx_pb';
import type { ConstantTensor, ExternalData } from './tensorData';
import { isReadable, MAX_RANK, tensorData, tensorDims } from './tensorData';

/** Sizes of a tensor; undefined where the model leaves one open, as the batch. */
export type Shape = readonly (number | undefined)[];

/** A tensor that the model declares: an input, an output, or one in between. */
export interface DeclaredTensor {
  readonly name: string;
  /** ONNX element type; 0 when it is not declared. */
  readonly type: number;
  /** undefined when not even the number of axes is declared. */
  readonly shape: Shape | undefined;
}

/** Longest chain of nodes followed for one constant: a damaged model may hold a circle or an endless one. */
const MAX_CHAIN = 64;

/** A read-only, indexed view of a model's main graph. Tensors go by their names. */
export class OnnxGraph {
  /** In the model's order, which ONNX demands to be an order of execution. */
  readonly nodes: readonly NodeProto[];
  /** What the caller has to feed: inputs that are not initializers. */
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
  /** Declared shapes of tensors in between. */
  readonly declared: readonly DeclaredTensor[];

  private readonly initializers: ReadonlyMap<string, TensorProto>;
  private readonly producers = new Map<string, NodeProto>();
  private readonly consumerLists = new Map<string, NodeProto[]>();
  private readonly constants = new Map<string, ConstantTensor | undefined>();

  constructor(
    proto: GraphProto,
    /** Version of the standard operator set. */
    readonly opset: number,
    private readonly external: ExternalData,
    readonly file: string,
  ) {
    this.nodes = proto.node;
    this.initializers = new Map(proto.initializer.map((tensor) => [tensor.name, tensor]));
    this.inputs = proto.input.map(declaredTensor).filter(({ name }) => !this.initializers.has(name));
    this.outputs = proto.output.map(declaredTensor);
    this.declared = proto.valueInfo.map(declaredTensor);
    for (const node of proto.node) {
      for (const name of node.output) if (name !== '') this.producers.set(name, node);
      for (const name of new Set(node.input)) {
        const readers = this.consumerLists.get(name);
        if (readers === undefined) this.consumerLists.set(name, [node]);
        else readers.push(node);
      }
    }
  }

  /** The node that computes a tensor; undefined for inputs and initializers. */
  producer(tensor: string): NodeProto | undefined {
    return this.producers.get(tensor);
  }

  /** The nodes that read a tensor, each once. */
  consumers(tensor: string): readonly NodeProto[] {
    return this.consumerLists.get(tensor) ?? [];
  }

  /** True when the model stores the tensor as a parameter. */
  isInitializer(tensor: string): boolean {
    return this.initializers.has(tensor);
  }

  /** The tensor that holds the same values, before any Identity (and Dropout, which does nothing outside training). */
  origin(tensor: string): string {
    let name = tensor;
    for (let step = 0; step < MAX_CHAIN; step++) {
      const node = this.producers.get(name);
      const input = node?.input[0];
      if (node === undefined || input === undefined || input === '' || node.output[0] !== name || !isPassThrough(node)) break;
      name = input;
    }
    return name;
  }

  /** The node that really computes a tensor: {@link producer} of its {@link origin}. */
  maker(tensor: string): NodeProto | undefined {
    return this.producers.get(this.origin(tensor));
  }

  /**
   * The value of a tensor that does not depend on the model's input: an initializer, a Constant node, or simple arithmetic on those.
   * @returns undefined when it depends on the input or on operators that are not folded, or is of a type that no convolution has
   * @throws Problem `onnx-format`, `onnx-read` when its data is damaged or missing
   */
  constant(tensor: string): ConstantTensor | undefined {
    return this.constantWithin(tensor, MAX_CHAIN);
  }

  /** A constant of one element, as a number. */
  scalar(tensor: string): number | undefined {
    const constant = this.constant(tensor);
    return constant?.data.length === 1 ? Number(constant.data[0]) : undefined;
  }

  /** Sizes of a constant, without computing its elements where that can be avoided. */
  constantDims(tensor: string): readonly number[] | undefined {
    const stored = this.initializers.get(this.origin(tensor));
    return stored === undefined ? this.constant(tensor)?.dims : tensorDims(stored, this.file);
  }

  private constantWithin(tensor: string, chain: number): ConstantTensor | undefined {
    if (this.constants.has(tensor)) return this.constants.get(tensor);
    if (chain === 0) return undefined;
    // a circle finds this entry instead of itself
    this.constants.set(tensor, undefined);
    const value = this.computeConstant(tensor, chain - 1);
    this.constants.set(tensor, value);
    return value;
  }

  private computeConstant(tensor: string, chain: number): ConstantTensor | undefined {
    const stored = this.initializers.get(tensor);
    if (stored !== undefined) return this.decode(stored);
    const node = this.producers.get(tensor);
    if (node === undefined || !isStandard(node)) return undefined;
    if (node.opType === 'Constant') return constantNode(node, (value) => this.decode(value));
    return canFold(node) ? foldNode(node, node.input.map((input) => this.constantWithin(input, chain))) : undefined;
  }

  private decode(tensor: TensorProto): ConstantTensor | undefined {
    return isReadable(tensor) ? tensorData(tensor, this.external, this.file) : undefined;
  }
}

/** True for operators of ONNX itself; others may share a name and mean something else. */
export function isStandard(node: NodeProto): boolean {
  return node.domain === '' || node.domain === 'ai.onnx';
}

/** True for a standard operator of that name. */
export function isOp(node: NodeProto | undefined, ...opTypes: readonly string[]): node is NodeProto {
  return node !== undefined && isStandard(node) && opTypes.includes(node.opType);
}

/** How messages call a node: its name, or what it computes. */
export function nodeTitle(node: NodeProto): string {
  return `${node.opType} "${node.name === '' ? (node.output[0] ?? '') : node.name}"`;
}

function isPassThrough(node: NodeProto): boolean {
  // a third input of Dropout asks for training mode
  return isOp(node, 'Identity', 'Dropout') && (node.opType === 'Identity' || node.input.length < 3);
}

function declaredTensor({ name, type }: ValueInfoProto): DeclaredTensor {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  const shape = tensor?.shape?.dim.map(({ value }) => (value.case === 'dimValue' && value.value > 0n ? Number(value.value) : undefined));
  return { name, type: tensor?.elemType ?? 0, shape: shape && shape.length <= MAX_RANK ? shape : undefined };
}
