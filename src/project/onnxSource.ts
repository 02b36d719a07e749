import { conv } from '../engine/conv';
import type { CapturedLayer } from '../model/capture';
import { captureLayer } from '../model/capture';
import { findLayer, listConvLayers } from '../model/layers';
import { readNpy } from '../model/npy';
import { readModel } from '../model/onnxFile';
import type { Entry } from './entry';
import { inputFiles } from './entry';
import { digestOf, inRange, pointing } from './inputs';
import type { LayerData, RunOptions } from './layerData';

/** Captures a layer from an ONNX model: what it reads, its codes, and its own output as the reference. */
export async function loadOnnx(entry: Entry, options: RunOptions & { readonly ortScript: string }): Promise<LayerData> {
  const { source } = entry;
  if (source.type !== 'onnx') throw new Error(`Entry ${entry.name} has no model`);
  const [modelFile, inputFile] = inputFiles(entry).map(({ file }) => file) as [string, string];
  const model = await pointing(entry, 'model', () => readModel(modelFile));
  const layer = await pointing(entry, 'layer', () => findLayer(listConvLayers(model.graph), source.layer, modelFile));
  const input = await pointing(entry, 'input', () => readNpy(inputFile));
  const inputs = await Promise.all([modelFile, inputFile].map((file) => digestOf(entry.folder, file)));
  const onProgress = ({ done, total }: { done: number; total: number }): void => options.onProgress?.({ phase: 'capture', done, total });
  const captured = await pointing(entry, 'layer', () => captureLayer(model, layer, input, source.sample ?? 0, { ortScript: options.ortScript, signal: options.signal, onProgress }));
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
    outputStep: activation.step * weight.step,
    reference: { values: captured.convOutput, from: "ONNX Runtime's own convolution" },
    inputs,
    warnings: [...runtimeWarnings(captured), ...activationCodes.warnings, ...weightCodes.warnings],
  };
}

function runtimeWarnings({ differences, activationCodes, weightCodes }: CapturedLayer): string[] {
  const counts = [
    ['activation', differences.activation, activationCodes.length],
    ['weight', differences.weight, weightCodes.length],
  ] as const;
  return counts.filter(([, count]) => count > 0).map(([what, count, total]) => `${count} of ${total} ${what} codes differ from those that ONNX Runtime computed; TileScope's own are used.`);
}
