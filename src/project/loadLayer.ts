import type { Entry } from './entry';
import type { LayerData, RunOptions } from './layerData';
import { loadOnnx } from './onnxSource';
import { loadTensors } from './tensorSource';

/**
 * Loads what an entry's source names, whatever its type.
 * @throws Problem pointing at the key of the configuration
 */
export async function loadLayer(entry: Entry, options: RunOptions & { readonly ortScript: string }): Promise<LayerData> {
  options.onProgress?.({ phase: 'read', done: 0, total: 1 });
  return entry.source.type === 'onnx' ? loadOnnx(entry, options) : loadTensors(entry);
}
