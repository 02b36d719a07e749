import path from 'node:path';
import { conv } from '../engine/conv';
import { Problem } from '../engine/problem';
import { weightLevels } from '../engine/quantize';
import { extremes } from '../engine/width';
import type { CapturedLayer } from '../model/capture';
import { captureLayer } from '../model/capture';
import { findLayer, listConvLayers } from '../model/layers';
import { readModel } from '../model/onnxFile';
import type { Entry } from './entry';
import { inputFiles } from './entry';
import { digestOf, inRange, pointing, readTensor } from './inputs';
import type { LayerData, RunOptions } from './layerData';

/** Captures a layer from an ONNX model: what it reads, its codes, and its own output as the reference. */
export async function loadOnnx(entry: Entry, options: RunOptions & { readonly ortScript: string }): Promise<LayerData> {
  const { source } = entry;
  if (source.type !== 'onnx') throw new Error(`Entry ${entry.name} has no model`);
  const [modelFile, inputFile] = inputFiles(entry).map(({ file }) => file) as [string, string];
  const model = await pointing(entry, 'model', () => readModel(modelFile));
  const layer = await pointing(entry, 'layer', () => findLayer(listConvLayers(model.graph), source.layer, modelFile));
  const { tensor: input, digest } = await pointing(entry, 'input', () => readTensor(entry.folder, inputFile));
  const samples = input.shape.length === 4 ? (input.shape[0] ?? 0) : 1;
  if ((source.sample ?? 0) >= samples) throw new Problem('npy-shape', `Sample ${source.sample ?? 0} was asked for, but ${inputFile} has ${samples}.`, samples === 0 ? 'Give a file with samples in it.' : `Choose a sample from 0 to ${samples - 1}.`, entry.place('source', 'sample'));
  const external = [...model.external].map(([name, bytes]) => digestOf(entry.folder, path.resolve(path.dirname(modelFile), name), bytes));
  const inputs = [digestOf(entry.folder, modelFile, model.bytes), ...external, digest];
  const onProgress = ({ done, total }: { done: number; total: number }): void => options.onProgress?.({ phase: 'capture', done, total });
  const captured = await pointing(entry, (problem) => (problem.place.file === inputFile ? 'input' : 'layer'), () => captureLayer(model, layer, input, source.sample ?? 0, { ortScript: options.ortScript, signal: options.signal, onProgress }));
  return fromCapture(captured, inputs, entry);
}

function fromCapture(captured: CapturedLayer, inputs: LayerData['inputs'], entry: Entry): LayerData {
  const { activation, weight } = captured.layer;
  const shape = conv(captured.conv);
  const bits = { activation: entry.bits.activation ?? activation.bits, activationSigned: activation.signed, weight: entry.bits.weight ?? weight.bits };
  const activationCodes = inRange(captured.activationCodes, { bits: bits.activation, signed: bits.activationSigned }, entry, 'activation', [shape.inChannels, shape.height, shape.width]);
  const weightCodes = inRange(captured.weightCodes, { bits: bits.weight, signed: true }, entry, 'weight', [shape.outChannels, shape.inChannels, shape.kernelHeight, shape.kernelWidth]);
  return {
    conv: shape,
    activationCodes: activationCodes.codes,
    weightCodes: weightCodes.codes,
    bits,
    steps: { activation: activation.step, weight: weight.step },
    cut: activationCodes.warnings.length + weightCodes.warnings.length > 0,
    reference: { values: () => captured.convOutput, from: "ONNX Runtime's own convolution" },
    inputs,
    notes: [],
    warnings: [...runtimeWarnings(captured), ...widthWarnings(captured, entry), ...activationCodes.warnings, ...weightCodes.warnings],
  };
}

/** A model that stores plain integers or frozen values does not say how many bits the hardware has; codes short of a full 2, 4 or 8 bits make one wonder. */
function widthWarnings({ layer: { weight }, weightCodes }: CapturedLayer, entry: Entry): string[] {
  if (weight.bitsFrom === 'model' || entry.bits.weight !== undefined) return [];
  const { min, max } = extremes(weightCodes);
  if ([2, 4, 8].includes(weight.bits) && Math.max(-min, max) >= weightLevels(weight.bits)) return [];
  return [`The model does not say how many bits its weights have; ${weight.bits} hold all codes that occur (${min} to ${max}). Set quantization.wgtBits if the hardware has more.`];
}

function runtimeWarnings({ differences, activationCodes, weightCodes }: CapturedLayer): string[] {
  const counts = [
    ['activation', differences.activation, activationCodes.length],
    ['weight', differences.weight, weightCodes.length],
  ] as const;
  return counts.filter(([, count]) => count > 0).map(([what, count, total]) => `${count} of ${total} ${what} codes differ from those that ONNX Runtime computed; TileScope's own are used.`);
}
