import path from 'node:path';
import { Problem } from '../../engine/problem';
import type { Expected } from '../../check/compare/expected';
import { rangesOf } from '../../check/compare/expected';
import { expectedFiles } from '../../check/compare/goldenRows';
import type { LoopOrder } from '../../check/compare/chooseOrder';
import type { Axis, Kind } from '../../vectors/axis';
import { AXES_OF } from '../../vectors/axis';
import type { AxisRanges } from '../../vectors/dump/addressMap';
import { TextEntries } from '../../vectors/dump/textEntries';
import { inferShape } from '../../vectors/infer';
import type { Inference } from '../../vectors/inference';
import type { Layout, Loop } from '../../vectors/layout';
import { inferFolder } from '../../vectors/siblings';
import { layoutForLines } from '../../vectors/wholeFile';
import type { Choice } from '../chosenReading';
import { chosenReading } from '../chosenReading';
import { LARGEST_FILE, readNeighbours, readText } from '../goldenFolder';
import { Manifests, digestOfFile } from '../setManifest';
import { remarksOf } from './dumpSide';
import type { GoldenFile } from './goldenDoubts';
import { contradictionAmong, cutOff, shorterThanSiblings, tooShort } from './goldenDoubts';
import type { OpenFiles } from './fileSource';
import type { OpenedText } from './openedText';
import { HEAD_BYTES } from './openedText';
import type { CheckRun } from './spec';

/** Larger golden files are read by their beginning and their number of lines alone. */
export const LARGEST_WHOLE = 8 * 2 ** 20;

/** Golden files that are one side of a comparison. */
export async function goldenExpected(files: readonly string[], choice: Choice, without: readonly string[], open: OpenFiles, run: CheckRun): Promise<Expected> {
  const layouts = new Map<string, Layout>();
  for (const folder of new Set(files.map((file) => path.dirname(file)))) {
    const own = files.filter((file) => path.dirname(file) === folder);
    for (const [file, layout] of await layoutsIn(folder, own, choice, without, open, run)) layouts.set(file, layout);
  }
  return expectedOf(files.map((file) => ({ file, layout: layouts.get(file)! })), open, run);
}

/** A golden file whose layout is known. */
export interface GoldenPart {
  readonly file: string;
  readonly layout: Layout;
}

/**
 * Golden files as what is expected.
 * @param twins files that say again what one of `parts` says
 * @returns with a doubt when they contradict each other, or when one of them is too short
 * @throws Problem `check-golden` when they do not belong together
 */
export async function expectedOf(parts: readonly GoldenPart[], open: OpenFiles, run: CheckRun, twins: readonly GoldenPart[] = []): Promise<Expected> {
  const [first] = parts;
  const { kind, bits, signed } = first!.layout.spec;
  const other = parts.find(({ layout }) => layout.spec.kind !== kind || layout.spec.bits !== bits);
  if (other !== undefined) throw new Problem('check-golden', `${first!.file} holds ${kind} words of ${bits} bits, ${other.file} ${other.layout.spec.kind} words of ${other.layout.spec.bits} bits.`, 'Compare with files of one kind, or give --kind and --bits.');
  const files: GoldenFile[] = [];
  for (const part of [...parts, ...twins]) files.push(await openGolden(part, open, run));
  const own = files.slice(0, parts.length);
  const doubt = tooShort(own) ?? (await contradictionAmong(files.map(({ entries }) => entries), run));
  const layouts = parts.map(({ layout }) => layout);
  const ranges = rangesOf(layouts);
  const name = parts.length === 1 ? first!.file : `${parts.length} files (${path.basename(first!.file)}, …)`;
  const notes = own.flatMap(({ entries }) => remarksOf(entries.name, entries.index));
  return expectedFiles({ name, kind, format: { bits, signed }, ranges, orders: ordersFor(kind, ranges, layouts), notes, ...(doubt !== undefined && { doubt }) }, own.map(({ entries }) => entries));
}

async function openGolden({ file, layout }: GoldenPart, open: OpenFiles, run: CheckRun): Promise<GoldenFile> {
  const { source, head, index } = await open.text(file, run);
  return { entries: new TextEntries(source, layout, { ...index, memory: false }), header: head.header };
}

/** Loops in which a dump most likely holds these coordinates: as a single golden file has them, then the usual one, then others. */
export function ordersFor(kind: Kind, ranges: AxisRanges, layouts: readonly Layout[]): LoopOrder[] {
  const words = layouts[0]?.spec.words ?? colsDown(ranges);
  const worded = new Set(words.map(({ axis }) => axis));
  const axes = AXES_OF[kind].concat(kind === 'psum' ? ['o_nij'] : []).filter((axis) => !worded.has(axis) && (ranges[axis]?.count ?? 1) > 1 && ranges[axis] !== undefined);
  const loops = (names: readonly Axis[]): Loop[] => names.map((axis) => ({ axis, start: ranges[axis]!.start, step: 1, count: ranges[axis]!.count }));
  const isInner = (axis: Axis): boolean => axis === 'kij' || axis === 'nij' || axis === 'o_nij';
  const usual = axes.filter((axis) => !isInner(axis));
  const inner = axes.filter(isInner);
  const own = layouts.length === 1 ? [layouts[0]!.spec.lines] : [];
  const all = [...own, loops([...usual, ...inner]), loops([...usual, ...inner.toReversed()]), loops([...inner, ...usual])];
  const distinct = new Map(all.map((lines) => [JSON.stringify(lines), lines]));
  return [...distinct.values()].map((lines) => ({ lines, words }));
}

function colsDown(ranges: AxisRanges): Loop[] {
  const { start, count } = ranges.col ?? { start: 0, count: 1 };
  return [{ axis: 'col', start: start + count - 1, step: -1, count }];
}

/** How golden files of one folder are read: as their manifest says, else together with their neighbours. */
async function layoutsIn(folder: string, files: readonly string[], choice: Choice, without: readonly string[], open: OpenFiles, run: CheckRun): Promise<Map<string, Layout>> {
  const layouts = new Map<string, Layout>();
  const manifest = Object.keys(choice).length > 0 ? undefined : await new Manifests().above(folder);
  for (const file of files) {
    const declared = manifest?.files.get(file);
    if (declared?.layout === undefined) continue;
    if ((await digestOfFile(file)) === declared.sha256) layouts.set(file, declared.layout);
    else {
      const { count } = (await open.text(file, run)).index;
      if (count < declared.layout.lineCount) throw cutOff(file, count, `the manifest of its set says ${declared.layout.lineCount}`);
    }
  }
  const unknown = files.filter((file) => !layouts.has(file));
  if (unknown.length === 0) return layouts;
  const whole = unknown.filter((file) => open.open(file).size <= LARGEST_WHOLE);
  for (const file of unknown) if (!whole.includes(file)) layouts.set(file, layoutOfLarge(await open.text(file, run), choice));
  if (whole.length === 0) return layouts;
  const inferences = await inferAmong(folder, whole, without, run);
  for (const inference of inferences) {
    const file = path.join(folder, inference.name);
    if (!whole.includes(file)) continue;
    const reading = chosenReading(inference, choice);
    const why = reading.proven ? undefined : shorterThanSiblings(reading.layout, inferences);
    if (why !== undefined) throw cutOff(file, reading.layout.lineCount, why);
    layouts.set(file, reading.layout);
  }
  return layouts;
}

/** What files are, read together with those beside them. @param without files that are dumps and explain nothing; `largest` neighbour that is read, in bytes */
export async function inferAmong(folder: string, files: readonly string[], without: readonly string[], run: CheckRun, largest = LARGEST_FILE): Promise<Inference[]> {
  const own = await Promise.all(files.map((file) => readText(file)));
  const beside = await readNeighbours(folder, [...files, ...without], run.signal, largest);
  const texts = [...own.filter((text) => text !== undefined), ...beside];
  return inferFolder(texts.map(({ file, text }) => ({ name: path.basename(file), text })));
}

/** A large file: its beginning says how its words look, its number of lines what they are. */
function layoutOfLarge({ source, head, index }: OpenedText, choice: Choice): Layout {
  const inference = inferShape(head, path.basename(source.name), {});
  const { layout } = chosenReading(inference, choice);
  return source.size <= HEAD_BYTES ? layout : layoutForLines(layout, inference.name, head.header, index.count);
}
