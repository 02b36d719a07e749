import assert from 'node:assert/strict';
import type { RunProgress } from '../../../src/model/capture';
import type { Evaluation } from '../../../src/model/evaluate';
import { evaluate } from '../../../src/model/evaluate';
import type { NpyTensor } from '../../../src/model/npy';
import { readModel } from '../../../src/model/onnxFile';
import { declared, floats, model, node } from './onnxBuilder';
import { fixture, fixtureTensor, ORT_SCRIPT, problemOf, tensor } from './support';

/** A model whose three outputs are the channel means of its input. */
function means(batch: number | string): ReturnType<typeof model> {
  return model({ nodes: [node('GlobalAveragePool', ['x'], 'p'), node('Flatten', ['p'], 'y')], inputs: [declared('x', [batch, 3, 2, 2])], outputs: [declared('y', [batch, 3])] });
}

/** Images of which channel `classes[i]` is the brightest. */
function images(classes: readonly number[]): NpyTensor {
  return tensor([classes.length, 3, 2, 2], Float32Array.from(classes.flatMap((best) => [0, 1, 2].flatMap((channel) => Array<number>(4).fill(channel === best ? 1 : 0.25)))));
}

const labels = (values: readonly number[]): NpyTensor => tensor([values.length], Int32Array.from(values), 'int32');

const CLASSES = Array.from({ length: 150 }, (_, i) => (i * 7) % 3);
const LABELS = CLASSES.map((best, i) => (i % 10 === 0 ? (best + 1) % 3 : best));

const run = (made: ReturnType<typeof model>, input: NpyTensor, wanted: NpyTensor, options = {}): Promise<Evaluation> => evaluate(made, input, wanted, { ortScript: ORT_SCRIPT, ...options });

describe('evaluate', function () {
  this.timeout(60_000);

  it('counts right answers, in batches of any size', async () => {
    for (const batch of ['N', 1, 7, 150, 200]) assert.deepEqual(await run(means(batch), images(CLASSES), labels(LABELS)), { correct: 135, total: 150 }, `batch ${batch}`);
  });

  it('takes the first of equal outputs', async () => {
    const equal = tensor([2, 3, 2, 2], new Float32Array(24).fill(0.5));
    assert.deepEqual(await run(means('N'), equal, labels([0, 2])), { correct: 1, total: 2 });
  });

  it('takes labels as a column, as int64 and as whole floats', async () => {
    const input = images([2, 1]);
    for (const wanted of [tensor([2, 1], Int32Array.of(2, 1), 'int32'), tensor([2], BigInt64Array.of(2n, 1n), 'int64'), tensor([2], [2, 1])]) assert.deepEqual(await run(means('N'), input, wanted), { correct: 2, total: 2 });
  });

  it('agrees with PyTorch about the stored network', async () => {
    const stored = fixtureTensor('vggtiny/output.npy').data as Float32Array;
    const best = stored.indexOf(Math.max(...stored));
    const network = await readModel(fixture('vggtiny_asis.onnx'));
    assert.deepEqual(await run(network, fixtureTensor('vggtiny/input.npy'), labels([best])), { correct: 1, total: 1 });
    assert.deepEqual(await run(network, fixtureTensor('vggtiny/input.npy'), labels([(best + 1) % 10])), { correct: 0, total: 1 });
  });

  it('reports how far it is', async () => {
    const steps: RunProgress[] = [];
    await run(means('N'), images(CLASSES), labels(LABELS), { onProgress: (progress: RunProgress) => steps.push(progress) });
    assert.deepEqual(steps.map(({ done, total }) => [done, total]), [[0, 150], [64, 150], [128, 150], [150, 150]]);
  });

  it('refuses labels that do not belong to the images or the network', async () => {
    const input = images([0, 1]);
    await problemOf(() => run(means('N'), input, labels([0])), 'npy-shape', /\(1\) for 2 images/);
    await problemOf(() => run(means('N'), input, tensor([1, 2], Int32Array.of(0, 1), 'int32')), 'npy-shape');
    await problemOf(() => run(means('N'), input, labels([0, 3])), 'code-range', /index 1 is 3.*3 outputs/);
    await problemOf(() => run(means('N'), input, labels([-1, 0])), 'code-range', /index 0 is -1/);
    await problemOf(() => run(means('N'), input, tensor([2], [0.5, 1])), 'npy-dtype');
    await problemOf(() => run(means('N'), tensor([0, 3, 2, 2], []), labels([])), 'npy-shape');
    await problemOf(() => run(means('N'), tensor([2, 3, 2, 2], new Float32Array(24).fill(NaN)), labels([0, 0])), 'not-finite');
    await problemOf(() => run(means('N'), tensor([2, 1, 2, 2], new Float32Array(8)), labels([0, 0])), 'npy-shape');
  });

  it('refuses a network that gives no scores', async () => {
    const nan = model({ nodes: [node('Div', ['x', 'zero'], 'd'), node('Mul', ['d', 'zero'], 'y')], initializers: [floats('zero', [1], [0])], inputs: [declared('x', ['N', 3, 2, 2])], outputs: [declared('y', ['N', 3, 2, 2])] });
    await problemOf(() => run(nan, images([0]), labels([0])), 'onnx-run', /NaN/);
    const codes = model({ nodes: [node('Shape', ['x'], 'y')], inputs: [declared('x', ['N', 3, 2, 2])], outputs: [declared('y', [4], 7)] });
    await problemOf(() => run(codes, images([0]), labels([0])), 'onnx-run', /float scores/);
  });

  it('is cancelled between batches', async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: RunProgress): void => {
      if (done > 0) controller.abort();
    };
    await problemOf(() => run(means(1), images(CLASSES), labels(LABELS), { signal: controller.signal, onProgress }), 'cancelled');
  });
});
