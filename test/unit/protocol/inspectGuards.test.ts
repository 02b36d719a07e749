import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Problem } from '../../../src/engine/problem';
import { conv } from '../../../src/engine/conv';
import { idOf, isInspectReply, isInspectRequest } from '../../../src/protocol/inspectGuards';
import { problemData } from '../../../src/protocol/job';
import { isViewAnswer, isViewQuestion } from '../../../src/protocol/viewGuards';

const TARGET = { type: 'files', name: 'n', golden: ['g'], dump: ['d'] };
const REQUESTS: readonly object[] = [
  { type: 'cancel' },
  { type: 'open', subject: { type: 'layer', file: 'f', layer: 'l' } },
  { type: 'open', subject: { type: 'layer', file: 'f', layer: 'l', text: '{}' } },
  { type: 'open', subject: { type: 'set', folder: 'f' } },
  { type: 'compare' },
  { type: 'compare', target: TARGET },
  { type: 'locate', kind: 'psum', coordinates: { kij: 0, nij: 3, col: 1 }, side: 'golden' },
  { type: 'tile', icTile: 0, ocTile: 1 },
  { type: 'psums', icTile: 0, ocTile: 0, kij: 8, nijFrom: 0, nijCount: 4 },
  { type: 'activations', icTile: 0, nijFrom: 0, nijCount: 4 },
  { type: 'channel', ocTile: 0, col: 0 },
  { type: 'pixel', ocTile: 0, col: 0, oNij: 0 },
  { type: 'cycles', dataflow: 'output-stationary', from: 0, count: 64 },
  { type: 'layer' },
  { type: 'widths' },
  { type: 'mismatch', from: undefined, backward: true },
  { type: 'mismatch', from: { kij: 1 }, backward: false },
];
const VIEWS = REQUESTS.slice(7);

/** Each differs from a request in one thing. */
const WRONG_REQUESTS: readonly object[] = [
  { type: 'open' },
  { type: 'open', subject: { type: 'layer', file: 'f' } },
  { type: 'open', subject: { type: 'layer', file: 'f', layer: 'l', text: 1 } },
  { type: 'open', subject: { type: '__proto__' } },
  { type: 'open', subject: { type: 'set', folder: '' } },
  { type: 'open', subject: { type: 'set', folder: 'a\0b' } },
  { type: 'compare', target: { ...TARGET, dump: [] } },
  { type: 'locate', kind: 'psums', coordinates: {}, side: 'golden' },
  { type: 'locate', kind: 'psum', coordinates: { file: 1 }, side: 'golden' },
  { type: 'locate', kind: 'psum', coordinates: { kij: 1.5 }, side: 'golden' },
  { type: 'locate', kind: 'psum', coordinates: [], side: 'golden' },
  { type: 'locate', kind: 'psum', coordinates: {}, side: 'rtl' },
  { type: 'tile', icTile: -1, ocTile: 0 },
  { type: 'tile', icTile: Number.NaN, ocTile: 0 },
  { type: 'tile', icTile: 2 ** 60, ocTile: 0 },
  { type: 'tile', icTile: '0', ocTile: 0 },
  { type: 'psums', icTile: 0, ocTile: 0, kij: 8, nijFrom: 0, nijCount: 0 },
  { type: 'cycles', dataflow: 'row-stationary', from: 0, count: 1 },
  { type: 'mismatch', from: undefined },
  { type: 'constructor' },
  { type: 'toString' },
];

const CONV = conv({ inChannels: 1, outChannels: 1, height: 2, width: 2, kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } });
const FORMAT = { bits: 4, signed: true };
const INFO = { name: 'n', from: 'f', conv: CONV, tiling: { rows: 1, cols: 1, icTiles: 1, ocTiles: 1 }, formats: { activation: FORMAT, weight: FORMAT, psum: FORMAT }, overflow: 'wrap', relu: true, goldens: ['out'], cycles: { 'weight-stationary': 1, 'output-stationary': 1 }, notes: [] };
const RANGE = { min: -1, max: 1 };
const FIGURES = { range: RANGE, overflowing: 0, histogram: { step: 1, counts: [1] }, count: 1 };
const MEMORY = { lines: 1, wordsPerLine: 1, words: 1, bits: 1, fills: 1 };
const DUMP = { values: new Int32Array(2), states: new Uint8Array(2), differs: new Uint8Array(2) };
const PSUMS = { type: 'psums', icTile: 0, ocTile: 0, kij: 0, nijFrom: 0, nijCount: 2, values: new Int32Array(2), dump: DUMP, goldenDiffers: [1] };
const ONE = new Int32Array(1);
const OUTPUT_STATE = { phase: 'stream', cycle: 0, rows: 1, cols: 1, weights: ONE, activations: ONE, activationNij: ONE, partial: ONE, step: ONE, partialONij: ONE, rowFeed: ONE, colFeed: ONE };
const REPLIES: readonly object[] = [
  { type: 'progress', what: 'w', done: 0, total: 1 },
  { type: 'opened', layer: INFO, files: [{ file: 'f', kind: 'out' }], inputs: ['f'] },
  { type: 'compared' },
  { type: 'compared', dump: { name: 'd', kind: 'psum', verdict: 'match', what: 'w', differing: 0, total: 1 } },
  { type: 'located', place: { file: 'f', line: 0, column: 0, length: 1 } },
  { type: 'cancelled' },
  { type: 'failed', problem: problemData(new Problem('inspect-set', 'w', 'n')) },
  { type: 'tile', icTile: 0, ocTile: 0, usedRows: 1, usedCols: 1, weights: new Int32Array(1), figures: [FIGURES], differing: [0] },
  PSUMS,
  { type: 'activations', icTile: 0, nijFrom: 0, nijCount: 1, values: new Int32Array(1) },
  { type: 'channel', ocTile: 0, col: 0, raw: new Int32Array(2), dump: DUMP, goldenDiffers: [] },
  { type: 'pixel', ocTile: 0, col: 0, oNij: 0, terms: new Int32Array(1), sums: new Int32Array(1), nij: new Int32Array(1), addresses: new Float64Array(1), raw: 1, exact: 1, out: 1, dump: { value: 1, state: 0, differs: true } },
  { type: 'cycles', from: 0, states: [{ dataflow: 'weight-stationary', layerCycle: 0, state: { phase: 'accumulate', ocTile: 0, cycle: 0 } }, { dataflow: 'output-stationary', layerCycle: 0, state: OUTPUT_STATE, place: {} }] },
  { type: 'layer', macs: 1, flows: [{ dataflow: 'weight-stationary', cycles: 1, phases: [{ phase: 'load', cycles: 1 }] }], footprint: { activation: MEMORY, weight: MEMORY, psum: MEMORY, output: MEMORY }, worstCase: { psum: 1, out: 1 } },
  { type: 'widths', psums: 1, outputs: 1, points: [{ bits: 1, psumsBeyond: 0, outputsBeyond: 0 }], least: { psum: 1, out: 1 }, psumRange: RANGE, outRange: RANGE },
  { type: 'mismatch' },
  { type: 'mismatch', coordinates: { kij: 1 }, number: 1, of: 2 },
];
const WRONG_REPLIES: readonly object[] = [
  { type: 'opened', layer: { ...INFO, formats: {} }, files: [], inputs: [] },
  { type: 'opened', layer: { ...INFO, conv: { ...CONV, nijCount: 0 } }, files: [], inputs: [] },
  { type: 'compared', dump: { name: 'd' } },
  { type: 'located', place: { file: 'f', line: -1, column: 0, length: 1 } },
  { type: 'failed', problem: { code: 'no-such-code', what: '', next: '', place: {} } },
  { ...PSUMS, values: [0, 0] },
  { ...PSUMS, dump: { ...DUMP, states: new Uint8Array(1) } },
  { ...PSUMS, dump: { ...DUMP, values: new Int32Array(3) } },
  { ...PSUMS, goldenDiffers: ['0'] },
  { type: 'channel', ocTile: 0, col: 0, raw: new Int32Array(1), dump: DUMP, goldenDiffers: [] },
  { ...PSUMS, dump: { ...DUMP, differs: new Uint8Array(3) } },
  { type: 'cycles', from: 0, states: [{ dataflow: 'output-stationary', layerCycle: 0, state: OUTPUT_STATE }] },
  { type: 'cycles', from: 0, states: [{ dataflow: 'weight-stationary', layerCycle: 0, state: { phase: 'load' } }] },
  { type: 'cycles', from: 0, states: [{ dataflow: 'output-stationary', layerCycle: 0, state: { ...OUTPUT_STATE, weights: new Int32Array() }, place: {} }] },
  { type: 'valueOf' },
];

describe('protocol: inspect', () => {
  it('accepts its own messages', () => {
    for (const message of REQUESTS) assert.ok(isInspectRequest({ id: 0, ...message }), JSON.stringify(message));
    for (const message of REPLIES) assert.ok(isInspectReply({ id: 3, ...message }), JSON.stringify(message));
    for (const message of VIEWS) assert.ok(isViewQuestion(message), JSON.stringify(message));
    for (const message of REPLIES.slice(7)) assert.ok(isViewAnswer(message), JSON.stringify(message));
    for (const message of REQUESTS.slice(0, 7)) assert.equal(isViewQuestion(message), false, JSON.stringify(message));
    for (const message of REPLIES.slice(0, 7)) assert.equal(isViewAnswer(message), false, JSON.stringify(message));
  });

  it('refuses messages that are wrong in one thing', () => {
    for (const message of WRONG_REQUESTS) assert.equal(isInspectRequest({ id: 0, ...message }), false, JSON.stringify(message));
    for (const message of WRONG_REPLIES) assert.equal(isInspectReply({ id: 0, ...message }), false, JSON.stringify(message));
    for (const id of [undefined, -1, 0.5, '0', null]) assert.equal(isInspectRequest({ id, type: 'layer' }), false);
    assert.equal(isInspectReply({ type: 'cancelled' }), false);
  });

  it('a message without any one of its parts is refused, unless the part may be absent', () => {
    const optional = new Set(['compare target', 'mismatch from', 'compared dump', 'psums dump', 'channel dump', 'pixel dump', 'located place', 'tile differing', 'mismatch coordinates', 'mismatch number', 'mismatch of']);
    for (const [messages, isOne] of [[REQUESTS, isInspectRequest], [REPLIES, isInspectReply]] as const) {
      for (const message of messages) {
        for (const key of Object.keys(message)) {
          const rest = Object.fromEntries(Object.entries(message).filter(([other]) => other !== key));
          const { type } = message as { type: string };
          assert.equal(isOne({ id: 0, ...rest }), optional.has(`${type} ${key}`), `${JSON.stringify(message)} without ${key}`);
        }
      }
    }
  });

  it('anything else is refused without a throw, and its number is found when it has one', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withTypedArray: true, withBigInt: true, withSparseArray: true }), fc.constantFrom(...REQUESTS, ...REPLIES), fc.string(), (value, message, key) => {
        for (const guard of [isInspectRequest, isInspectReply, isViewQuestion, isViewAnswer]) assert.equal(typeof guard(value), 'boolean');
        const id = idOf(value);
        assert.ok(id === undefined || id === (value as { id: number }).id);
        // A strange value in the place of any part
        const keys = Object.keys(message);
        const changed = { id: 1, ...message, [keys[key.length % keys.length]!]: value };
        assert.equal(typeof isInspectRequest(changed), 'boolean');
        assert.equal(typeof isInspectReply(changed), 'boolean');
      }),
      { seed: 5, numRuns: 2000 },
    );
  });
});
