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
 * @throws RangeError when the tile has no such cycle
 */
export function outputStationaryState(layer: ScheduledLayer, { ocTile, pixelTile }: OutputTile, cycle: number): OutputStationaryState {
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
    ...inputRegisters(layer, outputTile, cycle),
    ...sums(layer, outputTile, cycle),
    rowFeed: feed(rows),
    colFeed: feed(cols),
    written: writtenLine(layer, outputTile, cycle),
  };
}

function inputRegisters(layer: ScheduledLayer, { ocTile, pixelTile }: OutputTile, cycle: number): Pick<OutputStationaryState, 'weights' | 'activations' | 'activationNij' | 'step'> {
  const { conv, tiling } = layer.mapping;
  const size = tiling.rows * tiling.cols;
  const state = { weights: new Int32Array(size), activations: new Int32Array(size), activationNij: new Int32Array(size).fill(-1), step: new Int32Array(size).fill(-1) };
  for (let row = 0, pe = 0; row < tiling.rows; row++) {
    const oNij = pixelOf(layer.mapping, pixelTile, row);
    for (let col = 0; col < tiling.cols; col++, pe++) {
      const step = stepAsked(layer.mapping, cycle - INPUT_LATENCY - row - col);
      state.step[pe] = step;
      if (step < 0) continue;
      state.weights[pe] = weightAt(layer, ocTile, step, col);
      if (oNij < 0) continue;
      state.activationNij[pe] = nijOf(conv, oNij, step % conv.kijCount);
      state.activations[pe] = activationAt(layer, oNij, step);
    }
  }
  return state;
}

function sums(layer: ScheduledLayer, { ocTile, pixelTile }: OutputTile, cycle: number): Pick<OutputStationaryState, 'partial' | 'partialONij' | 'products'> {
  const { rows, cols } = layer.mapping.tiling;
  const state = { partial: new Int32Array(rows * cols), partialONij: new Int32Array(rows * cols).fill(-1), products: new Int32Array(rows * cols) };
  const { stream } = outputStationaryCycles(layer.mapping);
  const moved = Math.max(0, cycle - firstWrite(layer.mapping));
  // Gathered once for a row and a column: each has a PE's whole sum in it
  const weights = Array.from({ length: cols }, (_, col) => weightsOf(layer, ocTile, col));
  for (let row = moved, pe = moved * cols; row < rows; row++) {
    const oNij = pixelOf(layer.mapping, pixelTile, row - moved);
    const activations = oNij < 0 ? undefined : activationsOf(layer, oNij);
    for (let col = 0; col < cols; col++, pe++) {
      const products = moved > 0 ? stream : Math.min(stream, Math.max(0, cycle - INPUT_LATENCY - row - col));
      if (products === 0 || activations === undefined) continue;
      state.products[pe] = products;
      state.partialONij[pe] = oNij;
      state.partial[pe] = dot(activations, weights[col]!, products);
    }
  }
  return state;
}

function writtenLine(layer: ScheduledLayer, { ocTile, pixelTile }: OutputTile, cycle: number): OutputStationaryState['written'] {
  const { rows, cols } = layer.mapping.tiling;
  const { stream } = outputStationaryCycles(layer.mapping);
  const moved = cycle - firstWrite(layer.mapping);
  const oNij = moved < 0 ? -1 : pixelOf(layer.mapping, pixelTile, rows - 1 - moved);
  if (oNij < 0) return undefined;
  const activations = activationsOf(layer, oNij);
  const line = Int32Array.from({ length: cols }, (_, col) => dot(activations, weightsOf(layer, ocTile, col), stream));
  return { oNij, sums: line, outputs: layer.relu ? relu(line) : line };
}

/** The sum of the first `products` steps. */
function dot(activations: Int32Array, weights: Int32Array, products: number): number {
  let sum = 0;
  for (let step = 0; step < products; step++) sum = (sum + Math.imul(activations[step]!, weights[step]!)) | 0;
  return sum;
}

/** What a row is given for an output pixel, `[step]`. */
function activationsOf(layer: ScheduledLayer, oNij: number): Int32Array {
  return Int32Array.from({ length: outputStationaryCycles(layer.mapping).stream }, (_, step) => activationAt(layer, oNij, step));
}

/** What a column is given, `[step]`. */
function weightsOf(layer: ScheduledLayer, ocTile: number, col: number): Int32Array {
  return Int32Array.from({ length: outputStationaryCycles(layer.mapping).stream }, (_, step) => weightAt(layer, ocTile, step, col));
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
