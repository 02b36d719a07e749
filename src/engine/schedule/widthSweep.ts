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
  const psums = new WidthCounter();
  const scratch = new Int32Array(cols * mapping.conv.nijCount * mapping.conv.kijCount);
  const total = icTiles * ocTiles;
  for (let done = 0; done < total; ) {
    psums.add(psumTile(mapping, activationTiles, weightTiles, Math.floor(done / ocTiles), done % ocTiles, scratch));
    yield { done: ++done, total };
  }
  const outputs = new WidthCounter();
  outputs.add(outExact);
  return { psums: total * scratch.length, outputs: outExact.length, points: widthPoints(psums, outputs) };
}

/** Counts values by the least signed width that holds each. */
export class WidthCounter {
  private readonly needs = new Float64Array(MOST_BITS + 1);

  add(values: Int32Array): void {
    for (const value of values) this.needs[MOST_BITS + 1 - Math.clz32(value < 0 ? ~value : value)]!++;
  }

  beyond(bits: number): number {
    return this.needs.subarray(bits + 1).reduce((sum, count) => sum + count, 0);
  }
}

/** One point for each width from 1 to 32 bits. */
export function widthPoints(psums: WidthCounter, outputs: WidthCounter): WidthPoint[] {
  return Array.from({ length: MOST_BITS }, (_, index) => ({ bits: index + 1, psumsBeyond: psums.beyond(index + 1), outputsBeyond: outputs.beyond(index + 1) }));
}
