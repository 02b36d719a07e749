import assert from 'node:assert/strict';
import { RunMemory } from '../../../../src/extension/simulate/runMemory';

function remembered(lines: readonly string[]): RunMemory {
  const run = new RunMemory(['/golden']);
  for (const line of lines) run.add(line);
  return run;
}

describe('simulations: what a run said', () => {
  it('a line of digits leads to the output above it, with its tile', () => {
    const run = remembered(['oc tile 1', '1-th output featuremap Data matched! :D', '2-th output featuremap Data ERROR!!', 'sfpout: 0101', 'answer: 0111']);
    assert.deepEqual(run.outputsOf('sfpout: 0101'), [{ printed: 2, base: 1, folders: ['/golden'], ocTile: 1, answer: '0111' }]);
    assert.deepEqual(run.outputsOf('  2-th output featuremap Data ERROR!!').map(({ ocTile }) => ocTile), [1]);
    assert.equal(run.has('answer: 0111') && !run.has('answer: 1111'), true);
  });

  it('the same line after two headings stands for both', () => {
    const run = remembered(['oc tile 0', '3-th output Data ERROR!!', 'oc tile 1', '3-th output Data ERROR!!']);
    assert.deepEqual(run.outputsOf('3-th output Data ERROR!!').map(({ ocTile }) => ocTile), [0, 1]);
  });

  it('counting from 0 or from 1 is known from the whole run, or not at all', () => {
    const base = (lines: readonly string[]): unknown => remembered(lines).outputsOf(lines.at(-1)!)[0]!.base;
    assert.equal(base(['0-th output Data matched', '1-th output Data ERROR']), 0);
    assert.equal(base(['1-th output Data matched', '2-th output Data ERROR']), 1);
    assert.equal(base(['1-th output Data ERROR', '2-th output Data ERROR']), undefined);
    assert.equal(base(['5-th output Data ERROR', '7-th output Data ERROR']), undefined);
  });
});
