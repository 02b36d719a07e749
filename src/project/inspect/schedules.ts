import type { ScheduledLayer } from '../../engine/schedule/arrayState';
import { footprint, worstCaseWidth } from '../../engine/schedule/footprint';
import { OutputTileWords, outputStationaryCycles, outputStationaryPlaceAt, outputStationaryState } from '../../engine/schedule/outputStationary';
import { stateAt } from '../../engine/schedule/stateAt';
import { layerCycles, runCycles } from '../../engine/schedule/weightStationary';
import { codeRange } from '../../engine/quantize';
import type { CycleState, Dataflow, LayerFigures } from '../../protocol/inspect';
import { MOST_CYCLES } from '../../protocol/inspect';
import type { InspectedLayer } from './inspectedLayer';

/** PEs times cycles of one answer. */
const MOST_STATES = 1 << 18;

/** Products that the psums of one answer are made of: each weight-stationary state adds up its rows anew, an output-stationary one goes on from the one before. */
const MOST_PRODUCTS = 1 << 26;

/** States that an answer holds: as many as asked for, to the end of the layer and no more than its size allows. */
export function cyclesIn({ mapping }: ScheduledLayer, dataflow: Dataflow, from: number, count: number, total: number): number {
  const pes = mapping.tiling.rows * mapping.tiling.cols;
  const products = dataflow === 'weight-stationary' ? mapping.tiling.rows : 1;
  const most = Math.floor(Math.min(MOST_STATES / pes, MOST_PRODUCTS / (pes * products)));
  return Math.min(count, MOST_CYCLES, total - from, Math.max(1, most));
}

/** The array in cycles of the layer, one after the other. */
export function* cycleStates(layer: ScheduledLayer, dataflow: Dataflow, from: number, count: number): Generator<undefined, CycleState[]> {
  const states: CycleState[] = [];
  const stateOf = dataflow === 'weight-stationary' ? (layerCycle: number): CycleState => ({ dataflow, layerCycle, state: stateAt(layer, layerCycle) }) : outputStationaryStates(layer);
  for (let layerCycle = from; layerCycle < from + count; layerCycle++) {
    states.push(stateOf(layerCycle));
    yield undefined;
  }
  return states;
}

/** Cycles of a tile share its words and sums. */
function outputStationaryStates(layer: ScheduledLayer): (layerCycle: number) => CycleState {
  let last: { readonly tile: number; readonly words: OutputTileWords } | undefined;
  const { tile } = outputStationaryCycles(layer.mapping);
  return (layerCycle) => {
    const place = outputStationaryPlaceAt(layer.mapping, layerCycle);
    const index = Math.floor(layerCycle / tile);
    if (last?.tile !== index) last = { tile: index, words: new OutputTileWords(layer, place) };
    return { dataflow: 'output-stationary', layerCycle, place, state: outputStationaryState(layer, place, place.cycle, last.words) };
  };
}

/** Figures of the whole layer that need no psum. */
export function layerFigures({ mapping, formats }: Pick<InspectedLayer, 'mapping' | 'formats'>): LayerFigures {
  const { conv, tiling } = mapping;
  const { activation, weight, psum } = formats;
  const run = runCycles(mapping);
  const phase = (name: 'load' | 'stream' | 'drain' | 'accumulate'): { phase: string; cycles: number } => ({ phase: name, cycles: tiling.ocTiles * run[name] });
  const tile = outputStationaryCycles(mapping);
  const worst = worstCaseWidth(mapping, codeRange(activation.bits, activation.signed), codeRange(weight.bits, weight.signed));
  return {
    macs: conv.inChannels * conv.outChannels * conv.kijCount * conv.oNijCount,
    flows: [
      { dataflow: 'weight-stationary', cycles: layerCycles(mapping), phases: [phase('load'), phase('stream'), phase('drain'), phase('accumulate')] },
      { dataflow: 'output-stationary', cycles: tile.total, phases: [{ phase: 'stream', cycles: tile.tiles * tile.stream }, { phase: 'drain', cycles: tile.tiles * tile.drain }] },
    ],
    footprint: footprint(mapping, { activation: activation.bits, weight: weight.bits, psum: psum.bits, output: psum.bits }),
    worstCase: { psum: worst.psumBits, out: worst.outputBits },
  };
}
