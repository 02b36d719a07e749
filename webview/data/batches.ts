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

/**
 * The state in a cycle, from the answers that are here. An answer may hold fewer states than were asked for: the rest of the batch is
 * asked for from where it ends, until the cycle is in it; then what comes after it is asked for too, so that a player goes on.
 * @param want gives the states of a question, or asks it and gives nothing
 * @throws RangeError when an answer holds no state, which no question would ever get past
 */
export function stateIn<T>(layer: LayerInfo, dataflow: Dataflow, cycle: number, want: (batch: Batch) => readonly T[] | undefined): T | undefined {
  const batch = cycleBatch(layer, dataflow, cycle);
  const end = batch.from + batch.count;
  for (let { from } = batch; ; ) {
    const states = want({ from, count: end - from });
    if (states === undefined) return undefined;
    if (states.length === 0) throw new RangeError(`The thread gave no state from cycle ${from} on`);
    const next = from + states.length;
    if (cycle < next) {
      const behind = next < end ? { from: next, count: end - next } : nextBatch(layer, dataflow, batch);
      if (behind !== undefined) want(behind);
      return states[cycle - from];
    }
    from = next;
  }
}
