import { outputStationaryUtilisation, weightStationaryUtilisation } from '../../src/engine/schedule/utilisation';
import type { Dataflow, LayerInfo } from '../../src/protocol/inspect';
import { grouped, percent } from '../format';

/** A share of the PE-cycles of a layer, and how it is counted, with the layer's own numbers. */
export interface Share {
  readonly text: string;
  readonly formula: string;
}

/** What the two shares count, everywhere that they stand. */
export const SHARES = {
  busy: 'PE-cycles with an activation in the PE, whatever it is good for',
  useful: 'PE-cycles that multiply a pixel of the image with a weight of the network for an output',
} as const;

/** How much of the array's time is work, of the whole layer: docs/schedule.md. */
export function sharesOf(layer: LayerInfo, dataflow: Dataflow): Readonly<Record<keyof typeof SHARES, Share>> {
  const { busy, useful, macs, pes, cycles } = dataflow === 'weight-stationary' ? weightStationaryUtilisation(layer) : outputStationaryUtilisation(layer);
  const share = (name: keyof typeof SHARES, value: number, count: number): Share => ({
    text: percent(value),
    formula: `${name} = ${grouped(count)} ${SHARES[name]}, of ${grouped(pes)} PEs × ${grouped(cycles)} cycles`,
  });
  return { busy: share('busy', busy, macs.performed), useful: share('useful', useful, macs.useful) };
}
