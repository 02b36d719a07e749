import { nijOf } from '../conv';
import { relu } from '../sfp';
import type { Mapping } from '../tiling';
import type { ArrayState, ScheduledLayer } from './arrayState';
import { activationOf, weightOf } from './arrayState';
import { INPUT_LATENCY, expectCycle } from './weightStationary';

/**
 * The second dataflow: a PE keeps an output. Rows are output pixels, columns output channels; a tile is `rows` pixels by `cols`
 * channels. Activations enter from the west, row r one cycle after row r - 1; weights from the north, column c one cycle after column
 * c - 1; each moves on by a PE a cycle. A step is one kij of one input channel. When the last PE has added its last product, the
 * sums move south a row a cycle and are written, last row first. Memories and FIFOs take the cycles that they take in the
 * weight-stationary core, and nothing overlaps. There is no psum memory and no SFP addition; ReLU stands before the output memory.
 */

/** Clock cycles of one tile, and of the layer. */
export interface OutputStationaryCycles {
  /** `ceil(oNijCount / rows) * ocTiles` */
  readonly tiles: number;
  /** A step a cycle: `inChannels * kijCount`. */
  readonly stream: number;
  /** Until the last PE has its sum, `rows + cols + 1`, and until the last row is written, `rows`. */
  readonly drain: number;
  /** Of one tile: `inChannels * kijCount + 2 * rows + cols + 1`. */
  readonly tile: number;
  /** `tiles * tile` */
  readonly total: number;
}

/** Outputs that the array computes at a time: pixels `pixelTile * rows + row`, channels `ocTile * cols + col`. */
export interface OutputTile {
  readonly ocTile: number;
  readonly pixelTile: number;
}

export interface OutputStationaryPlace extends OutputTile {
  readonly phase: 'stream' | 'drain';
  /** From the start of the tile. */
  readonly cycle: number;
  readonly phaseCycle: number;
}

/** The array in one cycle of a tile. In all arrays of numbers of pixels, channels, kij and steps, -1 means none. */
export interface OutputStationaryState extends ArrayState, OutputTile {
  readonly phase: 'stream' | 'drain';
  /** Step `ic * kijCount + kij` whose activation and weight stand in the PE's input registers, `[row, col]`. */
  readonly step: Int32Array;
  /** Output pixel whose sum stands in the PE, `[row, col]`. Before the PE's first product, and in rows beyond the last pixel, none. */
  readonly partialONij: Int32Array;
  /** Products in that sum, `[row, col]`. */
  readonly products: Int32Array;
  /** Step whose activation row r, and whose weight column c, is given in this cycle: `[row]` and `[col]`. */
  readonly rowFeed: Int32Array;
  readonly colFeed: Int32Array;
  /** The line that is written to the output memory: `sums` before ReLU and exact, `outputs` after it if the layer has one, `[col]` both. */
  readonly written: { readonly oNij: number; readonly sums: Int32Array; readonly outputs: Int32Array } | undefined;
}

export function outputStationaryCycles(mapping: Mapping): OutputStationaryCycles {
  const { conv, tiling } = mapping;
  const tiles = pixelTiles(mapping) * tiling.ocTiles;
  const stream = conv.inChannels * conv.kijCount;
  const drain = firstWrite(mapping) - stream + tiling.rows;
  return { tiles, stream, drain, tile: stream + drain, total: tiles * (stream + drain) };
}

/** Groups of output pixels: `ceil(oNijCount / rows)`. */
export function pixelTiles({ conv, tiling }: Mapping): number {
  return Math.ceil(conv.oNijCount / tiling.rows);
}

/**
 * What a cycle of the layer belongs to; pixel tiles inside oc tiles.
 * @throws RangeError unless `0 <= cycle < outputStationaryCycles(mapping).total`
 */
export function outputStationaryPlaceAt(mapping: Mapping, cycle: number): OutputStationaryPlace {
  const { stream, tile, total } = outputStationaryCycles(mapping);
  expectCycle(cycle, total, 'layer');
  const index = Math.floor(cycle / tile);
  const inTile = cycle % tile;
  const phase = inTile < stream ? 'stream' : 'drain';
  return { ocTile: Math.floor(index / pixelTiles(mapping)), pixelTile: index % pixelTiles(mapping), phase, cycle: inTile, phaseCycle: phase === 'stream' ? inTile : inTile - stream };
}

/** Cycle of the layer at which a tile starts. */
export function outputTileStart(mapping: Mapping, { ocTile, pixelTile }: OutputTile): number {
  return (ocTile * pixelTiles(mapping) + pixelTile) * outputStationaryCycles(mapping).tile;
}

/**
 * Registers of the array in one cycle of a tile, computed from that cycle alone. What is asked for in cycle `a` stands in the input
 * registers of PE (r, c) in `a + 3 + r + c` and is in its sum a cycle later.
 * @param words of this tile: whoever asks for several cycles of it keeps them, so that each goes on from the one before
 * @throws RangeError when the tile has no such cycle
 */
export function outputStationaryState(layer: ScheduledLayer, { ocTile, pixelTile }: OutputTile, cycle: number, words = new OutputTileWords(layer, { ocTile, pixelTile })): OutputStationaryState {
  const { mapping } = layer;
  const { rows, cols } = mapping.tiling;
  const { stream, tile } = outputStationaryCycles(mapping);
  expectCycle(cycle, tile, 'tile');
  const feed = (length: number): Int32Array => Int32Array.from({ length }, (_, index) => stepAsked(mapping, cycle - 2 - index));
  const outputTile = { ocTile, pixelTile };
  return {
    ...outputTile,
    phase: cycle < stream ? 'stream' : 'drain',
    rows,
    cols,
    cycle,
    ...inputRegisters(layer.mapping, outputTile, cycle, words),
    ...sumRegisters(layer.mapping, outputTile, cycle, words),
    rowFeed: feed(rows),
    colFeed: feed(cols),
    written: writtenLine(layer, outputTile, cycle, words),
  };
}

function inputRegisters({ conv, tiling }: Mapping, { pixelTile }: OutputTile, cycle: number, words: OutputTileWords): Pick<OutputStationaryState, 'weights' | 'activations' | 'activationNij' | 'step'> {
  const size = tiling.rows * tiling.cols;
  const state = { weights: new Int32Array(size), activations: new Int32Array(size), activationNij: new Int32Array(size).fill(-1), step: new Int32Array(size).fill(-1) };
  for (let row = 0, pe = 0; row < tiling.rows; row++) {
    const oNij = pixelOf({ conv, tiling }, pixelTile, row);
    for (let col = 0; col < tiling.cols; col++, pe++) {
      const step = stepAsked({ conv, tiling }, cycle - INPUT_LATENCY - row - col);
      state.step[pe] = step;
      if (step < 0) continue;
      state.weights[pe] = words.weight(col, step);
      if (oNij < 0) continue;
      state.activationNij[pe] = nijOf(conv, oNij, step % conv.kijCount);
      state.activations[pe] = words.activation(row, step);
    }
  }
  return state;
}

function sumRegisters(mapping: Mapping, { pixelTile }: OutputTile, cycle: number, words: OutputTileWords): Pick<OutputStationaryState, 'partial' | 'partialONij' | 'products'> {
  const { rows, cols } = mapping.tiling;
  const state = { partial: new Int32Array(rows * cols), partialONij: new Int32Array(rows * cols).fill(-1), products: new Int32Array(rows * cols) };
  const { stream } = outputStationaryCycles(mapping);
  const moved = Math.max(0, cycle - firstWrite(mapping));
  for (let row = moved, pe = moved * cols; row < rows; row++) {
    const oNij = pixelOf(mapping, pixelTile, row - moved);
    for (let col = 0; col < cols; col++, pe++) {
      const products = moved > 0 ? stream : Math.min(stream, Math.max(0, cycle - INPUT_LATENCY - row - col));
      if (products === 0 || oNij < 0) continue;
      state.products[pe] = products;
      state.partialONij[pe] = oNij;
      state.partial[pe] = words.sum(row - moved, col, products);
    }
  }
  return state;
}

function writtenLine({ mapping, relu: hasRelu }: ScheduledLayer, { pixelTile }: OutputTile, cycle: number, words: OutputTileWords): OutputStationaryState['written'] {
  const { rows, cols } = mapping.tiling;
  const { stream } = outputStationaryCycles(mapping);
  const row = rows - 1 - (cycle - firstWrite(mapping));
  const oNij = row >= rows ? -1 : pixelOf(mapping, pixelTile, row);
  if (oNij < 0) return undefined;
  const line = Int32Array.from({ length: cols }, (_, col) => words.sum(row, col, stream));
  return { oNij, sums: line, outputs: hasRelu ? relu(line) : line };
}

/** What the rows and columns of a tile are given, gathered once, and its sums: each goes on from what was last asked of it. */
export class OutputTileWords {
  /** What each row and each column is given, `[step]`; nothing in rows beyond the last pixel. */
  private readonly activations: readonly (Int32Array | undefined)[];
  private readonly weights: readonly Int32Array[];
  /** `[row, col]`: the sum of so many first products. */
  private readonly products: Int32Array;
  private readonly sums: Int32Array;

  constructor(layer: ScheduledLayer, { ocTile, pixelTile }: OutputTile) {
    const { rows, cols } = layer.mapping.tiling;
    const { stream } = outputStationaryCycles(layer.mapping);
    this.activations = Array.from({ length: rows }, (_, row) => {
      const oNij = pixelOf(layer.mapping, pixelTile, row);
      return oNij < 0 ? undefined : filled(stream, (step) => activationAt(layer, oNij, step));
    });
    this.weights = Array.from({ length: cols }, (_, col) => filled(stream, (step) => weightAt(layer, ocTile, step, col)));
    this.products = new Int32Array(rows * cols);
    this.sums = new Int32Array(rows * cols);
  }

  /** 0 in rows beyond the last pixel. */
  activation(row: number, step: number): number {
    return this.activations[row]?.[step] ?? 0;
  }

  weight(col: number, step: number): number {
    return this.weights[col]![step]!;
  }

  /** The sum of the first `products` steps of an output, exact; 0 in rows beyond the last pixel. */
  sum(row: number, col: number, products: number): number {
    const activations = this.activations[row];
    if (activations === undefined) return 0;
    const weights = this.weights[col]!;
    const at = row * this.weights.length + col;
    const isFurther = products >= this.products[at]!;
    let sum = isFurther ? this.sums[at]! : 0;
    for (let step = isFurther ? this.products[at]! : 0; step < products; step++) sum = (sum + Math.imul(activations[step]!, weights[step]!)) | 0;
    this.products[at] = products;
    this.sums[at] = sum;
    return sum;
  }
}

function filled(length: number, value: (index: number) => number): Int32Array {
  const values = new Int32Array(length);
  for (let index = 0; index < length; index++) values[index] = value(index);
  return values;
}

/** Cycle of a tile in which the last PE's sum is complete and the last row is written. */
function firstWrite({ conv, tiling }: Mapping): number {
  return conv.inChannels * conv.kijCount - 1 + INPUT_LATENCY + (tiling.rows - 1) + (tiling.cols - 1) + 1;
}

function stepAsked({ conv }: Mapping, cycle: number): number {
  return cycle >= 0 && cycle < conv.inChannels * conv.kijCount ? cycle : -1;
}

/** Output pixel of a row; -1 in rows beyond the last pixel, which are given zeros. */
function pixelOf({ conv, tiling }: Mapping, pixelTile: number, row: number): number {
  const oNij = pixelTile * tiling.rows + row;
  return oNij < conv.oNijCount ? oNij : -1;
}

function activationAt(layer: ScheduledLayer, oNij: number, step: number): number {
  const { conv, tiling } = layer.mapping;
  const ic = Math.floor(step / conv.kijCount);
  return activationOf(layer, Math.floor(ic / tiling.rows), nijOf(conv, oNij, step % conv.kijCount), ic % tiling.rows);
}

function weightAt(layer: ScheduledLayer, ocTile: number, step: number, col: number): number {
  const { conv, tiling } = layer.mapping;
  const ic = Math.floor(step / conv.kijCount);
  return weightOf(layer, { icTile: Math.floor(ic / tiling.rows), ocTile, kij: step % conv.kijCount }, ic % tiling.rows, col);
}
