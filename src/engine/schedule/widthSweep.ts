import type { LayerResult, TileProgress } from '../layer';
import { psumTile } from '../psum';

/** Widest sum of the engine. */
const MOST_BITS = 32;

/** For each width, how many exact sums two's complement of that width cannot hold. */
export interface WidthSweep {
  /** All psums and outputs, those of columns without a channel included. */
  readonly psums: number;
  readonly outputs: number;
  /** One for each width from 1 to 32 bits, in this order. */
  readonly points: readonly WidthPoint[];
}

export interface WidthPoint {
  readonly bits: number;
  readonly psumsBeyond: number;
  readonly outputsBeyond: number;
}

/**
 * Counts, for every width at once, the psums and outputs that would not fit. Computes the exact psums again, whatever width the layer was
 * computed for; yields after each tile pair as `computeLayer` does.
 */
export function* sweepWidths({ mapping, activationTiles, weightTiles, outExact }: Pick<LayerResult, 'mapping' | 'activationTiles' | 'weightTiles' | 'outExact'>): Generator<TileProgress, WidthSweep> {
  const { icTiles, ocTiles, cols } = mapping.tiling;
  const psumNeeds = new Float64Array(MOST_BITS + 1);
  const scratch = new Int32Array(cols * mapping.conv.nijCount * mapping.conv.kijCount);
  const total = icTiles * ocTiles;
  for (let done = 0; done < total; ) {
    countNeeds(psumTile(mapping, activationTiles, weightTiles, Math.floor(done / ocTiles), done % ocTiles, scratch), psumNeeds);
    yield { done: ++done, total };
  }
  const outNeeds = new Float64Array(MOST_BITS + 1);
  countNeeds(outExact, outNeeds);
  const points = Array.from({ length: MOST_BITS }, (_, index) => ({ bits: index + 1, psumsBeyond: sumAbove(psumNeeds, index + 1), outputsBeyond: sumAbove(outNeeds, index + 1) }));
  return { psums: total * scratch.length, outputs: outExact.length, points };
}

/** Adds to a histogram of the least signed width of each value: `needs[bits]`. */
function countNeeds(values: Int32Array, needs: Float64Array): void {
  for (const value of values) needs[MOST_BITS + 1 - Math.clz32(value < 0 ? ~value : value)]!++;
}

function sumAbove(needs: Float64Array, bits: number): number {
  return needs.subarray(bits + 1).reduce((sum, count) => sum + count, 0);
}
