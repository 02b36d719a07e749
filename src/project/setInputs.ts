import type { Mapping } from '../engine/tiling';
import type { Kind } from '../vectors/axis';
import type { Computed, ReadFile, WeightTiles } from '../vectors/convention';
import { computeConvention, geometriesOf, mappingOf, reach, weightTilesOf } from '../vectors/convention';
import type { Inference } from '../vectors/inference';
import { Layout } from '../vectors/layout';
import { nameClues } from '../vectors/nameClues';
import { FileReading } from '../vectors/reading';
import { FileReader } from '../vectors/readAs';
import { effort, matchTarget } from '../vectors/target';

/** Activations and weights of a folder, read. */
export interface SetInputs {
  readonly activation: readonly ReadFile[];
  readonly weight: readonly ReadFile[];
  readonly tiles: WeightTiles;
}

/** Activations and weights, as they are read: proven ones before others, binary ones before their decimal twins. */
export function inputsOf(inferences: readonly Inference[]): SetInputs | undefined {
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
export function chooseGeometry({ activation, tiles }: SetInputs, inferences: readonly Inference[], fits: (mapping: Mapping) => boolean): Computed | undefined {
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
