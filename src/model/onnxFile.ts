import { fromBinary } from '@bufbuild/protobuf';
import { Problem } from '../engine/problem';
import { readBoundedFile } from './boundedFile';
import { readExternalFiles } from './externalFiles';
import { describeContent } from './fileSignature';
import type { GraphProto, ModelProto } from './gen/onnx_pb';
import { ModelProtoSchema } from './gen/onnx_pb';
import { OnnxGraph } from './graph';
import type { ExternalData } from './tensorData';
import { countObjects, MAX_DEPTH } from './wireBudget';

/** An ONNX model in memory. */
export interface OnnxModel {
  /** Path that it was read from, for messages. */
  readonly file: string;
  /** The file's bytes, as ONNX Runtime takes them. */
  readonly bytes: Uint8Array;
  readonly external: ExternalData;
  /** Program that wrote the model: `pytorch 1.13.0`; empty when the model does not say. */
  readonly producer: string;
  readonly graph: OnnxGraph;
}

/**
 * Reads an ONNX model and the data files beside it.
 * @throws Problem `onnx-read` when a file cannot be read, `onnx-format` when it is not an ONNX model or a damaged one
 */
export async function readModel(path: string): Promise<OnnxModel> {
  const bytes = await readBoundedFile(path, { code: 'onnx-read', noun: 'ONNX model' });
  const proto = decode(bytes, path);
  return assemble(proto, bytes, await readExternalFiles(proto.graph, path), path);
}

/**
 * Decodes the bytes of an ONNX model.
 * @param external data files that the model refers to, by their `location`
 * @throws Problem `onnx-format`
 */
export function parseModel(bytes: Uint8Array, file: string, external: ExternalData = new Map()): OnnxModel {
  return assemble(decode(bytes, file), bytes, external, file);
}

type CheckedModel = ModelProto & { graph: GraphProto };

function assemble(proto: CheckedModel, bytes: Uint8Array, external: ExternalData, file: string): OnnxModel {
  return { file, bytes, external, producer: `${proto.producerName} ${proto.producerVersion}`.trim(), graph: new OnnxGraph(proto.graph, opsetOf(proto), external, file) };
}

function decode(bytes: Uint8Array, file: string): CheckedModel {
  const seen = describeContent(bytes);
  if (seen !== undefined) throw new Problem('onnx-format', `This is not an ONNX model: it is ${seen}.`, adviceFor(seen), { file });
  const proto = decodeMessage(bytes, file);
  // any bytes may happen to be a protobuf message of unknown fields: these three make it a model
  if (proto.graph === undefined || proto.graph.node.length === 0) {
    throw new Problem('onnx-format', 'This is not an ONNX model, or one without a graph.', 'Export the network with torch.onnx.export and give that file.', { file });
  }
  if (proto.opsetImport.length === 0) {
    throw new Problem('onnx-format', 'The model does not name its operator set: the file is cut off or damaged.', 'Copy or export the model again.', { file });
  }
  return { ...proto, graph: proto.graph };
}

function decodeMessage(bytes: Uint8Array, file: string): ModelProto {
  try {
    if (countObjects(ModelProtoSchema, bytes) === Infinity) {
      throw new Problem('onnx-format', 'The model consists of more parts than any network has.', 'Check where the file comes from: TileScope does not read it.', { file });
    }
    return fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false, recursionLimit: MAX_DEPTH });
  } catch (error) {
    if (error instanceof Problem) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem('onnx-format', `The file is not an ONNX model, or it is cut off or damaged (${why}).`, 'Copy or export the model again; python -c "import onnx; onnx.checker.check_model(\'model.onnx\')" tells whether it is sound.', { file }, { cause: error });
  }
}

/** Version of the standard operator set; 0 when the model uses only others. */
function opsetOf({ opsetImport }: ModelProto): number {
  return Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n);
}

function adviceFor(seen: string): string {
  if (seen.includes('PyTorch') || seen.includes('pickle')) return 'Export the network with torch.onnx.export(model, input, "model.onnx") and give that file.';
  if (seen.includes('Git LFS')) return 'Fetch the file with "git lfs pull".';
  if (seen.includes('as text')) return 'Save it in binary form: onnx.save(model, "model.onnx").';
  if (seen.includes('TensorFlow') || seen.includes('HDF5')) return 'Convert the model to ONNX with tf2onnx.';
  if (seen.includes('.npy')) return 'Give the .npy file as the input, and an .onnx file as the model.';
  return 'Give the .onnx file that torch.onnx.export wrote.';
}
