import type { Evaluation } from '../model/evaluate';
import { evaluate } from '../model/evaluate';
import { readNpy } from '../model/npy';
import { readModel } from '../model/onnxFile';

export interface EvaluateOptions {
  readonly model: string;
  readonly images: string;
  readonly labels: string;
  readonly ortScript: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Accuracy of a model file over labelled `.npy` files.
 * @throws Problem
 */
export async function evaluateModel({ model, images, labels, ortScript, signal, onProgress }: EvaluateOptions): Promise<Evaluation> {
  const network = await readModel(model);
  const options = { ortScript, signal, onProgress: ({ done, total }: { done: number; total: number }) => { onProgress(done, total); } };
  return evaluate(network, await readNpy(images), await readNpy(labels), options);
}
