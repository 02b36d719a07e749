import type { Mapping } from '../tiling';

/**
 * The cycles of the weight-stationary core in examples/digits/rtl: nothing overlaps. A layer is a run for each oc tile; a run is a
 * pass for each kij of each ic tile, in the order icTile, kij, and then the accumulation. Cycles count from 0.
 */

/** Input memory 1, L0 1, the PE's input register 1: from the cycle that asks for a line to its first product. */
export const INPUT_LATENCY = 3;

/** After the last psum's address: psum memory 1, SFP 1. */
export const ACCUMULATE_LATENCY = 2;

export type PassPhase = 'load' | 'stream' | 'drain';
export type Phase = PassPhase | 'accumulate';

/** Clock cycles of one pass. */
export interface PassCycles {
  /** A line of weights a cycle: `cols`. */
  readonly load: number;
  /** A line of activations a cycle: `nijCount`. */
  readonly stream: number;
  /** Until the last psum is written: `rows + cols + 3`. */
  readonly drain: number;
  readonly total: number;
}

/** Clock cycles of a run, that is of one oc tile; each phase added up over its passes. */
export interface RunCycles extends PassCycles {
  readonly passes: number;
  /** A psum a cycle, once a run: `oNijCount * icTiles * kijCount + 2`. */
  readonly accumulate: number;
}

/** A pass of a layer. */
export interface Pass {
  readonly ocTile: number;
  readonly icTile: number;
  readonly kij: number;
}

/** What a cycle of a layer belongs to. `phaseCycle` counts from the start of the phase. */
export type CyclePlace = PassPlace | AccumulatePlace;

export interface PassPlace extends Pass {
  readonly phase: PassPhase;
  /** From the start of the pass, `0 <= cycle < passCycles().total`. */
  readonly cycle: number;
  readonly phaseCycle: number;
}

export interface AccumulatePlace {
  readonly phase: 'accumulate';
  readonly ocTile: number;
  /** From the start of the accumulation, `0 <= cycle < runCycles().accumulate`. */
  readonly cycle: number;
  readonly phaseCycle: number;
}

export function passCycles({ conv, tiling }: Mapping): PassCycles {
  const load = tiling.cols;
  const stream = conv.nijCount;
  const drain = tiling.rows + tiling.cols + INPUT_LATENCY;
  return { load, stream, drain, total: load + stream + drain };
}

export function runCycles(mapping: Mapping): RunCycles {
  const passes = passesOf(mapping);
  const pass = passCycles(mapping);
  const accumulate = mapping.conv.oNijCount * passes + ACCUMULATE_LATENCY;
  return { passes, load: passes * pass.load, stream: passes * pass.stream, drain: passes * pass.drain, accumulate, total: passes * pass.total + accumulate };
}

/** All runs of a layer, one after the other without a pause. */
export function layerCycles(mapping: Mapping): number {
  return mapping.tiling.ocTiles * runCycles(mapping).total;
}

/** Passes of a run: `icTiles * kijCount`; also the psums that an output adds up. */
export function passesOf({ conv, tiling }: Mapping): number {
  return tiling.icTiles * conv.kijCount;
}

/** Number of a pass in its layer, counted over all runs. */
export function passIndex(mapping: Mapping, { ocTile, icTile, kij }: Pass): number {
  return ocTile * passesOf(mapping) + icTile * mapping.conv.kijCount + kij;
}

/** The pass of that number; inverse of {@link passIndex}. */
export function passAt(mapping: Mapping, index: number): Pass {
  const passes = passesOf(mapping);
  const inRun = index % passes;
  return { ocTile: Math.floor(index / passes), icTile: Math.floor(inRun / mapping.conv.kijCount), kij: inRun % mapping.conv.kijCount };
}

/**
 * What a cycle of the layer belongs to, without counting through those before it.
 * @throws RangeError unless `0 <= cycle < layerCycles(mapping)`
 */
export function placeAt(mapping: Mapping, cycle: number): CyclePlace {
  expectCycle(cycle, layerCycles(mapping), 'layer');
  const run = runCycles(mapping);
  const ocTile = Math.floor(cycle / run.total);
  const inRun = cycle % run.total;
  const pass = passCycles(mapping);
  const inPass = inRun % pass.total;
  const accumulateStart = run.passes * pass.total;
  if (inRun >= accumulateStart) return { phase: 'accumulate', ocTile, cycle: inRun - accumulateStart, phaseCycle: inRun - accumulateStart };
  return { ...passAt(mapping, ocTile * run.passes + Math.floor(inRun / pass.total)), cycle: inPass, ...passPhaseAt(mapping, inPass) };
}

/**
 * The phase of a pass that a cycle of it belongs to.
 * @throws RangeError unless `0 <= cycle < passCycles(mapping).total`
 */
export function passPhaseAt(mapping: Mapping, cycle: number): { phase: PassPhase; phaseCycle: number } {
  const { load, stream, total } = passCycles(mapping);
  expectCycle(cycle, total, 'pass');
  if (cycle < load) return { phase: 'load', phaseCycle: cycle };
  if (cycle < load + stream) return { phase: 'stream', phaseCycle: cycle - load };
  return { phase: 'drain', phaseCycle: cycle - load - stream };
}

/** Cycle of the layer at which a pass starts. */
export function passStart(mapping: Mapping, pass: Pass): number {
  return pass.ocTile * runCycles(mapping).total + (pass.icTile * mapping.conv.kijCount + pass.kij) * passCycles(mapping).total;
}

/** Cycle of the layer at which the accumulation of an oc tile starts. */
export function accumulateStart(mapping: Mapping, ocTile: number): number {
  const run = runCycles(mapping);
  return (ocTile + 1) * run.total - run.accumulate;
}

/** The layer's cycle of a place; inverse of {@link placeAt}. */
export function cycleOf(mapping: Mapping, place: CyclePlace): number {
  return (place.phase === 'accumulate' ? accumulateStart(mapping, place.ocTile) : passStart(mapping, place)) + place.cycle;
}

/** @throws RangeError when a caller asks for a cycle that is not there */
export function expectCycle(cycle: number, total: number, what: string): void {
  if (Number.isSafeInteger(cycle) && cycle >= 0 && cycle < total) return;
  throw new RangeError(`There is no cycle ${cycle} in a ${what} of ${total} cycles.`);
}
