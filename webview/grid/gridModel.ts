import type { Item } from '../draw/scene';

/** A cell of a matrix as it is shown. */
export interface Cell {
  /** Absent while it is not here, and where nothing is known. */
  readonly value?: number;
  /** Fixed text where there is no value: `x`, `–`. */
  readonly text?: string;
  /** Hatched: x, or never written. */
  readonly unknown?: boolean;
  /** Zero padding of the image or of a last tile. */
  readonly padding?: boolean;
  /** Dimmed for another reason: cut by ReLU. */
  readonly dimmed?: boolean;
  /** Another value than expected. */
  readonly mismatch?: boolean;
  /** The golden file says another value than the one computed. */
  readonly golden?: boolean;
}

export interface CellAt {
  readonly row: number;
  readonly col: number;
}

/** Cells painted in another way than as one value. */
export type CellPainter = (at: CellAt, box: Box) => readonly Item[];

/** A rectangle in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A matrix that is drawn where it is looked at. */
export interface GridModel {
  readonly rows: number;
  readonly cols: number;
  /** What it shows, as a screen reader says it. */
  readonly label: string;
  readonly cell: (row: number, col: number) => Cell;
  readonly rowLabel: (row: number) => string;
  readonly colLabel: (col: number) => string;
  /** Magnitude of the strongest colour. */
  readonly largest: number;
  readonly selected?: CellAt;
  /** A line and a column that belong to the selection. */
  readonly band?: { readonly row?: number; readonly col?: number };
  /** A line that something happens to. */
  readonly marker?: number;
  /** Cells are square: an image. */
  readonly square?: boolean;
  readonly paintCell?: CellPainter;
  /** Space and drawing beside the lines (left), above the columns (top), below them (foot). */
  readonly gutters: { readonly left: number; readonly top: number; readonly foot?: number };
  readonly paintLeft?: (row: number, box: Box) => readonly Item[];
  readonly paintTop?: (col: number, box: Box) => readonly Item[];
  readonly paintFoot?: (col: number, box: Box) => readonly Item[];
  /** Least and greatest size of a cell that fits itself to the space. */
  readonly fit: { readonly least: number; readonly width: number; readonly height: number };
}

export interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
}

/** Cells that a viewport shows, ends excluded. */
export interface Shown {
  readonly rowFrom: number;
  readonly rowTo: number;
  readonly colFrom: number;
  readonly colTo: number;
}

/** Browsers do not scroll further than some ten million pixels. */
const MOST_PIXELS = 8_000_000;
export const LEAST_CELL = 2;
export const MOST_CELL = 64;

/** Size of a cell: what the user zoomed to, else what fits the space. */
export function cellSize(model: GridModel, space: { readonly width: number; readonly height: number }, zoom: number | undefined): { readonly cellWidth: number; readonly cellHeight: number } {
  const { gutters, fit, rows, cols } = model;
  const fitting = (size: number, count: number, most: number): number => Math.min(most, Math.max(fit.least, Math.floor(size / count)));
  const height = fitting(space.height - gutters.top - (gutters.foot ?? 0), rows, fit.height);
  const width = fitting(space.width - gutters.left, cols, fit.width);
  const bounded = (size: number, count: number): number => Math.max(1, Math.min(size, Math.floor(MOST_PIXELS / count)));
  if (model.square === true) {
    const side = bounded(zoom ?? Math.min(width, height), Math.max(rows, cols));
    return { cellWidth: side, cellHeight: side };
  }
  const scale = zoom === undefined ? 1 : zoom / height;
  return { cellHeight: bounded(zoom ?? height, rows), cellWidth: bounded(Math.min(Math.round(fit.width * 1.5), Math.max(fit.least, Math.round(width * Math.max(1, scale)))), cols) };
}

export function shownIn({ rows, cols, gutters }: GridModel, { width, height, left, top, cellWidth, cellHeight }: Viewport): Shown {
  const bodyWidth = width - gutters.left;
  const bodyHeight = height - gutters.top - (gutters.foot ?? 0);
  return {
    rowFrom: Math.max(0, Math.floor(top / cellHeight)),
    rowTo: Math.min(rows, Math.ceil((top + bodyHeight) / cellHeight)),
    colFrom: Math.max(0, Math.floor(left / cellWidth)),
    colTo: Math.min(cols, Math.ceil((left + bodyWidth) / cellWidth)),
  };
}

/** The cell under a point of the viewport. */
export function cellAt(model: GridModel, viewport: Viewport, x: number, y: number): CellAt | undefined {
  const { gutters } = model;
  const row = Math.floor((y - gutters.top + viewport.top) / viewport.cellHeight);
  const col = Math.floor((x - gutters.left + viewport.left) / viewport.cellWidth);
  const inBody = x >= gutters.left && y >= gutters.top && y < viewport.height - (gutters.foot ?? 0);
  return inBody && row >= 0 && col >= 0 && row < model.rows && col < model.cols ? { row, col } : undefined;
}
