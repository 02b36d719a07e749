import { conv, nijOf } from '../engine/conv';
import type { Layout, Loop } from './layout';
import type { Order } from './orders';
import { up } from './orders';
import { FileReading } from './reading';
import type { TextShape } from './textShape';

/** Kernel and image sides that an address list is compared with. */
const KERNEL_SIDES = [3, 1, 2, 4, 5] as const;
const LARGEST_OUTPUT_SIDE = 64;

/** A list with more wrong addresses follows another formula, and of a shorter one they say too little. */
const FEW_WRONG = 0.1;
const LEAST_LINES = 18;

/** An address that does not follow the formula that nearly all others follow. */
export interface StrayAddress {
  /** Which data line, from 0. */
  readonly line: number;
  readonly value: number;
  readonly expected: number;
}

/** A formula, and where a list departs from it. */
interface Match {
  readonly loops: readonly [Loop, Loop];
  readonly says: string;
  readonly stray: readonly StrayAddress[];
}

/** The order in which psum addresses follow each other, when they follow the formula `kij * nijCount + nij`, but for a few; else undefined. */
export function addressOrder(layout: Layout, shape: TextShape): Order | undefined {
  const values = new FileReading(shape, layout).values();
  const order = ({ loops, says }: Match, score: number): Order => ({ lines: loops, words: [], score, evidence: [says] });
  const exact = matchOf(values, 0);
  if (exact !== undefined) return order(exact, 6);
  const near = nearMatch(values);
  return separableOrder(values) ?? (near === undefined ? undefined : order(near, 4));
}

/** The few addresses that depart from the formula that the others follow; none when all follow it or there is no formula. */
export function strayAddresses(layout: Layout, shape: TextShape): readonly StrayAddress[] {
  const values = new FileReading(shape, layout).values();
  if (matchOf(values, 0) !== undefined || separableOrder(values) !== undefined) return [];
  return nearMatch(values)?.stray ?? [];
}

function nearMatch(values: Float64Array): Match | undefined {
  return values.length < LEAST_LINES ? undefined : matchOf(values, Math.floor(values.length * FEW_WRONG));
}

/** The first formula that at most so many addresses depart from. */
function matchOf(values: Float64Array, mostStray: number): Match | undefined {
  const lines = values.length;
  for (const side of KERNEL_SIDES) {
    const kernel = side * side;
    const pixels = lines / kernel;
    const out = Math.sqrt(pixels);
    // Of one kernel position alone the formula is a mere counter: a jump in it is no wrong address
    if (!Number.isInteger(out) || out > LARGEST_OUTPUT_SIDE || lines < 4 || (mostStray > 0 && side === 1)) continue;
    for (const stride of [1, 2]) {
      const padded = (out - 1) * stride + side;
      const c = conv({ inChannels: 1, outChannels: 1, height: padded, width: padded, kernelHeight: side, kernelWidth: side, strideHeight: stride, strideWidth: stride, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } });
      for (const [name, loops] of [['o_nij-major', [up('o_nij', pixels), up('kij', kernel)]], ['kij-major', [up('kij', kernel), up('o_nij', pixels)]]] as const) {
        const found = departures(values, loops, (oNij, kij) => kij * c.nijCount + nijOf(c, oNij, kij), mostStray);
        if (found === undefined) continue;
        const { base, stray } = found;
        const count = stray.length === 0 ? `All ${lines}` : `${lines - stray.length} of ${lines}`;
        return { loops, stray, says: `${count} addresses are kij * ${c.nijCount} + nij of a ${out}x${out} output, ${name}${base === 0 ? '' : `, counted from ${base}`}.` };
      }
    }
  }
  return undefined;
}

/**
 * The same without a formula, for kernels and images of any sides: every address is a part of its output pixel plus a part of its
 * kernel position, both ascending. Only o_nij-major lists show where a pixel ends: there the addresses fall back.
 */
function separableOrder(values: Float64Array): Order | undefined {
  const fall = values.findIndex((value, i) => i > 0 && value <= values[i - 1]!);
  // One output pixel alone: each of its addresses lies in another kernel position's block of pixels
  const single = fall < 0 && values.every((value, i) => i === 0 || value - values[i - 1]! > values.length);
  const kernel = single ? values.length : fall;
  if (kernel < 2 || values.length % kernel !== 0) return undefined;
  for (let i = kernel; i < values.length; i++) {
    const [pixel, kij] = [i - (i % kernel), i % kernel];
    if (values[i]! - values[pixel]! !== values[kij]! - values[0]! || values[pixel]! <= values[pixel - kernel]!) return undefined;
  }
  const pixels = values.length / kernel;
  const says = `All ${values.length} addresses are a part of the output pixel plus a part of the kernel position: ${pixels} o_nij x ${kernel} kij, o_nij-major.`;
  return { lines: [up('o_nij', pixels), up('kij', kernel)], words: [], score: 5, evidence: [says] };
}

/** The constant that nearly all values lie above the formula, and those that do not; undefined when these are more than allowed. */
function departures(values: Float64Array, [outer, inner]: readonly [Loop, Loop], formula: (oNij: number, kij: number) => number, mostStray: number): { base: number; stray: StrayAddress[] } | undefined {
  const addressOf = (i: number): number => {
    const [a, b] = [Math.floor(i / inner.count), i % inner.count];
    return outer.axis === 'o_nij' ? formula(a, b) : formula(b, a);
  };
  const expected = Float64Array.from(values, (_, i) => addressOf(i));
  // Of few wrong ones among many, the median is none
  const base = mostStray === 0 ? values[0]! - expected[0]! : median(values.map((value, i) => value - expected[i]!).filter((difference) => !Number.isNaN(difference)));
  if (base === undefined || Number.isNaN(base)) return undefined;
  const stray: StrayAddress[] = [];
  for (const [line, value] of values.entries()) {
    if (value === expected[line]! + base) continue;
    stray.push({ line, value, expected: expected[line]! + base });
    if (stray.length > mostStray) return undefined;
  }
  return { base, stray };
}

function median(values: Float64Array): number | undefined {
  return values.toSorted()[values.length >> 1];
}
