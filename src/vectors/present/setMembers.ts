import type { Axis, Coordinates, Kind } from '../axis';
import { KINDS } from '../axis';
import { nameClues } from '../nameClues';

/** A file in the tree of a set; `missing`: it should be there, going by its neighbours or the manifest, and is not. */
export interface ListedFile {
  readonly name: string;
  readonly kind: Kind;
  readonly fixed: Coordinates;
  readonly missing: boolean;
}

/** A file that a manifest names, by its path in the set's folder. */
export interface NamedFile {
  readonly name: string;
  readonly kind?: Kind;
  readonly fixed?: Coordinates;
}

/** More gaps than this are no gaps but another numbering. */
const MOST_MISSING = 64;

/** Files of a folder by kind, by what their names say; gaps in the numbering of tiles and kij become missing files. */
export function listFiles(files: readonly NamedFile[]): ReadonlyMap<Kind, ListedFile[]> {
  const known = files.flatMap(({ name, kind, fixed }) => {
    const clues = nameClues(name);
    const of = kind ?? clues.kind;
    return of === undefined ? [] : [{ name, kind: of, fixed: fixed ?? clues.fixed, missing: false }];
  });
  const byKind = new Map<Kind, ListedFile[]>();
  for (const kind of KINDS) {
    const own = known.filter((file) => file.kind === kind);
    if (own.length > 0) byKind.set(kind, [...own, ...gaps(own)].sort(byCoordinates));
  }
  return byKind;
}

/** `weight_itile0_otile0_kij3.txt` and its gap-free neighbours have one pattern. */
export function patternOf(name: string): string {
  return name.replaceAll(/\d+/g, '*');
}

function gaps(files: readonly ListedFile[]): ListedFile[] {
  const groups = new Map<string, ListedFile[]>();
  for (const file of files) groups.set(patternOf(file.name), [...(groups.get(patternOf(file.name)) ?? []), file]);
  return [...groups.values()].flatMap((group) => {
    const axes = (['icTile', 'ocTile', 'kij'] as const).filter((axis) => group.every(({ fixed }) => fixed[axis] !== undefined));
    if (group.length < 2 || axes.length === 0) return [];
    const places = axes.reduce<Coordinates[]>((all, axis) => all.flatMap((place) => numbersOf(group, axis).map((value) => ({ ...place, [axis]: value }))), [{}]);
    const absent = places.filter((place) => !group.some(({ fixed }) => axes.every((axis) => fixed[axis] === place[axis])));
    if (absent.length > MOST_MISSING || absent.length >= places.length / 2) return [];
    return absent.map((fixed) => ({ name: renamed(group[0]!, fixed, axes), kind: group[0]!.kind, fixed, missing: true }));
  });
}

/** Kij always counts from 0; a folder may hold one tile of many. */
function numbersOf(group: readonly ListedFile[], axis: 'icTile' | 'ocTile' | 'kij'): number[] {
  const present = group.map(({ fixed }) => fixed[axis] ?? 0);
  const least = axis === 'kij' ? 0 : Math.min(...present);
  return Array.from({ length: Math.max(...present) - least + 1 }, (_, i) => least + i);
}

/** The name that a missing file would have: its neighbour's with other numbers. */
function renamed({ name, fixed }: ListedFile, wanted: Coordinates, axes: readonly Axis[]): string {
  const candidates = [...name.matchAll(/\d+/g)];
  let result = name;
  // From the right, so that the places further left stay where they are; kij stands last in every known name
  const order = [...axes].reverse();
  let next = 0;
  for (const match of candidates.reverse()) {
    const axis = order[next];
    if (axis === undefined) break;
    if (Number(match[0]) !== fixed[axis]) continue;
    result = `${result.slice(0, match.index)}${wanted[axis] ?? ''}${result.slice(match.index + match[0].length)}`;
    next++;
  }
  return result;
}

function byCoordinates(a: ListedFile, b: ListedFile): number {
  for (const axis of ['icTile', 'ocTile', 'kij'] as const) {
    const difference = (a.fixed[axis] ?? -1) - (b.fixed[axis] ?? -1);
    if (difference !== 0) return difference;
  }
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
