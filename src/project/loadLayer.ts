import type { Entry } from './entry';
import type { LayerData, RunOptions } from './layerData';
import { loadTensors } from './tensorSource';

/**
 * Loads what an entry's source names, whatever its type.
 * @throws Problem pointing at the key of the configuration
 */
export async function loadLayer(entry: Entry, options: RunOptions & { readonly ortScript: string }): Promise<LayerData> {
  options.onProgress?.({ phase: 'read', done: 0, total: 1 });
  if (entry.source.type !== 'onnx') return loadTensors(entry);
  // What reads ONNX takes longer to start than most comparisons
  const { loadOnnx } = await import('./onnxSource');
  return loadOnnx(entry, options);
}
