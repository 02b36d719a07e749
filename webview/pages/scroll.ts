/** What a scroll bar of a file shows. Browsers give no element the height of hundreds of millions of rows, so it is computed. */
export interface ScrollBar {
  /** Pixels of the bar. */
  readonly track: number;
  readonly lines: number;
  /** Whole rows that fit into the view. */
  readonly visible: number;
}

const LEAST_THUMB = 24;

/** The first line that may stand at the top: the last one is in view then. */
export function lastTop({ lines, visible }: ScrollBar): number {
  return Math.max(0, lines - visible);
}

export function within(bar: ScrollBar, top: number): number {
  return Math.max(0, Math.min(lastTop(bar), Math.floor(top)));
}

/** Where the thumb stands and how long it is, in pixels; none when all lines are in view. */
export function thumb(bar: ScrollBar, top: number): { readonly start: number; readonly length: number } | undefined {
  const last = lastTop(bar);
  if (last === 0 || bar.track <= 0) return undefined;
  const length = Math.min(bar.track, Math.max(LEAST_THUMB, Math.round((bar.track * bar.visible) / bar.lines)));
  return { start: Math.round(((bar.track - length) * top) / last), length };
}

/** The first line when the thumb begins at a pixel. */
export function topAt(bar: ScrollBar, start: number): number {
  const shown = thumb(bar, 0);
  const room = shown === undefined ? 0 : bar.track - shown.length;
  return room <= 0 ? 0 : within(bar, Math.round((Math.max(0, Math.min(room, start)) / room) * lastTop(bar)));
}

/** The first line that brings `line` into view, in the middle when it is out of it. */
export function reveal(bar: ScrollBar, top: number, line: number): number {
  if (line >= top && line < top + bar.visible) return top;
  return within(bar, line - Math.floor(bar.visible / 2));
}
