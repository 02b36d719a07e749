import { nijOf } from './conv';
import type { Mapping } from './tiling';

/**
 * The psum SRAM address of every contribution to every output pixel: `kij * nijCount + nij`, kij-major as the array writes it.
 * @returns `[o_nij, kij]`
 */
export function accumulationAddresses({ conv }: Mapping): Int32Array {
  const addresses = new Int32Array(conv.oNijCount * conv.kijCount);
  let at = 0;
  for (let oNij = 0; oNij < conv.oNijCount; oNij++) {
    for (let kij = 0; kij < conv.kijCount; kij++) addresses[at++] = kij * conv.nijCount + nijOf(conv, oNij, kij);
  }
  return addresses;
}

/** Adds one psum tile, `[col, nij, kij]`, to the outputs of its output-channel tile, `[col, o_nij]`, in place. */
export type Accumulate = (psumTile: Int32Array, out: Int32Array) => void;

/**
 * The accumulating half of the SFP: over kij inside a tile; the caller goes over the input-channel tiles.
 * @param limits when given, the accumulator saturates after every addition, in the order icTile, kij, as a saturating
 *   register does; a wrapping register needs no limits, because wrapping once at the end gives the same bits
 */
export function accumulator({ conv, tiling }: Mapping, limits?: { min: number; max: number }): Accumulate {
  const { kijCount, nijCount, oNijCount } = conv;
  // Offset inside one column's [nij, kij] block for each (o_nij, kij)
  const offsets = new Int32Array(oNijCount * kijCount);
  for (let oNij = 0, at = 0; oNij < oNijCount; oNij++) {
    for (let kij = 0; kij < kijCount; kij++, at++) offsets[at] = nijOf(conv, oNij, kij) * kijCount + kij;
  }
  return (psumTile, out) => {
    for (let col = 0; col < tiling.cols; col++) {
      const block = col * nijCount * kijCount;
      for (let oNij = 0, at = 0; oNij < oNijCount; oNij++) {
        let sum = out[col * oNijCount + oNij]!;
        for (let kij = 0; kij < kijCount; kij++) {
          sum = (sum + psumTile[block + offsets[at++]!]!) | 0;
          if (limits !== undefined) sum = Math.min(limits.max, Math.max(limits.min, sum));
        }
        out[col * oNijCount + oNij] = sum;
      }
    }
  };
}

/** The other half of the SFP: a copy with negatives cut to zero. */
export function relu(out: Int32Array): Int32Array {
  return out.map((value) => (value < 0 ? 0 : value));
}
