import type { Coordinates } from '../../vectors/axis';
import type { CauseId } from './causes';
import { CAUSES } from './causes';
import type { Core } from './core';
import { coreRead } from './evaluate';
import type { Frame } from './frame';
import { coordinateIndex } from './frame';
import type { Read } from './prediction';

export type Parameters = Readonly<Record<string, number | string>>;

/** A cause with its parameters: a way to predict the dump. */
export interface Hypothesis {
  readonly id: CauseId;
  readonly parameters: Parameters;
  /** How many settings of the parameters were as likely as this one, before the dump was seen. */
  readonly choices: number;
  /** What it claims, as a sentence without its full stop. */
  readonly claim: string;
  /** The only coordinates at which it alters anything. */
  readonly where?: Coordinates;
  /** Alters the computation of the words; the model must be known. */
  readonly core?: (core: Core) => Core;
  /** Alters the words as they are computed or expected. */
  readonly data?: (read: Read, frame: Frame) => Read;
  /** Usual enough to be tried in combinations even if it explains nothing alone. */
  readonly usual?: boolean;
  /** Known from elsewhere than the dump, so that it need not beat chance. */
  readonly given?: boolean;
}

/** Bits that it takes to say a hypothesis: the cause and the choice of its parameters. */
export function costOf({ id, choices }: Hypothesis): number {
  return CAUSES[id].rank + Math.log2(Math.max(1, choices));
}

/** Choices for a number that is the less likely the greater it is. */
export function choicesOf(shift: number): number {
  return 2 * (Math.abs(shift) + 1) ** 2;
}

/** What one or two hypotheses, applied in this order, predict of each word: first the computation is altered, then its words. */
export function predict(frame: Frame, base: Core | undefined, hypotheses: readonly Hypothesis[]): Read {
  const expected: Read = (index) => frame.pair.expected[index]!;
  const altering = hypotheses.filter(({ core }) => core !== undefined);
  const computed = base === undefined ? expected : alteredRead(frame, base, altering, expected);
  return hypotheses.reduce((before, hypothesis) => (hypothesis.data === undefined ? before : limited(frame, hypothesis, before, hypothesis.data(before, frame))), computed);
}

/** `untouched` is what stands where no alteration reaches. */
function alteredRead(frame: Frame, core: Core, [hypothesis, ...more]: readonly Hypothesis[], untouched: Read | undefined): Read {
  if (hypothesis === undefined) return untouched ?? coreRead(frame, core);
  const inside = alteredRead(frame, hypothesis.core!(core), more, undefined);
  return hypothesis.where === undefined ? inside : limited(frame, hypothesis, alteredRead(frame, core, more, untouched), inside);
}

function limited(frame: Frame, { where }: Hypothesis, outside: Read, inside: Read): Read {
  if (where === undefined) return inside;
  const isInside = insideOf(frame, where);
  return (index) => (isInside(index) ? inside(index) : outside(index));
}

/** Tells the words at some coordinates from the others. Axes that the pair does not have exclude nothing. */
export function insideOf({ axes }: Frame, where: Coordinates): (index: number) => boolean {
  const wanted = Object.entries(where).flatMap(([axis, coordinate]) => {
    const place = axes.get(axis as keyof Coordinates);
    return place === undefined ? [] : [{ place, at: place.coordinates.indexOf(coordinate) }];
  });
  return (index) => wanted.every(({ place, at }) => coordinateIndex(place, index) === at);
}
