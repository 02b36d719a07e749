import { usedCols, usedRows } from '../../src/engine/tiling';
import type { ActivationData, ChannelData, PsumData, TileData } from '../../src/protocol/inspect';
import { codeRange } from '../../src/engine/quantize';
import { signed } from '../../src/vectors/present/numbers';
import type { Palette } from '../draw/palette';
import { heat } from '../draw/palette';
import { pair } from '../format';
import type { Cell, GridModel } from '../grid/gridModel';
import { isImagePadding } from '../state/selection';
import type { OpenState } from '../state/state';
import { largestDifference, sided } from './dumped';
import { outputOf } from './outputText';

/** The window of an answer that a pixel is in, if it is here. */
export type WindowOf<T> = (nij: number) => T | undefined;

/** Psums of one kij of a tile pair: lines are nij, as in the files, columns are the array's. */
export function psumModel(state: OpenState, windowOf: WindowOf<PsumData>, tile: TileData | undefined, marker: number | undefined): GridModel {
  const { layer, selection, side } = state;
  const { conv, tiling } = layer;
  const used = usedCols(layer, selection.ocTile);
  const range = tile?.figures[selection.kij]?.range;
  const here = side === 'difference' ? windowOf(selection.nij) : undefined;
  return {
    rows: conv.nijCount,
    cols: tiling.cols,
    label: `Psums of kij ${selection.kij}, ic tile ${selection.icTile}, oc tile ${selection.ocTile}: lines are nij, columns are columns of the array`,
    cell: (nij, col) => psumCell(windowOf(nij), nij, col, tiling.cols, side, col >= used || isImagePadding(conv, nij)),
    rowLabel: (nij) => `${nij} ${pair(nij, conv.paddedWidth)}`,
    colLabel: (col) => `c${col}`,
    largest: here?.dump !== undefined ? largestDifference(here.dump, (index) => here.values[index]!) : range === undefined ? codeRange(layer.formats.psum.bits, true).max : Math.max(-range.min, range.max),
    selected: { row: selection.nij, col: selection.col },
    band: { row: selection.nij, col: selection.col },
    ...(marker !== undefined && { marker }),
    gutters: { left: 24 + 7 * `${conv.nijCount}${pair(conv.nijCount - 1, conv.paddedWidth)}`.length, top: 18 },
    fit: { least: 3, width: 48, height: 20 },
  };
}

function psumCell(data: PsumData | undefined, nij: number, col: number, cols: number, side: OpenState['side'], padding: boolean): Cell {
  if (data === undefined) return padding ? { padding } : {};
  const index = (nij - data.nijFrom) * cols + col;
  const golden = data.goldenDiffers.length > 0 && setOf(data.goldenDiffers).has(index);
  return { ...sided(data.values[index]!, data.dump, index, side), padding, ...(golden && { golden }) };
}

const sets = new WeakMap<readonly number[], ReadonlySet<number>>();

/** A file of another layer differs everywhere, and every cell asks. */
function setOf(list: readonly number[]): ReadonlySet<number> {
  const known = sets.get(list) ?? new Set(list);
  sets.set(list, known);
  return known;
}

/** Weights that the PEs hold in a pass; beside each line the activation that enters it at the selected pixel. */
export function weightModel({ layer, selection }: OpenState, tile: TileData | undefined, activations: ActivationData | undefined, palette: Palette): GridModel {
  const { rows, cols } = layer.tiling;
  const [filledRows, filledCols] = [usedRows(layer, selection.icTile), usedCols(layer, selection.ocTile)];
  const largestInput = Math.max(1, codeRange(layer.formats.activation.bits, layer.formats.activation.signed).max);
  return {
    rows,
    cols,
    label: `Weights in the PEs at kij ${selection.kij}: lines are rows of the array, columns its columns`,
    cell: (row, col) => {
      const value = tile?.weights[(selection.kij * rows + row) * cols + col];
      return { ...(value !== undefined && { value }), padding: row >= filledRows || col >= filledCols };
    },
    rowLabel: (row) => `r${row}`,
    colLabel: (col) => `c${col}`,
    largest: codeRange(layer.formats.weight.bits, true).max,
    selected: { row: selection.row, col: selection.col },
    band: { col: selection.col },
    gutters: { left: 70, top: 18 },
    paintLeft: (row, { y, h }) => {
      const value = activations?.values[(selection.nij - activations.nijFrom) * rows + row];
      const colors = heat(palette, value ?? 0, largestInput);
      const chosen = row === selection.row;
      if (h < 9 && !chosen) return value === undefined ? [] : [{ type: 'rect', x: 26, y, w: 34, h: h > 5 ? h - 1 : h, fill: colors.fill }];
      return [
        { type: 'text', x: 4, y: y + h / 2, text: `r${row}`, fill: chosen ? palette.foreground : palette.muted, size: 10, align: 'left', bold: chosen },
        ...(value === undefined ? [] : ([{ type: 'rect', x: 26, y, w: 34, h: h - 1, fill: row >= filledRows ? palette.background : colors.fill }, { type: 'text', x: 55, y: y + h / 2, text: signed(value), fill: row >= filledRows ? palette.muted : colors.text, size: Math.min(12, h), align: 'right' }] as const)),
        { type: 'path', points: [61, y + h / 2 - 3, 66, y + h / 2, 61, y + h / 2 + 3], stroke: palette.muted },
      ];
    },
    fit: { least: 4, width: 40, height: 20 },
  };
}

/** The padded input image of the selected row's channel. */
export function activationModel({ layer, selection }: OpenState, windowOf: WindowOf<ActivationData>): GridModel {
  const { conv, tiling, formats } = layer;
  const empty = selection.row >= usedRows(layer, selection.icTile);
  return {
    rows: conv.paddedHeight,
    cols: conv.paddedWidth,
    label: `Activations of row ${selection.row}, ic tile ${selection.icTile}: the padded input image`,
    cell: (i, j) => {
      const nij = i * conv.paddedWidth + j;
      const data = windowOf(nij);
      const value = data?.values[(nij - data.nijFrom) * tiling.rows + selection.row];
      return { ...(value !== undefined && { value }), padding: empty || isImagePadding(conv, nij) };
    },
    rowLabel: String,
    colLabel: String,
    largest: Math.max(1, codeRange(formats.activation.bits, formats.activation.signed).max),
    selected: { row: Math.floor(selection.nij / conv.paddedWidth), col: selection.nij % conv.paddedWidth },
    square: true,
    gutters: { left: 28, top: 16 },
    fit: { least: 4, width: 26, height: 26 },
  };
}

/** Are outputs shown after ReLU? As the dump's were compared, else as the layer has it. */
export function showsRelu({ layer, dump }: OpenState): boolean {
  return (dump?.kind === 'out' ? dump.relu : undefined) ?? layer.relu;
}

/** Outputs of a channel as an image, after ReLU where the layer has one: what it cut is dimmed. */
export function outputModel(state: OpenState, channel: ChannelData | undefined): GridModel {
  const { layer, selection, side } = state;
  const { conv } = layer;
  const relu = showsRelu(state);
  const shown = (raw: number): number => outputOf(relu, raw);
  const empty = selection.col >= usedCols(layer, selection.ocTile);
  const golden = new Set(channel?.goldenDiffers);
  let largest = 1;
  if (side === 'difference' && channel?.dump !== undefined) largest = largestDifference(channel.dump, (oNij) => shown(channel.raw[oNij]!));
  else for (const value of channel?.raw ?? []) largest = Math.max(largest, Math.abs(value));
  const selected = selection.oNij < 0 ? undefined : { row: Math.floor(selection.oNij / conv.outWidth), col: selection.oNij % conv.outWidth };
  return {
    rows: conv.outHeight,
    cols: conv.outWidth,
    label: `Outputs of channel ${selection.ocTile * layer.tiling.cols + selection.col}: the output image`,
    cell: (i, j) => {
      if (channel === undefined) return {};
      const oNij = i * conv.outWidth + j;
      const raw = channel.raw[oNij]!;
      const cut = relu && raw < 0;
      return { ...sided(shown(raw), channel.dump, oNij, side), padding: empty, ...(cut && { dimmed: true }), ...(golden.has(oNij) && { golden: true }) };
    },
    rowLabel: String,
    colLabel: String,
    largest,
    ...(selected !== undefined && { selected }),
    square: true,
    gutters: { left: 28, top: 16 },
    fit: { least: 4, width: 40, height: 40 },
  };
}
