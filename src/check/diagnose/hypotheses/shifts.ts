import { WORD_STATES } from '../../pair';
import type { Frame } from '../frame';
import type { Hypothesis } from '../hypothesis';
import { choicesOf } from '../hypothesis';
import { ABSENT, ANYTHING, BEHIND, EMPTY } from '../prediction';
import type { Scope } from './moves';
import { distance, excess, moved, SCOPE_WORDS, scopesOf, shifted, wrongEntries } from './moves';
import { blocks, duplicates } from './skips';

/** Shifts that are tried in any case; others only when entries of the dump are met at another address. */
const NEAR = [1, -1, 2, -2, 3, -3, 4, -4];
const ASKED_ENTRIES = 256;
/** An entry that occurs more often than this says nothing of where it comes from. */
const MOST_TWINS = 4;
const MOST_VOTED = 6;

/** Entries that moved as a whole. */
export function* shifts(frame: Frame): Iterable<Hypothesis> {
  yield* lineOffset(frame);
  yield* truncated(frame);
  const tried = [...new Set([...NEAR, ...votedShifts(frame)])].filter((shift) => Math.abs(shift) < frame.entries);
  for (const shift of tried) {
    for (const scope of scopesOf(frame)) yield addressShift(frame, shift, scope);
    yield* tileShifts(frame, shift);
  }
  yield* duplicates(frame);
  yield* blocks(frame, tried.filter((shift) => shift < -1).map((shift) => -shift));
}

function addressShift(frame: Frame, shift: number, scope: Scope): Hypothesis {
  return {
    id: 'address-shift',
    parameters: { shift, scope },
    choices: choicesOf(shift) * (scope === 'dump' ? 1 : 2),
    claim: `Every entry stands ${distance(shift)}, ${SCOPE_WORDS[scope]}`,
    data: moved(frame, shifted(frame, shift, scope), EMPTY),
    usual: Math.abs(shift) <= 2 && scope === 'dump',
  };
}

/** Only as many lines as the dump has too many or too few: its length is the evidence. */
function* lineOffset(frame: Frame): Iterable<Hypothesis> {
  const { entries } = frame;
  const lines = excess(frame);
  if (lines === 0 || Math.abs(lines) >= entries) return;
  yield {
    id: 'line-offset',
    parameters: { lines },
    choices: 1,
    claim: `The dump has ${Math.abs(lines)} ${lines > 0 ? 'extra' : 'missing'} leading line${Math.abs(lines) === 1 ? '' : 's'}`,
    data: moved(frame, shifted(frame, lines, 'dump'), lines > 0 ? ANYTHING : BEHIND, BEHIND),
    usual: true,
  };
}

function* truncated({ pair, from, to, width, told }: Frame): Iterable<Hypothesis> {
  const first = pair.state.indexOf(WORD_STATES.missing, from);
  if (first < 0 || first >= to) return;
  const entry = Math.floor(first / width);
  yield {
    id: 'truncated',
    parameters: { entry: told(entry) },
    choices: 1,
    claim: `The dump ends before entry ${told(entry)}`,
    data: (read) => (index) => (index >= first ? ABSENT : read(index)),
    usual: true,
  };
}

/** The same inside one tile or kernel position, where there are several. */
function* tileShifts(frame: Frame, shift: number): Iterable<Hypothesis> {
  if (Math.abs(shift) > 4) return;
  for (const axis of ['icTile', 'ocTile', 'kij'] as const) {
    const place = frame.axes.get(axis);
    if (place === undefined || place.count < 2 || place.stride < frame.width) continue;
    const source = shifted(frame, shift, axis === 'kij' ? 'kij' : 'tile');
    for (const coordinate of place.coordinates) {
      yield {
        id: 'tile-shift',
        parameters: { shift, [axis]: coordinate },
        choices: choicesOf(shift) * place.count,
        claim: `Every entry of ${axis} ${coordinate} alone stands ${distance(shift)}`,
        where: { [axis]: coordinate },
        data: moved(frame, source, EMPTY),
      };
    }
  }
}

/** Where entries of the dump stand that are expected at another address: the distances that are met most often. */
export function votedShifts(frame: Frame): number[] {
  const { pair, width, address } = frame;
  const places = entriesByContent(frame);
  const votes = new Map<number, number>();
  for (const entry of wrongEntries(frame, ASKED_ENTRIES)) {
    const start = entry * width;
    if (pair.state.subarray(start, start + width).some((state) => state !== WORD_STATES.known)) continue;
    for (const other of places.get(hashOf(pair.found, start, width)) ?? []) {
      const shift = address[entry]! - address[other]!;
      if (shift !== 0) votes.set(shift, (votes.get(shift) ?? 0) + 1);
    }
  }
  return [...votes].sort((a, b) => b[1] - a[1]).slice(0, MOST_VOTED).map(([shift]) => shift);
}

/** Entries of the window by what is expected in them. */
function entriesByContent({ pair, width, from, to }: Frame): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (let entry = from / width; entry < to / width; entry++) {
    const hash = hashOf(pair.expected, entry * width, width);
    const same = places.get(hash);
    if (same === undefined) places.set(hash, [entry]);
    else same.push(entry);
  }
  for (const [hash, same] of places) if (same.length > MOST_TWINS) places.delete(hash);
  return places;
}

function hashOf(values: Int32Array, start: number, length: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ values[i]!, 0x01000193) ^ (hash >>> 15);
  return hash;
}
