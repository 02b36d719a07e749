import { Problem } from '../engine/problem';
import type { OrtTensor } from '../protocol/ort';
import type { RunOptions } from './capture';
import { samplesFor } from './modelInput';
import type { NpyTensor } from './npy';
import { asInt32 } from './npyConvert';
import type { OnnxModel } from './onnxFile';
import { defaultOrtScript, openOrt } from './ortSession';

/** Accuracy over a labelled set. */
export interface Evaluation {
  readonly correct: number;
  readonly total: number;
}

/** Samples a run where the model leaves the batch open: enough to keep all cores busy, little enough to report progress. */
const OPEN_BATCH = 64;

/**
 * Counts the samples whose greatest output stands at their label; the first of equal outputs counts.
 *
 * @param images `[N, channels, height, width]`
 * @param labels `[N]`, whole numbers from 0
 * @throws Problem `npy-shape`, `npy-dtype`, `code-range` (a label that no output belongs to), `not-finite`, `onnx-run`, `ort-missing`, `cancelled`
 */
export async function evaluate(model: OnnxModel, images: NpyTensor, labels: NpyTensor, { signal, ortScript = defaultOrtScript(), onProgress }: RunOptions = {}): Promise<Evaluation> {
  const samples = samplesFor(model, images);
  const wanted = labelsFor(labels, samples.count);
  const output = model.graph.outputs[0]?.name ?? '';
  const batch = samples.batch ?? Math.min(OPEN_BATCH, samples.count);
  const total = samples.count;
  onProgress?.({ done: 0, total, what: 'starting ONNX Runtime' });
  const session = await openOrt(ortScript, model, { signal });
  try {
    let correct = 0;
    for (let first = 0; first < total; first += batch) {
      const size = samples.batch ?? Math.min(batch, total - first);
      const results = await session.run(samples.feed(first, size), [output]);
      const expected = wanted.subarray(first, Math.min(first + batch, total));
      const found = classify(results[output], size, model);
      checkLabels(expected, first, found.classes, labels);
      correct += expected.reduce((count, label, i) => count + (found.best[i] === label ? 1 : 0), 0);
      onProgress?.({ done: Math.min(first + batch, total), total, what: 'running the model' });
    }
    return { correct, total };
  } finally {
    session.dispose();
  }
}

function labelsFor(labels: NpyTensor, count: number): Int32Array {
  const values = asInt32(labels);
  if (values.length === count && labels.shape.slice(1).every((size) => size === 1) && count > 0) return values;
  throw new Problem('npy-shape', `The labels have the shape (${labels.shape.join(', ')}) for ${count} images.`, 'Give one label an image, in the shape (N,).', { file: labels.file });
}

function checkLabels(labels: Int32Array, first: number, classes: number, { file }: NpyTensor): void {
  const index = labels.findIndex((label) => label < 0 || label >= classes);
  if (index < 0) return;
  throw new Problem('code-range', `The label at index ${first + index} is ${labels[index]!}, but the model has ${classes} outputs, numbered from 0.`, 'Give labels that count from 0, in the order of the network\'s outputs.', { file });
}

/** The greatest output of each sample. */
function classify(scores: OrtTensor | undefined, size: number, { file }: OnnxModel): { classes: number; best: number[] } {
  const data = scores?.data;
  const classes = (data?.length ?? 0) / size;
  if (!(data instanceof Float32Array) || scores?.dims[0] !== size || !Number.isInteger(classes) || classes < 1) {
    throw new Problem('onnx-run', `The first output of the model is of ${scores?.type ?? 'no type'} and shape [${scores?.dims.join(', ') ?? ''}]; float scores [batch, classes] were expected.`, 'Give a classification network.', { file });
  }
  const nan = data.findIndex((score) => Number.isNaN(score));
  if (nan >= 0) throw new Problem('onnx-run', `The model computes NaN for class ${nan % classes} of a sample.`, 'Check the parameters of the model.', { file });
  const best = Array.from({ length: size }, (_, i) => {
    const row = data.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(row.reduce((most, score) => Math.max(most, score), -Infinity));
  });
  return { classes, best };
}
