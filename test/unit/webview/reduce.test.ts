import assert from 'node:assert/strict';
import fc from 'fast-check';
import { conv } from '../../../src/engine/conv';
import { outputStationaryCycles, outputStationaryPlaceAt } from '../../../src/engine/schedule/outputStationary';
import { layerCycles, passStart, placeAt } from '../../../src/engine/schedule/weightStationary';
import { mapLayer } from '../../../src/engine/tiling';
import type { DumpInfo, LayerInfo } from '../../../src/protocol/inspect';
import type { HostMessage, PanelState } from '../../../src/protocol/panel';
import { isPanelState } from '../../../src/protocol/panelGuards';
import type { Action } from '../../../webview/state/reduce';
import { reduce } from '../../../webview/state/reduce';
import { oNijAt } from '../../../webview/state/selection';
import type { OpenState, PageState } from '../../../webview/state/state';
import { panelState } from '../../../webview/state/state';

const mapping = mapLayer(conv({ inChannels: 10, outChannels: 9, height: 4, width: 4, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } }), { rows: 8, cols: 8 });
const layer: LayerInfo = { name: 'conv', from: 'f', ...mapping, formats: { activation: { bits: 4, signed: false }, weight: { bits: 4, signed: true }, psum: { bits: 16, signed: true } }, overflow: 'wrap', relu: true, goldens: [], cycles: { 'weight-stationary': layerCycles(mapping), 'output-stationary': outputStationaryCycles(mapping).total }, notes: [] };
const dump: DumpInfo = { name: 'd', kind: 'psum', verdict: 'mismatch', what: 'w', differing: 1, total: 2 };
const message = (state?: PanelState): Extract<HostMessage, { type: 'opened' }> => ({ type: 'opened', subject: 's', layer, dumps: [{ id: 'd', name: 'd' }], follow: true, ...(state !== undefined && { state }) });
const opened = (kept?: PanelState, state?: PanelState): OpenState => after({ phase: 'opening', name: '' }, { type: 'opened', message: message(state), kept });

function after(state: PageState, ...actions: readonly Action[]): OpenState {
  const last = actions.reduce(reduce, state);
  assert.ok(last.phase === 'open');
  return last;
}

describe('webview: state', () => {
  it('keeps selection and cycle in the same pass, whatever is done', () => {
    const action: fc.Arbitrary<Action> = fc.oneof(
      fc.record({ type: fc.constant('select' as const), change: fc.record({ icTile: fc.integer({ min: -1, max: 3 }), ocTile: fc.integer({ min: -1, max: 3 }), kij: fc.integer({ min: -1, max: 10 }), nij: fc.nat(40), col: fc.nat(9), oNij: fc.integer({ min: -1, max: 20 }) }, { requiredKeys: [] }) }),
      fc.record({ type: fc.constant('cycle' as const), cycle: fc.integer({ min: -10, max: 4000 }) }),
      fc.record({ type: fc.constant('dataflow' as const), dataflow: fc.constantFrom('weight-stationary' as const, 'output-stationary' as const) }),
      fc.record({ type: fc.constant('play' as const), on: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        let state = opened();
        for (const one of actions) {
          state = after(state, one);
          const { selection, cycle, dataflow } = state;
          assert.ok(cycle >= 0 && cycle < layer.cycles[dataflow]);
          assert.equal(selection.oNij, oNijAt(layer.conv, selection.kij, selection.nij));
          const place = dataflow === 'weight-stationary' ? placeAt(layer, cycle) : outputStationaryPlaceAt(layer, cycle);
          assert.equal(selection.ocTile, place.ocTile);
          if ('kij' in place) assert.deepEqual([selection.icTile, selection.kij], [place.icTile, place.kij]);
          assert.ok(isPanelState(panelState(state)));
        }
      }),
      { seed: 5 },
    );
  });

  it('a link goes before what was kept, what was kept before the beginning, and another layer keeps nothing', () => {
    const kept = panelState(after(opened(), { type: 'select', change: { kij: 4, nij: 14 } }, { type: 'view', view: 'array' }));
    const link = panelState(after(opened(), { type: 'select', change: { kij: 2 } }));
    assert.deepEqual([opened(kept).selection.kij, opened(kept).view, opened(kept).cycle], [4, 'array', passStart(layer, { ocTile: 0, icTile: 0, kij: 4 })]);
    assert.equal(opened(kept, link).selection.kij, 2);
    assert.equal(opened({ ...kept, subject: 'other' }).selection.kij, 0);
    assert.equal(opened({ ...kept, dump: 'gone' }).dumpId, undefined);
    assert.equal(opened({ ...kept, dump: 'd' }).dumpId, 'd');
  });

  it('shows a dump only while one is attached', () => {
    const state = opened();
    assert.equal(after(state, { type: 'side', side: 'dump' }).side, 'golden');
    const attached = after(state, { type: 'comparing', dumpId: 'd' }, { type: 'compared', dump });
    assert.deepEqual([attached.side, attached.dumpId, attached.edition], ['difference', 'd', state.edition + 1]);
    const off = after(attached, { type: 'comparing', dumpId: undefined }, { type: 'compared', dump: undefined });
    assert.deepEqual([off.side, off.dumpId, off.dump], ['golden', undefined, undefined]);
  });

  it('a dump that is lost stays chosen, and why it is not compared stays told until something else is', () => {
    const problem = { what: 'Gone.', next: 'Simulate.' };
    const attached = after(opened(), { type: 'comparing', dumpId: 'd' }, { type: 'compared', dump });
    const lost = after(attached, { type: 'notCompared', problem });
    assert.deepEqual([lost.lost, lost.comparing, lost.dumpId, lost.dump, lost.side], [problem, false, 'd', undefined, 'golden']);
    assert.notEqual(lost.edition, attached.edition, 'answers with values of the dump are old');
    assert.equal(opened(panelState(lost)).dumpId, 'd', 'compared again when the layer opens anew');
    assert.equal(after(lost, { type: 'comparing', dumpId: 'd' }).lost, undefined);
    assert.equal(after(lost, { type: 'comparing', dumpId: undefined }, { type: 'compared', dump: undefined }).lost, undefined);
    const unknown = opened({ ...panelState(lost), dump: 'gone' });
    assert.match(unknown.lost?.what ?? '', /not known any more/);
    assert.equal(opened().lost, undefined);
  });

  it('plays to the last cycle and stops there', () => {
    const state = after(opened(), { type: 'cycle', cycle: layer.cycles['weight-stationary'] - 2 }, { type: 'play', on: true }, { type: 'cycle', cycle: layer.cycles['weight-stationary'] - 1 });
    assert.equal(state.playing, false);
  });

  it('changes nothing of an open layer where none is open', () => {
    const empty: PageState = { phase: 'empty', actions: ['retry'] };
    assert.equal(reduce(empty, { type: 'cycle', cycle: 3 }), empty);
  });
});
