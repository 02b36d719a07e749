import type { Mapping } from '../engine/tiling';
import type { Convention } from './conventions';
import { activationConventions, holdsColumns, weightConventions } from './conventions';
import type { Computed, Geometry, WeightTiles } from './convention';
import { computeConvention, geometriesOf, mappingOf, weightTilesOf } from './convention';
import { isDump } from './dumpFile';
import type { Inference } from './inference';
import type { Layout } from './layout';
import { nameClues } from './nameClues';
import { FileReader } from './readAs';
import type { Effort, Match, Target } from './target';
import { effort, isTelling, matchTarget } from './target';

/** The files of one set, by what they are taken for. */
export interface ProofSet {
  readonly activations: readonly Inference[];
  readonly weights: readonly Inference[];
  /** Psums and outputs. */
  readonly targets: readonly Inference[];
}

/** The convention that reproduces the most. */
export interface Proof {
  readonly activations: ReadonlyMap<Inference, Layout>;
  readonly weights: ReadonlyMap<Inference, Layout>;
  /** Other readings of the weights that fit as well. */
  readonly rivals: readonly ReadonlyMap<Inference, Layout>[];
  readonly targets: ReadonlyMap<Inference, Match>;
  readonly geometry: Geometry;
  /** What file names call the first kernel position. */
  readonly firstKij: number;
}

/** Multiplications and words looked at that the search may cost, about a second; conventions come most usual first. */
const BUDGET = 1.5e8;
/** The same once a convention explains some files but not all: mostly the others are defective, and no convention explains them. */
const MORE = 2e7;
/** A golden file outweighs any number of dumps: those may show a faulty design. */
const GOLDEN = 1000;
/** What placing one word costs, in multiplications. */
const PLACING = 50;
/** Files that a convention has to explain one of, before the others are looked at. */
const PROBED = 4;

/** Tries the conventions in which the files may belong together. Undefined when none reproduces a psum or an output. */
export function prove(set: ProofSet): Proof | undefined {
  const { activations, weights } = set;
  if (activations.length === 0 || weights.length === 0 || set.targets.length === 0) return undefined;
  const reader = new FileReader(firstKijOf(weights));
  const all = set.targets.map((inference) => ({ inference, reader, worth: isDump(inference.name, inference.shape) ? 1 : GOLDEN })).sort((a, b) => b.worth - a.worth);
  const targets = all.filter(isTelling);
  const golden = targets.filter(({ worth }) => worth === GOLDEN).length * GOLDEN;
  const enough = golden > 0 ? golden : targets.length;
  const spent = effort(BUDGET);
  let best: (Computation & { matches: Map<Inference, Match>; worth: number }) | undefined;
  for (const computation of computations(set, reader, spent)) {
    const found = explained(targets, computation.computed, spent);
    if (found === undefined || found.worth <= (best?.worth ?? 0)) continue;
    best = { ...computation, ...found };
    if (found.worth >= enough) break;
    spent.limit(MORE);
  }
  if (best === undefined) return undefined;
  const { activation, weight, geometry, computed, matches } = best;
  for (const target of all) {
    const match = matches.has(target.inference) ? undefined : matchTarget(target, computed, effort(BUDGET), 'follows');
    if (match !== undefined) matches.set(target.inference, match);
  }
  return { activations: layouts(activations, activation), weights: layouts(weights, weight), rivals: rivalsOf(set, weight, reader), targets: matches, geometry, firstKij: reader.firstKij };
}

/** Names may count kernel positions from 1. */
function firstKijOf(weights: readonly Inference[]): number {
  const named = weights.flatMap(({ name }) => nameClues(name).fixed.kij ?? []);
  const kijs = new Set(named);
  return named.length === weights.length && !kijs.has(0) && kijs.has(1) && Math.max(...kijs) === kijs.size ? 1 : 0;
}

/** Weight conventions that are looked at as rivals of the proven one. */
const MOST_RIVALS = 12;

/** Other readings of the weights that give the very same tensor, so that no data could tell them apart: all weights equal, a diagonal. */
function rivalsOf({ weights }: ProofSet, proven: Convention, reader: FileReader): ReadonlyMap<Inference, Layout>[] {
  const tiles = weightTilesOf(proven.files());
  const like = weightConventions(weights, reader).filter(({ rows, cols, files }) => rows === proven.rows && cols === proven.cols && files !== proven.files);
  const rivals: ReadonlyMap<Inference, Layout>[] = [];
  for (const rival of like.sort((a, b) => b.score - a.score).slice(0, MOST_RIVALS)) {
    const files = rival.files();
    const other = files.length === 0 ? undefined : weightTilesOf(files);
    const same = tiles !== undefined && other !== undefined && other.data.length === tiles.data.length && other.data.every((value, i) => value === tiles.data[i]);
    if (same && orderOf(files[0]!.layout) !== orderOf(proven.files()[0]!.layout)) rivals.push(layouts(weights, rival));
  }
  return rivals;
}

/** The order of lines and words: a sign that no weight needs makes no other reading. */
function orderOf({ spec }: Layout): string {
  return JSON.stringify([spec.lines, spec.words, spec.fixed.kij]);
}

/** Which targets a convention reproduces, and how much that is worth; undefined when it fails on the first ones. */
function explained(targets: readonly (Target & { worth: number })[], computed: Computed, spent: Effort): { matches: Map<Inference, Match>; worth: number } | undefined {
  const matches = new Map<Inference, Match>();
  let worth = 0;
  for (const [i, target] of targets.entries()) {
    if (i >= PROBED && matches.size === 0) return undefined;
    const match = matchTarget(target, computed, spent);
    if (match === undefined) continue;
    matches.set(target.inference, match);
    // Words that run upwards are unusual: turned weights explain such data as well
    worth += (target.worth * match.equal) / match.total - ((match.layout.spec.words.at(-1)?.step ?? -1) > 0 ? 0.5 : 0);
  }
  return worth > 0 ? { matches, worth } : undefined;
}

interface Computation {
  readonly activation: Convention;
  readonly weight: Convention;
  readonly geometry: Geometry;
  readonly computed: Computed;
}

/** Conventions and geometries whose sizes agree with all files, most usual first, until the effort is spent. */
function* computations({ activations, weights, targets }: ProofSet, reader: FileReader, spent: Effort): Generator<Computation> {
  const tilesOf = new Map<Convention, WeightTiles | undefined>();
  const lines = activations[0]!.candidates[0]!.layout.lineCount;
  for (const { activation, weight } of conventionPairs(activations, weights, targets, reader)) {
    if (!tilesOf.has(weight)) {
      const files = weight.files();
      if (spent.spend(PLACING * files.reduce((sum, { values }) => sum + values.length, 0))) return;
      tilesOf.set(weight, files.length === 0 ? undefined : weightTilesOf(files));
    }
    const tiles = tilesOf.get(weight);
    if (tiles === undefined) continue;
    for (const geometry of geometriesOf(lines, tiles.kijCount)) {
      const mapping = mappingOf(tiles, geometry);
      if (mapping === undefined || !targets.some((target) => fits(target, mapping))) continue;
      if (spent.spend(PLACING * mapping.tiling.icTiles * mapping.conv.nijCount * tiles.rows)) return;
      yield { activation, weight, geometry, computed: computeConvention(activation.files(), tiles, geometry, mapping) };
    }
  }
}

/** Readings of the activations and of the weights whose rows agree, and whose columns the targets can hold, most usual first. */
function conventionPairs(activations: readonly Inference[], weights: readonly Inference[], targets: readonly Inference[], reader: FileReader): { activation: Convention; weight: Convention }[] {
  const forRows = new Map<number, Convention[]>();
  const pairs: { activation: Convention; weight: Convention; score: number }[] = [];
  const ocTiles = 1 + Math.max(0, ...weights.map(({ candidates: [best] }) => best!.layout.spec.fixed.ocTile ?? 0));
  for (const weight of weightConventions(weights, reader)) {
    if (!targets.some((target) => holdsColumns(target, weight.cols, ocTiles))) continue;
    const fitting = forRows.get(weight.rows) ?? activationConventions(activations, weight.rows, reader);
    forRows.set(weight.rows, fitting);
    for (const activation of fitting) pairs.push({ activation, weight, score: activation.score + weight.score });
  }
  return pairs.sort((a, b) => b.score - a.score);
}

function layouts(inferences: readonly Inference[], convention: Convention): Map<Inference, Layout> {
  const files = convention.files();
  return new Map(inferences.map((inference, i) => [inference, files[i]!.layout]));
}

/** Could the lines of a file be psums or outputs of this layer at all? */
function fits({ candidates }: Inference, { conv: { nijCount, oNijCount, kijCount } }: Mapping): boolean {
  const lines = candidates[0]!.layout.lineCount;
  return [nijCount, oNijCount, kijCount * nijCount, kijCount * oNijCount].includes(lines);
}

