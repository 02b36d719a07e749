import type { ActivationData, CycleState, LayerFigures, PsumData, WidthFigures } from '../../src/protocol/inspect';
import type { Palette } from '../draw/palette';
import type { GridModel } from '../grid/gridModel';
import { arrayModel, peState } from '../models/arrayModel';
import type { OpenState, PanelName } from '../state/state';
import type { Matrix } from './matrix';

/** What is shown as a matrix of numbers: an unknown value has none. */
export function matrixOf(model: GridModel, corner: string, title = model.label): Matrix {
  return {
    title,
    corner,
    rows: Array.from({ length: model.rows }, (_, row) => model.rowLabel(row)),
    cols: Array.from({ length: model.cols }, (_, col) => model.colLabel(col)),
    at: (row, col) => model.cell(row, col).value,
  };
}

/** The psums in the PEs in a cycle; most PEs hold none in most cycles. */
export function arrayMatrix(state: OpenState, cycle: CycleState | undefined, palette: Palette): Matrix {
  const model = arrayModel(state, cycle === undefined ? undefined : peState(cycle), palette);
  return { ...matrixOf(model, 'row', `psums in the PEs in cycle ${state.cycle}`), sparse: true };
}

/** Looks up the window that a pixel is in, in a list of windows that covers all pixels. */
export function windowsOf<T extends PsumData | ActivationData>(windows: readonly T[]): (nij: number) => T | undefined {
  let last = windows[0];
  return (nij) => {
    if (last === undefined || nij < last.nijFrom || nij >= last.nijFrom + last.nijCount) last = windows.find(({ nijFrom, nijCount }) => nij >= nijFrom && nij < nijFrom + nijCount);
    return last;
  };
}

/** A file name that says what is in the file: `conv5_psum_itile0_otile0_kij4`. */
export function exportName({ layer, selection, side }: OpenState, panel: PanelName | 'layer'): string {
  const { icTile, ocTile, kij, row, col } = selection;
  const what: Readonly<Record<PanelName | 'layer', string>> = {
    psums: `psum_itile${icTile}_otile${ocTile}_kij${kij}`,
    weights: `weight_itile${icTile}_otile${ocTile}_kij${kij}`,
    activations: `activation_itile${icTile}_row${row}`,
    outputs: `out_ch${ocTile * layer.tiling.cols + col}`,
    array: 'array',
    layer: 'figures',
  };
  const shown = (panel === 'psums' || panel === 'outputs') && side !== 'golden' ? `_${side}` : '';
  return `${layer.name}_${what[panel]}${shown}`.replaceAll(/[^\w.-]+/g, '_');
}

/** Figures of a layer as a matrix: cycles by phase, and what each width cuts when that is known. */
export function figuresMatrix({ flows, macs }: LayerFigures, widths: WidthFigures | undefined): Matrix {
  if (widths !== undefined) {
    const { points } = widths;
    return { title: 'Values that each width cuts', corner: 'bits', rows: points.map(({ bits }) => String(bits)), cols: ['psums', 'outputs'], at: (row, col) => (col === 0 ? points[row]?.psumsBeyond : points[row]?.outputsBeyond) };
  }
  const phases = [...new Set(flows.flatMap((flow) => flow.phases.map(({ phase }) => phase)))];
  const numbers = flows.map((flow) => [flow.cycles, ...phases.map((name) => flow.phases.find(({ phase }) => phase === name)?.cycles ?? 0)]);
  return { title: `Cycles of each dataflow; ${macs} MACs`, corner: 'dataflow', rows: flows.map(({ dataflow }) => dataflow), cols: ['cycles', ...phases], at: (row, col) => numbers[row]?.[col] };
}

