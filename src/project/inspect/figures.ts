import type { ScheduledLayer } from '../../engine/schedule/arrayState';
import { codeRange } from '../../engine/quantize';
import type { PsumFigures, TilePlace } from '../../protocol/inspect';
import { columnGroups, columnPsums } from './psumPieces';

/** Bins of a histogram at most. */
const MOST_BINS = 32;

/** What is being counted of one kij. */
interface Count {
  min: number;
  max: number;
  overflowing: number;
  step: number;
  counts: number[];
}

/** Figures on the exact psums of a tile pair, one for each kij. Memory: one group of columns. */
export function* tileFigures(layer: ScheduledLayer, place: TilePlace): Generator<undefined, PsumFigures[]> {
  const { nijCount, kijCount } = layer.mapping.conv;
  const limits = codeRange(layer.psumBits, true);
  const groups = columnGroups(layer, place.ocTile);
  const kijs = Array.from({ length: kijCount }, (): Count => ({ min: Infinity, max: -Infinity, overflowing: 0, step: 1, counts: [] }));
  let psums: Int32Array | undefined;
  for (const columns of groups) {
    psums = yield* columnPsums(layer, place, columns, psums);
    for (const [kij, count] of kijs.entries()) measure(psums, kij, kijCount, limits, count);
    yield undefined;
  }
  for (const count of kijs) {
    count.step = Math.max(1, Math.ceil((count.max - count.min + 1) / MOST_BINS));
    count.counts = new Array<number>(Math.ceil((count.max - count.min + 1) / count.step)).fill(0);
  }
  for (const columns of groups) {
    // The only group is still there
    if (groups.length > 1 || psums === undefined) psums = yield* columnPsums(layer, place, columns, psums);
    for (const [kij, count] of kijs.entries()) fill(psums, kij, kijCount, count);
    yield undefined;
  }
  const count = groups.reduce((sum, columns) => sum + columns.count, 0) * nijCount;
  return kijs.map(({ min, max, overflowing, step, counts }) => ({ range: { min, max }, overflowing, histogram: { step, counts }, count }));
}

function measure(psums: Int32Array, kij: number, kijCount: number, limits: { min: number; max: number }, count: Count): void {
  let { min, max, overflowing } = count;
  for (let i = kij; i < psums.length; i += kijCount) {
    const value = psums[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value < limits.min || value > limits.max) overflowing++;
  }
  Object.assign(count, { min, max, overflowing });
}

function fill(psums: Int32Array, kij: number, kijCount: number, { min, step, counts }: Count): void {
  for (let i = kij; i < psums.length; i += kijCount) counts[Math.floor((psums[i]! - min) / step)]!++;
}
