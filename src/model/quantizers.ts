import { findActivationChain, findWeightChain } from './clipRound';
import { findFrozenWeights } from './frozenWeights';
import type { OnnxGraph } from './graph';
import { nodeTitle } from './graph';
import { findQdqActivation, findQdqWeight } from './qdq';
import { findQonnxActivation, findQonnxWeight } from './qonnx';
import type { ActivationQuantizer, Found, WeightQuantizer } from './quantizer';
import { noActivationQuantizer, noWeightQuantizer, pythonOp } from './refusal';

/** The quantiser that ends in a convolution's input, whatever its family, or why there is none that TileScope understands. */
export function findActivationQuantizer(graph: OnnxGraph, tensor: string): NonNullable<Found<ActivationQuantizer>> {
  return (
    findPythonOp(graph, tensor) ??
    findActivationChain(graph, tensor) ??
    findQdqActivation(graph, tensor) ??
    findQonnxActivation(graph, tensor) ?? { refusal: noActivationQuantizer(describeTensor(graph, tensor)) }
  );
}

/**
 * The quantiser that ends in a convolution's weight, whatever its family, or why there is none that TileScope understands.
 * @param hasBias whether the convolution adds a bias
 */
export function findWeightQuantizer(graph: OnnxGraph, tensor: string, hasBias: boolean): NonNullable<Found<WeightQuantizer>> {
  return (
    findPythonOp(graph, tensor) ??
    findWeightChain(graph, tensor) ??
    findQdqWeight(graph, tensor) ??
    findQonnxWeight(graph, tensor) ??
    findFrozenWeights(graph, tensor, hasBias) ?? { refusal: noWeightQuantizer(`they are ${describeTensor(graph, tensor)}`) }
  );
}

/** What `ONNX_FALLTHROUGH` leaves of a torch.autograd.Function. */
function findPythonOp(graph: OnnxGraph, tensor: string): { refusal: ReturnType<typeof pythonOp> } | undefined {
  const node = graph.maker(tensor);
  return node?.opType === 'PythonOp' ? { refusal: pythonOp() } : undefined;
}

function describeTensor(graph: OnnxGraph, tensor: string): string {
  const node = graph.maker(tensor);
  if (node !== undefined) return `the output of ${nodeTitle(node)}`;
  return graph.isInitializer(graph.origin(tensor)) ? `the stored tensor "${tensor}"` : `the model's input "${tensor}"`;
}
