import type { ScheduledLayer } from '../../engine/schedule/arrayState';
import { footprint, worstCaseWidth } from '../../engine/schedule/footprint';
import { outputStationaryCycles, outputStationaryPlaceAt, outputStationaryState } from '../../engine/schedule/outputStationary';
import { stateAt } from '../../engine/schedule/stateAt';
import { outputStationaryUtilisation, weightStationaryUtilisation } from '../../engine/schedule/utilisation';
import { runCycles } from '../../engine/schedule/weightStationary';
import { codeRange } from '../../engine/quantize';
import type { CycleState, Dataflow, LayerFigures } from '../../protocol/inspect';
import { MOST_CYCLES } from '../../protocol/inspect';
import type { InspectedLayer } from './inspectedLayer';

/** PEs times cycles of one answer. */
const MOST_STATES = 1 << 18;

/** Products that the sums of one answer are made of: each output-stationary state adds up its sums anew. */
const MOST_PRODUCTS = 1 << 26;

/** States that an answer holds: as many as asked for, to the end of the layer and no more than its size allows. */
export function cyclesIn({ mapping }: ScheduledLayer, dataflow: Dataflow, from: number, count: number, total: number): number {
  const pes = mapping.tiling.rows * mapping.tiling.cols;
  const products = dataflow === 'weight-stationary' ? mapping.tiling.rows : outputStationaryCycles(mapping).stream;
  const most = Math.floor(Math.min(MOST_STATES / pes, MOST_PRODUCTS / (pes * products)));
  return Math.min(count, MOST_CYCLES, total - from, Math.max(1, most));
}

/** The array in cycles of the layer, one after the other. */
export function* cycleStates(layer: ScheduledLayer, dataflow: Dataflow, from: number, count: number): Generator<undefined, CycleState[]> {
  const states: CycleState[] = [];
  for (let layerCycle = from; layerCycle < from + count; layerCycle++) {
    states.push(cycleState(layer, dataflow, layerCycle));
    yield undefined;
  }
  return states;
}

function cycleState(layer: ScheduledLayer, dataflow: Dataflow, layerCycle: number): CycleState {
  if (dataflow === 'weight-stationary') return { dataflow, layerCycle, state: stateAt(layer, layerCycle) };
  const place = outputStationaryPlaceAt(layer.mapping, layerCycle);
  return { dataflow, layerCycle, place, state: outputStationaryState(layer, place, place.cycle) };
}

/** Figures of the whole layer that need no psum. */
export function layerFigures({ mapping, formats }: Pick<InspectedLayer, 'mapping' | 'formats'>): LayerFigures {
  const { conv, tiling } = mapping;
  const { activation, weight, psum } = formats;
  const run = runCycles(mapping);
  const phase = (name: 'load' | 'stream' | 'drain' | 'accumulate'): { phase: string; cycles: number } => ({ phase: name, cycles: tiling.ocTiles * run[name] });
  const [ws, os] = [weightStationaryUtilisation(mapping), outputStationaryUtilisation(mapping)];
  const tile = outputStationaryCycles(mapping);
  const worst = worstCaseWidth(mapping, codeRange(activation.bits, activation.signed), codeRange(weight.bits, weight.signed));
  return {
    macs: conv.inChannels * conv.outChannels * conv.kijCount * conv.oNijCount,
    flows: [
      { dataflow: 'weight-stationary', cycles: ws.cycles, phases: [phase('load'), phase('stream'), phase('drain'), phase('accumulate')], utilisation: ws.useful },
      { dataflow: 'output-stationary', cycles: os.cycles, phases: [{ phase: 'stream', cycles: tile.tiles * tile.stream }, { phase: 'drain', cycles: tile.tiles * tile.drain }], utilisation: os.useful },
    ],
    footprint: footprint(mapping, { activation: activation.bits, weight: weight.bits, psum: psum.bits, output: psum.bits }),
    worstCase: { psum: worst.psumBits, out: worst.outputBits },
  };
}
