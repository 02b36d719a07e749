import type { AxisPlace, Frame } from '../frame';
import { coordinateIndex } from '../frame';
import type { Hypothesis } from '../hypothesis';
import { choicesOf } from '../hypothesis';
import { judgeSample } from '../judge';
import type { Prediction, Read } from '../prediction';
import { ANYTHING, EMPTY } from '../prediction';
import type { Scope, Source } from './moves';
import { moved, SCOPE_WORDS, scopesOf, shifted } from './moves';

const FARTHEST = 16;

/** What stands where no entry of a column came: nothing, or at the border of each pass what the array gave before it. */
interface Border {
  readonly reads: Prediction;
  readonly words: string;
}
const NOTHING: Border = { reads: EMPTY, words: '' };
const LEFTOVERS: Border = { reads: ANYTHING, words: ', where leftovers stand in its place' };

/** Columns that are late or early: one, all in steps, each by its own number. */
export function* skews(frame: Frame): Iterable<Hypothesis> {
  const columns = frame.axes.get('col');
  if (columns === undefined || columns.count < 2 || columns.stride >= frame.width) return;
  const distances = nearestFirst(Math.min(FARTHEST, frame.entries - 1));
  for (const scope of scopesOf(frame)) {
    const sources = new Map(distances.map((shift) => [shift, shifted(frame, shift, scope)]));
    const best = columns.coordinates.map((_, at) => bestShift(frame, at, sources));
    for (const border of scope === 'dump' ? [NOTHING] : [NOTHING, LEFTOVERS]) yield* skewed(frame, columns, scope, border, best);
  }
}

function* skewed(frame: Frame, columns: AxisPlace, scope: Scope, border: Border, best: readonly number[]): Iterable<Hypothesis> {
  for (const [at, col] of columns.coordinates.entries()) {
    const late = best[at]!;
    if (late !== 0) yield oneColumn(frame, col, late, scope, border);
  }
  for (const step of [1, -1, 2, -2]) {
    const last = columns.count - 1;
    if (Math.abs(step) * last >= frame.entries) continue;
    yield stepped(frame, step, scope, border, columns.coordinates.map((_, at) => step * at));
    yield stepped(frame, step, scope, border, columns.coordinates.map((_, at) => step * (last - at)), 'from the last column');
  }
  // All by the same number is a shift of the entries
  if (new Set(best).size > 1 && best.filter((late) => late !== 0).length > 1) yield each(frame, best, scope, border);
}

function parametersOf(scope: Scope, border: Border): Hypothesis['parameters'] {
  return { scope, ...(border === LEFTOVERS && { border: 'leftovers' }) };
}

function oneColumn(frame: Frame, col: number, shift: number, scope: Scope, border: Border): Hypothesis {
  return {
    id: 'column-skew',
    parameters: { col, shift, ...parametersOf(scope, border) },
    choices: (frame.axes.get('col')?.count ?? 1) * choicesOf(shift) * (scope === 'dump' ? 1 : 2),
    claim: `Column ${col} is ${Math.abs(shift)} entr${Math.abs(shift) === 1 ? 'y' : 'ies'} ${shift > 0 ? 'late' : 'early'}, ${SCOPE_WORDS[scope]}${border.words}`,
    where: { col },
    data: moved(frame, shifted(frame, shift, scope), border.reads),
  };
}

function stepped(frame: Frame, step: number, scope: Scope, border: Border, shifts: readonly number[], direction = 'from the first column'): Hypothesis {
  return {
    id: 'column-skew',
    parameters: { step, direction, ...parametersOf(scope, border) },
    choices: 4 * choicesOf(step),
    claim: `Each column is ${Math.abs(step)} more entr${Math.abs(step) === 1 ? 'y' : 'ies'} ${step > 0 ? 'late' : 'early'} than the one before it, ${direction}, ${SCOPE_WORDS[scope]}${border.words}`,
    data: byColumn(frame, shifts, scope, border),
    usual: step === 1 && scope === 'dump' && direction === 'from the first column',
  };
}

function each(frame: Frame, shifts: readonly number[], scope: Scope, border: Border): Hypothesis {
  return {
    id: 'column-skew',
    parameters: { shifts: shifts.join(' '), ...parametersOf(scope, border) },
    choices: shifts.reduce((all, shift) => all * choicesOf(shift), 1),
    claim: `The columns are late by ${shifts.join(', ')} entries, ${SCOPE_WORDS[scope]}${border.words}`,
    data: byColumn(frame, shifts, scope, border),
  };
}

function byColumn(frame: Frame, shifts: readonly number[], scope: Scope, border: Border): (read: Read) => Read {
  const columns = frame.axes.get('col')!;
  const moves = shifts.map((shift) => (shift === 0 ? (read: Read): Read => read : moved(frame, shifted(frame, shift, scope), border.reads)));
  return (read) => {
    const reads = moves.map((move) => move(read));
    return (index) => reads[coordinateIndex(columns, index)]!(index);
  };
}

/** The shift that agrees with most of a column's sample, 0 when it is better left alone. */
function bestShift(frame: Frame, at: number, sources: ReadonlyMap<number, Source>): number {
  const columns = frame.axes.get('col')!;
  const own = frame.sample.filter((index) => coordinateIndex(columns, index) === at);
  let best = 0;
  let most = 0;
  for (const [shift, source] of sources) {
    const evidence = judgeSample(frame, moved(frame, source, EMPTY)((index) => frame.pair.expected[index]!), own, 0);
    const gain = evidence.hits - evidence.broken - (evidence.claimed - evidence.hits) / 2;
    if (gain > most) [best, most] = [shift, gain];
  }
  return best;
}

function nearestFirst(farthest: number): number[] {
  return Array.from({ length: 2 * farthest }, (_, i) => (i % 2 === 0 ? 1 : -1) * (Math.floor(i / 2) + 1));
}
