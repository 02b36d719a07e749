import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accumulateState } from '../../../../src/engine/schedule/accumulateState';
import { passState } from '../../../../src/engine/schedule/passState';
import { stateAt } from '../../../../src/engine/schedule/stateAt';
import type { RunCycles } from '../../../../src/engine/schedule/weightStationary';
import { cycleOf, layerCycles, passAt, passCycles, passIndex, placeAt, runCycles } from '../../../../src/engine/schedule/weightStationary';
import { relu } from '../../../../src/engine/sfp';
import type { TestLayer } from './anyLayer';
import { anyLayer, layerOf } from './anyLayer';
import type { Facts } from './steppedCore';
import { SteppedCore, factsOf } from './steppedCore';

const conv5 = layerOf(
  { inChannels: 8, outChannels: 8, height: 4, width: 4, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } },
  { rows: 8, cols: 8 },
);

/** Goes through a layer clock by clock; `visit` is called in every cycle before its clock edge. Returns the cores, one for each oc tile. */
function run(layer: TestLayer, visit: (core: SteppedCore, cycle: number) => void): SteppedCore[] {
  const cores: SteppedCore[] = [];
  let cycle = 0;
  for (let ocTile = 0; ocTile < layer.mapping.tiling.ocTiles; ocTile++) {
    const core = cores.at(-1)?.next() ?? new SteppedCore(layer, 0, 0);
    while (core.phase !== 'done') {
      visit(core, cycle++);
      core.step();
    }
    cores.push(core);
  }
  return cores;
}

/** Names whose numbers differ. */
function differences(actual: Facts, expected: Facts): string[] {
  assert.deepEqual(Object.keys(actual), Object.keys(expected));
  return Object.keys(expected).filter((name) => {
    const [a, b] = [actual[name]!, expected[name]!];
    if (a.length !== b.length) return true;
    for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return true;
    return false;
  });
}

describe('engine: weight-stationary schedule', () => {
  it('counts the cycles of the example that its README states: conv5 on 8x8', () => {
    assert.deepEqual(runCycles(conv5.mapping), { passes: 9, load: 72, stream: 324, drain: 171, accumulate: 146, total: 713 });
    assert.deepEqual(passCycles(conv5.mapping), { load: 8, stream: 36, drain: 19, total: 63 });
  });

  it('tells by a formula what the core, stepped clock by clock, shows in every register in every cycle', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        run(layer, (core, cycle) => {
          const expected = core.facts();
          const actual = factsOf(stateAt(layer, cycle));
          const names = differences(actual, expected);
          if (names.length > 0) assert.deepEqual(pick(actual, names), pick(expected, names), `cycle ${cycle}`);
        });
      }),
      { seed: 30, numRuns: 60 },
    );
  });

  it('phases begin and end when those of the stepped core do', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const counts = layerRuns(layer).map(() => ({ load: 0, stream: 0, drain: 0, accumulate: 0 }));
        let cycles = 0;
        const cores = run(layer, (core, cycle) => {
          const place = placeAt(layer.mapping, cycle);
          const phase = core.phase === 'flush' ? 'accumulate' : (core.phase as keyof (typeof counts)[0]);
          assert.equal(place.phase, phase, `cycle ${cycle}`);
          assert.equal(place.ocTile, core.ocTile);
          assert.equal(cycleOf(layer.mapping, place), cycle);
          counts[core.ocTile]![phase]++;
          cycles++;
        });
        assert.equal(layerCycles(layer.mapping), cycles);
        assert.throws(() => placeAt(layer.mapping, cycles), RangeError);
        cores.forEach((core, ocTile) => {
          const { load, stream, drain, accumulate } = counts[ocTile]!;
          const expected: RunCycles = { passes: core.pass, load, stream, drain, accumulate, total: load + stream + drain + accumulate };
          assert.deepEqual(runCycles(layer.mapping), expected);
        });
      }),
      { seed: 31, numRuns: 40 },
    );
  });

  it('what leaves the array are the psums, and what leaves the SFP are the outputs', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const { conv, tiling } = layer.mapping;
        const outputs = relu(layer.outRaw);
        for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
          const memory = new Map<number, number[]>();
          const out = new Map<number, number[]>();
          const run = runCycles(layer.mapping);
          for (let cycle = ocTile * run.total; cycle < (ocTile + 1) * run.total; cycle++) {
            const state = stateAt(layer, cycle);
            if (state.phase === 'accumulate') {
              if (!state.written) continue;
              out.set(state.written.oNij, [...state.written.outputs]);
              const plain = stateAt({ ...layer, relu: false }, cycle);
              assert.deepEqual(plain.phase === 'accumulate' && plain.written?.outputs, state.sum?.values, 'the sums, in a layer without ReLU');
            } else if (state.written) memory.set(state.written.address, [...state.written.psums]);
          }
          assert.equal(memory.size, tiling.icTiles * conv.kijCount * conv.nijCount);
          assert.equal(out.size, conv.oNijCount);
          for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
            const psums = layer.psumTile(icTile, ocTile);
            psums.forEach((psum, index) => {
              const kij = index % conv.kijCount;
              const nij = Math.floor(index / conv.kijCount) % conv.nijCount;
              assert.equal(memory.get((icTile * conv.kijCount + kij) * conv.nijCount + nij)![Math.floor(index / (conv.kijCount * conv.nijCount))], psum);
            });
          }
          for (const [oNij, line] of out) line.forEach((value, col) => { assert.equal(value, outputs[(ocTile * tiling.cols + col) * conv.oNijCount + oNij]); });
        }
      }),
      { seed: 32, numRuns: 40 },
    );
  });

  it('the stepped core itself computes the layer: it is a witness, not a copy', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const { conv, tiling } = layer.mapping;
        const outputs = relu(layer.outRaw);
        run(layer, () => undefined).forEach((core, ocTile) => {
          const lines = Array.from({ length: conv.oNijCount }, (_, oNij) => Array.from({ length: tiling.cols }, (_, col) => outputs[(ocTile * tiling.cols + col) * conv.oNijCount + oNij]!));
          assert.deepEqual(core.outMemory, lines);
        });
      }),
      { seed: 33, numRuns: 40 },
    );
  });

  it('numbers the passes and finds them again', () => {
    fc.assert(
      fc.property(anyLayer, ({ mapping }) => {
        const passes = mapping.tiling.ocTiles * mapping.tiling.icTiles * mapping.conv.kijCount;
        for (let index = 0; index < passes; index++) assert.equal(passIndex(mapping, passAt(mapping, index)), index);
        assert.deepEqual(passAt(mapping, passes - 1), { ocTile: mapping.tiling.ocTiles - 1, icTile: mapping.tiling.icTiles - 1, kij: mapping.conv.kijCount - 1 });
      }),
      { seed: 34, numRuns: 40 },
    );
  });

  it('refuses cycles that are not there', () => {
    const pass = { ocTile: 0, icTile: 0, kij: 0 };
    for (const cycle of [-1, 0.5, 63]) assert.throws(() => passState(conv5, pass, cycle), RangeError);
    for (const cycle of [-1, 146, NaN]) assert.throws(() => accumulateState(conv5, 0, cycle), RangeError);
    for (const cycle of [-1, 713]) assert.throws(() => stateAt(conv5, cycle), { name: 'RangeError', message: `There is no cycle ${cycle} in a layer of 713 cycles.` });
  });
});

function layerRuns(layer: TestLayer): number[] {
  return Array.from({ length: layer.mapping.tiling.ocTiles }, (_, ocTile) => ocTile);
}

function pick(facts: Facts, names: string[]): Record<string, number[]> {
  return Object.fromEntries(names.map((name) => [name, Array.from(facts[name]!)]));
}
