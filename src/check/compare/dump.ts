import type { Kind } from '../../vectors/axis';
import type { AddressMap } from '../../vectors/dump/addressMap';
import { addressOf } from '../../vectors/dump/addressMap';
import type { Entries } from '../../vectors/dump/entries';
import type { Layout } from '../../vectors/layout';

/** A dump with what its entries stand for. */
export interface MappedDump {
  readonly kind: Kind;
  readonly entries: Entries;
  /** Coordinates of its entries (lines) and words. As many words as the entries have. */
  readonly layout: Layout;
  readonly map: AddressMap;
  /** The user said at which addresses the words are: what stands at others belongs to something else. */
  readonly partial?: boolean;
}

/** The entry in which a line of the layout should stand; -1 when the dump does not have it. */
export function entryOf({ entries, layout, map }: MappedDump, line: number): number {
  return entries.entryAt(addressOf(layout.spec.lines, map, line));
}
