import assert from 'node:assert/strict';
import type { PageQuestion } from '../../../src/protocol/panel';
import { Comparison } from '../../../webview/comparison';
import type { Connection } from '../../../webview/connection';
import type { Action } from '../../../webview/state/reduce';
import type { PageState } from '../../../webview/state/state';

type Listener = Parameters<Connection['ask']>[1];

describe('webview: comparison', () => {
  function harness(): { comparison: Comparison; asked: { question: PageQuestion; listener: Listener; cancelled: boolean }[]; actions: Action[] } {
    const asked: { question: PageQuestion; listener: Listener; cancelled: boolean }[] = [];
    const actions: Action[] = [];
    const ask: Connection['ask'] = (question, listener) => {
      const one = { question, listener, cancelled: false };
      asked.push(one);
      return { cancel: () => { one.cancelled = true; } };
    };
    const state = { phase: 'open', dump: { kind: 'psum' }, selection: { icTile: 0, ocTile: 0, kij: 1, nij: 2, row: 0, col: 3, oNij: 0 } } as unknown as PageState;
    return { comparison: new Comparison({ ask }, () => state, (action) => { actions.push(action); }), asked, actions };
  }

  it('gives up a dump for the one that is chosen next, and says why one is not compared', () => {
    const { comparison, asked, actions } = harness();
    const problem = { code: 'inspect-dump', what: 'Gone.', next: 'Simulate.', place: {} } as const;
    comparison.attach('a');
    comparison.attach('b');
    assert.deepEqual(asked.map(({ question, cancelled }) => [question, cancelled]), [[{ type: 'compare', dump: 'a' }, true], [{ type: 'compare', dump: 'b' }, false]]);
    asked[1]!.listener.refused(problem);
    comparison.attach(undefined);
    assert.deepEqual(asked[2]!.question, { type: 'compare' });
    assert.deepEqual(actions, [{ type: 'comparing', dumpId: 'a' }, { type: 'comparing', dumpId: 'b' }, { type: 'notCompared', problem }, { type: 'comparing', dumpId: undefined }]);
  });

  it('looks from the selected word on, and from the other end where there is none further', () => {
    const { comparison, asked, actions } = harness();
    comparison.step(true);
    assert.deepEqual(asked[0]!.question, { type: 'mismatch', from: { icTile: 0, ocTile: 0, col: 3, kij: 1, nij: 2 }, backward: true });
    asked[0]!.listener.answered({ type: 'mismatch', of: 2 });
    assert.deepEqual(asked[1]!.question, { type: 'mismatch', from: undefined, backward: true });
    asked[1]!.listener.answered({ type: 'mismatch', coordinates: { kij: 4 }, number: 2, of: 2 });
    assert.deepEqual(actions, [{ type: 'select', change: { kij: 4 } }, { type: 'mismatch', mismatch: { number: 2, of: 2 } }, { type: 'notice', notice: 'There is none before: back at the last of 2.' }]);
  });
});
