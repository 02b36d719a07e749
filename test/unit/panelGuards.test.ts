import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HostMessage, PageMessage, PanelState } from '../../src/protocol/panel';
import { isHostMessage, isPageMessage, isPanelState } from '../../src/protocol/panelGuards';

const selection = { icTile: 0, ocTile: 0, kij: 4, nij: 0, row: 0, col: 7, oNij: -1 };
const state: PanelState = { subject: 's', selection, side: 'golden', view: 'tile', dataflow: 'weight-stationary', cycle: 0, follow: true };
const problem = { code: 'shape', what: 'w', next: 'n', place: {} } as const;
const PAGE: readonly PageMessage[] = [
  { type: 'ready' },
  { type: 'ask', id: 1, question: { type: 'psums', icTile: 0, ocTile: 0, kij: 0, nijFrom: 0, nijCount: 36 } },
  { type: 'ask', id: 2, question: { type: 'compare' } },
  { type: 'ask', id: 3, question: { type: 'mismatch', from: { kij: 1, nij: 3 }, backward: false } },
  { type: 'cancel', id: 1 },
  { type: 'reveal', kind: 'psum', coordinates: { col: 1 }, side: 'dump' },
  { type: 'follow', on: true },
  { type: 'save', name: 'n.png', format: 'png', data: new Uint8Array(3) },
  { type: 'save', name: 'n.svg', format: 'svg', data: '<svg/>' },
  { type: 'copy', text: 't', what: 'w' },
  { type: 'copyLink', selection },
  { type: 'action', action: 'generate' },
  { type: 'trouble', what: 'w' },
];
const HOST: readonly HostMessage[] = [
  { type: 'opening', name: 'conv3', progress: { what: 'Computing', done: 1, total: 4 } },
  { type: 'dumps', dumps: [{ id: 'd', name: 'psum.memh', kind: 'psum' }] },
  { type: 'dumpLost', problem },
  { type: 'empty', problem, actions: ['retry', 'showLog'] },
  { type: 'select', kind: 'out', coordinates: { ocTile: 0, col: 1, o_nij: 2 }, dump: 'd' },
  { type: 'progress', id: 1, what: 'Widths', done: 0, total: 3 },
  { type: 'answer', id: 1, answer: { type: 'compared' } },
  { type: 'answer', id: 1, answer: { type: 'mismatch' } },
  { type: 'answer', id: 1, answer: { type: 'activations', icTile: 0, nijFrom: 0, nijCount: 1, values: new Int32Array(8) } },
  { type: 'refused', id: 2, problem },
  { type: 'cancelled', id: 3 },
];

describe('protocol: panel', () => {
  it('accepts its own messages, each in its direction', () => {
    for (const message of PAGE) assert.ok(isPageMessage(message) && !isHostMessage(message), JSON.stringify(message));
    for (const message of HOST) assert.ok(isHostMessage(message) && !isPageMessage(message), JSON.stringify(message));
    assert.ok(isPanelState(state) && isPanelState({ ...state, dump: 'd' }));
  });

  it('refuses a message that lacks a field or has another type in it', () => {
    const messages = [...PAGE, ...HOST].filter(({ type }) => type !== 'ready');
    for (const message of messages) {
      const required = Object.keys(message).filter((key) => key !== 'progress' && key !== 'problem' && key !== 'dump');
      for (const key of required) {
        const rest = Object.fromEntries(Object.entries(message).filter(([name]) => name !== key));
        assert.equal(isPageMessage(rest) || isHostMessage(rest), false, `${message.type} without ${key}`);
        assert.equal(isPageMessage({ ...rest, [key]: null }) || isHostMessage({ ...rest, [key]: null }), false, `${message.type} with a strange ${key}`);
      }
    }
    assert.equal(isPanelState({ ...state, view: 'sfp' }), false);
    assert.equal(isHostMessage({ type: 'answer', id: 1, answer: { type: 'activations', icTile: 0, nijFrom: 0, nijCount: 1, values: [1, 2] } }), false);
    assert.equal(isPageMessage({ type: 'ask', id: 1, question: { type: 'cycles', dataflow: 'row-stationary', from: 0, count: 1 } }), false);
  });

  it('refuses what it does not know, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        assert.equal(isPageMessage(value) || isHostMessage(value) || isPanelState(value), false);
      }),
      { seed: 11 },
    );
    for (const type of ['toString', 'constructor', '__proto__']) assert.equal(isHostMessage({ type }), false);
  });
});
