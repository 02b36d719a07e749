import assert from 'node:assert/strict';
import path from 'node:path';
import type { ConvSpec } from '../../src/engine/conv';
import type { AccumulateState } from '../../src/engine/schedule/accumulateState';
import type { PassState } from '../../src/engine/schedule/passState';
import { stateAt } from '../../src/engine/schedule/stateAt';
import { layerCycles, runCycles } from '../../src/engine/schedule/weightStationary';
import { ROOT } from '../host/paths';
import { removeTestFolders, testFolder } from '../unit/support/workspace';
import type { CodesLayer } from './support';
import { runOnCore } from './support';

const PLAIN: ConvSpec = {
  inChannels: 4,
  outChannels: 4,
  height: 3,
  width: 3,
  kernelHeight: 2,
  kernelWidth: 2,
  strideHeight: 1,
  strideWidth: 1,
  dilationHeight: 1,
  dilationWidth: 1,
  padding: { top: 1, left: 0, bottom: 0, right: 1 },
};

const LAYERS: Record<string, CodesLayer> = {
  '4x4, one tile': { spec: PLAIN, rows: 4, cols: 4, bits: 4, psumBits: 16 },
  '8x8, partly used': { spec: { ...PLAIN, inChannels: 7, outChannels: 5 }, rows: 8, cols: 8, bits: 4, psumBits: 16 },
  '2x5, 3x2 tiles, stride 2': { spec: { ...PLAIN, inChannels: 5, outChannels: 6, strideHeight: 2, strideWidth: 2 }, rows: 2, cols: 5, bits: 3, psumBits: 13 },
  '5x2, 1x2 tiles, dilation 2': { spec: { ...PLAIN, inChannels: 5, outChannels: 3, dilationHeight: 2, dilationWidth: 2 }, rows: 5, cols: 2, bits: 4, psumBits: 12 },
  '1x1, 2x2 tiles': { spec: { ...PLAIN, inChannels: 2, outChannels: 2 }, rows: 1, cols: 1, bits: 4, psumBits: 16 },
};

/** What the core shows of one register, FIFO or port in one cycle, by name: `pe 0 1 weight`. */
type Shown = Record<string, string | number>;

/** The monitor's lines, one record a cycle. */
function shownByCore(output: string): Shown[] {
  const cycles: Shown[] = [];
  for (const [, cycle, what, rest] of output.matchAll(/^@ (\d+) (\w+) (.*)$/gm)) Object.assign((cycles[Number(cycle)] ??= {}), meaning(what!, rest!.split(' ')));
  return cycles;
}

function meaning(what: string, n: string[]): Shown {
  if (what === 'l0') return { [`l0 ${n[0]} fill`]: n[4]!, [`l0 ${n[0]} reads`]: n[1]!, ...(n[1] === '1' && { [`l0 ${n[0]} word`]: `${n[2]} or ${n[3]}` }) };
  if (what === 'pe') {
    const pe = `pe ${n[0]} ${n[1]}`;
    return { [`${pe} weight`]: n[2]!, [`${pe} activation`]: n[3] === '1' ? n[5]! : 'none', [`${pe} passing`]: n[4] === '1' ? n[6]! : 'none', [`${pe} psum register`]: n[7]! };
  }
  if (what === 'column') {
    const column = `column ${n[0]}`;
    return { [`${column} leaves`]: n[1] === '1' ? n[2]! : 'none', [`${column} fill`]: n[3]!, [`${column} ofifo`]: n[4]!, [`${column} read`]: n[5]!, [`${column} sum`]: n[6]!, [`${column} out`]: n[7]! };
  }
  return { write: n[0]!, read: n[1]!, address: n[2]!, adds: n[3]!, writesOut: n[4]!, outAddress: n[5]! };
}

/** What a computed state says of the same names. It says nothing of registers that hold junk. */
function shownByState(state: PassState | AccumulateState): Shown {
  return Object.fromEntries(Object.entries(state.phase === 'accumulate' ? accumulateShown(state) : passShown(state)).map(([name, value]) => [name, String(value)]));
}

function passShown(state: PassState): Shown {
  const shown: Shown = { write: state.written ? 1 : 0, read: 0, adds: 0, writesOut: 0 };
  if (state.written) shown['address'] = state.written.address;
  for (let row = 0, pe = 0; row < state.rows; row++) {
    const [nij, weightCol] = [state.l0.nij[row]!, state.l0.weightCol[row]!];
    Object.assign(shown, { [`l0 ${row} fill`]: state.l0.fill[row]!, [`l0 ${row} reads`]: nij >= 0 || weightCol >= 0 ? 1 : 0 });
    if (nij >= 0 || weightCol >= 0) shown[`l0 ${row} word`] = state.l0.values[row]!;
    for (let col = 0; col < state.cols; col++, pe++) {
      shown[`pe ${row} ${col} weight`] = state.weightPass[pe]! >= 0 ? state.weights[pe]! : 'x';
      shown[`pe ${row} ${col} activation`] = state.activationNij[pe]! >= 0 ? state.activations[pe]! : 'none';
      shown[`pe ${row} ${col} passing`] = state.passingCol[pe]! >= 0 ? state.passing[pe]! : 'none';
      if (state.partialNij[pe]! >= 0) shown[`pe ${row} ${col} psum register`] = state.partial[pe]!;
    }
  }
  for (let col = 0; col < state.cols; col++) {
    shown[`column ${col} leaves`] = state.columns.nij[col]! >= 0 ? state.columns.psum[col]! : 'none';
    shown[`column ${col} fill`] = state.columns.ofifoFill[col]!;
    if (state.written) shown[`column ${col} ofifo`] = state.written.psums[col]!;
  }
  return shown;
}

function accumulateShown({ read, added, sum, written }: AccumulateState): Shown {
  const shown: Shown = { write: 0, read: read ? 1 : 0, adds: added ? 1 : 0, writesOut: written ? 1 : 0 };
  if (read) shown['address'] = read.address;
  added?.psums.forEach((psum, col) => (shown[`column ${col} read`] = psum));
  sum?.values.forEach((value, col) => (shown[`column ${col} sum`] = value));
  if (written) shown['outAddress'] = written.oNij;
  written?.outputs.forEach((output, col) => (shown[`column ${col} out`] = output));
  return shown;
}

/** The same names of what the core shows; a word of L0 is an activation or a weight, which only the state knows. */
function comparable(core: Shown, state: PassState | AccumulateState, names: string[]): Shown {
  return Object.fromEntries(
    names.map((name) => {
      const [activation, weight] = /^l0 \d+ word$/.test(name) ? String(core[name]).split(' or ') : [core[name], core[name]];
      const row = Number(name.split(' ')[1]);
      return [name, (state.phase !== 'accumulate' && name.startsWith('l0') && state.l0.nij[row]! >= 0 ? activation : weight)!];
    }),
  );
}

async function checkEveryCycle(codes: CodesLayer): Promise<void> {
  const { layer, simulation } = await runOnCore(testFolder(), codes, path.join(ROOT, 'test/rtl/monitor.v'));
  assert.ok(simulation.passed, simulation.result);
  const { mapping } = layer;
  assert.deepEqual(simulation.cycles, Array.from({ length: mapping.tiling.ocTiles }, () => runCycles(mapping)));
  const shown = shownByCore(simulation.output);
  assert.equal(shown.length, layerCycles(mapping));
  shown.forEach((core, cycle) => {
    const state = stateAt({ ...layer, psumBits: codes.psumBits, overflow: 'error', relu: true }, cycle);
    const expected = shownByState(state);
    assert.deepEqual(comparable(core, state, Object.keys(expected)), expected, `cycle ${cycle}`);
  });
}

describe('the schedule is that of the example core, in every register and cycle', () => {
  after(removeTestFolders);

  for (const [name, codes] of Object.entries(LAYERS)) {
    it(name, () => checkEveryCycle(codes));
  }
});
