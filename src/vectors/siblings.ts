import type { Kind } from './axis';
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

function applied({ activations, weights, targets, geometry }: Proof): [Inference, Inference][] {
  const golden = [...targets].sort((a, b) => b[1].total - a[1].total)[0]!;
  const says = `Activations and weights read in this way reproduce ${reproduced(golden[1])} of ${golden[0].name}.`;
  const { height, width, added, kernel } = geometry;
  const padded = width + 2 * added[1];
  const pixels = [
    { axis: 'nij', start: added[0] * padded + added[1], step: padded, count: height },
    { axis: 'nij', start: 0, step: 1, count: width },
  ] as const;
  return [
    ...[...activations].map(([inference, layout]): [Inference, Inference] => {
      if (added[0] + added[1] === 0) return [inference, certain(inference, layout, [says])];
      const inside = new Layout({ ...layout.spec, lines: pixels });
      return [inference, certain(inference, inside, [says, `The file holds the ${height}x${width} image without its padding; nij counts the padded one.`])];
    }),
    ...[...weights].map(([inference, layout]): [Inference, Inference] => [inference, certain(inference, layout, [says, ...(layout.spec.signed ? [] : ['The weights are unsigned.']), `The kernel is ${kernel.join('x')}.`])]),
    ...[...targets].map(([inference, match]): [Inference, Inference] => [inference, certain(inference, match.layout, [`The activations and weights beside reproduce ${reproduced(match)}.`], differing(match, inference))]),
  ];
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
