import type { SelfCheck } from '../engine/check';
import { countTilingDifferences, recoveryError } from '../engine/check';
import type { LayerResult } from '../engine/layer';
import { computeLayer, untileOutputs } from '../engine/layer';
import { Problem } from '../engine/problem';
import { mapLayer } from '../engine/tiling';
import { axisCounts } from '../vectors/axis';
import { encode } from '../vectors/codec';
import type { PlannedFile } from '../vectors/plan';
import { planFiles } from '../vectors/plan';
import { sourceOf } from '../vectors/tensor';
import type { GenerateReport, LayerFacts, SetSummary } from '../protocol/report';
import { breathe } from './breathe';
import type { Disk } from './disk';
import { realDisk } from './disk';
import type { Entry } from './entry';
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
  const folder = await resolveOutput(disk, entry.folder, entry.output).catch((error: unknown) => {
    throw error instanceof Problem ? error.at(entry.place('output')) : error;
  });
  const data = await loadLayer(entry, options);
  const mapping = mapLayer(data.conv, entry.array);
  const planned = atEntry(entry, 'profile', () => planFiles({ profile: entry.profile, counts: axisCounts(mapping), bits: { ...data.bits, psum: entry.array.psumBits }, select: entry.select, extras: entry.extras }));
  const result = await compute(entry, data, options);
  const selfCheck = check(entry, data, result);
  options.onProgress?.({ phase: 'check', done: 1, total: 1 });
  await breathe(options.signal);
  const set = await writeSet({ disk, folder, overwrite: options.overwrite ?? false, signal: options.signal }, () => produce(entry, data, planned, result, options));
  return { entry: entry.name, profile: entry.profile.name, layer: factsOf(entry, data, result), set, selfCheck, warnings: [...data.warnings, ...overflowWarnings(entry, result), ...editWarnings(set)] };
}

async function compute(entry: Entry, data: LayerData, options: RunOptions): Promise<LayerResult> {
  const { psumBits, overflow } = entry.array;
  const mapping = mapLayer(data.conv, entry.array);
  try {
    const steps = computeLayer({ mapping, activationCodes: data.activationCodes, weightCodes: data.weightCodes, psumBits, overflow });
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      options.onProgress?.({ phase: 'compute', ...step.value });
      await breathe(options.signal);
    }
  } catch (error) {
    throw error instanceof Problem ? error.at(entry.place('array')) : error;
  }
}

/** @throws Problem `self-check` when the tiles do not add up to the convolution: then nothing is written */
function check(entry: Entry, data: LayerData, result: LayerResult): SelfCheck {
  const { psumBits, overflow } = entry.array;
  const out = untileOutputs(result.mapping, result.outRaw);
  const differing = countTilingDifferences(data.conv, data.activationCodes, data.weightCodes, out, psumBits, overflow);
  if (differing > 0 && overflow !== 'saturate') {
    throw new Problem('self-check', `${differing} of ${out.length} outputs of the tiled computation differ from the direct convolution. Nothing was written.`, 'This is a defect of TileScope: please report it with the layer.');
  }
  const { outputStep, reference } = data;
  if (outputStep === undefined || reference === undefined) return { outputs: out.length, differing };
  return { outputs: out.length, differing, error: { ...recoveryError(out, outputStep, reference.values), reference: reference.from } };
}

async function* produce(entry: Entry, data: LayerData, planned: readonly PlannedFile[], result: LayerResult, options: RunOptions): AsyncGenerator<NewFile> {
  const files: Manifest['files'][number][] = [];
  const sources = new Map<string, ReturnType<typeof sourceOf>>();
  for (const [index, { path, layout, relu }] of planned.entries()) {
    const { kind } = layout.spec;
    const key = `${kind} ${relu}`;
    const source = sources.get(key) ?? sourceOf(result, kind, relu);
    sources.set(key, source);
    const bytes = atEntry(entry, 'profile', () => encode(layout, source));
    files.push({ path, sha256: sha256(bytes), bytes: bytes.length, relu, layout: layout.spec });
    yield { path, bytes };
    options.onProgress?.({ phase: 'write', done: index + 1, total: planned.length });
    await breathe(options.signal);
  }
  const manifest: Manifest = { format: 1, entry: entry.name, settings: settingsOf(entry), inputs: data.inputs, files };
  yield { path: MANIFEST_FILE, bytes: Buffer.from(formatManifest(manifest)) };
}

/** What the manifest keeps of the settings: everything that the files depend on besides the inputs' content. */
function settingsOf(entry: Entry): Manifest['settings'] {
  const { source, quantization, convolution, bits, outOfRange, array, profile, select, extras } = entry;
  return { source, quantization, convolution, bits, outOfRange, array, profile, select, extras };
}

function factsOf(entry: Entry, { conv, bits }: LayerData, { mapping, psumRange }: LayerResult): LayerFacts {
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
  };
}

function overflowWarnings({ array }: Entry, { overflows }: LayerResult): string[] {
  const done = array.overflow === 'wrap' ? 'wrapped' : 'saturated';
  return (['psum', 'out'] as const)
    .filter((kind) => overflows[kind] > 0)
    .map((kind) => `${overflows[kind]} ${kind} values did not fit ${array.psumBits} bits and were ${done}, as array.overflow says.`);
}

function editWarnings({ edited }: SetSummary): string[] {
  if (edited.length === 0) return [];
  return [`${edited.length} files had been edited since they were generated and were replaced: ${edited.slice(0, 3).join(', ')}${edited.length > 3 ? ', …' : ''}.`];
}

/** A problem that depends on a key of the entry points there, unless it knows a better place. */
function atEntry<T>(entry: Entry, key: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Problem ? error.at(entry.place(key)) : error;
  }
}
