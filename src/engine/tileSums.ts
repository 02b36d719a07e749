import { accumulator } from './sfp';
import { plainPsums } from './psum';
import type { Mapping } from './tiling';
import type { OverflowPolicy } from './width';
import { extremes, fitToWidth } from './width';
import { codeRange } from './quantize';

/** Psums of one tile pair in short. */
export interface TileFacts {
  /** Least and greatest exact psum; columns without a channel hold zeros. */
  readonly min: number;
  readonly max: number;
  /** Psums that did not fit the width. */
  readonly beyond: number;
}

/** SFP sums of a whole layer before ReLU, `[ocTile, col, o_nij]`. */
export interface LayerSums {
  /** What the exact psums add up to. */
  readonly exact: Int32Array;
  /** What psums cut to the width add up to; the same array under policy `error`. Not yet cut themselves. */
  readonly raw: Int32Array;
}

/** Computes the psums of a layer tile pair by tile pair and adds them up; psums are not kept. */
export interface TileSums {
  add(icTile: number, ocTile: number): TileFacts;
  finish(): LayerSums;
  /** Gives up what is held in common with other layers; done or not, nothing is asked of it afterwards. */
  release(): void;
}

/** What {@link TileSums} are made from. */
export interface TileSumsInput {
  readonly mapping: Mapping;
  /** `[icTile, nij, row]` */
  readonly activationTiles: Int32Array;
  /** `[icTile, ocTile, col, kij, row]` */
  readonly weightTiles: Int32Array;
  readonly psumBits: number;
  readonly overflow: OverflowPolicy;
}

/**
 * In plain TypeScript: the reference that faster ways are held to, and what runs where there are none.
 * @param before sums of tile pairs that were added already; taken over
 */
export function plainTileSums({ mapping, activationTiles, weightTiles, psumBits, overflow }: TileSumsInput, before?: LayerSums): TileSums {
  const { conv, tiling } = mapping;
  const format = { bits: psumBits, signed: true };
  const accumulate = accumulator(mapping);
  const accumulateInWidth = overflow === 'error' ? undefined : accumulator(mapping, overflow === 'saturate' ? codeRange(psumBits, true) : undefined);
  const outLength = tiling.cols * conv.oNijCount;
  const exact = before?.exact ?? new Int32Array(tiling.ocTiles * outLength);
  const raw = accumulateInWidth === undefined ? exact : (before?.raw ?? exact.slice());
  const scratch = new Int32Array(tiling.cols * conv.nijCount * conv.kijCount);
  return {
    add(icTile, ocTile) {
      plainPsums(mapping, activationTiles, weightTiles, icTile, ocTile, scratch);
      const range = extremes(scratch);
      accumulate(scratch, exact.subarray(ocTile * outLength, (ocTile + 1) * outLength));
      const beyond = fitToWidth(scratch, format, overflow)?.count ?? 0;
      accumulateInWidth?.(scratch, raw.subarray(ocTile * outLength, (ocTile + 1) * outLength));
      return { ...range, beyond };
    },
    finish: () => ({ exact, raw }),
    release: () => undefined,
  };
}
