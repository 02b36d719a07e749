import type { Dataflow, LayerInfo } from '../../src/protocol/inspect';
import { MOST_CYCLES } from '../../src/protocol/inspect';

/** Numbers of a batch of states at most: each PE has about eight. */
const MOST_NUMBERS = 1 << 19;

export interface Batch {
  readonly from: number;
  readonly count: number;
}

/** The batch of cycles that a cycle is in: fewer of a large array. */
export function cycleBatch({ tiling, cycles }: LayerInfo, dataflow: Dataflow, cycle: number): Batch {
  const size = Math.max(4, Math.min(MOST_CYCLES, Math.floor(MOST_NUMBERS / (8 * tiling.rows * tiling.cols))));
  const from = Math.floor(cycle / size) * size;
  return { from, count: Math.min(size, cycles[dataflow] - from) };
}

/** The one after it, if the layer goes on. */
export function nextBatch(layer: LayerInfo, dataflow: Dataflow, { from, count }: Batch): Batch | undefined {
  return from + count < layer.cycles[dataflow] ? cycleBatch(layer, dataflow, from + count) : undefined;
}
