import { constants } from 'node:fs';
import path from 'node:path';
import fs from 'node:fs/promises';
import { Problem } from '../../engine/problem';
import type { Mapping } from '../../engine/tiling';
import type { IntegerFormat, OverflowPolicy } from '../../engine/width';
import { OVERFLOW_POLICIES } from '../../engine/width';
import { isRecord } from '../../protocol/record';
import type { Kind } from '../../vectors/axis';
import { axisCounts } from '../../vectors/axis';
import type { Computed, ReadFile } from '../../vectors/convention';
import { reach } from '../../vectors/convention';
import type { Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';
import { FileReading } from '../../vectors/reading';
import { declared } from '../check/modelSide';
import { errno, unlessMissing } from '../disk';
import type { Entry } from '../entry';
import { findEntries } from '../entry';
import { openConfig } from '../openConfig';
import type { SetInputs } from '../setInputs';
import { chooseGeometry, inputsOf } from '../setInputs';
import type { FoundManifest } from '../setManifest';
import { Manifests, configurationAbove, staleInputs } from '../setManifest';
import { inferredFiles, inferredGoldens, statedGoldens } from './goldenFiles';
import type { InspectedLayer } from './inspectedLayer';
import { checkTiles } from './inspectedLayer';
import type { OpenOptions } from './openEntry';
import { hasSettings, openEntry } from './openEntry';

/** Width of psums when no file says another: that of the example core. */
const PSUM_BITS = 16;

/**
 * The layer that a folder of golden files is of: the one that its manifest names, while that is what the set was made from, else the one
 * that its activations and weights make.
 * @param filesOnly no model is run, whatever the configuration names
 * @throws Problem `inspect-set` when they make none
 */
export async function openSet(folder: string, options: OpenOptions, filesOnly = false): Promise<InspectedLayer> {
  await expectFolder(folder);
  const manifest = await new Manifests().above(folder);
  if (manifest === undefined) {
    options.onProgress?.({ what: 'Reading the files', done: 0, total: 1 });
    const files = await inferredFiles(folder, options);
    const inferences = files.map(({ inference }) => inference);
    const layer = layerOf(folder, inferences, files.map(({ file }) => file));
    return { ...layer, goldens: inferredGoldens(files, axisCounts(layer.mapping)), notes: [...layer.notes, ...psumNotes(undefined, layer)] };
  }
  const entry = await entryOf(manifest, filesOnly);
  const opened = entry.entry === undefined ? undefined : await openOr(entry.entry, options);
  if (opened?.layer !== undefined) return opened.layer;
  return openStated(manifest, opened?.note ?? entry.note, options);
}

/** @throws Problem `inspect-set` where there is no folder, or one that cannot be read */
async function expectFolder(folder: string): Promise<void> {
  let why = 'is no folder';
  try {
    if ((await unlessMissing(fs.stat(folder)))?.isDirectory() === true) {
      await fs.access(folder, constants.R_OK | constants.X_OK);
      return;
    }
  } catch (error) {
    const code = errno(error);
    if (code === undefined) throw error;
    why = `cannot be read (${code})`;
  }
  throw new Problem('inspect-set', `${folder} ${why}.`, 'Choose a folder of golden files, or a layer of tilescope.json.', { file: folder });
}

/** The entry that made a set, when it would make the same again; otherwise why not. */
async function entryOf(manifest: FoundManifest, filesOnly: boolean): Promise<{ entry?: Entry; note?: string }> {
  const above = await configurationAbove(path.dirname(manifest.file));
  if (above === undefined) return {};
  const { config } = await openConfig(above);
  if (config === undefined) return { note: `The configuration in ${above} cannot be read: the layer is taken from the golden files themselves.` };
  if (!config.data.layers.some(({ name }) => name === manifest.entry)) return { note: `The configuration in ${above} has no layer "${manifest.entry}": the layer is taken from the golden files themselves.` };
  const [entry] = findEntries(config, [manifest.entry]);
  if (filesOnly && entry!.source.type === 'onnx') return { note: `The layer "${manifest.entry}" is captured from a model, which is not run here: what is shown is taken from the golden files themselves.` };
  const own = path.resolve(entry!.folder, entry!.output) === path.dirname(manifest.file);
  const stale = (await staleInputs(manifest)).length > 0;
  if (own && !stale && hasSettings(entry!, manifest)) return { entry: entry! };
  const why = !own ? 'writes another folder' : stale ? 'has other inputs now' : 'has other settings now';
  return { note: `The layer "${manifest.entry}" of the configuration ${why}: what is shown is taken from the golden files themselves.` };
}

/** A source that does not load, such as a model on a platform without ONNX Runtime, leaves the golden files. */
async function openOr(entry: Entry, options: OpenOptions): Promise<{ layer?: InspectedLayer; note?: string }> {
  try {
    return { layer: await openEntry(entry, options) };
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
    return { note: `The layer "${entry.name}" could not be loaded, so that it is taken from the golden files themselves: ${error.what}` };
  }
}

async function openStated(manifest: FoundManifest, note: string | undefined, options: OpenOptions): Promise<InspectedLayer> {
  const folder = path.dirname(manifest.file);
  options.onProgress?.({ what: 'Reading the golden files', done: 0, total: 1 });
  const files = await filesOf(manifest, options);
  const layer = layerOf(folder, files.map(({ inference }) => inference), files.map(({ file }) => file));
  const { array } = manifest.settings ?? {};
  const widths = widthsOf(array, layer);
  const goldens = await statedGoldens(manifest, axisCounts(layer.mapping));
  const outs = goldens.filter(({ layout }) => layout.spec.kind === 'out');
  return {
    ...layer,
    name: manifest.entry === '' ? layer.name : manifest.entry,
    ...widths,
    relu: outs.length === 0 || outs.some(({ relu }) => relu === true),
    ...(manifest.steps !== undefined && { steps: manifest.steps }),
    goldens,
    notes: [...(note === undefined ? [] : [note]), ...layer.notes, ...psumNotes(array, widths)],
    inputs: [manifest.file, ...layer.inputs],
  };
}

/** The files of a set as its manifest says; as they explain each other when it states no activations or weights, or for the eye only. */
async function filesOf(manifest: FoundManifest, { signal }: OpenOptions): Promise<{ file: string; inference: Inference }[]> {
  const folder = path.dirname(manifest.file);
  const { inferences: stated } = await declared(manifest, [], { signal }, (kind) => kind !== 'psum');
  const has = (kind: Kind): boolean => stated.some(({ candidates: [best] }) => best?.layout.spec.kind === kind);
  if (!has('activation') || !has('weight')) return inferredFiles(folder, { signal });
  // Psums are many, and say less of the image than outputs
  const psums = has('out') ? [] : (await declared(manifest, [], { signal }, (kind) => kind === 'psum')).inferences;
  return [...stated, ...psums].map((inference) => ({ file: path.join(folder, inference.name), inference }));
}

/** What the manifest says of psums; an edited one may say anything. */
function widthsOf(array: unknown, layer: InspectedLayer): Pick<InspectedLayer, 'psumBits' | 'overflow' | 'formats'> {
  const stated = statedWidths(array);
  const psumBits = stated.bits ?? layer.psumBits;
  return { psumBits, overflow: stated.policy ?? layer.overflow, formats: { ...layer.formats, psum: { bits: psumBits, signed: true } } };
}

function statedWidths(array: unknown): { bits?: number; policy?: OverflowPolicy } {
  const { psumBits: bits, overflow } = isRecord(array) ? array : {};
  const policy = OVERFLOW_POLICIES.find((one) => one === overflow);
  return { ...(typeof bits === 'number' && Number.isInteger(bits) && bits >= 2 && bits <= 32 && { bits }), ...(policy !== undefined && { policy }) };
}

/** What is taken for granted of psums, because nothing says it. */
function psumNotes(array: unknown, { psumBits }: Pick<InspectedLayer, 'psumBits'>): string[] {
  const { bits, policy } = statedWidths(array);
  if (policy === undefined) return [`Psums are taken to wrap at ${psumBits} bits.`];
  return bits === undefined ? [`Psums are taken to have ${psumBits} bits.`] : [];
}

/** The layer that activations and weights make. @param files paths of the inferences */
function layerOf(folder: string, inferences: readonly Inference[], files: readonly string[]): InspectedLayer {
  const inputs = inputsIn(folder, inferences);
  const { computed, note } = geometryOf(folder, inputs, inferences);
  const { mapping, activationTiles } = computed;
  const psumFormat = psumFormatOf(inferences);
  const overflow: OverflowPolicy = 'wrap';
  const kinds = new Set(['activation', 'weight']);
  const read = files.filter((_, i) => kinds.has(inferences[i]!.candidates[0]?.layout.spec.kind ?? ''));
  const layer: InspectedLayer = {
    name: path.basename(folder),
    from: `Activations and weights of ${folder} (${inputs.activation.length + inputs.weight.length} files).`,
    mapping,
    activationTiles,
    weightTiles: inputs.tiles.data,
    psumBits: psumFormat.bits,
    overflow,
    formats: { activation: formatOf(inputs.activation[0]!), weight: formatOf(inputs.weight[0]!), psum: psumFormat },
    relu: cutsOutputs(inferences),
    goldens: [],
    notes: [...unknownNotes(inputs), ...(note === undefined ? [] : [note]), 'The zeros around the image are part of it here, because the files hold them.'],
    inputs: read,
  };
  checkTiles(layer);
  return layer;
}

/** @throws Problem `inspect-set` when some are missing */
function inputsIn(folder: string, inferences: readonly Inference[]): SetInputs {
  const has = (kind: string): boolean => inferences.some(({ candidates: [best] }) => best?.layout.spec.kind === kind && !best.kindIsGuess);
  const missing = (['activation', 'weight'] as const).filter((kind) => !has(kind));
  const place = { file: folder };
  if (missing.length > 0) throw new Problem('inspect-set', `${folder} holds no golden ${missing.map((kind) => `${kind}s`).join(' and no ')}: there is nothing to compute a layer from.`, 'Choose the folder that holds them all, or a layer of tilescope.json.', place);
  const inputs = inputsOf(inferences);
  if (inputs === undefined) throw new Problem('inspect-set', `The activations and weights in ${folder} do not belong together: they have different numbers of rows.`, 'Choose a folder with the files of one layer.', place);
  const words = inputs.weight.reduce((sum, { values }) => sum + values.length, 0);
  const { length } = inputs.tiles.data;
  if (words < length) throw new Problem('inspect-set', `The weight files in ${folder} hold ${words} of the ${length} weights of a layer: a kij or a tile is missing.`, 'Generate the set with all kij and tiles, or choose a layer of tilescope.json.', place);
  return inputs;
}

function unknownNotes({ activation, weight }: SetInputs): string[] {
  const unknown = [...activation, ...weight].reduce((sum, { values }) => sum + values.filter(Number.isNaN).length, 0);
  return unknown === 0 ? [] : [`${unknown} words of the activations and weights are malformed or unknown: they count as 0.`];
}

/** Image and kernel: those that reproduce the golden outputs or psums beside, else the most usual ones that have as many. */
function geometryOf(folder: string, inputs: SetInputs, inferences: readonly Inference[]): { computed: Computed; note?: string } {
  const counted = (kind: 'out' | 'psum', axis: 'o_nij' | 'nij'): number => reach(inferences.flatMap(({ candidates: [best] }): ReadFile[] => (best?.layout.spec.kind === kind && !best.kindIsGuess ? [{ layout: best.layout, values: new Float64Array() }] : [])), axis);
  const [outs, nijs] = [counted('out', 'o_nij'), counted('psum', 'nij')];
  const pixels = ({ layout }: ReadFile): number => reach([{ layout, values: new Float64Array() }], 'nij');
  const most = Math.max(...inputs.activation.map(pixels));
  const words = inputs.activation.reduce((sum, { values }) => sum + values.length, 0);
  if (words < inputs.tiles.icTiles * inputs.tiles.rows * most) throw new Problem('inspect-set', `The activation files in ${folder} do not cover all ${inputs.tiles.icTiles} ic tiles that the weights have, with the same pixels each.`, 'Choose the folder that holds them all, or a layer of tilescope.json.', { file: folder });
  const fits = ({ conv }: Mapping): boolean => (outs === 0 || conv.oNijCount === outs) && (nijs === 0 || conv.nijCount === nijs);
  const proven = inferences.some(({ candidates: [best] }) => best?.proven === true && (best.layout.spec.kind === 'out' || best.layout.spec.kind === 'psum'));
  const reproduced = proven ? chooseGeometry(inputs, inferences, fits) : undefined;
  if (reproduced !== undefined) return { computed: reproduced, ...(outs === 0 && { note: shapeNote(reproduced.mapping, 'psums are the same for every stride') }) };
  const usual = chooseGeometry(inputs, [], fits);
  if (usual === undefined) throw new Problem('inspect-set', `No image and kernel make ${most} pixels and ${inputs.tiles.kijCount} kernel positions${outs === 0 ? '' : ` give ${outs} outputs`} in ${folder}.`, 'Choose a folder with the files of one layer, or a layer of tilescope.json.', { file: folder });
  return { computed: usual, note: shapeNote(usual.mapping, outs + nijs === 0 ? 'no golden psums or outputs are beside to prove it' : 'the golden psums or outputs beside do not prove it') };
}

function shapeNote({ conv }: Mapping, why: string): string {
  return `The image is taken as ${conv.paddedHeight}x${conv.paddedWidth}, the kernel as ${conv.kernelHeight}x${conv.kernelWidth}, the stride as ${conv.strideHeight}: ${why}.`;
}

/** Format of the psums, or of the outputs, beside. */
function psumFormatOf(inferences: readonly Inference[]): IntegerFormat {
  const bits = (kind: string): number[] => inferences.flatMap(({ candidates: [best] }) => (best !== undefined && best.layout.spec.kind === kind && !best.kindIsGuess && best.layout.spec.radix !== 'decimal' ? [best.layout.spec.bits] : []));
  const [psum] = [...bits('psum'), ...bits('out')];
  return { bits: psum === undefined || psum < 2 || psum > 32 ? PSUM_BITS : psum, signed: true };
}

/** Outputs that are called so, or none of which is negative, are cut at zero. */
function cutsOutputs(inferences: readonly Inference[]): boolean {
  const outs = inferences.filter(({ candidates: [best] }) => best?.layout.spec.kind === 'out' && !best.kindIsGuess);
  return outs.some(({ name }) => nameClues(name).relu === true) || !outs.some(({ shape, candidates: [best] }) => new FileReading(shape, best!.layout).values().some((value) => value < 0));
}

function formatOf({ layout }: ReadFile): IntegerFormat {
  return { bits: layout.spec.bits, signed: layout.spec.signed };
}
