import type { ConvLayer } from '../model/layers';
import { listConvLayers } from '../model/layers';
import { readModel } from '../model/onnxFile';
import type { ConvLayerSummary } from '../protocol/layers';

/**
 * The convolution layers of a model file, as lists show them.
 * @throws Problem `onnx-read`, `onnx-format`
 */
export async function summarizeLayers(file: string): Promise<ConvLayerSummary[]> {
  return listConvLayers((await readModel(file)).graph).map(summaryOf);
}

function summaryOf({ name, inChannels = 0, outChannels = 0, kernel, strides, pads, input, activation, weight, refusal }: ConvLayer): ConvLayerSummary {
  return {
    name,
    inChannels,
    outChannels,
    kernel,
    stride: strides,
    ...(pads !== undefined && { padding: pads }),
    ...(input !== undefined && { image: [input.height, input.width] as const }),
    ...(activation !== undefined && { activation: { form: activation.kind, bits: activation.bits, signed: activation.signed, alpha: activation.alpha } }),
    ...(weight !== undefined && { weight: { form: weight.kind, bits: weight.bits, signed: true, alpha: weight.alpha } }),
    ...(refusal !== undefined && { refusal: { reason: refusal.reason, remedy: refusal.remedy } }),
  };
}
