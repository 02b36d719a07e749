import assert from 'node:assert/strict';
import type { ChannelData, LayerInfo } from '../../../src/protocol/inspect';
import { outputModel } from '../../../webview/models/matrices';
import { outputOf, reluText } from '../../../webview/models/outputText';
import type { OpenState } from '../../../webview/state/state';

const channel: ChannelData = { ocTile: 0, col: 0, raw: Int32Array.of(-7, 0, 5, -1), goldenDiffers: [] };
const stateOf = (relu: boolean): OpenState => {
  const layer = { conv: { outHeight: 2, outWidth: 2, outChannels: 8 }, tiling: { rows: 8, cols: 8, icTiles: 1, ocTiles: 1 }, relu } as unknown as LayerInfo;
  return { layer, side: 'golden', selection: { icTile: 0, ocTile: 0, kij: 0, nij: 0, row: 0, col: 0, oNij: 0 } } as unknown as OpenState;
};
const cells = (relu: boolean): unknown[] => [[0, 0], [0, 1], [1, 0], [1, 1]].map(([i, j]) => outputModel(stateOf(relu), channel).cell(i!, j!));

describe('webview: outputs', () => {
  it('of a layer without ReLU are its sums, and nothing is cut', () => {
    assert.deepEqual(cells(false), [-7, 0, 5, -1].map((value) => ({ value, padding: false })));
    assert.deepEqual([-7, 5].map((raw) => outputOf(false, raw)), [-7, 5]);
    assert.equal(reluText(false, { raw: -7, out: -7 }), 'no ReLU');
  });

  it('of a layer with ReLU are cut at zero, and what was cut is dimmed', () => {
    assert.deepEqual(cells(true), [{ value: 0, padding: false, dimmed: true }, { value: 0, padding: false }, { value: 5, padding: false }, { value: 0, padding: false, dimmed: true }]);
    assert.deepEqual([-7, 5].map((raw) => outputOf(true, raw)), [0, 5]);
    assert.equal(reluText(true, { raw: -7, out: 0 }), 'before ReLU \u22127 → 0');
  });
});
