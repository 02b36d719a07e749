import type { DumpValues } from '../../src/protocol/inspect';
import type { Side } from '../../src/protocol/panel';
import { WORD_STATES } from '../../src/vectors/dump/entries';
import type { Cell } from '../grid/gridModel';

/** A computed value as a side shows it: itself, what the dump holds there, or the difference (dump minus computed). */
export function sided(value: number, dump: DumpValues | undefined, index: number, side: Side): Cell {
  if (dump === undefined) return { value };
  const state = dump.states[index];
  if (state !== WORD_STATES.known) {
    // The computed value is known whatever the dump holds
    return side === 'golden' ? { value } : { unknown: true, text: state === WORD_STATES.unknownBits ? 'x' : '–' };
  }
  const got = dump.values[index]!;
  const shown = side === 'golden' ? value : side === 'dump' ? got : got - value;
  return { value: shown, ...(got !== value && { mismatch: true }) };
}

/** What a dump says of a value, for a sentence: `dump 12`, `dump x`, `never written`. */
export function dumpText(dump: DumpValues | undefined, index: number, text: (value: number) => string): string | undefined {
  if (dump === undefined) return undefined;
  const state = dump.states[index];
  if (state === WORD_STATES.known) return `dump ${text(dump.values[index]!)}`;
  if (state === WORD_STATES.unknownBits) return 'dump x';
  return state === WORD_STATES.unwritten ? 'never written in the dump' : 'not in the dump';
}
