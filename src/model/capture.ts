import type { ConvSpec } from '../engine/conv';
import { Problem } from '../engine/problem';
import type { OrtTensor, OrtTensors } from '../protocol/ort';
import { castName } from './extraOutputs';
import type { ConvLayer, MappableLayer } from './layers';
import { convSpec, requireMappable } from './layers';
import { samplesFor } from './modelInput';
import type { NpyTensor } from './npy';
import type { OnnxModel } from './onnxFile';
import { defaultOrtScript, openOrt } from './ortSession';

export interface RunOptions {
  /** Aborting rejects with Problem `cancelled` at once. */
  readonly signal?: AbortSignal | undefined;
  /** The bundled `ort.js`; beside the running program when absent. */
  readonly ortScript?: string | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

export interface RunProgress {
  readonly done: number;
  readonly total: number;
  /** What is being done now: `starting ONNX Runtime`. */
  readonly what: string;
}

/** What one layer computed for one sample. */
export interface CapturedLayer {
  readonly layer: MappableLayer;
  /** The convolution with the image size of this sample. */
  readonly conv: ConvSpec;
  /** The tensor before the activation quantiser, `[inChannels, height, width]`. */
  readonly activation: Float32Array;
  /** Its codes by TileScope's quantiser, same shape. */
  readonly activationCodes: Int32Array;
  /** The same codes as ONNX Runtime computed them. */
  readonly runtimeActivationCodes: Int32Array;
  /** Codes of the weights by TileScope's quantiser, `[outChannels, inChannels, Kh, Kw]`. */
  readonly weightCodes: Int32Array;
  /** The same codes as ONNX Runtime computed them; undefined when the model stores them and nothing is computed. */
  readonly runtimeWeightCodes: Int32Array | undefined;
  /** How many codes differ between TileScope and ONNX Runtime: 0 unless one of them is wrong. */
  readonly differences: { readonly activation: number; readonly weight: number };
  /** The convolution's own output without its bias, `[outChannels, outHeight, outWidth]`. */
  readonly convOutput: Float32Array;
}

/**
 * Runs a model on one sample and takes out what one layer reads and computes. ONNX Runtime runs in a process of its own.
 *
 * @param layer of {@link listConvLayers} of the same model
 * @param input `[N, channels, height, width]`, or one sample without the leading axis
 * @param sample index into N
 * @throws Problem `onnx-unmappable`, `onnx-run`, `ort-missing`, `npy-shape`, `npy-dtype`, `not-finite`, `cancelled`
 */
export async function captureLayer(model: OnnxModel, layer: ConvLayer, input: NpyTensor, sample: number, options: RunOptions = {}): Promise<CapturedLayer> {
  const mappable = requireMappable(layer, model.file);
  const samples = samplesFor(model, input);
  if (!Number.isInteger(sample) || sample < 0 || sample >= samples.count) {
    throw new Problem('npy-shape', `There is no sample ${sample}: the input holds ${samples.count}, numbered from 0.`, samples.count === 1 ? 'Give sample 0.' : `Give a sample from 0 to ${samples.count - 1}.`, { file: input.file });
  }
  // a model of a fixed batch gets the sample in its first place
  const feeds = samples.feed(sample, samples.batch ?? 1);
  const tensors = await fetchTensors(model, wantedTensors(mappable), feeds, options);
  return assemble(model, mappable, tensors);
}

/** What a layer needs of a run: real tensors, and the tensors of codes. */
function wantedTensors({ activation, weight, node, bias }: MappableLayer): { tensors: string[]; casts: string[] } {
  return { tensors: [activation.source, node.output[0] ?? '', ...(bias === undefined ? [] : [bias])], casts: [activation.codesTensor, ...weight.runtime] };
}

/** Values of any tensors of a model: of an input and of parameters as they are, of all others by a run. */
async function fetchTensors(model: OnnxModel, wanted: ReturnType<typeof wantedTensors>, feeds: OrtTensors, { signal, ortScript = defaultOrtScript(), onProgress }: RunOptions): Promise<OrtTensors> {
  const { graph } = model;
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const tensors = [...new Set(wanted.tensors)].filter((name) => !(name in feeds) && !graph.isInitializer(name));
  const casts = [...new Set(wanted.casts)];
  onProgress?.({ done: 0, total: 2, what: 'starting ONNX Runtime' });
  const session = await openOrt(ortScript, model, { signal, extraOutputs: { tensors: tensors.filter((name) => !outputs.has(name)), casts } });
  try {
    onProgress?.({ done: 1, total: 2, what: 'running the model' });
    const results = await session.run(feeds, [...tensors, ...casts.map(castName)]);
    onProgress?.({ done: 2, total: 2, what: 'model has run' });
    return { ...feeds, ...results };
  } finally {
    session.dispose();
  }
}

function assemble(model: OnnxModel, layer: MappableLayer, tensors: OrtTensors): CapturedLayer {
  const { activation: quantizer, weight, node, bias } = layer;
  const source = firstSample(tensors, quantizer.source, model);
  const activation = float32(source, quantizer.source, model);
  const [channels = 0, height = 0, width = 0] = source.dims;
  if (source.dims.length !== 3 || channels !== layer.inChannels) {
    throw new Problem('onnx-run', `The input of the layer "${layer.name}" has the shape [${source.dims.join(', ')}] for one sample; ${layer.inChannels} channels of an image were expected.`, 'Choose a layer that reads an image directly.', { file: model.file });
  }
  const runtimeActivationCodes = integers(firstSample(tensors, castName(quantizer.codesTensor), model), model).map((code) => code - quantizer.zeroPoint);
  const activationCodes = placed(model.file, () => quantizer.quantize(activation));
  const weightCodes = weight.codes();
  const runtimeWeightCodes = weight.runtime.length === 0 ? undefined : product(weight.runtime.map((name) => integers(tensorOf(tensors, castName(name), model), model)));
  const output = firstSample(tensors, node.output[0] ?? '', model);
  return {
    layer,
    conv: convSpec(layer, { height, width }, model.file),
    activation,
    activationCodes,
    runtimeActivationCodes,
    weightCodes,
    runtimeWeightCodes,
    differences: { activation: countDifferences(activationCodes, runtimeActivationCodes), weight: runtimeWeightCodes === undefined ? 0 : countDifferences(weightCodes, runtimeWeightCodes) },
    convOutput: withoutBias(float32(output, node.output[0] ?? '', model), bias === undefined ? undefined : biasOf(tensors, bias, model)),
  };
}

/** Adds the file to a Problem of code that knows numbers only. */
function placed<T>(file: string, compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw error instanceof Problem ? error.at({ file }) : error;
  }
}

function tensorOf(tensors: OrtTensors, name: string, { file }: OnnxModel): OrtTensor {
  const tensor = tensors[name];
  if (tensor !== undefined) return tensor;
  throw new Problem('onnx-run', `ONNX Runtime did not return the tensor "${name}".`, 'Export the model again.', { file });
}

/** The first sample of a batch, the leading axis dropped. */
function firstSample(tensors: OrtTensors, name: string, model: OnnxModel): OrtTensor {
  const { type, dims, data } = tensorOf(tensors, name, model);
  const [, ...sample] = dims;
  const length = sample.reduce((total, size) => total * size, 1);
  return { type, dims: sample, data: data.slice(0, length) };
}

function float32({ type, data }: OrtTensor, name: string, { file }: OnnxModel): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Problem('onnx-run', `The tensor "${name}" is of ${type}; TileScope computes in float32.`, 'Export the network in float32.', { file });
}

function integers({ type, data }: OrtTensor, { file }: OnnxModel): Int32Array {
  if (data instanceof Int32Array) return data;
  throw new Problem('onnx-run', `ONNX Runtime returned codes of ${type}; int32 was asked for.`, 'Install TileScope again: its ONNX Runtime is not the one it was tested with.', { file });
}

function product(factors: readonly Int32Array[]): Int32Array {
  return factors.reduce((left, right) => left.map((value, i) => value * right[i]!));
}

function biasOf(tensors: OrtTensors, name: string, model: OnnxModel): Float32Array {
  const stored = model.graph.constant(name)?.data;
  return stored instanceof Float32Array ? stored : float32(tensorOf(tensors, name, model), name, model);
}

function withoutBias(output: Float32Array, bias: Float32Array | undefined): Float32Array {
  if (bias === undefined) return output;
  const pixels = output.length / bias.length;
  return output.map((value, i) => value - bias[Math.floor(i / pixels)]!);
}

function countDifferences(ours: Int32Array, theirs: Int32Array): number {
  if (ours.length !== theirs.length) return Math.max(ours.length, theirs.length);
  return ours.reduce((count, code, i) => count + (code === theirs[i] ? 0 : 1), 0);
}
