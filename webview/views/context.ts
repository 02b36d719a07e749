import type { PanelAction, Selection } from '../../src/protocol/panel';
import type { Coordinates, Kind } from '../../src/vectors/axis';
import type { AnswerTo, Known } from '../data/cache';
import type { ActivationData, CycleState, PsumData, ViewQuestion } from '../../src/protocol/inspect';
import type { Palette } from '../draw/palette';
import type { Action } from '../state/reduce';
import type { OpenState, PanelName } from '../state/state';

/** What views draw from, and what they can ask for. */
export interface Context {
  readonly state: OpenState;
  readonly palette: Palette;
  /** What plays by itself goes a step a second at most. */
  readonly lessMotion: boolean;
  readonly dispatch: (action: Action) => void;
  readonly want: <Q extends ViewQuestion>(question: Q) => Known<Q['type']>;
  readonly psumsAt: (nij: number) => PsumData | undefined;
  readonly activationsAt: (nij: number) => ActivationData | undefined;
  readonly cycleAt: (cycle: number) => CycleState | undefined;
  readonly does: Doings;
  /** Asks for another drawing. */
  readonly redraw: () => void;
}

/** What the page does beyond changing its state. */
export interface Doings {
  readonly select: (change: Partial<Selection>) => void;
  /** Shows a value in the editor, on the side that is looked at. */
  readonly reveal: (kind: Kind, coordinates: Coordinates | undefined) => void;
  readonly compare: (dump: string | undefined) => void;
  readonly mismatch: (backward: boolean) => void;
  readonly act: (action: PanelAction) => void;
  readonly play: () => void;
  readonly addUp: () => void;
  readonly toArray: () => void;
  readonly copyLink: () => void;
  readonly exports: (panel: PanelName | 'layer', format: 'png' | 'svg' | 'csv' | 'numpy') => void;
  readonly retry: () => void;
}

export type { AnswerTo, Known };
