import type { Mapping } from '../engine/tiling';
import type { LayerResult } from '../engine/layer';
import { accumulationAddresses, relu } from '../engine/sfp';
import type { Axis, Coordinates, Kind } from './axis';

/** Integer values that coordinates lead to: what a layout is written from and read into. */
export interface TensorSource {
  /** Distance in the data between neighbours along each axis. An axis without a stride selects the block. */
  readonly strides: Readonly<Partial<Record<Axis, number>>>;
  /** The data that holds the values of these (tile) coordinates. */
  block(coordinates: Coordinates): Int32Array;
}

/** Strides of a dense tensor whose axes nest in the given order, outermost first. */
export function denseStrides(axes: readonly (readonly [Axis, number])[]): Partial<Record<Axis, number>> {
  const strides: Partial<Record<Axis, number>> = {};
  let stride = 1;
  for (const [axis, count] of axes.toReversed()) {
    strides[axis] = stride;
    stride *= count;
  }
  return strides;
}

/** The strides of each kind's tensor as the engine lays it out. Psums come a tile pair at a time, so tiles have none. */
export function stridesOf(kind: Kind, { conv, tiling }: Mapping): Readonly<Partial<Record<Axis, number>>> {
  const rows = ['row', tiling.rows] as const;
  const cols = ['col', tiling.cols] as const;
  const kij = ['kij', conv.kijCount] as const;
  const nij = ['nij', conv.nijCount] as const;
  const oNij = ['o_nij', conv.oNijCount] as const;
  const icTile = ['icTile', tiling.icTiles] as const;
  const ocTile = ['ocTile', tiling.ocTiles] as const;
  switch (kind) {
    case 'activation':
      return denseStrides([icTile, nij, rows]);
    case 'weight':
      return denseStrides([icTile, ocTile, cols, kij, rows]);
    case 'psum':
      return denseStrides([cols, nij, kij]);
    case 'out':
      return denseStrides([ocTile, cols, oNij]);
    case 'address':
      return denseStrides([oNij, kij]);
  }
}

/** A computed layer's tensors by kind. `relu` applies to `out` only. */
export function sourceOf(result: LayerResult, kind: Kind, cutNegative: boolean): TensorSource {
  const strides = stridesOf(kind, result.mapping);
  const whole = (data: Int32Array): TensorSource => ({ strides, block: () => data });
  switch (kind) {
    case 'activation':
      return whole(result.activationTiles);
    case 'weight':
      return whole(result.weightTiles);
    case 'out':
      return whole(cutNegative ? relu(result.outRaw) : result.outRaw);
    case 'address':
      return whole(accumulationAddresses(result.mapping));
    case 'psum':
      return { strides, block: lastTileKept(result) };
  }
}

/** The files of one tile pair follow each other: keeping its psums spares computing them once per file. */
function lastTileKept(result: LayerResult): TensorSource['block'] {
  let kept: { icTile: number; ocTile: number; data: Int32Array } | undefined;
  return ({ icTile = 0, ocTile = 0 }) => {
    if (kept?.icTile !== icTile || kept.ocTile !== ocTile) kept = { icTile, ocTile, data: result.psumTile(icTile, ocTile) };
    return kept.data;
  };
}
