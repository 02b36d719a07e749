import { random } from './measure.mjs';

/** The convolutions of VGG16 for CIFAR, 3x3 and padded by one: input channels, output channels, side of the image. */
export const VGG16 = [[3, 64, 32], [64, 64, 32], [64, 128, 16], [128, 128, 16], [128, 256, 8], [256, 256, 8], [256, 256, 8], [256, 512, 4], [512, 512, 4], [512, 512, 4], [512, 512, 2], [512, 512, 2], [512, 512, 2]];

/** A layer of 4-bit codes on an 8x8 array, tiled. */
export function layerOf(library, [inChannels, outChannels, side]) {
  const next = random(inChannels * side);
  const mapping = library.mapLayer(library.conv({ inChannels, outChannels, height: side, width: side, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } }), { rows: 8, cols: 8 });
  const activationCodes = Int32Array.from({ length: inChannels * side * side }, () => next() % 16);
  const weightCodes = Int32Array.from({ length: outChannels * inChannels * 9 }, () => (next() % 15) - 7);
  return { mapping, activationCodes, weightCodes, activationTiles: library.tileActivations(mapping, activationCodes), weightTiles: library.tileWeights(mapping, weightCodes), psumBits: 16, overflow: 'error', relu: true };
}

export function psumCount({ mapping: { conv, tiling } }) {
  return tiling.icTiles * tiling.ocTiles * tiling.cols * conv.nijCount * conv.kijCount;
}

export function eachTile({ mapping: { tiling } }, work) {
  for (let icTile = 0; icTile < tiling.icTiles; icTile++) for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) work(icTile, ocTile);
}

/** All psums and sums of a layer, as the product computes them. */
export function sumsOf(sums, layer) {
  eachTile(layer, (icTile, ocTile) => sums.add(icTile, ocTile));
  return sums.finish();
}

/** The psums alone, where the kernel has them: a batch takes the place of the one before. */
export function kernelStages(library, layer) {
  const tile = new library.TileMemory(layer.mapping, true, layer.mapping.tiling.ocTiles);
  const kernel = library.Kernel.forBytes(tile.end + layer.mapping.tiling.cols * tile.sumBytes);
  kernel.enter(undefined);
  tile.writeTables(kernel);
  const { tiling, conv } = layer.mapping;
  const stages = (psums, sfp) => {
    for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
      tile.loadActivations(kernel, layer.activationTiles, icTile);
      for (let first = 0; first < tiling.ocTiles; ) {
        const end = tile.loadWeights(kernel, layer.weightTiles, icTile, first);
        for (let ocTile = first; ocTile < end; ocTile++) {
          for (const batch of tile.batches(ocTile)) {
            if (psums) tile.compute(kernel, ocTile - first, batch);
            if (sfp) kernel.run.accumulate(tile.psums, tile.end, batch.cols, tile.colBytes, tile.sumBytes, tile.offsets, conv.kijCount);
          }
        }
        first = end;
      }
    }
  };
  return { psums: () => stages(true, false), sfp: () => stages(false, true) };
}

/** The loops of the notebooks, written down as they are: psum[icTile][ocTile][kij][nij][col] += x * w. */
export function nestedLoops({ mapping: { conv, tiling }, activationTiles, weightTiles }) {
  const { rows, cols, icTiles, ocTiles } = tiling;
  const psum = new Int32Array(icTiles * ocTiles * conv.kijCount * conv.nijCount * cols);
  for (let ic = 0; ic < icTiles; ic++) {
    for (let oc = 0; oc < ocTiles; oc++) {
      for (let kij = 0; kij < conv.kijCount; kij++) {
        for (let nij = 0; nij < conv.nijCount; nij++) {
          for (let col = 0; col < cols; col++) {
            for (let row = 0; row < rows; row++) {
              psum[(((ic * ocTiles + oc) * conv.kijCount + kij) * conv.nijCount + nij) * cols + col] += activationTiles[(ic * conv.nijCount + nij) * rows + row] * weightTiles[(((ic * ocTiles + oc) * cols + col) * conv.kijCount + kij) * rows + row];
            }
          }
        }
      }
    }
  }
  return psum;
}
