import type { EntryWords } from '../../vectors/dump/entries';
import { WORD_STATES, entryWords } from '../../vectors/dump/entries';
import { AtOnce, MOST_AT_ONCE } from './atOnce';
import { absent } from './compare';
import type { MappedDump } from './dump';
import { entryOf } from './dump';
import type { EntryIndex } from './entryIndex';
import type { Expected, ExpectedRows } from './expected';

/** The words of both sides at the places of a pair. */
export class PairWords {
  readonly expected: Int32Array;
  readonly found: Int32Array;
  readonly state: Uint8Array;
  /** Of `found` the bits that are unknown; undefined as long as none is. */
  unknown: Uint32Array | undefined;
  /** Of each entry of the pair its place in the dump; -1 for none. */
  readonly entryOf: Int32Array;
  private readonly order: Int32Array;
  private readonly width: number;
  private readonly rows: ExpectedRows;
  private readonly want: EntryWords;
  private readonly got: EntryWords;
  private readonly manyWanted: Int32Array;
  private readonly manyGot: Int32Array;

  /** @param length words of the pair; `order` of each word of a line its place among those of an entry */
  constructor(
    expected: Expected,
    private readonly dump: MappedDump,
    private readonly index: EntryIndex,
    length: number,
    order: readonly number[],
  ) {
    this.expected = new Int32Array(length);
    this.found = new Int32Array(length);
    this.state = new Uint8Array(length).fill(WORD_STATES.missing);
    this.order = Int32Array.from(order);
    this.width = order.length;
    this.entryOf = new Int32Array(length / this.width).fill(-1);
    this.rows = expected.rows(dump.layout);
    this.want = entryWords(this.width);
    this.got = entryWords(this.width);
    this.manyWanted = new Int32Array(MOST_AT_ONCE * this.width);
    this.manyGot = new Int32Array(MOST_AT_ONCE * this.width);
  }

  /** Reads all lines that have a place in the pair. */
  fill(): void {
    const { lineCount } = this.dump.layout;
    const atOnce = new AtOnce();
    for (let line = 0; line < lineCount; ) {
      const index = this.index.of(line);
      line += index < 0 ? -index : atOnce.after(this.many(line, Math.min(atOnce.lines, lineCount - line))) || atOnce.after(this.one(line, index));
    }
  }

  /** Lines of which both sides are known at a glance. @returns how many were read */
  private many(first: number, most: number): number {
    const { dump, rows, manyWanted, manyGot, width, order, expected, found, state } = this;
    if (rows.readMany === undefined || dump.entries.readMany === undefined) return 0;
    const entry = entryOf(dump, first);
    let lines = entry < 0 ? 0 : 1;
    while (lines > 0 && lines < most && entryOf(dump, first + lines) === entry + lines) lines++;
    // A single line is read as well by itself
    if (lines < 2) return 0;
    lines = rows.readMany(first, lines, manyWanted);
    lines = lines === 0 ? 0 : dump.entries.readMany(entry, lines, manyGot);
    for (let i = 0, from = 0; i < lines; i++, from += width) {
      const index = this.index.of(first + i);
      if (index < 0) continue;
      this.entryOf[index] = entry + i;
      const to = index * width;
      for (let word = 0; word < width; word++) {
        const at = to + order[word]!;
        expected[at] = manyWanted[from + word]!;
        found[at] = manyGot[from + word]!;
        state[at] = WORD_STATES.known;
      }
    }
    return lines;
  }

  /** @returns 1 */
  private one(line: number, index: number): number {
    const { dump, want, got, order } = this;
    this.rows.read(line, want);
    const entry = entryOf(dump, line);
    if (entry >= 0) dump.entries.read(entry, got);
    else absent(dump, line, got);
    this.entryOf[index] = entry;
    for (let word = 0; word < order.length; word++) this.word(word, index * this.width + order[word]!);
    return 1;
  }

  private word(word: number, at: number): void {
    const { want, got } = this;
    // What nothing is expected of counts as it is: there is nothing to explain
    const blind = want.state[word] !== WORD_STATES.known;
    // Neither does a log have to explain what it does not show
    const silent = this.dump.entries.sparse && got.state[word] === WORD_STATES.missing;
    this.expected[at] = blind && !silent ? got.values[word]! : want.values[word]!;
    this.found[at] = silent ? want.values[word]! : got.values[word]!;
    this.state[at] = blind || silent ? WORD_STATES.known : stateOf(got, word);
    // A broken word says of no bit that it is unknown
    const bits = blind || silent || got.state[word] === WORD_STATES.malformed ? 0 : got.unknown[word]!;
    if (bits === 0) return;
    this.unknown ??= new Uint32Array(this.found.length);
    this.unknown[at] = bits;
  }
}

/** For a diagnosis what is malformed is unknown. */
function stateOf({ state }: EntryWords, word: number): number {
  return state[word] === WORD_STATES.malformed ? WORD_STATES.unknownBits : state[word]!;
}
