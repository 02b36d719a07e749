import type { Expected } from '../../check/compare/expected';
import { expectedTensor } from '../../check/compare/expected';
import type { PairModel } from '../../check/pair';
import { relu } from '../../engine/sfp';
import type { Mapping } from '../../engine/tiling';
import { mapLayer } from '../../engine/tiling';
import type { IntegerFormat } from '../../engine/width';
import { fitToWidth } from '../../engine/width';
import type { Axis } from '../../vectors/axis';
import { axisCounts } from '../../vectors/axis';
import type { ReadFile } from '../../vectors/convention';
import type { AxisRanges } from '../../vectors/dump/addressMap';
import type { Inference } from '../../vectors/inference';
import type { TensorSource } from '../../vectors/tensor';
import { sourceOf, stridesOf } from '../../vectors/tensor';
import { computedLayer } from '../computedLayer';
import type { Entry } from '../entry';
import { chooseGeometry, inputsOf } from '../setInputs';
import { ordersFor } from './goldenSide';
import type { CheckRun } from './spec';

export type ComputedKind = 'psum' | 'out';

/** What a layer of tilescope.json should give. Outputs come twice, with and without ReLU. */
export async function layerExpected(entry: Entry, kind: ComputedKind, relus: readonly boolean[], ortScript: string, { signal, onProgress }: CheckRun): Promise<Expected[]> {
  // What reads models is loaded where one is read
  const { loadLayer } = await import('../loadLayer');
  const data = await loadLayer(entry, { signal, ortScript });
  const mapping = mapLayer(data.conv, entry.array);
  const { psumBits, overflow } = entry.array;
  const input = { mapping, activationCodes: data.activationCodes, weightCodes: data.weightCodes, psumBits, overflow };
  const computed = await computedLayer(input, { signal, onProgress: ({ done, total }) => onProgress?.({ phase: 'compute', done, total }) });
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

function formatOf({ layout }: ReadFile): IntegerFormat {
  return { bits: layout.spec.bits, signed: layout.spec.signed };
}
