import { fitToWidth } from '../width';
import type { ArrayState, ScheduledLayer } from './arrayState';
import { activationOf, weightOf } from './arrayState';
import type { Pass, PassPhase } from './weightStationary';
import { INPUT_LATENCY, passAt, passIndex, passPhaseAt } from './weightStationary';

/** The weight-stationary core in one cycle of a pass. In all arrays of nij and columns, -1 means none. */
export interface PassState extends ArrayState, Pass {
  readonly phase: PassPhase;
  /** Pass (number in the layer) that the held weight is of, `[row, col]`; -1: the PE has never had one. */
  readonly weightPass: Int32Array;
  /** Weight code that the PE is passing on to the columns east of it, `[row, col]`. */
  readonly passing: Int32Array;
  /** Column which that weight is for, `[row, col]`. */
  readonly passingCol: Int32Array;
  /** Padded pixel of `partial`, `[row, col]`. */
  readonly partialNij: Int32Array;
  readonly l0: L0State;
  readonly columns: ColumnState;
  /** The line that is written to the psum memory in this cycle. */
  readonly written: PsumLine | undefined;
}

/** The input FIFOs, one for each row: what the row's first PE is given in this cycle. `[row]` each. */
export interface L0State {
  readonly values: Int32Array;
  /** Padded pixel, when the word is an activation. */
  readonly nij: Int32Array;
  /** Column, when the word is a weight. */
  readonly weightCol: Int32Array;
  /** Words that wait, the one that is read in this cycle included; at most `row + 1`. */
  readonly fill: Int32Array;
}

/** The foot of the array and the output FIFOs, one for each column. `[col]` each. */
export interface ColumnState {
  /** Padded pixel of the psum that leaves the last row, and the psum as the psum width holds it. */
  readonly nij: Int32Array;
  readonly psum: Int32Array;
  /** Psums that wait in the OFIFO, the one that is read in this cycle included; at most `cols - col`. */
  readonly ofifoFill: Int32Array;
}

/** A word of the psum memory: all columns of one nij. */
export interface PsumLine {
  /** `(icTile * kijCount + kij) * nijCount + nij` */
  readonly address: number;
  readonly nij: number;
  /** `[col]`, as the psum width holds them. */
  readonly psums: Int32Array;
}

/**
 * Registers and FIFOs of the weight-stationary core in one cycle of one pass, computed from that cycle alone.
 *
 * A line asked for in cycle `a` is given to row r in `a + 2 + r` and stands in PE (r, c) in `a + 3 + r + c`; its psum stands in the PE's
 * psum register a cycle later, leaves column c in `a + 3 + rows + c` and is written in `a + 3 + rows + cols`. Weights of column
 * c are asked for in cycle c, the activations of nij in cycle `cols + nij`.
 * @throws RangeError when the pass has no such cycle
 */
export function passState(layer: ScheduledLayer, pass: Pass, cycle: number): PassState {
  const { rows, cols } = layer.mapping.tiling;
  const { ocTile, icTile, kij } = pass;
  const { phase } = passPhaseAt(layer.mapping, cycle);
  return { ocTile, icTile, kij, phase, cycle, rows, cols, ...peRegisters(layer, pass, cycle), l0: l0State(layer, pass, cycle), columns: columnState(layer, pass, cycle), written: writtenLine(layer, pass, cycle) };
}

/** Psum of one column and pixel in a pass: exact, rows 0 to `lastRow`. */
export function partialSum(layer: ScheduledLayer, pass: Pass, nij: number, col: number, lastRow: number): number {
  let sum = 0;
  for (let row = 0; row <= lastRow; row++) sum = (sum + Math.imul(activationOf(layer, pass.icTile, nij, row), weightOf(layer, pass, row, col))) | 0;
  return sum;
}

/** The line of psums of a pixel, as the psum width holds them, `[col]`. */
export function psumLine(layer: ScheduledLayer, pass: Pass, nij: number): Int32Array {
  const { rows, cols } = layer.mapping.tiling;
  const line = Int32Array.from({ length: cols }, (_, col) => partialSum(layer, pass, nij, col, rows - 1));
  fitToWidth(line, { bits: layer.psumBits, signed: true }, layer.overflow);
  return line;
}

type Registers = Pick<PassState, 'weights' | 'weightPass' | 'activations' | 'activationNij' | 'passing' | 'passingCol' | 'partial' | 'partialNij'>;

function peRegisters(layer: ScheduledLayer, pass: Pass, cycle: number): Registers {
  const { mapping } = layer;
  const { rows, cols } = mapping.tiling;
  const index = passIndex(mapping, pass);
  const size = rows * cols;
  const state = {
    weights: new Int32Array(size),
    weightPass: new Int32Array(size).fill(-1),
    activations: new Int32Array(size),
    activationNij: new Int32Array(size).fill(-1),
    passing: new Int32Array(size),
    passingCol: new Int32Array(size).fill(-1),
    partial: new Int32Array(size),
    partialNij: new Int32Array(size).fill(-1),
  };
  for (let row = 0, pe = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++, pe++) {
      const asked = cycle - INPUT_LATENCY - row - col;
      // The weight of column c follows c cycles after that of column 0, and passes c columns
      const held = asked >= col ? index : index - 1;
      if (held >= 0) {
        state.weightPass[pe] = held;
        state.weights[pe] = weightOf(layer, passAt(mapping, held), row, col);
      }
      const word = wordAsked(layer, asked);
      if (word.nij >= 0) {
        state.activationNij[pe] = word.nij;
        state.activations[pe] = activationOf(layer, pass.icTile, word.nij, row);
      } else if (word.weightCol > col) {
        state.passingCol[pe] = word.weightCol;
        state.passing[pe] = weightOf(layer, pass, row, word.weightCol);
      }
      const { nij } = wordAsked(layer, asked - 1);
      if (nij >= 0) {
        state.partialNij[pe] = nij;
        state.partial[pe] = partialSum(layer, pass, nij, col, row);
      }
    }
  }
  return state;
}

function l0State(layer: ScheduledLayer, pass: Pass, cycle: number): L0State {
  const { conv, tiling } = layer.mapping;
  const values = new Int32Array(tiling.rows);
  const nij = new Int32Array(tiling.rows);
  const weightCol = new Int32Array(tiling.rows);
  const fill = new Int32Array(tiling.rows);
  for (let row = 0; row < tiling.rows; row++) {
    const asked = cycle - 2 - row;
    const word = wordAsked(layer, asked);
    nij[row] = word.nij;
    weightCol[row] = word.weightCol;
    if (word.nij >= 0) values[row] = activationOf(layer, pass.icTile, word.nij, row);
    else if (word.weightCol >= 0) values[row] = weightOf(layer, pass, row, word.weightCol);
    fill[row] = countWithin(asked, cycle - 2, 0, tiling.cols + conv.nijCount - 1);
  }
  return { values, nij, weightCol, fill };
}

function columnState(layer: ScheduledLayer, pass: Pass, cycle: number): ColumnState {
  const { conv, tiling } = layer.mapping;
  const { rows, cols } = tiling;
  const nij = new Int32Array(cols);
  const psum = new Int32Array(cols);
  const ofifoFill = new Int32Array(cols);
  for (let col = 0; col < cols; col++) {
    const asked = cycle - INPUT_LATENCY - rows - col;
    nij[col] = wordAsked(layer, asked).nij;
    if (nij[col]! >= 0) psum[col] = partialSum(layer, pass, nij[col]!, col, rows - 1);
    ofifoFill[col] = countWithin(cycle - INPUT_LATENCY - rows - cols, asked - 1, cols, cols + conv.nijCount - 1);
  }
  fitToWidth(psum, { bits: layer.psumBits, signed: true }, layer.overflow);
  return { nij, psum, ofifoFill };
}

function writtenLine(layer: ScheduledLayer, pass: Pass, cycle: number): PsumLine | undefined {
  const { conv, tiling } = layer.mapping;
  const { nij } = wordAsked(layer, cycle - INPUT_LATENCY - tiling.rows - tiling.cols);
  if (nij < 0) return undefined;
  return { address: (pass.icTile * conv.kijCount + pass.kij) * conv.nijCount + nij, nij, psums: psumLine(layer, pass, nij) };
}

/** What the controller asks the input memory for in a cycle of a pass: a line of weights, of activations, or nothing. */
function wordAsked({ mapping: { conv, tiling } }: ScheduledLayer, cycle: number): { nij: number; weightCol: number } {
  const nij = cycle - tiling.cols;
  return { nij: nij >= 0 && nij < conv.nijCount ? nij : -1, weightCol: cycle >= 0 && nij < 0 ? cycle : -1 };
}

/** Whole numbers that lie in both ranges, ends included. */
function countWithin(from: number, to: number, least: number, most: number): number {
  return Math.max(0, Math.min(to, most) - Math.max(from, least) + 1);
}
