import { conv } from '../engine/conv';
import { directConvolution } from '../engine/direct';
import { Problem } from '../engine/problem';
import type { Quantized } from '../engine/quantize';
import { quantizeActivations, quantizeNormalizedWeights, quantizeWeights, stepSizes } from '../engine/quantize';
import type { NpyTensor } from '../model/npy';
import { asFloat32, asInt32 } from '../model/npyConvert';
import type { ConvolutionSettings, Entry, QuantizationSettings } from './entry';
import { inputFiles } from './entry';
import { inRange, pointing, readTensor } from './inputs';
import type { LayerData } from './layerData';

/** Loads a layer from two `.npy` tensors: floats that are quantised here, or codes. */
export async function loadTensors(entry: Entry): Promise<LayerData> {
  const { source, quantization, convolution } = entry;
  if (source.type === 'onnx' || quantization === undefined || convolution === undefined) throw new Error(`Entry ${entry.name} has no tensors`);
  const [activationFile, weightFile] = inputFiles(entry).map(({ file }) => file) as [string, string];
  const readActivation = await pointing(entry, 'activation', () => readTensor(entry.folder, activationFile));
  const readWeight = await pointing(entry, 'weight', () => readTensor(entry.folder, weightFile));
  const activation = oneSample(readActivation.tensor, source.sample ?? 0, entry);
  const weight = readWeight.tensor;
  const shape = convOf(activation, weight, convolution, entry);
  const bits = { activation: quantization.actBits, activationSigned: false, weight: quantization.wgtBits };
  const layer = source.type === 'float' ? await fromFloats(activation, weight, bits, quantization, entry) : await fromCodes(activation, weight, bits, quantization, entry);
  const activationCodes = inRange(layer.activationCodes, { bits: bits.activation, signed: false }, entry, 'activation', activation.shape);
  const weightCodes = inRange(layer.weightCodes, { bits: bits.weight, signed: true }, entry, 'weight', weight.shape);
  return {
    conv: shape,
    activationCodes: activationCodes.codes,
    weightCodes: weightCodes.codes,
    bits,
    ...(layer.steps !== undefined && { steps: layer.steps }),
    cut: activationCodes.warnings.length + weightCodes.warnings.length > 0,
    ...(layer.real !== undefined && { reference: { values: referenceOf(shape, layer.real), from: 'float convolution of the quantised tensors' } }),
    inputs: [readActivation.digest, readWeight.digest],
    warnings: [...activationCodes.warnings, ...weightCodes.warnings],
    notes: source.type !== 'float' ? [] : [quantization.normalizeWeights ? 'weights normalised to mean 0 and standard deviation 1 before alpha (quantization.normalizeWeights)' : 'weights divided by alpha as they are (quantization.normalizeWeights is false)'],
  };
}

interface Codes {
  readonly activationCodes: Int32Array;
  readonly weightCodes: Int32Array;
  readonly steps?: LayerData['steps'];
  readonly real?: { readonly activation: Float32Array; readonly weight: Float32Array };
}

function referenceOf(shape: LayerData['conv'], { activation, weight }: NonNullable<Codes['real']>): () => ArrayLike<number> {
  return () => directConvolution(shape, activation, weight);
}

async function fromFloats(activation: NpyTensor, weight: NpyTensor, bits: LayerData['bits'], { actAlpha, wgtAlpha, normalizeWeights }: QuantizationSettings, entry: Entry): Promise<Codes> {
  if (actAlpha === undefined || wgtAlpha === undefined) throw new Error(`Entry ${entry.name} has no alphas`);
  const a = await pointing(entry, 'activation', () => inFile(activation, () => quantizeActivations(asFloat32(activation), bits.activation, actAlpha)));
  const w = await pointing(entry, 'weight', () => inFile(weight, () => quantizeFloatWeights(asFloat32(weight), bits.weight, wgtAlpha, normalizeWeights)));
  const steps = stepSizes(bits, { activation: actAlpha, weight: wgtAlpha });
  return { activationCodes: a.codes, weightCodes: w.codes, steps, real: { activation: a.values, weight: w.values } };
}

async function fromCodes(activation: NpyTensor, weight: NpyTensor, bits: LayerData['bits'], { actAlpha, wgtAlpha }: QuantizationSettings, entry: Entry): Promise<Codes> {
  const activationCodes = await pointing(entry, 'activation', () => asInt32(activation));
  const weightCodes = await pointing(entry, 'weight', () => asInt32(weight));
  if (actAlpha === undefined || wgtAlpha === undefined) return { activationCodes, weightCodes };
  const steps = stepSizes(bits, { activation: actAlpha, weight: wgtAlpha });
  return { activationCodes, weightCodes, steps };
}

function quantizeFloatWeights(weights: Float32Array, bits: number, alpha: number, normalize: boolean): Quantized {
  if (normalize) return quantizeWeights(weights, bits, alpha);
  const scale = Math.fround(alpha);
  return quantizeNormalizedWeights(weights.map((weight) => weight / scale), bits, alpha);
}

/** A problem with a tensor's values names the tensor's file. */
function inFile<T>({ file }: NpyTensor, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Problem ? error.at({ file }) : error;
  }
}

/** `[C,H,W]` of one sample, from a tensor with or without a batch axis. */
function oneSample(tensor: NpyTensor, sample: number, entry: Entry): NpyTensor {
  const { shape, data } = tensor;
  if (shape.length === 3 && sample === 0) return tensor;
  if (shape.length !== 4) {
    throw new Problem('npy-shape', `${tensor.file} has the shape [${shape.join(',')}].`, shape.length === 3 ? 'Remove "sample": the file holds one sample.' : 'Give [C,H,W], or [N,C,H,W] with "sample".', entry.place('source', shape.length === 3 ? 'sample' : 'activation'));
  }
  const [samples = 0, ...rest] = shape;
  if (sample >= samples) throw new Problem('npy-shape', `Sample ${sample} was asked for, but ${tensor.file} has ${samples}.`, `Choose a sample from 0 to ${samples - 1}.`, entry.place('source', 'sample'));
  const length = rest.reduce((product, size) => product * size, 1);
  return { ...tensor, shape: rest, data: data.slice(sample * length, (sample + 1) * length) };
}

function convOf(activation: NpyTensor, weight: NpyTensor, settings: ConvolutionSettings, entry: Entry): LayerData['conv'] {
  const [inChannels = 0, height = 0, width = 0] = activation.shape;
  if (weight.shape.length !== 4) {
    throw new Problem('npy-shape', `${weight.file} has the shape [${weight.shape.join(',')}].`, 'Give weights as [OC,IC,Kh,Kw].', entry.place('source', 'weight'));
  }
  const [outChannels = 0, weightChannels = 0, kernelHeight = 0, kernelWidth = 0] = weight.shape;
  if (weightChannels !== inChannels) {
    throw new Problem('npy-shape', `The weights [${weight.shape.join(',')}] take ${weightChannels} input channels, the activation [${activation.shape.join(',')}] has ${inChannels}.`, 'Give the tensors of one layer; a grouped convolution cannot be mapped.', entry.place('source', 'weight'));
  }
  const [top, left, bottom, right] = settings.padding;
  const [strideHeight, strideWidth] = settings.stride;
  const [dilationHeight, dilationWidth] = settings.dilation;
  try {
    return conv({ inChannels, outChannels, height, width, kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padding: { top, left, bottom, right } });
  } catch (error) {
    throw error instanceof Problem ? error.at(entry.place('convolution')) : error;
  }
}
