import path from 'node:path';
import type { Place } from '../engine/problem';
import { Problem } from '../engine/problem';
import type { ArraySize } from '../engine/tiling';
import type { OverflowPolicy } from '../engine/width';
import type { Extra } from '../vectors/plan';
import type { Profile, Selection } from '../vectors/profile';
import { BUILT_IN_PROFILES } from '../vectors/profile';
import type { Config, ConfigPath } from './config';
import type { LayerConfig, SourceConfig } from './schema';

/** Bits and thresholds that a source without a model needs. */
export interface QuantizationSettings {
  readonly actBits: number;
  readonly wgtBits: number;
  readonly actAlpha?: number;
  readonly wgtAlpha?: number;
  /** Float weights are brought to mean 0 and standard deviation 1 before they are divided by alpha, as the course's quantiser does. */
  readonly normalizeWeights: boolean;
}

/** The convolution's parameters that no tensor shape tells. */
export interface ConvolutionSettings {
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** top, left, bottom, right */
  readonly padding: readonly [number, number, number, number];
}

/** A layer of the configuration with the defaults filled in. */
export interface Entry {
  readonly name: string;
  readonly folder: string;
  readonly source: SourceConfig;
  /** Absent for an ONNX source, which brings its own. */
  readonly quantization?: QuantizationSettings;
  /** Widths that go before an ONNX model's: a model that stores codes as int8 does not say how many bits the hardware has. */
  readonly bits: { readonly activation?: number; readonly weight?: number };
  readonly convolution?: ConvolutionSettings;
  readonly outOfRange: OverflowPolicy;
  readonly array: ArraySize & { readonly psumBits: number; readonly overflow: OverflowPolicy };
  readonly profile: Profile;
  /** Where the profile is defined, if it is the user's own, or chosen. */
  readonly profilePlace: Place;
  readonly select: Selection;
  readonly extras: readonly Extra[];
  /** As written in the configuration. */
  readonly output: string;
  /** Place of a key of this entry in the file, for messages. */
  place(...where: ConfigPath): Place;
}

export const DEFAULT_ARRAY = { rows: 8, cols: 8, psumBits: 16, overflow: 'error' } as const;
const DEFAULT_PROFILE = 'golden-part1';
const DEFAULT_EXTRAS: readonly Extra[] = ['decimal'];

/**
 * The entries of a configuration.
 * @param names which; all when empty
 * @throws Problem `config-entry` for a name that is not there
 */
export function findEntries(config: Config, names: readonly string[]): Entry[] {
  const known = config.data.layers.map(({ name }) => name);
  if (known.length === 0) throw new Problem('config-entry', 'The configuration has no layers.', 'Add one to "layers".', config.place(['layers'], 'key'));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Problem('config-entry', `The configuration has no layer "${unknown}".`, `Choose one of: ${known.join(', ')}.`, config.place(['layers']));
  }
  return config.data.layers.map((_, index) => index).filter((index) => names.length === 0 || names.includes(known[index]!)).map((index) => resolveEntry(config, index));
}

/** @throws Problem `config-value` at the key that does not work with the others */
export function resolveEntry(config: Config, index: number): Entry {
  const { data } = config;
  const layer = data.layers[index]!;
  // A setting that the layer takes from the defaults is mended there
  const place = (...where: ConfigPath): Place => {
    const [key] = where;
    const inherited = typeof key === 'string' && !(key in layer) && key in (data.defaults ?? {});
    return config.place(inherited ? ['defaults', ...where] : ['layers', index, ...where]);
  };
  const shadowed = (data.profiles ?? []).findIndex(({ name }) => BUILT_IN_PROFILES.some((builtIn) => builtIn.name === name));
  if (shadowed >= 0) throw new Problem('config-value', `The profile "${data.profiles?.[shadowed]?.name ?? ''}" has the name of a built-in one.`, 'Give it another name.', config.place(['profiles', shadowed, 'name']));
  const profileName = layer.profile ?? data.defaults?.profile ?? DEFAULT_PROFILE;
  const own = (data.profiles ?? []).findIndex(({ name }) => name === profileName);
  const profile = [...(data.profiles ?? []), ...BUILT_IN_PROFILES].find(({ name }) => name === profileName);
  if (profile === undefined) {
    const names = [...(data.profiles ?? []), ...BUILT_IN_PROFILES].map(({ name }) => name).join(', ');
    const where: ConfigPath = layer.profile === undefined ? ['defaults', 'profile'] : ['layers', index, 'profile'];
    throw new Problem('config-value', `There is no profile "${profileName}".`, `Use one of: ${names}; or define it in "profiles".`, config.place(where));
  }
  const fromTensors = layer.source.type !== 'onnx';
  if (!fromTensors) refuseModelSettings(layer, place);
  return {
    name: layer.name,
    folder: config.folder,
    source: layer.source,
    ...(fromTensors && { quantization: quantizationOf(layer, place), convolution: convolutionOf(layer) }),
    bits: { ...(layer.quantization?.actBits !== undefined && { activation: layer.quantization.actBits }), ...(layer.quantization?.wgtBits !== undefined && { weight: layer.quantization.wgtBits }) },
    outOfRange: layer.quantization?.outOfRange ?? data.defaults?.quantization?.outOfRange ?? 'error',
    array: { ...DEFAULT_ARRAY, ...data.defaults?.array, ...layer.array },
    profile: { description: '', ...profile },
    profilePlace: own < 0 ? place('profile') : config.place(['profiles', own, 'files']),
    select: { ...data.defaults?.select, ...layer.select },
    extras: layer.extras ?? data.defaults?.extras ?? DEFAULT_EXTRAS,
    output: layer.output,
    place,
  };
}

/** Files that an entry reads, absolute, with the key that names each. */
export function inputFiles(entry: Entry): { readonly key: string; readonly file: string }[] {
  const { source } = entry;
  const keys = source.type === 'onnx' ? ({ model: source.model, input: source.input } as const) : ({ activation: source.activation, weight: source.weight } as const);
  return Object.entries(keys).map(([key, file]) => ({ key, file: path.resolve(entry.folder, file) }));
}

/** Files that no output folder may swallow: the configuration and what the set is made from. */
export function keptFiles(entry: Entry): string[] {
  const configuration = entry.place().file;
  return [...(configuration === undefined ? [] : [configuration]), ...inputFiles(entry).map(({ file }) => file)];
}

function refuseModelSettings(layer: LayerConfig, place: Entry['place']): void {
  const given = (['actAlpha', 'wgtAlpha'] as const).find((key) => layer.quantization?.[key] !== undefined);
  if (given !== undefined) throw new Problem('config-value', `${given} is given, but an ONNX source brings its own alphas.`, `Remove quantization.${given}.`, place('quantization', given));
  if (layer.convolution !== undefined) throw new Problem('config-value', 'A convolution is given, but an ONNX source brings its own.', 'Remove "convolution".', place('convolution'));
}

function quantizationOf(layer: LayerConfig, place: Entry['place']): QuantizationSettings {
  const { actBits = 4, wgtBits = 4, actAlpha, wgtAlpha, normalizeWeights = true } = layer.quantization ?? {};
  const missing = layer.source.type === 'float' ? (['actAlpha', 'wgtAlpha'] as const).find((key) => layer.quantization?.[key] === undefined) : undefined;
  if (missing !== undefined) {
    throw new Problem('config-value', `A float source needs quantization.${missing}.`, `Add "${missing}": the trained threshold of the layer.`, layer.quantization === undefined ? place('source') : place('quantization'));
  }
  return { actBits, wgtBits, normalizeWeights, ...(actAlpha !== undefined && { actAlpha }), ...(wgtAlpha !== undefined && { wgtAlpha }) };
}

function convolutionOf(layer: LayerConfig): ConvolutionSettings {
  const { stride = 1, dilation = 1, padding = 0 } = layer.convolution ?? {};
  const [top, left, bottom = top, right = left] = typeof padding === 'number' ? [padding, padding] : padding;
  return { stride: both(stride), dilation: both(dilation), padding: [top, left, bottom, right] };
}

function both(value: number | [number, number]): [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}
