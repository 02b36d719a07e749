/** A convolution layer of a model as lists show it; `tilescope layers --json` prints it. */
export interface ConvLayerSummary {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** One number a spatial axis: height, width. */
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  /** top, left, bottom, right; absent when it depends on an input size that the model leaves open */
  readonly padding?: readonly number[];
  /** height, width of the input image; absent when the model does not tell */
  readonly image?: readonly [number, number];
  readonly activation?: QuantizerSummary;
  readonly weight?: QuantizerSummary;
  /** Present when the layer cannot be mapped. */
  readonly refusal?: { readonly reason: string; readonly remedy: string };
}

export interface QuantizerSummary {
  /** How the quantiser stands in the graph. */
  readonly form: string;
  readonly bits: number;
  readonly signed: boolean;
  readonly alpha: number;
}

/** `int4`, `uint4` */
export function describeCode({ bits, signed }: Pick<QuantizerSummary, 'bits' | 'signed'>): string {
  return `${signed ? '' : 'u'}int${bits}`;
}
