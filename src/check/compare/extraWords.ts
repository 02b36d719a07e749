import type { EntryWords, WordSpot } from '../../vectors/dump/entries';
import { WORD_STATES } from '../../vectors/dump/entries';
import { denseLoops } from '../../vectors/dump/addressMap';
import type { MappedDump } from './dump';
import { entryOf } from './dump';

/** Words of a dump for which nothing is expected. */
export interface Extra {
  readonly count: number;
  /** Those that say that the expected side lacks something. */
  readonly lacking: number;
  readonly first: WordSpot | undefined;
}

/** Was anything put there? */
export function isWritten(state: number): boolean {
  return state === WORD_STATES.known || state === WORD_STATES.unknownBits || state === WORD_STATES.malformed;
}

/** Counts the words of a dump that nothing is compared with. Words never written are none of them. */
export class ExtraWords {
  private count = 0;
  private lacking = 0;
  private first: WordSpot | undefined;
  private least = Infinity;
  private most = -1;

  /** @param complete the expected side cannot lack anything */
  constructor(
    private readonly dump: MappedDump,
    private readonly complete: boolean,
  ) {}

  /** These entries are compared. */
  use(entry: number, count: number): void {
    this.least = Math.min(this.least, entry);
    this.most = Math.max(this.most, entry + count - 1);
  }

  /** A word of an entry that is compared, for which the expected side has a gap. */
  inside(line: number, word: number): void {
    this.add(entryOf(this.dump, line), word, true);
  }

  /**
   * Goes through the entries that were not compared. Where the map says at which addresses the words are, the others belong to something else.
   * Zeros say nothing in a memory that is deeper than its words: simulators without x, and test benches, write them before.
   */
  beyond(scratch: EntryWords): Extra {
    const { entries, partial } = this.dump;
    if (this.most >= 0) {
      const deep = entries.memory || isPowerOfTwo(entries.count);
      for (const entry of this.unused()) {
        // What a later word at the same address wrote over is no part of the memory
        if (entries.addressOf(entry) < 0) continue;
        entries.read(entry, scratch);
        for (const [word, state] of scratch.state.entries()) if (isWritten(state)) this.add(entry, word, partial !== true && !(deep && state === WORD_STATES.known && scratch.values[word] === 0));
      }
    }
    return { count: this.count, lacking: this.lacking, first: this.first };
  }

  private add(entry: number, word: number, lacking: boolean): void {
    this.count++;
    if (lacking && !this.complete) this.lacking++;
    this.first ??= this.dump.entries.spot(entry, word);
  }

  private *unused(): Generator<number> {
    const { least, most, dump } = this;
    for (let entry = 0; entry < least; entry++) yield entry;
    const { map, layout, entries } = dump;
    const dense = denseLoops(layout.spec.lines);
    if (entries.spans.length > 1 || map.strides.some((stride, i) => stride !== dense[i])) {
      // A bit for each entry: only maps with gaps need it
      const used = new Uint8Array(((most - least) >> 3) + 1);
      for (let line = 0; line < layout.lineCount; line++) {
        const at = entryOf(dump, line) - least;
        if (at >= 0) used[at >> 3]! |= 1 << (at & 7);
      }
      for (let entry = least; entry <= most; entry++) if (((used[(entry - least) >> 3]! >> ((entry - least) & 7)) & 1) === 0) yield entry;
    }
    for (let entry = most + 1; entry < entries.count; entry++) yield entry;
  }
}

function isPowerOfTwo(count: number): boolean {
  return count > 1 && (count & (count - 1)) === 0;
}
