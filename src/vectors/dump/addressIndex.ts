import { lastAtMost } from '../lastWhere';
import type { AddressSpan } from './entries';

/** Addresses that follow each other, and the entry of the first. */
export interface AddressRun extends AddressSpan {
  readonly firstEntry: number;
}

/** Which entry holds an address. Of an address that was written twice the last entry, as in the memory itself. A question costs the logarithm of the runs. */
export class AddressIndex {
  /** Ascending and apart from each other. */
  readonly spans: readonly AddressRun[];
  private readonly starts: Float64Array;

  constructor(runs: readonly AddressRun[]) {
    this.spans = isAscending(runs) ? runs : withoutOverwritten(runs);
    this.starts = Float64Array.from(this.spans, ({ address }) => address);
  }

  entryAt(address: number): number {
    const span = this.spans[lastAtMost(this.starts, address)];
    return span === undefined || address >= span.address + span.count ? -1 : span.firstEntry + address - span.address;
  }

  /** From an entry on so many follow each other at addresses that do, none of them written again later; 0 when it was itself. */
  following(entry: number, address: number): number {
    const span = this.spans[lastAtMost(this.starts, address)];
    return span === undefined || span.firstEntry + address - span.address !== entry ? 0 : Math.max(0, span.address + span.count - address);
  }

  /** The highest address; -1 without any. */
  get highest(): number {
    const last = this.spans.at(-1);
    return last === undefined ? -1 : last.address + last.count - 1;
  }
}

function isAscending(runs: readonly AddressRun[]): boolean {
  return runs.every(({ address }, i) => i === 0 || address >= runs[i - 1]!.address + runs[i - 1]!.count);
}

/** The runs from the last to the first, each taking the addresses that no later one took. */
function withoutOverwritten(runs: readonly AddressRun[]): AddressRun[] {
  const borders = Float64Array.from(new Set(runs.flatMap(({ address, count }) => [address, address + count]))).sort();
  const owners = new Int32Array(borders.length).fill(-1);
  // For each stretch between two borders the next one that may still be free
  const next = Int32Array.from({ length: borders.length + 1 }, (_, i) => i);
  const free = (at: number): number => {
    let found = at;
    while (next[found] !== found) found = next[found] = next[next[found]!]!;
    return found;
  };
  for (let i = runs.length - 1; i >= 0; i--) {
    const { address, count } = runs[i]!;
    for (let at = free(lastAtMost(borders, address)); at < borders.length && borders[at]! < address + count; at = free(at)) {
      owners[at] = i;
      next[at] = at + 1;
    }
  }
  const kept: AddressRun[] = [];
  for (const [at, owner] of owners.entries()) {
    if (owner < 0) continue;
    const { address, firstEntry } = runs[owner]!;
    kept.push({ address: borders[at]!, count: borders[at + 1]! - borders[at]!, firstEntry: firstEntry + borders[at]! - address });
  }
  return kept;
}
