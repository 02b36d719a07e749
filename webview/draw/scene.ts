/** A drawing as plain data, in CSS pixels: what a canvas shows and an SVG file holds are the same. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly font: string;
  readonly items: readonly Item[];
}

export type Item = RectItem | TextItem | HatchItem | PathItem | ClipItem;

export interface RectItem {
  readonly type: 'rect';
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly fill?: string;
  /** Drawn inside the rectangle. */
  readonly stroke?: string;
  readonly lineWidth?: number;
  readonly dashed?: boolean;
}

export interface TextItem {
  readonly type: 'text';
  readonly x: number;
  /** Middle of the line. */
  readonly y: number;
  readonly text: string;
  readonly fill: string;
  readonly size: number;
  readonly align: 'left' | 'center' | 'right';
  readonly bold?: boolean;
}

/** Slanted lines: a value that is not known. */
export interface HatchItem {
  readonly type: 'hatch';
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly stroke: string;
}

export interface PathItem {
  readonly type: 'path';
  /** x, y, x, y ... */
  readonly points: readonly number[];
  readonly stroke?: string;
  readonly fill?: string;
  readonly lineWidth?: number;
  readonly dashed?: boolean;
}

/** Items that are cut at a rectangle. */
export interface ClipItem {
  readonly type: 'clip';
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly items: readonly Item[];
}

export const HATCH_STEP = 5;

/** Lines of a hatched rectangle as points of paths, cut at its sides. */
export function hatchLines({ x, y, w, h }: HatchItem): number[][] {
  const lines: number[][] = [];
  // Anchored at the origin, so that hatched neighbours join
  const first = Math.ceil((x + y) / HATCH_STEP) * HATCH_STEP;
  for (let sum = first; sum < x + y + w + h; sum += HATCH_STEP) {
    const fromX = Math.max(x, sum - (y + h));
    const toX = Math.min(x + w, sum - y);
    if (toX > fromX) lines.push([fromX, sum - fromX, toX, sum - toX]);
  }
  return lines;
}
