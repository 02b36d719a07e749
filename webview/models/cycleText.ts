import type { OutputStationaryPlace } from '../../src/engine/schedule/outputStationary';
import { outputStationaryCycles, outputStationaryPlaceAt } from '../../src/engine/schedule/outputStationary';
import type { Phase } from '../../src/engine/schedule/weightStationary';
import { accumulateStart, passCycles, passIndex, passStart, passesOf, placeAt, runCycles } from '../../src/engine/schedule/weightStationary';
import type { Dataflow, LayerInfo } from '../../src/protocol/inspect';
import type { Selection } from '../../src/protocol/panel';

/** Where a cycle stands: in its pass (or accumulation, or tile of outputs), and in which phase. */
export interface CycleText {
  readonly cycle: number;
  readonly of: number;
  readonly phase: PhaseName;
  /** With the cycle of the layer in which each begins. */
  readonly phases: readonly PhaseStart[];
  readonly part: string;
}

export type PhaseName = Phase | OutputStationaryPlace['phase'];

export interface PhaseStart {
  readonly phase: PhaseName;
  readonly cycle: number;
}

/** @param selection its pass is the one whose phases an accumulation leads back to */
export function cycleText(layer: LayerInfo, dataflow: Dataflow, cycle: number, selection: Pick<Selection, 'icTile' | 'kij'>): CycleText {
  if (dataflow === 'output-stationary') {
    const { tile, tiles, stream } = outputStationaryCycles(layer);
    const { phase, cycle: inTile } = outputStationaryPlaceAt(layer, cycle);
    const phases = [{ phase: 'stream', cycle: cycle - inTile }, { phase: 'drain', cycle: cycle - inTile + stream }] as const;
    return { cycle: inTile, of: tile, phase, phases, part: `output tile ${Math.floor(cycle / tile)} of ${tiles}` };
  }
  const place = placeAt(layer, cycle);
  const { load, stream } = passCycles(layer);
  const pass = passStart(layer, place.phase === 'accumulate' ? { ...selection, ocTile: place.ocTile } : place);
  const phases = [{ phase: 'load', cycle: pass }, { phase: 'stream', cycle: pass + load }, { phase: 'drain', cycle: pass + load + stream }, { phase: 'accumulate', cycle: accumulateStart(layer, place.ocTile) }] as const;
  if (place.phase === 'accumulate') return { cycle: place.cycle, of: runCycles(layer).accumulate, phase: place.phase, phases, part: `accumulation of oc tile ${place.ocTile}` };
  return { cycle: place.cycle, of: passCycles(layer).total, phase: place.phase, phases, part: `pass ${passIndex(layer, place)} of ${passesOf(layer) * layer.tiling.ocTiles}` };
}
