import assert from 'node:assert/strict';
import fc from 'fast-check';
import { conv, nijOf } from '../../../src/engine/conv';
import type { Mapping } from '../../../src/engine/tiling';
import { mapLayer } from '../../../src/engine/tiling';
import type { Kind } from '../../../src/vectors/axis';
import { changeOf, changed, coordinatesOf, firstSelection, isImagePadding, oNijAt } from '../../../webview/state/selection';

const size = fc.integer({ min: 1, max: 4 });
const pad = fc.integer({ min: 0, max: 2 });
const mapping: fc.Arbitrary<Mapping> = fc
  .record({ inChannels: fc.integer({ min: 1, max: 20 }), outChannels: fc.integer({ min: 1, max: 20 }), height: fc.integer({ min: 7, max: 12 }), width: fc.integer({ min: 7, max: 12 }), kernelHeight: size, kernelWidth: size, strideHeight: size, strideWidth: size, dilationHeight: fc.integer({ min: 1, max: 2 }), dilationWidth: fc.integer({ min: 1, max: 2 }), padding: fc.record({ top: pad, left: pad, bottom: pad, right: pad }) })
  .chain((spec) => fc.record({ rows: fc.integer({ min: 1, max: 9 }), cols: fc.integer({ min: 1, max: 9 }) }).map((array) => mapLayer(conv(spec), array)));
const change = fc.record({ icTile: fc.integer(), ocTile: fc.integer(), kij: fc.integer(), nij: fc.integer({ min: -5, max: 400 }), row: fc.integer(), col: fc.integer(), oNij: fc.integer({ min: -1, max: 200 }) }, { requiredKeys: [] });

describe('webview: selection', () => {
  it('finds the output that reads a pixel at a kij, and only that', () => {
    fc.assert(
      fc.property(mapping, ({ conv: c }) => {
        const readers = new Map<string, number>();
        for (let oNij = 0; oNij < c.oNijCount; oNij++) for (let kij = 0; kij < c.kijCount; kij++) readers.set(`${kij},${nijOf(c, oNij, kij)}`, oNij);
        for (let kij = 0; kij < c.kijCount; kij++) for (let nij = 0; nij < c.nijCount; nij++) assert.equal(oNijAt(c, kij, nij), readers.get(`${kij},${nij}`) ?? -1);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('stays inside the layer and in agreement with itself, whatever is changed', () => {
    fc.assert(
      fc.property(mapping, fc.array(change, { maxLength: 8 }), (layer, changes) => {
        const { conv: c, tiling } = layer;
        let selection = firstSelection(layer);
        for (const one of changes) {
          selection = changed(layer, selection, one);
          const counts = { icTile: tiling.icTiles, ocTile: tiling.ocTiles, kij: c.kijCount, nij: c.nijCount, row: tiling.rows, col: tiling.cols } as const;
          for (const [name, count] of Object.entries(counts) as [keyof typeof counts, number][]) assert.ok(selection[name] >= 0 && selection[name] < count, name);
          assert.equal(selection.oNij, oNijAt(c, selection.kij, selection.nij));
          if (one.oNij !== undefined && one.oNij >= 0) assert.equal(selection.oNij, Math.min(one.oNij, c.oNijCount - 1));
        }
      }),
      { seed: 2 },
    );
  });

  it('comes back from the coordinates of every kind', () => {
    fc.assert(
      fc.property(mapping, change, fc.constantFrom<Kind>('activation', 'weight', 'psum', 'out', 'address'), (layer, one, kind) => {
        const selection = changed(layer, firstSelection(layer), one);
        const coordinates = coordinatesOf(selection, kind);
        if (coordinates === undefined) assert.equal(selection.oNij, -1);
        else assert.deepEqual(changed(layer, selection, changeOf(coordinates)), selection);
      }),
      { seed: 3 },
    );
  });

  it('tells the padding around the image', () => {
    const c = conv({ inChannels: 1, outChannels: 1, height: 2, width: 3, kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 0, bottom: 0, right: 1 } });
    assert.deepEqual(Array.from({ length: c.nijCount }, (_, nij) => isImagePadding(c, nij)), [true, true, true, true, false, false, false, true, false, false, false, true]);
  });
});
