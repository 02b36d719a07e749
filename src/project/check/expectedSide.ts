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
import { declaredRanges } from './declaredPart';
import type { OpenedDump } from './dumpSide';
import type { OpenFiles } from './fileSource';
import type { GoldenPart } from './goldenSide';
import { expectedOf, goldenExpected, inferAmong } from './goldenSide';
import type { DeclaredSet } from './modelSide';
import { declared } from './modelSide';
import { entryStatesRelu, manifestStatesRelu, reluOfFile, relusOf, wantedRelu } from './reluChoice';
import type { CheckOptions, CheckRun, CheckSpec } from './spec';
import type { TilePart } from './tileParts';

/** Width of psums and outputs that are computed, when nothing says another. */
const PSUM_BITS = 16;

/** One thing that a dump may be compared with. */
export interface Variant {
  readonly expected: Expected;
  /** Outputs after ReLU or before it; absent where that is not known or says nothing. */
  readonly relu?: boolean;
  /** The tiles that `expected` was narrowed to. */
  readonly part?: TilePart;
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
      return [{ expected: await ofDeclared(golden.files, await goldenExpected(golden.files, choice, dumpFiles(spec), open, options)) }];
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

/** Golden files that a manifest lists are a part of what it declares. */
async function ofDeclared(files: readonly string[], expected: Expected): Promise<Expected> {
  const manifest = await new Manifests().above(path.dirname(files[0]!));
  if (manifest === undefined || !files.every((file) => manifest.files.has(file))) return expected;
  return { ...expected, whole: declaredRanges(manifest, expected.kind) };
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
  const { root, inferences, leftOut, manifest } = await goldenSet(folder, dumpFiles(spec), run);
  const wanted = wantedRelu(spec, manifest !== undefined && manifestStatesRelu(manifest));
  const variants: Variant[] = [];
  for (const kind of spec.kind === undefined ? computedKinds(spec, dump) : [spec.kind]) {
    const groups = goldenGroups(inferences, kind, (name) => reluOfFile(path.join(root, name), kind, manifest)).filter(({ relu }) => wanted === undefined || relu === undefined || relu === wanted);
    const partOf = (inference: Inference): GoldenPart => ({ file: path.join(root, inference.name), layout: chosenReading(inference, choice).layout });
    const gone = leftOut.filter((one) => one.kind === kind);
    for (const { members, relu, twins } of groups) {
      const expected = await expectedOf(members.map(partOf), open, run, twins.map(partOf));
      const [doubt = expected.doubt] = gone.map(({ problem }) => problem);
      variants.push({ expected: { ...expected, ...(manifest !== undefined && { whole: declaredRanges(manifest, kind) }), ...(doubt !== undefined && { doubt }) }, ...(relu !== undefined && { relu }) });
    }
    // What is computed explains more than golden psums of one kernel position; golden files that cover everything go first
    if (kind === 'psum' || kind === 'out') {
      const computed = folderExpected(inferences, kind, relusOf(wanted), { bits: spec.bits ?? PSUM_BITS, signed: spec.signed ?? true }, fitting(dump, kind));
      variants.push(...computed.map((expected) => computedVariant({ ...expected, notes: gone.map(({ problem }) => problem.what) })));
    }
  }
  if (variants.length === 0) throw new Problem('check-golden', `${folder} holds no golden psums or outputs, and no activations and weights to compute them from.`, 'Name the golden files, or give --kind.', { file: folder });
  return variants;
}

interface GoldenSet extends Omit<DeclaredSet, 'unread'> {
  readonly root: string;
  readonly manifest?: FoundManifest;
}

/** The files of a set, read: as its manifest says, else as they explain each other. Names are paths below `root`. */
async function goldenSet(folder: string, without: readonly string[], run: CheckRun): Promise<GoldenSet> {
  const manifest = await new Manifests().above(folder);
  if (manifest !== undefined) return { root: path.dirname(manifest.file), manifest, ...(await declared(manifest, without, run)) };
  const files = await goldenFilesIn(folder, without, run);
  return files.length === 0 ? { root: folder, inferences: [], leftOut: [] } : { root: path.dirname(files[0]!), inferences: await inferAmong(path.dirname(files[0]!), files, without, run), leftOut: [] };
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
  /** Files that say again what members say. */
  readonly twins: readonly Inference[];
}

/** Golden files that together are one tensor: of several for the same place the binary one; outputs before and after ReLU apart. */
function goldenGroups(inferences: readonly Inference[], kind: Kind, reluOf: (name: string) => boolean | undefined): GoldenGroup[] {
  const groups = new Map<string, { readonly family: string; readonly relu: boolean | undefined; readonly members: Map<string, Inference>; readonly twins: Inference[] }>();
  const decimal = ({ candidates }: Inference): boolean => candidates[0]!.layout.spec.radix === 'decimal';
  const golden = inferences.filter(({ candidates: [best], shape, name }) => best?.layout.spec.kind === kind && !best.kindIsGuess && !shape.isMemory && !/mem|rtl|dump|dut|sim(?![a-z])|verilog/i.test(name));
  for (const inference of [...golden.filter((one) => !decimal(one)), ...golden.filter(decimal)]) {
    const { set } = nameClues(inference.name);
    const relu = reluOf(inference.name);
    const { spec } = inference.candidates[0]!.layout;
    const family = `${set} ${String(relu)} ${spec.bits}`;
    const key = `${family} ${spec.lines.map(({ axis }) => axis).join()}`;
    const group = groups.get(key) ?? { family, relu, members: new Map<string, Inference>(), twins: [] };
    groups.set(key, group);
    const place = JSON.stringify(spec.fixed);
    if (group.members.has(place)) group.twins.push(inference);
    else group.members.set(place, inference);
  }
  const all = [...groups.values()];
  // Files of other loops, such as one of all kernel positions beside one of each, are no part of the group and must agree with it all the same
  const beside = (own: (typeof all)[number]): Inference[] => all.filter((group) => group !== own && group.family === own.family).flatMap(({ members, twins }) => [...members.values(), ...twins]);
  return all.map((group) => ({ relu: group.relu, members: [...group.members.values()], twins: [...group.twins, ...beside(group)] }));
}

/** Does the dump have as many entries as a layer has psums or outputs? One more or less is a fault that a diagnosis finds. */
function fitting({ files }: OpenedDump, kind: ComputedKind): (mapping: Mapping) => boolean {
  const count = files[0]?.index.count ?? 0;
  const named = nameClues(path.basename(files[0]?.source.name ?? '')).fixed;
  return ({ conv, tiling }) => {
    const [icTiles, ocTiles] = [named.icTile === undefined ? tiling.icTiles : 1, named.ocTile === undefined ? tiling.ocTiles : 1];
    const wanted = kind === 'psum' ? conv.nijCount * conv.kijCount * icTiles * ocTiles : conv.oNijCount * ocTiles;
    return Math.abs(count - wanted) <= 1 || count === 2 ** Math.ceil(Math.log2(wanted));
  };
}
