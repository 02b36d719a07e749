import type { Axis } from '../../vectors/axis';
import { addressOf, denseLoops } from '../../vectors/dump/addressMap';
import type { EntryWords } from '../../vectors/dump/entries';
import { WORD_STATES, entryWords, fillState } from '../../vectors/dump/entries';
import { TextEntries } from '../../vectors/dump/textEntries';
import { textKernel } from '../../vectors/simd/textKernel';
import { AtOnce, MOST_AT_ONCE } from './atOnce';
import type { MappedDump } from './dump';
import { entryOf } from './dump';
import { EqualLines, sameForm } from './equalLines';
import type { Expected, ExpectedRows } from './expected';
import { ExtraWords, isWritten } from './extraWords';
import type { Comparison } from './report';
import { Tally } from './tally';

/** Mismatches that are kept when nothing else is asked for. */
export const MOST_SHOWN = 100;
/** Lines after which the caller may breathe. */
const LINES_A_STEP = 4096;

/** How far a comparison is, in lines of the dump. */
export interface CompareProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Compares a dump with what is expected of it, line by line of the dump's layout. Memory does not grow with the lines. Where both are
 * text in the same form, equal lines are compared as bytes and never decoded.
 * @param most mismatches that are kept
 * @param onDiffering told of each word that differs, in the order of the dump
 */
export function* compare(expected: Expected, dump: MappedDump, most = MOST_SHOWN, onDiffering?: (line: number, word: number) => void): Generator<CompareProgress, Comparison> {
  const comparer = new Comparer(expected, dump, most, onDiffering);
  const total = dump.layout.lineCount;
  let said = 0;
  for (let line = 0; line < total; ) {
    line += comparer.step(line);
    if (line - said < LINES_A_STEP && line < total) continue;
    said = line;
    yield { done: line, total };
  }
  return comparer.result();
}

class Comparer {
  private compared = 0;
  private unreadable = 0;
  private silent = 0;
  private seen = 0;
  private readonly extra: ExtraWords;
  private readonly rows: ExpectedRows;
  private readonly want: EntryWords;
  private readonly got: EntryWords;
  private readonly tally: Tally;
  private readonly equal: EqualLines | undefined;
  /** Both sides are text of the same form, whose bytes tell which lines are equal. */
  private inBytes = false;
  private readonly atOnce = new AtOnce();
  private readonly many: { readonly want: Int32Array; readonly got: Int32Array };

  constructor(
    private readonly expected: Expected,
    private readonly dump: MappedDump,
    most: number,
    onDiffering: ((line: number, word: number) => void) | undefined,
  ) {
    const { layout } = dump;
    this.rows = expected.rows(layout);
    this.want = entryWords(layout.wordsPerLine);
    this.got = entryWords(layout.wordsPerLine);
    this.many = { want: new Int32Array(MOST_AT_ONCE * layout.wordsPerLine), got: new Int32Array(MOST_AT_ONCE * layout.wordsPerLine) };
    this.extra = new ExtraWords(dump, expected.complete === true);
    this.tally = new Tally(layout, expected.format, most, {
      expected: (line, word) => this.rows.spot(line, word),
      got: (line, word) => {
        const entry = entryOf(dump, line);
        return entry < 0 ? undefined : dump.entries.spot(entry, word);
      },
    }, onDiffering);
    this.equal = dump.entries instanceof TextEntries && this.rows.run !== undefined ? new EqualLines(dump.entries.layout, textKernel()) : undefined;
  }

  /** Compares one line, or as many equal ones as can be told at once. @returns lines done */
  step(line: number): number {
    const entry = entryOf(this.dump, line);
    const equal = entry < 0 ? 0 : this.equalLines(line, entry) || this.equalValues(line, entry);
    if (equal > 0) {
      this.extra.use(entry, equal);
      const words = equal * this.dump.layout.wordsPerLine;
      this.compared += words;
      this.seen += words;
      return equal;
    }
    this.rows.read(line, this.want);
    if (entry >= 0) {
      this.extra.use(entry, 1);
      this.dump.entries.read(entry, this.got);
    } else absent(this.dump, line, this.got);
    for (let word = 0; word < this.want.values.length; word++) this.word(line, word);
    return 1;
  }

  result(): Comparison {
    const { of, differingLines, first, bits, byCoordinate } = this.tally;
    const { layout } = this.dump;
    const axes = [...new Set([...layout.spec.lines, ...layout.spec.words].map(({ axis }) => axis))];
    const beyond = this.extra.beyond(this.got);
    const fixed = (Object.keys(layout.spec.fixed) as Axis[]).filter((axis) => !axes.includes(axis));
    return {
      format: this.expected.format,
      axes: [...fixed, ...axes],
      compared: this.compared,
      mismatched: of.value,
      unknown: of.unknown,
      unwritten: of.unwritten,
      missing: of.missing,
      malformed: of.malformed,
      extra: beyond.count,
      lacking: beyond.lacking,
      unreadable: this.unreadable,
      silent: this.silent,
      uncovered: Math.max(0, this.expected.size - this.seen),
      differing: of.value + of.unknown + of.unwritten + of.missing + of.malformed,
      lines: { differing: differingLines, total: layout.lineCount },
      counts: byCoordinate,
      bits,
      first,
      ...(beyond.first !== undefined && { firstExtra: beyond.first }),
    };
  }

  private word(line: number, word: number): void {
    const { want, got } = this;
    const state = got.state[word]!;
    if (want.state[word] === WORD_STATES.missing) {
      if (isWritten(state)) this.extra.inside(line, word);
      return;
    }
    this.seen++;
    if (want.state[word] !== WORD_STATES.known) {
      this.unreadable++;
      return;
    }
    if (state === WORD_STATES.missing) {
      if (this.dump.entries.sparse) this.silent++;
      else this.tally.add('missing', line, word, want, got);
      return;
    }
    this.compared++;
    if (state === WORD_STATES.unknownBits) this.tally.add('unknown', line, word, want, got);
    else if (state === WORD_STATES.unwritten) this.tally.add('unwritten', line, word, want, got);
    else if (state === WORD_STATES.malformed) this.tally.add('malformed', line, word, want, got);
    else if (got.values[word] !== want.values[word]) this.tally.add('value', line, word, want, got);
  }

  private equalLines(line: number, entry: number): number {
    const { entries, layout, map } = this.dump;
    if (this.equal === undefined || !(entries instanceof TextEntries)) return 0;
    const known = this.equal.ahead(line);
    if (known !== undefined) return known;
    const golden = this.rows.run?.(line);
    if (golden === undefined || !sameForm(golden.entries.layout, entries.layout)) return 0;
    this.inBytes = true;
    const span = denseSpan(layout.spec.lines, map.strides);
    const lines = Math.min(golden.lines, span - (line % span));
    // A dump made from the highest address downwards has its entries in the other order
    if (lines > 1 && entryOf(this.dump, line + 1) !== entry + 1) return 0;
    return this.equal.look(line, lines, golden.entries.run(golden.entry), entries.run(entry));
  }

  /** Lines from one on whose words are known at a glance on both sides, and equal: what another radix or another order of words leaves to compare. */
  private equalValues(line: number, entry: number): number {
    const { rows, dump, many, atOnce } = this;
    if (this.inBytes || rows.readMany === undefined || dump.entries.readMany === undefined) return 0;
    const width = dump.layout.wordsPerLine;
    const most = Math.min(atOnce.lines, dump.layout.lineCount - line);
    let lines = 1;
    while (lines < most && entryOf(dump, line + lines) === entry + lines) lines++;
    if (lines < 2) {
      atOnce.after(1);
      return 0;
    }
    lines = rows.readMany(line, lines, many.want);
    lines = lines === 0 ? 0 : dump.entries.readMany(entry, lines, many.got);
    let equal = 0;
    while (equal < lines * width && many.want[equal] === many.got[equal]) equal++;
    return atOnce.after(Math.floor(equal / width));
  }
}

/** A line that the dump does not have. At an address that a memory file leaves out nothing was written. */
export function absent({ entries, layout, map }: MappedDump, line: number, got: EntryWords): void {
  fillState(got, entries.leavesOut(addressOf(layout.spec.lines, map, line)) ? WORD_STATES.unwritten : WORD_STATES.missing);
}

/** Lines of the innermost loops that follow each other without a gap. */
function denseSpan(loops: MappedDump['layout']['spec']['lines'], strides: readonly number[]): number {
  const dense = denseLoops(loops);
  let span = 1;
  for (let i = loops.length - 1; i >= 0 && strides[i] === dense[i]; i--) span *= loops[i]!.count;
  return span;
}
