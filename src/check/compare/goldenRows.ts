import type { Coordinates } from '../../vectors/axis';
import type { EntryWords } from '../../vectors/dump/entries';
import { WORD_STATES, entryWords } from '../../vectors/dump/entries';
import type { TextEntries } from '../../vectors/dump/textEntries';
import type { Layout, Loop } from '../../vectors/layout';
import type { Expected, ExpectedRows } from './expected';

/** Golden files as what is expected. @param parts at least one; each with the layout that says what it holds */
export function expectedFiles(facts: Omit<Expected, 'rows' | 'size' | 'sizeAt'>, parts: readonly TextEntries[]): Expected {
  return {
    ...facts,
    size: parts.reduce((sum, { layout, count }) => sum + Math.min(layout.lineCount, count) * layout.wordsPerLine, 0),
    sizeAt: (fixed) => parts.reduce((sum, part) => sum + sizeAt(part, fixed), 0),
    rows: (dump) => new GoldenRows(dump, parts),
  };
}

function sizeAt({ layout, count }: TextEntries, fixed: Coordinates): number {
  const { lines, words } = layout.spec;
  const axes = (Object.keys(fixed) as (keyof Coordinates)[]).filter((axis) => fixed[axis] !== undefined);
  if (axes.some((axis) => layout.spec.fixed[axis] !== undefined && layout.spec.fixed[axis] !== fixed[axis])) return 0;
  const share = [...lines, ...words].reduce((all, loop) => (axes.includes(loop.axis) ? all * loop.count : all), 1);
  return (Math.min(layout.lineCount, count) * layout.wordsPerLine) / share;
}

/** The values of golden files in the order of a layout. */
export function goldenRows(dump: Layout, parts: readonly TextEntries[]): ExpectedRows {
  return new GoldenRows(dump, parts);
}

/** A golden file seen from a dump: which of its words are the dump's, when that is the same on all lines. */
interface Part {
  readonly entries: TextEntries;
  /** Golden word of each word of a dump's line; undefined when it depends on the line. */
  readonly words?: Int32Array;
  /** Lines of both follow each other in the same order, from the file's first to its last. */
  readonly sameLines: boolean;
  /** So do the words. */
  readonly sameWords: boolean;
  readonly scratch: EntryWords;
}

class GoldenRows implements ExpectedRows {
  private readonly parts: readonly Part[];
  private current = 0;
  /** Room for lines whose words stand in another order. */
  private many = new Int32Array(0);
  private last: { readonly line: number; readonly part: Part; readonly golden: number } | undefined;

  constructor(
    private readonly dump: Layout,
    entries: readonly TextEntries[],
  ) {
    this.parts = entries.map((one) => partOf(dump, one));
  }

  read(line: number, into: EntryWords): void {
    const found = this.find(line);
    if (found?.part.words === undefined) {
      this.readWords(line, into);
      return;
    }
    const { part, golden } = found;
    part.entries.read(golden, part.scratch);
    for (let word = 0; word < part.words!.length; word++) copyWord(part.scratch, part.words![word]!, into, word);
  }

  readMany(line: number, count: number, into: Int32Array): number {
    const found = this.find(line);
    const { words, sameLines, sameWords, entries } = found?.part ?? { sameLines: false };
    if (found === undefined || words === undefined || entries === undefined || !sameLines || words.includes(-1)) return 0;
    const most = Math.min(count, Math.min(entries.layout.lineCount, entries.count) - found.golden);
    if (sameWords) return entries.readMany(found.golden, most, into);
    const width = entries.layout.wordsPerLine;
    if (this.many.length < most * width) this.many = new Int32Array(most * width);
    const lines = entries.readMany(found.golden, most, this.many);
    for (let done = 0, at = 0; done < lines; done++) for (const word of words) into[at++] = this.many[done * width + word]!;
    return lines;
  }

  spot(line: number, word: number): ReturnType<TextEntries['spot']> {
    const place = this.dump.coordinates(line, word);
    for (const { entries } of this.parts) {
      const position = entries.layout.position(place);
      if (position !== undefined) return entries.spot(position.line, position.word);
    }
    return undefined;
  }

  run(line: number): { entries: TextEntries; entry: number; lines: number } | undefined {
    const found = this.find(line);
    if (found?.part.sameLines !== true || !found.part.sameWords) return undefined;
    const { entries } = found.part;
    return { entries, entry: found.golden, lines: Math.min(entries.layout.lineCount, entries.count) - found.golden };
  }

  /** The part that holds the first word of a line. Neighbouring lines are mostly in the same part. */
  private find(line: number): { part: Part; golden: number } | undefined {
    const { last } = this;
    if (last?.line === line) return last;
    if (last?.line === line - 1 && last.part.sameLines && last.golden + 1 < Math.min(last.part.entries.layout.lineCount, last.part.entries.count)) {
      this.last = { line, part: last.part, golden: last.golden + 1 };
      return this.last;
    }
    const place = this.dump.coordinates(line, 0);
    for (let i = 0; i < this.parts.length; i++) {
      const at = (this.current + i) % this.parts.length;
      const part = this.parts[at]!;
      const golden = lineOf(part, place);
      if (golden === undefined) continue;
      this.current = at;
      this.last = { line, part, golden };
      return this.last;
    }
    return undefined;
  }

  private readWords(line: number, into: EntryWords): void {
    for (let word = 0; word < this.dump.wordsPerLine; word++) {
      into.state[word] = WORD_STATES.missing;
      const place = this.dump.coordinates(line, word);
      for (const { entries, scratch } of this.parts) {
        const position = entries.layout.position(place);
        if (position === undefined || position.line >= entries.count) continue;
        entries.read(position.line, scratch);
        copyWord(scratch, position.word, into, word);
        break;
      }
    }
  }
}

function lineOf({ entries }: Part, place: Coordinates): number | undefined {
  const position = entries.layout.position(place);
  return position === undefined || position.line >= entries.count ? undefined : position.line;
}

function partOf(dump: Layout, entries: TextEntries): Part {
  const { layout } = entries;
  const scratch = entryWords(layout.wordsPerLine);
  const axes = (loops: readonly Loop[]): Set<string> => new Set(loops.map(({ axis }) => axis));
  const [golden, goldenLines, dumped, dumpedLines] = [axes(layout.spec.words), axes(layout.spec.lines), axes(dump.spec.words), axes(dump.spec.lines)];
  const apart = [...golden].every((axis) => dumped.has(axis) && !goldenLines.has(axis) && !dumpedLines.has(axis)) && [...dumped].every((axis) => golden.has(axis));
  if (!apart) return { entries, sameLines: false, sameWords: false, scratch };
  const first = layout.coordinates(0, 0);
  const own = Object.fromEntries(Object.entries(first).filter(([axis]) => !golden.has(axis)));
  const words = Int32Array.from({ length: dump.wordsPerLine }, (_, word) => {
    const inner = Object.entries(dump.coordinates(0, word)).filter(([axis]) => dumped.has(axis));
    return layout.position({ ...own, ...Object.fromEntries(inner) })?.word ?? -1;
  });
  const inner = dump.spec.lines.slice(dump.spec.lines.length - layout.spec.lines.length);
  const sameWords = words.length === layout.wordsPerLine && words.every((word, i) => word === i);
  return { entries, words, sameLines: sameLoops(inner, layout.spec.lines), sameWords, scratch };
}

function sameLoops(a: readonly Loop[], b: readonly Loop[]): boolean {
  return a.length === b.length && a.every((loop, i) => loop.axis === b[i]!.axis && loop.start === b[i]!.start && loop.step === b[i]!.step && loop.count === b[i]!.count);
}

function copyWord(from: EntryWords, at: number, into: EntryWords, word: number): void {
  if (at < 0) {
    into.state[word] = WORD_STATES.missing;
    return;
  }
  into.values[word] = from.values[at]!;
  into.unknown[word] = from.unknown[at]!;
  // A golden file is no memory: what is not there says no value
  into.state[word] = from.state[at]! === WORD_STATES.known ? WORD_STATES.known : WORD_STATES.unknownBits;
}
