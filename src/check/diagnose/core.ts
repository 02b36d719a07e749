import type { Conv } from '../../engine/conv';
import { nijOf } from '../../engine/conv';
import { codeRange } from '../../engine/quantize';
import type { Mapping } from '../../engine/tiling';
import type { PairModel } from '../pair';

export type Change = (value: number) => number;
/** A psum by its coordinates; a prediction that is no value where nothing certain stands. */
export type PsumReader = (icTile: number, ocTile: number, col: number, kij: number, nij: number) => number;
/** What a PE hands down, from the psum that enters from above and its product. */
export type Element = (above: number, product: number) => number;

/** What the sum of a pixel begins with when the accumulator is not cleared. */
export type Carry = 'pixel' | 'pixel after ReLU' | 'oc tile';

/** The computation of a layer with everything in it that a fault can alter. Made from the model; hypotheses return altered copies. */
export interface Core {
  readonly mapping: Mapping;
  readonly model: PairModel;
  /** `[icTile, nij, row]` */
  readonly activations: Int32Array;
  /** `[icTile, ocTile, col, kij, row]` */
  readonly weights: Int32Array;
  /** Of each PE down a column; without it the sum. */
  readonly element?: Element;
  /** Cuts to the psum's width. */
  readonly fit: Change;
  /** Of a psum as it is stored. */
  readonly onPsum?: Change;
  /** From the psums that should stand in the memory to those that do. */
  readonly stored?: (psum: PsumReader) => PsumReader;
  /** What the SFP accumulates, in this order. */
  readonly icTiles: readonly number[];
  readonly kijs: readonly number[];
  /** `[o_nij, kij]`: psum address `kij * nijCount + nij` that is read; outside of the memory nothing is known. */
  readonly reads: Int32Array;
  /** Addresses outside read 0 instead of x. */
  readonly outsideIsZero?: boolean;
  /** After each addition, after each ic tile, on the finished sum before its width cuts it. */
  readonly onStep?: Change;
  readonly onTile?: Change;
  readonly onSum?: Change;
  readonly carry?: Carry;
  /** From the sum to the output. */
  readonly activate: Change;
}

export function coreOf(model: PairModel, relu: boolean): Core {
  const { conv, tiling } = model.mapping;
  const fit = fitter(model.psumBits, model.overflow === 'saturate');
  return {
    mapping: model.mapping,
    model,
    activations: model.activationTiles,
    weights: model.weightTiles,
    fit,
    // A wrapping register may be wrapped once at the end; a saturating one is not the same
    ...(model.overflow === 'saturate' && { onStep: fit }),
    icTiles: upTo(tiling.icTiles),
    kijs: upTo(conv.kijCount),
    reads: readAddresses(conv, (oNij, kij) => nijOf(conv, oNij, kij)),
    activate: relu ? cut : same,
  };
}

export const cut: Change = (value) => (value < 0 ? 0 : value);
export const same: Change = (value) => value;

/** Cuts values to a two's complement width. */
export function fitter(bits: number, saturating: boolean): Change {
  const { min, max } = codeRange(bits, true);
  if (saturating) return (value) => Math.min(max, Math.max(min, value));
  const spare = 32 - bits;
  return (value) => (value << spare) >> spare;
}

/** What a PE should do. */
export const addition: Element = (above, product) => (above + product) | 0;

/** Psums that are stored otherwise, after what is altered already. */
export function storing(change: (psum: PsumReader) => PsumReader): (core: Core) => Core {
  return (core) => ({ ...core, stored: (psum) => change(core.stored?.(psum) ?? psum) });
}

/** The lower bits of a value, without sign. */
export function lowerBits(bits: number): Change {
  const mask = bits >= 32 ? -1 : 2 ** bits - 1;
  return (value) => value & mask;
}

export function both(first: Change | undefined, second: Change): Change {
  return first === undefined ? second : (value) => second(first(value));
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Psum addresses `[o_nij, kij]` for a rule that gives the padded pixel. */
export function readAddresses(conv: Conv, nij: (oNij: number, kij: number) => number): Int32Array {
  const reads = new Int32Array(conv.oNijCount * conv.kijCount);
  for (let oNij = 0, at = 0; oNij < conv.oNijCount; oNij++) {
    for (let kij = 0; kij < conv.kijCount; kij++) reads[at++] = kij * conv.nijCount + nij(oNij, kij);
  }
  return reads;
}
