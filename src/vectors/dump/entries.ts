/** What is known of a dumped word. `malformed`: something stands there that is no number, or a part of one. */
export const WORD_STATES = { known: 0, unknownBits: 1, unwritten: 2, missing: 3, malformed: 4 } as const;

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

/** Gives all words one state and no value. */
export function fillState(into: EntryWords, state: number): void {
  into.values.fill(0);
  into.state.fill(state);
  into.unknown.fill(state === WORD_STATES.unwritten || state === WORD_STATES.malformed ? 2 ** 32 - 1 : 0);
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

/** Addresses that follow each other. */
export interface AddressSpan {
  readonly address: number;
  readonly count: number;
}

/** A memory or a recording as a list of entries of equally many words, in the order of the file. */
export interface Entries {
  readonly name: string;
  readonly count: number;
  readonly wordsPerEntry: number;
  /** Only some entries are told of, such as those that a log complains about: the others are not known, and not unwritten. */
  readonly sparse: boolean;
  /** Is it the dump of a memory: with addresses or word counters? */
  readonly memory: boolean;
  /** Has it addresses of its own, so that one may be left out? */
  readonly addressed: boolean;
  /** Addresses that it holds, ascending and apart from each other. */
  readonly spans: readonly AddressSpan[];
  /** The entry that holds an address; -1 when none does. */
  entryAt(address: number): number;
  /** The address of an entry; -1 of one that a later entry writes over. */
  addressOf(entry: number): number;
  /** Is this address left out although the dump goes on behind it? Then nothing was written there. */
  leavesOut(address: number): boolean;
  /** Words of an entry; {@link WORD_STATES.malformed} where the line has not as many as it should. */
  read(entry: number, into: EntryWords): void;
  /**
   * Values of entries that follow each other in the file, `[entry, word]`, as far as all their words are known at a glance; says how many
   * entries it gave. 0 says nothing of an entry: it is then read by itself. Absent where entries can only be read one by one.
   */
  readMany?(entry: number, count: number, into: Int32Array): number;
  spot(entry: number, word: number): WordSpot | undefined;
}
