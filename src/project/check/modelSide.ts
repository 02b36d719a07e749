import fs from 'node:fs/promises';
import path from 'node:path';
import type { PairModel } from '../../check/pair';
import { Problem } from '../../engine/problem';
import type { IntegerFormat } from '../../engine/width';
import type { Kind } from '../../vectors/axis';
import type { Inference } from '../../vectors/inference';
import { inferShape } from '../../vectors/infer';
import { textShape } from '../../vectors/textShape';
import { breathe } from '../breathe';
import { LARGEST_FILE, beginningsIn, readText } from '../goldenFolder';
import type { FoundManifest } from '../setManifest';
import { Manifests } from '../setManifest';
import { folderExpected } from './computedSide';
import { cutOff } from './goldenDoubts';
import { LARGEST_WHOLE, inferAmong } from './goldenSide';
import { HEAD_BYTES } from './openedText';
import type { CheckRun, CheckSpec } from './spec';

/** Activations and weights beyond these are not read for a diagnosis. */
const MOST_BYTES = 32 * 2 ** 20;

/** What golden files were computed from. */
export interface ModelBeside {
  /** Undefined when no activations and weights of the same set are known to give them. */
  readonly model?: PairModel;
  /** Why some that stand there were not used. */
  readonly notes: readonly string[];
}

interface Inputs {
  readonly inferences: readonly Inference[];
  /** What is there too, and was not read. */
  readonly unread: readonly string[];
}

/** The activations and weights that golden files were computed from, when they stand in the same set. */
export async function modelBeside(spec: CheckSpec, kind: Kind, format: IntegerFormat, run: CheckRun): Promise<ModelBeside> {
  if (spec.golden.type === 'layer' || (kind !== 'psum' && kind !== 'out')) return { notes: [] };
  const files = spec.golden.type === 'files' ? spec.golden.files : [];
  const folder = spec.golden.type === 'folder' ? spec.golden.folder : path.dirname(files[0]!);
  const manifest = await new Manifests().above(folder);
  const dumps = spec.dump.type === 'vcd' ? [spec.dump.file] : spec.dump.files;
  const { inferences, unread } = manifest === undefined ? await besideGolden(folder, files, dumps, run) : await declared(manifest, dumps, run, (kind) => kind !== 'psum');
  const known = manifest === undefined ? inferences.filter(({ candidates: [best] }) => best?.proven === true) : inferences;
  const model = folderExpected(known, kind, [false], format, () => false)[0]?.model;
  if (model === undefined) return { notes: unread.length === 0 ? [] : [`Causes were looked for without the activations and weights: ${unread.join(', ')} ${unread.length === 1 ? 'is' : 'are'} too large to be read for that.`] };
  // Golden outputs themselves say whether they are cut at zero
  const { mapping, activationTiles, weightTiles, activationFormat, weightFormat, psumBits, overflow } = model;
  return { model: { mapping, activationTiles, weightTiles, activationFormat, weightFormat, psumBits, overflow }, notes: [] };
}

/**
 * What stands beside golden files. A large golden file is read for its proof only where there are activations and weights that could give one, and large
 * neighbours are dumps, or psums and outputs of other layers.
 */
async function besideGolden(folder: string, files: readonly string[], dumps: readonly string[], run: CheckRun): Promise<Inputs> {
  const sizes = await Promise.all(files.map(async (file) => (await fs.stat(file)).size));
  const inputs = (wanted: (size: number) => boolean): Promise<FoundInput[]> => inputsIn(folder, [...files, ...dumps], wanted, run);
  const tooLarge = files.filter((_, i) => sizes[i]! > LARGEST_FILE).map((file) => path.basename(file));
  const unread = (await inputs((size) => size > LARGEST_WHOLE)).filter(({ isGuess }) => !isGuess).map(({ name }) => name);
  if (sizes.some((size) => size > LARGEST_WHOLE)) {
    const kinds = new Set((await inputs((size) => size <= LARGEST_WHOLE)).map(({ kind }) => kind));
    if (kinds.size < 2 || tooLarge.length > 0) return { inferences: [], unread: kinds.size < 2 ? unread : [...tooLarge, ...unread] };
  }
  return { inferences: await inferAmong(folder, files, dumps, run, LARGEST_WHOLE), unread };
}

interface FoundInput {
  readonly name: string;
  readonly kind: Kind;
  /** Neither name nor header says so. */
  readonly isGuess: boolean;
}

/** The activations and weights of a folder, as the beginnings of its files tell them. */
async function inputsIn(folder: string, without: readonly string[], sizes: (size: number) => boolean, { signal }: CheckRun): Promise<FoundInput[]> {
  const beginnings = await beginningsIn(folder, without, HEAD_BYTES, sizes, signal);
  return beginnings.flatMap(({ name, head }) => {
    const [best] = inferShape(textShape(head), name, {}).candidates;
    const kind = best?.layout.spec.kind;
    return best !== undefined && (kind === 'activation' || kind === 'weight') ? [{ name, kind, isGuess: best.kindIsGuess }] : [];
  });
}

/** What a manifest says of the files that are there. */
export interface DeclaredSet {
  readonly inferences: readonly Inference[];
  /** Files that have fewer lines than it says. */
  readonly leftOut: readonly { readonly kind: Kind; readonly problem: Problem }[];
  /** Names of activations and weights that are too large to be read. */
  readonly unread: readonly string[];
}

/**
 * The files of a manifest, by their paths below its folder, read as it says. A file that is gone or was changed to another form explains
 * nothing, nor does one of `without`.
 * @param wanted kinds to read
 */
export async function declared({ file: manifest, files }: FoundManifest, without: readonly string[], { signal }: CheckRun, wanted: (kind: Kind) => boolean = () => true): Promise<DeclaredSet> {
  const found: Inference[] = [];
  const leftOut: { kind: Kind; problem: Problem }[] = [];
  const unread: string[] = [];
  let bytes = 0;
  for (const [file, { layout }] of files) {
    if (layout === undefined || layout.spec.radix === 'decimal' || layout.spec.kind === 'address' || !wanted(layout.spec.kind) || without.includes(file)) continue;
    await breathe(signal);
    const size = await fs.stat(file).then((status) => status.size, () => 0);
    if (bytes + size > MOST_BYTES) {
      if (layout.spec.kind === 'activation' || layout.spec.kind === 'weight') unread.push(path.basename(file));
      continue;
    }
    const text = await readText(file).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'usage') return undefined;
      throw error;
    });
    bytes += text?.bytes.length ?? 0;
    if (text === undefined) continue;
    const shape = textShape(text.text);
    if (shape.dataLines.length !== layout.lineCount) {
      if (shape.dataLines.length < layout.lineCount) leftOut.push({ kind: layout.spec.kind, problem: cutOff(file, shape.dataLines.length, `the manifest of its set says ${layout.lineCount}`) });
      continue;
    }
    found.push({ name: path.relative(path.dirname(manifest), file), shape, candidates: [{ layout, confidence: 1, evidence: [], contradictions: [], kindIsGuess: false, proven: true }] });
  }
  return { inferences: found, leftOut, unread };
}
