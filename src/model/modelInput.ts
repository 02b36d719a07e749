import { Problem } from '../engine/problem';
import type { OrtTensors } from '../protocol/ort';
import { TensorProto_DataType as DataType } from './gen/onnx_pb';
import type { DeclaredTensor, Shape } from './graph';
import type { NpyTensor } from './npy';
import { asFloat32, formatIndex } from './npyConvert';
import type { OnnxModel } from './onnxFile';
import { typeName } from './tensorData';

const FLOAT: number = DataType.FLOAT;

/** Samples that fit a model's input. */
export interface ModelSamples {
  readonly count: number;
  /** Samples the model takes at once; undefined when any number will do. */
  readonly batch: number | undefined;
  /**
   * The feed for one run: the samples from `first` on, the last one repeated until the batch is full.
   * @throws Problem `not-finite`
   */
  feed(first: number, batch: number): OrtTensors;
}

/**
 * Checks a tensor of samples against the one input of a model.
 * @param tensor `[N, channels, height, width]`, or one sample without the leading axis; any float type
 * @throws Problem `onnx-run` when the model has not exactly one float input, `npy-dtype`, `npy-shape`
 */
export function samplesFor(model: OnnxModel, tensor: NpyTensor): ModelSamples {
  const input = imageInput(model);
  const values = asFloat32(tensor);
  const [batch, ...wanted] = input.shape ?? [undefined, undefined, undefined, undefined];
  const isBatch = tensor.shape.length === wanted.length + 1;
  const sample = isBatch ? tensor.shape.slice(1) : tensor.shape;
  if (sample.length !== wanted.length || sample.some((size, axis) => size !== (wanted[axis] ?? size)) || sample.includes(0)) {
    throw new Problem('npy-shape', `The tensor has the shape (${tensor.shape.join(', ')}); the model's input "${input.name}" takes ${formatShape([undefined, ...wanted], 'N')}, or ${formatShape(wanted, 'any')} for one sample.`, 'Give the samples in the shape that the network was trained on.', { file: tensor.file });
  }
  const length = sample.reduce((product, size) => product * size, 1);
  const count = isBatch ? tensor.shape[0]! : 1;
  return {
    count,
    batch,
    feed: (first, size) => {
      const data = new Float32Array(size * length);
      for (let i = 0; i < size; i++) {
        const from = Math.min(first + i, count - 1) * length;
        data.set(finite(values.subarray(from, from + length), from, tensor), i * length);
      }
      return { [input.name]: { type: 'float32', dims: [size, ...sample], data } };
    },
  };
}

function imageInput({ graph, file }: OnnxModel): DeclaredTensor {
  const [input, ...others] = graph.inputs;
  if (input === undefined || others.length > 0) {
    const names = graph.inputs.map(({ name }) => `"${name}"`).join(', ');
    throw new Problem('onnx-run', input === undefined ? 'The model has no input.' : `The model has ${graph.inputs.length} inputs (${names}); TileScope feeds one.`, 'Export the network with the image as its only input.', { file });
  }
  if (input.type !== FLOAT && input.type !== 0) {
    throw new Problem('onnx-run', `The model's input "${input.name}" is of ${typeName(input.type)}; TileScope feeds float32.`, 'Export the network in float32.', { file });
  }
  return input;
}

function finite(sample: Float32Array, offset: number, tensor: NpyTensor): Float32Array {
  const index = sample.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return sample;
  throw new Problem('not-finite', `The input holds ${sample[index]!} at ${formatIndex(offset + index, tensor.shape)}.`, 'Check the run that saved the input: the network cannot be run on NaN or infinities.', { file: tensor.file });
}

function formatShape(shape: Shape, open: string): string {
  return `(${shape.map((size) => size ?? open).join(', ')})`;
}
