import type { Conv } from './conv';
import { Problem } from './problem';

/** Elements of the largest tensor that is computed at once: 1 GiB of 32-bit integers. */
const MOST_ELEMENTS = 2 ** 28;

/** A systolic array of processing elements: input channels enter at the rows, output channels leave at the columns. */
export interface ArraySize {
  readonly rows: number;
  readonly cols: number;
}

/** How a convolution's channels are cut into tiles that fit an array. */
export interface Tiling extends ArraySize {
  /** Input-channel tiles: `ceil(inChannels / rows)`. */
  readonly icTiles: number;
  /** Output-channel tiles: `ceil(outChannels / cols)`. */
  readonly ocTiles: number;
}

/** A layer mapped on a weight-stationary array. */
export interface Mapping {
  readonly conv: Conv;
  readonly tiling: Tiling;
}

/** @throws Problem `shape` when the array has no rows or columns */
export function mapLayer(conv: Conv, array: ArraySize): Mapping {
  for (const side of ['rows', 'cols'] as const) {
    if (!Number.isSafeInteger(array[side]) || array[side] < 1) {
      throw new Problem('shape', `The array has ${array[side]} ${side}.`, `Give array.${side} as a whole number of at least 1.`);
    }
  }
  const mapping = {
    conv,
    tiling: { ...array, icTiles: Math.ceil(conv.inChannels / array.rows), ocTiles: Math.ceil(conv.outChannels / array.cols) },
  };
  checkSize(mapping);
  return mapping;
}

function checkSize({ conv, tiling }: Mapping): void {
  const sizes = {
    'padded activations': tiling.icTiles * tiling.rows * conv.nijCount,
    'padded weights': tiling.icTiles * tiling.ocTiles * tiling.rows * tiling.cols * conv.kijCount,
    'psums of a tile': tiling.cols * conv.nijCount * conv.kijCount,
  };
  for (const [what, elements] of Object.entries(sizes)) {
    if (elements > MOST_ELEMENTS) {
      throw new Problem('shape', `The ${what} would be ${elements} numbers, on an array of ${tiling.rows}x${tiling.cols} and ${conv.nijCount} padded pixels; TileScope computes with up to ${MOST_ELEMENTS}.`, 'Check array.rows, array.cols and the padding.');
    }
  }
}

/** Rows of an input-channel tile that carry a channel; the others are zero padding, and only the last tile has any. */
export function usedRows({ conv, tiling }: Mapping, icTile: number): number {
  return Math.min(tiling.rows, conv.inChannels - icTile * tiling.rows);
}

/** Columns of an output-channel tile that carry a channel; the others are zero padding. */
export function usedCols({ conv, tiling }: Mapping, ocTile: number): number {
  return Math.min(tiling.cols, conv.outChannels - ocTile * tiling.cols);
}

/**
 * Input codes cut into tiles, padded with zero pixels and zero channels.
 * @param codes `[inChannels, height, width]`
 * @returns `[icTile, nij, row]`: the order in which the array is fed, one vector of rows a time step
 */
export function tileActivations({ conv, tiling }: Mapping, codes: Int32Array): Int32Array {
  expectLength(codes, conv.inChannels * conv.height * conv.width, `activation codes [${conv.inChannels},${conv.height},${conv.width}]`);
  const { rows } = tiling;
  const tiles = new Int32Array(tiling.icTiles * conv.nijCount * rows);
  let source = 0;
  for (let channel = 0; channel < conv.inChannels; channel++) {
    const tile = Math.floor(channel / rows) * conv.nijCount * rows + (channel % rows);
    for (let i = 0; i < conv.height; i++) {
      const line = (i + conv.padding.top) * conv.paddedWidth + conv.padding.left;
      for (let j = 0; j < conv.width; j++) tiles[tile + (line + j) * rows] = codes[source++]!;
    }
  }
  return tiles;
}

/**
 * Weight codes cut into tiles, padded with zero channels.
 * @param codes `[outChannels, inChannels, Kh, Kw]`
 * @returns `[icTile, ocTile, col, kij, row]`: per column the vector that one PE column holds
 */
export function tileWeights({ conv, tiling }: Mapping, codes: Int32Array): Int32Array {
  const { kijCount } = conv;
  expectLength(codes, conv.outChannels * conv.inChannels * kijCount, `weight codes [${conv.outChannels},${conv.inChannels},${conv.kernelHeight},${conv.kernelWidth}]`);
  const { rows, cols, ocTiles } = tiling;
  const tiles = new Int32Array(tiling.icTiles * ocTiles * cols * kijCount * rows);
  let source = 0;
  for (let oc = 0; oc < conv.outChannels; oc++) {
    for (let ic = 0; ic < conv.inChannels; ic++) {
      const tile = Math.floor(ic / rows) * ocTiles + Math.floor(oc / cols);
      const target = (tile * cols + (oc % cols)) * kijCount * rows + (ic % rows);
      for (let kij = 0; kij < kijCount; kij++) tiles[target + kij * rows] = codes[source++]!;
    }
  }
  return tiles;
}

function expectLength(codes: Int32Array, length: number, what: string): void {
  if (codes.length === length) return;
  throw new Problem('shape', `Expected ${length} ${what}, got ${codes.length}.`, 'Check the shape of the tensors against the convolution.');
}
