import type { Axis } from '../../vectors/axis';
import { nameClues } from '../../vectors/nameClues';

/** A file name whose numbers are coordinates: `weight_itile0_otile0_kij3.txt`. */
export interface Member {
  readonly name: string;
  /** The name with `#` for each coordinate; equal for the members of a set. */
  readonly template: string;
  readonly axes: readonly Axis[];
  readonly values: readonly number[];
}

const TOKEN = /((?:ic?_?tile|oc?_?tile|tile|kij|(?<![a-z])k)_?)(\d+)/gi;
/** `weight_3.txt`, `psum_0_bin.txt`: the number alone is the kij. */
const LAST = /^([a-z]+_?)(\d{1,2})(?=(?:_(?:bin|hex|dec|fixed))?\.[a-z]+$)/i;
const COPY = /\(\d+\)|-checkpoint|- ?copy/i;

/** @returns undefined for names without coordinates, and for copies */
export function memberOf(name: string): Member | undefined {
  const cut = name.lastIndexOf('/') + 1;
  const base = name.slice(cut);
  const { kind } = nameClues(name);
  if (kind === undefined || COPY.test(base)) return undefined;
  const pattern = base.search(TOKEN) >= 0 ? TOKEN : kind === 'weight' || kind === 'psum' ? LAST : undefined;
  if (pattern === undefined) return undefined;
  const axes: Axis[] = [];
  const values: number[] = [];
  const template = base.replace(pattern, (_, word: string, number: string) => {
    axes.push(axisOf(word.toLowerCase(), kind));
    values.push(Number(number));
    return `${word}#`;
  });
  return values.length === 0 ? undefined : { name, template: name.slice(0, cut) + template, axes, values };
}

function axisOf(word: string, kind: string): Axis {
  if (/^i/.test(word)) return 'icTile';
  if (/^o/.test(word)) return 'ocTile';
  if (word.startsWith('tile')) return kind === 'out' ? 'ocTile' : 'icTile';
  return 'kij';
}

/** Members by template. */
export function membersByTemplate(names: readonly string[]): Map<string, Member[]> {
  const groups = new Map<string, Member[]>();
  for (const name of names) {
    const member = memberOf(name);
    if (member !== undefined) groups.set(member.template, [...(groups.get(member.template) ?? []), member]);
  }
  return groups;
}

/** The name that a template has at other coordinates. */
export function nameAt(template: string, values: readonly number[]): string {
  let at = 0;
  return template.replaceAll('#', () => String(values[at++] ?? ''));
}

/** Coordinates that the members leave out of the ranges that they span; empty when too few are there to say. */
export function missingOf(members: readonly Member[]): (readonly number[])[] {
  const { axes } = members[0]!;
  const ranges = axes.map((axis, i) => rangeOf(axis, members.map(({ values }) => values[i]!)));
  const expected = ranges.reduce<readonly (readonly number[])[]>((all, range) => all.flatMap((values) => range.map((value) => [...values, value])), [[]]);
  const present = new Set(members.map(({ values }) => values.join()));
  if (present.size < 2 || present.size * 2 < expected.length) return [];
  return expected.filter((values) => !present.has(values.join()));
}

/** Tiles count from 0; kernel positions fill a square, counted from 0 or from 1. */
function rangeOf(axis: Axis, values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const start = least === 1 && axis === 'kij' && Number.isInteger(Math.sqrt(most)) ? 1 : 0;
  const reach = most + 1 - start;
  const count = axis === 'kij' ? Math.ceil(Math.sqrt(reach)) ** 2 : reach;
  // Numbers such as a year or a layer are no coordinates
  return count > 4096 ? [...new Set(values)] : Array.from({ length: count }, (_, i) => start + i);
}
