import type { Conv } from '../engine/conv';
import type { AccumulateState } from '../engine/schedule/accumulateState';
import type { Footprint, Range } from '../engine/schedule/footprint';
import type { OutputStationaryPlace, OutputStationaryState } from '../engine/schedule/outputStationary';
import type { PassState } from '../engine/schedule/passState';
import type { WidthSweep } from '../engine/schedule/widthSweep';
import type { Tiling } from '../engine/tiling';
import type { IntegerFormat, OverflowPolicy } from '../engine/width';
import type { Coordinates, Kind } from '../vectors/axis';
import type { CheckTarget, Verdict } from './checkReport';
import type { ProblemData } from './job';

/**
 * Questions to the thread that computes what an inspector shows, and its answers. A thread serves one inspector and one layer; the
 * first question is `open`. Every question has one answer with its number; `cancel` makes the thread stop working on one, which is
 * answered `cancelled`. A message that is no question is answered `failed` with its number, or with {@link NO_ID} when it has none. An
 * answer holds a part of a tile at most, never a layer. Arrays marked `[nij, col]` hold their last axis densest.
 */
export type InspectRequest = ({ readonly id: number } & InspectQuestion) | { readonly type: 'cancel'; readonly id: number };

/** Number of the answer to a message that had none. */
export const NO_ID = -1;

/** What an inspector shows. Paths are absolute. */
export type InspectSubject =
  /** A layer of a configuration, computed from its source; `text` where the editor has another text than the disk. */
  | { readonly type: 'layer'; readonly file: string; readonly layer: string; readonly text?: string }
  /** A folder of golden files: the layer that its manifest names, or that its activations and weights make. */
  | {
      readonly type: 'set';
      readonly folder: string;
      /** No model is run, as in a workspace that is not trusted: the files themselves are read where one would be. */
      readonly filesOnly?: boolean;
    };

export type InspectQuestion =
  | { readonly type: 'open'; readonly subject: InspectSubject }
  /** Attaches a dump, so that psums or outputs come with what it holds; without a target, and when it fails, none is attached. */
  | { readonly type: 'compare'; readonly target?: CheckTarget }
  /** Where a value stands in a golden file, or in the dump. */
  | { readonly type: 'locate'; readonly kind: Kind; readonly coordinates: Coordinates; readonly side: 'golden' | 'dump' }
  | ViewQuestion;

/** Questions that the page of an inspector asks, and that the extension host only passes on. */
export type ViewQuestion =
  | ({ readonly type: 'tile' } & TilePlace)
  | ({ readonly type: 'psums'; readonly kij: number } & TilePlace & Window)
  | ({ readonly type: 'activations'; readonly icTile: number } & Window)
  | { readonly type: 'channel'; readonly ocTile: number; readonly col: number }
  | { readonly type: 'pixel'; readonly ocTile: number; readonly col: number; readonly oNij: number }
  | { readonly type: 'cycles'; readonly dataflow: Dataflow; readonly from: number; readonly count: number }
  | { readonly type: 'layer' }
  | { readonly type: 'widths' }
  /** The next place behind (or before) this one, in the order of the dump, at which it differs; without a place the first (or last). */
  | { readonly type: 'mismatch'; readonly from: Coordinates | undefined; readonly backward: boolean };

export interface TilePlace {
  readonly icTile: number;
  readonly ocTile: number;
}

/** A run of padded input pixels. */
export interface Window {
  readonly nijFrom: number;
  readonly nijCount: number;
}

export const DATAFLOWS = ['weight-stationary', 'output-stationary'] as const;
export type Dataflow = (typeof DATAFLOWS)[number];

/** Most pixels times columns (or rows) of one answer: about a quarter of a million numbers. */
export const MOST_WINDOW_VALUES = 1 << 18;
/** Most cycles of one answer. It has fewer than asked for where the layer ends, and where a large array makes many expensive: ask again from the next one. */
export const MOST_CYCLES = 64;

export type InspectReply = { readonly id: number } & (InspectAnswer | { readonly type: 'progress'; readonly what: string; readonly done: number; readonly total: number });

export type InspectAnswer =
  | { readonly type: 'opened'; readonly layer: LayerInfo; readonly files: readonly SubjectFile[]; readonly inputs: readonly string[] }
  | { readonly type: 'compared'; readonly dump?: DumpInfo }
  | { readonly type: 'located'; readonly place?: LocatedWord }
  | ViewAnswer
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly problem: ProblemData };

export type ViewAnswer =
  | ({ readonly type: 'tile' } & TileData)
  | ({ readonly type: 'psums' } & PsumData)
  | ({ readonly type: 'activations' } & ActivationData)
  | ({ readonly type: 'channel' } & ChannelData)
  | ({ readonly type: 'pixel' } & PixelData)
  | { readonly type: 'cycles'; readonly from: number; readonly states: readonly CycleState[] }
  | ({ readonly type: 'layer' } & LayerFigures)
  | ({ readonly type: 'widths' } & WidthFigures)
  /** Without coordinates there is none in that direction. `number` counts from 1 to `of`, all words that differ, which is absent without a dump. */
  | { readonly type: 'mismatch'; readonly coordinates?: Coordinates; readonly number?: number; readonly of?: number };

/** The layer as a page must know it to draw anything. Plain data. */
export interface LayerInfo {
  readonly name: string;
  /** Where its numbers come from, one sentence. */
  readonly from: string;
  readonly conv: Conv;
  readonly tiling: Tiling;
  readonly formats: { readonly activation: IntegerFormat; readonly weight: IntegerFormat; readonly psum: IntegerFormat };
  readonly overflow: OverflowPolicy;
  /** Outputs are cut at zero. */
  readonly relu: boolean;
  /** Real value of one activation code and of one weight code, when known. */
  readonly steps?: { readonly activation: number; readonly weight: number };
  /** Kinds of which golden files exist, so that values can be looked up there. */
  readonly goldens: readonly Kind[];
  /** Cycles of the whole layer in each dataflow. */
  readonly cycles: Readonly<Record<Dataflow, number>>;
  /** What a careful user should know, one sentence each. */
  readonly notes: readonly string[];
}

/** A golden file of the subject. Stays in the extension host. */
export interface SubjectFile {
  /** Absolute path. */
  readonly file: string;
  readonly kind: Kind;
}

/** A dump that values are compared with. */
export interface DumpInfo {
  readonly name: string;
  readonly kind: Kind;
  readonly verdict: Verdict;
  /** One sentence, with the counts. */
  readonly what: string;
  /** First cause, one sentence. */
  readonly cause?: string;
  /** Of outputs: expected after ReLU? */
  readonly relu?: boolean;
  /** Words that differ, and all that were compared, missing ones included. */
  readonly differing: number;
  readonly total: number;
}

/** A word in a file on disk; lines and columns count from 0. */
export interface LocatedWord {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** One weight tile and figures on its psums. */
export interface TileData extends TilePlace {
  /** Rows and columns that carry a channel; the others are zero padding of the last tile. */
  readonly usedRows: number;
  readonly usedCols: number;
  /** `[kij, row, col]` */
  readonly weights: Int32Array;
  /** Of each kij. */
  readonly figures: readonly PsumFigures[];
  /** Mismatching words of the dump in this tile by kij; absent without a dump of psums. */
  readonly differing?: readonly number[];
}

/** Figures on the psums of one kij of a tile pair, columns of zero padding left out. */
export interface PsumFigures {
  readonly range: Range;
  /** Exact psums that the psum width does not hold. */
  readonly overflowing: number;
  /** Bins of equal width from `range.min`; their counts add up to `count`. */
  readonly histogram: { readonly step: number; readonly counts: readonly number[] };
  readonly count: number;
}

/** What a dump holds at the same places. */
export interface DumpValues {
  /** 0 where it is not known. */
  readonly values: Int32Array;
  /** WORD_STATES of each. */
  readonly states: Uint8Array;
  /** 1 where the comparison counts the word as differing: it may have compared with golden files, or after ReLU. The thread always gives it. */
  readonly differs?: Uint8Array;
}

/** Psums of one kij of a tile pair. */
export interface PsumData extends TilePlace, Window {
  readonly kij: number;
  /** As the psum width holds them, `[nij, col]`. */
  readonly values: Int32Array;
  /** `[nij, col]`; absent without a dump of psums. */
  readonly dump?: DumpValues;
  /** Places whose golden file says another value than the one computed, `nij * cols + col` from the start of the window. */
  readonly goldenDiffers: readonly number[];
}

export interface ActivationData extends Window {
  readonly icTile: number;
  /** Codes, `[nij, row]` */
  readonly values: Int32Array;
}

/** All outputs of one channel. */
export interface ChannelData {
  readonly ocTile: number;
  readonly col: number;
  /** Before ReLU, as the psum width holds them, `[o_nij]`. */
  readonly raw: Int32Array;
  /** `[o_nij]`; absent without a dump of outputs. */
  readonly dump?: DumpValues;
  /** o_nij whose golden file says another value than the one computed. */
  readonly goldenDiffers: readonly number[];
}

/** How one output comes about. Arrays are `[icTile, kij]`, the order in which the SFP adds. */
export interface PixelData {
  readonly ocTile: number;
  readonly col: number;
  readonly oNij: number;
  readonly terms: Int32Array;
  /** The SFP's register after each addition, as the psum width holds it. */
  readonly sums: Int32Array;
  /** Padded input pixel that each term was computed at. */
  readonly nij: Int32Array;
  /** Address in the psum memory that each term is read from: whole numbers, which 32 bits do not hold in the largest layers. */
  readonly addresses: Float64Array;
  /** Before ReLU, as the width holds it, and the true sum. */
  readonly raw: number;
  readonly exact: number;
  readonly out: number;
  /** What the dump holds for the output, when there is a dump of outputs. */
  readonly dump?: { readonly value: number; readonly state: number; readonly differs?: boolean };
}

/** The array in one cycle of the layer; `layerCycle` counts from the layer's start. */
export type CycleState =
  | { readonly dataflow: 'weight-stationary'; readonly layerCycle: number; readonly state: PassState | AccumulateState }
  | { readonly dataflow: 'output-stationary'; readonly layerCycle: number; readonly place: OutputStationaryPlace; readonly state: OutputStationaryState };

/** Figures of the whole layer that need no psum. */
export interface LayerFigures {
  /** Multiply-adds of the convolution, those with the zeros around the image included. */
  readonly macs: number;
  readonly flows: readonly FlowFigures[];
  readonly footprint: Footprint;
  /** Least signed widths that hold every psum and output whatever the inputs are. */
  readonly worstCase: { readonly psum: number; readonly out: number };
}

export interface FlowFigures {
  readonly dataflow: Dataflow;
  readonly cycles: number;
  /** Cycles by phase, in the order in which they first occur. */
  readonly phases: readonly { readonly phase: string; readonly cycles: number }[];
}

/** What every width would cut: all psums of the layer are computed for it. Sums of columns of zero padding are among the counts. */
export interface WidthFigures extends WidthSweep {
  /** Least signed widths that hold every psum and output of this input. */
  readonly least: { readonly psum: number; readonly out: number };
  readonly psumRange: Range;
  readonly outRange: Range;
}
