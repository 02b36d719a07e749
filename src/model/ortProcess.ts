/**
 * Entry of the process that runs ONNX Runtime, and the only file that loads it: a native library that is missing, wrong or crashing takes
 * this process down and nothing else. Bundled to `ort.js`; started by {@link file://./ortSession.ts}.
 */
import type * as Ort from 'onnxruntime-node';
import type { OrtData, OrtFailed, OrtOpen, OrtReply, OrtRequest, OrtRun, OrtTensors } from '../protocol/ort';
import { isOrtRequest } from '../protocol/ort';

type Runtime = typeof Ort;

let loaded: { readonly runtime: Runtime; readonly session: Ort.InferenceSession } | undefined;

process.on('message', (message: unknown) => {
  void answer(message).then((reply) => process.send?.(reply));
});

// the parent is gone: nobody will ask again
process.on('disconnect', () => process.exit(0));

/** Never rejects: whatever happens becomes a reply. */
async function answer(message: unknown): Promise<OrtReply> {
  if (!isOrtRequest(message)) return failed(-1, 'run', new Error('not a request'));
  return message.type === 'open' ? open(message) : run(message);
}

async function open(request: OrtOpen): Promise<OrtReply> {
  const runtime = await loadRuntime(request);
  if ('stage' in runtime) return runtime;
  try {
    const session = await runtime.InferenceSession.create(request.model, {
      executionProviders: ['cpu'],
      // every operator as it stands in the model: fused ones round differently
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 3,
      externalData: [...request.external],
    });
    loaded = { runtime, session };
    return { type: 'opened', id: request.id };
  } catch (error) {
    return failed(request.id, 'model', error);
  }
}

async function loadRuntime({ id }: OrtRequest): Promise<Runtime | OrtFailed> {
  try {
    return await import('onnxruntime-node');
  } catch (error) {
    return failed(id, 'runtime', error);
  }
}

async function run({ id, feeds, fetches }: OrtRun): Promise<OrtReply> {
  if (loaded === undefined) return failed(id, 'run', new Error('no model is loaded'));
  const { runtime, session } = loaded;
  try {
    const inputs = Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new runtime.Tensor(type as 'float32', data as Float32Array, dims)]);
    const results = await session.run(Object.fromEntries(inputs) as Record<string, Ort.Tensor>, fetches);
    return { type: 'ran', id, outputs: toTensors(results) };
  } catch (error) {
    return failed(id, 'run', error);
  }
}

function toTensors(results: Ort.InferenceSession.OnnxValueMapType): OrtTensors {
  return Object.fromEntries(Object.entries(results).map(([name, { type, dims, data }]) => [name, { type, dims, data: data as OrtData }]));
}

function failed(id: number, stage: OrtFailed['stage'], error: unknown): OrtFailed {
  return { type: 'failed', id, stage, message: error instanceof Error ? error.message : String(error) };
}
