import type { Core, PsumReader } from '../core';
import { both, storing, upTo } from '../core';
import { coreRead } from '../evaluate';
import type { Frame } from '../frame';
import { coordinateIndex, differingColumns } from '../frame';
import type { Hypothesis } from '../hypothesis';
import { choicesOf } from '../hypothesis';
import { judgeSample } from '../judge';
import { ANYTHING, UNKNOWN } from '../prediction';
import { stuckBit } from './wordForms';

/** Inside of what a column's psums are moved: the memory of an oc tile, or each pass, in whose first entries leftovers stand. */
type Reach = 'memory' | 'kij';
const REACH_WORDS: Readonly<Record<Reach, string>> = { memory: 'over the whole memory', kij: 'inside each kij, where leftovers stand in its place' };
const FARTHEST = 8;

/** Columns that are wrong in the psum memory already, seen in the outputs that are accumulated from it. */
export function* psumMemory(frame: Frame, base: Core): Iterable<Hypothesis> {
  const columns = differingColumns(frame);
  yield* stuckPsums(frame, base, columns);
  if ((frame.axes.get('col')?.count ?? 1) < 2) return;
  for (const reach of ['memory', 'kij'] as const) yield* lateColumns(frame, base, columns, reach);
}

function* stuckPsums(frame: Frame, { model: { psumBits } }: Core, columns: readonly number[]): Iterable<Hypothesis> {
  const count = frame.axes.get('col')?.count ?? 1;
  const spare = 32 - psumBits;
  for (const bit of upTo(psumBits)) {
    for (const at of [0, 1]) {
      const stuck = stuckBit(bit, at);
      const core: Hypothesis['core'] = (altered) => ({ ...altered, onPsum: both(altered.onPsum, (psum) => (stuck(psum) << spare) >> spare) });
      yield { id: 'stuck-bit', parameters: { bit, at, of: 'psums' }, choices: 4 * psumBits, claim: `Bit ${bit} of every psum is always ${at}`, core };
      for (const col of columns) yield { id: 'stuck-bit', parameters: { bit, at, col, of: 'psums' }, choices: 4 * psumBits * count, claim: `Bit ${bit} of column ${col}'s psums is always ${at}`, core, where: { col } };
    }
  }
}

/** One column, all in steps, each by its own number. */
function* lateColumns(frame: Frame, base: Core, columns: readonly number[], reach: Reach): Iterable<Hypothesis> {
  const { count, coordinates } = frame.axes.get('col')!;
  const beyond = reach === 'kij' ? ANYTHING : unwritten(frame);
  const best = new Map(columns.map((col) => [col, bestShift(frame, base, col, reach, beyond)]));
  for (const [col, shift] of best) {
    if (shift === 0) continue;
    const claim = `In the psum memory column ${col} is ${Math.abs(shift)} entr${Math.abs(shift) === 1 ? 'y' : 'ies'} ${shift > 0 ? 'late' : 'early'}, ${REACH_WORDS[reach]}`;
    yield { id: 'column-skew', parameters: { col, shift, of: 'psums', reach }, choices: 2 * count * choicesOf(shift), claim, where: { col }, core: late(base, () => shift, reach, beyond) };
  }
  for (const step of [1, -1]) {
    const claim = `In the psum memory each column is an entry ${step > 0 ? 'later' : 'earlier'} than the one before it, ${REACH_WORDS[reach]}`;
    yield { id: 'column-skew', parameters: { step, of: 'psums', reach }, choices: 8 * choicesOf(step), claim, core: late(base, (col) => step * coordinates.indexOf(col), reach, beyond) };
  }
  const shifts = coordinates.map((col) => best.get(col) ?? 0);
  // All by the same number is a shift of the entries
  if (new Set(shifts).size < 2 || shifts.filter((shift) => shift !== 0).length < 2) return;
  const claim = `In the psum memory the columns are late by ${shifts.join(', ')} entries, ${REACH_WORDS[reach]}`;
  yield { id: 'column-skew', parameters: { shifts: shifts.join(' '), of: 'psums', reach }, choices: 2 * shifts.reduce((all, shift) => all * choicesOf(shift), 1), claim, core: late(base, (col) => best.get(col) ?? 0, reach, beyond) };
}

/** What a sum holds that takes in a word never written. */
function unwritten({ counts }: Frame): number {
  return counts.unknown + counts.unwritten > 0 ? UNKNOWN : 0;
}

/** Psums come from `shiftOf(col)` entries before in the order `[icTile, kij, nij]` of the memory; `beyond` where none stands. */
function late({ mapping: { conv, tiling } }: Core, shiftOf: (col: number) => number, reach: Reach, beyond: number): (core: Core) => Core {
  const { nijCount, kijCount } = conv;
  return storing((psum): PsumReader => (icTile, ocTile, col, kij, nij) => {
    const shift = shiftOf(col);
    const source = nij - shift;
    if (source >= 0 && source < nijCount) return psum(icTile, ocTile, col, kij, source);
    if (reach === 'kij') return beyond;
    const address = (icTile * kijCount + kij) * nijCount + source;
    if (address < 0 || address >= tiling.icTiles * kijCount * nijCount) return beyond;
    const pass = Math.floor(address / nijCount);
    return psum(Math.floor(pass / kijCount), ocTile, col, pass % kijCount, address - pass * nijCount);
  });
}

/** The shift that agrees with most of a column's sample, 0 when it is better left alone. */
function bestShift(frame: Frame, base: Core, col: number, reach: Reach, beyond: number): number {
  const columns = frame.axes.get('col')!;
  const own = frame.sample.filter((index) => columns.coordinates[coordinateIndex(columns, index)] === col);
  let [best, most] = [0, 0];
  for (const shift of upTo(2 * Math.min(FARTHEST, base.mapping.conv.nijCount - 1)).map((i) => (i % 2 === 0 ? 1 : -1) * (Math.floor(i / 2) + 1))) {
    const evidence = judgeSample(frame, coreRead(frame, late(base, () => shift, reach, beyond)(base)), own, 0);
    const gain = evidence.hits - evidence.broken - (evidence.claimed - evidence.hits) / 2;
    if (gain > most) [best, most] = [shift, gain];
  }
  return best;
}
