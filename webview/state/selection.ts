import type { Conv } from '../../src/engine/conv';
import { nijOf } from '../../src/engine/conv';
import type { Mapping } from '../../src/engine/tiling';
import type { Selection } from '../../src/protocol/panel';
import type { Coordinates, Kind } from '../../src/vectors/axis';

/** The output pixel that reads `nij` at `kij`; -1 when none does. Inverse of `nijOf`. */
export function oNijAt(conv: Conv, kij: number, nij: number): number {
  const i = Math.floor(nij / conv.paddedWidth) - Math.floor(kij / conv.kernelWidth) * conv.dilationHeight;
  const j = (nij % conv.paddedWidth) - (kij % conv.kernelWidth) * conv.dilationWidth;
  const [oi, oj] = [i / conv.strideHeight, j / conv.strideWidth];
  const inside = Number.isInteger(oi) && Number.isInteger(oj) && oi >= 0 && oj >= 0 && oi < conv.outHeight && oj < conv.outWidth;
  return inside ? oi * conv.outWidth + oj : -1;
}

/** The first psum of the layer. */
export function firstSelection({ conv }: Mapping): Selection {
  return { icTile: 0, ocTile: 0, kij: 0, nij: 0, row: 0, col: 0, oNij: oNijAt(conv, 0, 0) };
}

/**
 * The selection with some of its coordinates changed: all inside the layer, `oNij`, `kij` and `nij` in agreement. An output pixel that
 * is given decides `nij`; else `nij` stays and decides the output pixel.
 */
export function changed({ conv, tiling }: Mapping, before: Selection, change: Partial<Selection>): Selection {
  const next = { ...before, ...change };
  const kij = within(next.kij, conv.kijCount);
  const byOutput = change.oNij !== undefined && change.oNij >= 0;
  const nij = byOutput ? nijOf(conv, within(next.oNij, conv.oNijCount), kij) : within(next.nij, conv.nijCount);
  return {
    icTile: within(next.icTile, tiling.icTiles),
    ocTile: within(next.ocTile, tiling.ocTiles),
    kij,
    nij,
    row: within(next.row, tiling.rows),
    col: within(next.col, tiling.cols),
    oNij: oNijAt(conv, kij, nij),
  };
}

/** What of a selection the coordinates of a value say; an output's pixel counts only where there is no input pixel. */
export function changeOf({ icTile, ocTile, row, col, kij, nij, o_nij }: Coordinates): Partial<Selection> {
  const known = { icTile, ocTile, row, col, kij, nij, oNij: nij === undefined ? o_nij : undefined };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
}

/** Coordinates of the selected value of a kind; undefined where no output reads the selected psum. */
export function coordinatesOf({ icTile, ocTile, kij, nij, row, col, oNij }: Selection, kind: Kind): Coordinates | undefined {
  switch (kind) {
    case 'activation':
      return { icTile, row, nij };
    case 'weight':
      return { icTile, ocTile, row, col, kij };
    case 'psum':
      return { icTile, ocTile, col, kij, nij };
    case 'out':
      return oNij < 0 ? undefined : { ocTile, col, o_nij: oNij };
    case 'address':
      return oNij < 0 ? undefined : { kij, o_nij: oNij };
  }
}

/** Is this padded pixel one of the zeros around the image? */
export function isImagePadding({ padding, height, width, paddedWidth }: Conv, nij: number): boolean {
  const i = Math.floor(nij / paddedWidth) - padding.top;
  const j = (nij % paddedWidth) - padding.left;
  return i < 0 || j < 0 || i >= height || j >= width;
}

function within(value: number, count: number): number {
  return Number.isFinite(value) ? Math.min(count - 1, Math.max(0, Math.trunc(value))) : 0;
}
