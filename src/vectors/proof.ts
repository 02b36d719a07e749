import type { Computed, ReadFile } from './convention';
import type { Geometry, WeightTiles } from './convention';
import { computeConvention, geometriesOf, reach, weightTilesOf } from './convention';
import { headerClues } from './headerClues';
import type { Inference } from './inference';
import type { LayoutSpec, Loop } from './layout';
import { Layout } from './layout';
import type { Axis } from './axis';
import { nameClues } from './nameClues';
import type { Order } from './orders';
import { down, ordersOf, up } from './orders';
import { FileReading } from './reading';
import type { Match } from './target';
import { matchTarget } from './target';

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
  readonly targets: ReadonlyMap<Inference, Match>;
  readonly geometry: Geometry;
}

/** Multiplications that the search may cost, some seconds at most; conventions come most usual first. */
const BUDGET = 1.5e9;
/** A golden file outweighs any number of dumps: those may show a faulty design. */
const GOLDEN = 1000;
/** Ways to cut the weights that are tried. */
const MOST_FORMS = 3;

/** Tries the conventions in which the files may belong together. Undefined when none reproduces a psum or an output. */
export function prove(set: ProofSet): Proof | undefined {
  const { activations, weights, targets } = set;
  if (activations.length === 0 || weights.length === 0 || targets.length === 0) return undefined;
  const reader = new ValueReader();
  const read = targets.map((inference) => ({
    inference,
    forms: formsOf(inference).map((layout) => ({ layout, values: reader.values(inference, layout) })),
    worth: isDump(inference) ? 1 : GOLDEN,
  }));
  const golden = read.reduce((sum, { worth }) => sum + (worth === GOLDEN ? worth : 0), 0);
  const enough = golden > 0 ? golden : read.length;
  let best: { proof: Proof; worth: number } | undefined;
  let spent = 0;
  const known = new Map<Convention, WeightTiles>();
  for (const { activation, weight } of conventions(activations, weights, reader)) {
    const tiles = known.get(weight) ?? weightTilesOf(weight.files);
    if (tiles === undefined) continue;
    known.set(weight, tiles);
    const lines = activation.files[0]!.layout.lineCount;
    for (const geometry of geometriesOf(lines, tiles.kernel)) {
      const computed = computeConvention(activation.files, tiles, geometry);
      if (computed === undefined || !read.some(({ inference }) => fitsLines(inference, computed))) continue;
      const { conv, tiling } = computed.mapping;
      spent += tiling.icTiles * tiling.ocTiles * tiling.rows * tiling.cols * conv.kijCount * conv.nijCount;
      if (spent > BUDGET) return best?.proof;
      const matches = new Map<Inference, Match>();
      let worth = 0;
      for (const target of read) {
        const match = firstMatch(target.forms, computed);
        if (match === undefined) continue;
        matches.set(target.inference, match);
        // Words that run upwards are unusual: turned weights explain such data as well
        worth += target.worth - ((match.layout.spec.words.at(-1)?.step ?? -1) > 0 ? 0.5 : 0);
      }
      if (worth <= (best?.worth ?? 0)) continue;
      best = { worth, proof: { activations: layouts(activations, activation.files), weights: layouts(weights, weight.files), targets: matches, geometry } };
      if (worth >= enough) return best.proof;
    }
  }
  return best?.proof;
}

function firstMatch(forms: readonly ReadFile[], computed: Computed): Match | undefined {
  for (const { layout, values } of forms) {
    const match = matchTarget(layout, values, computed);
    if (match !== undefined) return match;
  }
  return undefined;
}

/** The ways to cut a file's lines among its candidates of the best one's kinds, most likely first. */
function formsOf({ candidates }: Inference, kinds: readonly string[] = ['psum', 'out']): Layout[] {
  const forms = new Map<string, Layout>();
  for (const { layout } of candidates) {
    const key = `${layout.wordsPerLine} ${layout.spec.bits} ${layout.spec.radix}`;
    if (kinds.includes(layout.spec.kind) && !forms.has(key)) forms.set(key, layout);
  }
  return [...forms.values()];
}

/** Values do not depend on the order of lines and words: one reading serves many conventions. */
class ValueReader {
  private readonly kept = new Map<Inference, Map<string, Float64Array>>();

  /** `[data line, word]` */
  values(inference: Inference, layout: Layout): Float64Array {
    const { radix, bits, signed } = layout.spec;
    const key = [radix, bits, signed, layout.wordWidth, layout.wordsPerLine].join();
    const ofFile = this.kept.get(inference) ?? new Map<string, Float64Array>();
    this.kept.set(inference, ofFile);
    const values = ofFile.get(key) ?? new FileReading(inference.shape, layout).values();
    ofFile.set(key, values);
    return values;
  }
}

interface Convention {
  readonly files: readonly ReadFile[];
  readonly score: number;
}

/** Pairs of readings of the activations and of the weights whose rows agree, most usual first. */
function conventions(activations: readonly Inference[], weights: readonly Inference[], reader: ValueReader): { activation: Convention; weight: Convention }[] {
  const pairs: { activation: Convention; weight: Convention }[] = [];
  for (const [form, layout] of formsOf(weights[0]!, ['weight']).slice(0, MOST_FORMS).entries()) {
    for (const weight of weightConventions(weights, layout, form, reader)) {
      const rows = reach(weight.files, 'row');
      for (const activation of activationConventions(activations, rows, reader)) pairs.push({ activation, weight });
    }
  }
  const total = ({ activation, weight }: (typeof pairs)[number]): number => activation.score + weight.score;
  return pairs.sort((a, b) => total(b) - total(a));
}

/** @param form how far down the list of cuts this one stands */
function weightConventions(weights: readonly Inference[], layout: Layout, form: number, reader: ValueReader): Convention[] {
  const first = weights[0]!;
  const { lineCount, wordsPerLine, lineWidth, spec } = layout;
  if (!weights.every((file) => sameLines(file, lineCount, lineWidth))) return [];
  const orders = ordersOf({ kind: 'weight', lines: lineCount, words: wordsPerLine, name: nameClues(first.name), header: headerClues(first.shape.header), hints: {} });
  const usual = [true, false].flatMap((signed) =>
    orders.map((order) => ({ files: weights.map((file) => readAs(file, { ...spec, signed }, order, reader)), score: order.score - (signed ? 0 : 4) - 2 * form })),
  );
  return form > 0 ? usual : [...usual, ...(['transposed', 'reversed'] as const).flatMap((way) => usual.slice(0, orders.length).flatMap(({ files, score }) => otherKernel(files, way, score - 5)))];
}

/** The same weights with kernel positions in another order: column by column, or from the last to the first. */
function otherKernel(files: readonly ReadFile[], way: 'transposed' | 'reversed', score: number): Convention[] {
  const count = reach(files, 'kij');
  const side = Math.sqrt(count);
  if (side < 2 || !Number.isInteger(side)) return [];
  const place = (kij: number): number => (way === 'reversed' ? count - 1 - kij : (kij % side) * side + Math.floor(kij / side));
  const change = (loop: Loop): Loop[] => {
    if (loop.axis !== 'kij') return [loop];
    return way === 'reversed' ? [down('kij', count)] : [up('kij', side), up('kij', side, side)];
  };
  const turned = files.map(({ layout, values }) => {
    const { fixed, lines } = layout.spec;
    const kij = fixed.kij === undefined ? {} : { kij: place(fixed.kij) };
    return { layout: new Layout({ ...layout.spec, fixed: { ...fixed, ...kij }, lines: lines.flatMap(change) }), values };
  });
  return [{ files: turned, score }];
}

function activationConventions(activations: readonly Inference[], rows: number, reader: ValueReader): Convention[] {
  const { spec, lineCount, lineWidth, wordsPerLine } = activations[0]!.candidates[0]!.layout;
  const digits = lineWidth - spec.trailing.length;
  const joined = spec.separator === '' && spec.radix === 'binary';
  if (!activations.every((file) => sameLines(file, lineCount, lineWidth))) return [];
  if (wordsPerLine !== rows && !(joined && digits % rows === 0)) return [];
  // Joined digits say nothing of the width of a word: the rows of the weights do
  const { width, ...rest } = spec;
  const form = wordsPerLine === rows ? { ...rest, ...(width !== undefined && { width }) } : { ...rest, bits: digits / rows };
  const orders = ordersOf({ kind: 'activation', lines: lineCount, words: rows, name: nameClues(''), header: headerClues(activations[0]!.shape.header), hints: {} }).filter(({ lines }) => lines.length === 1);
  return [false, true].flatMap((signed) =>
    orders.map((order) => ({ files: activations.map((file) => readAs(file, { ...form, signed }, order, reader)), score: order.score - (signed ? 4 : 0) - (order.words[0]!.step > 0 ? 0.5 : 0) })),
  );
}

function sameLines({ candidates: [best] }: Inference, lineCount: number, lineWidth: number): boolean {
  return best !== undefined && best.layout.lineCount === lineCount && best.layout.lineWidth === lineWidth;
}

/** A file in the form of another one of its set, with its own header and the coordinates of its own name. */
function readAs(inference: Inference, form: LayoutSpec, order: Order, reader: ValueReader): ReadFile {
  const own = inference.candidates[0]!.layout.spec;
  const looped = new Set([...order.lines, ...order.words].map(({ axis }) => axis));
  const fixed = Object.fromEntries(Object.entries(nameClues(inference.name).fixed).filter(([axis]) => !looped.has(axis as Axis)));
  const layout = new Layout({ ...form, header: own.header, eol: own.eol, lines: order.lines, words: order.words, fixed });
  return { layout, values: reader.values(inference, layout) };
}

function layouts(inferences: readonly Inference[], files: readonly ReadFile[]): Map<Inference, Layout> {
  return new Map(inferences.map((inference, i) => [inference, files[i]!.layout]));
}

/** Could the lines of a file be psums or outputs of this layer at all? */
function fitsLines({ candidates }: Inference, { mapping }: Computed): boolean {
  const { nijCount, oNijCount, kijCount } = mapping.conv;
  const lines = candidates[0]!.layout.lineCount;
  return [nijCount, oNijCount, kijCount * nijCount, kijCount * oNijCount].includes(lines);
}

/** Written by the simulated design rather than by the generator of the goldens. */
function isDump({ name, shape }: Inference): boolean {
  return shape.isMemory || /mem|rtl|dump|dut|sim(?![a-z])|verilog/i.test(name);
}
