import type { Frame } from '../frame';
import { coordinateIndex } from '../frame';
import type { Prediction, Read } from '../prediction';
import { ABSENT } from '../prediction';

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

/** Where entries come from; worked out when first asked for, because most hypotheses are never asked on all words. */
export type Sources = () => Int32Array;

export function sourcesOf(work: () => Int32Array): Sources {
  let known: Int32Array | undefined;
  return () => (known ??= work());
}

/** For each entry the entry that stands `shift` addresses before it in the same group, -1 where there is none. */
export function shiftedEntries(frame: Frame, shift: number, scope: Scope): Int32Array {
  const group = groupOf(frame, scope);
  return frame.address.map((address, entry) => {
    const source = frame.entryAt(address - shift);
    return source >= 0 && (scope === 'dump' || group(source) === group(entry)) ? source : -1;
  });
}

/** Words of each entry are those of its source; `border` where it has none. Addresses beyond the end of the dump stay absent. */
export function moved(frame: Frame, sources: Sources, border: Prediction): (read: Read) => Read {
  const { width, address } = frame;
  const end = frame.pair.dump.values.length / width;
  return (read) => (index) => {
    const entry = Math.floor(index / width);
    if (address[entry]! >= end) return ABSENT;
    const source = sources()[entry]!;
    return source < 0 ? border : read(source * width + (index - entry * width));
  };
}

/** Entries with a differing word, ascending, `most` at most, evenly taken. */
export function wrongEntries({ wrong, width, from, to }: Frame, most: number): number[] {
  const entries: number[] = [];
  for (let start = from; start < to; start += width) {
    let any = 0;
    for (let i = start; i < start + width; i++) any |= wrong[i]!;
    if (any === 1) entries.push(start / width);
  }
  const step = Math.max(1, entries.length / most);
  return Array.from({ length: Math.min(most, entries.length) }, (_, i) => entries[Math.floor(i * step)]!);
}
