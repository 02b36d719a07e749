import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compare } from '../../../src/check/compare/compare';
import type { MappedDump } from '../../../src/check/compare/dump';
import type { Expected } from '../../../src/check/compare/expected';
import { expectedFiles } from '../../../src/check/compare/goldenRows';
import { pairOf } from '../../../src/check/compare/pairOf';
import type { PairWindow } from '../../../src/check/compare/pairOf';
import type { Comparison } from '../../../src/check/compare/report';
import type { Diagnosis } from '../../../src/check/diagnose/diagnosis';
import { diagnoseAtOnce } from '../../../src/check/diagnose/diagnosis';
import { Problem } from '../../../src/engine/problem';
import { mapDump } from '../../../src/project/check/dumpSide';
import { ordersFor } from '../../../src/project/check/goldenSide';
import type { OpenedText } from '../../../src/project/check/openedText';
import { openText, openTwins } from '../../../src/project/check/openedText';
import type { ByteSource } from '../../../src/vectors/dump/byteSource';
import { memorySource } from '../../../src/vectors/dump/byteSource';
import type { Entries } from '../../../src/vectors/dump/entries';
import { TextEntries } from '../../../src/vectors/dump/textEntries';
import { Layout } from '../../../src/vectors/layout';

const BITS = 8;

interface Form {
  readonly radix: 'binary' | 'hex';
  readonly separator: '' | ' ';
  readonly eol: '\n' | '\r\n';
}

const form: fc.Arbitrary<Form> = fc.record({ radix: fc.constantFrom('binary' as const, 'binary' as const, 'hex' as const), separator: fc.constantFrom('' as const, '' as const, ' ' as const), eol: fc.constantFrom('\n' as const, '\n' as const, '\r\n' as const) });
const fault = fc.record({ at: fc.nat(), kind: fc.constantFrom('word', 'word', 'word', 'word', 'word', 'word', 'word', 'x', 'x', 'cut', 'drop', 'twice', 'remark', 'address', 'again') });
const drawn = fc.record({
  seed: fc.nat(1 << 20),
  kij: fc.integer({ min: 1, max: 4 }),
  nij: fc.constantFrom(3, 40, 700, 1500),
  cols: fc.constantFrom(1, 2, 8),
  golden: form,
  dump: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: form }),
  order: fc.constantFrom('as golden', 'as golden', 'as golden', 'nij first'),
  words: fc.constantFrom('down', 'down', 'up'),
  faults: fc.array(fault, { maxLength: 6 }),
  /** All words of a column are wrong: many faults. */
  column: fc.boolean(),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function valueOf({ seed }: Drawn, kij: number, nij: number, col: number): number {
  return ((Math.imul(seed + 7919 * kij + 31 * nij + col, 2654435761) >>> 12) % 61) - 30;
}

function lineOf(values: readonly number[], { radix, separator }: Form): string {
  return values.map((value) => (value & (2 ** BITS - 1)).toString(radix === 'hex' ? 16 : 2).padStart(radix === 'hex' ? 2 : BITS, '0')).join(separator);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function goldenText(one: Drawn): string {
  return upTo(one.kij).flatMap((kij) => upTo(one.nij).map((nij) => lineOf(upTo(one.cols).reverse().map((col) => valueOf(one, kij, nij, col)), one.golden) + one.golden.eol)).join('');
}

function dumpText(one: Drawn): string {
  const own = one.dump ?? one.golden;
  const lineAt = (kij: number, nij: number): string => lineOf(upTo(one.cols).reverse().map((col) => (one.column && col === 0 ? 1 : 0) ^ valueOf(one, kij, nij, col)), own);
  const lines = one.order === 'as golden' ? upTo(one.kij).flatMap((kij) => upTo(one.nij).map((nij) => lineAt(kij, nij))) : upTo(one.nij).flatMap((nij) => upTo(one.kij).map((kij) => lineAt(kij, nij)));
  for (const { at, kind } of one.faults) {
    const i = at % lines.length;
    const line = lines[i] ?? '';
    const digit = (at >> 4) % Math.max(1, line.length);
    const put = (text: string): string => (line[digit] === ' ' ? line : line.slice(0, digit) + text + line.slice(digit + 1));
    if (kind === 'word') lines[i] = put(line[digit] === '0' ? '1' : '0');
    else if (kind === 'x') lines[i] = put('x');
    else if (kind === 'cut') lines[i] = line.slice(0, -1);
    else if (kind === 'drop') lines.splice(i, 1);
    else if (kind === 'twice') lines.splice(i, 0, line);
    // Words behind an address that was written before: those of before count no more
    else if (kind === 'again') lines.splice(i, 0, `@${((at >> 2) % (i + 1)).toString(16)}`);
    else lines.splice(i, 0, kind === 'remark' ? 'a word of the bench' : `@${i.toString(16)}`);
    if (lines.length === 0) break;
  }
  return lines.map((line) => line + own.eol).join('');
}

const source = (name: string, text: string): ByteSource => memorySource(name, Buffer.from(text, 'latin1'));

function layoutOf({ kij, nij, cols, golden }: Drawn): Layout {
  return new Layout({ kind: 'psum', bits: BITS, signed: true, radix: golden.radix, lines: [{ axis: 'kij', start: 0, step: 1, count: kij }, { axis: 'nij', start: 0, step: 1, count: nij }], words: [{ axis: 'col', start: cols - 1, step: -1, count: cols }], fixed: {}, separator: golden.separator, trailing: '', header: [], eol: golden.eol });
}

interface Sides {
  readonly expected: Expected;
  readonly dump: MappedDump;
}

function sides(one: Drawn, golden: OpenedText, dump: OpenedText): Sides {
  const layout = layoutOf(one);
  const ranges = { kij: { start: 0, count: one.kij }, nij: { start: 0, count: one.nij }, col: { start: 0, count: one.cols } };
  const expected = expectedFiles({ name: 'golden', kind: 'psum', format: { bits: BITS, signed: true }, ranges, orders: ordersFor('psum', ranges, [layout]) }, [new TextEntries(golden.source, layout, golden.index)]);
  const map = one.words === 'up' ? { words: ['col'] } : undefined;
  return { expected, dump: mapDump({ name: 'dump', files: [dump], notes: [] }, expected, map).dump };
}

/** Entries and rows that can only be read one by one, whatever they are. */
function slowly({ expected, dump }: Sides): Sides {
  const { entries } = dump;
  const plain: Entries = {
    name: entries.name,
    count: entries.count,
    wordsPerEntry: entries.wordsPerEntry,
    sparse: entries.sparse,
    memory: entries.memory,
    addressed: entries.addressed,
    spans: entries.spans,
    entryAt: (address) => entries.entryAt(address),
    addressOf: (entry) => entries.addressOf(entry),
    leavesOut: (address) => entries.leavesOut(address),
    read: (entry, into) => {
      entries.read(entry, into);
    },
    spot: (entry, word) => entries.spot(entry, word),
  };
  return {
    expected: {
      ...expected,
      rows: (layout) => {
        const rows = expected.rows(layout);
        return { read: (line, into) => { rows.read(line, into); }, spot: (line, word) => rows.spot(line, word) };
      },
    },
    dump: { ...dump, entries: plain },
  };
}

interface Outcome {
  readonly comparison: Comparison;
  readonly window: PairWindow;
  readonly small: PairWindow;
  readonly diagnosis: Diagnosis;
}

function outcome({ expected, dump }: Sides): Outcome {
  const steps = compare(expected, dump, 20);
  for (;;) {
    const step = steps.next();
    if (step.done !== true) continue;
    const first = step.value.first[0];
    const line = first === undefined ? 0 : dump.layout.position(first.coordinates)!.line;
    const window = pairOf(expected, dump, line);
    return { comparison: step.value, window, small: pairOf(expected, dump, line, 900), diagnosis: diagnoseAtOnce(window.pair) };
  }
}

/** What comes of it, or why nothing does. */
async function attempt(make: () => Promise<Sides> | Sides): Promise<Outcome | string> {
  try {
    return outcome(await make());
  } catch (error) {
    if (error instanceof Problem) return error.format();
    throw error;
  }
}

describe('what is read in blocks', () => {
  it('gives the report of what is read line by line, and files that are read together that of files read apart', async () => {
    let [together, causes] = [0, 0];
    await fc.assert(
      fc.asyncProperty(drawn, async (one) => {
        const [golden, dump] = [source('golden', goldenText(one)), source('dump', dumpText(one))];
        const apart = async (): Promise<Sides> => sides(one, await openText(golden, {}), await openText(dump, {}));
        const reference = await attempt(async () => slowly(await apart()));
        assert.deepEqual(await attempt(apart), reference);
        if (typeof reference !== 'string' && reference.diagnosis.causes.length > 0) causes++;
        const twins = await openTwins(golden, dump, {});
        if (twins === undefined) return;
        together++;
        assert.deepEqual(await attempt(() => sides(one, twins.golden, twins.dump)), reference);
      }),
      { seed: 47, numRuns: 120 },
    );
    // Else nothing was tried
    assert.ok(together > 20 && causes > 20, `${together} read together, ${causes} with causes`);
  }).timeout(240_000);
});
