import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nijOf } from '../../../../src/engine/conv';
import type { ScheduledLayer } from '../../../../src/engine/schedule/arrayState';
import type { OutputStationaryState, OutputTile } from '../../../../src/engine/schedule/outputStationary';
import { OutputTileWords, outputStationaryCycles, outputStationaryPlaceAt, outputStationaryState, outputTileStart, pixelTiles } from '../../../../src/engine/schedule/outputStationary';
import { relu } from '../../../../src/engine/sfp';
import { anyLayer, layerOf } from './anyLayer';

/** A code on its way through the array, and the step that it belongs to. */
interface Word {
  readonly value: number;
  readonly step: number;
}

interface Pe {
  readonly activation: Word | undefined;
  readonly weight: Word | undefined;
  readonly sum: { readonly value: number; readonly oNij: number; readonly products: number } | undefined;
}

type Line = (Word | undefined)[];

/** The output-stationary array clock by clock: words move by one register, and the drain begins when the last PE has its sum. */
class SteppedArray {
  pes: Pe[][];
  readonly written = new Map<number, number[]>();
  private asked = 0;
  private memory: { activations: Line; weights: Line };
  /** `skew[r]` has r registers on the way to row r (column r). */
  private rowSkew: Line[];
  private colSkew: Line[];
  private draining = 0;

  constructor(
    private readonly layer: ScheduledLayer,
    private readonly tile: OutputTile,
  ) {
    const { rows, cols } = layer.mapping.tiling;
    const nothing = (length: number): undefined[] => Array.from({ length }, () => undefined);
    this.memory = { activations: nothing(rows), weights: nothing(cols) };
    this.rowSkew = nothing(rows).map((_, row) => nothing(row + 1));
    this.colSkew = nothing(cols).map((_, col) => nothing(col + 1));
    this.pes = nothing(rows).map(() => nothing(cols).map(() => ({ activation: undefined, weight: undefined, sum: undefined })));
  }

  get done(): boolean {
    return this.draining === this.layer.mapping.tiling.rows;
  }

  /** The row that leaves in this cycle, once all sums are complete. */
  get leaving(): Pe[] | undefined {
    const { conv } = this.layer.mapping;
    const complete = this.draining > 0 || this.pes.flat().every((pe) => pe.sum?.products === conv.inChannels * conv.kijCount);
    return complete ? this.pes.at(-1) : undefined;
  }

  rowFeed(): Line {
    return this.rowSkew.map((registers) => registers.at(-1));
  }

  colFeed(): Line {
    return this.colSkew.map((registers) => registers.at(-1));
  }

  step(): void {
    const [rowFeed, colFeed, leaving] = [this.rowFeed(), this.colFeed(), this.leaving];
    if (leaving) {
      if (leaving[0]!.sum!.oNij >= 0) this.written.set(leaving[0]!.sum!.oNij, leaving.map((pe) => pe.sum!.value));
      this.draining++;
      this.pes = this.pes.map((peRow, row) => peRow.map(({ activation, weight }, col) => ({ activation, weight, sum: row === 0 ? undefined : this.pes[row - 1]![col]!.sum })));
    } else this.pes = this.pes.map((peRow, row) => peRow.map((pe, col) => this.clocked(pe, row, col, rowFeed, colFeed)));
    this.rowSkew = this.rowSkew.map((registers, row) => [this.memory.activations[row], ...registers.slice(0, -1)]);
    this.colSkew = this.colSkew.map((registers, col) => [this.memory.weights[col], ...registers.slice(0, -1)]);
    this.readMemory();
  }

  private clocked(pe: Pe, row: number, col: number, rowFeed: Line, colFeed: Line): Pe {
    const { conv, tiling } = this.layer.mapping;
    assert.equal(pe.activation?.step, pe.weight?.step, 'an activation meets the weight of its own step');
    const oNij = this.tile.pixelTile * tiling.rows + row;
    const before = pe.sum ?? { value: 0, products: 0 };
    return {
      activation: col === 0 ? rowFeed[row] : this.pes[row]![col - 1]!.activation,
      weight: row === 0 ? colFeed[col] : this.pes[row - 1]![col]!.weight,
      sum: pe.activation && pe.weight ? { value: before.value + pe.activation.value * pe.weight.value, products: before.products + 1, oNij: oNij < conv.oNijCount ? oNij : -1 } : pe.sum,
    };
  }

  private readMemory(): void {
    const { mapping, activationTiles, weightTiles } = this.layer;
    const { rows, cols, ocTiles } = mapping.tiling;
    const { kijCount, nijCount, inChannels, oNijCount } = mapping.conv;
    const step = this.asked++;
    const [ic, kij] = [Math.floor(step / kijCount), step % kijCount];
    const icTile = Math.floor(ic / rows);
    if (ic >= inChannels) {
      this.memory = { activations: this.memory.activations.map(() => undefined), weights: this.memory.weights.map(() => undefined) };
      return;
    }
    const pixel = (row: number): number => this.tile.pixelTile * rows + row;
    this.memory = {
      activations: Array.from({ length: rows }, (_, row) => ({ step, value: pixel(row) < oNijCount ? activationTiles[(icTile * nijCount + nijOf(mapping.conv, pixel(row), kij)) * rows + (ic % rows)]! : 0 })),
      weights: Array.from({ length: cols }, (_, col) => ({ step, value: weightTiles[(((icTile * ocTiles + this.tile.ocTile) * cols + col) * kijCount + kij) * rows + (ic % rows)]! })),
    };
  }
}

/** The computed state, and what the stepped array shows, under the same names. */
function computedFacts(state: OutputStationaryState): Record<string, number[] | undefined> {
  return {
    step: [...state.step],
    activations: [...state.activations],
    weights: [...state.weights],
    partial: [...state.partial],
    partialONij: [...state.partialONij],
    products: [...state.products],
    rowFeed: [...state.rowFeed],
    colFeed: [...state.colFeed],
    written: state.written && [state.written.oNij, ...state.written.sums],
  };
}

function steppedFacts(array: SteppedArray): Record<string, number[] | undefined> {
  const flat = array.pes.flat();
  const used = (pe: Pe): Pe['sum'] => (pe.sum && pe.sum.oNij >= 0 ? pe.sum : undefined);
  const written = array.leaving && used(array.leaving[0]!) ? [array.leaving[0]!.sum!.oNij, ...array.leaving.map((pe) => pe.sum!.value)] : undefined;
  return {
    step: flat.map((pe) => pe.activation?.step ?? -1),
    activations: flat.map((pe) => pe.activation?.value ?? 0),
    weights: flat.map((pe) => pe.weight?.value ?? 0),
    partial: flat.map((pe) => used(pe)?.value ?? 0),
    partialONij: flat.map((pe) => used(pe)?.oNij ?? -1),
    products: flat.map((pe) => used(pe)?.products ?? 0),
    rowFeed: array.rowFeed().map((word) => word?.step ?? -1),
    colFeed: array.colFeed().map((word) => word?.step ?? -1),
    written,
  };
}

describe('engine: output-stationary schedule', () => {
  it('tells by a formula what the array, stepped clock by clock, shows in every cycle, and in as many cycles', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const { mapping } = layer;
        let cycle = 0;
        for (let ocTile = 0; ocTile < mapping.tiling.ocTiles; ocTile++) {
          for (let pixelTile = 0; pixelTile < pixelTiles(mapping); pixelTile++) {
            const array = new SteppedArray(layer, { ocTile, pixelTile });
            assert.equal(outputTileStart(mapping, { ocTile, pixelTile }), cycle);
            for (; !array.done; array.step(), cycle++) {
              const place = outputStationaryPlaceAt(mapping, cycle);
              assert.deepEqual([place.ocTile, place.pixelTile], [ocTile, pixelTile]);
              const state = outputStationaryState(layer, place, place.cycle);
              assert.equal(state.phase, place.phase);
              assert.deepEqual(computedFacts(state), steppedFacts(array), `cycle ${cycle}`);
            }
          }
        }
        assert.equal(outputStationaryCycles(mapping).total, cycle);
        assert.throws(() => outputStationaryPlaceAt(mapping, cycle), RangeError);
      }),
      { seed: 40, numRuns: 40 },
    );
  });

  it('writes every output once, as the tiles of the other dataflow add up to it', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const { conv, tiling } = layer.mapping;
        const sums = new Int32Array(layer.outExact.length);
        let lines = 0;
        for (let cycle = 0; cycle < outputStationaryCycles(layer.mapping).total; cycle++) {
          const place = outputStationaryPlaceAt(layer.mapping, cycle);
          const { written } = outputStationaryState(layer, place, place.cycle);
          if (written === undefined) continue;
          lines++;
          assert.deepEqual(written.outputs, relu(written.sums));
          assert.deepEqual(outputStationaryState({ ...layer, relu: false }, place, place.cycle).written?.outputs, written.sums, 'the sums, in a layer without ReLU');
          written.sums.forEach((sum, col) => (sums[(place.ocTile * tiling.cols + col) * conv.oNijCount + written.oNij] = sum));
        }
        assert.equal(lines, tiling.ocTiles * conv.oNijCount);
        assert.deepEqual(sums, layer.outExact);
      }),
      { seed: 41, numRuns: 40 },
    );
  });

  it('is the same in cycles that share the words of their tile, in whatever order they are asked for', () => {
    fc.assert(
      fc.property(anyLayer, fc.nat(), fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), (layer, index, asked) => {
        const { tile, tiles } = outputStationaryCycles(layer.mapping);
        const place = outputStationaryPlaceAt(layer.mapping, (index % tiles) * tile);
        const words = new OutputTileWords(layer, place);
        for (const cycle of asked.map((one) => one % tile)) assert.deepEqual(outputStationaryState(layer, place, cycle, words), outputStationaryState(layer, place, cycle), `cycle ${cycle}`);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('names the padded pixel of each activation', () => {
    const layer = layerOf(
      { inChannels: 1, outChannels: 1, height: 2, width: 2, kernelHeight: 2, kernelWidth: 2, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 0, bottom: 0, right: 0 } },
      { rows: 3, cols: 1 },
    );
    // Image 3x2 with padding, outputs o_nij 0 and 1; row 0 is pixel 0 with kij 3, row 1 pixel 1 with kij 2, row 2 has no pixel
    assert.deepEqual([...outputStationaryState(layer, { ocTile: 0, pixelTile: 0 }, 6).activationNij], [3, 4, -1]);
    assert.deepEqual(outputStationaryCycles(layer.mapping), { tiles: 1, stream: 4, drain: 8, tile: 12, total: 12 });
  });
});
