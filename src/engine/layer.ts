import { describeConv } from './conv';
import { Problem } from './problem';
import { checkInt32Safe, psumTile } from './psum';
import { codeRange } from './quantize';
import { simdTileSums } from './simd/simdTileSums';
import type { LayerSums, TileSums, TileSumsInput } from './tileSums';
import { plainTileSums } from './tileSums';
import type { Mapping } from './tiling';
import { tileActivations, tileWeights } from './tiling';
import type { IntegerFormat, OverflowPolicy } from './width';
import { extremes, fitToWidth, overflowProblem } from './width';

/** Everything the arithmetic of one layer needs. */
export interface LayerInput {
  readonly mapping: Mapping;
  /** `[inChannels, height, width]` */
  readonly activationCodes: Int32Array;
  /** `[outChannels, inChannels, Kh, Kw]` */
  readonly weightCodes: Int32Array;
  /** Width of a psum and of an accumulated output, two's complement, 2 to 32. */
  readonly psumBits: number;
  readonly overflow: OverflowPolicy;
}

/** A computed layer. Psum tiles are computed when asked for: a layer's psums can be far larger than its outputs. */
export interface LayerResult {
  readonly mapping: Mapping;
  /** `[icTile, nij, row]` */
  readonly activationTiles: Int32Array;
  /** `[icTile, ocTile, col, kij, row]` */
  readonly weightTiles: Int32Array;
  /** SFP outputs before ReLU as `psumBits` bits hold them, `[ocTile, col, o_nij]` */
  readonly outRaw: Int32Array;
  /** The same sums before any width cut them: what the tiles really add up to. */
  readonly outExact: Int32Array;
  /** Psums of one tile pair as `psumBits` bits hold them, `[col, nij, kij]` */
  psumTile(icTile: number, ocTile: number): Int32Array;
  /** What did not fit; always empty under policy `error`, which throws instead. */
  readonly overflows: { readonly psum: number; readonly out: number };
  /** Least and greatest exact psum and output, before any width cut them. */
  readonly psumRange: { readonly min: number; readonly max: number };
  readonly outRange: { readonly min: number; readonly max: number };
}

/** How far a computation is: tile pairs done of all. */
export interface TileProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Computes a layer tile pair by tile pair; yields after each so that the caller can report progress, breathe or stop.
 * @throws Problem `psum-overflow` under policy `error`, naming the first place and the count; `shape`; `code-range`
 */
export function* computeLayer(input: LayerInput): Generator<TileProgress, LayerResult> {
  const { mapping, psumBits, overflow } = input;
  const { conv, tiling } = mapping;
  checkWidth(psumBits);
  const [activations, weights] = [extremes(input.activationCodes), extremes(input.weightCodes)];
  checkInt32Safe(mapping, magnitude(activations), magnitude(weights));
  const activationTiles = tileActivations(mapping, input.activationCodes);
  const weightTiles = tileWeights(mapping, input.weightCodes);
  const format = { bits: psumBits, signed: true };
  const sums = tileSumsOf({ mapping, activationTiles, weightTiles, psumBits, overflow }, isNarrow(activations) && isNarrow(weights));
  const tileLength = tiling.cols * conv.nijCount * conv.kijCount;
  const total = tiling.icTiles * tiling.ocTiles;

  const psumOverflow = new OverflowTally();
  let psumMin = Infinity;
  let psumMax = -Infinity;
  let finished: LayerSums;
  try {
    for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
      for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
        const { min, max, beyond } = sums.add(icTile, ocTile);
        psumMin = Math.min(psumMin, min);
        psumMax = Math.max(psumMax, max);
        psumOverflow.add(beyond, () => {
          const first = firstBeyond(psumTile(mapping, activationTiles, weightTiles, icTile, ocTile), format);
          return { ...first, place: `ic tile ${icTile}, oc tile ${ocTile}, ${psumPlace(mapping, first.index)}` };
        });
        yield { done: icTile * tiling.ocTiles + ocTile + 1, total };
      }
    }

    finished = sums.finish();
  } finally {
    // Also when nobody asks for the rest
    sums.release();
  }
  const { exact: outExact, raw: outRaw } = finished;
  const psumRange = { min: psumMin, max: psumMax };
  const outRange = extremes(outExact);
  const outOverflow = new OverflowTally();
  const cut = fitToWidth(outRaw, format, overflow);
  if (cut !== undefined) outOverflow.add(cut.count, () => ({ index: cut.firstIndex, value: cut.firstValue, place: outPlace(mapping, cut.firstIndex) }));
  if (overflow === 'error') {
    // One advice for both: the least width that holds psums and outputs
    const both = { min: Math.min(psumMin, outRange.min), max: Math.max(psumMax, outRange.max) };
    psumOverflow.throwIfAny('psum', total * tileLength, psumBits, both);
    outOverflow.throwIfAny('output', outRaw.length, psumBits, both);
  }

  return {
    mapping,
    activationTiles,
    weightTiles,
    outRaw,
    outExact,
    psumTile: (icTile, ocTile) => {
      const tile = psumTile(mapping, activationTiles, weightTiles, icTile, ocTile);
      fitToWidth(tile, format, overflow);
      return tile;
    },
    overflows: { psum: psumOverflow.count, out: outOverflow.count },
    psumRange,
    outRange,
  };
}

/** Outputs in the network's own order. @returns `[outChannels, outHeight, outWidth]` without the zero padding of a last tile */
export function untileOutputs({ conv, tiling }: Mapping, outTiles: Int32Array): Int32Array {
  // [ocTile, col] is the absolute channel already: only the padding columns of the last tile stand behind it
  if (outTiles.length !== tiling.ocTiles * tiling.cols * conv.oNijCount) {
    throw new Problem('shape', `${outTiles.length} outputs do not belong to this layer (${describeConv(conv)}).`, 'Give the outputs of the same mapping.');
  }
  return outTiles.slice(0, conv.outChannels * conv.oNijCount);
}

/** `col 7, kij 4 (1,1), nij 14 (2,2)` for a flat index into `[col, nij, kij]`. */
function psumPlace({ conv }: Mapping, index: number): string {
  const kij = index % conv.kijCount;
  const nij = Math.floor(index / conv.kijCount) % conv.nijCount;
  const col = Math.floor(index / (conv.kijCount * conv.nijCount));
  return `col ${col}, kij ${kij} ${pair(kij, conv.kernelWidth)}, nij ${nij} ${pair(nij, conv.paddedWidth)}`;
}

/** `oc tile 0, col 7, o_nij 3 (0,3)` for a flat index into `[ocTile, col, o_nij]`. */
function outPlace({ conv, tiling }: Mapping, index: number): string {
  const oNij = index % conv.oNijCount;
  const channel = Math.floor(index / conv.oNijCount);
  return `oc tile ${Math.floor(channel / tiling.cols)}, col ${channel % tiling.cols}, o_nij ${oNij} ${pair(oNij, conv.outWidth)}`;
}

function pair(index: number, width: number): string {
  return `(${Math.floor(index / width)},${index % width})`;
}

/** A value that does not fit, with its place in words. */
interface Stray {
  readonly index: number;
  readonly value: number;
  readonly place: string;
}

/** Counts overflows over many tensors and remembers the first place. */
class OverflowTally {
  count = 0;
  private first: Stray | undefined;

  add(count: number, first: () => Stray): void {
    if (count === 0) return;
    this.count += count;
    this.first ??= first();
  }

  throwIfAny(what: string, total: number, bits: number, range: { min: number; max: number }): void {
    if (this.first === undefined) return;
    const { index: firstIndex, value: firstValue, place } = this.first;
    throw overflowProblem(what, place, { count: this.count, firstIndex, firstValue }, total, bits, range);
  }
}

/** The first of some values that does not fit, of which there is one. */
function firstBeyond(values: Int32Array, { bits, signed }: IntegerFormat): { index: number; value: number } {
  const { min, max } = codeRange(bits, signed);
  const index = values.findIndex((value) => value < min || value > max);
  return { index, value: values[index]! };
}

/** Vectors where the host has them: the numbers are the same. */
function tileSumsOf(input: TileSumsInput, narrow: boolean): TileSums {
  return simdTileSums(input, narrow) ?? plainTileSums(input);
}

function magnitude({ min, max }: { min: number; max: number }): number {
  return Math.max(-min, max);
}

/** Do 16 bits hold all of these codes? */
function isNarrow({ min, max }: { min: number; max: number }): boolean {
  return min >= -(2 ** 15) && max < 2 ** 15;
}

function checkWidth(bits: number): void {
  if (Number.isInteger(bits) && bits >= 2 && bits <= 32) return;
  throw new Problem('code-range', `A psum of ${bits} bits cannot be modelled.`, 'Set array.psumBits to a whole number from 2 to 32.');
}
