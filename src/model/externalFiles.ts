import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../engine/problem';
import { readBoundedFile, readProblem } from './boundedFile';
import type { FileKind } from './boundedFile';
import type { GraphProto, TensorProto } from './gen/onnx_pb';
import { TensorProto_DataLocation } from './gen/onnx_pb';
import type { ExternalData } from './tensorData';
import { externalPlace } from './tensorData';

const DATA_FILE: FileKind = { code: 'onnx-read', noun: 'data file of the model' };

/**
 * Reads the files in which a model keeps its large tensors. They must stand beside the model or below its folder:
 * a model must not be able to make TileScope read any other file of the machine.
 * @throws Problem `onnx-read`, `onnx-format`
 */
export async function readExternalFiles(graph: GraphProto, modelPath: string): Promise<ExternalData> {
  const locations = new Set(storedTensors(graph).filter(isExternal).map((tensor) => externalPlace(tensor).location));
  const folder = path.dirname(path.resolve(modelPath));
  const read: [string, Uint8Array][] = [];
  for (const location of locations) read.push([location, await readBoundedFile(await insidePath(folder, location, modelPath), DATA_FILE)]);
  return new Map(read);
}

/** All tensors that a graph stores: initializers and the values of Constant nodes. */
function storedTensors(graph: GraphProto): TensorProto[] {
  const constants = graph.node.flatMap((node) => node.attribute.flatMap((attribute) => attribute.t ?? []));
  return [...graph.initializer, ...constants];
}

function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;
}

/** The file that `location` means, links resolved, if it lies below `folder`. */
async function insidePath(folder: string, location: string, modelPath: string): Promise<string> {
  const outside = new Problem('onnx-format', `The model keeps tensors in "${location}", which is not beside it.`, 'Save the model as one file, or with its data file in the same folder.', { file: modelPath });
  // a model written on Windows may separate folders by a backslash, and a name may hold a null
  if (location === '' || /[\0\\]/.test(location) || path.isAbsolute(location)) throw outside;
  const target = path.join(folder, location);
  try {
    const [realFolder, realTarget] = await Promise.all([realpath(folder), realpath(target)]);
    if (realTarget.startsWith(realFolder.endsWith(path.sep) ? realFolder : realFolder + path.sep)) return realTarget;
  } catch (error) {
    throw readProblem(target, DATA_FILE, error);
  }
  throw outside;
}
