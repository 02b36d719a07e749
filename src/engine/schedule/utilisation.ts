import type { Mapping } from '../tiling';
import { outputStationaryCycles } from './outputStationary';
import { layerCycles, passCycles, passesOf } from './weightStationary';

/**
 * Multiply-adds of a layer, each PE with an activation in its input register doing one a cycle:
 * `performed = useful + imagePadding + unread + tilePadding`.
 */
export interface MacCounts {
  readonly performed: number;
  /** A pixel of the image times a weight of the network, in an output. */
  readonly useful: number;
  /** In an output, but with a zero of the padding around the image. */
  readonly imagePadding: number;
  /** In a psum that no output reads: kij does not meet that nij at any output pixel. */
  readonly unread: number;
  /** In rows or columns of the array that carry no channel, or no output pixel. */
  readonly tilePadding: number;
}

/** How much of the array's time is work. */
export interface Utilisation {
  readonly cycles: number;
  readonly pes: number;
  readonly macs: MacCounts;
  /** Busy PE-cycles of all: `macs.performed / (pes * cycles)`, from 0 to 1. */
  readonly busy: number;
  /** The same with `macs.useful` only. */
  readonly useful: number;
}

/** Busy part of the PE-cycles of a pass: every PE meets each nij once, `nijCount / passCycles().total`. */
export function passUtilisation(mapping: Mapping): number {
  return mapping.conv.nijCount / passCycles(mapping).total;
}

/** The whole layer on the weight-stationary core. */
export function weightStationaryUtilisation(mapping: Mapping): Utilisation {
  const { conv, tiling } = mapping;
  const performed = tiling.rows * tiling.cols * conv.nijCount * passesOf(mapping) * tiling.ocTiles;
  const unread = conv.inChannels * conv.outChannels * conv.kijCount * (conv.nijCount - conv.oNijCount);
  return utilisation(mapping, layerCycles(mapping), performed, unread);
}

/** The whole layer on the output-stationary array. */
export function outputStationaryUtilisation(mapping: Mapping): Utilisation {
  const { tiles, stream, total } = outputStationaryCycles(mapping);
  return utilisation(mapping, total, mapping.tiling.rows * mapping.tiling.cols * stream * tiles, 0);
}

function utilisation({ conv, tiling }: Mapping, cycles: number, performed: number, unread: number): Utilisation {
  const pes = tiling.rows * tiling.cols;
  const channels = conv.inChannels * conv.outChannels;
  const inOutputs = channels * conv.kijCount * conv.oNijCount;
  const useful =
    channels *
    readsInside(conv.kernelHeight, conv.dilationHeight, conv.outHeight, conv.strideHeight, conv.padding.top, conv.height) *
    readsInside(conv.kernelWidth, conv.dilationWidth, conv.outWidth, conv.strideWidth, conv.padding.left, conv.width);
  const macs = { performed, useful, imagePadding: inOutputs - useful, unread, tilePadding: performed - inOutputs - unread };
  return { cycles, pes, macs, busy: performed / (pes * cycles), useful: useful / (pes * cycles) };
}

/** Pairs of a kernel and an output position, along one side, that meet a pixel of the image. */
function readsInside(kernel: number, dilation: number, out: number, stride: number, before: number, size: number): number {
  let count = 0;
  for (let k = 0; k < kernel; k++) {
    for (let o = 0; o < out; o++) {
      const at = o * stride + k * dilation - before;
      if (at >= 0 && at < size) count++;
    }
  }
  return count;
}
