import assert from 'node:assert/strict';
import { FakeInspector } from '../../host/fakeInspector';
import { outputStationaryPlaceAt } from '../../../src/engine/schedule/outputStationary';
import { accumulateStart, placeAt } from '../../../src/engine/schedule/weightStationary';
import type { Dataflow } from '../../../src/protocol/inspect';
import { DATAFLOWS } from '../../../src/protocol/inspect';
import { paletteFrom } from '../../../webview/draw/palette';
import { csvOf } from '../../../webview/export/matrix';
import { arrayMatrix } from '../../../webview/export/matrices';
import type { PeState } from '../../../webview/models/arrayModel';
import { peState } from '../../../webview/models/arrayModel';
import { describePe, holdsWeight, peCells, sumPixel } from '../../../webview/models/peText';
import { sharesOf } from '../../../webview/models/utilisation';
import { cycleText } from '../../../webview/models/cycleText';
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

describe('webview: phases of the player', () => {
  const at = (dataflow: Dataflow, cycle: number): { phase: string; phaseCycle: number } => (dataflow === 'weight-stationary' ? placeAt(fake.info, cycle) : outputStationaryPlaceAt(fake.info, cycle));

  it('begin where they say, from every cycle of the layer', () => {
    for (const dataflow of DATAFLOWS) {
      for (let cycle = 0; cycle < fake.info.cycles[dataflow]; cycle++) {
        const text = cycleText(fake.info, dataflow, cycle, { icTile: 0, kij: 5 });
        for (const { phase, cycle: start } of text.phases) assert.deepEqual([at(dataflow, start).phase, at(dataflow, start).phaseCycle], [phase, 0], `${phase} from cycle ${cycle}`);
        const current = text.phases.find(({ phase }) => phase === text.phase)!;
        assert.equal(cycle - current.cycle, at(dataflow, cycle).phaseCycle);
      }
    }
  });

  it('of an accumulation lead back to the pass that is selected', () => {
    const text = cycleText(fake.info, 'weight-stationary', accumulateStart(fake.info, 0), { icTile: 0, kij: 5 });
    assert.deepEqual(placeAt(fake.info, text.phases[1]!.cycle), { phase: 'stream', ocTile: 0, icTile: 0, kij: 5, cycle: 4, phaseCycle: 0 });
  });
});

describe('webview: utilisation', () => {
  it('has one definition of each share, with the numbers that it is made of', () => {
    const conv5 = new FakeInspector({ name: 'conv5', spec: { inChannels: 8, outChannels: 8, height: 4, width: 4 }, rows: 8, cols: 8 }).info;
    const { busy, useful } = sharesOf(conv5, 'weight-stationary');
    // docs/schedule.md: 713 cycles, 45 % busy, 14 % useful
    assert.deepEqual([busy.text, useful.text], ['45.4 %', '14.0 %']);
    assert.match(busy.formula, /^busy = 20\u202f736 .*, of 64 PEs × 713 cycles$/);
    assert.match(useful.formula, /^useful = 6\u202f400 .*, of 64 PEs × 713 cycles$/);
  });
});
