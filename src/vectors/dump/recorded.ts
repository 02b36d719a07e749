import { asciiBytes } from './byteSource';
import type { Entries, EntryWords, WordSpot } from './entries';

/** Words that were taken out of something that is no table: a waveform, a log. One line an entry, as a memory file has them. */
export interface Recording {
  readonly text: Uint8Array;
  /** File line, from 1, that each entry comes from. */
  readonly lines: readonly number[];
  /** Only some entries are told of; the text then has `@` lines. */
  readonly sparse: boolean;
  /** Errors that the record itself tells of. */
  readonly errors?: number;
  /** Sentences about what was found, for the report. */
  readonly notes: readonly string[];
}

/** Collects lines of text as bytes. */
export class TextBuilder {
  private bytes = new Uint8Array(1 << 12);
  private length = 0;

  add(line: string): void {
    const needed = this.length + line.length + 1;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(2 * Math.max(needed, this.bytes.length));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(asciiBytes(line), this.length);
    this.bytes[this.length + line.length] = 0x0a;
    this.length = needed;
  }

  get text(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/** Entries of a recording with the places where they were recorded. */
export function recordedEntries(entries: Entries, file: string, { lines, sparse }: Recording): Entries {
  return {
    name: file,
    count: entries.count,
    wordsPerEntry: entries.wordsPerEntry,
    sparse,
    memory: entries.memory,
    addressed: entries.addressed,
    spans: entries.spans,
    entryAt: (address) => entries.entryAt(address),
    addressOf: (entry) => entries.addressOf(entry),
    // What is not told of is not known
    leavesOut: (address) => !sparse && entries.leavesOut(address),
    read: (entry: number, into: EntryWords) => {
      entries.read(entry, into);
    },
    spot: (entry, word): WordSpot | undefined => {
      const spot = entries.spot(entry, word);
      const line = lines[entry];
      return spot === undefined || line === undefined ? undefined : { ...spot, file, line, column: 1, length: Math.max(1, spot.length) };
    },
  };
}
