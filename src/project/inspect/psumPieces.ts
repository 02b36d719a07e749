import type { ScheduledLayer } from '../../engine/schedule/arrayState';
import { psumTile } from '../../engine/psum';
import type { Mapping } from '../../engine/tiling';
import { usedCols, usedRows } from '../../engine/tiling';
import { fitToWidth } from '../../engine/width';
import type { TilePlace, Window } from '../../protocol/inspect';

/** Psums that are held at once, unless one column alone has more: 4 MB. */
const MOST_PSUMS = 1 << 20;
/** Multiply-adds between two breaths: some hundredths of a second. */
const MOST_MACS = 1 << 24;

/** Neighbouring columns that carry a channel. */
export interface Columns {
  readonly from: number;
  readonly count: number;
}

/** The columns of an oc tile in groups whose psums fit the memory that is allowed. */
export function columnGroups({ mapping }: ScheduledLayer, ocTile: number): Columns[] {
  const { nijCount, kijCount } = mapping.conv;
  const size = Math.max(1, Math.floor(MOST_PSUMS / (nijCount * kijCount)));
  const used = usedCols(mapping, ocTile);
  return Array.from({ length: Math.ceil(used / size) }, (_, group) => ({ from: group * size, count: Math.min(size, used - group * size) }));
}

/**
 * Exact psums of some columns of a tile pair; yields between parts that take long.
 * @returns `[col, nij, kij]`, in `scratch` when that is large enough
 */
export function* columnPsums(layer: ScheduledLayer, place: TilePlace, columns: Columns, scratch?: Int32Array): Generator<undefined, Int32Array> {
  const { conv, tiling } = layer.mapping;
  const { nijCount, kijCount } = conv;
  const column = nijCount * kijCount;
  const length = columns.count * column;
  const psums = scratch !== undefined && scratch.length >= length ? scratch.subarray(0, length) : new Int32Array(length);
  const whole: Window = { nijFrom: 0, nijCount };
  if (length * tiling.rows <= MOST_MACS) return piece(layer, place, weightsOf(layer, place, columns), columns.count, kijCount, whole, psums);
  const step = Math.max(1, Math.floor(MOST_MACS / (kijCount * tiling.rows)));
  for (let col = 0; col < columns.count; col++) {
    const weights = weightsOf(layer, place, { from: columns.from + col, count: 1 });
    for (let nijFrom = 0; nijFrom < nijCount; nijFrom += step) {
      const window = { nijFrom, nijCount: Math.min(step, nijCount - nijFrom) };
      // One column has its pixels one after the other
      const start = col * column + nijFrom * kijCount;
      piece(layer, place, weights, 1, kijCount, window, psums.subarray(start, start + window.nijCount * kijCount));
      yield undefined;
    }
  }
  return psums;
}

/**
 * Psums of one kij of a tile pair, as the psum width holds them.
 * @returns `[nij, col]`, columns of zero padding included
 */
export function windowPsums(layer: ScheduledLayer, place: TilePlace, kij: number, window: Window): Int32Array {
  const { conv, tiling } = layer.mapping;
  const { rows, cols } = tiling;
  const used = usedCols(layer.mapping, place.ocTile);
  const all = weightsOf(layer, place, { from: 0, count: used });
  const weights = new Int32Array(used * rows);
  for (let col = 0; col < used; col++) {
    const start = (col * conv.kijCount + kij) * rows;
    weights.set(all.subarray(start, start + rows), col * rows);
  }
  const byCol = piece(layer, place, weights, used, 1, window, new Int32Array(used * window.nijCount));
  const values = new Int32Array(window.nijCount * cols);
  for (let col = 0, from = 0; col < used; col++) {
    for (let nij = 0; nij < window.nijCount; nij++) values[nij * cols + col] = byCol[from++]!;
  }
  fit(values, layer);
  return values;
}

/** In place, under the layer's policy. */
export function fit(values: Int32Array, { psumBits, overflow }: ScheduledLayer): void {
  fitToWidth(values, { bits: psumBits, signed: true }, overflow);
}

/** `[col, kij, row]` of some columns, a view. */
function weightsOf({ mapping: { conv, tiling }, weightTiles }: ScheduledLayer, { icTile, ocTile }: TilePlace, { from, count }: Columns): Int32Array {
  const column = conv.kijCount * tiling.rows;
  const start = ((icTile * tiling.ocTiles + ocTile) * tiling.cols + from) * column;
  return weightTiles.subarray(start, start + count * column);
}

/** The engine's own psums of a layer that is this part and nothing else: one tile, these columns, these pixels, these kij. */
function piece({ mapping, activationTiles }: ScheduledLayer, { icTile }: TilePlace, weights: Int32Array, cols: number, kijCount: number, { nijFrom, nijCount }: Window, out: Int32Array): Int32Array {
  const { conv, tiling } = mapping;
  const part: Mapping = {
    conv: { ...conv, inChannels: usedRows(mapping, icTile), outChannels: cols, nijCount, kijCount },
    tiling: { rows: tiling.rows, cols, icTiles: 1, ocTiles: 1 },
  };
  const start = (icTile * conv.nijCount + nijFrom) * tiling.rows;
  return psumTile(part, activationTiles.subarray(start, start + nijCount * tiling.rows), weights, 0, 0, out);
}
