import type { SelfCheck } from '../engine/check';

/** What a run made and found, for people and programs alike. */
export interface GenerateReport {
  readonly entry: string;
  readonly profile: string;
  readonly layer: LayerFacts;
  readonly set: SetSummary;
  readonly selfCheck: SelfCheck;
  /** What was done, where there is a choice. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** The layer as it was mapped. */
export interface LayerFacts {
  readonly inChannels: number;
  readonly outChannels: number;
  /** height, width */
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly rows: number;
  readonly cols: number;
  readonly icTiles: number;
  readonly ocTiles: number;
  readonly actBits: number;
  readonly actSigned: boolean;
  readonly wgtBits: number;
  readonly psumBits: number;
  readonly psumMin: number;
  readonly psumMax: number;
  readonly outMin: number;
  readonly outMax: number;
}

/** What happened to the files of a set. */
export interface SetSummary {
  /** Real path of the output folder. */
  readonly folder: string;
  /** The set's own files, the manifest last. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly status: 'written' | 'unchanged' }[];
  /** Files of the set before this one that are no longer part of it. */
  readonly removed: readonly string[];
  /** Files that were edited since TileScope wrote them and are regenerated now. */
  readonly edited: readonly string[];
  /** Files that left the set but had been edited: they stay, as the user's own. */
  readonly adopted: readonly string[];
}

/** What a long step reports; `done` of `total` units of the phase. */
export interface Progress {
  readonly phase: 'read' | 'capture' | 'compute' | 'check' | 'write' | 'compare' | 'diagnose';
  readonly done: number;
  readonly total: number;
}
