import path from 'node:path';
import { mapLayer } from '../../engine/tiling';
import type { Progress } from '../../protocol/report';
import { axisCounts } from '../../vectors/axis';
import type { AxisCounts } from '../../vectors/axis';
import type { Entry } from '../entry';
import { keptFiles } from '../entry';
import { settingsOf } from '../generate';
import type { LayerData } from '../layerData';
import { loadLayer } from '../loadLayer';
import type { FoundManifest } from '../setManifest';
import { readManifest } from '../setManifest';
import type { GoldenFile } from './goldenFiles';
import { inferredFiles, inferredGoldens, statedGoldens } from './goldenFiles';
import type { InspectedLayer } from './inspectedLayer';
import { checkTiles } from './inspectedLayer';
import type { InspectRun } from './run';
import { tileActivations, tileWeights } from '../../engine/tiling';
import { Problem } from '../../engine/problem';
import { throwIfCancelled } from '../breathe';

export interface OpenOptions extends InspectRun {
  /** Bundled script of the ONNX Runtime process. */
  readonly ortScript: string;
}

const PHASES: Readonly<Partial<Record<Progress['phase'], string>>> = { read: 'Reading the tensors', capture: 'Running the model' };

/** A layer of a configuration, from its source. @throws Problem pointing at the key of the configuration */
export async function openEntry(entry: Entry, { signal, onProgress, ortScript }: OpenOptions): Promise<InspectedLayer> {
  const data = await loadLayer(entry, { signal, ortScript, onProgress: ({ phase, done, total }) => onProgress?.({ what: PHASES[phase] ?? 'Loading', done, total }) });
  throwIfCancelled(signal);
  const { bits, steps } = data;
  const { psumBits, overflow } = entry.array;
  const { mapping, ...tiles } = atArray(entry, () => {
    const mapped = mapLayer(data.conv, entry.array);
    const layer = { mapping: mapped, activationTiles: tileActivations(mapped, data.activationCodes), weightTiles: tileWeights(mapped, data.weightCodes) };
    checkTiles(layer);
    return layer;
  });
  const set = await goldensOf(entry, axisCounts(mapping), { signal });
  return {
    name: entry.name,
    from: `Layer ${entry.name} of ${path.join(entry.folder, path.basename(entry.place().file ?? 'tilescope.json'))}.`,
    mapping,
    ...tiles,
    psumBits,
    overflow,
    formats: { activation: { bits: bits.activation, signed: bits.activationSigned }, weight: { bits: bits.weight, signed: true }, psum: { bits: psumBits, signed: true } },
    relu: cutsOutputs(entry),
    ...(steps !== undefined && { steps }),
    goldens: set.goldens,
    notes: [...data.notes.map(sentence), ...data.warnings, ...(set.manifest === undefined ? [] : staleNotes(entry, data.inputs, set.manifest))],
    inputs: [...keptFiles(entry), ...(set.manifest === undefined ? [] : [set.manifest.file])],
  };
}

/** Was a set made from this entry as it is now? */
export function hasSettings(entry: Entry, { settings }: FoundManifest): boolean {
  return settings !== undefined && canonical(settings) === canonical(settingsOf(entry));
}

async function goldensOf(entry: Entry, counts: AxisCounts, run: InspectRun): Promise<{ goldens: GoldenFile[]; manifest?: FoundManifest }> {
  const folder = path.resolve(entry.folder, entry.output);
  const manifest = await readManifest(folder);
  if (manifest !== undefined) return { manifest, goldens: await statedGoldens(manifest, counts) };
  return { goldens: inferredGoldens(await inferredFiles(folder, run), counts) };
}

function staleNotes(entry: Entry, inputs: LayerData['inputs'], manifest: FoundManifest): string[] {
  const folder = path.dirname(manifest.file);
  const known = new Map(manifest.inputs.map((input) => [input.path, input.sha256]));
  const stale = inputs.filter((input) => known.get(input.path) !== input.sha256).map((input) => input.path);
  if (manifest.entry !== entry.name) return [`The golden files in ${folder} are of the layer "${manifest.entry}": their values may differ. Generate them again.`];
  if (stale.length > 0) return [`The golden files in ${folder} were made from another ${stale.join(' and ')}: their values may differ. Generate them again.`];
  if (!hasSettings(entry, manifest)) return [`The golden files in ${folder} were made with other settings: their values may differ. Generate them again.`];
  return [];
}

/** A profile that writes outputs before ReLU only is of a layer without one; the SFP of all others has it. */
function cutsOutputs({ profile }: Entry): boolean {
  const outs = profile.files.filter(({ holds }) => holds === 'out');
  return outs.length === 0 || outs.some(({ relu }) => relu === true);
}

/** Equal for equal settings, in whatever order their keys stand; what is undefined is not there. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'object' && part !== null && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part));
}

function sentence(note: string): string {
  return `${note[0]?.toUpperCase() ?? ''}${note.slice(1)}${note.endsWith('.') ? '' : '.'}`;
}

function atArray<T>(entry: Entry, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Problem ? error.at(entry.place('array')) : error;
  }
}
