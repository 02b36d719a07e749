import { conv } from '../../src/engine/conv';
import type { ConvSpec } from '../../src/engine/conv';
import { nijOf } from '../../src/engine/conv';
import type { LayerResult } from '../../src/engine/layer';
import { footprint, measuredWidth, worstCaseWidth } from '../../src/engine/schedule/footprint';
import { outputStationaryCycles, outputStationaryPlaceAt, outputStationaryState } from '../../src/engine/schedule/outputStationary';
import { stateAt } from '../../src/engine/schedule/stateAt';
import { weightStationaryUtilisation } from '../../src/engine/schedule/utilisation';
import { layerCycles, runCycles } from '../../src/engine/schedule/weightStationary';
import { sweepWidths } from '../../src/engine/schedule/widthSweep';
import { mapLayer, usedCols, usedRows } from '../../src/engine/tiling';
import { extremes, fitToWidth } from '../../src/engine/width';
import type { OverflowPolicy } from '../../src/engine/width';
import type { CycleState, DumpInfo, DumpValues, LayerInfo, PsumFigures, ViewAnswer, ViewQuestion, WidthFigures } from '../../src/protocol/inspect';
import { WORD_STATES } from '../../src/vectors/dump/entries';
import { computed } from '../unit/support/layers';
import { lcg } from '../unit/support/lcg';
import { psumTile } from '../../src/engine/psum';
import type { Coordinates, Kind } from '../../src/vectors/axis';

export interface FakeLayer {
  readonly name: string;
  readonly spec: Partial<ConvSpec> & Pick<ConvSpec, 'inChannels' | 'outChannels' | 'height' | 'width'>;
  readonly rows: number;
  readonly cols: number;
  readonly psumBits?: number;
  readonly overflow?: OverflowPolicy;
  readonly goldens?: readonly Kind[];
  readonly relu?: boolean;
}

/** A layer with made-up numbers, and the answers that a thread would give on it. */
export class FakeInspector {
  private readonly result: LayerResult;
  readonly info: LayerInfo;
  /** Attached: psums with wrong, unknown and unwritten words. */
  dumped = false;

  constructor({ name, spec, rows, cols, psumBits = 16, overflow = 'wrap', goldens = ['activation', 'weight', 'psum', 'out'], relu = true }: FakeLayer) {
    const shape = conv({ kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 }, ...spec });
    const mapping = mapLayer(shape, { rows, cols });
    const random = lcg(7);
    const activationCodes = Int32Array.from({ length: shape.inChannels * shape.height * shape.width }, () => Math.max(0, (random() % 23) - 7));
    const weightCodes = Int32Array.from({ length: shape.outChannels * shape.inChannels * shape.kijCount }, () => (random() % 15) - 7);
    this.result = computed({ mapping, activationCodes, weightCodes, psumBits, overflow });
    const { conv: c, tiling } = mapping;
    this.info = {
      name,
      from: 'Made-up numbers of a fixed seed.',
      conv: c,
      tiling,
      formats: { activation: { bits: 4, signed: false }, weight: { bits: 4, signed: true }, psum: { bits: psumBits, signed: true } },
      overflow,
      relu,
      steps: { activation: 0.3043, weight: 0.12 },
      goldens,
      cycles: { 'weight-stationary': layerCycles(mapping), 'output-stationary': outputStationaryCycles(mapping).total },
      notes: [],
    };
  }

  get dump(): DumpInfo {
    return { name: 'psum.memh', kind: 'psum', verdict: 'mismatch', what: `${this.wrong().length} words differ.`, cause: 'the pixel counter wraps one too early.', differing: this.wrong().length, total: this.info.conv.nijCount * this.info.conv.kijCount * this.info.tiling.cols };
  }

  answer(question: ViewQuestion): ViewAnswer {
    switch (question.type) {
      case 'tile':
        return this.tile(question);
      case 'psums':
        return this.psums(question);
      case 'activations': {
        const { rows } = this.info.tiling;
        const from = (question.icTile * this.info.conv.nijCount + question.nijFrom) * rows;
        return { ...question, values: this.result.activationTiles.slice(from, from + question.nijCount * rows) };
      }
      case 'channel': {
        const from = (question.ocTile * this.info.tiling.cols + question.col) * this.info.conv.oNijCount;
        return { ...question, raw: this.result.outRaw.slice(from, from + this.info.conv.oNijCount), goldenDiffers: [] };
      }
      case 'pixel':
        return this.pixel(question);
      case 'cycles':
        return { type: 'cycles', from: question.from, states: Array.from({ length: question.count }, (_, i) => this.state(question.dataflow, question.from + i)) };
      case 'layer':
        return this.layer();
      case 'widths':
        return { type: 'widths', ...this.widths() };
      case 'mismatch': {
        const all = this.wrong();
        const order = (place: Coordinates): number => (place.kij ?? 0) * 1e9 + (place.nij ?? 0) * 1e3 + (place.col ?? 0);
        const here = question.from === undefined ? (question.backward ? Infinity : -1) : order(question.from);
        const found = question.backward ? all.findLast((one) => order(one) < here) : all.find((one) => order(one) > here);
        return { type: 'mismatch', of: all.length, ...(found !== undefined && { coordinates: { ...found, icTile: 0, ocTile: 0 }, number: all.indexOf(found) + 1 }) };
      }
    }
  }

  /** Wrong words of the dump, which covers the first tile pair. */
  private wrong(): { kij: number; nij: number; col: number }[] {
    const { kijCount, nijCount } = this.info.conv;
    return Array.from({ length: Math.min(kijCount, 2) * nijCount }, (_, i) => ({ kij: Math.floor(i / nijCount), nij: i % nijCount, col: (i * 5) % this.info.tiling.cols })).filter(({ nij }) => nij % 7 === 3);
  }

  private kijPsums(icTile: number, ocTile: number, kij: number, fitted = true): Int32Array {
    const { conv: c, tiling } = this.info;
    const key = `${icTile},${ocTile}`;
    if (this.lastTile?.key !== key) this.lastTile = { key, exact: psumTile(this.info, this.result.activationTiles, this.result.weightTiles, icTile, ocTile) };
    const { exact } = this.lastTile;
    const values = new Int32Array(c.nijCount * tiling.cols);
    for (let nij = 0; nij < c.nijCount; nij++) for (let col = 0; col < tiling.cols; col++) values[nij * tiling.cols + col] = exact[(col * c.nijCount + nij) * c.kijCount + kij]!;
    if (fitted) fitToWidth(values, this.info.formats.psum, this.info.overflow);
    return values;
  }
  private lastTile: { key: string; exact: Int32Array } | undefined;

  private psums(question: Extract<ViewQuestion, { type: 'psums' }>): ViewAnswer {
    const { cols } = this.info.tiling;
    const all = this.kijPsums(question.icTile, question.ocTile, question.kij);
    const [from, to] = [question.nijFrom * cols, (question.nijFrom + question.nijCount) * cols];
    const values = all.slice(from, to);
    return { ...question, values, goldenDiffers: [], ...(this.dumped && { dump: this.dumpValues(question, values) }) };
  }

  private dumpValues({ icTile, ocTile, kij, nijFrom }: Extract<ViewQuestion, { type: 'psums' }>, values: Int32Array): DumpValues {
    const { cols } = this.info.tiling;
    const dump = { values: values.slice(), states: new Uint8Array(values.length), differs: new Uint8Array(values.length) };
    if (icTile > 0 || ocTile > 0) return { values: dump.values.fill(0), states: dump.states.fill(WORD_STATES.missing), differs: dump.differs };
    for (const place of this.wrong()) {
      const at = (place.nij - nijFrom) * cols + place.col;
      if (place.kij === kij && at >= 0 && at < values.length) [dump.values[at], dump.differs[at]] = [values[at]! + 16, 1];
    }
    for (let at = 0; at < values.length; at++) {
      const nij = nijFrom + Math.floor(at / cols);
      if (nij % 11 === 6 && at % cols < 2) [dump.states[at], dump.values[at], dump.differs[at]] = [nij % 2 === 0 ? WORD_STATES.unknownBits : WORD_STATES.malformed, 0, 1];
      if (nij >= this.info.conv.nijCount - 2) [dump.states[at], dump.values[at]] = [WORD_STATES.unwritten, 0];
    }
    return dump;
  }

  private tile({ icTile, ocTile }: { icTile: number; ocTile: number }): ViewAnswer {
    const { tiling, conv: c } = this.info;
    const weights = new Int32Array(c.kijCount * tiling.rows * tiling.cols);
    for (let kij = 0; kij < c.kijCount; kij++) {
      for (let row = 0; row < tiling.rows; row++) {
        for (let col = 0; col < tiling.cols; col++) weights[(kij * tiling.rows + row) * tiling.cols + col] = this.result.weightTiles[(((icTile * tiling.ocTiles + ocTile) * tiling.cols + col) * c.kijCount + kij) * tiling.rows + row]!;
      }
    }
    return { type: 'tile', icTile, ocTile, usedRows: usedRows(this.info, icTile), usedCols: usedCols(this.info, ocTile), weights, figures: Array.from({ length: c.kijCount }, (_, kij) => this.figures(icTile, ocTile, kij)), ...(this.dumped && { differing: Array.from({ length: c.kijCount }, (_, kij) => (icTile + ocTile > 0 ? 0 : this.wrong().filter((one) => one.kij === kij).length)) }) };
  }

  private figures(icTile: number, ocTile: number, kij: number): PsumFigures {
    const { cols } = this.info.tiling;
    const used = usedCols(this.info, ocTile);
    const values = this.kijPsums(icTile, ocTile, kij, false).filter((_, at) => at % cols < used);
    const range = extremes(values);
    const step = Math.max(1, Math.ceil((range.max - range.min + 1) / 40));
    const counts = Array.from({ length: Math.ceil((range.max - range.min + 1) / step) }, () => 0);
    for (const value of values) counts[Math.floor((value - range.min) / step)]!++;
    const limit = 2 ** (this.info.formats.psum.bits - 1);
    return { range, overflowing: values.filter((value) => value < -limit || value >= limit).length, histogram: { step, counts }, count: values.length };
  }

  private pixel({ ocTile, col, oNij }: { ocTile: number; col: number; oNij: number }): ViewAnswer {
    const { conv: c, tiling } = this.info;
    const count = tiling.icTiles * c.kijCount;
    const data = { terms: new Int32Array(count), sums: new Int32Array(count), nij: new Int32Array(count), addresses: new Float64Array(count) };
    let sum = 0;
    for (let term = 0; term < count; term++) {
      const [icTile, kij] = [Math.floor(term / c.kijCount), term % c.kijCount];
      const nij = nijOf(c, oNij, kij);
      let psum = 0;
      for (let row = 0; row < tiling.rows; row++) psum += this.result.activationTiles[(icTile * c.nijCount + nij) * tiling.rows + row]! * this.result.weightTiles[(((icTile * tiling.ocTiles + ocTile) * tiling.cols + col) * c.kijCount + kij) * tiling.rows + row]!;
      [data.terms[term], data.sums[term], data.nij[term], data.addresses[term]] = [psum, (sum += psum), nij, term * c.nijCount + nij];
    }
    const raw = this.result.outRaw[(ocTile * tiling.cols + col) * c.oNijCount + oNij]!;
    return { type: 'pixel', ocTile, col, oNij, ...data, raw, exact: sum, out: this.info.relu ? Math.max(0, raw) : raw };
  }

  private state(dataflow: LayerInfo['cycles'] extends Record<infer D, number> ? D : never, cycle: number): CycleState {
    const layer = { ...this.result, psumBits: this.info.formats.psum.bits, overflow: this.info.overflow, relu: this.info.relu };
    if (dataflow === 'weight-stationary') return { dataflow, layerCycle: cycle, state: stateAt(layer, cycle) };
    const place = outputStationaryPlaceAt(this.info, cycle);
    return { dataflow, layerCycle: cycle, place, state: outputStationaryState(layer, place, place.cycle) };
  }

  private layer(): ViewAnswer {
    const { formats, tiling } = this.info;
    const run = runCycles(this.info);
    const os = outputStationaryCycles(this.info);
    const ws = weightStationaryUtilisation(this.info);
    const worst = worstCaseWidth(this.info, { min: 0, max: 15 }, { min: -7, max: 7 });
    return {
      type: 'layer',
      macs: ws.macs.useful + ws.macs.imagePadding,
      flows: [
        { dataflow: 'weight-stationary', cycles: ws.cycles, phases: (['load', 'stream', 'drain', 'accumulate'] as const).map((phase) => ({ phase, cycles: run[phase] * tiling.ocTiles })) },
        { dataflow: 'output-stationary', cycles: os.total, phases: (['stream', 'drain'] as const).map((phase) => ({ phase, cycles: os[phase] * os.tiles })) },
      ],
      footprint: footprint(this.info, { activation: formats.activation.bits, weight: formats.weight.bits, psum: formats.psum.bits, output: formats.psum.bits }),
      worstCase: { psum: worst.psumBits, out: worst.outputBits },
    };
  }

  private widths(): WidthFigures {
    const steps = sweepWidths(this.result);
    const need = measuredWidth(this.result);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return { ...step.value, least: { psum: need.psumBits, out: need.outputBits }, psumRange: need.psum, outRange: need.output };
    }
  }
}
