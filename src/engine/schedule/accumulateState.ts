import { nijOf } from '../conv';
import { relu } from '../sfp';
import { fitToWidth } from '../width';
import type { ScheduledLayer } from './arrayState';
import { psumLine } from './passState';
import { expectCycle, passesOf, runCycles } from './weightStationary';

/** One psum of an output's sum: where it stands in the psum memory and whose it is. */
export interface Term {
  /** `(icTile * kijCount + kij) * nijCount + nij` */
  readonly address: number;
  readonly oNij: number;
  readonly icTile: number;
  readonly kij: number;
  readonly nij: number;
}

/** Psum memory, SFP columns and output memory in one cycle of the accumulation. The array stands still. */
export interface AccumulateState {
  readonly phase: 'accumulate';
  readonly ocTile: number;
  /** From the start of the accumulation. */
  readonly cycle: number;
  /** The psum that is being asked for. */
  readonly read: Term | undefined;
  /** The psum that stands at the memory's output and is being added: `psums` is `[col]`. */
  readonly added: { readonly term: Term; readonly psums: Int32Array } | undefined;
  /** The SFP's registers, `[col]`: the sum of `term.oNij` up to and including `term`. */
  readonly sum: { readonly term: Term; readonly values: Int32Array } | undefined;
  /** The line that is written to the output memory in this cycle, after ReLU if the layer has one, `[col]`; its address is `oNij`. */
  readonly written: { readonly oNij: number; readonly outputs: Int32Array } | undefined;
}

/**
 * The accumulation of an oc tile in one of its cycles, computed from that cycle alone: a psum asked for in cycle `a` is added in
 * `a + 1`, and is in the sum in `a + 2`, when the sum is written if it was the output's last one.
 * @throws RangeError when the accumulation has no such cycle
 */
export function accumulateState(layer: ScheduledLayer, ocTile: number, cycle: number): AccumulateState {
  const { mapping } = layer;
  expectCycle(cycle, runCycles(mapping).accumulate, 'accumulation');
  const read = termAsked(layer, cycle);
  const adding = termAsked(layer, cycle - 1);
  const summed = termAsked(layer, cycle - 2);
  const values = summed && sumUpTo(layer, ocTile, summed);
  const isLast = summed !== undefined && (cycle - 2) % passesOf(mapping) === passesOf(mapping) - 1;
  return {
    phase: 'accumulate',
    ocTile,
    cycle,
    read,
    added: adding && { term: adding, psums: psumLine(layer, { ...adding, ocTile }, adding.nij) },
    sum: summed && values && { term: summed, values },
    written: isLast && values ? { oNij: summed.oNij, outputs: layer.relu ? relu(values) : values } : undefined,
  };
}

/** The psum asked for in a cycle: kij inside ic tiles inside o_nij. */
function termAsked({ mapping }: ScheduledLayer, cycle: number): Term | undefined {
  const { conv } = mapping;
  const terms = passesOf(mapping);
  if (cycle < 0 || cycle >= terms * conv.oNijCount) return undefined;
  const oNij = Math.floor(cycle / terms);
  const icTile = Math.floor((cycle % terms) / conv.kijCount);
  const kij = cycle % conv.kijCount;
  const nij = nijOf(conv, oNij, kij);
  return { address: (cycle % terms) * conv.nijCount + nij, oNij, icTile, kij, nij };
}

/** The SFP's registers once a term has been added, `[col]`; each addition as the psum width holds it. */
function sumUpTo(layer: ScheduledLayer, ocTile: number, last: Term): Int32Array {
  const { conv } = layer.mapping;
  const sum = new Int32Array(layer.mapping.tiling.cols);
  for (let index = 0; index <= last.icTile * conv.kijCount + last.kij; index++) {
    const icTile = Math.floor(index / conv.kijCount);
    const kij = index % conv.kijCount;
    psumLine(layer, { ocTile, icTile, kij }, nijOf(conv, last.oNij, kij)).forEach((psum, col) => (sum[col]! += psum));
    fitToWidth(sum, { bits: layer.psumBits, signed: true }, layer.overflow);
  }
  return sum;
}
