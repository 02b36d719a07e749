import type { LayerInput, LayerResult, TileProgress } from '../engine/layer';
import { computeLayer } from '../engine/layer';
import { breathe } from './breathe';

/**
 * Computes a layer, breathing between its tile pairs.
 * @throws Problem as `computeLayer` does; `cancelled`
 */
export async function computedLayer(input: LayerInput, { signal, onProgress }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((progress: TileProgress) => void) | undefined }): Promise<LayerResult> {
  const steps = computeLayer(input);
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      onProgress?.(step.value);
      await breathe(signal);
    }
  } finally {
    // One that is left midway gives back what it holds only when it is told
    steps.return(undefined as never);
  }
}
