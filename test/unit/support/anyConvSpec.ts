import fc from 'fast-check';
import type { ConvSpec } from '../../../src/engine/conv';

/** The most of everything that a convolution may have; the least is 1, of padding 0. One number holds for both directions. */
export interface ConvLimits {
  readonly channels: number;
  readonly size: number;
  readonly kernel: number | Sides;
  readonly stride: number | Sides;
  readonly dilation: number;
  readonly padding: number | Readonly<Record<'top' | 'left' | 'bottom' | 'right', number>>;
}

interface Sides {
  readonly height: number;
  readonly width: number;
}

/** Any convolution up to some limits whose kernel fits into its padded image. */
export function anyConvSpec({ channels, size, kernel, stride, dilation, padding }: ConvLimits): fc.Arbitrary<ConvSpec> {
  const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
  const sides = (most: number | Sides): Sides => (typeof most === 'number' ? { height: most, width: most } : most);
  const beside = (side: 'top' | 'left' | 'bottom' | 'right'): fc.Arbitrary<number> => fc.integer({ min: 0, max: typeof padding === 'number' ? padding : padding[side] });
  return fc
    .record({
      inChannels: upTo(channels),
      outChannels: upTo(channels),
      height: upTo(size),
      width: upTo(size),
      kernelHeight: upTo(sides(kernel).height),
      kernelWidth: upTo(sides(kernel).width),
      strideHeight: upTo(sides(stride).height),
      strideWidth: upTo(sides(stride).width),
      dilationHeight: upTo(dilation),
      dilationWidth: upTo(dilation),
      padding: fc.record({ top: beside('top'), left: beside('left'), bottom: beside('bottom'), right: beside('right') }),
    })
    .filter(kernelFits);
}

function kernelFits({ height, width, kernelHeight, kernelWidth, dilationHeight, dilationWidth, padding }: ConvSpec): boolean {
  return height + padding.top + padding.bottom > dilationHeight * (kernelHeight - 1) && width + padding.left + padding.right > dilationWidth * (kernelWidth - 1);
}
