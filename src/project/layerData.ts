import type { Conv } from '../engine/conv';
import type { Progress } from '../protocol/report';
import type { FileDigest } from './manifest';

/** A layer's codes, wherever they come from: what the engine computes with and what the self-check compares against. */
export interface LayerData {
  readonly conv: Conv;
  /** `[inChannels, height, width]` */
  readonly activationCodes: Int32Array;
  /** `[outChannels, inChannels, Kh, Kw]` */
  readonly weightCodes: Int32Array;
  /** Widths of the codes. Activations are unsigned but where a QDQ model says otherwise. */
  readonly bits: { readonly activation: number; readonly activationSigned: boolean; readonly weight: number };
  /** Real value of one activation code and of one weight code; absent when unknown. */
  readonly steps?: { readonly activation: number; readonly weight: number };
  /** Codes were out of range and were wrapped or saturated, so that outputs no longer match the reference. */
  readonly cut: boolean;
  /** The layer's output in real units, `[outChannels, outHeight, outWidth]`, and where it comes from. Computed when asked for: only a run that writes compares. */
  readonly reference?: { readonly values: () => ArrayLike<number>; readonly from: string };
  readonly inputs: readonly FileDigest[];
  /** What was done, where there is a choice. */
  readonly notes: readonly string[];
  /** What a careful user should know, one sentence each. */
  readonly warnings: readonly string[];
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}
