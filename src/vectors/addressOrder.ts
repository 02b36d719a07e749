import { conv, nijOf } from '../engine/conv';
import type { Layout, Loop } from './layout';
import type { Order } from './orders';
import { up } from './orders';
import { FileReading } from './reading';
import type { TextShape } from './textShape';

/** Kernel and image sides that an address list is compared with. */
const KERNEL_SIDES = [3, 1, 2, 4, 5] as const;
const LARGEST_OUTPUT_SIDE = 64;

/** The order in which psum addresses follow each other, when they follow the formula `kij * nijCount + nij`; else undefined. */
export function addressOrder(layout: Layout, shape: TextShape): Order | undefined {
  const lines = shape.dataLines.length;
  const values = new FileReading(shape, layout).values();
  for (const side of KERNEL_SIDES) {
    const kernel = side * side;
    const pixels = lines / kernel;
    const out = Math.sqrt(pixels);
    if (!Number.isInteger(out) || out > LARGEST_OUTPUT_SIDE || lines < 4) continue;
    for (const stride of [1, 2]) {
      const padded = (out - 1) * stride + side;
      const c = conv({ inChannels: 1, outChannels: 1, height: padded, width: padded, kernelHeight: side, kernelWidth: side, strideHeight: stride, strideWidth: stride, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } });
      for (const [name, loops] of [['o_nij-major', [up('o_nij', pixels), up('kij', kernel)]], ['kij-major', [up('kij', kernel), up('o_nij', pixels)]]] as const) {
        const base = baseOf(values, loops, (oNij, kij) => kij * c.nijCount + nijOf(c, oNij, kij));
        if (base === undefined) continue;
        const says = `All ${lines} addresses are kij * ${c.nijCount} + nij of a ${out}x${out} output, ${name}${base === 0 ? '' : `, counted from ${base}`}.`;
        return { lines: loops, words: [], score: 6, evidence: [says] };
      }
    }
  }
  return separableOrder(values);
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

/** The constant that all values lie above the formula, or undefined when they do not follow it. */
function baseOf(values: Float64Array, [outer, inner]: readonly [Loop, Loop], formula: (oNij: number, kij: number) => number): number | undefined {
  let base: number | undefined;
  for (let i = 0; i < values.length; i++) {
    const [a, b] = [Math.floor(i / inner.count), i % inner.count];
    const difference = values[i]! - (outer.axis === 'o_nij' ? formula(a, b) : formula(b, a));
    if (Number.isNaN(difference)) return undefined;
    base ??= difference;
    if (difference !== base) return undefined;
  }
  return base;
}
