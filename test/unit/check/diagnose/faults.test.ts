import assert from 'node:assert/strict';
import { CAUSE_IDS } from '../../../../src/check/diagnose/causes';
import { quickOutcomes, row, scoreOf } from '../../../faults/table';

describe('diagnosis: each cause planted once', () => {
  it('names it first, names none where there is none, and counts right; `npm run faults` plants many more', () => {
    const all = [...quickOutcomes(1)];
    const wrong = all.filter(({ right, countsRight }) => !right || !countsRight).map(row);
    const planted = new Set(all.flatMap(({ test }) => (test.expected.length === 2 ? 'combination' : test.expected)));
    assert.deepEqual(CAUSE_IDS.filter((id) => !planted.has(id)), []);
    assert.deepEqual(wrong, [], JSON.stringify(scoreOf(all)));
  });
});
