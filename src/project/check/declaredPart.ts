import path from 'node:path';
import type { ChosenOrder } from '../../check/compare/chooseOrder';
import { agreement } from '../../check/compare/chooseOrder';
import type { Expected } from '../../check/compare/expected';
import { rangesOf } from '../../check/compare/expected';
import { Problem } from '../../engine/problem';
import type { Axis, Kind } from '../../vectors/axis';
import { AXES_OF, describeCoordinates } from '../../vectors/axis';
import type { AxisRange, AxisRanges, MapSpec } from '../../vectors/dump/addressMap';
import { denseLoops } from '../../vectors/dump/addressMap';
import type { FoundManifest } from '../setManifest';
import type { OpenedDump } from './dumpSide';
import { mapDump } from './dumpSide';
import { ordersFor } from './goldenSide';

const TILES = ['icTile', 'ocTile'] as const;

/** The coordinates that a manifest declares for the tensor of a kind, over all files of its set: what one golden file holds may be a part of them. */
export function declaredRanges({ files }: FoundManifest, kind: Kind): AxisRanges {
  const all = rangesOf([...files.values()].flatMap(({ layout }) => layout ?? []));
  const own = rangesOf([...files.values()].flatMap(({ layout }) => (layout?.spec.kind === kind ? [layout] : [])));
  // Psums may be of padded pixels, which the activations need not be: their own files say which pixels there are
  return Object.fromEntries(AXES_OF[kind].flatMap((axis) => {
    const range = axis === 'nij' || axis === 'o_nij' || axis === 'col' ? own[axis] : all[axis];
    return range === undefined ? [] : [[axis, range]];
  }));
}

/** How near the number of a dump's entries comes to that of a variant: 1 when they are equal. */
export function closeness(entries: number, lines: number): number {
  return entries === 0 || lines === 0 ? 0 : Math.min(entries, lines) / Math.max(entries, lines);
}

/** A part of a dump, and the entries of a whole one. */
export interface PartOrder {
  readonly order: ChosenOrder;
  readonly entries: number;
}

/**
 * A dump of the whole tensor against golden files that are declared to hold a part of it: this part alone, at the addresses at which it stands
 * in the whole.
 * @returns undefined when nothing declares it, or when the dump is nearer to that part by its number of entries
 */
export function partOrder(dump: OpenedDump, expected: Expected): PartOrder | undefined {
  const { whole, kind } = expected;
  if (whole === undefined) return undefined;
  const count = dump.files[0]?.index.count ?? 0;
  const usual = expected.orders[0]!.lines.reduce((product, loop) => product * loop.count, 1);
  const wholes = tileChoices(whole, expected.ranges).map((ranges) => ({ ranges, near: closeness(count, linesOf(ranges)) }));
  const nearest = Math.max(...wholes.map(({ near }) => near));
  if (closeness(count, usual) >= nearest) return undefined;
  const orders = wholes.filter(({ near }) => near === nearest).flatMap(({ ranges }) => mapsOf(kind, ranges, expected.ranges).map((map) => ({ map, entries: linesOf(ranges) }))).flatMap(({ map, entries }) => {
    try {
      const order = mapDump(dump, expected, map);
      return [{ order, entries, agrees: agreement(expected, order.dump) }];
    } catch (error) {
      // Words one by one, or loops in parts: a formula cannot say where they stand
      if (!(error instanceof Problem)) throw error;
      return [];
    }
  });
  return orders.reduce<(typeof orders)[number] | undefined>((best, one) => (best === undefined || one.agrees > best.agrees ? one : best), undefined);
}

/** The whole, and each part of it of the same tile, which a core may write by itself. */
function tileChoices(whole: AxisRanges, own: AxisRanges): AxisRanges[] {
  return TILES.reduce<AxisRanges[]>((all, axis) => all.flatMap((ranges) => (own[axis]?.count === 1 && (whole[axis]?.count ?? 1) > 1 ? [ranges, { ...ranges, [axis]: own[axis] }] : [ranges])), [whole]);
}

function linesOf(ranges: AxisRanges): number {
  return Object.entries(ranges).reduce((product, [axis, { count }]) => (axis === 'col' ? product : product * count), 1);
}

function mapsOf(kind: Kind, whole: AxisRanges, own: AxisRanges): MapSpec[] {
  return ordersFor(kind, whole, []).map(({ lines }) => {
    const dense = denseLoops(lines);
    const base = lines.reduce((sum, { axis, start }, i) => sum + ((own[axis]?.start ?? start) - start) * dense[i]!, 0);
    const looped = lines.flatMap(({ axis }, i) => ((own[axis]?.count ?? 1) > 1 ? [{ axis, stride: dense[i]! }] : []));
    return { base, lines: looped.map(({ axis }) => axis), strides: looped.map(({ stride }) => stride) };
  });
}

/** `psum.txt holds kij 0 only: 288 of 2592 words of the dump were compared.` */
export function partSentence({ name, ranges, whole = {} }: Expected, compared: number, { order: { dump: { entries, layout } }, entries: wanted }: PartOrder): string {
  const parts = (Object.keys(whole) as Axis[]).filter((axis) => (ranges[axis]?.count ?? whole[axis]!.count) < whole[axis]!.count);
  const label = path.isAbsolute(name) ? path.basename(name) : name;
  const cut = entries.count < wanted ? ` The dump has ${entries.count} entries, a whole one has ${wanted}.` : '';
  return `${label} ${label.includes('…') ? 'hold' : 'holds'} ${parts.map((axis) => rangeText(axis, ranges[axis]!)).join(', ')} only: ${compared} of ${entries.count * layout.wordsPerLine} words of the dump were compared.${cut}`;
}

/** `kij 0 to 2` */
export function rangeText(axis: Axis, { start, count }: AxisRange): string {
  const first = describeCoordinates({ [axis]: start });
  return count === 1 ? first : `${first} to ${start + count - 1}`;
}
