import type { LayerInput, LayerResult, TileProgress } from '../engine/layer';
import { computeLayer } from '../engine/layer';
import { drive } from './drive';

/**
 * Computes a layer, breathing between its tile pairs.
 * @throws Problem as `computeLayer` does; `cancelled`
 */
export function computedLayer(input: LayerInput, { signal, onProgress }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((progress: TileProgress) => void) | undefined }): Promise<LayerResult> {
  return drive(computeLayer(input), signal, onProgress);
}
