import type { AccumulateState } from './accumulateState';
import { accumulateState } from './accumulateState';
import type { ScheduledLayer } from './arrayState';
import type { PassState } from './passState';
import { passState } from './passState';
import { placeAt } from './weightStationary';

/**
 * The weight-stationary core in any cycle of a layer, `0 <= cycle < layerCycles(layer.mapping)`. Its cost does not depend on the cycle.
 * @throws RangeError when the layer has no such cycle
 */
export function stateAt(layer: ScheduledLayer, cycle: number): PassState | AccumulateState {
  const place = placeAt(layer.mapping, cycle);
  return place.phase === 'accumulate' ? accumulateState(layer, place.ocTile, place.cycle) : passState(layer, place, place.cycle);
}
