import type { Coordinates, Kind } from '../axis';
import type { FileReading, WordRead } from '../reading';
import type { Pixels } from './pixels';
import { countOf, pixelsOf } from './pixels';
import type { ArraySides } from './place';

/** A file of a set with the layout it is read in. */
export interface Member {
  /** Unique in the set. */
  readonly id: string;
  readonly name: string;
  readonly reading: FileReading;
  /** The layout is stated by a manifest or proven by arithmetic, not guessed. */
  readonly trusted: boolean;
  /** Outputs: cut at zero? */
  readonly relu?: boolean;
  /** Written by the simulated design, or a decimal twin: not the first place to look a value up. */
  readonly secondary: boolean;
}

/** A word found in one of the files. */
export interface SetWord {
  readonly member: Member;
  readonly word: WordRead;
}

/** The files that explain each other: activations, weights, psums and outputs of one layer. */
export class GoldenSet {
  readonly pixels: Pixels;
  readonly sides: ArraySides;
  private readonly raw = new Map<Member, Member | undefined>();

  constructor(readonly members: readonly Member[]) {
    const readings = [...members].sort((a, b) => Number(a.secondary) - Number(b.secondary)).map(({ reading }) => reading);
    this.pixels = pixelsOf(readings.length > 0 ? primary(members) : []);
    const rows = countOf(readings, 'row', ['activation', 'weight']);
    const cols = countOf(readings, 'col', ['weight', 'psum', 'out']);
    this.sides = { ...(rows !== undefined && { rows }), ...(cols !== undefined && { cols }) };
  }

  /** All files of a kind, those that hold the golden values first. */
  ofKind(kind: Kind): Member[] {
    return this.members.filter(({ reading }) => reading.layout.spec.kind === kind).sort((a, b) => Number(a.secondary) - Number(b.secondary));
  }

  /** The word that holds a value of a kind, or undefined when no file has it. */
  find(kind: Kind, coordinates: Coordinates, accept: (member: Member) => boolean = () => true): SetWord | undefined {
    for (const member of this.ofKind(kind)) {
      if (!accept(member)) continue;
      const place = member.reading.placeOf(coordinates);
      const word = place === undefined ? undefined : member.reading.words(place.fileLine).find(({ column }) => column === place.column);
      if (word !== undefined) return { member, word };
    }
    return undefined;
  }

  /** The outputs before ReLU that belong to outputs after it: every value of these is the other one, cut at zero. */
  rawOf(member: Member): Member | undefined {
    if (this.raw.has(member)) return this.raw.get(member);
    const raw = member.relu === false ? undefined : this.ofKind('out').find((other) => other !== member && isCut(member.reading, other.reading));
    this.raw.set(member, raw);
    return raw;
  }
}

function primary(members: readonly Member[]): FileReading[] {
  const first = members.filter(({ secondary }) => !secondary);
  return (first.length > 0 ? first : members).map(({ reading }) => reading);
}

function isCut(cut: FileReading, raw: FileReading): boolean {
  if (!sameOrder(cut, raw)) return false;
  const [after, before] = [cut.values(), raw.values()];
  return before.some((value) => value < 0) && after.every((value, i) => value === Math.max(0, before[i]!) || Number.isNaN(value));
}

/** Do equal lines and words stand for the same coordinates? */
export function sameOrder({ layout: a }: FileReading, { layout: b }: FileReading): boolean {
  const order = ({ kind, lines, words, fixed }: typeof a.spec): string => JSON.stringify([kind, lines, words, Object.entries(fixed).sort()]);
  return a.lineCount === b.lineCount && a.wordsPerLine === b.wordsPerLine && order(a.spec) === order(b.spec);
}
