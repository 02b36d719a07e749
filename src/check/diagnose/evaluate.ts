import type { Axis } from '../../vectors/axis';
import { AXES_OF, axisCounts } from '../../vectors/axis';
import type { Core, Element, PsumReader } from './core';
import { cut } from './core';
import type { AxisPlace, Frame } from './frame';
import type { Read } from './prediction';
import { UNKNOWN } from './prediction';

/** Can the words of a pair be computed from its model: psums or outputs, each axis known? */
export function isComputable({ pair, axes }: Frame): boolean {
  const { kind, model } = pair;
  if (model === undefined || (kind !== 'psum' && kind !== 'out')) return false;
  const counts = axisCounts(model.mapping);
  return AXES_OF[kind].every((axis) => axes.has(axis) || counts[axis] === 1);
}

/** What an altered computation gives for each word of a pair. */
export function coreRead(frame: Frame, core: Core): Read {
  return frame.pair.kind === 'psum' ? psumRead(frame, core) : outRead(frame, core);
}

function psumRead({ axes }: Frame, core: Core): Read {
  const [icTile, ocTile, col, kij, nij] = (['icTile', 'ocTile', 'col', 'kij', 'nij'] as const).map((axis) => coordinateReader(axes.get(axis)));
  const psum = psumReader(core);
  return (index) => psum(icTile!(index), ocTile!(index), col!(index), kij!(index), nij!(index));
}

function outRead({ axes }: Frame, core: Core): Read {
  const [ocTile, col, oNij] = (['ocTile', 'col', 'o_nij'] as const).map((axis) => coordinateReader(axes.get(axis)));
  const sum = core.carry === undefined ? sumReader(core) : carriedReader(core);
  return (index) => {
    const value = sum(ocTile!(index), col!(index), oNij!(index));
    return value < UNKNOWN ? core.activate(value) : value;
  };
}

function coordinateReader(place: AxisPlace | undefined): (index: number) => number {
  if (place === undefined || place.count === 1) {
    const only = place?.coordinates[0] ?? 0;
    return () => only;
  }
  const { stride, count, coordinates } = place;
  return (index) => coordinates[Math.floor(index / stride) % count]!;
}

/** One psum as the memory holds it. The same sum as the engine's, word by word, because hypotheses are first asked for few words. */
function psumReader(core: Core): PsumReader {
  const { fit, onPsum } = core;
  const sum = core.element === undefined ? plainSum(core) : steppedSum(core, core.element);
  const psum: PsumReader = (icTile, ocTile, col, kij, nij) => {
    const cut = fit(sum(icTile, ocTile, col, kij, nij));
    return onPsum === undefined ? cut : onPsum(cut);
  };
  return core.stored?.(psum) ?? psum;
}

function plainSum({ mapping: { conv, tiling }, activations, weights }: Core): PsumReader {
  const { rows, cols, ocTiles } = tiling;
  return (icTile, ocTile, col, kij, nij) => {
    const a = (icTile * conv.nijCount + nij) * rows;
    const w = (((icTile * ocTiles + ocTile) * cols + col) * conv.kijCount + kij) * rows;
    let sum = 0;
    for (let row = 0; row < rows; row++) sum = (sum + Math.imul(activations[a + row]!, weights[w + row]!)) | 0;
    return sum;
  };
}

/** Row after row down the column: what a PE does to its sum, the next one meets. */
function steppedSum({ mapping: { conv, tiling }, activations, weights }: Core, element: Element): PsumReader {
  const { rows, cols, ocTiles } = tiling;
  return (icTile, ocTile, col, kij, nij) => {
    const a = (icTile * conv.nijCount + nij) * rows;
    const w = (((icTile * ocTiles + ocTile) * cols + col) * conv.kijCount + kij) * rows;
    let sum = 0;
    for (let row = 0; row < rows; row++) sum = element(sum, Math.imul(activations[a + row]!, weights[w + row]!));
    return sum;
  };
}

type SumReader = (ocTile: number, col: number, oNij: number) => number;

function sumReader(core: Core): SumReader {
  const add = accumulator(core);
  return (ocTile, col, oNij) => add(0, ocTile, col, oNij);
}

/** The sum of an output before its activation, beginning with what the accumulator holds. */
function accumulator(core: Core): (start: number, ocTile: number, col: number, oNij: number) => number {
  const { kijCount, nijCount } = core.mapping.conv;
  const { icTiles, kijs, reads, outsideIsZero, onStep, onTile, onSum, fit } = core;
  const psum = psumReader(core);
  const memory = kijCount * nijCount;
  return (start, ocTile, col, oNij) => {
    let sum = start;
    for (const icTile of icTiles) {
      for (const kij of kijs) {
        const address = reads[oNij * kijCount + kij]!;
        if (address < 0 || address >= memory) {
          if (outsideIsZero === true) continue;
          return UNKNOWN;
        }
        const from = Math.floor(address / nijCount);
        const value = psum(icTile, ocTile, col, from, address - from * nijCount);
        if (value >= UNKNOWN) return value;
        sum = (sum + value) | 0;
        if (onStep !== undefined) sum = onStep(sum);
      }
      if (onTile !== undefined) sum = onTile(sum);
    }
    return fit(onSum === undefined ? sum : onSum(sum));
  };
}

/** Sums that begin with the one before: each depends on all earlier ones, so they are kept. */
function carriedReader(core: Core): SumReader {
  const { conv, tiling } = core.mapping;
  const add = accumulator(core);
  const [runs, length] = core.carry === 'oc tile' ? [conv.oNijCount, tiling.ocTiles] : [tiling.ocTiles, conv.oNijCount];
  const known = new Map<number, Float64Array>();
  return (ocTile, col, oNij) => {
    const [run, at] = core.carry === 'oc tile' ? [oNij, ocTile] : [ocTile, oNij];
    const key = col * runs + run;
    let sums = known.get(key);
    if (sums === undefined) {
      sums = new Float64Array(length);
      for (let i = 0, start = 0; i < length; i++) {
        const value = core.carry === 'oc tile' ? add(start, i, col, run) : add(start, run, col, i);
        sums[i] = value;
        start = value >= UNKNOWN ? 0 : core.carry === 'pixel after ReLU' ? cut(value) : value;
      }
      known.set(key, sums);
    }
    return sums[at]!;
  };
}

/** The axes of a pair, as a list of names that it does tell apart. */
export function toldApart({ axes }: Frame, wanted: readonly Axis[]): AxisPlace[] {
  return wanted.map((axis) => axes.get(axis)).filter((place) => place !== undefined && place.count > 1) as AxisPlace[];
}
