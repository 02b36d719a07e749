import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nijOf } from '../../../../src/engine/conv';
import { outputStationaryCycles, outputStationaryPlaceAt, outputStationaryState } from '../../../../src/engine/schedule/outputStationary';
import { stateAt } from '../../../../src/engine/schedule/stateAt';
import type { MacCounts } from '../../../../src/engine/schedule/utilisation';
import { outputStationaryUtilisation, passUtilisation, weightStationaryUtilisation } from '../../../../src/engine/schedule/utilisation';
import { layerCycles, passCycles } from '../../../../src/engine/schedule/weightStationary';
import type { Mapping } from '../../../../src/engine/tiling';
import { usedCols, usedRows } from '../../../../src/engine/tiling';
import { anyLayer, layerOf } from './anyLayer';

/** Every busy PE of every cycle by what its product is good for. */
function countWeightStationary({ conv, tiling }: Mapping): MacCounts {
  const counts = { performed: 0, useful: 0, imagePadding: 0, unread: 0, tilePadding: 0 };
  for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
    for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
      const used = usedRows({ conv, tiling }, icTile) * usedCols({ conv, tiling }, ocTile);
      for (let kij = 0; kij < conv.kijCount; kij++) {
        const read = new Set(Array.from({ length: conv.oNijCount }, (_, oNij) => nijOf(conv, oNij, kij)));
        for (let nij = 0; nij < conv.nijCount; nij++) {
          counts.performed += tiling.rows * tiling.cols;
          counts.tilePadding += tiling.rows * tiling.cols - used;
          counts[!read.has(nij) ? 'unread' : isPadding({ conv, tiling }, nij) ? 'imagePadding' : 'useful'] += used;
        }
      }
    }
  }
  return counts;
}

function isPadding({ conv }: Mapping, nij: number): boolean {
  const i = Math.floor(nij / conv.paddedWidth) - conv.padding.top;
  const j = (nij % conv.paddedWidth) - conv.padding.left;
  return i < 0 || i >= conv.height || j < 0 || j >= conv.width;
}

describe('engine: utilisation', () => {
  it('counts the multiply-adds of a weight-stationary layer by what they are good for', () => {
    fc.assert(
      fc.property(anyLayer, ({ mapping }) => {
        assert.deepEqual(weightStationaryUtilisation(mapping).macs, countWeightStationary(mapping));
      }),
      { seed: 50, numRuns: 100 },
    );
  });

  it('is the part of the PE-cycles that have an activation, in both dataflows', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const { mapping } = layer;
        const pes = mapping.tiling.rows * mapping.tiling.cols;
        let busy = 0;
        let inFirstPass = 0;
        for (let cycle = 0; cycle < layerCycles(mapping); cycle++) {
          const state = stateAt(layer, cycle);
          if (state.phase === 'accumulate') continue;
          busy += state.activationNij.filter((nij) => nij >= 0).length;
          if (cycle === passCycles(mapping).total - 1) inFirstPass = busy;
        }
        const weightStationary = weightStationaryUtilisation(mapping);
        assert.equal(weightStationary.macs.performed, busy);
        assert.equal(weightStationary.busy, busy / (pes * layerCycles(mapping)));
        assert.equal(passUtilisation(mapping), inFirstPass / pes / passCycles(mapping).total);

        let withStep = 0;
        let useful = 0;
        const { total } = outputStationaryCycles(mapping);
        for (let cycle = 0; cycle < total; cycle++) {
          const place = outputStationaryPlaceAt(mapping, cycle);
          const { step, activationNij, cols } = outputStationaryState(layer, place, place.cycle);
          withStep += step.filter((s) => s >= 0).length;
          activationNij.forEach((nij, pe) => (useful += nij >= 0 && !isPadding(mapping, nij) && pe % cols < usedCols(mapping, place.ocTile) ? 1 : 0));
        }
        const outputStationary = outputStationaryUtilisation(mapping);
        const { macs } = outputStationary;
        assert.equal(macs.performed, withStep);
        assert.equal(macs.useful, useful);
        assert.equal(macs.performed, macs.useful + macs.imagePadding + macs.unread + macs.tilePadding);
        assert.equal(macs.unread, 0);
        assert.equal(outputStationary.useful, useful / (pes * total));
        assert.equal(weightStationary.macs.useful, useful);
      }),
      { seed: 51, numRuns: 30 },
    );
  });

  it('of the example conv5 on 8x8', () => {
    const { mapping } = layerOf(
      { inChannels: 8, outChannels: 8, height: 4, width: 4, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } },
      { rows: 8, cols: 8 },
    );
    assert.equal(passUtilisation(mapping), 36 / 63);
    assert.deepEqual(weightStationaryUtilisation(mapping), { cycles: 713, pes: 64, macs: { performed: 20736, useful: 6400, imagePadding: 2816, unread: 11520, tilePadding: 0 }, busy: 324 / 713, useful: 100 / 713 });
    assert.deepEqual(outputStationaryUtilisation(mapping), { cycles: 194, pes: 64, macs: { performed: 9216, useful: 6400, imagePadding: 2816, unread: 0, tilePadding: 0 }, busy: 144 / 194, useful: 100 / 194 });
  });
});
