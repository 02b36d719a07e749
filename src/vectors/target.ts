import { nijOf } from '../engine/conv';
import type { Mapping } from '../engine/tiling';
import type { Axis, Coordinates, Kind } from './axis';
import type { Computed } from './convention';
import { outAt, psumAt } from './convention';
import type { Inference } from './inference';
import type { Loop } from './layout';
import { Layout } from './layout';
import { turn, up, down } from './orders';
import type { FileReader } from './readAs';
import { digitsOf, isJoined, recut } from './readAs';

/** How well a reading of a psum or output file agrees with what the array computes. */
export interface Match {
  readonly layout: Layout;
  readonly equal: number;
  /** Words compared: all that are known. */
  readonly total: number;
  /** Are there words enough that are not 0? */
  readonly proves: boolean;
  /** Do nearly all words agree? */
  readonly holds: boolean;
  /** Data line and word of the first difference. */
  readonly first?: { readonly line: number; readonly word: number; readonly found: number; readonly computed: number };
  /** Of outputs: cut at zero? Undefined when no output is negative. */
  readonly relu?: boolean;
}

/** A psum or output file that a proof may explain. */
export interface Target {
  readonly inference: Inference;
  readonly reader: FileReader;
}

/** What a search has cost so far. */
export interface Effort {
  /** Adds a cost; true when more than allowed has been spent. */
  spend(cost: number): boolean;
  /** Allows no more than so much from now on. */
  limit(more: number): void;
}

export function effort(allowed: number): Effort {
  let left = allowed;
  return {
    spend: (cost) => (left -= cost) < 0,
    limit: (more) => {
      left = Math.min(left, more);
    },
  };
}

/** Non-zero words that a proof needs, and the share of them that must agree: a golden file may hold a wrong word. */
const LEAST_NONZERO = 8;
const AGREE = 0.97;
/** Of many words fewer are enough: chance does not make so many equal, and a wrong activation spoils all words that it feeds. */
const MANY_NONZERO = 64;
const AGREE_OF_MANY = 0.85;
/** The share that is enough where other files have proven the convention: what differs is then a defect of the file, or of one that it was made from. */
const FOLLOWS = 0.5;
/** Words that are computed by themselves before a whole tile is; half of them must agree. */
const PROBES = 8;
/** What finding a word's place costs, in multiplications. */
const PROBING = 50;
/** Widest psum. */
const WIDEST = 32;

/** Does a file have to prove a convention, or only to follow one that others have proven? */
type Role = 'proves' | 'follows';

/** Has a file enough words that are not 0 to prove anything? */
export function isTelling({ inference, reader }: Target): boolean {
  return telling(reader.values(inference, inference.candidates[0]!.layout)).length >= LEAST_NONZERO;
}

/**
 * The first form and order in which a psum or output file is what the array computes; undefined when there is none.
 * @param role `follows`: other files have proven the convention, so that fewer words or fewer equal ones are enough
 */
export function matchTarget({ inference, reader }: Target, computed: Computed, spent: Effort, role: Role = 'proves'): Match | undefined {
  for (const form of formsFor(inference, computed)) {
    const values = reader.values(inference, form);
    const places = telling(values);
    if (role === 'proves' && places.length < LEAST_NONZERO) continue;
    const probes = spread(places);
    const kinds: Kind[] = form.spec.kind === 'out' ? ['out', 'psum'] : ['psum', 'out'];
    for (const kind of kinds) {
      for (const reading of readingsOf(form, kind, computed, reader)) {
        for (const relu of kind === 'out' ? [false, true] : [false]) {
          if (!probe(reading, values, probes, computed, relu, spent)) continue;
          const match = compare(reading, values, valueOf(computed, reading, relu), kind === 'out' ? relu : undefined, role);
          if (match !== undefined && (role === 'proves' ? match.proves : match.proves || match.first === undefined)) return match;
        }
      }
    }
  }
  return undefined;
}

/** The ways to cut a file's lines that hold the columns of the array: its candidates, then what joined digits allow. */
function formsFor({ candidates }: Inference, { mapping: { tiling } }: Computed): Layout[] {
  const counts = [...new Set([tiling.cols, tiling.cols * tiling.ocTiles])];
  const forms = new Map<string, Layout>();
  const add = (layout: Layout): void => {
    const key = `${layout.wordsPerLine} ${layout.spec.bits} ${layout.spec.radix}`;
    if (counts.includes(layout.wordsPerLine) && !forms.has(key)) forms.set(key, layout);
  };
  for (const { layout } of candidates) if (layout.spec.kind === 'psum' || layout.spec.kind === 'out') add(layout);
  const best = candidates[0]!.layout;
  if (isJoined(best)) {
    for (const words of counts) {
      const bits = digitsOf(best) / words;
      if (!Number.isInteger(bits) || bits < 2 || bits > WIDEST) continue;
      add(recut(best, words, bits, true));
    }
  }
  return [...forms.values()];
}

/** A few of the places, from all over the file. */
function spread(places: readonly number[]): number[] {
  const step = Math.max(1, Math.floor(places.length / PROBES));
  return places.filter((_, i) => i % step === 0).slice(0, PROBES);
}

/** What was found once serves every convention. */
const TELLING = new WeakMap<Float64Array, readonly number[]>();

/** Places of known words that are not 0. */
function telling(values: Float64Array): readonly number[] {
  const known = TELLING.get(values);
  if (known !== undefined) return known;
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && !Number.isNaN(values[i]!)) places.push(i);
  TELLING.set(values, places);
  return places;
}

/** Do enough of a few words agree to compute whole tiles? */
function probe(layout: Layout, values: Float64Array, places: readonly number[], computed: Computed, relu: boolean, spent: Effort): boolean {
  const { conv, tiling } = computed.mapping;
  const expected = directValueOf(computed, layout, relu);
  const cost = PROBING + tiling.rows * (layout.spec.kind === 'out' ? conv.kijCount * tiling.icTiles : 1);
  let wrong = 0;
  for (const i of places) {
    if (spent.spend(cost)) return false;
    if (values[i] !== expected(layout.coordinates(Math.floor(i / layout.wordsPerLine), i % layout.wordsPerLine)) && ++wrong * 2 > places.length) return false;
  }
  return true;
}

/** All orders in which the lines and words of a file may hold what was computed. */
function readingsOf(layout: Layout, kind: Kind, { mapping }: Computed, reader: FileReader): Layout[] {
  const { lineCount, wordsPerLine } = layout;
  const spec = { ...layout.spec, fixed: reader.counted(layout.spec.fixed) };
  const { conv, tiling } = mapping;
  const lines = linesOf(kind, lineCount, spec.fixed.kij, mapping);
  const words = wordsOf(wordsPerLine, tiling.cols, tiling.ocTiles);
  return lines.flatMap(({ loops, fixed }) =>
    words.map((inner) => {
      const looped = new Set([...loops, ...inner].map(({ axis }) => axis));
      const kept = Object.entries({ ...spec.fixed, ...fixed }).filter(([axis]) => !looped.has(axis as Axis) && !(kind === 'out' && (axis === 'kij' || axis === 'icTile')) && !(conv.kijCount === 1 && axis === 'kij' && fixed.kij !== undefined && spec.fixed.kij === undefined));
      return new Layout({ ...spec, kind, signed: true, lines: loops, words: inner, fixed: Object.fromEntries(kept) });
    }),
  );
}

function linesOf(kind: Kind, lines: number, named: number | undefined, { conv }: Computed['mapping']): { loops: readonly Loop[]; fixed: Coordinates }[] {
  const { nijCount, oNijCount, kijCount } = conv;
  if (kind === 'out') return lines === oNijCount ? [{ loops: [up('o_nij', lines)], fixed: {} }] : [];
  const found: { loops: readonly Loop[]; fixed: Coordinates }[] = [];
  for (const [axis, count] of [['nij', nijCount], ['o_nij', oNijCount]] as const) {
    if (axis === 'o_nij' && oNijCount === nijCount) continue;
    if (named === undefined && kijCount > 1 && lines === kijCount * count) found.push({ loops: [up('kij', kijCount), up(axis, count)], fixed: {} }, { loops: [up(axis, count), up('kij', kijCount)], fixed: {} });
    if (lines !== count) continue;
    const kijs = named === undefined ? Array.from({ length: kijCount }, (_, kij) => kij) : named < kijCount ? [named] : [];
    for (const kij of kijs) found.push({ loops: [up(axis, count)], fixed: { kij } });
  }
  return found;
}

function wordsOf(words: number, cols: number, ocTiles: number): Loop[][] {
  const plain: Loop[][] = words === cols ? [[down('col', cols)]] : [];
  if (words === cols && cols >= 16 && cols % 8 === 0) plain.push([up('col', cols / 8, 8), down('col', 8)]);
  if (words === cols * ocTiles && ocTiles > 1) plain.push([down('ocTile', ocTiles), down('col', cols)], [up('ocTile', ocTiles), down('col', cols)]);
  return words > 1 ? [...plain, ...plain.map((loops) => loops.map(turn))] : plain;
}

/** Values from whole tiles, for comparing all words. */
function valueOf({ mapping, psum, out }: Computed, layout: Layout, relu: boolean): (place: Coordinates) => number {
  const { conv } = mapping;
  return valuesBy(mapping, layout, relu, {
    out: (ocTile, col, oNij) => out(ocTile)[col * conv.oNijCount + oNij]!,
    psum: (icTile, ocTile, col, kij, nij) => psum(icTile, ocTile)[(col * conv.nijCount + nij) * conv.kijCount + kij]!,
  });
}

/** The same computed word by word. */
function directValueOf(computed: Computed, layout: Layout, relu: boolean): (place: Coordinates) => number {
  return valuesBy(computed.mapping, layout, relu, {
    out: (ocTile, col, oNij) => outAt(computed, ocTile, col, oNij),
    psum: (icTile, ocTile, col, kij, nij) => psumAt(computed, icTile, ocTile, col, kij, nij),
  });
}

interface Source {
  out(ocTile: number, col: number, oNij: number): number;
  psum(icTile: number, ocTile: number, col: number, kij: number, nij: number): number;
}

function valuesBy({ conv, tiling }: Mapping, { spec }: Layout, relu: boolean, source: Source): (place: Coordinates) => number {
  // A wrapping accumulator gives the same bits as wrapping once at the end
  const spare = Math.max(0, 32 - spec.bits);
  const wrap = (value: number): number => (value << spare) >> spare;
  if (spec.kind === 'out') {
    return ({ ocTile = 0, col = 0, o_nij = 0 }) => {
      const value = ocTile < tiling.ocTiles ? wrap(source.out(ocTile, col, o_nij)) : Number.NaN;
      return relu && value < 0 ? 0 : value;
    };
  }
  return ({ icTile, ocTile = 0, col = 0, kij = 0, nij, o_nij = 0 }) => {
    if (ocTile >= tiling.ocTiles || (icTile ?? 0) >= tiling.icTiles) return Number.NaN;
    return wrap(source.psum(icTile ?? 0, ocTile, col, kij, nij ?? nijOf(conv, o_nij, kij)));
  };
}

function compare(layout: Layout, values: Float64Array, expected: (place: Coordinates) => number, relu: boolean | undefined, role: Role): Match | undefined {
  const { wordsPerLine } = layout;
  let [equal, total, nonZero, nonZeroEqual] = [0, 0, 0, 0];
  let first: Match['first'];
  let negative = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const [line, word] = [Math.floor(i / wordsPerLine), i % wordsPerLine];
    const want = expected(layout.coordinates(line, word));
    total++;
    negative ||= value < 0;
    if (value !== 0 || want !== 0) nonZero++;
    if (value === want) {
      equal++;
      if (value !== 0) nonZeroEqual++;
    } else first ??= { line, word, found: value, computed: want };
    // A wrong convention shows in a few words: no need to read on
    if (nonZero >= 24 && nonZeroEqual < nonZero * 0.5) return undefined;
  }
  const agree = nonZero >= MANY_NONZERO ? AGREE_OF_MANY : AGREE;
  if (nonZeroEqual < nonZero * (role === 'proves' ? agree : FOLLOWS) || total < values.length / 2) return undefined;
  const decided = relu === undefined || (relu ? true : negative) ? relu : undefined;
  return { layout, equal, total, proves: nonZero >= LEAST_NONZERO, holds: nonZeroEqual >= nonZero * agree, ...(first !== undefined && { first }), ...(decided !== undefined && { relu: decided }) };
}
