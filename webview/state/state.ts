import type { Dataflow, DumpInfo, LayerInfo } from '../../src/protocol/inspect';
import type { ProblemData } from '../../src/protocol/job';
import type { DumpChoice, PanelAction, PanelState, Selection, Side, View } from '../../src/protocol/panel';

/** Cycles a second of the player. */
export const SPEEDS = [1, 2, 5, 10, 30, 60] as const;

/** The parts of a page that hold a matrix: where arrow keys go, and what is exported. */
export const PANELS = ['psums', 'weights', 'activations', 'outputs', 'array'] as const;
export type PanelName = (typeof PANELS)[number];

/** What happened and what to do. */
export type Lost = Pick<ProblemData, 'what' | 'next'>;

/** An open layer, and what is looked at in it. */
export interface OpenState {
  readonly phase: 'open';
  readonly subject: string;
  readonly layer: LayerInfo;
  readonly dumps: readonly DumpChoice[];
  /** Id of the chosen dump, and what it was found to be; `comparing` while that is being found out. */
  readonly dumpId: string | undefined;
  readonly dump: DumpInfo | undefined;
  readonly comparing: boolean;
  /** Why the chosen dump is not compared: it was deleted, moved, or cannot be read. */
  readonly lost: Lost | undefined;
  readonly selection: Selection;
  readonly side: Side;
  readonly view: View;
  readonly dataflow: Dataflow;
  readonly cycle: number;
  readonly follow: boolean;
  readonly playing: boolean;
  readonly speed: number;
  /** Terms of the pixel that have been added up, when the addition is being shown. */
  readonly added: number | undefined;
  readonly mismatch: { readonly number: number; readonly of: number } | undefined;
  /** The sweep of widths is wanted: it computes all psums. */
  readonly sweep: boolean;
  readonly help: boolean;
  /** Panel whose export buttons are shown. */
  readonly exporting: PanelName | 'layer' | undefined;
  /** Cell size of a panel in pixels; absent where it follows the space. */
  readonly zoom: Readonly<Partial<Record<PanelName, number>>>;
  /** What was done or cannot be done, for the eye and for screen readers. */
  readonly notice: string;
  /** Counts openings and comparisons: data of another edition is old. */
  readonly edition: number;
}

export type PageState =
  | { readonly phase: 'opening'; readonly name: string; readonly progress?: { readonly what: string; readonly done: number; readonly total: number } }
  | { readonly phase: 'empty'; readonly problem?: ProblemData; readonly actions: readonly PanelAction[] }
  | OpenState;

/** What is kept over a reload. */
export function panelState({ subject, selection, side, dumpId, view, dataflow, cycle, follow }: OpenState): PanelState {
  return { subject, selection, side, view, dataflow, cycle, follow, ...(dumpId !== undefined && { dump: dumpId }) };
}
