import path from 'node:path';
import type { Expected } from '../../check/compare/expected';
import { Problem } from '../../engine/problem';
import type { Mapping } from '../../engine/tiling';
import type { Kind } from '../../vectors/axis';
import type { Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';
import type { Choice } from '../chosenReading';
import { chosenReading } from '../chosenReading';
import { collectFiles } from '../goldenFolder';
import type { FoundManifest } from '../setManifest';
import { Manifests } from '../setManifest';
import type { ComputedKind } from './computedSide';
import { folderExpected, layerExpected } from './computedSide';
import type { OpenedDump } from './dumpSide';
import type { OpenFiles } from './fileSource';
import { expectedOf, goldenExpected, inferAmong } from './goldenSide';
import { declared } from './modelSide';
import { entryStatesRelu, manifestStatesRelu, reluOfFile, relusOf, wantedRelu } from './reluChoice';
import type { CheckOptions, CheckRun, CheckSpec } from './spec';

/** Width of psums and outputs that are computed, when nothing says another. */
const PSUM_BITS = 16;

/** One thing that a dump may be compared with. */
export interface Variant {
  readonly expected: Expected;
  /** Outputs after ReLU or before it; absent where that is not known or says nothing. */
  readonly relu?: boolean;
}

/**
 * What a dump may be compared with, most likely first: one thing when golden files are named, several when a folder or a layer leaves
 * open what the dump holds.
 * @throws Problem `check-golden` when there is nothing
 */
export async function expectedVariants(spec: CheckSpec, dump: OpenedDump, open: OpenFiles, options: CheckOptions): Promise<Variant[]> {
  const choice: Choice = { ...(spec.kind !== undefined && { kind: spec.kind }), ...(spec.bits !== undefined && { bits: spec.bits }), ...(spec.signed !== undefined && { signed: spec.signed }) };
  const { golden } = spec;
  switch (golden.type) {
    case 'files':
      return [{ expected: await goldenExpected(golden.files, choice, dumpFiles(spec), open, options) }];
    case 'folder':
      return folderVariants(golden.folder, choice, spec, dump, open, options);
    case 'layer': {
      const variants: Variant[] = [];
      const relus = relusOf(wantedRelu(spec, entryStatesRelu(golden.entry)));
      for (const kind of computedKinds(spec, dump)) variants.push(...(await layerExpected(golden.entry, kind, relus, options.ortScript, options)).map(computedVariant));
      return variants;
    }
  }
}

/** Kinds that the array gives; what the dump is called comes first. @throws Problem `check-golden` for others */
function computedKinds({ kind }: CheckSpec, { files }: OpenedDump): ComputedKind[] {
  if (kind === 'psum' || kind === 'out') return [kind];
  if (kind !== undefined) throw new Problem('check-golden', `Nothing computes the ${kind} of a dump.`, 'Name the golden file that it should equal.');
  const named = files.map(({ source }) => nameClues(source.name).kind).find((one) => one !== undefined);
  return named === 'out' ? ['out', 'psum'] : ['psum', 'out'];
}

function computedVariant(expected: Expected): Variant {
  const relu = expected.kind === 'out' ? expected.model?.relu : undefined;
  return { expected, ...(relu !== undefined && { relu }) };
}

function dumpFiles({ dump }: CheckSpec): readonly string[] {
  return dump.type === 'vcd' ? [dump.file] : dump.files;
}

/** Golden files of the dump's kind in a folder, and what its activations and weights give. */
async function folderVariants(folder: string, choice: Choice, spec: CheckSpec, dump: OpenedDump, open: OpenFiles, run: CheckRun): Promise<Variant[]> {
  const { root, inferences, manifest } = await goldenSet(folder, dumpFiles(spec), run);
  const wanted = wantedRelu(spec, manifest !== undefined && manifestStatesRelu(manifest));
  const variants: Variant[] = [];
  for (const kind of spec.kind === undefined ? computedKinds(spec, dump) : [spec.kind]) {
    const groups = goldenGroups(inferences, kind, (name) => reluOfFile(path.join(root, name), kind, manifest)).filter(({ relu }) => wanted === undefined || relu === undefined || relu === wanted);
    for (const { members, relu } of groups) {
      const expected = await expectedOf(members.map((inference) => ({ file: path.join(root, inference.name), layout: chosenReading(inference, choice).layout })), open, run);
      variants.push({ expected, ...(relu !== undefined && { relu }) });
    }
    // What is computed explains more than golden psums of one kernel position; golden files that cover everything go first
    if (kind === 'psum' || kind === 'out') variants.push(...folderExpected(inferences, kind, relusOf(wanted), { bits: spec.bits ?? PSUM_BITS, signed: spec.signed ?? true }, fitting(dump, kind)).map(computedVariant));
  }
  if (variants.length === 0) throw new Problem('check-golden', `${folder} holds no golden psums or outputs, and no activations and weights to compute them from.`, 'Name the golden files, or give --kind.', { file: folder });
  return variants;
}

/** The files of a set, read: as its manifest says, else as they explain each other. Names are paths below `root`. */
async function goldenSet(folder: string, without: readonly string[], run: CheckRun): Promise<{ root: string; inferences: readonly Inference[]; manifest?: FoundManifest }> {
  const manifest = await new Manifests().above(folder);
  if (manifest !== undefined) return { root: path.dirname(manifest.file), inferences: await declared(manifest, without, run), manifest };
  const files = await goldenFilesIn(folder, without, run);
  return files.length === 0 ? { root: folder, inferences: [] } : { root: path.dirname(files[0]!), inferences: await inferAmong(path.dirname(files[0]!), files, without, run) };
}

/** The folder itself, or the one below it that holds the most golden files. */
async function goldenFilesIn(folder: string, without: readonly string[], { signal }: CheckRun): Promise<string[]> {
  const folders = await collectFiles([folder], signal);
  const lists = [...folders].map(([at, files]) => ({ at, files: files.filter((file) => !without.includes(file)) }));
  const own = lists.find(({ at }) => at === folder);
  if (own !== undefined && own.files.length > 0) return own.files;
  return lists.sort((a, b) => b.files.length - a.files.length)[0]?.files ?? [];
}

interface GoldenGroup {
  readonly relu: boolean | undefined;
  readonly members: readonly Inference[];
}

/** Golden files that together are one tensor: of several for the same place the binary one; outputs before and after ReLU apart. */
function goldenGroups(inferences: readonly Inference[], kind: Kind, reluOf: (name: string) => boolean | undefined): GoldenGroup[] {
  const groups = new Map<string, Map<string, Inference>>();
  const decimal = ({ candidates }: Inference): boolean => candidates[0]!.layout.spec.radix === 'decimal';
  const golden = inferences.filter(({ candidates: [best], shape, name }) => best?.layout.spec.kind === kind && !best.kindIsGuess && !shape.isMemory && !/mem|rtl|dump|dut|sim(?![a-z])|verilog/i.test(name));
  for (const inference of [...golden.filter((one) => !decimal(one)), ...golden.filter(decimal)]) {
    const { set } = nameClues(inference.name);
    const relu = reluOf(inference.name);
    const { spec } = inference.candidates[0]!.layout;
    const key = `${set} ${String(relu)} ${spec.bits} ${spec.lines.map(({ axis }) => axis).join()}`;
    const group = groups.get(key) ?? new Map<string, Inference>();
    groups.set(key, group);
    const place = JSON.stringify(spec.fixed);
    if (!group.has(place)) group.set(place, inference);
  }
  return [...groups].map(([key, members]) => ({ relu: / true /.test(key) ? true : / false /.test(key) ? false : undefined, members: [...members.values()] }));
}

/** Does the dump have as many entries as a layer has psums or outputs? One more or less is a fault that a diagnosis finds. */
function fitting({ files }: OpenedDump, kind: ComputedKind): (mapping: Mapping) => boolean {
  const count = files[0]?.index.count ?? 0;
  return ({ conv, tiling }) => {
    const wanted = kind === 'psum' ? conv.nijCount * conv.kijCount * tiling.icTiles * tiling.ocTiles : conv.oNijCount * tiling.ocTiles;
    return Math.abs(count - wanted) <= 1 || count === 2 ** Math.ceil(Math.log2(wanted));
  };
}
