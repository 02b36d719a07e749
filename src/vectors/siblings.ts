import type { Coordinates, Kind } from './axis';
import { KINDS } from './axis';
import { contradictionsOf } from './contradictions';
import { headerClues } from './headerClues';
import { inferShape } from './infer';
import type { Candidate, Inference } from './inference';
import { Layout } from './layout';
import { nameClues } from './nameClues';
import type { FolderHints } from './orders';
import type { Proof, ProofSet } from './proof';
import { prove } from './proof';
import type { Match } from './target';
import { textShape } from './textShape';
import { decimalTwins, withTwins } from './twins';

export interface NamedText {
  /** Name inside the folder. */
  readonly name: string;
  readonly text: string;
}

/**
 * What the files of one folder are. Each explains the others: first each file alone, then with the shapes of its neighbours, then
 * by arithmetic: the convention in which activations and weights give the psums or outputs is certain. Never throws.
 * @returns in the order of the files
 */
export function inferFolder(files: readonly NamedText[]): Inference[] {
  const alone = files.map(({ name, text }) => inferShape(textShape(text), name, {}));
  const twins = decimalTwins(alone);
  const again = (inference: Inference, twin: FolderHints['twin'], more: FolderHints): Inference => inferShape(inference.shape, inference.name, { ...more, ...(twin !== undefined && { twin }) });
  const cut = alone.map((inference) => (twins.has(inference) ? again(inference, twins.get(inference), {}) : inference));
  const hints = folderHints(cut);
  const informed = cut.map((inference, i) => (inference.report === undefined ? again(inference, twins.get(alone[i]!), hints(inference.name)) : inference));
  return withTwins(withProof(informed));
}

/** What the neighbours of a file tell about it: those of its own set, or all of the folder when its set has none. */
export function hintsOf(name: string, all: readonly Inference[]): FolderHints {
  return folderHints(all)(name);
}

/** The same for many files of one folder: names are looked at once. */
function folderHints(all: readonly Inference[]): (name: string) => FolderHints {
  const golden = all.filter(({ candidates }) => candidates.length > 0).map((inference) => ({ inference, set: nameClues(inference.name).set }));
  const members = new Map(KINDS.map((kind) => [kind, golden.filter(({ inference }) => isKind(inference, kind))]));
  return (name) => {
    const { set } = nameClues(name);
    const layoutOf = (kind: Kind): { lines: number; words: number } | undefined => {
      const others = members.get(kind)!.filter(({ inference }) => inference.name !== name);
      const layout = (others.find((other) => other.set === set) ?? others[0])?.inference.candidates[0]?.layout;
      return layout === undefined ? undefined : { lines: layout.lineCount, words: layout.wordsPerLine };
    };
    const [activation, weight, out] = [layoutOf('activation'), layoutOf('weight'), layoutOf('out')];
    return { ...(activation !== undefined && { activation }), ...(weight !== undefined && { weight }), ...(out !== undefined && { outLines: out.lines }) };
  };
}

function isKind({ candidates, name }: Inference, kind: Kind): boolean {
  const best = candidates[0];
  const named = nameClues(name).kind ?? kind;
  return best !== undefined && best.layout.spec.kind === kind && !best.kindIsGuess && (named === kind || isTargetKind(kind));
}

function isTargetKind(kind: Kind | undefined): boolean {
  return kind === 'psum' || kind === 'out';
}

/** Replaces the readings of files that arithmetic explains. */
export function withProof(inferences: readonly Inference[]): Inference[] {
  const proven = new Map<Inference, Inference>();
  for (const set of proofSets(inferences)) {
    const proof = prove(set);
    if (proof === undefined) continue;
    for (const [inference, better] of applied(proof)) if (!proven.has(inference)) proven.set(inference, better);
  }
  return inferences.map((inference) => proven.get(inference) ?? inference);
}

/** Files that belong together by their names; a set without activations or weights takes those of the one set that has them. */
function proofSets(inferences: readonly Inference[]): ProofSet[] {
  const sets = new Map<string, Inference[]>();
  for (const inference of inferences) {
    if (inference.candidates.length === 0) continue;
    const { set } = nameClues(inference.name);
    sets.set(set, [...(sets.get(set) ?? []), inference]);
  }
  const split = [...sets.values()].map((members) => ({
    activations: distinct(members.filter((inference) => isKind(inference, 'activation'))),
    weights: distinct(members.filter((inference) => isKind(inference, 'weight'))),
    // What the name says of outputs holds where few of their words are not 0
    targets: members.filter(({ candidates: [best], name }) => isTargetKind(best!.layout.spec.kind) || (best!.layout.spec.kind !== 'address' && isTargetKind(nameClues(name).kind))),
  }));
  const complete = split.filter(({ activations, weights }) => activations.length > 0 && weights.length > 0);
  if (complete.length !== 1) return complete;
  return [{ ...complete[0]!, targets: split.flatMap(({ targets }) => targets) }];
}

/** One file for each place in the set: binary before its decimal twin, the first of copies. */
function distinct(files: readonly Inference[]): Inference[] {
  const kept = new Map<string, Inference>();
  const decimal = ({ candidates }: Inference): boolean => candidates[0]!.layout.spec.radix === 'decimal';
  for (const file of [...files.filter((one) => !decimal(one)), ...files.filter(decimal)]) {
    const { icTile, ocTile, kij } = nameClues(file.name).fixed;
    const key = [icTile ?? 0, ocTile ?? 0, kij ?? -1].join();
    if (!kept.has(key)) kept.set(key, file);
  }
  return [...kept.values()];
}

function applied({ activations, weights, rivals, targets, geometry, firstKij }: Proof): [Inference, Inference][] {
  const matches = [...targets.values()].filter(({ holds, proves }) => holds && proves);
  const [name, golden] = [...targets].sort(([, a], [, b]) => Number(b.holds) - Number(a.holds) || b.total - a.total).map(([inference, match]) => [inference.name, match] as const)[0]!;
  const says = `Activations and weights read in this way reproduce ${reproduced(golden)} of ${name}.`;
  const { height, width, added, kernel } = geometry;
  const padded = width + 2 * added[1];
  const pixels = [
    { axis: 'nij', start: added[0] * padded + added[1], step: padded, count: height },
    { axis: 'nij', start: 0, step: 1, count: width },
  ] as const;
  // Psums by nij are the same for kernels and images of any shape
  const shaped = matches.some(({ layout: { spec } }) => spec.kind === 'out' || spec.lines.some(({ axis }) => axis === 'o_nij'));
  const ofWeights = (layout: Layout): string[] => [
    ...(layout.spec.signed ? [] : ['The weights are unsigned.']),
    ...(shaped ? [`The kernel is ${kernel.join('x')}.`] : []),
    ...(firstKij > 0 ? [`File names count kij from ${firstKij}; here it counts from 0.`] : []),
  ];
  return [
    ...[...activations].map(([inference, layout]): [Inference, Inference] => {
      const made = matches.some((match) => uses(match, { icTile: layout.spec.fixed.icTile ?? 0 }));
      if (added[0] + added[1] === 0) return [inference, made ? certain(inference, layout, [says]) : alike(inference, layout)];
      const inside = new Layout({ ...layout.spec, lines: pixels });
      return [inference, made ? certain(inference, inside, [says, `The file holds the ${height}x${width} image without its padding; nij counts the padded one.`]) : alike(inference, inside)];
    }),
    ...[...weights].map(([inference, layout]): [Inference, Inference] => {
      const { icTile = 0, ocTile = 0, kij } = layout.spec.fixed;
      if (!matches.some((match) => uses(match, { icTile, ocTile, ...(kij !== undefined && { kij }) }))) return [inference, alike(inference, layout)];
      const others = rivals.map((rival) => rival.get(inference)!);
      return [inference, others.length === 0 ? certain(inference, layout, [says, ...ofWeights(layout)]) : undecided(inference, [layout, ...others], [says, ...ofWeights(layout)])];
    }),
    ...[...targets].map(([inference, match]): [Inference, Inference] => [inference, certain(inference, match.layout, [`The activations and weights beside reproduce ${reproduced(match)}.`], differing(match, inference))]),
  ];
}

/** Was a file of these coordinates needed to compute what a match compares? */
function uses({ layout: { spec } }: Match, wanted: Coordinates): boolean {
  const looped = new Set([...spec.lines, ...spec.words].map(({ axis }) => axis));
  const axes = spec.kind === 'out' ? (['ocTile'] as const) : (['icTile', 'ocTile', 'kij'] as const);
  return axes.every((axis) => wanted[axis] === undefined || looped.has(axis) || (spec.fixed[axis] ?? 0) === wanted[axis]);
}

/** A file of a proven set that nothing beside it reproduces: its form is likely that of the others, its content is not proven. */
function alike(inference: Inference, layout: Layout): Inference {
  const { name, shape, candidates } = inference;
  const evidence = [...candidates[0]!.evidence.slice(0, 1), 'Read like the other files of its set. Nothing beside it confirms its content.'];
  const best: Candidate = { layout, confidence: 0.9, evidence, contradictions: contradictionsOf(layout, headerClues(shape.header), nameClues(name)), kindIsGuess: false, proven: false };
  return { ...inference, candidates: [best, ...candidates.filter((other) => other.layout !== layout)].slice(0, MOST_OPEN) };
}

const MOST_OPEN = 4;

/** Several readings that the data fit equally well, the most usual first. */
function undecided(inference: Inference, layouts: readonly Layout[], evidence: readonly string[]): Inference {
  const { name, shape, candidates } = inference;
  const open = layouts.slice(0, MOST_OPEN);
  const says = `The data fit ${layouts.length} readings equally: nothing in these weights tells them apart.`;
  return {
    ...inference,
    candidates: open.map((layout) => ({ layout, confidence: 1 / open.length, evidence: [...candidates[0]!.evidence.slice(0, 1), ...evidence, says], contradictions: contradictionsOf(layout, headerClues(shape.header), nameClues(name)), kindIsGuess: false, proven: false })),
  };
}

function reproduced({ equal, total, relu, layout }: Match): string {
  const what = layout.spec.kind === 'psum' ? 'psums' : `outputs${relu === true ? ' after ReLU' : relu === false ? ' before ReLU' : ''}`;
  return `${equal} of ${total} ${what}`;
}

function differing({ first, equal, total }: Match, { shape }: Inference): string[] {
  if (first === undefined) return [];
  const line = shape.dataLines[first.line]! + 1;
  return [`${total - equal} of ${total} words differ from what the activations and weights give; the first is word ${first.word + 1} of line ${line}: ${first.found} instead of ${first.computed}.`];
}

function certain(inference: Inference, layout: Layout, evidence: readonly string[], more: readonly string[] = []): Inference {
  const { name, shape, candidates } = inference;
  const before = candidates[0]!.evidence.slice(0, 1);
  const contradictions = [...contradictionsOf(layout, headerClues(shape.header), nameClues(name)), ...more];
  const best: Candidate = { layout, confidence: 1, evidence: [...before, ...evidence], contradictions, kindIsGuess: false, proven: true };
  return { ...inference, candidates: [best] };
}
