import { conv } from '../engine/conv';
import { directConvolution } from '../engine/direct';
import { Problem } from '../engine/problem';
import { quantizeActivations, quantizeWeights, stepSizes } from '../engine/quantize';
import type { NpyTensor } from '../model/npy';
import { readNpy } from '../model/npy';
import { asFloat32, asInt32 } from '../model/npyConvert';
import type { ConvolutionSettings, Entry, QuantizationSettings } from './entry';
import { inputFiles } from './entry';
import { digestOf, inRange, pointing } from './inputs';
import type { LayerData } from './layerData';

/** Loads a layer from two `.npy` tensors: floats that are quantised here, or codes. */
export async function loadTensors(entry: Entry): Promise<LayerData> {
  const { source, quantization, convolution } = entry;
  if (source.type === 'onnx' || quantization === undefined || convolution === undefined) throw new Error(`Entry ${entry.name} has no tensors`);
  const [activationFile, weightFile] = inputFiles(entry).map(({ file }) => file) as [string, string];
  const activation = oneSample(await pointing(entry, 'activation', () => readNpy(activationFile)), source.sample ?? 0, entry);
  const weight = await pointing(entry, 'weight', () => readNpy(weightFile));
  const shape = convOf(activation, weight, convolution, entry);
  const inputs = await Promise.all([activationFile, weightFile].map((file) => digestOf(entry.folder, file)));
  const bits = { activation: quantization.actBits, activationSigned: false, weight: quantization.wgtBits };
  const layer = source.type === 'float' ? await fromFloats(activation, weight, bits, quantization, entry) : await fromCodes(activation, weight, bits, quantization, entry);
  const activationCodes = inRange(layer.activationCodes, { bits: bits.activation, signed: false }, entry, 'activation', activation.shape);
  const weightCodes = inRange(layer.weightCodes, { bits: bits.weight, signed: true }, entry, 'weight', weight.shape);
  return {
    conv: shape,
    activationCodes: activationCodes.codes,
    weightCodes: weightCodes.codes,
    bits,
    ...(layer.outputStep !== undefined && { outputStep: layer.outputStep }),
    ...(layer.real !== undefined && { reference: { values: directConvolution(shape, layer.real.activation, layer.real.weight), from: 'float convolution of the quantised tensors' } }),
    inputs,
    warnings: [...activationCodes.warnings, ...weightCodes.warnings],
  };
}

interface Codes {
  readonly activationCodes: Int32Array;
  readonly weightCodes: Int32Array;
  readonly outputStep?: number;
  readonly real?: { readonly activation: Float32Array; readonly weight: Float32Array };
}

async function fromFloats(activation: NpyTensor, weight: NpyTensor, bits: LayerData['bits'], { actAlpha, wgtAlpha }: QuantizationSettings, entry: Entry): Promise<Codes> {
  if (actAlpha === undefined || wgtAlpha === undefined) throw new Error(`Entry ${entry.name} has no alphas`);
  const a = await pointing(entry, 'activation', () => inFile(activation, () => quantizeActivations(asFloat32(activation), bits.activation, actAlpha)));
  const w = await pointing(entry, 'weight', () => inFile(weight, () => quantizeWeights(asFloat32(weight), bits.weight, wgtAlpha)));
  const steps = stepSizes(bits, { activation: actAlpha, weight: wgtAlpha });
  return { activationCodes: a.codes, weightCodes: w.codes, outputStep: steps.activation * steps.weight, real: { activation: a.values, weight: w.values } };
}

async function fromCodes(activation: NpyTensor, weight: NpyTensor, bits: LayerData['bits'], { actAlpha, wgtAlpha }: QuantizationSettings, entry: Entry): Promise<Codes> {
  const activationCodes = await pointing(entry, 'activation', () => asInt32(activation));
  const weightCodes = await pointing(entry, 'weight', () => asInt32(weight));
  if (actAlpha === undefined || wgtAlpha === undefined) return { activationCodes, weightCodes };
  const steps = stepSizes(bits, { activation: actAlpha, weight: wgtAlpha });
  return { activationCodes, weightCodes, outputStep: steps.activation * steps.weight };
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
