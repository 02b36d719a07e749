import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ConvSpec } from '../../src/engine/conv';
import type { LayerResult } from '../../src/engine/layer';
import { runCycles } from '../../src/engine/schedule/weightStationary';
import { relu } from '../../src/engine/sfp';
import { anyConvSpec } from '../unit/support/anyConvSpec';
import { removeTestFolders, testFolder } from '../unit/support/workspace';
import type { CodesLayer } from './support';
import { bitsOf, dumpedWords, runOnCore } from './support';

const PLAIN: ConvSpec = {
  inChannels: 4,
  outChannels: 4,
  height: 4,
  width: 4,
  kernelHeight: 3,
  kernelWidth: 3,
  strideHeight: 1,
  strideWidth: 1,
  dilationHeight: 1,
  dilationWidth: 1,
  padding: { top: 1, left: 1, bottom: 1, right: 1 },
};

const LAYERS: Record<string, CodesLayer> = {
  '4x4, one tile': { spec: PLAIN, rows: 4, cols: 4, bits: 4, psumBits: 16 },
  '16x16, partly used': { spec: { ...PLAIN, inChannels: 12, outChannels: 10, height: 3, width: 2, kernelHeight: 2, kernelWidth: 2 }, rows: 16, cols: 16, bits: 4, psumBits: 16 },
  '8x4, 2x3 tiles, 5x7 image, stride 2 and 3, padding of two sides': {
    spec: { ...PLAIN, inChannels: 11, outChannels: 9, height: 5, width: 7, strideHeight: 2, strideWidth: 3, padding: { top: 2, left: 0, bottom: 0, right: 1 } },
    rows: 8,
    cols: 4,
    bits: 4,
    psumBits: 16,
  },
  '4x8, 1x1 kernel, no padding': {
    spec: { ...PLAIN, inChannels: 6, outChannels: 8, kernelHeight: 1, kernelWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } },
    rows: 4,
    cols: 8,
    bits: 2,
    psumBits: 9,
  },
  '3x5, 2x3 kernel, dilation 2 and 1, 3 bits in 13': { spec: { ...PLAIN, inChannels: 5, outChannels: 5, height: 6, kernelHeight: 2, dilationHeight: 2 }, rows: 3, cols: 5, bits: 3, psumBits: 13 },
  '1x1, 2x2 tiles': { spec: { ...PLAIN, inChannels: 2, outChannels: 2, height: 3, width: 3 }, rows: 1, cols: 1, bits: 4, psumBits: 16 },
};

/** Psums of an output-channel tile in the order of the memory: `[icTile][kij][nij][col]`. */
function psumMemory(layer: LayerResult, ocTile: number, bits: number): string[][] {
  const { conv, tiling } = layer.mapping;
  return Array.from({ length: tiling.icTiles }, (_, icTile) => layer.psumTile(icTile, ocTile)).flatMap((psums) =>
    Array.from({ length: conv.kijCount * conv.nijCount }, (_, address) => {
      const kij = Math.floor(address / conv.nijCount);
      const nij = address % conv.nijCount;
      return Array.from({ length: tiling.cols }, (_, col) => bitsOf(psums[(col * conv.nijCount + nij) * conv.kijCount + kij]!, bits));
    }),
  );
}

/** Outputs of an output-channel tile in the order of the memory: `[o_nij][col]`. */
function outMemory({ mapping: { conv, tiling }, outRaw }: LayerResult, ocTile: number, bits: number): string[][] {
  const out = relu(outRaw);
  return Array.from({ length: conv.oNijCount }, (_, oNij) => Array.from({ length: tiling.cols }, (_, col) => bitsOf(out[(ocTile * tiling.cols + col) * conv.oNijCount + oNij]!, bits)));
}

/** Runs a layer on the core, every tile of it, and compares both memories and the cycles with what the engine says. */
async function checkOnCore(codes: CodesLayer): Promise<void> {
  const folder = testFolder();
  const { layer, simulation } = await runOnCore(folder, codes);
  const { output, passed, compared, cycles } = simulation;
  assert.ok(passed, output);
  const { conv, tiling } = layer.mapping;
  assert.equal(compared, tiling.ocTiles * (tiling.icTiles * conv.kijCount * conv.nijCount + conv.oNijCount));
  assert.deepEqual(cycles, Array.from({ length: tiling.ocTiles }, () => runCycles(layer.mapping)));
  for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
    const tile = tiling.ocTiles > 1 ? `_otile${ocTile}` : '';
    assert.deepEqual(dumpedWords(folder.path, `psum${tile}`, codes.psumBits), psumMemory(layer, ocTile, codes.psumBits));
    assert.deepEqual(dumpedWords(folder.path, `out${tile}`, codes.psumBits), outMemory(layer, ocTile, codes.psumBits));
  }
}

/** Any small layer on any small array that a simulator gets through quickly. */
const anyLayer: fc.Arbitrary<CodesLayer> = fc
  .record({
    spec: anyConvSpec({ channels: 7, size: 5, kernel: 3, stride: 3, dilation: 2, padding: 2 }),
    rows: fc.integer({ min: 1, max: 6 }),
    cols: fc.integer({ min: 1, max: 6 }),
    bits: fc.integer({ min: 2, max: 6 }),
    psumBits: fc.integer({ min: 18, max: 32 }),
  });

describe('the example core computes what the engine does, in the cycles that it says', () => {
  after(removeTestFolders);

  for (const [name, codes] of Object.entries(LAYERS)) {
    it(name, () => checkOnCore(codes));
  }

  it('any small layer on any small array', () => fc.assert(fc.asyncProperty(anyLayer, checkOnCore), { seed: 20, numRuns: 15 }));
});
