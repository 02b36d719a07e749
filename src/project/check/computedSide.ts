import type { Expected } from '../../check/compare/expected';
import { expectedTensor } from '../../check/compare/expected';
import type { PairModel } from '../../check/pair';
import type { LayerResult } from '../../engine/layer';
import { computeLayer } from '../../engine/layer';
import { relu } from '../../engine/sfp';
import type { Mapping } from '../../engine/tiling';
import { mapLayer } from '../../engine/tiling';
import type { IntegerFormat } from '../../engine/width';
import { fitToWidth } from '../../engine/width';
import type { Axis, Kind } from '../../vectors/axis';
import { axisCounts } from '../../vectors/axis';
import type { Computed, ReadFile, WeightTiles } from '../../vectors/convention';
import { computeConvention, geometriesOf, mappingOf, reach, weightTilesOf } from '../../vectors/convention';
import type { AxisRanges } from '../../vectors/dump/addressMap';
import type { Inference } from '../../vectors/inference';
import { Layout } from '../../vectors/layout';
import { nameClues } from '../../vectors/nameClues';
import { FileReading } from '../../vectors/reading';
import { FileReader } from '../../vectors/readAs';
import { effort, matchTarget } from '../../vectors/target';
import type { TensorSource } from '../../vectors/tensor';
import { sourceOf, stridesOf } from '../../vectors/tensor';
import { breathe } from '../breathe';
import type { Entry } from '../entry';
import { loadLayer } from '../loadLayer';
import { ordersFor } from './goldenSide';
import type { CheckRun } from './spec';

export type ComputedKind = 'psum' | 'out';

/** What a layer of tilescope.json should give. Outputs come twice, with and without ReLU. */
export async function layerExpected(entry: Entry, kind: ComputedKind, relus: readonly boolean[], ortScript: string, { signal, onProgress }: CheckRun): Promise<Expected[]> {
  const data = await loadLayer(entry, { signal, ortScript });
  const mapping = mapLayer(data.conv, entry.array);
  const { psumBits, overflow } = entry.array;
  const steps = computeLayer({ mapping, activationCodes: data.activationCodes, weightCodes: data.weightCodes, psumBits, overflow });
  let result: LayerResult | undefined;
  while (result === undefined) {
    const step = steps.next();
    if (step.done === true) result = step.value;
    else onProgress?.({ phase: 'compute', done: step.value.done, total: step.value.total });
    await breathe(signal);
  }
  const computed = result;
  const model: PairModel = { mapping, activationTiles: computed.activationTiles, weightTiles: computed.weightTiles, activationFormat: { bits: data.bits.activation, signed: data.bits.activationSigned }, weightFormat: { bits: data.bits.weight, signed: true }, psumBits, overflow };
  return kind === 'psum'
    ? [computedExpected(`layer ${entry.name} of tilescope.json, computed`, kind, { bits: psumBits, signed: true }, mapping, sourceOf(computed, 'psum', false), model)]
    : relus.map((cut) => computedExpected(`layer ${entry.name} of tilescope.json, computed ${reluName(cut)}`, kind, { bits: psumBits, signed: true }, mapping, sourceOf(computed, 'out', cut), { ...model, relu: cut }));
}

/**
 * What the activations and weights of a folder should give, computed.
 * @param fits does a layer of this mapping have as many entries as the dump?
 * @returns nothing when there are no activations and weights that belong together
 */
export function folderExpected(inferences: readonly Inference[], kind: ComputedKind, relus: readonly boolean[], format: IntegerFormat, fits: (mapping: Mapping) => boolean): Expected[] {
  const set = inputsOf(inferences);
  if (set === undefined) return [];
  const computed = chooseGeometry(set, inferences, fits);
  if (computed === undefined) return [];
  const { mapping } = computed;
  const wrapped = (values: Int32Array): Int32Array => {
    const copy = values.slice();
    fitToWidth(copy, format, 'wrap');
    return copy;
  };
  const { activation, weight } = set;
  const model: PairModel = { mapping, activationTiles: computed.activationTiles, weightTiles: set.tiles.data, activationFormat: formatOf(activation[0]!), weightFormat: formatOf(weight[0]!), psumBits: format.bits, overflow: 'wrap' };
  const from = `activations and weights (${activation.length + weight.length} files), computed`;
  if (kind === 'psum') {
    const kept = new Map<string, Int32Array>();
    const block: TensorSource['block'] = ({ icTile = 0, ocTile = 0 }) => {
      const key = `${icTile} ${ocTile}`;
      const values = kept.get(key) ?? wrapped(computed.psum(icTile, ocTile));
      kept.set(key, values);
      return values;
    };
    return [computedExpected(`psums of ${from}`, kind, format, mapping, { strides: stridesOf('psum', mapping), block }, model)];
  }
  const length = mapping.tiling.cols * mapping.conv.oNijCount;
  const raw = new Int32Array(mapping.tiling.ocTiles * length);
  for (let ocTile = 0; ocTile < mapping.tiling.ocTiles; ocTile++) raw.set(wrapped(computed.out(ocTile)), ocTile * length);
  return relus.map((cut) => computedExpected(`outputs of ${from} ${reluName(cut)}`, kind, format, mapping, { strides: stridesOf('out', mapping), block: () => (cut ? relu(raw) : raw) }, { ...model, relu: cut }));
}

const reluName = (cut: boolean): string => (cut ? 'after ReLU' : 'before ReLU');

function computedExpected(name: string, kind: ComputedKind, format: IntegerFormat, mapping: Mapping, source: TensorSource, model: PairModel): Expected {
  const counts = axisCounts(mapping);
  const axes: readonly Axis[] = kind === 'psum' ? ['icTile', 'ocTile', 'col', 'kij', 'nij'] : ['ocTile', 'col', 'o_nij'];
  // The only tile of a layer needs no name
  const named = axes.filter((axis) => !axis.endsWith('Tile') || counts[axis] > 1);
  const ranges: AxisRanges = Object.fromEntries(named.map((axis) => [axis, { start: 0, count: counts[axis] }]));
  return expectedTensor({ name, kind, format, ranges, orders: ordersFor(kind, ranges, []), model }, source);
}

interface Inputs {
  readonly activation: readonly ReadFile[];
  readonly weight: readonly ReadFile[];
  readonly tiles: WeightTiles;
}

/** Activations and weights, as they are read: proven ones before others, binary ones before their decimal twins. */
function inputsOf(inferences: readonly Inference[]): Inputs | undefined {
  const [activation, weight] = (['activation', 'weight'] as const).map((kind) => filesOf(inferences, kind));
  if (activation!.length === 0 || weight!.length === 0) return undefined;
  const tiles = weightTilesOf(weight!);
  return tiles === undefined || reach(activation!, 'row') !== tiles.rows ? undefined : { activation: activation!, weight: weight!, tiles };
}

function filesOf(inferences: readonly Inference[], kind: 'activation' | 'weight'): ReadFile[] {
  const found = inferences.filter(({ candidates: [best] }) => best?.layout.spec.kind === kind && !best.kindIsGuess);
  const proven = found.filter(({ candidates: [best] }) => best!.proven);
  const chosen = proven.length > 0 ? proven : found;
  const places = new Map<string, ReadFile>();
  const decimal = ({ candidates }: Inference): boolean => candidates[0]!.layout.spec.radix === 'decimal';
  for (const inference of [...chosen.filter((one) => !decimal(one)), ...chosen.filter(decimal)]) {
    const { icTile = 0, ocTile = 0, kij = -1 } = nameClues(inference.name).fixed;
    const key = [icTile, ocTile, kij].join();
    if (!places.has(key)) places.set(key, readFile(inference, kind));
  }
  return [...places.values()];
}

/** Pixels are counted as the file has them: the padding that a test bench adds is the geometry's. */
function readFile({ shape, candidates }: Inference, kind: 'activation' | 'weight'): ReadFile {
  const { layout } = candidates[0]!;
  const values = new FileReading(shape, layout).values();
  if (kind === 'weight' || layout.spec.lines.every(({ axis }) => axis !== 'nij')) return { layout, values };
  return { layout: new Layout({ ...layout.spec, lines: [{ axis: 'nij', start: 0, step: 1, count: layout.lineCount }] }), values };
}

/** The image that the files beside prove, else the first that the dump fits. */
function chooseGeometry({ activation, tiles }: Inputs, inferences: readonly Inference[], fits: (mapping: Mapping) => boolean): Computed | undefined {
  const provenAs = (kind: Kind): Inference[] => inferences.filter(({ candidates: [best] }) => best?.proven === true && best.layout.spec.kind === kind);
  // Psums are the same for any stride: outputs say more
  const outs = provenAs('out');
  const proven = outs.length > 0 ? outs : provenAs('psum');
  const reader = new FileReader();
  const spent = effort(PROOF_BUDGET);
  let first: Computed | undefined;
  for (const geometry of geometriesOf(activation[0]!.layout.lineCount, tiles.kijCount)) {
    const mapping = mappingOf(tiles, geometry);
    if (mapping === undefined || (proven.length === 0 && !fits(mapping))) continue;
    const computed = computeConvention(activation, tiles, geometry, mapping);
    if (proven.some((inference) => matchTarget({ inference, reader }, computed, spent) !== undefined)) return computed;
    if (fits(mapping)) first ??= computed;
  }
  return proven.length > 0 ? undefined : first;
}

/** Multiplications that the search for a proven image may cost. */
const PROOF_BUDGET = 4e8;

function formatOf({ layout }: ReadFile): IntegerFormat {
  return { bits: layout.spec.bits, signed: layout.spec.signed };
}
