import type { ScheduledLayer } from '../../engine/schedule/arrayState';
import { nijOf } from '../../engine/conv';
import { partialSum } from '../../engine/schedule/passState';
import type { WidthSweep } from '../../engine/schedule/widthSweep';
import { WidthCounter, widthPoints } from '../../engine/schedule/widthSweep';
import type { Accumulate } from '../../engine/sfp';
import { accumulator } from '../../engine/sfp';
import { codeRange } from '../../engine/quantize';
import { extremes, leastSignedBits } from '../../engine/width';
import type { PixelData, WidthFigures } from '../../protocol/inspect';
import type { InspectProgress } from './run';
import type { Columns } from './psumPieces';
import { columnGroups, columnPsums, fit } from './psumPieces';

type Steps<T> = Generator<Omit<InspectProgress, 'what'> | undefined, T>;

/** Outputs before ReLU of some columns of an oc tile, as the psum width holds them, `[col, o_nij]`: all ic tiles added up. */
export function* columnOutputs(layer: ScheduledLayer, ocTile: number, columns: Columns): Steps<Int32Array> {
  const { conv, tiling } = layer.mapping;
  const out = new Int32Array(columns.count * conv.oNijCount);
  const add = accumulatorOf(layer, columns, layer.overflow === 'saturate');
  let psums: Int32Array | undefined;
  for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
    psums = yield* columnPsums(layer, { icTile, ocTile }, columns, psums);
    fit(psums, layer);
    add(psums, out);
    yield { done: icTile + 1, total: tiling.icTiles };
  }
  fit(out, layer);
  return out;
}

/** How one output comes about: its terms and the SFP's register after each, `[icTile, kij]`. */
export function pixelTerms(layer: ScheduledLayer, ocTile: number, col: number, oNij: number): Pick<PixelData, 'terms' | 'sums' | 'nij' | 'addresses' | 'raw' | 'exact'> {
  const { conv, tiling } = layer.mapping;
  const length = tiling.icTiles * conv.kijCount;
  const nij = Int32Array.from({ length }, (_, term) => nijOf(conv, oNij, term % conv.kijCount));
  const terms = Int32Array.from({ length }, (_, term) => partialSum(layer, { icTile: Math.floor(term / conv.kijCount), ocTile, kij: term % conv.kijCount }, nij[term]!, col, tiling.rows - 1));
  const exact = terms.reduce((sum, term) => sum + term, 0);
  fit(terms, layer);
  const register = new Int32Array(1);
  const sums = terms.map((term) => {
    register[0]! += term;
    fit(register, layer);
    return register[0]!;
  });
  return { terms, sums, nij, addresses: Float64Array.from(nij, (pixel, term) => term * conv.nijCount + pixel), raw: register[0]!, exact };
}

/** Every psum and output of the layer against every width, in one go over the tiles. Memory: one group of columns. */
export function* widthFigures(layer: ScheduledLayer): Steps<WidthFigures> {
  const { conv, tiling } = layer.mapping;
  const [psumWidths, outWidths] = [new WidthCounter(), new WidthCounter()];
  const groups = Array.from({ length: tiling.ocTiles }, (_, ocTile) => columnGroups(layer, ocTile).map((columns) => ({ ocTile, columns }))).flat();
  const total = groups.length * tiling.icTiles;
  const zeros = groups.reduce((sum, { columns }) => sum + columns.count, 0) < tiling.ocTiles * tiling.cols;
  // Columns without a channel hold zeros, which every width holds
  const start = zeros ? { min: 0, max: 0 } : { min: Infinity, max: -Infinity };
  let [psumRange, outRange] = [start, start];
  let psums: Int32Array | undefined;
  for (const [group, { ocTile, columns }] of groups.entries()) {
    const out = new Int32Array(columns.count * conv.oNijCount);
    const add = accumulatorOf(layer, columns, false);
    for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
      psums = yield* columnPsums(layer, { icTile, ocTile }, columns, psums);
      psumWidths.add(psums);
      psumRange = together(psumRange, extremes(psums));
      add(psums, out);
      yield { done: group * tiling.icTiles + icTile + 1, total };
    }
    outWidths.add(out);
    outRange = together(outRange, extremes(out));
  }
  const outputs = tiling.ocTiles * tiling.cols * conv.oNijCount;
  const sweep: WidthSweep = { psums: tiling.icTiles * tiling.ocTiles * tiling.cols * conv.nijCount * conv.kijCount, outputs, points: widthPoints(psumWidths, outWidths) };
  return { ...sweep, least: { psum: leastSignedBits(psumRange.min, psumRange.max), out: leastSignedBits(outRange.min, outRange.max) }, psumRange, outRange };
}

function together(a: { min: number; max: number }, b: { min: number; max: number }): { min: number; max: number } {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** The SFP of some columns only. */
function accumulatorOf({ mapping: { conv, tiling }, psumBits }: ScheduledLayer, { count }: Columns, saturates: boolean): Accumulate {
  return accumulator({ conv, tiling: { ...tiling, cols: count } }, saturates ? codeRange(psumBits, true) : undefined);
}
