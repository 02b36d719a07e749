import { Problem } from './problem';

/** Zero pixels added around the image, in pixels. */
export interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A two-dimensional convolution as the network defines it. All sizes in pixels or channels. */
export interface ConvSpec {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Input image before padding. */
  readonly height: number;
  readonly width: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padding: Padding;
}

/** A convolution with the sizes that follow from it. */
export interface Conv extends ConvSpec {
  readonly paddedHeight: number;
  readonly paddedWidth: number;
  /** Padded input pixels: `nij = i * paddedWidth + j`. */
  readonly nijCount: number;
  /** Kernel positions: `kij = ki * kernelWidth + kj`. */
  readonly kijCount: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** Output pixels: `o_nij = oi * outWidth + oj`. */
  readonly oNijCount: number;
}

/**
 * Checks a convolution and derives its sizes.
 * @throws Problem `shape` when a size is not a positive whole number or the kernel does not fit the padded image
 */
export function conv(spec: ConvSpec): Conv {
  for (const key of ['inChannels', 'outChannels', 'height', 'width', 'kernelHeight', 'kernelWidth', 'strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth'] as const) {
    wholeAtLeast(spec[key], 1, key);
  }
  for (const side of ['top', 'left', 'bottom', 'right'] as const) wholeAtLeast(spec.padding[side], 0, `padding.${side}`);
  const { padding } = spec;
  const paddedHeight = spec.height + padding.top + padding.bottom;
  const paddedWidth = spec.width + padding.left + padding.right;
  const outHeight = outputSize(paddedHeight, spec.kernelHeight, spec.strideHeight, spec.dilationHeight, 'height');
  const outWidth = outputSize(paddedWidth, spec.kernelWidth, spec.strideWidth, spec.dilationWidth, 'width');
  return {
    ...spec,
    paddedHeight,
    paddedWidth,
    nijCount: paddedHeight * paddedWidth,
    kijCount: spec.kernelHeight * spec.kernelWidth,
    outHeight,
    outWidth,
    oNijCount: outHeight * outWidth,
  };
}

/**
 * The padded input pixel that kernel position `kij` meets at output pixel `oNij`: where the SFP reads the psum.
 * Stride and dilation stand in this address, nowhere else.
 */
export function nijOf(c: Conv, oNij: number, kij: number): number {
  const i = Math.floor(oNij / c.outWidth) * c.strideHeight + Math.floor(kij / c.kernelWidth) * c.dilationHeight;
  const j = (oNij % c.outWidth) * c.strideWidth + (kij % c.kernelWidth) * c.dilationWidth;
  return i * c.paddedWidth + j;
}

/** The output pixel that reads a psum of padded pixel `nij` at kernel position `kij`, inverse of {@link nijOf}; -1 when none does. */
export function oNijOf(c: Conv, nij: number, kij: number): number {
  const oi = outputAt(Math.floor(nij / c.paddedWidth) - Math.floor(kij / c.kernelWidth) * c.dilationHeight, c.strideHeight, c.outHeight);
  const oj = outputAt((nij % c.paddedWidth) - (kij % c.kernelWidth) * c.dilationWidth, c.strideWidth, c.outWidth);
  return oi < 0 || oj < 0 ? -1 : oi * c.outWidth + oj;
}

function outputAt(distance: number, stride: number, count: number): number {
  return distance >= 0 && distance % stride === 0 && distance / stride < count ? distance / stride : -1;
}

/** `64 to 64 channels, 3x3, 32x32`: how messages and lists name a convolution. */
export function describeConv(c: ConvSpec): string {
  return `${c.inChannels} to ${c.outChannels} channels, ${c.kernelHeight}x${c.kernelWidth}, ${c.height}x${c.width}`;
}

function outputSize(padded: number, kernel: number, stride: number, dilation: number, side: string): number {
  const reach = dilation * (kernel - 1) + 1;
  if (reach > padded) {
    throw new Problem('shape', `The kernel reaches over ${reach} pixels but the padded input's ${side} is ${padded}.`, 'Check kernel, padding and dilation against the input image.');
  }
  return Math.floor((padded - reach) / stride) + 1;
}

function wholeAtLeast(value: number, least: number, name: string): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new Problem('shape', `${name} is ${value}; it must be a whole number of at least ${least}.`, `Give ${name} as a whole number of at least ${least}.`);
}
