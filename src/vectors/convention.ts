import { conv } from '../engine/conv';
import { psumTile } from '../engine/psum';
import { accumulator } from '../engine/sfp';
import type { Mapping } from '../engine/tiling';
import { mapLayer } from '../engine/tiling';
import type { Coordinates } from './axis';
import type { Layout } from './layout';

/** Values of one file with the layout they were read in, `[data line, word]`. */
export interface ReadFile {
  readonly layout: Layout;
  readonly values: Float64Array;
}

/** The image and kernel of a layer, as the files of a folder leave them open. */
export interface Geometry {
  /** Image as the activation file holds it. */
  readonly height: number;
  readonly width: number;
  /** Zero pixels that the test bench adds on each side. */
  readonly added: number;
  readonly kernel: number;
  readonly stride: number;
}

/** Weights of larger layers are not tried: names alone may ask for absurd tiles. */
const MOST_WEIGHTS = 1 << 24;

/** The tensors that a reading of activation and weight files gives, and what the array makes of them. */
export interface Computed {
  readonly mapping: Mapping;
  /** `[col, nij, kij]` of a tile pair */
  readonly psum: (icTile: number, ocTile: number) => Int32Array;
  /** Before ReLU, summed over ic tiles: `[col, o_nij]` of an oc tile */
  readonly out: (ocTile: number) => Int32Array;
}

/** Weights of all files, put where a convention says they belong. */
export interface WeightTiles {
  readonly rows: number;
  readonly cols: number;
  readonly icTiles: number;
  readonly ocTiles: number;
  /** Side of a square kernel. */
  readonly kernel: number;
  /** `[icTile, ocTile, col, kij, row]` */
  readonly data: Int32Array;
}

/** @returns undefined when the kernel is not square */
export function weightTilesOf(weights: readonly ReadFile[]): WeightTiles | undefined {
  const [rows, cols, kijs] = [reach(weights, 'row'), reach(weights, 'col'), Math.max(reach(weights, 'kij'), 1)];
  const [icTiles, ocTiles] = [Math.max(reach(weights, 'icTile'), 1), Math.max(reach(weights, 'ocTile'), 1)];
  const [kernel, length] = [Math.sqrt(kijs), icTiles * ocTiles * cols * kijs * rows];
  if (!Number.isInteger(kernel) || length > MOST_WEIGHTS) return undefined;
  const data = new Int32Array(length);
  scatter(weights, data, ({ icTile = 0, ocTile = 0, col = 0, kij = 0, row = 0 }) => (((icTile * ocTiles + ocTile) * cols + col) * kijs + kij) * rows + row);
  return { rows, cols, icTiles, ocTiles, kernel, data };
}

/** @returns undefined when the kernel does not fit the image */
export function computeConvention(activations: readonly ReadFile[], weights: WeightTiles, geometry: Geometry): Computed | undefined {
  const { height, width, added, kernel, stride } = geometry;
  const { rows, cols, icTiles, ocTiles, data: weightTiles } = weights;
  const [paddedHeight, paddedWidth] = [height + 2 * added, width + 2 * added];
  if (kernel > paddedHeight || kernel > paddedWidth) return undefined;
  const padding = { top: 0, left: 0, bottom: 0, right: 0 };
  const shape = conv({ inChannels: rows * icTiles, outChannels: cols * ocTiles, height: paddedHeight, width: paddedWidth, kernelHeight: kernel, kernelWidth: kernel, strideHeight: stride, strideWidth: stride, dilationHeight: 1, dilationWidth: 1, padding });
  const mapping = mapLayer(shape, { rows, cols });
  const activationTiles = new Int32Array(icTiles * shape.nijCount * rows);
  const pixel = (nij: number): number => (Math.floor(nij / width) + added) * paddedWidth + (nij % width) + added;
  scatter(activations, activationTiles, ({ icTile = 0, nij = 0, row = 0 }) => (icTile < icTiles && row < rows ? (icTile * shape.nijCount + pixel(nij)) * rows + row : undefined));
  const psums = new Map<number, Int32Array>();
  const psum = (icTile: number, ocTile: number): Int32Array => {
    const key = icTile * ocTiles + ocTile;
    const kept = psums.get(key) ?? psumTile(mapping, activationTiles, weightTiles, icTile, ocTile);
    psums.set(key, kept);
    return kept;
  };
  const outs = new Map<number, Int32Array>();
  const out = (ocTile: number): Int32Array => {
    const kept = outs.get(ocTile);
    if (kept !== undefined) return kept;
    const sum = new Int32Array(cols * shape.oNijCount);
    const add = accumulator(mapping);
    for (let icTile = 0; icTile < icTiles; icTile++) add(psum(icTile, ocTile), sum);
    outs.set(ocTile, sum);
    return sum;
  };
  return { mapping, psum, out };
}

/** Highest coordinate of an axis in some files, plus one. */
export function reach(files: readonly ReadFile[], axis: keyof Coordinates): number {
  let most = 0;
  for (const { layout } of files) {
    const { spec } = layout;
    const loops = [...spec.lines, ...spec.words].filter((loop) => loop.axis === axis);
    const top = loops.reduce((sum, { start, step, count }) => sum + Math.max(start, start + step * (count - 1)), 0);
    most = Math.max(most, loops.length > 0 ? top + 1 : (spec.fixed[axis] ?? -1) + 1);
  }
  return most;
}

function scatter(files: readonly ReadFile[], target: Int32Array, offset: (place: Coordinates) => number | undefined): void {
  for (const { layout, values } of files) {
    const { wordsPerLine } = layout;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const at = offset(layout.coordinates(Math.floor(i / wordsPerLine), i % wordsPerLine));
      // Words that simulators left unknown count as 0: the comparison tolerates a few
      if (at !== undefined && !Number.isNaN(value)) target[at] = value;
    }
  }
}

/** Geometries in which so many activation lines may be an image, most usual first. */
export function geometriesOf(lines: number, kernel: number): Geometry[] {
  const sides = Array.from({ length: Math.floor(Math.sqrt(lines)) }, (_, i) => i + 1).filter((side) => lines % side === 0).reverse();
  const images = sides.slice(0, 3).flatMap((side) => (side * side === lines ? [[side, side] as const] : [[side, lines / side] as const, [lines / side, side] as const]));
  const borders = kernel > 1 ? [0, Math.floor(kernel / 2)] : [0];
  return images.flatMap(([height, width]) => [1, 2].flatMap((stride) => borders.map((added) => ({ height, width, added, kernel, stride }))));
}
