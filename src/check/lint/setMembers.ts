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

/**
 * Coordinates that the members leave out of the ranges that they span; empty when too few are there to say.
 * @param companions members of other kinds of the same set: psums have the kernel positions that weights have
 */
export function missingOf(members: readonly Member[], companions: readonly Member[] = []): (readonly number[])[] {
  const { axes } = members[0]!;
  const ranges = axes.map((axis, i) => rangeOf(axis, valuesOf(members, i), axis === 'kij' ? companions.flatMap((other) => kijOf(other) ?? []) : []));
  const expected = ranges.reduce<readonly (readonly number[])[]>((all, range) => all.flatMap((values) => range.map((value) => [...values, value])), [[]]);
  const present = new Set(members.map(({ values }) => values.join()));
  if (present.size < 2 || present.size * 2 < expected.length) return [];
  return expected.filter((values) => !present.has(values.join()));
}

/** Members of the other templates of the same set: names that differ in the word for the kind only, each with a kernel position. */
export function companionsOf(template: string, groups: ReadonlyMap<string, readonly Member[]>): Member[] {
  const key = withoutKind(template);
  return [...groups].flatMap(([other, members]) => (other !== template && members.length > 1 && withoutKind(other) === key ? members : []));
}

function withoutKind(template: string): string {
  const cut = template.lastIndexOf('/') + 1;
  return template.slice(0, cut) + template.slice(cut).toLowerCase().replace(/weights?|wgt|kernel|filter|psums?|pmem|partial|^[wp](?=_?(?:kij_?|k_?)?#|_)/, '');
}

function valuesOf(members: readonly Member[], axis: number): number[] {
  return members.map(({ values }) => values[axis]!);
}

function kijOf({ axes, values }: Member): number | undefined {
  return values[axes.indexOf('kij')];
}

const isOddSquare = (count: number): boolean => Number.isInteger(Math.sqrt(count)) && count % 2 === 1 && count > 1;

/**
 * From the least to the greatest, of the companions too. The end of a set alone cannot be told from a smaller kernel, but 8 positions
 * are nearly always 9 without one.
 */
function rangeOf(axis: Axis, own: readonly number[], known: readonly number[]): number[] {
  const all = [...own, ...known];
  const [least, most] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const alone = axis === 'kij' && known.length === 0;
  const lacksFirst = alone && least === 1 && isOddSquare(most + 1);
  const lacksLast = alone && least === 0 && isOddSquare(most + 2);
  const [start, end] = [lacksFirst ? 0 : least, lacksLast ? most + 1 : most];
  // Numbers such as a year or a layer are no coordinates
  return end - start >= 4096 ? [...new Set(own)] : Array.from({ length: end - start + 1 }, (_, i) => start + i);
}
