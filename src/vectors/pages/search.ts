import type { Coordinates } from '../axis';
import { AXES } from '../axis';
import { Layout } from '../layout';
import { FileReading } from '../reading';
import { nulRun } from './lineForm';
import type { LineMap } from './lineMap';
import { WindowShape } from './windowShape';

/** A run of characters of a file. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** What is looked for in some lines: a quick look at all of them, then the spots of one. */
export interface Matcher {
  /** The spots of a line, from left to right; undefined when none of the lines has any. */
  block(from: number, count: number): ((line: number) => readonly Spot[]) | undefined;
}

export interface SearchFrom {
  readonly line: number;
  /** -1: before the first character. */
  readonly column: number;
  readonly backward: boolean;
}

export interface Hit {
  readonly spot: Spot;
  /** It stands on the other side of where the search began. */
  readonly wrapped: boolean;
}

/** Bytes that are looked at between two breaths. */
const BLOCK = 1 << 18;
const BLOCK_LINES = 2048;

/**
 * Looks for the next spot, or the one before, over the end of the file. Yields the lines done, of `map.status.lines`. Lines of equal length
 * are looked through before each of them is known to be one; where one is found that is not, the search begins anew.
 */
export function* search(map: LineMap, matcher: Matcher, from: SearchFrom): Generator<number, Hit | undefined> {
  for (;;) {
    // A line that is not known yet may hold it
    while (!map.status.counted && map.step()) yield 0;
    const { regular } = map.status;
    const found = yield* searchKnown(map, matcher, from);
    if (regular === map.status.regular) return found;
  }
}

/** As {@link search}, for lines that are all known. Ends early when it turns out that they are not. */
function* searchKnown(map: LineMap, matcher: Matcher, { line, column, backward }: SearchFrom): Generator<number, Hit | undefined> {
  const { lines, regular } = map.status;
  const block = Math.max(1, Math.min(BLOCK_LINES * 8, Math.floor(BLOCK / Math.max(1, map.head.pitch ?? BLOCK / BLOCK_LINES))));
  const start = Math.min(line, Math.max(0, lines - 1));
  let done = 0;
  for (const wrapped of [false, true]) {
    const ahead = backward !== wrapped ? [0, start + 1] : [start, lines];
    for (const [from, count] of blocksOf(ahead[0]!, ahead[1]!, block, backward)) {
      const spots = matcher.block(from, count);
      const spot = spots === undefined ? undefined : first(from, count, backward, (at) => spots(at).filter((one) => isAhead(one, { line: start, column, backward }, wrapped)));
      if (spot !== undefined) return { spot, wrapped };
      done += count;
      yield Math.min(lines, done);
      if (regular !== map.status.regular) return undefined;
    }
  }
  return undefined;
}

/** On the line where the search began, what was passed is ahead again only when it comes round; where it began comes last. */
function isAhead(spot: Spot, { line, column, backward }: SearchFrom, wrapped: boolean): boolean {
  if (spot.line !== line || (wrapped && spot.column === column)) return true;
  return backward !== wrapped ? spot.column < column || column < 0 : spot.column > column;
}

function first(from: number, count: number, backward: boolean, spots: (line: number) => readonly Spot[]): Spot | undefined {
  for (let i = 0; i < count; i++) {
    const found = spots(backward ? from + count - 1 - i : from + i);
    if (found.length > 0) return backward ? found.at(-1) : found[0];
  }
  return undefined;
}

function* blocksOf(from: number, end: number, block: number, backward: boolean): Generator<readonly [from: number, count: number]> {
  for (let done = 0; from + done < end; done += block) {
    const count = Math.min(block, end - from - done);
    yield backward ? [end - done - count, count] : [from + done, count];
  }
}

/** Digits, or any other text, as they stand in a line; letters of either case. */
export function textMatcher(map: LineMap, text: string): Matcher {
  const wanted = text.toLowerCase();
  // Lines of words are ASCII: what they cannot hold is looked for in the others
  const ascii = /^[ -~\t]*$/.test(wanted);
  const holds = (bytes: Uint8Array): boolean => {
    if (!ascii || isHole(bytes)) return false;
    const digits = map.source.latin1(bytes);
    return (wanted === wanted.toUpperCase() ? digits : digits.toLowerCase()).includes(wanted);
  };
  return {
    block: (from, count) => {
      const raw = map.raw(from, count);
      if (raw !== undefined && !holds(raw.bytes)) return undefined;
      const window = map.window(from, count);
      return (line) => occurrences(window.line(line), wanted).map((column) => ({ line, column, length: wanted.length }));
    },
  };
}

/** Nothing was written there: such lines are shown as unreadable. */
function isHole(bytes: Uint8Array): boolean {
  return nulRun(bytes, 0, bytes.length) === bytes.length;
}

function occurrences(line: string, wanted: string): number[] {
  const text = line.toLowerCase();
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) found.push(at);
  return found;
}

/** Words of a decoded value. */
export function valueMatcher(map: LineMap, layout: Layout, value: number): Matcher {
  return {
    block: (from, count) => {
      const raw = map.raw(from, count);
      if (raw !== undefined && isHole(raw.bytes)) return undefined;
      const window = map.window(from, count);
      if (!valuesOf(window, layout).includes(value)) return undefined;
      const reading = new FileReading(window, layout);
      return (line) => reading.words(line).filter((word) => word.value === value).map(({ column, length }) => ({ line, column, length }));
    },
  };
}

/** The values of all data lines of a window, whatever they stand for. */
function valuesOf(window: WindowShape, { spec }: Layout): Float64Array {
  const data = Array.from({ length: window.lineCount }, (_, i) => window.at(window.from + i)!).filter(({ role }) => role === 'data');
  const axis = AXES.find((name) => spec.words.every((loop) => loop.axis !== name))!;
  const layout = new Layout({ ...spec, fixed: {}, lines: [{ axis, start: 0, step: 1, count: data.length }] });
  return new FileReading(new WindowShape(0, data, spec.eol), layout).values();
}

/** Where a value stands in a file that is read so; undefined when it does not hold it, or is not known so far. */
export function spotOf(map: LineMap, layout: Layout, coordinates: Coordinates): Spot | undefined {
  const position = layout.position(coordinates);
  const line = position === undefined ? undefined : map.lineOf(position.line);
  if (position === undefined || line === undefined) return undefined;
  const word = new FileReading(map.window(line, 1), layout).words(line)[position.word];
  return { line, column: word?.column ?? 0, length: word?.length ?? 0 };
}
