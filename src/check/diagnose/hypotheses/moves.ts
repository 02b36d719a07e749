import type { Frame } from '../frame';
import { coordinateIndex } from '../frame';
import type { Prediction, Read } from '../prediction';

/** Inside of what entries are moved: what leaves it is lost, what should enter it was never there. */
export const SCOPES = { dump: [], tile: ['icTile', 'ocTile'], kij: ['icTile', 'ocTile', 'kij'] } as const;
export type Scope = keyof typeof SCOPES;

/** `over the whole dump`, `inside each tile`: how claims word a scope. */
export const SCOPE_WORDS: Readonly<Record<Scope, string>> = { dump: 'over the whole dump', tile: 'inside each tile', kij: 'inside each kij' };

/** Scopes that differ from each other for a pair. */
export function scopesOf({ axes }: Frame): Scope[] {
  const has = (axis: 'icTile' | 'ocTile' | 'kij'): boolean => (axes.get(axis)?.count ?? 1) > 1;
  const isSplit = has('icTile') || has('ocTile');
  return ['dump', ...(isSplit ? (['tile'] as const) : []), ...(has('kij') ? (['kij'] as const) : [])];
}

/** Number of the tile (or kij) that an entry belongs to. */
export function groupOf({ axes, width }: Frame, scope: Scope): (entry: number) => number {
  const places = SCOPES[scope].flatMap((axis) => axes.get(axis) ?? []).filter(({ stride }) => stride >= width);
  return (entry) => places.reduce((group, place) => group * place.count + coordinateIndex(place, entry * width), 0);
}

/** The entry that an entry's words come from, -1 for none. Asked entry by entry, because most hypotheses are asked for few. */
export type Source = (entry: number) => number;

/** The entry that stands `shift` addresses before in the same group. */
export function shifted(frame: Frame, shift: number, scope: Scope): Source {
  const { address, entryAt } = frame;
  const earlier: Source = (entry) => entryAt(address[entry]! - shift);
  if (scope === 'dump') return earlier;
  const group = groupOf(frame, scope);
  return (entry) => {
    const source = earlier(entry);
    return source >= 0 && group(source) === group(entry) ? source : -1;
  };
}

/**
 * Words of each entry are those of its source; `border` where it has none. Of entries behind the end of the dump a move says nothing, so that it
 * gains nothing by a short one, unless the caller knows from the dump's length that they are to be `behind` it.
 */
export function moved(frame: Frame, source: Source, border: Prediction, behind?: Prediction): (read: Read) => Read {
  const { width, address } = frame;
  const end = frame.pair.dump.count;
  return (read) => (index) => {
    const entry = Math.floor(index / width);
    if (address[entry]! >= end) return behind ?? read(index);
    const from = source(entry);
    return from < 0 ? border : read(from * width + (index - entry * width));
  };
}

/** `1 address too high`. */
export function distance(shift: number): string {
  const count = Math.abs(shift);
  return `${count} address${count === 1 ? '' : 'es'} too ${shift > 0 ? 'high' : 'low'}`;
}

/** Entries that the dump has too many; negative when it has too few. */
export function excess({ pair: { dump } }: Frame): number {
  return dump.count - dump.expected;
}

/** Entries with a differing word, ascending, `most` at most, evenly taken. */
export function wrongEntries({ wrongWords, width }: Frame, most: number): number[] {
  const entries: number[] = [];
  for (const index of wrongWords) {
    const entry = Math.floor(index / width);
    if (entry !== entries[entries.length - 1]) entries.push(entry);
  }
  const step = Math.max(1, entries.length / most);
  return Array.from({ length: Math.min(most, entries.length) }, (_, i) => entries[Math.floor(i * step)]!);
}
