import type { CycleState } from '../../src/protocol/inspect';
import { signed } from '../../src/vectors/present/numbers';
import { codeRange } from '../../src/engine/quantize';
import type { Palette } from '../draw/palette';
import { heat } from '../draw/palette';
import type { Item } from '../draw/scene';
import type { Box, CellAt, GridModel } from '../grid/gridModel';
import type { OpenState } from '../state/state';
import { holdsWeight, sumPixel } from './peText';

export type PassCycle = Extract<CycleState, { readonly dataflow: 'weight-stationary' }>['state'];
/** A state that has PEs in it: all but the accumulation, in which the array stands still. */
export type PeState = Exclude<CycleState['state'], { readonly phase: 'accumulate' }>;

export function peState({ state }: CycleState): PeState | undefined {
  return state.phase === 'accumulate' ? undefined : state;
}

/** Words that each row is given in this cycle, and each column of an output-stationary array. */
export function rowFeed(state: PeState, row: number): string {
  if ('rowFeed' in state) return state.rowFeed[row]! < 0 ? '' : `step ${state.rowFeed[row]!}`;
  const { values, nij, weightCol } = state.l0;
  if (nij[row]! >= 0) return `a ${signed(values[row]!)}`;
  return weightCol[row]! >= 0 ? `w ${signed(values[row]!)}` : '';
}

/** The array in one cycle. `pes` is absent while the array stands still. */
export function arrayModel({ layer, selection, cycle }: OpenState, pes: PeState | undefined, palette: Palette): GridModel {
  const { rows, cols } = layer.tiling;
  const text = (x: number, y: number, what: string, fill: string, align: 'left' | 'center' | 'right' = 'left', bold = false): Item => ({ type: 'text', x, y, text: what, fill, size: 10, align, bold });
  const ruler = (label: string, chosen: boolean, x: number, y: number): Item => text(x, y, label, chosen ? palette.foreground : palette.muted, 'left', chosen);
  return {
    rows,
    cols,
    label: `The array in cycle ${cycle}: each PE with its weight, activation and psum`,
    cell: (row, col) => (pes === undefined || sumPixel(pes, row * cols + col) < 0 ? {} : { value: pes.partial[row * cols + col]! }),
    rowLabel: (row) => `r${row}`,
    colLabel: (col) => `c${col}`,
    largest: largestOf(pes?.partial),
    selected: { row: selection.row, col: selection.col },
    gutters: { left: 84, top: 34, foot: pes !== undefined && 'l0' in pes ? 36 : 4 },
    paintLeft: (row, { y, h }) => {
      const items = [ruler(`r${row}`, row === selection.row, 4, y + h / 2)];
      if (pes === undefined || h < 9) return items;
      const fed = rowFeed(pes, row);
      if (fed !== '') items.push({ type: 'rect', x: 26, y: y + h / 2 - 8, w: 46, h: 16, stroke: palette.border }, text(30, y + h / 2, fed, palette.foreground), { type: 'path', points: [74, y + h / 2 - 3, 79, y + h / 2, 74, y + h / 2 + 3], stroke: palette.foreground });
      if ('l0' in pes && h >= 30) items.push(text(26, y + h / 2 + 14, `L0 ${pes.l0.fill[row]!}`, palette.muted));
      return items;
    },
    paintTop: (col, { x, w }) => {
      const items: Item[] = [text(x + w / 2, 9, `c${col}`, col === selection.col ? palette.foreground : palette.muted, 'center', col === selection.col)];
      if (pes !== undefined && 'colFeed' in pes && pes.colFeed[col]! >= 0 && w >= 44) items.push(text(x + w / 2, 23, `w step ${pes.colFeed[col]!}`, palette.foreground, 'center'));
      return items;
    },
    paintFoot: (col, { x, y, w }) => {
      if (pes === undefined || !('columns' in pes) || w < 34) return [];
      const { nij, psum, ofifoFill } = pes.columns;
      const leaving = nij[col]! < 0 ? [] : [{ type: 'rect', x: x + 2, y: y + 2, w: w - 5, h: 16, stroke: palette.border } as const, text(x + w / 2, y + 10, `↓ ${signed(psum[col]!)}`, palette.foreground, 'center')];
      return [...leaving, text(x + w / 2, y + 27, `OFIFO ${ofifoFill[col]!}`, palette.muted, 'center')];
    },
    paintCell: (at, box) => (pes === undefined ? [{ type: 'rect', ...box, w: box.w - 2, h: box.h - 2, stroke: palette.border }] : paintPe(pes, at, box, layer.formats.weight.bits, palette)),
    fit: { least: 6, width: 96, height: 58 },
  };
}

function paintPe(pes: PeState, { row, col }: CellAt, { x, y, w, h }: Box, weightBits: number, palette: Palette): Item[] {
  const pe = row * pes.cols + col;
  const hasSum = sumPixel(pes, pe) >= 0;
  const hasInput = pes.activationNij[pe]! >= 0;
  const hasWeight = holdsWeight(pes, pe);
  const weight = heat(palette, hasWeight ? pes.weights[pe]! : 0, codeRange(weightBits, true).max);
  const sum = heat(palette, hasSum ? pes.partial[pe]! : 0, largestOf(pes.partial));
  const inner = { x, y, w: w - 2, h: h - 2 };
  if (w < 46 || h < 30) {
    // Too small for numbers: the psum fills the PE, a bar at its top says that it multiplies
    return [{ type: 'rect', ...inner, fill: hasSum ? sum.fill : palette.background }, { type: 'rect', ...inner, stroke: palette.border }, ...(hasInput ? ([{ type: 'rect', x, y, w: inner.w, h: Math.max(1, Math.floor(h / 5)), fill: palette.foreground }] as const) : [])];
  }
  const half = inner.h / 2;
  const items: Item[] = [
    { type: 'rect', ...inner, h: half, fill: hasWeight ? weight.fill : palette.background },
    { type: 'rect', ...inner, y: y + half, h: half, fill: hasSum ? sum.fill : palette.background },
    { type: 'rect', ...inner, stroke: hasInput ? palette.muted : palette.border },
  ];
  if (hasWeight) items.push({ type: 'text', x: x + 5, y: y + half / 2 + 1, text: signed(pes.weights[pe]!), fill: weight.text, size: 11, align: 'left' });
  if (hasInput) items.push({ type: 'text', x: x + inner.w - 5, y: y + half / 2 + 1, text: `×${signed(pes.activations[pe]!)}`, fill: hasWeight ? weight.text : palette.foreground, size: 11, align: 'right' });
  if (hasSum) items.push({ type: 'text', x: x + inner.w - 5, y: y + half * 1.5, text: signed(pes.partial[pe]!), fill: sum.text, size: 11, align: 'right', bold: true });
  if ('passingCol' in pes && pes.passingCol[pe]! >= 0) items.push({ type: 'text', x: x + inner.w - 5, y: y + half / 2 + 1, text: `${signed(pes.passing[pe]!)}→`, fill: hasWeight ? weight.text : palette.muted, size: 10, align: 'right' });
  return items;
}

const largestBy = new WeakMap<Int32Array, number>();

function largestOf(values: Int32Array | undefined): number {
  if (values === undefined) return 1;
  const known = largestBy.get(values);
  if (known !== undefined) return known;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  largestBy.set(values, largest);
  return largest;
}
