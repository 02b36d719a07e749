import { conv, nijOf } from '../engine/conv';
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
  /** Zero pixels that the test bench adds above and below, and on the left and right. */
  readonly added: readonly [vertical: number, horizontal: number];
  readonly kernel: readonly [height: number, width: number];
  readonly stride: number;
}

/** Weights of larger layers are not tried: names alone may ask for absurd tiles. */
const MOST_WEIGHTS = 1 << 24;
/** Strides beyond it do not occur. */
const MOST_STRIDE = 4;
/** Images more oblong than this are tried last. */
const OBLONG = 4;

/** The tensors that a reading of activation and weight files gives, and what the array makes of them. */
export interface Computed {
  readonly mapping: Mapping;
  /** `[icTile, nij, row]` */
  readonly activationTiles: Int32Array;
  readonly weights: WeightTiles;
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
  readonly kijCount: number;
  /** `[icTile, ocTile, col, kij, row]` */
  readonly data: Int32Array;
}

/** @returns undefined when the tiles would be absurdly large */
export function weightTilesOf(weights: readonly ReadFile[]): WeightTiles | undefined {
  const [rows, cols, kijs] = [reach(weights, 'row'), reach(weights, 'col'), Math.max(reach(weights, 'kij'), 1)];
  const [icTiles, ocTiles] = [Math.max(reach(weights, 'icTile'), 1), Math.max(reach(weights, 'ocTile'), 1)];
  const length = icTiles * ocTiles * cols * kijs * rows;
  if (length > MOST_WEIGHTS) return undefined;
  const data = new Int32Array(length);
  scatter(weights, data, ({ icTile = 0, ocTile = 0, col = 0, kij = 0, row = 0 }) => (((icTile * ocTiles + ocTile) * cols + col) * kijs + kij) * rows + row);
  return { rows, cols, icTiles, ocTiles, kijCount: kijs, data };
}

/** A layer that the weights and a geometry make; undefined when the kernel does not fit the image. */
export function mappingOf({ rows, cols, icTiles, ocTiles }: Omit<WeightTiles, 'data'>, { height, width, added, kernel, stride }: Geometry): Mapping | undefined {
  const [paddedHeight, paddedWidth] = [height + 2 * added[0], width + 2 * added[1]];
  if (kernel[0] > paddedHeight || kernel[1] > paddedWidth) return undefined;
  const padding = { top: 0, left: 0, bottom: 0, right: 0 };
  const shape = conv({ inChannels: rows * icTiles, outChannels: cols * ocTiles, height: paddedHeight, width: paddedWidth, kernelHeight: kernel[0], kernelWidth: kernel[1], strideHeight: stride, strideWidth: stride, dilationHeight: 1, dilationWidth: 1, padding });
  return mapLayer(shape, { rows, cols });
}

/** What the array makes of some activations and weights; whole tiles are computed when they are asked for. */
export function computeConvention(activations: readonly ReadFile[], weights: WeightTiles, { width, added }: Geometry, mapping: Mapping): Computed {
  const { rows, icTiles, ocTiles, data: weightTiles } = weights;
  const { nijCount, oNijCount, paddedWidth } = mapping.conv;
  const activationTiles = new Int32Array(icTiles * nijCount * rows);
  const pixel = (nij: number): number => (Math.floor(nij / width) + added[0]) * paddedWidth + (nij % width) + added[1];
  scatter(activations, activationTiles, ({ icTile = 0, nij = 0, row = 0 }) => (icTile < icTiles && row < rows ? (icTile * nijCount + pixel(nij)) * rows + row : undefined));
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
    const sum = new Int32Array(mapping.tiling.cols * oNijCount);
    const add = accumulator(mapping);
    for (let icTile = 0; icTile < icTiles; icTile++) add(psum(icTile, ocTile), sum);
    outs.set(ocTile, sum);
    return sum;
  };
  return { mapping, activationTiles, weights, psum, out };
}

/** One psum by itself: a few words show whether a convention is worth the whole tile. */
export function psumAt({ mapping, activationTiles, weights }: Computed, icTile: number, ocTile: number, col: number, kij: number, nij: number): number {
  const { rows, cols, ocTiles, kijCount, data } = weights;
  const w = (((icTile * ocTiles + ocTile) * cols + col) * kijCount + kij) * rows;
  const a = (icTile * mapping.conv.nijCount + nij) * rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += activationTiles[a + row]! * data[w + row]!;
  return sum;
}

/** One output before ReLU by itself. */
export function outAt(computed: Computed, ocTile: number, col: number, oNij: number): number {
  const { conv: shape, tiling } = computed.mapping;
  let sum = 0;
  for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
    for (let kij = 0; kij < shape.kijCount; kij++) sum += psumAt(computed, icTile, ocTile, col, kij, nijOf(shape, oNij, kij));
  }
  return sum;
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
export function geometriesOf(lines: number, kijCount: number): Geometry[] {
  const images = pairsOf(lines);
  const kernels = pairsOf(kijCount);
  const strides = Array.from({ length: MOST_STRIDE }, (_, i) => i + 1);
  return kernels.flatMap((kernel) => {
    const half = [Math.floor(kernel[0] / 2), Math.floor(kernel[1] / 2)] as const;
    const borders = half[0] + half[1] > 0 ? [[0, 0] as const, half] : [[0, 0] as const];
    return images.flatMap(([height, width]) => strides.flatMap((stride) => borders.map((added) => ({ height, width, added, kernel, stride }))));
  });
}

/** Ways to write a number as height x width, squares first, very oblong ones last. */
function pairsOf(count: number): (readonly [number, number])[] {
  const sides = Array.from({ length: Math.floor(Math.sqrt(count)) }, (_, i) => i + 1).filter((side) => count % side === 0).reverse();
  const pairs = sides.flatMap((side) => (side * side === count ? [[side, side] as const] : [[side, count / side] as const, [count / side, side] as const]));
  const oblong = ([height, width]: readonly [number, number]): number => (Math.max(height, width) > OBLONG * Math.min(height, width) ? 1 : 0);
  return pairs.sort((a, b) => oblong(a) - oblong(b));
}
