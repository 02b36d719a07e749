import assert from 'node:assert/strict';
import { mayRun } from '../../../src/extension/check/trust';

describe('a folder that is not trusted', () => {
  it('compares files that were chosen, and runs nothing that a configuration names', () => {
    const types = ['files', 'configured', 'layer'] as const;
    assert.deepEqual(types.map((type) => mayRun({ type }, false)), [true, false, false]);
    assert.deepEqual(types.map((type) => mayRun({ type }, true)), [true, true, true]);
  });
});
