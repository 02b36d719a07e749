import { Problem } from '../../engine/problem';
import type { Axis, Kind } from '../axis';
import { AXES_OF } from '../axis';
import type { Loop } from '../layout';

/** The coordinates of an axis that something holds: `start .. start + count - 1`. */
export interface AxisRange {
  readonly start: number;
  readonly count: number;
}

export type AxisRanges = Readonly<Partial<Record<Axis, AxisRange>>>;

/** How entries of a dump become coordinates, as a user writes it. */
export interface MapSpec {
  /** Address of the first entry that holds something. Default 0. */
  readonly base?: number;
  /** Loops over the entries, outermost first, in the terms of profiles: `axis`, `axis desc`, `axis/8`, `axis%8`. */
  readonly lines?: readonly string[];
  /** Addresses from one value of each of `lines` to its next, when entries do not follow each other closely. */
  readonly strides?: readonly number[];
  /** Loops over the words of an entry, from left to right. */
  readonly words?: readonly string[];
}

/** Where entries stand: the address of the first, and how far each loop of the lines goes. */
export interface AddressMap {
  readonly base: number;
  /** As many as the layout has line loops. */
  readonly strides: readonly number[];
}

/** Strides of loops whose entries follow each other closely. */
export function denseLoops(loops: readonly Loop[]): number[] {
  let stride = 1;
  return loops
    .toReversed()
    .map(({ count }) => {
      const own = stride;
      stride *= count;
      return own;
    })
    .reverse();
}

/** Address of a line of the layout, that is of an iteration of all its line loops together. */
export function addressOf(loops: readonly Loop[], { base, strides }: AddressMap, line: number): number {
  let address = base;
  let rest = line;
  for (let i = loops.length - 1; i >= 0; i--) {
    const { count } = loops[i]!;
    address += (rest % count) * strides[i]!;
    rest = Math.floor(rest / count);
  }
  return address;
}

/**
 * Loops of terms such as `kij`, `col desc`, `col/8`, `col%8 desc`.
 * @throws Problem `check-map` for a term that does not work for this kind and these ranges
 */
export function mapLoops(terms: readonly string[], kind: Kind, ranges: AxisRanges): Loop[] {
  return terms.map((term) => {
    const match = /^(\w+?)(?:([/%])(\d+))?( desc)?$/.exec(term.trim());
    // Golden psums may be given for output pixels only
    const axes = kind === 'psum' && ranges.o_nij !== undefined ? [...AXES_OF[kind], 'o_nij' as const] : AXES_OF[kind];
    const axis = axes.find((name) => name === match?.[1]);
    if (match === null || axis === undefined) throw badMap(`has the loop "${term}"`, `Use an axis of ${kind} (${axes.join(', ')}), as "axis", "axis desc", "axis/8" or "axis%8"`);
    const range = ranges[axis];
    if (range === undefined) throw badMap(`has a loop over ${axis}, which the expected values do not tell apart`, `Leave ${axis} out`);
    const size = Number(match[3] ?? 0);
    if (match[2] !== undefined && (size < 1 || (range.count > size && range.count % size !== 0))) throw badMap(`splits ${range.count} values of ${axis} into parts of ${size}`, `Choose a divisor of ${range.count}`);
    const [start, step, count] = match[2] === '/' ? [0, size, Math.ceil(range.count / size)] : [range.start, 1, match[2] === '%' ? Math.min(size, range.count) : range.count];
    return match[4] === undefined ? { axis, start, step, count } : { axis, start: start + step * (count - 1), step: -step, count };
  });
}

/**
 * A map as one line of text: `kij,nij`, `kij*64+nij+1` (an address formula), either with `: col desc` for the words.
 * @throws Problem `check-map`
 */
export function parseMap(text: string): MapSpec {
  const [left = '', right, ...rest] = text.split(':');
  if (rest.length > 0) throw badMap(`"${text}" has more than one colon`, 'Write LINES or LINES: WORDS, such as "kij,nij: col desc"');
  const words = right === undefined ? {} : { words: listOf(right) };
  if (!/[*+]|^\s*\d/.test(left)) return { lines: listOf(left), ...words };
  let base = 0;
  const terms: { axis: string; stride: number }[] = [];
  for (const part of left.split('+').map((one) => one.trim())) {
    const match = /^(?:([a-zA-Z_]+)(?:\s*\*\s*(\d+))?|(\d+)\s*\*\s*([a-zA-Z_]+)|(\d+))$/.exec(part);
    if (match === null) throw badMap(`has the part "${part}"`, 'Write an address formula such as kij*36+nij+1, or axes such as kij,nij');
    const axis = match[1] ?? match[4];
    if (axis === undefined) base += Number(match[5]);
    else terms.push({ axis, stride: Number(match[2] ?? match[3] ?? 1) });
  }
  const ordered = terms.sort((a, b) => b.stride - a.stride);
  return { base, lines: ordered.map(({ axis }) => axis), strides: ordered.map(({ stride }) => stride), ...words };
}

function listOf(text: string): string[] {
  return text.split(',').map((term) => term.trim()).filter((term) => term !== '');
}

export function badMap(what: string, next: string): Problem {
  return new Problem('check-map', `The map ${what}.`, `${next}.`);
}
