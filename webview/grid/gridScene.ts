import type { Palette } from '../draw/palette';
import { heat } from '../draw/palette';
import type { Item, Scene } from '../draw/scene';
import { signed } from '../../src/vectors/present/numbers';
import type { Box, Cell, GridModel, Shown, Viewport } from './gridModel';
import { shownIn } from './gridModel';

/** Smallest cell that numbers are written into, and the share of a size that a character is wide. */
const LEAST_TEXT = { height: 11, width: 14 };
const CHARACTER = 0.62;
/** Side of a cell of which a border of one pixel leaves most. */
const LEAST_BORDERED = 5;

/** What a viewport of a matrix shows: cells, rulers, and the selection over them. */
export function gridScene(model: GridModel, viewport: Viewport, palette: Palette): Scene {
  const shown = shownIn(model, viewport);
  const { gutters } = model;
  const body = { x: gutters.left, y: gutters.top, w: viewport.width - gutters.left, h: viewport.height - gutters.top - (gutters.foot ?? 0) };
  const cells: Item[] = [];
  for (let row = shown.rowFrom; row < shown.rowTo; row++) {
    for (let col = shown.colFrom; col < shown.colTo; col++) {
      const box = boxOf(model, viewport, row, col);
      if (model.paintCell) cells.push(...model.paintCell({ row, col }, box));
      else paintCell(cells, model.cell(row, col), box, model.largest, palette);
    }
  }
  return {
    width: viewport.width,
    height: viewport.height,
    background: palette.background,
    font: palette.font,
    items: [
      { type: 'clip', ...body, items: [...cells, ...marks(model, viewport, palette)] },
      { type: 'clip', x: 0, y: gutters.top, w: gutters.left, h: body.h, items: rowRuler(model, viewport, shown, palette) },
      { type: 'clip', x: gutters.left - 8, y: 0, w: body.w + 8, h: viewport.height, items: [...colRuler(model, viewport, shown, palette), ...foot(model, viewport, shown)] },
    ],
  };
}

function boxOf({ gutters }: GridModel, { left, top, cellWidth, cellHeight }: Viewport, row: number, col: number): Box {
  return { x: gutters.left + col * cellWidth - left, y: gutters.top + row * cellHeight - top, w: cellWidth, h: cellHeight };
}

function paintCell(items: Item[], cell: Cell, box: Box, largest: number, palette: Palette): void {
  // A hair between cells, where there is room for one
  const gap = Math.min(box.w, box.h) >= 6 ? 1 : 0;
  const inner = { x: box.x, y: box.y, w: box.w - gap, h: box.h - gap };
  const faint = cell.padding === true || cell.dimmed === true;
  if (cell.value !== undefined) {
    const { fill, text } = heat(palette, cell.value, largest);
    items.push({ type: 'rect', ...inner, fill: faint ? palette.background : fill });
    if (faint && cell.value !== 0) items.push({ type: 'rect', ...inner, h: Math.max(1, Math.floor(inner.h / 6)), fill });
    pushText(items, signed(cell.value), inner, !faint ? text : cell.mismatch === true ? palette.foreground : palette.muted);
  }
  if (cell.padding === true) items.push(paddingMark(inner, palette.padding));
  if (cell.unknown === true) items.push({ type: 'hatch', ...inner, stroke: palette.muted });
  if (cell.value === undefined && cell.text !== undefined) pushText(items, cell.text, inner, palette.foreground, palette.background);
  if (cell.mismatch === true) items.push(mismatchMark(inner, palette.error));
  if (cell.golden === true) items.push({ type: 'path', points: [inner.x + inner.w - Math.min(7, inner.w), inner.y, inner.x + inner.w, inner.y, inner.x + inner.w, inner.y + Math.min(7, inner.h)], fill: palette.error });
}

/** A thin border, which leaves value and colour to be seen; cells that it would fill have a line at their top. */
function mismatchMark({ x, y, w, h }: Box, stroke: string): Item {
  return Math.min(w, h) >= LEAST_BORDERED ? { type: 'rect', x, y, w, h, stroke, lineWidth: 1 } : { type: 'rect', x, y, w, h: 1, fill: stroke };
}

/** A dotted line at the foot of a cell: nothing of the network is here. */
function paddingMark({ x, y, w, h }: Box, stroke: string): Item {
  return h >= 8 ? { type: 'path', points: [x + 2, y + h - 1.5, x + w - 2, y + h - 1.5], stroke, dashed: true } : { type: 'rect', x: x + Math.floor(w / 2), y: y + Math.floor(h / 2), w: 1, h: 1, fill: stroke };
}

/** @param behind the text, where something else is drawn there */
function pushText(items: Item[], text: string, { x, y, w, h }: Box, fill: string, behind?: string): void {
  if (h < LEAST_TEXT.height || w < LEAST_TEXT.width) return;
  const size = Math.min(12, h - 1, Math.floor((w - 4) / (text.length * CHARACTER)));
  if (size < 7) return;
  const right = x + w - Math.max(3, Math.floor(w * 0.12));
  const width = text.length * CHARACTER * size + 2;
  if (behind !== undefined) items.push({ type: 'rect', x: right + 1 - width, y: y + 1, w: width, h: h - 2, fill: behind });
  items.push({ type: 'text', x: right, y: y + h / 2 + 0.5, text, fill, size, align: 'right' });
}

/** Bands, marker and selection. */
function marks(model: GridModel, viewport: Viewport, palette: Palette): Item[] {
  const { band = {}, marker, selected, rows, cols } = model;
  const whole = { x: boxOf(model, viewport, 0, 0).x, y: boxOf(model, viewport, 0, 0).y, w: cols * viewport.cellWidth, h: rows * viewport.cellHeight };
  const items: Item[] = [];
  const frame = (box: Box, lineWidth: number, stroke: string, dashed = false): void => {
    items.push({ type: 'rect', ...box, stroke, lineWidth, dashed });
  };
  if (band.row !== undefined) frame({ ...whole, y: boxOf(model, viewport, band.row, 0).y - 1, h: viewport.cellHeight + 1 }, 1, palette.focus);
  if (band.col !== undefined) frame({ ...whole, x: boxOf(model, viewport, 0, band.col).x - 1, w: viewport.cellWidth + 1 }, 1, palette.focus);
  if (marker !== undefined) frame({ ...whole, y: boxOf(model, viewport, marker, 0).y - 1, h: viewport.cellHeight + 1 }, 2, palette.accent, true);
  if (selected !== undefined) {
    const box = boxOf(model, viewport, selected.row, selected.col);
    // Two lines of opposite brightness are seen on any colour
    frame({ x: box.x - 1, y: box.y - 1, w: box.w + 1, h: box.h + 1 }, 2, palette.foreground);
    if (model.paintCell === undefined && model.cell(selected.row, selected.col).mismatch === true) frame({ x: box.x + 1, y: box.y + 1, w: box.w - 3, h: box.h - 3 }, 1, palette.error);
    else if (Math.min(box.w, box.h) >= 10) frame({ x: box.x + 1, y: box.y + 1, w: box.w - 3, h: box.h - 3 }, 1, palette.background);
  }
  return items;
}

function rowRuler(model: GridModel, viewport: Viewport, { rowFrom, rowTo }: Shown, palette: Palette): Item[] {
  const items: Item[] = [];
  if (model.gutters.left === 0) return items;
  const step = rulerStep(viewport.cellHeight, 12);
  for (let row = rowFrom; row < rowTo; row++) {
    const box = { ...boxOf(model, viewport, row, 0), x: 0, w: model.gutters.left };
    if (model.paintLeft) items.push(...model.paintLeft(row, box));
    else {
      const chosen = model.selected?.row === row || model.band?.row === row;
      const nearChosen = !chosen && model.selected !== undefined && Math.abs(row - model.selected.row) * viewport.cellHeight < 12;
      if ((row % step === 0 && !nearChosen) || chosen) items.push({ type: 'text', x: box.w - 4, y: box.y + box.h / 2, text: model.rowLabel(row), fill: chosen ? palette.foreground : palette.muted, size: 10, align: 'right', bold: chosen });
    }
  }
  return items;
}

function colRuler(model: GridModel, viewport: Viewport, { colFrom, colTo }: Shown, palette: Palette): Item[] {
  const items: Item[] = [];
  if (model.gutters.top === 0) return items;
  const { paintTop } = model;
  if (paintTop) return Array.from({ length: colTo - colFrom }, (_, i) => paintTop(colFrom + i, { ...boxOf(model, viewport, 0, colFrom + i), y: 0, h: model.gutters.top })).flat();
  const step = rulerStep(viewport.cellWidth, 6 + 6 * model.colLabel(model.cols - 1).length);
  for (let col = colFrom; col < colTo; col++) {
    const chosen = model.selected?.col === col || model.band?.col === col;
    const nearChosen = !chosen && model.selected !== undefined && Math.abs(col - model.selected.col) * viewport.cellWidth < 20;
    if ((col % step !== 0 || nearChosen) && !chosen) continue;
    const box = boxOf(model, viewport, 0, col);
    items.push({ type: 'text', x: box.x + box.w / 2, y: model.gutters.top / 2, text: model.colLabel(col), fill: chosen ? palette.foreground : palette.muted, size: 10, align: 'center', bold: chosen });
  }
  return items;
}

function foot(model: GridModel, viewport: Viewport, { colFrom, colTo }: Shown): Item[] {
  const { paintFoot, gutters } = model;
  if (!paintFoot) return [];
  const height = gutters.foot ?? 0;
  return Array.from({ length: colTo - colFrom }, (_, i) => paintFoot(colFrom + i, { ...boxOf(model, viewport, 0, colFrom + i), y: footTop(model, viewport), h: height })).flat();
}

/** Below the last line where all fit, at the bottom else. */
function footTop({ rows, gutters }: GridModel, { height, cellHeight }: Viewport): number {
  return Math.min(height - (gutters.foot ?? 0), gutters.top + rows * cellHeight);
}

/** Every how many-th label has room: 1, 2, 5, 10 ... */
function rulerStep(cell: number, room: number): number {
  for (let power = 1; ; power *= 10) {
    for (const step of [1, 2, 5]) if (step * power * cell >= room) return step * power;
  }
}

/** A viewport that shows a whole matrix, for pictures. */
export function wholeViewport(model: GridModel, size: { readonly cellWidth: number; readonly cellHeight: number }): Viewport {
  const { gutters, rows, cols } = model;
  return { ...size, left: 0, top: 0, width: gutters.left + cols * size.cellWidth, height: gutters.top + rows * size.cellHeight + (gutters.foot ?? 0) };
}
