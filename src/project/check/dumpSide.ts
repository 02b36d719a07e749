import path from 'node:path';
import { Problem } from '../../engine/problem';
import type { ChosenOrder, LoopOrder } from '../../check/compare/chooseOrder';
import { chooseOrder } from '../../check/compare/chooseOrder';
import type { Expected } from '../../check/compare/expected';
import type { Coordinates } from '../../vectors/axis';
import { AXES } from '../../vectors/axis';
import type { AddressMap, AxisRanges, MapSpec } from '../../vectors/dump/addressMap';
import { badMap, denseLoops, mapLoops } from '../../vectors/dump/addressMap';
import { linesOf, memorySource } from '../../vectors/dump/byteSource';
import type { DumpForm, WantedWords } from '../../vectors/dump/dumpForm';
import { dumpForm, dumpLayout } from '../../vectors/dump/dumpForm';
import type { Entries } from '../../vectors/dump/entries';
import { joinedEntries } from '../../vectors/dump/joinedEntries';
import type { LineIndex } from '../../vectors/dump/lineIndex';
import type { Recording } from '../../vectors/dump/recorded';
import { recordedEntries } from '../../vectors/dump/recorded';
import type { SimulationLog } from '../../vectors/dump/simLog';
import { MOST_OF_LOG_LINE, readLog, recordLog } from '../../vectors/dump/simLog';
import { TextEntries } from '../../vectors/dump/textEntries';
import { readVcd } from '../../vectors/dump/vcd';
import type { PrintedNumbers } from '../../vectors/outputNumbers';
import { countedFrom } from '../../vectors/outputNumbers';
import type { Layout } from '../../vectors/layout';
import { Layout as LayoutOf } from '../../vectors/layout';
import type { OpenFiles } from './fileSource';
import type { OpenedText } from './openedText';
import { finish, openText } from './openedText';
import type { CheckRun, DumpSpec } from './spec';

export { HEAD_BYTES, openText } from './openedText';
export type { OpenedText } from './openedText';

/** A dump that was opened: its lines are known, what they mean is not. */
export interface OpenedDump {
  readonly name: string;
  /** Files that hold the words of an entry side by side; mostly one. */
  readonly files: readonly OpenedText[];
  readonly recording?: Recording;
  readonly range?: readonly [number, number];
  readonly notes: readonly string[];
  /** A log that does not say whether its first output is 0 or 1, which was taken. */
  readonly openCount?: OpenCount;
}

/** The same log, read in both ways. */
export interface OpenCount {
  readonly numbers: PrintedNumbers;
  /** What came out, or what the log calls the answer; undefined when it shows none. */
  words(base: 0 | 1, side: 'got' | 'answer'): Promise<OpenedDump | undefined>;
}

/** @throws Problem `usage`, `vcd-format`, `vcd-signal`, `check-form`, `cancelled` */
export async function openDump(spec: DumpSpec, open: OpenFiles, run: CheckRun): Promise<OpenedDump> {
  if (spec.type === 'vcd') {
    const recording = await finish(readVcd(open.open(spec.file), spec), open.open(spec.file).size, run);
    return recorded(spec.file, recording, run);
  }
  const files: OpenedText[] = [];
  for (const file of spec.files) files.push(await open.text(file, run));
  const [only] = files;
  const log = files.length === 1 && only!.head.report !== undefined ? readLog(linesOf(only!.source, MOST_OF_LOG_LINE)) : undefined;
  if (log !== undefined && spec.range !== undefined) throw new Problem('usage', `${only!.source.name} is a log, which names its outputs: no range of addresses applies.`, 'Leave out --range ("range" in tilescope.json): the words stand at the outputs that the log names.', { file: only!.source.name });
  if (log !== undefined) return openLog(only!.source.name, log, run);
  return { name: files.map(({ source }) => source.name).join(', '), files, ...(spec.range !== undefined && { range: spec.range }), notes: files.flatMap(({ source, index }) => remarksOf(source.name, index)) };
}

/** @throws Problem `check-form` when nothing was recorded */
async function recorded(file: string, recording: Recording, run: CheckRun): Promise<OpenedDump> {
  if (recording.lines.length === 0) throw new Problem('check-form', `${file} shows no words. ${recording.notes.join(' ')}`, 'What a test bench says of itself is no comparison: let it write the words ($writememh, $fdisplay), or check the names of clock and valid signal.', { file });
  const text = await openText(memorySource(file, recording.text), run);
  // What a recording shows as x was driven as x: it is no memory
  return { name: file, files: [{ ...text, index: { ...text.index, memory: false } }], recording, notes: recording.notes };
}

async function openLog(file: string, log: SimulationLog, run: CheckRun): Promise<OpenedDump> {
  const { numbers } = log;
  const base = numbers === undefined ? undefined : countedFrom(numbers);
  const dump = await recorded(file, recordLog(log, base ?? 1), run);
  if (numbers === undefined || base === 1) return dump;
  if (base === 0) return { ...dump, notes: [...dump.notes, 'The log counts its outputs from 0.'] };
  const words = async (from: 0 | 1, side: 'got' | 'answer'): Promise<OpenedDump | undefined> => {
    const recording = recordLog(log, from, side);
    return recording.lines.length === 0 ? undefined : recorded(file, recording, run);
  };
  return { ...dump, openCount: { numbers, words } };
}

/** What stands between the words and is none: chatter of a test bench, or a word that cannot be told from it. */
export function remarksOf(file: string, { remarks: { count, line, text } }: LineIndex): string[] {
  if (count === 0) return [];
  return [`${count} ${count === 1 ? 'line' : 'lines'} of other text among the words ${count === 1 ? 'was' : 'were'} passed over, the first at ${file}:${line}: ${JSON.stringify(text)}.`];
}

/**
 * Gives the entries of a dump their coordinates: as the map says, else in the order that is expected.
 * @throws Problem `check-form`, `check-map`
 */
export function mapDump(dump: OpenedDump, expected: Expected, map: MapSpec | undefined): ChosenOrder {
  const usual = expected.orders[0]!;
  const words = map?.words === undefined ? undefined : mapLoops(map.words, expected.kind, expected.ranges);
  const count = (words ?? usual.words).reduce((product, loop) => product * loop.count, 1);
  const wanted: WantedWords = { ...expected.format, kind: expected.kind, count, entries: usual.lines.reduce((product, loop) => product * loop.count, 1) };
  const { entries, form } = entriesOf(dump, wanted);
  const fixedBut = (order: LoopOrder): Coordinates => fixedCoordinates(expected.ranges, order);
  const layoutOf = (order: LoopOrder): Layout => new LayoutOf({ ...dumpLayout(form, wanted, order.lines, order.words, dump.files[0]!.head.eol).spec, fixed: fixedBut(order) });
  const perWord = (order: LoopOrder): LoopOrder => (form.wordsPerLine === count ? order : { lines: [...order.lines, ...order.words], words: [] });
  // With a base or strides the user says where in the memory the words are
  const partial = map?.base !== undefined || map?.strides !== undefined ? { partial: true } : {};
  if (map?.lines === undefined) return withDump(chooseOrder(expected, entries, expected.kind, map?.base ?? 0, expected.orders.map((order) => perWord({ ...order, ...(words !== undefined && { words }) })), layoutOf), partial);
  const order = perWord({ lines: mapLoops(map.lines, expected.kind, expected.ranges), words: words ?? usual.words });
  const layout = layoutOf(order);
  return { dump: { kind: expected.kind, entries, layout, map: addressMap(map, order), ...partial } };
}

function withDump({ dump, ...rest }: ChosenOrder, more: { readonly partial?: boolean }): ChosenOrder {
  return { ...rest, dump: { ...dump, ...more } };
}

function addressMap({ base = 0, strides }: MapSpec, { lines }: LoopOrder): AddressMap {
  if (strides !== undefined && strides.length !== lines.length) throw badMap(`has ${strides.length} strides for ${lines.length} loops over the lines`, 'Give one stride for each loop, in the same order');
  return { base, strides: strides ?? denseLoops(lines) };
}

/** What a map does not loop over is the same in the whole dump. */
function fixedCoordinates(ranges: AxisRanges, { lines, words }: LoopOrder): Coordinates {
  const looped = new Set([...lines, ...words].map(({ axis }) => axis));
  const fixed: Partial<Record<(typeof AXES)[number], number>> = {};
  for (const axis of AXES) {
    const range = ranges[axis];
    if (range === undefined || looped.has(axis)) continue;
    if (range.count > 1) throw badMap(`leaves out ${axis}, of which ${range.count} values are expected`, `Add "${axis}" to its lines or words, or compare with golden files of one ${axis}`);
    fixed[axis] = range.start;
  }
  return fixed;
}

function entriesOf({ files, recording, range, name }: OpenedDump, wanted: WantedWords): { entries: Entries; form: DumpForm } {
  if (files.length > 1) {
    if (files.length !== wanted.count) throw badMap(`of ${name} has ${wanted.count} words an entry, and there are ${files.length} files`, 'Give one file for each word of an entry, in the order of the map\'s words');
    const columns = files.map((file) => textEntries(file, { ...wanted, count: 1 }, range));
    return { entries: joinedEntries(columns.map(({ entries }) => entries)), form: { ...columns[0]!.form, wordsPerLine: wanted.count } };
  }
  const { entries, form } = textEntries(files[0]!, wanted, range);
  return { entries: recording === undefined ? entries : recordedEntries(entries, name, recording), form };
}

function textEntries({ source, head, index }: OpenedText, wanted: WantedWords, range: OpenedDump['range']): { entries: TextEntries; form: DumpForm } {
  if (index.count === 0 && head.report === undefined) throw new Problem('check-form', `${source.name} holds no words.`, 'Check that the simulation wrote it.', { file: source.name });
  const form = dumpForm(head, path.basename(source.name), index.count, wanted);
  // Decoding asks for the form of a line, not for its coordinates
  const line = { axis: 'nij', start: 0, step: 1, count: Math.max(1, index.count) } as const;
  const words = form.wordsPerLine === 1 ? [] : [{ axis: 'col', start: 0, step: 1, count: form.wordsPerLine } as const];
  return { entries: new TextEntries(source, dumpLayout(form, wanted, [line], words, head.eol), index, range, !form.cut.padded), form };
}
