/** Why a layer cannot be mapped on the array, and what the user can do about it. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** A full sentence. */
  readonly reason: string;
  /** An imperative sentence. */
  readonly remedy: string;
}

export type RefusalKind =
  | 'bn-folded'
  | 'grouped'
  | 'dimensions'
  | 'operator-format'
  | 'python-op'
  | 'qonnx'
  | 'no-activation-quantizer'
  | 'no-weight-quantizer'
  | 'per-channel'
  | 'zero-point'
  | 'weights-computed'
  | 'width'
  | 'damaged';

const USE_PRESERVE = 'torch.onnx.export(..., training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False) with the model in eval mode';

/** Weights that were quantised once, channel by channel off one common grid now: the export multiplied BatchNormalization into them. */
export function batchNormFolded(weight: string): Refusal {
  return {
    kind: 'bn-folded',
    reason: `BatchNormalization was folded into the weights ("${weight}"): each output channel still lies on a quantisation grid of its own, but the tensor on no common one, so the integer codes are gone.`,
    remedy: `Export again with ${USE_PRESERVE}, or export before freezing the weights: then the quantiser stays in the graph.`,
  };
}

export function grouped(group: number, depthwise: boolean): Refusal {
  return {
    kind: 'grouped',
    reason: `The convolution is ${depthwise ? 'depthwise' : 'grouped'} (group = ${group}): an output channel does not see all input channels.`,
    remedy: 'Choose a layer with group = 1; the mapping of the course has every array row feed every column.',
  };
}

export function wrongDimensions(axes: number): Refusal {
  return {
    kind: 'dimensions',
    reason: `The convolution slides over ${axes === 1 ? 'one axis' : `${axes} axes`}; the array maps two-dimensional ones.`,
    remedy: 'Choose a Conv2d layer, or write a Conv1d as a Conv2d with kernel height 1.',
  };
}

export function operatorFormat(opType: string): Refusal {
  return {
    kind: 'operator-format',
    reason: `The layer is a ${opType}: the model is in operator-oriented format, which keeps no real-valued activations to quantise.`,
    remedy: 'Quantise again to QDQ format: quantize_static(..., quant_format=QuantFormat.QDQ).',
  };
}

export function pythonOp(): Refusal {
  return {
    kind: 'python-op',
    reason: 'The quantiser was exported as prim::PythonOp, a Python function that the model only names: neither TileScope nor ONNX Runtime can compute it.',
    remedy: 'Export again with operator_export_type=torch.onnx.OperatorExportTypes.ONNX, that is without ONNX_FALLTHROUGH.',
  };
}

export function qonnx(opType: string, domain: string): Refusal {
  return {
    kind: 'qonnx',
    reason: `The layer is quantised by ${opType} of ${domain} (QONNX), which ONNX Runtime cannot run.`,
    remedy: 'Export to QDQ format instead (Brevitas: export_onnx_qcdq), or convert: qonnx-convert model.onnx --output-style qcdq.',
  };
}

export function noActivationQuantizer(reads: string): Refusal {
  return {
    kind: 'no-activation-quantizer',
    reason: `The input of the convolution is not quantised: it is ${reads}, not the end of Div, Clip, Mul, Round, Div, Mul or of QuantizeLinear, DequantizeLinear.`,
    remedy: 'Choose a quantised layer, or train and export this one with an activation quantiser.',
  };
}

export function noWeightQuantizer(weights: string): Refusal {
  return {
    kind: 'no-weight-quantizer',
    reason: `The weights are not quantised: ${weights}.`,
    remedy: 'Choose a quantised layer, or train and export this one with a weight quantiser.',
  };
}

export function perChannel(what: string): Refusal {
  return {
    kind: 'per-channel',
    reason: `${what} a scale of its own for each channel; the array accumulates integer products, which have one common scale only.`,
    remedy: 'Quantise again per tensor (per_channel=False).',
  };
}

export function zeroPoint(value: number): Refusal {
  return {
    kind: 'zero-point',
    reason: `The weights have the zero point ${value}; the array multiplies codes whose zero is 0.`,
    remedy: 'Quantise the weights again symmetrically (QInt8 with WeightSymmetric).',
  };
}

export function weightsComputed(how: string): Refusal {
  return {
    kind: 'weights-computed',
    reason: `The weights are computed when the model runs: ${how}.`,
    remedy: 'Export again with do_constant_folding=True (and dynamo=False where PyTorch has it), or freeze the quantised weights first.',
  };
}

export function unsupportedWidth(what: string): Refusal {
  return {
    kind: 'width',
    reason: `${what}; TileScope maps codes of 2 to 8 bits.`,
    remedy: 'Quantise the layer to 2 to 8 bits.',
  };
}

export function damaged(what: string): Refusal {
  return { kind: 'damaged', reason: what, remedy: 'Check the trained parameters and export the model again.' };
}
