import { lastAtMost } from '../lastWhere';
import type { AddressSpan, Entries } from './entries';
import { WORD_STATES, fillState } from './entries';

/**
 * Entries whose words stand side by side in several files: a memory per column, for example. They are put together by address, each
 * address that any of them holds an entry. A column that leaves an address out was not written there; one that ends early lacks it.
 */
export function joinedEntries(columns: readonly Entries[]): Entries {
  const wordsPerEntry = columns.reduce((sum, column) => sum + column.wordsPerEntry, 0);
  const starts = columns.map((_, i) => columns.slice(0, i).reduce((sum, column) => sum + column.wordsPerEntry, 0));
  const spans = united(columns.flatMap((column) => column.spans));
  const addresses = spans.map(({ address }) => address);
  const firsts: number[] = [];
  let count = 0;
  for (const span of spans) {
    firsts.push(count);
    count += span.count;
  }
  const addressOf = (entry: number): number => {
    const at = lastAtMost(firsts, entry);
    return at < 0 || entry >= count ? -1 : spans[at]!.address + entry - firsts[at]!;
  };
  const entryAt = (address: number): number => {
    const at = lastAtMost(addresses, address);
    return at < 0 || address >= addresses[at]! + spans[at]!.count ? -1 : firsts[at]! + address - addresses[at]!;
  };
  return {
    name: columns.map(({ name }) => name).join(', '),
    count,
    wordsPerEntry,
    sparse: false,
    memory: columns.some(({ memory }) => memory),
    addressed: columns.some(({ addressed }) => addressed),
    spans,
    entryAt,
    addressOf,
    leavesOut: (address) => entryAt(address) < 0 && columns.some((column) => column.leavesOut(address)),
    read: (entry, into) => {
      const address = addressOf(entry);
      for (const [i, column] of columns.entries()) {
        const [from, to] = [starts[i]!, starts[i]! + column.wordsPerEntry];
        const part = { values: into.values.subarray(from, to), state: into.state.subarray(from, to), unknown: into.unknown.subarray(from, to) };
        const own = column.entryAt(address);
        if (own >= 0) column.read(own, part);
        // Another column has this address: a memory with addresses of its own that has not was never written there
        else fillState(part, column.addressed ? WORD_STATES.unwritten : WORD_STATES.missing);
      }
    },
    spot: (entry, word) => {
      const i = lastAtMost(starts, word);
      const own = columns[i]?.entryAt(addressOf(entry)) ?? -1;
      return own < 0 ? undefined : columns[i]!.spot(own, word - starts[i]!);
    },
  };
}

/** Spans that overlap or touch are one. */
function united(spans: readonly AddressSpan[]): AddressSpan[] {
  const all: { address: number; count: number }[] = [];
  for (const { address, count } of [...spans].sort((a, b) => a.address - b.address)) {
    const last = all.at(-1);
    if (last !== undefined && address <= last.address + last.count) last.count = Math.max(last.count, address + count - last.address);
    else all.push({ address, count });
  }
  return all;
}
