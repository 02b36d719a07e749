import path from 'node:path';
import type { Comparison } from '../../check/compare/report';
import type { Expected } from '../../check/compare/expected';
import { Problem } from '../../engine/problem';
import type { Axis, Coordinates } from '../../vectors/axis';
import { AXES_OF, describeCoordinates } from '../../vectors/axis';
import type { Loop } from '../../vectors/layout';
import { nameClues } from '../../vectors/nameClues';
import type { OpenedDump } from './dumpSide';
import type { Variant } from './expectedSide';
import type { CheckSpec } from './spec';

const TILES = ['icTile', 'ocTile'] as const;
type TileAxis = (typeof TILES)[number];

/** Combinations of tiles that are tried at most where nothing says which one a dump holds. */
const MOST_TRIED = 256;

/** The tiles that a dump holds alone, and what says so. */
export interface TilePart {
  readonly fixed: Coordinates;
  /** Tiles that only the number of entries says the dump to be one of: its words tell which. */
  readonly tried: Coordinates;
  /** Tiles that the name of the dump says. */
  readonly named: Coordinates;
}

/**
 * The variants as one dump of a core that writes each tile by itself holds them: the tiles that the check asks for, else those that the
 * dump's name says, else each one when the dump has as many entries as one tile and not as many as all.
 * @throws Problem `check-golden` when none of them has the tile that is asked for
 */
export function tileVariants(variants: readonly Variant[], dump: OpenedDump, spec: CheckSpec): Variant[] {
  let refused: Problem | undefined;
  const parts = variants.flatMap((variant) => {
    try {
      return partsOf(variant, dump, spec);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refused ??= error;
      return [];
    }
  });
  if (parts.length === 0 && refused !== undefined) throw refused;
  return parts;
}

function partsOf(variant: Variant, dump: OpenedDump, spec: CheckSpec): Variant[] {
  const { expected } = variant;
  const asked = askedTiles(expected, spec);
  const named = namedTiles(expected, dump, spec, asked);
  const known = narrowed(expected, { ...asked, ...named });
  const part = (tried: Coordinates): Variant => {
    const fixed = { ...asked, ...named, ...tried };
    return Object.keys(fixed).length === 0 ? variant : { ...variant, expected: narrowed(known, tried), part: { fixed, tried, named } };
  };
  const tries = triedAxes(known, dump, spec).flatMap((axes) => tilesOf(known, axes));
  return tries.length === 0 || tries.length > MOST_TRIED ? [part({})] : tries.map(part);
}

function askedTiles(expected: Expected, spec: CheckSpec): Coordinates {
  const asked: Partial<Record<TileAxis, number>> = {};
  for (const axis of TILES) {
    const tile = spec[axis];
    if (tile === undefined) continue;
    const name = describeCoordinates({ [axis]: tile });
    if (!AXES_OF[expected.kind].includes(axis)) throw new Problem('check-golden', `Words of ${expected.kind} have no ${name}.`, 'Leave it out, or give the kind.');
    // The only tile of a layer has no coordinate
    const { start, count } = expected.ranges[axis] ?? { start: 0, count: 1 };
    if (tile < start || tile >= start + count) throw new Problem('check-golden', `${expected.name} has no ${name}: ${count === 1 ? `only ${start}` : `there are ${start} to ${start + count - 1}`}.`, 'Choose one of these, or name other golden files.');
    if (expected.ranges[axis] !== undefined) asked[axis] = tile;
  }
  return asked;
}

function namedTiles(expected: Expected, { files }: OpenedDump, { map }: CheckSpec, asked: Coordinates): Coordinates {
  const clues = files.map(({ source }) => nameClues(path.basename(source.name)).fixed);
  const named: Partial<Record<TileAxis, number>> = {};
  for (const axis of TILES) {
    const range = expected.ranges[axis];
    const tiles = new Set(clues.map((clue) => clue[axis]));
    const [tile] = tiles;
    if (tile === undefined || tiles.size > 1 || range === undefined || range.count === 1 || asked[axis] !== undefined || loopsOver(map, axis)) continue;
    if (tile >= range.start && tile < range.start + range.count) named[axis] = tile;
  }
  return named;
}

function loopsOver(map: CheckSpec['map'], axis: Axis): boolean {
  return [...(map?.lines ?? []), ...(map?.words ?? [])].some((term) => term.trim().startsWith(axis));
}

/** The sets of axes of which the dump holds one tile each, by its number of entries; by the map where there is one. */
function triedAxes(expected: Expected, { files }: OpenedDump, { map }: CheckSpec): TileAxis[][] {
  const open = TILES.filter((axis) => (expected.ranges[axis]?.count ?? 1) > 1 && !loopsOver(map, axis));
  if (open.length === 0) return [];
  if (map?.lines !== undefined) return [open];
  const count = files[0]?.index.count ?? 0;
  if (mayHold(expected, count, 1)) return [];
  const sets: TileAxis[][] = [...open.map((axis) => [axis]), ...(open.length > 1 ? [open] : [])];
  return sets.filter((axes) => mayHold(expected, count, axes.reduce((all, axis) => all * expected.ranges[axis]!.count, 1)));
}

/** Has a dump of this share of the expected words so many entries, one for each line, for each word, or in a memory of a power of two? */
function mayHold({ orders }: Expected, count: number, share: number): boolean {
  const [{ lines, words } = { lines: [], words: [] }] = orders;
  const wanted = sizeOf(lines) / share;
  return count === wanted || count === wanted * sizeOf(words) || count === 2 ** Math.ceil(Math.log2(wanted));
}

function sizeOf(loops: readonly Loop[]): number {
  return loops.reduce((product, { count }) => product * count, 1);
}

function tilesOf({ ranges }: Expected, axes: readonly TileAxis[]): Coordinates[] {
  return axes.reduce<Coordinates[]>((all, axis) => all.flatMap((one) => Array.from({ length: ranges[axis]!.count }, (_, i) => ({ ...one, [axis]: ranges[axis]!.start + i }))), [{}]);
}

/** What is expected at these coordinates alone. */
function narrowed(expected: Expected, fixed: Coordinates): Expected {
  const axes = Object.keys(fixed) as Axis[];
  if (axes.length === 0) return expected;
  const left = (loops: readonly Loop[]): Loop[] => loops.filter(({ axis }) => fixed[axis] === undefined);
  const share = axes.reduce((all, axis) => all * (expected.ranges[axis]?.count ?? 1), 1);
  const only = Object.fromEntries(axes.map((axis) => [axis, { start: fixed[axis]!, count: 1 }]));
  return {
    ...expected,
    ranges: { ...expected.ranges, ...only },
    ...(expected.whole !== undefined && { whole: { ...expected.whole, ...only } }),
    orders: expected.orders.map(({ lines, words }) => ({ lines: left(lines), words: left(words) })),
    size: expected.sizeAt?.(fixed) ?? expected.size / share,
    sizeAt: (more) => expected.sizeAt?.({ ...fixed, ...more }) ?? 0,
  };
}

/** The tiles that an expected side holds alone, of a layer that may have more. */
export function ownTiles({ ranges }: Expected): Coordinates {
  return Object.fromEntries(TILES.flatMap((axis) => (ranges[axis]?.count === 1 ? [[axis, ranges[axis].start] as const] : [])));
}

/** What is expected of each other tile: of one that differs in these coordinates, where there is more than one. */
export function tilesBeside(whole: Expected, own: Coordinates): { readonly tiles: Coordinates; readonly expected: Expected }[] {
  const axes = TILES.filter((axis) => own[axis] !== undefined && whole.ranges[axis] !== undefined);
  const others = tilesOf(whole, axes).filter((tiles) => axes.some((axis) => tiles[axis] !== own[axis]));
  return others.length > MOST_TRIED ? [] : others.map((tiles) => ({ tiles: { ...own, ...tiles }, expected: narrowed(whole, tiles) }));
}

/** Says which tile a dump was compared with, and why with that one. */
export function partNotes(part: TilePart | undefined, { lines }: Comparison): string[] {
  if (part === undefined) return [];
  const { named, tried } = part;
  const decide = 'Another one: --oc-tile, --ic-tile ("ocTile", "icTile" in tilescope.json).';
  const [byName, byWords] = [describeCoordinates(named), describeCoordinates(tried)];
  const agreeing = lines.total - lines.differing;
  return [
    ...(byName === '' ? [] : [`The name of the dump says ${byName}: it was compared with that alone. ${decide}`]),
    ...(byWords === '' ? [] : [`The dump is a part of the layer by its number of entries; ${agreeing === lines.total ? 'this is' : 'of all such parts it fits best with'} ${byWords}: ${agreeing} of ${lines.total} entries agree. ${decide}`]),
  ];
}
