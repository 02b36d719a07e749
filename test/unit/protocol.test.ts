import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nothingCompared } from '../../src/check/compare/report';
import { Problem } from '../../src/engine/problem';
import { isJobReply, isJobRequest, problemData, problemOf } from '../../src/protocol/job';

const CHECKS = [
  { type: 'configured', file: 'f', text: '{}', name: 'n' },
  { type: 'files', name: 'n', golden: ['g'], dump: ['d'] },
  { type: 'layer', file: 'f', text: '{}', layer: 'l', name: 'n', dump: ['d.vcd'], vcd: { signal: 's', clock: 'c' } },
];
const WRONG = [
  ...CHECKS.map((target) => ({ type: 'check', target: { ...target, name: 1 } })),
  { type: 'check' },
  { type: 'check', target: { type: 'files', name: 'n', golden: [], dump: ['d'] } },
  { type: 'check', target: { type: 'files', name: 'n', golden: ['g'], dump: [1] } },
  { type: 'check', target: { type: 'files', name: 'n', golden: ['g'], dump: ['d'], vcd: { clock: 'c' } } },
  { type: 'checked', result: { report: {}, inputs: [] } },
  { type: 'checked', result: { inputs: [] } },
];
const VIEW = { rows: [], words: [], lineAxes: [], wordAxes: [], lineCount: 0, differingShown: 0, sparse: false, ranges: {}, pixels: {} };
const REPORT = { ...nothingCompared({ bits: 16, signed: true }), name: 'n', kind: 'psum', verdict: 'match', what: '', expected: '', dump: '', map: '', notes: [], causes: [] };

describe('protocol: job', () => {
  it('accepts its own messages', () => {
    const problem = new Problem('shape', 'what', 'next', { file: 'f', line: 1 }, { cause: new Error('cause') });
    for (const message of [{ type: 'generate', text: '{}', file: 'f', entry: 'e', overwrite: false }, { type: 'layers', model: 'm' }, { type: 'cancel' }, ...CHECKS.map((target) => ({ type: 'check', target }))]) assert.ok(isJobRequest(message));
    assert.equal(isJobReply({ type: 'checked', result: { report: { ...REPORT, verdict: 'fine' }, inputs: [] } }), false);
    assert.equal(isJobReply({ type: 'checked', result: { report: REPORT, view: { ...VIEW, rows: 1 }, inputs: [] } }), false);
    for (const message of [{ type: 'failed', problems: [problemData(problem)] }, { type: 'layers', layers: [] }, { type: 'progress', progress: {} }, { type: 'generated', report: {} }, { type: 'checked', result: { report: REPORT, inputs: ['f'] } }, { type: 'checked', result: { report: REPORT, view: VIEW, inputs: [] } }]) assert.ok(isJobReply(message));
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
    for (const message of [{ type: 'generate' }, { type: 'generate', text: 1, file: 'f', entry: 'e', overwrite: true }, { type: 'layers' }, { type: 'failed', problems: [{ code: 'nonsense', what: '', next: '', place: {} }] }, { type: 'failed', problems: {} }, ...WRONG]) {
      assert.equal(isJobRequest(message) || isJobReply(message), false, JSON.stringify(message));
    }
  });
});
