import type { SelfCheck } from '../engine/check';
import { countTilingDifferences, isWrong, recoveryError } from '../engine/check';
import type { LayerResult } from '../engine/layer';
import { untileOutputs } from '../engine/layer';
import type { Place } from '../engine/problem';
import { Problem } from '../engine/problem';
import type { Mapping } from '../engine/tiling';
import { mapLayer } from '../engine/tiling';
import { axisCounts } from '../vectors/axis';
import { encode } from '../vectors/codec';
import type { PlannedFile } from '../vectors/plan';
import { planFiles } from '../vectors/plan';
import { sourceOf } from '../vectors/tensor';
import type { GenerateReport, LayerFacts, SetSummary } from '../protocol/report';
import { breathe } from './breathe';
import { computedLayer } from './computedLayer';
import type { Disk } from './disk';
import { realDisk } from './disk';
import type { Entry } from './entry';
import { keptFiles } from './entry';
import type { NewFile } from './fileSet';
import { writeSet } from './fileSet';
import type { LayerData, RunOptions } from './layerData';
import { loadLayer } from './loadLayer';
import type { Manifest } from './manifest';
import { MANIFEST_FILE, formatManifest, sha256 } from './manifest';
import { resolveOutput } from './outputFolder';

export interface GenerateOptions extends RunOptions {
  /** Replace files of the same name that TileScope did not write. */
  readonly overwrite?: boolean;
  /** Bundled script of the ONNX Runtime process. */
  readonly ortScript: string;
  readonly disk?: Disk;
}

/**
 * Generates the golden files of one entry: load, quantise, tile, compute, check itself, write.
 * @throws Problem of any kind; the output folder is then as it was
 */
export async function generate(entry: Entry, options: GenerateOptions): Promise<GenerateReport> {
  const disk = options.disk ?? realDisk;
  const folder = await resolveOutput(disk, entry.folder, entry.output, keptFiles(entry)).catch((error: unknown) => {
    throw error instanceof Problem ? error.at(entry.place('output')) : error;
  });
  const data = await loadLayer(entry, options);
  const mapping = atPlace(entry.place('array'), () => mapLayer(data.conv, entry.array));
  const planned = atProfile(entry, () => planFiles({ profile: entry.profile, counts: axisCounts(mapping), bits: { ...data.bits, psum: entry.array.psumBits }, select: entry.select, extras: entry.extras, reserved: [MANIFEST_FILE] }));
  const result = await compute(entry, data, mapping, options);
  const selfCheck = check(entry, data, result);
  options.onProgress?.({ phase: 'check', done: 1, total: 1 });
  await breathe(options.signal);
  const set = await writeSet({ disk, folder, overwrite: options.overwrite ?? false, signal: options.signal }, () => produce(entry, data, planned, result, options)).catch((error: unknown) => {
    // What the folder does not allow is mended at the key that names it; the text names the folder
    throw error instanceof Problem && error.code.startsWith('output-') ? new Problem(error.code, error.what, error.next, entry.place('output'), { cause: error.cause }) : error;
  });
  return { entry: entry.name, profile: entry.profile.name, layer: factsOf(entry, data, result), set, selfCheck, notes: data.notes, warnings: [...data.warnings, ...overflowWarnings(entry, result), ...editWarnings(set)] };
}

async function compute(entry: Entry, data: LayerData, mapping: Mapping, options: RunOptions): Promise<LayerResult> {
  const { psumBits, overflow } = entry.array;
  try {
    const input = { mapping, activationCodes: data.activationCodes, weightCodes: data.weightCodes, psumBits, overflow };
    return await computedLayer(input, { signal: options.signal, onProgress: (progress) => options.onProgress?.({ phase: 'compute', ...progress }) });
  } catch (error) {
    throw error instanceof Problem ? error.at(entry.place('array')) : error;
  }
}

/** @throws Problem `self-check` when the tiles do not add up to the convolution or miss the reference: then nothing is written */
function check(entry: Entry, data: LayerData, result: LayerResult): SelfCheck {
  const exact = untileOutputs(result.mapping, result.outExact);
  const differing = countTilingDifferences(data.conv, data.activationCodes, data.weightCodes, exact);
  if (differing > 0) {
    throw new Problem('self-check', `${differing} of ${exact.length} outputs of the tiled computation differ from the direct convolution. Nothing was written.`, 'This is a defect of TileScope: please report it with the layer.', entry.place('source'));
  }
  const { steps, reference } = data;
  if (steps === undefined || reference === undefined) return { outputs: exact.length };
  const step = steps.activation * steps.weight;
  const cut = data.cut || result.overflows.psum > 0 || result.overflows.out > 0;
  const error = { ...recoveryError(untileOutputs(result.mapping, result.outRaw), step, reference.values()), reference: reference.from, step, cut };
  if (isWrong(error)) {
    throw new Problem('self-check', `The outputs are ${error.mean.toExponential(2)} off ${reference.from} on average, where one step is ${step.toExponential(2)}. Nothing was written.`, 'Check that alphas, bits and tensors belong to one layer; if they come from the model, please report it.', entry.place('source'));
  }
  return { outputs: exact.length, error };
}

async function* produce(entry: Entry, data: LayerData, planned: readonly PlannedFile[], result: LayerResult, options: RunOptions): AsyncGenerator<NewFile> {
  const files: Manifest['files'][number][] = [];
  const sources = new Map<string, ReturnType<typeof sourceOf>>();
  for (const [index, { path, layout, relu }] of planned.entries()) {
    const { kind } = layout.spec;
    const key = `${kind} ${relu}`;
    const source = sources.get(key) ?? sourceOf(result, kind, relu);
    sources.set(key, source);
    const bytes = atProfile(entry, () => encode(layout, source));
    files.push({ path, sha256: sha256(bytes), bytes: bytes.length, relu, layout: layout.spec });
    yield { path, bytes };
    options.onProgress?.({ phase: 'write', done: index + 1, total: planned.length });
    await breathe(options.signal);
  }
  const manifest: Manifest = { format: 1, entry: entry.name, settings: settingsOf(entry), ...(data.steps !== undefined && { steps: data.steps }), inputs: data.inputs, files };
  yield { path: MANIFEST_FILE, bytes: Buffer.from(formatManifest(manifest)) };
}

/** What the manifest keeps of the settings: everything that the files depend on besides the inputs' content. */
export function settingsOf(entry: Entry): Manifest['settings'] {
  const { source, quantization, convolution, bits, outOfRange, array, profile, select, extras } = entry;
  return { source, quantization, convolution, bits, outOfRange, array, profile, select, extras };
}

function factsOf(entry: Entry, { conv, bits }: LayerData, { mapping, psumRange, outRange }: LayerResult): LayerFacts {
  const { tiling } = mapping;
  return {
    inChannels: conv.inChannels,
    outChannels: conv.outChannels,
    image: [conv.height, conv.width],
    kernel: [conv.kernelHeight, conv.kernelWidth],
    rows: tiling.rows,
    cols: tiling.cols,
    icTiles: tiling.icTiles,
    ocTiles: tiling.ocTiles,
    actBits: bits.activation,
    actSigned: bits.activationSigned,
    wgtBits: bits.weight,
    psumBits: entry.array.psumBits,
    psumMin: psumRange.min,
    psumMax: psumRange.max,
    outMin: outRange.min,
    outMax: outRange.max,
  };
}

function overflowWarnings({ array }: Entry, { overflows }: LayerResult): string[] {
  const done = array.overflow === 'wrap' ? 'wrapped' : 'saturated';
  return (['psum', 'out'] as const)
    .filter((kind) => overflows[kind] > 0)
    .map((kind) => `${overflows[kind]} ${kind} values did not fit ${array.psumBits} bits and were ${done}, as array.overflow says.`);
}

function editWarnings({ edited, adopted }: SetSummary): string[] {
  const some = (files: readonly string[]): string => `${files.slice(0, 3).join(', ')}${files.length > 3 ? ', …' : ''}`;
  return [
    ...(edited.length > 0 ? [`${edited.length} edited ${edited.length === 1 ? 'file was' : 'files were'} regenerated: ${some(edited)}.`] : []),
    ...(adopted.length > 0 ? [`${adopted.length} edited ${adopted.length === 1 ? 'file' : 'files'} that no longer belong to the set stay: ${some(adopted)}.`] : []),
  ];
}

function atProfile<T>(entry: Entry, work: () => T): T {
  return atPlace(entry.profilePlace, work);
}

/** A problem points at the place that it depends on, unless it knows a better one. */
function atPlace<T>(place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Problem ? error.at(place) : error;
  }
}
