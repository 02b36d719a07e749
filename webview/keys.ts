import type { Selection } from '../src/protocol/panel';
import type { LayerInfo } from '../src/protocol/inspect';
import type { PanelName } from './state/state';

/** What a key asks for. */
export type Command =
  | { readonly type: 'select'; readonly change: Partial<Selection> }
  | { readonly type: 'play' | 'reveal' | 'help' | 'close' | 'follow' | 'link' | 'toArray' | 'addUp' }
  | { readonly type: 'mismatch'; readonly backward: boolean }
  | { readonly type: 'step'; readonly by: number }
  | { readonly type: 'view'; readonly index: number }
  | { readonly type: 'side' }
  | { readonly type: 'zoom'; readonly by: 1 | -1 | 0 };

export interface Press {
  readonly key: string;
  readonly shift: boolean;
  /** With Ctrl, Alt or the command key: the browser's or VS Code's own. */
  readonly modified: boolean;
}

/** Keys and what they do, as the help lists them. */
export const KEYS: readonly (readonly [string, string])[] = [
  ['← ↑ → ↓', 'move the selection in the matrix that has the focus'],
  ['Page Up, Page Down', 'move by 16 lines; Home, End: to the ends of a line'],
  ['[ ]', 'previous and next kij'],
  ['{ }', 'previous and next tile: ic tiles first, then oc tiles'],
  ['Enter', 'show the selected value in its golden file, or in the dump'],
  ['n N', 'next and previous mismatch with the dump'],
  ['d', 'golden, dump, difference'],
  ['1 2 3', 'tile, array, layer'],
  ['Space', 'play and pause'],
  [', .', 'a cycle back and on; < >: ten cycles'],
  ['a', 'add up the selected output pixel term by term'],
  ['g', 'go to the cycle in which the selected psum leaves the array'],
  ['+ − 0', 'larger cells, smaller cells, as large as fits'],
  ['f', 'follow the cursor of the editor'],
  ['l', 'copy a link to what is selected'],
  ['?', 'these keys; Escape closes them'],
];

const PAGE = 16;

/** What a key press asks for where a panel has the focus; undefined for keys that mean nothing here. */
export function commandOf({ key, shift, modified }: Press, panel: PanelName, layer: LayerInfo, selection: Selection): Command | undefined {
  if (modified) return undefined;
  switch (key) {
    case 'ArrowUp':
    case 'ArrowDown':
    case 'ArrowLeft':
    case 'ArrowRight':
    case 'PageUp':
    case 'PageDown':
    case 'Home':
    case 'End':
      return { type: 'select', change: moved(key, panel, layer, selection) };
    case '[':
      return { type: 'select', change: { kij: selection.kij - 1 } };
    case ']':
      return { type: 'select', change: { kij: selection.kij + 1 } };
    case '{':
      return { type: 'select', change: otherTile(layer, selection, -1) };
    case '}':
      return { type: 'select', change: otherTile(layer, selection, 1) };
    case ' ':
      return { type: 'play' };
    case 'Enter':
      return { type: 'reveal' };
    case 'n':
    case 'N':
      return { type: 'mismatch', backward: key === 'N' || shift };
    case ',':
    case '.':
      return { type: 'step', by: key === '.' ? 1 : -1 };
    case '<':
    case '>':
      return { type: 'step', by: key === '>' ? 10 : -10 };
    case '1':
    case '2':
    case '3':
      return { type: 'view', index: Number(key) - 1 };
    case '+':
    case '=':
      return { type: 'zoom', by: 1 };
    case '-':
      return { type: 'zoom', by: -1 };
    case '0':
      return { type: 'zoom', by: 0 };
    case '?':
      return { type: 'help' };
    case 'Escape':
      return { type: 'close' };
    case 'd':
      return { type: 'side' };
    case 'f':
      return { type: 'follow' };
    case 'l':
      return { type: 'link' };
    case 'g':
      return { type: 'toArray' };
    case 'a':
      return { type: 'addUp' };
    default:
      return undefined;
  }
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-PAGE, 0], PageDown: [PAGE, 0], Home: [0, -Infinity], End: [0, Infinity] };

function moved(key: string, panel: PanelName, { conv, tiling }: LayerInfo, { nij, row, col, oNij }: Selection): Partial<Selection> {
  const [down, right] = STEPS[key]!;
  switch (panel) {
    case 'psums':
      return { nij: stepped(nij, down, conv.nijCount), col: stepped(col, right, tiling.cols) };
    case 'weights':
    case 'array':
      return { row: stepped(row, down, tiling.rows), col: stepped(col, right, tiling.cols) };
    case 'activations':
      return { nij: inImage(nij, down, right, conv.paddedHeight, conv.paddedWidth) };
    case 'outputs':
      return { oNij: oNij < 0 ? 0 : inImage(oNij, down, right, conv.outHeight, conv.outWidth) };
  }
}

function inImage(index: number, down: number, right: number, height: number, width: number): number {
  return stepped(Math.floor(index / width), down, height) * width + stepped(index % width, right, width);
}

function stepped(index: number, by: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index + by));
}

/** ic tiles inside oc tiles: the order in which the array runs them. */
export function otherTile({ tiling }: LayerInfo, { icTile, ocTile }: Selection, by: number): Partial<Selection> {
  const index = stepped(ocTile * tiling.icTiles + icTile, by, tiling.icTiles * tiling.ocTiles);
  return { icTile: index % tiling.icTiles, ocTile: Math.floor(index / tiling.icTiles) };
}
