import assert from 'node:assert/strict';
import { playedSpeed } from '../../../webview/player';
import { SPEEDS } from '../../../webview/state/state';

describe('webview: speed of what plays', () => {
  it('is the chosen one, and a step a second at most where less motion is wanted', () => {
    assert.deepEqual(SPEEDS.map((speed) => playedSpeed(speed, false)), [...SPEEDS]);
    assert.deepEqual(SPEEDS.map((speed) => playedSpeed(speed, true)), SPEEDS.map(() => 1));
    assert.equal(playedSpeed(0.5, true), 0.5);
  });
});
