import { describeCoordinates } from '../../../vectors/axis';
import type { AxisPlace, Frame } from '../frame';
import { coordinateIndex } from '../frame';
import type { Hypothesis } from '../hypothesis';
import { choicesOf } from '../hypothesis';
import type { Prediction } from '../prediction';
import { BEHIND, EMPTY } from '../prediction';
import type { Scope, Source } from './moves';
import { distance, excess, groupOf, moved, SCOPE_WORDS, scopesOf, shifted, wrongEntries } from './moves';

/** One entry that is written twice or skipped. */
export function* duplicates(frame: Frame): Iterable<Hypothesis> {
  const [first] = wrongEntries(frame, 1);
  if (first === undefined) return;
  const settings = [
    { shift: 1, entry: first - 1, what: 'written twice' },
    { shift: -1, entry: first, what: 'skipped' },
  ];
  for (const { shift, entry, what } of settings.filter((setting) => setting.entry >= 0)) {
    for (const scope of scopesOf(frame)) {
      const source = shifted(frame, shift, scope);
      const last = scope === 'dump' ? frame.entries : endOfGroup(frame, first, scope);
      const claim = `Entry ${frame.told(entry)} is ${what}; those behind it stand ${distance(shift)}, ${SCOPE_WORDS[scope]}`;
      yield duplicate(frame, { entry: frame.told(entry), event: what, scope }, claim, (at) => (at < first || at >= last ? at : source(at)), scope === 'dump' ? behindOf(frame, shift) : undefined);
    }
    if (first - shift < frame.entries) yield duplicate(frame, { entry: frame.told(first), event: 'copied' }, `Entry ${frame.told(first)} alone holds the words of entry ${frame.told(first - shift)}`, (at) => (at === first ? first - shift : at));
  }
}

function duplicate(frame: Frame, parameters: Hypothesis['parameters'], claim: string, source: Source, behind?: Prediction): Hypothesis {
  return { id: 'duplicated-entry', parameters, choices: 2 * frame.entries, claim, data: moved(frame, source, EMPTY, behind) };
}

/** As many entries as were left out are to be missing at the end: then the dump's length is evidence of its own, and needs no other. */
function behindOf(frame: Frame, shift: number): Prediction | undefined {
  return excess(frame) === shift ? BEHIND : undefined;
}

function endOfGroup(frame: Frame, entry: number, scope: Scope): number {
  const group = groupOf(frame, scope);
  let end = entry;
  while (end < frame.entries && group(end) === group(entry)) end++;
  return end;
}

/**
 * Several entries that were left out, a whole kij for instance, so that those behind them stand too low: as many as the dump is short of, or as
 * many as entries are met too low.
 */
export function* blocks(frame: Frame, counts: readonly number[]): Iterable<Hypothesis> {
  const [first] = wrongEntries(frame, 1);
  if (first === undefined) return;
  const short = -excess(frame);
  for (const count of new Set([...(short > 1 ? [short] : []), ...counts])) {
    if (first + count >= frame.entries) continue;
    const { start, name } = blockAt(frame, first, count);
    // From the first entry on it is a shift of all, or missing leading lines
    if (start === 0) continue;
    const source = shifted(frame, -count, 'dump');
    yield {
      id: 'skipped-block',
      parameters: { from: frame.told(start), count },
      choices: frame.entries * (count === short ? 1 : choicesOf(count)),
      claim: `${name} left out; those behind stand ${distance(-count)}`,
      data: moved(frame, (at) => (at < start ? at : source(at)), EMPTY, behindOf(frame, -count)),
    };
  }
}

/** Where the block begins: the first entries behind it may look like the left-out ones, so it is sought at the border of a tile or kij. */
function blockAt(frame: Frame, first: number, count: number): { readonly start: number; readonly name: string } {
  const { axes, width } = frame;
  const outermost = [...axes.values()].filter(({ stride, count: coordinates }) => stride >= width && coordinates > 1).sort((a, b) => b.stride - a.stride);
  for (const place of outermost) {
    const size = place.stride / width;
    const start = Math.floor(first / size) * size;
    if (count % size === 0 && looksAlike(frame, start, first, count)) return { start, name: blockName(frame, place, start, count) };
  }
  return { start: first, name: `${entriesFrom(frame, first, count)} are` };
}

function entriesFrom({ told }: Frame, start: number, count: number): string {
  return `Entries ${told(start)} to ${told(start + count - 1)}`;
}

function blockName(frame: Frame, place: AxisPlace, start: number, count: number): string {
  const run = entriesFrom(frame, start, count);
  const many = (count * frame.width) / place.stride;
  const at = coordinateIndex(place, start * frame.width);
  if (at + many > place.count) return `${run} are`;
  const [from, to] = [place.coordinates[at]!, place.coordinates[at + many - 1]!];
  return `${run} (${describeCoordinates({ [place.axis]: from })}${many === 1 ? '' : ` to ${to}`}) are`;
}

function looksAlike({ pair: { expected }, width }: Frame, start: number, first: number, count: number): boolean {
  for (let index = start * width; index < first * width; index++) if (expected[index] !== expected[index + count * width]) return false;
  return true;
}
