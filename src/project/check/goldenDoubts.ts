import type { Contradiction } from '../../check/compare/contradiction';
import { contradiction, mayOverlap } from '../../check/compare/contradiction';
import { rangesOf } from '../../check/compare/expected';
import { Problem } from '../../engine/problem';
import type { Axis } from '../../vectors/axis';
import type { TextEntries } from '../../vectors/dump/textEntries';
import { headerClues } from '../../vectors/headerClues';
import type { Inference } from '../../vectors/inference';
import type { Layout } from '../../vectors/layout';
import { drive } from '../drive';
import type { CheckRun } from './spec';

/** A golden file that was opened. */
export interface GoldenFile {
  readonly entries: TextEntries;
  readonly header: readonly string[];
}

/** Golden files with the same coordinates and different values at one place: neither can be trusted. */
export async function contradictionAmong(files: readonly TextEntries[], { signal }: CheckRun): Promise<Problem | undefined> {
  const ranges = files.map(({ layout }) => rangesOf([layout]));
  for (let i = 0; i < files.length; i++) {
    for (let j = i + 1; j < files.length; j++) {
      if (!mayOverlap(ranges[i]!, ranges[j]!)) continue;
      const found = await drive(contradiction(files[i]!, files[j]!), signal);
      if (found !== undefined) return contradicting(found);
    }
  }
  return undefined;
}

function contradicting({ one, other, values }: Contradiction): Problem {
  return new Problem('check-golden', `Golden files contradict each other: ${one.file}:${one.line} says ${values[0]}, ${other.file}:${other.line} says ${values[1]} for the same word.`, 'Name the one that counts, or remove the other.', { file: one.file, line: one.line, column: one.column });
}

/** A golden file that is known to have had more lines. */
export function tooShort(files: readonly GoldenFile[]): Problem | undefined {
  for (const { entries, header } of files) {
    const { count, layout, name } = entries;
    const { statedLines } = headerClues(header);
    if (statedLines !== undefined && count < statedLines) return cutOff(name, count, `its header says ${statedLines}`);
    if (count < layout.lineCount) return cutOff(name, count, `its layout says ${layout.lineCount}`);
    // Tiles and kernel positions of one tensor are equally large
    const sibling = files.find((one) => axesOf(one.entries.layout) === axesOf(layout) && one.entries.count > count);
    if (sibling !== undefined) return cutOff(name, count, `${sibling.entries.name} has ${sibling.entries.count}`);
  }
  return undefined;
}

export function cutOff(file: string, lines: number, why: string): Problem {
  return new Problem('check-golden', `${file} has ${lines} ${lines === 1 ? 'line' : 'lines'} of words, and ${why}: it is cut off.`, 'Write the golden file anew: nothing can be told from a part of it.', { file });
}

/** Psums of fewer input pixels or kernel positions than the activations and weights beside them: a sentence that says of which. */
export function shorterThanSiblings(layout: Layout, siblings: readonly Inference[]): string | undefined {
  if (layout.spec.kind !== 'psum') return undefined;
  const pixels = countBeside(siblings, 'activation', 'nij');
  const own = loopCount(layout, 'nij');
  if (pixels === undefined || own === undefined) return undefined;
  if (layout.lineCount < pixels) return `the activations beside it have ${pixels} pixels`;
  const kernels = countBeside(siblings, 'weight', 'kij');
  const kijs = loopCount(layout, 'kij') ?? 1;
  if (kernels === undefined) return undefined;
  if (own === pixels && kijs > 1 && kijs < kernels) return `the files beside it have ${kernels} kernel positions of ${pixels} pixels`;
  // Neither one kernel position, also of an image that is padded later, nor all of them
  if (own > 2 * pixels && own < pixels * kernels && own % kernels !== 0) return `the files beside it have ${kernels} kernel positions of ${pixels} pixels`;
  return undefined;
}

/** What all files of a kind say of an axis; undefined when they do not agree. */
function countBeside(siblings: readonly Inference[], kind: 'activation' | 'weight', axis: Axis): number | undefined {
  const layouts = siblings.flatMap(({ candidates: [best] }) => (best?.layout.spec.kind === kind && !best.kindIsGuess ? [best.layout] : []));
  const counts = new Set(layouts.map((layout) => loopCount(layout, axis)));
  const fixed = new Set(layouts.map(({ spec }) => spec.fixed[axis]));
  if (axis === 'kij' && counts.size === 1 && counts.has(undefined) && !fixed.has(undefined)) return fixed.size;
  const [count] = counts;
  return counts.size === 1 ? count : undefined;
}

function loopCount({ spec }: Layout, axis: Axis): number | undefined {
  const loops = [...spec.lines, ...spec.words].filter((loop) => loop.axis === axis);
  return loops.length === 0 ? undefined : loops.reduce((product, { count }) => product * count, 1);
}

function axesOf({ spec }: Layout): string {
  return `${spec.lines.map(({ axis }) => axis).join()} ${spec.words.map(({ axis }) => axis).join()}`;
}
