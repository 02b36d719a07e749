/** What is known of a dumped word. */
export const WORD_STATES = { known: 0, unknownBits: 1, unwritten: 2, missing: 3 } as const;

/** The words of one entry, from left to right. Reused from entry to entry. */
export interface EntryWords {
  /** 0 where the state is not known. */
  readonly values: Int32Array;
  /** {@link WORD_STATES} */
  readonly state: Uint8Array;
  /** Bits that are x or z, low 32. */
  readonly unknown: Uint32Array;
}

export function entryWords(length: number): EntryWords {
  return { values: new Int32Array(length), state: new Uint8Array(length), unknown: new Uint32Array(length) };
}

/** Where a word stands in a file. Lines and columns count from 1. */
export interface WordSpot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters. */
  readonly length: number;
  readonly text: string;
}

/** A memory or a recording as a list of entries of equally many words, in the order of the file. */
export interface Entries {
  readonly name: string;
  readonly count: number;
  readonly wordsPerEntry: number;
  /** Only some entries are told of, such as those that a log complains about: the others are not known, and not unwritten. */
  readonly sparse: boolean;
  /** The entry that holds an address; -1 when none does. */
  entryAt(address: number): number;
  /** Words of an entry; {@link WORD_STATES.missing} where the line is too short. */
  read(entry: number, into: EntryWords): void;
  spot(entry: number, word: number): WordSpot | undefined;
}

/** Entries whose words stand side by side in several files: a memory per column, for example. As long as the longest. */
export function joinedEntries(columns: readonly Entries[]): Entries {
  const wordsPerEntry = columns.reduce((sum, column) => sum + column.wordsPerEntry, 0);
  const starts = columns.map((_, i) => columns.slice(0, i).reduce((sum, column) => sum + column.wordsPerEntry, 0));
  return {
    name: columns.map(({ name }) => name).join(', '),
    count: Math.max(0, ...columns.map(({ count }) => count)),
    wordsPerEntry,
    sparse: false,
    entryAt: (address) => Math.max(-1, ...columns.map((column) => column.entryAt(address))),
    read: (entry, into) => {
      for (const [i, column] of columns.entries()) {
        const [from, to] = [starts[i]!, starts[i]! + column.wordsPerEntry];
        const part = { values: into.values.subarray(from, to), state: into.state.subarray(from, to), unknown: into.unknown.subarray(from, to) };
        if (entry < column.count) column.read(entry, part);
        else part.state.fill(WORD_STATES.missing);
      }
    },
    spot: (entry, word) => {
      const i = starts.findLastIndex((start) => start <= word);
      const column = columns[i];
      return column === undefined || entry >= column.count ? undefined : column.spot(entry, word - starts[i]!);
    },
  };
}
