import { conv } from '../../../src/engine/conv';
import type { LayerInput, LayerResult } from '../../../src/engine/layer';
import { computeLayer } from '../../../src/engine/layer';
import type { Mapping } from '../../../src/engine/tiling';
import { mapLayer } from '../../../src/engine/tiling';
import type { OracleCase } from './fixtures';

/** Runs a layer's generator to its end. */
export function computed(input: LayerInput): LayerResult {
  const steps = computeLayer(input);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

export function mappingOf(meta: OracleCase): Mapping {
  const [outChannels, inChannels, kernelHeight, kernelWidth] = meta.weight_shape;
  const [, height, width] = meta.act_shape;
  const padding = { top: meta.padding, left: meta.padding, bottom: meta.padding, right: meta.padding };
  const shape = conv({ inChannels, outChannels, height, width, kernelHeight, kernelWidth, strideHeight: meta.stride, strideWidth: meta.stride, dilationHeight: 1, dilationWidth: 1, padding });
  return mapLayer(shape, { rows: meta.array_size, cols: meta.array_size });
}
