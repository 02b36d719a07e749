import { Problem } from './problem';
import { simdPsums } from './simd/simdPsums';
import type { Mapping } from './tiling';
import { usedCols, usedRows } from './tiling';

/**
 * All partial sums of one (input-channel tile, output-channel tile) pair:
 * `P[col, nij, kij] = sum over rows of a[row, nij] * w[col, row, kij]`. Exact: nothing is cut to a width here.
 *
 * @param activationTiles `[icTile, nij, row]` from `tileActivations`
 * @param weightTiles `[icTile, ocTile, col, kij, row]` from `tileWeights`
 * @param out `[col, nij, kij]`; made new when not given
 */
export function psumTile(mapping: Mapping, activationTiles: Int32Array, weightTiles: Int32Array, icTile: number, ocTile: number, out?: Int32Array): Int32Array {
  const { nijCount, kijCount } = mapping.conv;
  const psum = out ?? new Int32Array(mapping.tiling.cols * nijCount * kijCount);
  if (!simdPsums(mapping, activationTiles, weightTiles, icTile, ocTile, psum)) plainPsums(mapping, activationTiles, weightTiles, icTile, ocTile, psum);
  return psum;
}

/** {@link psumTile} in plain TypeScript: the reference that the vectors are held to, and what runs where there are none. */
export function plainPsums(mapping: Mapping, activationTiles: Int32Array, weightTiles: Int32Array, icTile: number, ocTile: number, psum: Int32Array): void {
  const { conv, tiling } = mapping;
  const { rows, cols } = tiling;
  const { nijCount, kijCount } = conv;
  const weights = weightTiles.subarray((icTile * tiling.ocTiles + ocTile) * cols * kijCount * rows);
  const activations = activationTiles.subarray(icTile * nijCount * rows, (icTile + 1) * nijCount * rows);
  // Rows and columns of a last tile that carry no channel hold zeros only
  const cutCols = usedCols(mapping, ocTile);
  const cutRows = usedRows(mapping, icTile);
  psum.fill(0, cutCols * nijCount * kijCount, cols * nijCount * kijCount);
  if (rows === 8) psumRows8(activations, weights, psum, cutCols, nijCount, kijCount);
  else psumRows(activations, weights, psum, rows, cutRows, cutCols, nijCount, kijCount);
}

/**
 * All partial sums of a layer, `[icTile, ocTile, col, nij, kij]`.
 * @throws Problem `code-range` when a sum could leave 32 bits
 */
export function psums(mapping: Mapping, activationTiles: Int32Array, weightTiles: Int32Array): Int32Array {
  const { icTiles, ocTiles, cols } = mapping.tiling;
  const tileLength = cols * mapping.conv.nijCount * mapping.conv.kijCount;
  const all = new Int32Array(icTiles * ocTiles * tileLength);
  for (let icTile = 0; icTile < icTiles; icTile++) {
    for (let ocTile = 0; ocTile < ocTiles; ocTile++) {
      const start = (icTile * ocTiles + ocTile) * tileLength;
      psumTile(mapping, activationTiles, weightTiles, icTile, ocTile, all.subarray(start, start + tileLength));
    }
  }
  return all;
}

/** Refuses code magnitudes whose accumulation over the whole layer could leave 32 bits, so that the kernels may trust int32. */
export function checkInt32Safe({ conv }: Mapping, activationMagnitude: number, weightMagnitude: number): void {
  const worst = conv.inChannels * conv.kijCount * activationMagnitude * weightMagnitude;
  if (worst <= 2 ** 31 - 1) return;
  throw new Problem(
    'code-range',
    `An output could reach ${worst}, beyond the 32-bit integers TileScope computes with (${conv.inChannels} channels x ${conv.kijCount} kernel positions x ${activationMagnitude} x ${weightMagnitude}).`,
    'Check the codes: quantised layers of real networks stay far below this.',
  );
}

/** The general kernel: any number of rows. */
function psumRows(activations: Int32Array, weights: Int32Array, psum: Int32Array, rows: number, usedRowCount: number, cols: number, nijCount: number, kijCount: number): void {
  for (let col = 0, w0 = 0, p = 0; col < cols; col++, w0 += kijCount * rows) {
    for (let a0 = 0; a0 < nijCount * rows; a0 += rows) {
      for (let w = w0; w < w0 + kijCount * rows; w += rows) {
        let sum = 0;
        for (let row = 0; row < usedRowCount; row++) sum = (sum + Math.imul(activations[a0 + row]!, weights[w + row]!)) | 0;
        psum[p++] = sum;
      }
    }
  }
}

/** The course's array height, unrolled: the activations of one pixel stay in registers over all kernel positions. */
function psumRows8(activations: Int32Array, weights: Int32Array, psum: Int32Array, cols: number, nijCount: number, kijCount: number): void {
  for (let col = 0, w0 = 0, p = 0; col < cols; col++, w0 += kijCount * 8) {
    for (let a = 0; a < nijCount * 8; a += 8) {
      const a0 = activations[a]!;
      const a1 = activations[a + 1]!;
      const a2 = activations[a + 2]!;
      const a3 = activations[a + 3]!;
      const a4 = activations[a + 4]!;
      const a5 = activations[a + 5]!;
      const a6 = activations[a + 6]!;
      const a7 = activations[a + 7]!;
      for (let w = w0; w < w0 + kijCount * 8; w += 8) {
        psum[p++] =
          (Math.imul(a0, weights[w]!) +
            Math.imul(a1, weights[w + 1]!) +
            Math.imul(a2, weights[w + 2]!) +
            Math.imul(a3, weights[w + 3]!) +
            Math.imul(a4, weights[w + 4]!) +
            Math.imul(a5, weights[w + 5]!) +
            Math.imul(a6, weights[w + 6]!) +
            Math.imul(a7, weights[w + 7]!)) |
          0;
      }
    }
  }
}
