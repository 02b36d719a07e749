import type { Axis, Coordinates, Kind } from '../axis';
import type { Pixels } from './pixels';
import { isPadding, pair } from './pixels';

/** Array sizes, for absolute channels. */
export interface ArraySides {
  readonly rows?: number;
  readonly cols?: number;
}

const ORDER: readonly Axis[] = ['kij', 'nij', 'o_nij', 'row', 'col', 'icTile', 'ocTile'];
const NAMES: Readonly<Record<Axis, string>> = { kij: 'kij', nij: 'nij', o_nij: 'o_nij', row: 'row', col: 'col', icTile: 'ic tile', ocTile: 'oc tile' };

/** `kij 5 (1,2) · nij 17 (2,5) · col 3`: coordinates in the words of the field, with pixels and kernel positions as pairs. */
export function placeText(coordinates: Coordinates, pixels: Pixels): string {
  return ORDER.flatMap((axis) => {
    const value = coordinates[axis];
    return value === undefined ? [] : [`${NAMES[axis]} ${value}${pair(axis, value, pixels)}`];
  }).join(' · ');
}

/** What a hover adds to the coordinates: padding pixels and absolute channels. */
export function placeNotes(kind: Kind, coordinates: Coordinates, pixels: Pixels, { rows, cols }: ArraySides): string[] {
  const { nij, row, col, icTile, ocTile } = coordinates;
  const padding = nij === undefined ? undefined : isPadding(nij, pixels);
  const input = kind !== 'weight' && kind !== 'activation' ? undefined : channel(icTile, rows, row);
  const output = kind === 'activation' ? undefined : channel(ocTile, cols, col);
  return [
    ...(padding === true ? ['padding pixel'] : []),
    ...(input === undefined ? [] : [kind === 'weight' ? `input ch ${input}` : `ch ${input}`]),
    ...(output === undefined ? [] : [kind === 'weight' ? `output ch ${output}` : `ch ${output}`]),
  ];
}

function channel(tile: number | undefined, side: number | undefined, index: number | undefined): number | undefined {
  return tile === undefined || side === undefined || index === undefined ? undefined : tile * side + index;
}
