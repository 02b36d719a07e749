import type { LayerInfo, ViewQuestion } from '../../src/protocol/inspect';
import type { Selection } from '../../src/protocol/panel';
import { otherTile } from '../keys';
import { changed } from '../state/selection';
import { chunkAt } from './windows';

/** Kernel positions that are asked for ahead on each side. */
const KIJ_REACH = 4;

/** What one step from the selection shows: other kij of this tile pair, and the tile pairs before and behind it. */
export function neighbours(layer: LayerInfo, selection: Selection): ViewQuestion[] {
  const { conv, tiling } = layer;
  const window = chunkAt(selection.nij, tiling.cols, conv.nijCount);
  const psums = ({ icTile, ocTile, kij }: Selection): ViewQuestion => ({ type: 'psums', icTile, ocTile, kij, ...window });
  const kijs = Array.from({ length: 2 * KIJ_REACH + 1 }, (_, i) => selection.kij + (i % 2 === 0 ? i / 2 : -(i + 1) / 2)).filter((kij) => kij >= 0 && kij < conv.kijCount && kij !== selection.kij);
  const tiles = [1, -1].map((by) => changed(layer, selection, otherTile(layer, selection, by))).filter(({ icTile, ocTile }) => icTile !== selection.icTile || ocTile !== selection.ocTile);
  return [
    ...kijs.map((kij) => psums({ ...selection, kij })),
    ...tiles.flatMap((tile): ViewQuestion[] => [psums(tile), { type: 'tile', icTile: tile.icTile, ocTile: tile.ocTile }, { type: 'activations', icTile: tile.icTile, ...chunkAt(selection.nij, tiling.rows, conv.nijCount) }]),
  ];
}
