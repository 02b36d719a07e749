import { nijOf } from '../engine/conv';
import type { Axis, Coordinates, Kind } from './axis';
import type { Computed } from './convention';
import type { Loop } from './layout';
import { Layout } from './layout';
import { turn, up, down } from './orders';

/** How well a reading of a psum or output file agrees with what the array computes. */
export interface Match {
  readonly layout: Layout;
  readonly equal: number;
  /** Words compared: all that are known. */
  readonly total: number;
  /** Data line and word of the first difference. */
  readonly first?: { readonly line: number; readonly word: number; readonly found: number; readonly computed: number };
  /** Of outputs: cut at zero? Undefined when no output is negative. */
  readonly relu?: boolean;
}

/** Non-zero words that a proof needs, and the share of them that must agree: a golden file may hold a wrong word. */
const LEAST_NONZERO = 8;
const AGREE = 0.97;

/**
 * The first order in which a psum or output file is what the array computes; undefined when there is none.
 * @param values `[data line, word]`, NaN where unknown
 */
export function matchTarget(layout: Layout, values: Float64Array, computed: Computed): Match | undefined {
  if (values.reduce((count, value) => count + (value !== 0 && !Number.isNaN(value) ? 1 : 0), 0) < LEAST_NONZERO) return undefined;
  const kinds: Kind[] = layout.spec.kind === 'out' ? ['out', 'psum'] : ['psum', 'out'];
  for (const kind of kinds) {
    for (const reading of readingsOf(layout, kind, computed)) {
      for (const relu of kind === 'out' ? [false, true] : [false]) {
        const match = compare(reading, values, valueOf(computed, reading, relu), kind === 'out' ? relu : undefined);
        if (match !== undefined) return match;
      }
    }
  }
  return undefined;
}

/** All orders in which the lines and words of a file may hold what was computed. */
function readingsOf(layout: Layout, kind: Kind, { mapping }: Computed): Layout[] {
  const { spec, lineCount, wordsPerLine } = layout;
  const { conv, tiling } = mapping;
  const lines = linesOf(kind, lineCount, layout, mapping);
  const words = wordsOf(wordsPerLine, tiling.cols, tiling.ocTiles);
  return lines.flatMap(({ loops, fixed }) =>
    words.map((inner) => {
      const looped = new Set([...loops, ...inner].map(({ axis }) => axis));
      const kept = Object.entries({ ...spec.fixed, ...fixed }).filter(([axis]) => !looped.has(axis as Axis) && !(kind === 'out' && (axis === 'kij' || axis === 'icTile')) && !(conv.kijCount === 1 && axis === 'kij' && fixed.kij !== undefined && spec.fixed.kij === undefined));
      return new Layout({ ...spec, kind, signed: true, lines: loops, words: inner, fixed: Object.fromEntries(kept) });
    }),
  );
}

function linesOf(kind: Kind, lines: number, { spec }: Layout, { conv }: Computed['mapping']): { loops: readonly Loop[]; fixed: Coordinates }[] {
  const { nijCount, oNijCount, kijCount } = conv;
  if (kind === 'out') return lines === oNijCount ? [{ loops: [up('o_nij', lines)], fixed: {} }] : [];
  const found: { loops: readonly Loop[]; fixed: Coordinates }[] = [];
  const named = spec.fixed.kij;
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

function valueOf({ mapping, psum, out }: Computed, { spec }: Layout, relu: boolean): (place: Coordinates) => number {
  const { conv, tiling } = mapping;
  // A wrapping accumulator gives the same bits as wrapping once at the end
  const spare = Math.max(0, 32 - spec.bits);
  const wrap = (value: number): number => (value << spare) >> spare;
  if (spec.kind === 'out') {
    return ({ ocTile = 0, col = 0, o_nij = 0 }) => {
      const value = ocTile < tiling.ocTiles ? wrap(out(ocTile)[col * conv.oNijCount + o_nij]!) : Number.NaN;
      return relu && value < 0 ? 0 : value;
    };
  }
  return ({ icTile, ocTile = 0, col = 0, kij = 0, nij, o_nij = 0 }) => {
    if (ocTile >= tiling.ocTiles || (icTile ?? 0) >= tiling.icTiles) return Number.NaN;
    return wrap(psum(icTile ?? 0, ocTile)[(col * conv.nijCount + (nij ?? nijOf(conv, o_nij, kij))) * conv.kijCount + kij]!);
  };
}

function compare(layout: Layout, values: Float64Array, expected: (place: Coordinates) => number, relu: boolean | undefined): Match | undefined {
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
  if (nonZero < LEAST_NONZERO || nonZeroEqual < nonZero * AGREE || total < values.length / 2) return undefined;
  const decided = relu === undefined || (relu ? true : negative) ? relu : undefined;
  return { layout, equal, total, ...(first !== undefined && { first }), ...(decided !== undefined && { relu: decided }) };
}
