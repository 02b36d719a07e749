import type { Mapping } from '../engine/tiling';
import type { IntegerFormat, OverflowPolicy } from '../engine/width';
import type { Axis, Kind } from '../vectors/axis';

export { WORD_STATES } from '../vectors/dump/entries';

/** One axis of a pair and the coordinates it takes, ascending. */
export interface PairAxis {
  readonly axis: Axis;
  readonly coordinates: readonly number[];
}

/**
 * What was expected and what a dump holds, word by word on the same coordinates: all that a diagnosis may ask. Plain arrays, no
 * text; an entry is what stands at one address, its words are the columns (or rows) side by side.
 */
export interface WordPair {
  readonly kind: Kind;
  /** Width and sign with which both sides are read. */
  readonly format: IntegerFormat;
  /** Axes that tell the entries apart, outermost first, in the order of the dump's addresses. */
  readonly entryAxes: readonly PairAxis[];
  /** Axes that tell the words of an entry apart, outermost first. */
  readonly wordAxes: readonly PairAxis[];
  /** Expected values, `[...entryAxes, ...wordAxes]`. */
  readonly expected: Int32Array;
  /** What the dump holds at the same coordinates; 0 where `state` is not known. */
  readonly found: Int32Array;
  /** {@link WORD_STATES} of each word of `found`. */
  readonly state: Uint8Array;
  /** Bits of each word of `found` that are x or z, low 32; present when any is. */
  readonly unknownMask?: Uint32Array;
  /** Where the entries stand in the dump. */
  readonly dump: DumpEntries;
  /** Where the entries stand among those of a comparison of which the pair is a part; absent when it is all of it. */
  readonly part?: PairPart;
  /** From what the expected values can be computed anew, in other ways; absent when only golden psums or outputs are known. */
  readonly model?: PairModel;
}

/** A stretch of the entries of a comparison. */
export interface PairPart {
  /** Its first entry, as the comparison counts them: coordinates ascending. */
  readonly first: number;
  /** Entries of the comparison. */
  readonly of: number;
}

/** The order of a dump's own entries (addresses or lines). */
export interface DumpEntries {
  /** Entries of the whole dump, those that no coordinates belong to included. */
  readonly count: number;
  /** Entries that are expected of it in all: more than the pair has, where this is a window of them. */
  readonly expected: number;
  /** The dump's entry in which each of the pair's entries was looked for; -1 for none. */
  readonly entryOf: Int32Array;
}

/** A layer's inputs, so that a hypothesis such as "weights read unsigned" can be computed and not only guessed. */
export interface PairModel {
  readonly mapping: Mapping;
  /** `[icTile, nij, row]` as `tileActivations` gives them. */
  readonly activationTiles: Int32Array;
  /** `[icTile, ocTile, col, kij, row]` as `tileWeights` gives them. */
  readonly weightTiles: Int32Array;
  readonly activationFormat: IntegerFormat;
  readonly weightFormat: IntegerFormat;
  readonly psumBits: number;
  readonly overflow: OverflowPolicy;
  /** Outputs only: cut by ReLU? */
  readonly relu?: boolean;
}
