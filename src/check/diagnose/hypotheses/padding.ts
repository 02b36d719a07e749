import type { Conv, Padding } from '../../../engine/conv';
import { WORD_STATES } from '../../pair';
import type { Core } from '../core';
import { same } from '../core';
import { coreRead } from '../evaluate';
import type { Frame } from '../frame';
import type { Hypothesis } from '../hypothesis';

/** Padding pixels that hold something else than zero: a constant, or the nearest pixel of the image. */
export function* padding(frame: Frame, base: Core): Iterable<Hypothesis> {
  const all = edgesOf(base);
  for (const edges of all) {
    const which = base.mapping.conv.padding === edges ? {} : { top: edges.top, left: edges.left, bottom: edges.bottom, right: edges.right };
    const pixels = `The padding pixels${base.mapping.conv.padding === edges ? '' : ` (${edges.top} above, ${edges.left} left, ${edges.bottom} below, ${edges.right} right, as the zeros about the image have it)`}`;
    yield { id: 'padding-nonzero', parameters: { value: 'nearest pixel', ...which }, choices: 2 * all.length, claim: `${pixels} hold the nearest pixel of the image`, core: padded(edges, (nearest) => nearest), usual: true };
    for (const value of constants(frame, base, edges)) {
      yield { id: 'padding-nonzero', parameters: { value, ...which }, choices: 2 ** base.model.activationFormat.bits * all.length, claim: `${pixels} hold ${value}`, core: padded(edges, () => value) };
    }
  }
}

/**
 * As the geometry says it. Activations from files have the padding among their pixels: then it is looked for in the zeros about the image,
 * as wide on all sides, or just as the zeros lie; never as wide as the kernel.
 */
function edgesOf({ mapping: { conv, tiling }, activations }: Core): Padding[] {
  const { top, left, bottom, right } = conv.padding;
  if (top + left + bottom + right > 0) return [conv.padding];
  const isZero = (nij: number): boolean => {
    for (let tile = 0; tile < tiling.icTiles; tile++) {
      const start = (tile * conv.nijCount + nij) * tiling.rows;
      for (let i = start; i < start + tiling.rows; i++) if (activations[i] !== 0) return false;
    }
    return true;
  };
  const [height, width] = [conv.paddedHeight, conv.paddedWidth];
  const rowIsZero = (i: number): boolean => every(width, (j) => isZero(i * width + j));
  const columnIsZero = (j: number): boolean => every(height, (i) => isZero(i * width + j));
  const [tall, wide] = [Math.min(height, (conv.kernelHeight - 1) * conv.dilationHeight), Math.min(width, (conv.kernelWidth - 1) * conv.dilationWidth)];
  const zeros = {
    top: leading(tall, rowIsZero),
    left: leading(wide, columnIsZero),
    bottom: leading(tall, (i) => rowIsZero(height - 1 - i)),
    right: leading(wide, (j) => columnIsZero(width - 1 - j)),
  };
  const sides = Object.values(zeros);
  const even = Array.from({ length: Math.min(...sides) }, (_, i) => ({ top: i + 1, left: i + 1, bottom: i + 1, right: i + 1 }));
  const isUneven = Math.max(...sides) > Math.min(...sides);
  return [...even, ...(isUneven ? [zeros] : [])].filter((edges) => edges.top + edges.bottom < height && edges.left + edges.right < width);
}

function every(count: number, holds: (at: number) => boolean): boolean {
  for (let at = 0; at < count; at++) if (!holds(at)) return false;
  return true;
}

function leading(most: number, holds: (at: number) => boolean): number {
  let count = 0;
  while (count < most && holds(count)) count++;
  return count;
}

function padded(edges: Padding, value: (nearest: number) => number): (core: Core) => Core {
  return (core) => {
    const { conv, tiling } = core.mapping;
    const activations = core.activations.slice();
    for (let tile = 0; tile < tiling.icTiles; tile++) {
      for (let nij = 0; nij < conv.nijCount; nij++) {
        const nearest = nearestPixel(conv, edges, nij);
        if (nearest === nij) continue;
        const [to, from] = [nij, nearest].map((pixel) => (tile * conv.nijCount + pixel) * tiling.rows) as [number, number];
        for (let row = 0; row < tiling.rows; row++) activations[to + row] = value(core.activations[from + row]!);
      }
    }
    return { ...core, activations };
  };
}

function nearestPixel({ paddedWidth, paddedHeight }: Conv, { top, left, bottom, right }: Padding, nij: number): number {
  const clamp = (at: number, least: number, end: number): number => Math.min(end - 1, Math.max(least, at));
  return clamp(Math.floor(nij / paddedWidth), top, paddedHeight - bottom) * paddedWidth + clamp(nij % paddedWidth, left, paddedWidth - right);
}

/** Words are linear in the constant: differing ones are solved for it, and the most frequent solutions are tried. */
function constants(frame: Frame, base: Core, edges: Padding): number[] {
  const linear = { ...base, activate: same };
  const without = coreRead(frame, linear);
  const withOne = coreRead(frame, padded(edges, () => 1)(linear));
  const votes = new Map<number, number>();
  for (const index of frame.sample) {
    if (frame.wrong[index] === 0 || frame.pair.state[index] !== WORD_STATES.known) continue;
    const value = (frame.pair.found[index]! - without(index)) / (withOne(index) - without(index));
    if (Number.isInteger(value) && value !== 0) votes.set(value, (votes.get(value) ?? 0) + 1);
  }
  return [...votes].sort((a, b) => b[1] - a[1]).slice(0, 3).map(([value]) => value);
}
