import type { Conv } from './conv';

/**
 * The convolution by its definition, without tiles, padding buffers or addresses: an independent witness for the tiled result.
 * Works on integers (codes) and on floats (quantised real values) alike; sums are float64.
 *
 * @param activations `[inChannels, height, width]`
 * @param weights `[outChannels, inChannels, Kh, Kw]`
 * @returns `[outChannels, outHeight, outWidth]`
 */
export function directConvolution(c: Conv, activations: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const out = new Float64Array(c.outChannels * c.oNijCount);
  for (let oc = 0; oc < c.outChannels; oc++) {
    for (let ic = 0; ic < c.inChannels; ic++) {
      for (let ki = 0; ki < c.kernelHeight; ki++) {
        for (let kj = 0; kj < c.kernelWidth; kj++) {
          const weight = weights[((oc * c.inChannels + ic) * c.kernelHeight + ki) * c.kernelWidth + kj]!;
          if (weight === 0) continue;
          for (let oi = 0; oi < c.outHeight; oi++) {
            const i = oi * c.strideHeight + ki * c.dilationHeight - c.padding.top;
            if (i < 0 || i >= c.height) continue;
            const source = (ic * c.height + i) * c.width - c.padding.left + kj * c.dilationWidth;
            const target = (oc * c.outHeight + oi) * c.outWidth;
            for (let oj = 0; oj < c.outWidth; oj++) {
              const j = oj * c.strideWidth + kj * c.dilationWidth - c.padding.left;
              if (j >= 0 && j < c.width) out[target + oj]! += weight * activations[source + oj * c.strideWidth]!;
            }
          }
        }
      }
    }
  }
  return out;
}
