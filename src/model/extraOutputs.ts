import { create, toBinary } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, ModelProtoSchema, TensorProto_DataType } from './gen/onnx_pb';

/** Tensors that a run shall return beyond the outputs that the model declares. */
export interface ExtraOutputs {
  /** Tensors of the main graph, as they are. */
  readonly tensors?: readonly string[] | undefined;
  /**
   * Integer tensors, returned as int32 under {@link castName}: ONNX Runtime's binding for Node crashes on an output of 4-bit integers
   * (seen with 1.30).
   */
  readonly casts?: readonly string[] | undefined;
}

/** Name under which a cast tensor is returned. */
export function castName(tensor: string): string {
  return `tilescope/${tensor}/int32`;
}

/**
 * The same model with further outputs. Reading a protobuf message twice merges it, so a second, tiny model that has only these outputs is
 * appended: nothing of the first is decoded or encoded again, and ONNX Runtime finds types and shapes itself.
 */
export function withExtraOutputs(model: Uint8Array, { tensors = [], casts = [] }: ExtraOutputs): Uint8Array {
  if (tensors.length + casts.length === 0) return model;
  const to = { name: 'to', type: AttributeProto_AttributeType.INT, i: BigInt(TensorProto_DataType.INT32) };
  const node = casts.map((tensor) => ({ opType: 'Cast', input: [tensor], output: [castName(tensor)], attribute: [to] }));
  const output = [...tensors, ...casts.map(castName)].map((name) => ({ name }));
  const appendix = toBinary(ModelProtoSchema, create(ModelProtoSchema, { graph: { node, output } }));
  const bytes = new Uint8Array(model.length + appendix.length);
  bytes.set(model);
  bytes.set(appendix, model.length);
  return bytes;
}
