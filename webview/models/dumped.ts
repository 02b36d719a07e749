import type { DumpInfo, DumpValues } from '../../src/protocol/inspect';
import type { Side } from '../../src/protocol/panel';
import { WORD_STATES } from '../../src/vectors/dump/entries';
import type { Cell } from '../grid/gridModel';

/** What stands in the place of a word that says no number, and how a sentence tells of it. */
const UNKNOWN: Readonly<Record<number, { readonly text: string; readonly said: string }>> = {
  [WORD_STATES.unknownBits]: { text: 'x', said: 'dump x' },
  [WORD_STATES.unwritten]: { text: '–', said: 'never written in the dump' },
  [WORD_STATES.missing]: { text: '–', said: 'not in the dump' },
  [WORD_STATES.malformed]: { text: '?', said: 'no number in the dump' },
};

/** A computed value as a side shows it: itself, what the dump holds there, or the difference (dump minus computed). What differs the comparison says. */
export function sided(value: number, dump: DumpValues | undefined, index: number, side: Side): Cell {
  if (dump === undefined) return { value };
  const state = dump.states[index]!;
  const mismatch = differsAt(dump, value, index) && { mismatch: true };
  // The computed value is known whatever the dump holds
  if (state !== WORD_STATES.known) return { ...(side === 'golden' ? { value } : { text: UNKNOWN[state]?.text ?? '?', unknown: true }), ...mismatch };
  const got = dump.values[index]!;
  return { value: side === 'golden' ? value : side === 'dump' ? got : got - value, ...mismatch };
}

function differsAt({ differs, states, values }: DumpValues, value: number, index: number): boolean {
  return differs === undefined ? states[index] === WORD_STATES.known && values[index] !== value : differs[index] === 1;
}

const largestBy = new WeakMap<DumpValues, number>();

/** The largest difference among words that say a number, at least 1: differences have a scale of their own, or small ones would not be seen. */
export function largestDifference(dump: DumpValues, computed: (index: number) => number): number {
  const known = largestBy.get(dump);
  if (known !== undefined) return known;
  let largest = 1;
  for (const [index, got] of dump.values.entries()) if (dump.states[index] === WORD_STATES.known) largest = Math.max(largest, Math.abs(got - computed(index)));
  largestBy.set(dump, largest);
  return largest;
}

/** What a dump says of a value, for a sentence: `dump 12`, `dump x`, `never written`. */
export function dumpText(dump: DumpValues | undefined, index: number, text: (value: number) => string): string | undefined {
  return dump && wordText(dump.states[index]!, dump.values[index]!, text);
}

export function wordText(state: number, value: number, text: (value: number) => string): string {
  return state === WORD_STATES.known ? `dump ${text(value)}` : (UNKNOWN[state]?.said ?? 'no number in the dump');
}

/** What a heading says of the side that is shown where that is not the golden one; a dump of another kind has nothing to show there. */
export function sideNote({ side, dump }: { readonly side: Side; readonly dump?: DumpInfo | undefined }, kind: 'psum' | 'out'): string {
  if (side === 'golden' || dump === undefined) return '';
  return dump.kind === kind ? (side === 'dump' ? ' of the dump' : ', dump − golden') : ` (golden: the dump holds ${dump.kind === 'out' ? 'outputs' : `${dump.kind}s`})`;
}
