import type { Axis } from '../../../vectors/axis';
import { describeCoordinates } from '../../../vectors/axis';
import { WORD_STATES } from '../../pair';
import type { CauseId } from '../causes';
import type { AxisPlace, Frame } from '../frame';
import { coordinateIndex } from '../frame';
import type { Hypothesis } from '../hypothesis';
import { ABSENT, UNKNOWN } from '../prediction';

/** What it means that all words at one coordinate of an axis are constant. */
const CONSTANT_SLICES: readonly (readonly [Axis, CauseId])[] = [
  ['col', 'dead-column'],
  ['row', 'dead-row'],
  ['kij', 'kij-dropped'],
  ['icTile', 'ictile-missing'],
  ['ocTile', 'uninitialised'],
];
const SLICED: readonly Axis[] = ['icTile', 'ocTile', 'row', 'col', 'kij'];

/** Regions that were never written, are constant, or hold something else's data. */
export function* regions(frame: Frame): Iterable<Hypothesis> {
  yield { id: 'all-zero', parameters: {}, choices: 1, claim: 'Every word of the dump is zero', data: () => () => 0 };
  yield* unwrittenRuns(frame);
  yield* brokenOff(frame);
  for (const place of slicedAxes(frame, SLICED)) {
    yield* unwrittenSlices(frame, place);
    yield* constantSlices(frame, place);
  }
  for (const place of slicedAxes(frame, ['icTile', 'ocTile', 'kij'])) yield* staleSlices(place);
}

function slicedAxes({ axes }: Frame, wanted: readonly Axis[]): AxisPlace[] {
  return wanted.flatMap((axis) => axes.get(axis) ?? []).filter(({ count }) => count > 1);
}

/** From the first to the last entry with x; and, for simulators without x, from the first to the last differing one as 0. */
function* unwrittenRuns(frame: Frame): Iterable<Hypothesis> {
  const unknown = extent(frame, (index) => isUnknown(frame, index));
  if (unknown !== undefined) yield run(frame, { ...unknown, last: endOfUnknown(frame, unknown.last) }, 'x', UNKNOWN);
  const different = extent(frame, (index) => frame.pair.state[index] === WORD_STATES.known);
  if (different !== undefined && allZero(frame, different)) yield run(frame, { ...different, last: endOfZeros(frame, different.last) }, '0', 0);
}

function isUnknown({ pair }: Frame, index: number): boolean {
  const state = pair.state[index];
  return state === WORD_STATES.unwritten || state === WORD_STATES.unknownBits;
}

interface Extent {
  readonly first: number;
  readonly last: number;
}

/** First and last entry of the window with a differing word of this sort. */
function extent({ wrongWords, width }: Frame, isMeant: (index: number) => boolean): Extent | undefined {
  let first = -1;
  let last = -1;
  for (const index of wrongWords) {
    if (!isMeant(index)) continue;
    last = Math.floor(index / width);
    if (first < 0) first = last;
  }
  return first < 0 ? undefined : { first, last };
}

function allZero({ pair, width }: Frame, { first, last }: Extent): boolean {
  for (let index = first * width; index < (last + 1) * width; index++) if (pair.found[index] !== 0) return false;
  return true;
}

/** The end of the dump, when all behind an entry is zero: what was never written may be expected to be zero as well. */
function endOfZeros({ pair, width, entries }: Frame, last: number): number {
  for (let index = (last + 1) * width; index < pair.found.length; index++) if (pair.found[index] !== 0 || pair.state[index] !== WORD_STATES.known) return last;
  return entries - 1;
}

/** The same of words that are unknown, where they reach the end of the window: with them a run that ended early goes to the end. */
function endOfUnknown(frame: Frame, last: number): number {
  const { width, entries, to } = frame;
  if ((last + 1) * width < to) return last;
  for (let index = to; index < entries * width; index++) if (!isUnknown(frame, index)) return Math.max(last, Math.floor(index / width) - 1);
  return entries - 1;
}

/** A run of entries that reaches the end of the dump is what a run that ended early leaves; any other one was left out. */
function run({ width, entries, told, goesOn, pair }: Frame, { first, last }: Extent, reads: string, value: number): Hypothesis {
  const [isWhole, isTail] = [pair.part === undefined && first === 0 && last === entries - 1, !goesOn && last === entries - 1];
  const [were, read] = first === last ? ['was', 'reads'] : ['were', 'read'];
  const region = first === last ? `entry ${told(first)}` : `entries ${told(first)} to ${told(last)}${goesOn && last === entries - 1 ? ' at least' : ''}`;
  return {
    id: isTail && !isWhole ? 'truncated' : 'uninitialised',
    parameters: { from: told(first), to: told(last), reads },
    choices: isWhole ? 1 : first === 0 || isTail ? entries : (entries * entries) / 2,
    claim: isWhole ? `The whole dump was never written and reads ${reads}` : `${isTail ? 'The run ended early: ' : ''}${isTail ? region : region.replace('e', 'E')} ${were} never written and ${read} ${reads}`,
    data: (read) => (index) => (index >= first * width && index < (last + 1) * width ? value : read(index)),
  };
}

/** A file that was cut inside a line: its last line is no whole entry, and nothing follows. Words with x in them would show which bits. */
function* brokenOff({ pair, width, entries, told }: Frame): Iterable<Hypothesis> {
  const { state, unknownMask } = pair;
  let last = state.length - 1;
  while (last >= 0 && state[last] === WORD_STATES.missing) last--;
  const entry = Math.floor(last / width);
  const [start, end] = [entry * width, (entry + 1) * width];
  // Behind the last line of a whole dump nothing is missing
  if (entry < 1 || entry === entries - 1) return;
  for (let index = start; index < end; index++) {
    if (state[index] !== WORD_STATES.unknownBits || (unknownMask?.[index] ?? 0) !== 0) return;
  }
  yield {
    id: 'truncated',
    parameters: { entry: told(entry) },
    choices: 1,
    claim: `The dump breaks off inside entry ${told(entry)}`,
    data: (read) => (index) => (index < start ? read(index) : index < end ? UNKNOWN : ABSENT),
  };
}

function* unwrittenSlices(frame: Frame, place: AxisPlace): Iterable<Hypothesis> {
  const words = new Int32Array(place.count);
  const unknown = new Int32Array(place.count);
  for (const index of frame.wrongWords) if (isUnknown(frame, index)) unknown[coordinateIndex(place, index)]!++;
  if (unknown.every((count) => count === 0)) return;
  for (let index = frame.from; index < frame.to; index++) words[coordinateIndex(place, index)]!++;
  for (const [at, coordinate] of place.coordinates.entries()) {
    if (unknown[at] === 0 || unknown[at]! < words[at]! / 2) continue;
    const where = { [place.axis]: coordinate };
    yield { id: 'uninitialised', parameters: { ...where, reads: 'x' }, choices: place.count, claim: `The words of ${describeCoordinates(where)} were never written and read x`, where, data: () => () => UNKNOWN };
  }
}

function* constantSlices(frame: Frame, place: AxisPlace): Iterable<Hypothesis> {
  const id = CONSTANT_SLICES.find(([axis]) => axis === place.axis)?.[1];
  if (id === undefined) return;
  for (const [at, counts] of valuesAt(frame, place).entries()) {
    const [value] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [undefined];
    if (value === undefined) continue;
    const where = { [place.axis]: place.coordinates[at]! };
    yield {
      id,
      parameters: { ...where, value },
      choices: place.count * (value === 0 ? 1 : 2 ** frame.pair.format.bits),
      claim: `All words of ${describeCoordinates(where)} are ${value}`,
      where,
      data: () => () => value,
    };
  }
}

/** How often each value is found among the differing words of each coordinate. */
function valuesAt({ pair, wrongWords }: Frame, place: AxisPlace): Map<number, number>[] {
  const values = place.coordinates.map(() => new Map<number, number>());
  for (const index of wrongWords) {
    if (pair.state[index] !== WORD_STATES.known) continue;
    const counts = values[coordinateIndex(place, index)]!;
    counts.set(pair.found[index]!, (counts.get(pair.found[index]!) ?? 0) + 1);
  }
  return values;
}

/** Axes with more coordinates are only tried with their neighbours: the list grows with the square. */
const MOST_PAIRED = 32;

function* staleSlices(place: AxisPlace): Iterable<Hypothesis> {
  const { axis, coordinates, count, stride } = place;
  for (const [at, coordinate] of coordinates.entries()) {
    for (const [other, source] of coordinates.entries()) {
      if (other === at || (count > MOST_PAIRED && Math.abs(other - at) > 1)) continue;
      const where = { [axis]: coordinate };
      yield {
        id: 'stale-tile',
        parameters: { data: 'words', ...where, from: source },
        choices: count * (Math.abs(other - at) === 1 ? 2 : count),
        claim: `The words of ${describeCoordinates(where)} are those of ${describeCoordinates({ [axis]: source })}`,
        where,
        data: (read) => (index) => read(index + (other - at) * stride),
      };
    }
  }
}

/** Words that the caller knows to be malformed in the golden: whatever the dump holds there is no fault of the design. */
export function malformed(indices: ReadonlySet<number>): Hypothesis {
  return {
    id: 'golden-defective',
    parameters: { words: indices.size },
    choices: 1,
    claim: `${indices.size} word${indices.size === 1 ? ' of the golden is' : 's of the golden are'} malformed`,
    given: true,
    data: (read, { pair }) => (index) => {
      // That a word is not in the dump is not the golden's fault
      if (!indices.has(index) || pair.state[index] === WORD_STATES.missing) return read(index);
      return pair.state[index] === WORD_STATES.known ? pair.found[index]! : UNKNOWN;
    },
  };
}
