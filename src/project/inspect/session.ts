import { oNijOf } from '../../engine/conv';
import { Problem } from '../../engine/problem';
import { outputStationaryCycles } from '../../engine/schedule/outputStationary';
import { layerCycles } from '../../engine/schedule/weightStationary';
import { usedCols, usedRows } from '../../engine/tiling';
import type { InspectAnswer, InspectQuestion, PsumFigures, TilePlace, WidthFigures, Window } from '../../protocol/inspect';
import { MOST_CYCLES, MOST_WINDOW_VALUES } from '../../protocol/inspect';
import type { Coordinates } from '../../vectors/axis';
import { axisCounts } from '../../vectors/axis';
import { attachDump } from './attachDump';
import type { AttachedDump } from './attachedDump';
import { ByteCache } from './byteCache';
import { tileFigures } from './figures';
import { GoldenValues } from './goldenValues';
import type { InspectedLayer } from './inspectedLayer';
import { infoOf } from './inspectedLayer';
import { openSubject } from './openSubject';
import { columnGroups, windowPsums } from './psumPieces';
import type { InspectRun } from './run';
import { inSteps } from './run';
import { cycleStates, cyclesIn, layerFigures } from './schedules';
import { columnOutputs, pixelTerms, widthFigures } from './sums';

type Question<T extends InspectQuestion['type']> = Extract<InspectQuestion, { type: T }>;
type Answer<T extends InspectAnswer['type']> = Extract<InspectAnswer, { type: T }>;

export interface SessionOptions {
  /** Bundled script of the ONNX Runtime process. */
  readonly ortScript: string;
  /** Bytes of computed values, and of golden ones, that are kept. */
  readonly budget?: { readonly computed: number; readonly golden: number };
}

const BUDGET = { computed: 64 * 2 ** 20, golden: 128 * 2 ** 20 };

/** Everything that belongs to one open layer. */
interface Opened {
  readonly layer: InspectedLayer;
  readonly goldens: GoldenValues;
  readonly figures: ByteCache<readonly PsumFigures[]>;
  /** Outputs of some columns of an oc tile, `[col, o_nij]`. */
  readonly outputs: ByteCache<Int32Array>;
  widths?: WidthFigures;
  dump?: AttachedDump;
}

/**
 * Answers the questions of one inspector, one at a time. What it keeps is bounded: the layer's own codes, one dump, and caches of a
 * given size.
 */
export class InspectSession {
  private opened: Opened | undefined;

  constructor(private readonly options: SessionOptions) {}

  /** Bytes of the caches. */
  get cacheBytes(): number {
    const { figures, outputs, goldens } = this.opened ?? {};
    return (figures?.bytes ?? 0) + (outputs?.bytes ?? 0) + (goldens?.bytes ?? 0);
  }

  /** @throws Problem; `inspect-question` for what the layer does not have; `cancelled` */
  async answer(question: InspectQuestion, run: InspectRun = {}): Promise<InspectAnswer> {
    if (question.type === 'open') return this.open(question, run);
    const { opened } = this;
    if (opened === undefined) throw new Problem('inspect-question', 'No layer is open.', 'Open a layer first.');
    switch (question.type) {
      case 'compare':
        return this.compare(opened, question, run);
      case 'locate':
        return locate(opened, question);
      case 'tile':
        return tile(opened, question, run);
      case 'psums':
        return psums(opened, question);
      case 'activations':
        return activations(opened, question);
      case 'channel':
        return channel(opened, question, run);
      case 'pixel':
        return pixel(opened, question);
      case 'cycles':
        return cycles(opened, question, run);
      case 'layer':
        return { type: 'layer', ...layerFigures(opened.layer) };
      case 'widths':
        opened.widths ??= await inSteps(widthFigures(opened.layer), 'Computing all psums', run);
        return { type: 'widths', ...opened.widths };
      case 'mismatch':
        return { type: 'mismatch', ...opened.dump?.mismatch(question.from && withOutputPixel(opened.layer, question.from), question.backward) };
    }
  }

  private async open({ subject }: Question<'open'>, run: InspectRun): Promise<Answer<'opened'>> {
    // What was open before is old, also when the new one does not open
    this.opened = undefined;
    const layer = await openSubject(subject, { ...run, ortScript: this.options.ortScript });
    const budget = this.options.budget ?? BUDGET;
    this.opened = {
      layer,
      goldens: new GoldenValues(layer.goldens, axisCounts(layer.mapping), layer.relu, budget.golden),
      figures: new ByteCache(budget.computed / 4, sizeOfFigures),
      outputs: new ByteCache((3 * budget.computed) / 4, (values: Int32Array) => values.byteLength),
    };
    return { type: 'opened', layer: infoOf(layer), files: layer.goldens.map(({ file, layout }) => ({ file, kind: layout.spec.kind })), inputs: layer.inputs };
  }

  private async compare(opened: Opened, { target }: Question<'compare'>, run: InspectRun): Promise<Answer<'compared'>> {
    delete opened.dump;
    if (target === undefined) return { type: 'compared' };
    opened.dump = await attachDump(opened.layer, target, { ...run, ortScript: this.options.ortScript });
    return { type: 'compared', dump: opened.dump.info };
  }
}

async function locate({ goldens, dump, layer }: Opened, { kind, coordinates, side }: Question<'locate'>): Promise<Answer<'located'>> {
  const all = withOutputPixel(layer, coordinates);
  const place = side === 'golden' ? await goldens.placeOf(kind, all) : dump?.info.kind === kind ? dump.placeOf(all) : undefined;
  return { type: 'located', ...(place !== undefined && { place }) };
}

/** Psums may be kept for output pixels: both pixels are told, and a layout takes the one that it knows. */
function withOutputPixel({ mapping: { conv } }: InspectedLayer, place: Coordinates): Coordinates {
  const { nij, kij, o_nij } = place;
  if (o_nij !== undefined || nij === undefined || kij === undefined || nij >= conv.nijCount || kij >= conv.kijCount) return place;
  const oNij = oNijOf(conv, nij, kij);
  return oNij < 0 ? place : { ...place, o_nij: oNij };
}

async function tile({ layer, figures, dump }: Opened, { icTile, ocTile }: Question<'tile'>, run: InspectRun): Promise<Answer<'tile'>> {
  expectPlace(layer, { icTile, ocTile });
  const { mapping, weightTiles } = layer;
  const { conv, tiling } = mapping;
  const key = `${icTile} ${ocTile}`;
  const known = figures.get(key) ?? (await inSteps(tileFigures(layer, { icTile, ocTile }), 'Computing the psums of the tile', run));
  figures.set(key, known);
  const { rows, cols } = tiling;
  const weights = new Int32Array(conv.kijCount * rows * cols);
  let from = (icTile * tiling.ocTiles + ocTile) * weights.length;
  for (let col = 0; col < cols; col++) {
    for (let kij = 0; kij < conv.kijCount; kij++) {
      for (let row = 0; row < rows; row++) weights[(kij * rows + row) * cols + col] = weightTiles[from++]!;
    }
  }
  const differing = dump?.info.kind === 'psum' ? { differing: dump.words.differingIn({ icTile, ocTile }) } : {};
  return { type: 'tile', icTile, ocTile, usedRows: usedRows(mapping, icTile), usedCols: usedCols(mapping, ocTile), weights, figures: known, ...differing };
}

async function psums({ layer, goldens, dump }: Opened, { icTile, ocTile, kij, nijFrom, nijCount }: Question<'psums'>): Promise<Answer<'psums'>> {
  const { conv, tiling } = layer.mapping;
  const { cols } = tiling;
  expectPlace(layer, { icTile, ocTile });
  expectBelow('kij', kij, conv.kijCount);
  expectWindow(layer, { nijFrom, nijCount }, cols);
  const values = windowPsums(layer, { icTile, ocTile }, kij, { nijFrom, nijCount });
  const common = { icTile, ocTile, kij };
  const placeOf = (index: number): Coordinates => {
    const nij = nijFrom + Math.floor(index / cols);
    return { ...common, col: index % cols, nij, o_nij: oNijOf(conv, nij, kij) };
  };
  const goldenDiffers = await goldens.differing({ kind: 'psum', common, count: values.length, place: placeOf, value: (index) => values[index]! });
  return { type: 'psums', icTile, ocTile, kij, nijFrom, nijCount, values, ...(dump?.info.kind === 'psum' && { dump: dump.words.at(values.length, placeOf) }), goldenDiffers };
}

function activations({ layer }: Opened, { icTile, nijFrom, nijCount }: Question<'activations'>): Answer<'activations'> {
  const { conv, tiling } = layer.mapping;
  expectBelow('ic tile', icTile, tiling.icTiles);
  expectWindow(layer, { nijFrom, nijCount }, tiling.rows);
  const start = (icTile * conv.nijCount + nijFrom) * tiling.rows;
  return { type: 'activations', icTile, nijFrom, nijCount, values: layer.activationTiles.slice(start, start + nijCount * tiling.rows) };
}

async function channel(opened: Opened, { ocTile, col }: Question<'channel'>, run: InspectRun): Promise<Answer<'channel'>> {
  const { layer, goldens, dump } = opened;
  expectOutput(layer, ocTile, col);
  const raw = await outputsOf(opened, ocTile, col, run);
  const common = { ocTile, col };
  const placeOf = (oNij: number): Coordinates => ({ ...common, o_nij: oNij });
  const goldenDiffers = await goldens.differing({ kind: 'out', common, count: raw.length, place: placeOf, value: (index, relu) => (relu ? Math.max(0, raw[index]!) : raw[index]!) });
  return { type: 'channel', ocTile, col, raw, ...(dump?.info.kind === 'out' && { dump: dump.words.at(raw.length, placeOf) }), goldenDiffers };
}

/** The outputs of one column; those of its neighbours cost little more and are kept with it. */
async function outputsOf({ layer, outputs }: Opened, ocTile: number, col: number, run: InspectRun): Promise<Int32Array> {
  const { oNijCount } = layer.mapping.conv;
  const columns = columnGroups(layer, ocTile).find(({ from, count }) => col >= from && col < from + count);
  // A column without a channel
  if (columns === undefined) return new Int32Array(oNijCount);
  const key = `${ocTile} ${columns.from}`;
  const known = outputs.get(key) ?? (await inSteps(columnOutputs(layer, ocTile, columns), 'Adding up the ic tiles', run));
  outputs.set(key, known);
  return known.slice((col - columns.from) * oNijCount, (col - columns.from + 1) * oNijCount);
}

function pixel({ layer, dump }: Opened, { ocTile, col, oNij }: Question<'pixel'>): Answer<'pixel'> {
  expectOutput(layer, ocTile, col);
  expectBelow('o_nij', oNij, layer.mapping.conv.oNijCount);
  const terms = pixelTerms(layer, ocTile, col, oNij);
  const words = dump?.info.kind === 'out' ? dump.words.at(1, () => ({ ocTile, col, o_nij: oNij })) : undefined;
  return { type: 'pixel', ocTile, col, oNij, ...terms, out: layer.relu ? Math.max(0, terms.raw) : terms.raw, ...(words !== undefined && { dump: { value: words.values[0]!, state: words.states[0]!, differs: words.differs[0] === 1 } }) };
}

async function cycles({ layer }: Opened, { dataflow, from, count }: Question<'cycles'>, run: InspectRun): Promise<Answer<'cycles'>> {
  const total = dataflow === 'weight-stationary' ? layerCycles(layer.mapping) : outputStationaryCycles(layer.mapping).total;
  expectBelow('cycle', from, total);
  if (count > MOST_CYCLES) throw tooMuch(`${count} cycles`, `${MOST_CYCLES}`);
  return { type: 'cycles', from, states: await inSteps(cycleStates(layer, dataflow, from, cyclesIn(layer, dataflow, from, count, total)), 'Computing the cycles', run) };
}

function expectPlace({ mapping: { tiling } }: InspectedLayer, { icTile, ocTile }: TilePlace): void {
  expectBelow('ic tile', icTile, tiling.icTiles);
  expectBelow('oc tile', ocTile, tiling.ocTiles);
}

function expectOutput({ mapping: { tiling } }: InspectedLayer, ocTile: number, col: number): void {
  expectBelow('oc tile', ocTile, tiling.ocTiles);
  expectBelow('column', col, tiling.cols);
}

function expectWindow({ mapping: { conv } }: InspectedLayer, { nijFrom, nijCount }: Window, width: number): void {
  expectBelow('nij', nijFrom, conv.nijCount);
  expectBelow('nij', nijFrom + nijCount - 1, conv.nijCount);
  // One pixel of a very wide array is always answered
  if (nijCount > 1 && nijCount * width > MOST_WINDOW_VALUES) throw tooMuch(`${nijCount} pixels of ${width} numbers`, `${MOST_WINDOW_VALUES} numbers`);
}

function expectBelow(what: string, value: number, count: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value < count) return;
  throw new Problem('inspect-question', `The layer has no ${what} ${value}: they count from 0 to ${count - 1}.`, 'Choose another.');
}

function tooMuch(asked: string, most: string): Problem {
  return new Problem('inspect-question', `${asked} were asked for at once; an answer holds up to ${most}.`, 'Ask for them in parts.');
}

function sizeOfFigures(figures: readonly PsumFigures[]): number {
  return figures.reduce((sum, { histogram }) => sum + 128 + 8 * histogram.counts.length, 0);
}
