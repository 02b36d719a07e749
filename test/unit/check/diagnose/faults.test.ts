import assert from 'node:assert/strict';
import { outcomes, row, scoreOf } from '../../../faults/table';

describe('diagnosis: planted faults', () => {
  it('names them first, names none where there is none, and counts right', function () {
    this.timeout(0);
    const all = [...outcomes(1)];
    const wrong = all.filter(({ right, countsRight }) => !right || !countsRight).map(row);
    const score = scoreOf(all);
    assert.ok(score.faults >= 60, `${score.faults} faults`);
    assert.ok(score.passed, `${JSON.stringify(score)}\n${wrong.join('\n')}`);
  });
});
