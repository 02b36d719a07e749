import type { Mapping } from '../tiling';
import { usedCols } from '../tiling';
import { Kernel } from './kernel';
import { TileMemory } from './tileMemory';

/**
 * {@link psumTile} on vectors: the same numbers in the same order, `[col, nij, kij]`, for the columns that carry a channel.
 * @returns false when nothing was computed: no vectors on this host, or a tile beyond the memory
 */
export function simdPsums(mapping: Mapping, activationTiles: Int32Array, weightTiles: Int32Array, icTile: number, ocTile: number, psum: Int32Array): boolean {
  // Nearly all codes fit 16 bits; packing tells
  return tileWith(true) ?? tileWith(false) ?? false;

  /** @returns undefined when operands do not fit 16 bits */
  function tileWith(narrow: boolean): boolean | undefined {
    const tile = new TileMemory(mapping, narrow, 1);
    const kernel = Kernel.forBytes(tile.end);
    if (kernel === undefined) return false;
    kernel.enter(undefined);
    tile.writeTables(kernel);
    if (!tile.loadActivations(kernel, activationTiles, icTile) || tile.loadWeights(kernel, weightTiles, icTile, ocTile) === undefined) return undefined;
    const { nijCount, kijCount } = mapping.conv;
    const length = nijCount * kijCount;
    for (const batch of tile.batches(ocTile)) {
      tile.compute(kernel, 0, batch);
      for (let col = 0; col < batch.cols; col++) kernel.run.transpose(tile.psums + col * tile.colBytes, tile.turned + 4 * col * length, nijCount, kijCount, 16 * tile.groups);
      psum.set(kernel.memory.subarray(tile.turned / 4, tile.turned / 4 + batch.cols * length), batch.firstCol * length);
    }
    psum.fill(0, usedCols(mapping, ocTile) * length, mapping.tiling.cols * length);
    kernel.release(undefined);
    return true;
  }
}
