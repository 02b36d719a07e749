import type { ScheduledLayer } from '../../engine/schedule/arrayState';
import { outputStationaryCycles } from '../../engine/schedule/outputStationary';
import { layerCycles } from '../../engine/schedule/weightStationary';
import { checkInt32Safe } from '../../engine/psum';
import { extremes } from '../../engine/width';
import type { LayerInfo } from '../../protocol/inspect';
import { KINDS } from '../../vectors/axis';
import type { GoldenFile } from './goldenFiles';

/** A layer that an inspector shows: its inputs cut into tiles and everything that its numbers depend on. No psum is computed for it. */
export interface InspectedLayer extends ScheduledLayer, Pick<LayerInfo, 'name' | 'from' | 'notes' | 'formats'> {
  readonly steps?: LayerInfo['steps'];
  /** In the order in which a value is looked for in them. */
  readonly goldens: readonly GoldenFile[];
  /** Absolute paths of the files that all this was read from. */
  readonly inputs: readonly string[];
}

/** The layer as a page must know it. */
export function infoOf({ name, from, mapping, formats, overflow, relu, steps, goldens, notes }: InspectedLayer): LayerInfo {
  const held = new Set(goldens.map(({ layout }) => layout.spec.kind));
  return {
    name,
    from,
    conv: mapping.conv,
    tiling: mapping.tiling,
    formats,
    overflow,
    relu,
    ...(steps !== undefined && { steps }),
    goldens: KINDS.filter((kind) => held.has(kind)),
    cycles: { 'weight-stationary': layerCycles(mapping), 'output-stationary': outputStationaryCycles(mapping).total },
    notes,
  };
}

/**
 * The same check as `computeLayer` makes, on tiles: their padding is zeros.
 * @throws Problem `code-range`
 */
export function checkTiles({ mapping, activationTiles, weightTiles }: Pick<InspectedLayer, 'mapping' | 'activationTiles' | 'weightTiles'>): void {
  checkInt32Safe(mapping, magnitude(activationTiles), magnitude(weightTiles));
}

function magnitude(codes: Int32Array): number {
  const { min, max } = extremes(codes);
  return Math.max(-min, max);
}
