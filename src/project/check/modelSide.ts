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
import { beginningsIn, readText } from '../goldenFolder';
import type { FoundManifest } from '../setManifest';
import { Manifests } from '../setManifest';
import { folderExpected } from './computedSide';
import { cutOff } from './goldenDoubts';
import { LARGEST_WHOLE, inferAmong } from './goldenSide';
import { HEAD_BYTES } from './openedText';
import type { CheckRun, CheckSpec } from './spec';

/** Activations and weights beyond these are not read for a diagnosis. */
const MOST_BYTES = 32 * 2 ** 20;

/** The activations and weights that golden files were computed from, when they stand in the same set; undefined when nothing says so. */
export async function modelBeside(spec: CheckSpec, kind: Kind, format: IntegerFormat, run: CheckRun): Promise<PairModel | undefined> {
  if (spec.golden.type === 'layer' || (kind !== 'psum' && kind !== 'out')) return undefined;
  const files = spec.golden.type === 'files' ? spec.golden.files : [];
  const folder = spec.golden.type === 'folder' ? spec.golden.folder : path.dirname(files[0]!);
  const manifest = await new Manifests().above(folder);
  const dumps = spec.dump.type === 'vcd' ? [spec.dump.file] : spec.dump.files;
  const inferences = manifest === undefined ? await besideGolden(folder, files, dumps, run) : (await declared(manifest, dumps, run, (kind) => kind !== 'psum')).inferences;
  const known = manifest === undefined ? inferences.filter(({ candidates: [best] }) => best?.proven === true) : inferences;
  const model = folderExpected(known, kind, [false], format, () => false)[0]?.model;
  if (model === undefined) return undefined;
  // Golden outputs themselves say whether they are cut at zero
  const { mapping, activationTiles, weightTiles, activationFormat, weightFormat, psumBits, overflow } = model;
  return { mapping, activationTiles, weightTiles, activationFormat, weightFormat, psumBits, overflow };
}

/**
 * What stands beside golden files. A large golden file is read for its proof only where there are activations and weights that could give one, and large
 * neighbours are dumps, or psums and outputs of other layers.
 */
async function besideGolden(folder: string, files: readonly string[], dumps: readonly string[], run: CheckRun): Promise<readonly Inference[]> {
  const sizes = await Promise.all(files.map(async (file) => (await fs.stat(file)).size));
  if (sizes.some((size) => size > LARGEST_WHOLE) && !(await haveInputs(folder, [...files, ...dumps], run))) return [];
  return inferAmong(folder, files, dumps, run, LARGEST_WHOLE);
}

/** Do activations and weights stand in a folder, by the beginnings of its files? */
async function haveInputs(folder: string, without: readonly string[], { signal }: CheckRun): Promise<boolean> {
  const kinds = new Set<Kind | undefined>();
  for (const { name, size, head } of await beginningsIn(folder, without, HEAD_BYTES, signal)) {
    if (size <= LARGEST_WHOLE) kinds.add(inferShape(textShape(head), name, {}).candidates[0]?.layout.spec.kind);
    if (kinds.has('activation') && kinds.has('weight')) return true;
  }
  return false;
}

/** What a manifest says of the files that are there. */
export interface DeclaredSet {
  readonly inferences: readonly Inference[];
  /** Files that have fewer lines than it says. */
  readonly leftOut: readonly { readonly kind: Kind; readonly problem: Problem }[];
}

/**
 * The files of a manifest, by their paths below its folder, read as it says. A file that is gone or was changed to another form explains
 * nothing, nor does one of `without`.
 * @param wanted kinds to read
 */
export async function declared({ file: manifest, files }: FoundManifest, without: readonly string[], { signal }: CheckRun, wanted: (kind: Kind) => boolean = () => true): Promise<DeclaredSet> {
  const found: Inference[] = [];
  const leftOut: { kind: Kind; problem: Problem }[] = [];
  let bytes = 0;
  for (const [file, { layout }] of files) {
    if (layout === undefined || layout.spec.radix === 'decimal' || layout.spec.kind === 'address' || !wanted(layout.spec.kind) || without.includes(file)) continue;
    await breathe(signal);
    const text = await readText(file).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'usage') return undefined;
      throw error;
    });
    bytes += text?.bytes.length ?? 0;
    if (text === undefined || bytes > MOST_BYTES) continue;
    const shape = textShape(text.text);
    if (shape.dataLines.length !== layout.lineCount) {
      if (shape.dataLines.length < layout.lineCount) leftOut.push({ kind: layout.spec.kind, problem: cutOff(file, shape.dataLines.length, `the manifest of its set says ${layout.lineCount}`) });
      continue;
    }
    found.push({ name: path.relative(path.dirname(manifest), file), shape, candidates: [{ layout, confidence: 1, evidence: [], contradictions: [], kindIsGuess: false, proven: true }] });
  }
  return { inferences: found, leftOut };
}
