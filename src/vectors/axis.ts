import type { Mapping } from '../engine/tiling';

/** The coordinates of a value, in the order of nesting that messages use. Counting starts at 0. */
export const AXES = ['icTile', 'ocTile', 'row', 'col', 'kij', 'nij', 'o_nij'] as const;
export type Axis = (typeof AXES)[number];

/** Values of some of the axes. */
export type Coordinates = Readonly<Partial<Record<Axis, number>>>;

/** How many values each axis has in a layer mapped on an array. */
export type AxisCounts = Readonly<Record<Axis, number>>;

/** What a golden file or a memory holds. */
export const KINDS = ['activation', 'weight', 'psum', 'out', 'address'] as const;
export type Kind = (typeof KINDS)[number];

/** The axes that tell the values of a kind apart. */
export const AXES_OF: Readonly<Record<Kind, readonly Axis[]>> = {
  activation: ['icTile', 'row', 'nij'],
  weight: ['icTile', 'ocTile', 'row', 'col', 'kij'],
  psum: ['icTile', 'ocTile', 'col', 'kij', 'nij'],
  out: ['ocTile', 'col', 'o_nij'],
  address: ['kij', 'o_nij'],
};

export function axisCounts({ conv, tiling }: Mapping): AxisCounts {
  return {
    icTile: tiling.icTiles,
    ocTile: tiling.ocTiles,
    row: tiling.rows,
    col: tiling.cols,
    kij: conv.kijCount,
    nij: conv.nijCount,
    o_nij: conv.oNijCount,
  };
}

const AXIS_LABELS: Readonly<Record<Axis, string>> = { icTile: 'ic tile', ocTile: 'oc tile', row: 'row', col: 'col', kij: 'kij', nij: 'nij', o_nij: 'o_nij' };

/** `ic tile 0 · col 7 · nij 14`: coordinates as every part of TileScope words them. */
export function describeCoordinates(coordinates: Coordinates): string {
  return AXES.filter((axis) => coordinates[axis] !== undefined)
    .map((axis) => `${AXIS_LABELS[axis]} ${coordinates[axis] ?? ''}`)
    .join(' · ');
}
