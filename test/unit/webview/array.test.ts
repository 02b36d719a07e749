import assert from 'node:assert/strict';
import { FakeInspector } from '../../host/fakeInspector';
import type { Dataflow } from '../../../src/protocol/inspect';
import { paletteFrom } from '../../../webview/draw/palette';
import { csvOf } from '../../../webview/export/matrix';
import { arrayMatrix } from '../../../webview/export/matrices';
import type { PeState } from '../../../webview/models/arrayModel';
import { peState } from '../../../webview/models/arrayModel';
import { describePe, holdsWeight, peCells, sumPixel } from '../../../webview/models/peText';
import type { OpenState } from '../../../webview/state/state';

const fake = new FakeInspector({ name: 'conv', spec: { inChannels: 4, outChannels: 4, height: 4, width: 4 }, rows: 4, cols: 4 });
const cycle = (dataflow: Dataflow, from: number): Parameters<typeof peState>[0] => {
  const answer = fake.answer({ type: 'cycles', dataflow, from, count: 1 });
  assert.ok(answer.type === 'cycles');
  return answer.states[0]!;
};
const pesOf = (dataflow: Dataflow, from: number): PeState => {
  const pes = peState(cycle(dataflow, from));
  assert.ok(pes !== undefined);
  return pes;
};

describe('webview: PEs', () => {
  it('that hold nothing show a dash, not a 0', () => {
    for (const dataflow of ['weight-stationary', 'output-stationary'] as const) {
      assert.deepEqual(peCells(pesOf(dataflow, 0), 0, 0), ['–', '–', '–', '–']);
      assert.match(describePe(pesOf(dataflow, 0), 1, 2, 6), /^PE row 1 · col 2 · no weight · no activation · no (psum|sum)$/);
    }
  });

  it('show what stands in them, in every cycle of a pass and of a tile', () => {
    for (const [dataflow, count] of [['weight-stationary', 60], ['output-stationary', 54]] as const) {
      let [held, summed] = [0, 0];
      for (let at = 0; at < count; at++) {
        const state = cycle(dataflow, at);
        const pes = peState(state);
        if (pes === undefined) continue;
        for (let pe = 0; pe < 16; pe++) {
          const [weight, activation, psum, of] = peCells(pes, Math.floor(pe / 4), pe % 4);
          const number = (known: boolean, value: number): string => (known ? String(value).replace('-', '\u2212') : '–');
          assert.deepEqual([weight, activation, psum, of], [number(holdsWeight(pes, pe), pes.weights[pe]!), number(pes.activationNij[pe]! >= 0, pes.activations[pe]!), number(sumPixel(pes, pe) >= 0, pes.partial[pe]!), number(sumPixel(pes, pe) >= 0, sumPixel(pes, pe))]);
          held += Number(holdsWeight(pes, pe));
          summed += Number(sumPixel(pes, pe) >= 0);
        }
      }
      assert.ok(held > 0 && summed > 0 && summed < count * 16);
    }
  });

  it('without a psum are empty in the CSV of the array', () => {
    const mixed = Array.from({ length: 40 }, (_, at) => at).find((at) => new Set(Array.from({ length: 16 }, (_, pe) => sumPixel(pesOf('weight-stationary', at), pe) < 0)).size === 2)!;
    const state = { layer: fake.info, selection: { icTile: 0, ocTile: 0, kij: 0, nij: 0, row: 0, col: 0, oNij: 0 }, side: 'golden', cycle: mixed } as unknown as OpenState;
    const pes = pesOf('weight-stationary', mixed);
    const csv = csvOf(arrayMatrix(state, cycle('weight-stationary', mixed), paletteFrom(() => '')));
    const cells = csv.trimEnd().split('\r\n').slice(1).flatMap((line) => line.split(',').slice(1));
    assert.deepEqual(cells, Array.from({ length: 16 }, (_, pe) => (sumPixel(pes, pe) < 0 ? '' : String(pes.partial[pe]!))));
    assert.equal(csvOf({ title: '', corner: 'row', rows: ['a'], cols: ['b'], at: () => undefined }), 'row,b\r\na,x\r\n');
  });
});
