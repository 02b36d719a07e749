import type { Conv } from '../../engine/conv';
import { nijOf } from '../../engine/conv';
import type { MappedDump } from '../../check/compare/dump';
import { entryOf } from '../../check/compare/dump';
import { absent } from '../../check/compare/compare';
import type { DumpInfo, DumpValues, LocatedWord, TilePlace } from '../../protocol/inspect';
import type { AxisCounts, Coordinates } from '../../vectors/axis';
import { WORD_STATES, entryWords } from '../../vectors/dump/entries';
import { LayoutIndex } from './layoutIndex';

/** Beside the state of a word: the comparison counts it as differing. */
const DIFFERS = 0x80;
/** Words whose differing ones are counted together, so that the number of one is found quickly. */
const BLOCK = 1 << 12;

/** The words of a dump as the comparison read them, and which of them differ. */
export class DumpWords {
  readonly index: LayoutIndex;
  private readonly values: Int32Array;
  /** WORD_STATES, and {@link DIFFERS}. */
  private readonly marks: Uint8Array;
  /** Differing words by tile pair and kij, `[icTile, ocTile, kij]`. */
  private readonly byTile: Int32Array;
  /** Differing words before each block. */
  private before = new Float64Array(1);
  private line = -1;
  private place: Coordinates = {};
  private readonly inner: readonly Coordinates[];

  constructor(
    readonly dump: MappedDump,
    private readonly counts: AxisCounts,
  ) {
    const { layout } = dump;
    this.index = new LayoutIndex(layout, counts);
    this.values = new Int32Array(this.index.length);
    this.marks = new Uint8Array(this.index.length);
    this.byTile = new Int32Array(counts.icTile * counts.ocTile * counts.kij);
    const origin = layout.lineCoordinates(0);
    this.inner = Array.from({ length: layout.wordsPerLine }, (_, word) => {
      const place = layout.coordinates(0, word);
      const step = (axis: 'icTile' | 'ocTile' | 'kij'): number => (place[axis] ?? 0) - (origin[axis] ?? 0);
      return { icTile: step('icTile'), ocTile: step('ocTile'), kij: step('kij') };
    });
  }

  get bytes(): number {
    return this.values.byteLength + this.marks.byteLength + this.byTile.byteLength + this.before.byteLength + this.index.bytes;
  }

  /** Told of each word that differs, in order. */
  mark(line: number, word: number): void {
    const { layout } = this.dump;
    const at = line * layout.wordsPerLine + word;
    this.marks[at]! |= DIFFERS;
    if (line !== this.line) {
      this.line = line;
      this.place = layout.lineCoordinates(line);
    }
    this.byTile[this.tileAt(this.place, this.inner[word])]!++;
  }

  /** Reads every word; yields after some lines. */
  *read(): Generator<{ done: number; total: number }, void> {
    const { dump, values, marks } = this;
    const { lineCount, wordsPerLine } = dump.layout;
    const words = entryWords(wordsPerLine);
    for (let line = 0, at = 0; line < lineCount; line++) {
      const entry = entryOf(dump, line);
      if (entry >= 0) dump.entries.read(entry, words);
      else absent(dump, line, words);
      for (let word = 0; word < wordsPerLine; word++, at++) {
        const state = words.state[word]!;
        marks[at]! |= state;
        if (state === WORD_STATES.known) values[at] = words.values[word]!;
      }
      if (line % BLOCK === BLOCK - 1) yield { done: line + 1, total: lineCount };
    }
    this.countBlocks();
  }

  /** What stands at some coordinates; missing where the dump has no place for them. */
  at(count: number, placeOf: (index: number) => Coordinates): DumpValues & { readonly differs: Uint8Array } {
    const [values, states, differs] = [new Int32Array(count), new Uint8Array(count).fill(WORD_STATES.missing), new Uint8Array(count)];
    for (let i = 0; i < count; i++) {
      const at = this.index.at(placeOf(i));
      if (at < 0) continue;
      values[i] = this.values[at]!;
      states[i] = this.marks[at]! & ~DIFFERS;
      differs[i] = this.marks[at]! >>> 7;
    }
    return { values, states, differs };
  }

  /** Words of a tile pair that differ, by kij. */
  differingIn(tile: TilePlace): number[] {
    const start = this.tileAt({ ...tile, kij: 0 });
    return [...this.byTile.subarray(start, start + this.counts.kij)];
  }

  get differing(): number {
    return this.before.at(-1)!;
  }

  /** The number of the first differing word behind one, or of the last before it; -1 for none. */
  next(from: number, backward: boolean): number {
    const step = backward ? -1 : 1;
    for (let at = from + step; at >= 0 && at < this.marks.length; at += step) {
      const block = Math.floor(at / BLOCK);
      if (this.before[block] === this.before[block + 1]) at = backward ? block * BLOCK : block * BLOCK + BLOCK - 1;
      else if (this.marks[at]! >= DIFFERS) return at;
    }
    return -1;
  }

  /** Differing words up to and including this one. */
  rank(at: number): number {
    const block = Math.floor(at / BLOCK);
    let count = this.before[block]!;
    for (let i = block * BLOCK; i <= at; i++) if (this.marks[i]! >= DIFFERS) count++;
    return count;
  }

  private countBlocks(): void {
    this.before = new Float64Array(Math.ceil(this.marks.length / BLOCK) + 1);
    for (let block = 0; block + 1 < this.before.length; block++) {
      let count = 0;
      for (const mark of this.marks.subarray(block * BLOCK, (block + 1) * BLOCK)) if (mark >= DIFFERS) count++;
      this.before[block + 1] = this.before[block]! + count;
    }
  }

  private tileAt(place: Coordinates, more: Coordinates = {}): number {
    const [icTile, ocTile, kij] = (['icTile', 'ocTile', 'kij'] as const).map((axis) => (place[axis] ?? 0) + (more[axis] ?? 0)) as [number, number, number];
    return (icTile * this.counts.ocTile + ocTile) * this.counts.kij + kij;
  }
}

/** A dump that values are shown beside. */
export class AttachedDump {
  constructor(
    readonly info: DumpInfo,
    readonly words: DumpWords,
    private readonly conv: Conv,
  ) {}

  /** The next place at which the dump differs, in its own order. A place that it does not have counts as none. */
  mismatch(from: Coordinates | undefined, backward: boolean): { coordinates?: Coordinates; number?: number; of: number } {
    const { words, conv } = this;
    const known = from === undefined ? -1 : words.index.at(from);
    const at = words.next(known >= 0 ? known : backward ? words.index.length : -1, backward);
    const of = words.differing;
    if (at < 0) return { of };
    const place = words.index.coordinates(at);
    const { o_nij, kij } = place;
    // Psums that are given for output pixels stand for a pixel of the input as well
    const nij = this.info.kind === 'psum' && place.nij === undefined && o_nij !== undefined ? { nij: nijOf(conv, o_nij, kij ?? 0) } : {};
    return { coordinates: { ...place, ...nij }, number: words.rank(at), of };
  }

  /**
   * Where a word stands in the file; undefined for one that it does not hold.
   * @throws Problem `usage` when the file has changed since
   */
  placeOf(coordinates: Coordinates): LocatedWord | undefined {
    const { dump, index } = this.words;
    const at = index.at(coordinates);
    if (at < 0) return undefined;
    const { wordsPerLine } = dump.layout;
    const entry = entryOf(dump, Math.floor(at / wordsPerLine));
    const spot = entry < 0 ? undefined : dump.entries.spot(entry, at % wordsPerLine);
    return spot && { file: spot.file, line: spot.line - 1, column: spot.column - 1, length: spot.length };
  }
}
