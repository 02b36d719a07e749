import { random, timesOf } from './measure.mjs';

/** ONNX Runtime's own convolution of the same layer in float32 on one thread: it gives the outputs and no psums. */
export async function onnxConvolution({ declared, floats, modelBytes, node }) {
  const ort = (await import('onnxruntime-node')).default;
  const next = random(1);
  const weights = Float32Array.from({ length: 64 * 64 * 9 }, () => (next() % 15) - 7);
  const model = modelBytes({
    nodes: [node('Conv', ['x', 'w'], 'y', { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })],
    initializers: [floats('w', [64, 64, 3, 3], weights)],
    inputs: [declared('x', [1, 64, 32, 32])],
    outputs: [declared('y', [1, 64, 32, 32])],
  });
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const x = new ort.Tensor('float32', Float32Array.from({ length: 64 * 1024 }, () => next() % 16), [1, 64, 32, 32]);
  return timesOf(() => session.run({ x }));
}
