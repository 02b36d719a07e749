import type { LayerResult } from '../layer';
import type { OverflowPolicy } from '../width';

/** A computed layer with the psum width that it was computed for: `{ ...layer, psumBits, overflow, relu }`. */
export interface ScheduledLayer extends Pick<LayerResult, 'mapping' | 'activationTiles' | 'weightTiles'> {
  /** Width of psums and accumulated outputs, two's complement. */
  readonly psumBits: number;
  readonly overflow: OverflowPolicy;
  /** Outputs are cut at zero before they are written. */
  readonly relu: boolean;
}

/**
 * What stands in the registers of the array during one clock cycle, in any dataflow. Arrays marked `[row, col]` hold one number a PE
 * at `row * cols + col`. A value means something only where the number beside it says whose it is; elsewhere it is 0.
 */
export interface ArrayState {
  readonly rows: number;
  readonly cols: number;
  /** From the start of the pass (weight-stationary) or of the tile (output-stationary). */
  readonly cycle: number;
  /** Weight code that the PE multiplies with, `[row, col]`. */
  readonly weights: Int32Array;
  /** Activation code in the PE's input register, `[row, col]`. */
  readonly activations: Int32Array;
  /** Padded input pixel of that activation, `[row, col]`; -1: no activation. */
  readonly activationNij: Int32Array;
  /** Sum in the PE's psum register, exact, `[row, col]`. */
  readonly partial: Int32Array;
}

/** One activation code: of a channel of an ic tile at a padded pixel. */
export function activationOf({ mapping, activationTiles }: ScheduledLayer, icTile: number, nij: number, row: number): number {
  return activationTiles[(icTile * mapping.conv.nijCount + nij) * mapping.tiling.rows + row]!;
}

/** One weight code: of the PE at `row`, `col` in the pass of a tile pair and a kij. */
export function weightOf({ mapping, weightTiles }: ScheduledLayer, { icTile, ocTile, kij }: { icTile: number; ocTile: number; kij: number }, row: number, col: number): number {
  const { rows, cols, ocTiles } = mapping.tiling;
  return weightTiles[(((icTile * ocTiles + ocTile) * cols + col) * mapping.conv.kijCount + kij) * rows + row]!;
}
