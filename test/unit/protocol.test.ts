import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Problem } from '../../src/engine/problem';
import { isJobReply, isJobRequest, problemData, problemOf } from '../../src/protocol/job';

describe('protocol: job', () => {
  it('accepts its own messages', () => {
    const problem = new Problem('shape', 'what', 'next', { file: 'f', line: 1 }, { cause: new Error('cause') });
    for (const message of [{ type: 'generate', text: '{}', file: 'f', entry: 'e', overwrite: false }, { type: 'layers', model: 'm' }, { type: 'cancel' }]) assert.ok(isJobRequest(message));
    for (const message of [{ type: 'failed', problems: [problemData(problem)] }, { type: 'layers', layers: [] }, { type: 'progress', progress: {} }, { type: 'generated', report: {} }]) assert.ok(isJobReply(message));
    const back = problemOf(problemData(problem));
    assert.deepEqual([back.code, back.what, back.next, back.place], [problem.code, problem.what, problem.next, problem.place]);
    assert.ok(back.cause instanceof Error && back.cause.stack === (problem.cause as Error).stack);
  });

  it('refuses what it does not know, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        assert.equal(isJobRequest(value), false);
        assert.equal(isJobReply(value), false);
      }),
    );
    for (const message of [{ type: 'generate' }, { type: 'generate', text: 1, file: 'f', entry: 'e', overwrite: true }, { type: 'layers' }, { type: 'failed', problems: [{ code: 'nonsense', what: '', next: '', place: {} }] }, { type: 'failed', problems: {} }]) {
      assert.equal(isJobRequest(message) || isJobReply(message), false, JSON.stringify(message));
    }
  });
});
