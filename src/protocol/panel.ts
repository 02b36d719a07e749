import type { Coordinates, Kind } from '../vectors/axis';
import type { Dataflow, DumpInfo, LayerInfo, ViewAnswer, ViewQuestion } from './inspect';
import type { ProblemData } from './job';

/**
 * Messages between the page of an inspector and the extension host. The page knows no paths: subjects and dumps have opaque ids.
 * Every `ask` is answered once, with `answer`, `refused` or, when the page gave it up, `cancelled`.
 */
export type PageMessage =
  /** The page listens; `state` is what it kept from before a reload. */
  | { readonly type: 'ready' }
  | { readonly type: 'ask'; readonly id: number; readonly question: PageQuestion }
  | { readonly type: 'cancel'; readonly id: number }
  /** Show a value in the editor, in its golden file or in the dump. */
  | { readonly type: 'reveal'; readonly kind: Kind; readonly coordinates: Coordinates; readonly side: 'golden' | 'dump' }
  | { readonly type: 'follow'; readonly on: boolean }
  | { readonly type: 'save'; readonly name: string; readonly format: ExportFormat; readonly data: string | Uint8Array }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'copyLink'; readonly selection: Selection }
  | { readonly type: 'action'; readonly action: PanelAction }
  /** Something in the page failed: for the log. */
  | { readonly type: 'trouble'; readonly what: string };

export type PageQuestion =
  | ViewQuestion
  /** Attach one of the dumps of `dumps`, or none. */
  | { readonly type: 'compare'; readonly dump?: string };

export type PageAnswer = ViewAnswer | { readonly type: 'compared'; readonly dump?: DumpInfo };

export type HostMessage =
  | { readonly type: 'opening'; readonly name: string; readonly progress?: { readonly what: string; readonly done: number; readonly total: number } }
  /** A layer is open, or open again because its files changed: everything known of it before is old. */
  | { readonly type: 'opened'; readonly subject: string; readonly layer: LayerInfo; readonly dumps: readonly DumpChoice[]; readonly state?: PanelState; readonly follow: boolean }
  /** The dumps that can be attached have changed. */
  | { readonly type: 'dumps'; readonly dumps: readonly DumpChoice[] }
  /** The dump that was attached could not be read again: what is shown from now on is without it. */
  | { readonly type: 'dumpLost'; readonly problem: ProblemData }
  /** There is nothing to show, and what can be done. */
  | { readonly type: 'empty'; readonly problem?: ProblemData; readonly actions: readonly PanelAction[] }
  /** Show these coordinates: the cursor in a golden file, a mismatch, a link. With `dump`, attach it first. */
  | { readonly type: 'select'; readonly kind: Kind; readonly coordinates: Coordinates; readonly dump?: string }
  | { readonly type: 'progress'; readonly id: number; readonly what: string; readonly done: number; readonly total: number }
  | { readonly type: 'answer'; readonly id: number; readonly answer: PageAnswer }
  | { readonly type: 'refused'; readonly id: number; readonly problem: ProblemData }
  | { readonly type: 'cancelled'; readonly id: number };

export interface DumpChoice {
  readonly id: string;
  readonly name: string;
  readonly kind?: Kind;
}

/** The one selection that all views share. Counting starts at 0; `oNij` is -1 where no output pixel reads `nij` at `kij`. */
export interface Selection {
  readonly icTile: number;
  readonly ocTile: number;
  readonly kij: number;
  readonly nij: number;
  readonly row: number;
  readonly col: number;
  readonly oNij: number;
}

export const SIDES = ['golden', 'dump', 'difference'] as const;
export type Side = (typeof SIDES)[number];

export const VIEWS = ['tile', 'array', 'layer'] as const;
export type View = (typeof VIEWS)[number];

/** What a page keeps over a reload, and what a deep link carries. */
export interface PanelState {
  readonly subject: string;
  readonly selection: Selection;
  readonly side: Side;
  readonly dump?: string;
  readonly view: View;
  readonly dataflow: Dataflow;
  readonly cycle: number;
  readonly follow: boolean;
}

export const EXPORT_FORMATS = ['png', 'svg', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What buttons of empty and failed states do. */
export const PANEL_ACTIONS = ['retry', 'chooseLayer', 'openConfiguration', 'newLayer', 'openExample', 'generate', 'checkDump', 'showLog'] as const;
export type PanelAction = (typeof PANEL_ACTIONS)[number];
