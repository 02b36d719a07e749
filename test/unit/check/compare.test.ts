import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compare } from '../../../src/check/compare/compare';
import { describeComparison, describeMap, verdictOf } from '../../../src/check/compare/describe';
import type { MappedDump } from '../../../src/check/compare/dump';
import type { Expected } from '../../../src/check/compare/expected';
import { expectedTensor } from '../../../src/check/compare/expected';
import { expectedFiles } from '../../../src/check/compare/goldenRows';
import { pairOf } from '../../../src/check/compare/pairOf';
import type { Comparison } from '../../../src/check/compare/report';
import type { PairAxis } from '../../../src/check/pair';
import { conv } from '../../../src/engine/conv';
import type { LayerResult } from '../../../src/engine/layer';
import { Problem } from '../../../src/engine/problem';
import { mapLayer } from '../../../src/engine/tiling';
import type { OpenedText } from '../../../src/project/check/dumpSide';
import { mapDump, openText } from '../../../src/project/check/dumpSide';
import { ordersFor } from '../../../src/project/check/goldenSide';
import type { Axis, Coordinates } from '../../../src/vectors/axis';
import { axisCounts } from '../../../src/vectors/axis';
import { encode } from '../../../src/vectors/codec';
import type { MapSpec } from '../../../src/vectors/dump/addressMap';
import { parseMap } from '../../../src/vectors/dump/addressMap';
import { memorySource } from '../../../src/vectors/dump/byteSource';
import { TextEntries } from '../../../src/vectors/dump/textEntries';
import type { Loop } from '../../../src/vectors/layout';
import { Layout } from '../../../src/vectors/layout';
import { sourceOf } from '../../../src/vectors/tensor';
import type { SimWord, WriterForm } from '../support/dumps';
import { FORMS, allX, known, openedText } from '../support/dumps';
import { computed } from '../support/layers';

const BITS = 16;

interface Drawn {
  readonly ic: number;
  readonly oc: number;
  readonly side: number;
  readonly kernel: number;
  readonly size: number;
  readonly seed: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({ ic: fc.integer({ min: 1, max: 10 }), oc: fc.integer({ min: 1, max: 10 }), side: fc.integer({ min: 3, max: 5 }), kernel: fc.constantFrom(1, 2, 3), size: fc.constantFrom(4, 8), seed: fc.nat(1 << 20) });

function layerOf({ ic, oc, side, kernel, size, seed }: Drawn): LayerResult {
  const shape = conv({ inChannels: ic, outChannels: oc, height: side, width: side, kernelHeight: kernel, kernelWidth: kernel, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } });
  const value = (i: number): number => (((i + 1) * 7919 + seed * 104_729) % 100_003) % 97;
  return computed({
    mapping: mapLayer(shape, { rows: size, cols: size }),
    activationCodes: Int32Array.from({ length: ic * side * side }, (_, i) => value(i) % 16),
    weightCodes: Int32Array.from({ length: oc * ic * kernel * kernel }, (_, i) => (value(i + 31) % 15) - 7),
    psumBits: BITS,
    overflow: 'error',
  });
}

function tensorExpected(layer: LayerResult): Expected {
  const counts = axisCounts(layer.mapping);
  const axes: readonly Axis[] = ['icTile', 'ocTile', 'col', 'kij', 'nij'];
  const ranges = Object.fromEntries(axes.map((axis) => [axis, { start: 0, count: counts[axis] }]));
  return expectedTensor({ name: 'computed', kind: 'psum', format: { bits: BITS, signed: true }, ranges, orders: ordersFor('psum', ranges, []) }, sourceOf(layer, 'psum', false));
}

/** Golden files of one kernel position each, as the product writes them. */
async function filesExpected(layer: LayerResult): Promise<Expected> {
  const counts = axisCounts(layer.mapping);
  const source = sourceOf(layer, 'psum', false);
  const parts: TextEntries[] = [];
  for (let icTile = 0; icTile < counts.icTile; icTile++) {
    for (let ocTile = 0; ocTile < counts.ocTile; ocTile++) {
      for (let kij = 0; kij < counts.kij; kij++) {
        const layout = new Layout({ kind: 'psum', bits: BITS, signed: true, radix: 'binary', lines: [{ axis: 'nij', start: 0, step: 1, count: counts.nij }], words: [{ axis: 'col', start: counts.col - 1, step: -1, count: counts.col }], fixed: { icTile, ocTile, kij }, separator: '', trailing: '', header: ['#a#', '#b#'], eol: '\n' });
        const text = await openText(memorySource(`psum_${icTile}_${ocTile}_${kij}.txt`, encode(layout, source)), {});
        parts.push(new TextEntries(text.source, layout, text.index));
      }
    }
  }
  const { ranges, orders } = tensorExpected(layer);
  return expectedFiles({ name: 'golden', kind: 'psum', format: { bits: BITS, signed: true }, ranges, orders }, parts);
}

/** The psums in the order of addresses, columns from the highest to 0. */
function memoryOf(layer: LayerResult): { words: SimWord[][]; places: Coordinates[][] } {
  const counts = axisCounts(layer.mapping);
  const words: SimWord[][] = [];
  const places: Coordinates[][] = [];
  for (let icTile = 0; icTile < counts.icTile; icTile++) {
    for (let ocTile = 0; ocTile < counts.ocTile; ocTile++) {
      const tile = layer.psumTile(icTile, ocTile);
      for (let kij = 0; kij < counts.kij; kij++) {
        for (let nij = 0; nij < counts.nij; nij++) {
          const cols = Array.from({ length: counts.col }, (_, i) => counts.col - 1 - i);
          words.push(cols.map((col) => known(tile[(col * counts.nij + nij) * counts.kij + kij]!)));
          places.push(cols.map((col) => ({ icTile, ocTile, kij, nij, col })));
        }
      }
    }
  }
  return { words, places };
}

async function mapped(text: string, expected: Expected, map?: MapSpec): Promise<MappedDump> {
  return mapDump(await openedText('dump.txt', text), expected, map).dump;
}

function compared(expected: Expected, dump: MappedDump, most = Infinity): Comparison {
  const steps = compare(expected, dump, most);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

async function goldenOf(text: string, layout: Layout): Promise<TextEntries> {
  const { source, index } = await openText(memorySource('golden.txt', Buffer.from(text)), {});
  return new TextEntries(source, layout, index);
}

const key = (place: Coordinates): string => ['icTile', 'ocTile', 'kij', 'nij', 'col'].map((axis) => place[axis as Axis] ?? 0).join();

describe('comparing dumps', () => {
  it('a dump in any form equals the golden files and the computed psums that it was written from', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.constantFrom(...FORMS), async (shape, form) => {
        const layer = layerOf(shape);
        const { words } = memoryOf(layer);
        for (const expected of [tensorExpected(layer), await filesExpected(layer)]) {
          const result = compared(expected, await mapped(form.write(words, BITS), expected));
          assert.deepEqual([verdictOf(result), result.compared, result.differing, result.extra, result.uncovered], ['match', words.length * words[0]!.length, 0, 0, 0], `${form.name} ${expected.name}`);
        }
      }),
      { numRuns: 50, seed: 11 },
    );
  });

  it('planted defects are counted and located exactly, by kind', async () => {
    const plants = fc.array(fc.record({ at: fc.nat(1 << 20), what: fc.constantFrom('value', 'unknown', 'unwritten') }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(drawn, fc.constantFrom(...FORMS), plants, fc.nat(6), async (shape, form: WriterForm, planted, cut) => {
        const layer = layerOf(shape);
        const { words, places } = memoryOf(layer);
        const width = words[0]!.length;
        const truth = new Map<string, string>();
        const left = words.length - Math.min(cut, words.length - 8);
        for (let entry = left; entry < words.length; entry++) for (const place of places[entry]!) truth.set(key(place), 'missing');
        for (const { at, what } of planted) {
          const [entry, word] = [Math.floor(at / width) % left, at % width];
          const { value } = words[entry]![word]!;
          const place = key(places[entry]![word]!);
          if (truth.has(place)) continue;
          // The first lines tell the form
          if (entry < 4) continue;
          words[entry]![word] = what === 'value' ? known(value === 0 ? -1 : -value) : what === 'unwritten' ? allX(BITS) : { value, x: 8, z: 0 };
          truth.set(place, what === 'unwritten' && !form.memory ? 'unknown' : what);
        }
        const text = form.write(words.slice(0, left), BITS);
        const results: Comparison[] = [];
        for (const expected of [tensorExpected(layer), await filesExpected(layer)]) {
          const result = compared(expected, await mapped(text, expected));
          results.push(result);
          const found = new Map(result.first.map(({ coordinates, difference }) => [key(coordinates), difference]));
          assert.deepEqual([...found].sort(), [...truth].sort(), `${form.name} ${expected.name}`);
          const count = (what: string): number => [...truth.values()].filter((one) => one === what).length;
          assert.deepEqual([result.mismatched, result.unknown, result.unwritten, result.missing], ['value', 'unknown', 'unwritten', 'missing'].map(count));
          assert.deepEqual([result.compared, result.differing], [left * width, truth.size]);
          for (const counts of Object.values(result.counts)) assert.equal(counts.reduce((sum, { differing }) => sum + differing, 0), truth.size);
        }
        assert.deepEqual(results[0]!.bits, results[1]!.bits);
        assert.deepEqual(results[0]!.lines, results[1]!.lines);
      }),
      { numRuns: 80, seed: 5 },
    );
  });

  it('bases, strides and other orders of addresses are found again by the map that says so', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat(5), fc.nat(7), fc.boolean(), async (shape, base, gap, nijMajor) => {
        const layer = layerOf({ ...shape, ic: Math.min(shape.ic, shape.size), oc: Math.min(shape.oc, shape.size) });
        const { kij: kijs, nij: nijs } = axisCounts(layer.mapping);
        const { words } = memoryOf(layer);
        const [outer, inner] = nijMajor ? [nijs, kijs] : [kijs, nijs];
        const stride = inner + gap;
        const memory = Array.from({ length: base + (outer - 1) * stride + inner }, () => words[0]!.map(() => allX(BITS)));
        for (let kij = 0; kij < kijs; kij++) for (let nij = 0; nij < nijs; nij++) memory[base + (nijMajor ? nij * stride + kij : kij * stride + nij)] = words[kij * nijs + nij]!;
        const expected = tensorExpected(layer);
        const text = FORMS[1]!.write(memory, BITS);
        const map = parseMap(nijMajor ? `nij*${stride}+kij+${base}` : `kij*${stride} + nij + ${base}`);
        const dump = await mapped(text, expected, { ...map, strides: [stride, 1], lines: nijMajor ? ['nij', 'kij'] : ['kij', 'nij'] });
        const result = compared(expected, dump);
        assert.deepEqual([result.differing, result.compared], [0, words.length * words[0]!.length]);
        if (stride > 1) assert.deepEqual([map.base, map.strides?.toSorted((a, b) => b - a)], [base, [stride, 1]]);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('a column memory each, joined, equals the whole', async () => {
    const layer = layerOf({ ic: 8, oc: 8, side: 4, kernel: 3, size: 8, seed: 3 });
    const { words } = memoryOf(layer);
    const files: OpenedText[] = [];
    for (let col = 0; col < 8; col++) files.push(...(await openedText(`col${col}.txt`, FORMS[1]!.write(words.map((entry) => [entry[7 - col]!]), BITS))).files);
    const expected = tensorExpected(layer);
    const { dump } = mapDump({ name: 'columns', files, notes: [] }, expected, { words: ['col'] });
    const result = compared(expected, dump);
    assert.deepEqual([result.differing, result.compared], [0, words.length * 8]);
    assert.deepEqual(dump.entries.spot(20, 3), { file: 'col3.txt', line: 20 + 1 + 2, column: 1, length: 4, text: (words[20]![4]!.value & 0xffff).toString(16).padStart(4, '0') });
    assert.throws(() => mapDump({ name: 'columns', files: files.slice(1), notes: [] }, expected, { words: ['col'] }), (error: unknown) => error instanceof Problem && error.code === 'check-map');
  });

  it('equal unknown words and equal malformed words are no match', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => (i * 0x01010101).toString(2).padStart(32, '0').slice(-32));
    lines[10] = `${'x'.repeat(16)}${lines[10]!.slice(16)}`;
    lines[20] = `-${lines[20]!.slice(1)}`;
    const text = `${lines.join('\n')}\n`;
    const layout = new Layout({ kind: 'psum', bits: 16, signed: true, radix: 'binary', lines: [{ axis: 'nij', start: 0, step: 1, count: 40 }], words: [{ axis: 'col', start: 1, step: -1, count: 2 }], fixed: {}, separator: '', trailing: '', header: [], eol: '\n' });
    const golden = await openText(memorySource('golden.txt', Buffer.from(text)), {});
    const ranges = { nij: { start: 0, count: 40 }, col: { start: 0, count: 2 } };
    const expected = expectedFiles({ name: 'golden', kind: 'psum', format: { bits: 16, signed: true }, ranges, orders: ordersFor('psum', ranges, [layout]) }, [new TextEntries(golden.source, layout, golden.index)]);
    const result = compared(expected, await mapped(text, expected));
    assert.deepEqual([result.unreadable, result.compared, result.differing], [2, 78, 0]);
    const better = expectedFiles({ name: 'golden', kind: 'psum', format: { bits: 16, signed: true }, ranges, orders: ordersFor('psum', ranges, [layout]) }, [await goldenOf(text.replace('-', '0').replaceAll('x', '0'), layout)]);
    const found = compared(better, await mapped(text, better));
    assert.deepEqual([found.unknown, found.malformed, found.differing, found.unreadable], [1, 1, 2, 0]);
    assert.deepEqual(found.first.map(({ difference, got }) => [difference, got.spot?.line, got.spot?.column]), [['unknown', 11, 1], ['malformed', 21, 1]]);
    assert.match(describeComparison('psum', found), /2 of 80 words differ \(1 with x or z, 1 malformed\)/);
  });

  it('of a word that is written twice the last counts, also where the dump looks like the golden file line by line', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${(i * 0x0101).toString(16).padStart(4, '0')}0001`);
    const layout = new Layout({ kind: 'psum', bits: 16, signed: true, radix: 'hex', lines: [{ axis: 'nij', start: 0, step: 1, count: 40 }], words: [{ axis: 'col', start: 1, step: -1, count: 2 }], fixed: {}, separator: '', trailing: '', header: [], eol: '\n' });
    const ranges = { nij: { start: 0, count: 40 }, col: { start: 0, count: 2 } };
    const expected = expectedFiles({ name: 'golden', kind: 'psum', format: { bits: 16, signed: true }, ranges, orders: ordersFor('psum', ranges, [layout]) }, [await goldenOf(`${lines.join('\n')}\n`, layout)]);
    // Zeros behind the words of a memory say nothing, and so would these
    const result = compared(expected, await mapped(`@0\n${lines.join('\n')}\n@15\n00000000\n00000000\n`, expected));
    assert.deepEqual([result.compared, result.mismatched, result.extra, verdictOf(result)], [80, 4, 0, 'mismatch']);
    assert.deepEqual(result.first.map(({ coordinates: { nij }, got }) => [nij, got.spot?.line]), [[21, 43], [21, 43], [22, 44], [22, 44]]);
    const mended = compared(expected, await mapped(`@0\n${lines.map((line, i) => (i === 21 ? '00000000' : line)).join('\n')}\n@15\n${lines[21]!}\n`, expected));
    assert.deepEqual([mended.compared, mended.differing, mended.extra, verdictOf(mended)], [80, 0, 0, 'match']);
  });

  it('another order of lines is found as well where lines at equal distances would stand at the same place in both', async () => {
    const side = 65;
    const lines = Array.from({ length: side * side }, (_, i) => ((Math.imul(i + 1, 40_503) & 0x7fff) | 1).toString(2).padStart(16, '0') + ((i * 31) & 0xffff).toString(2).padStart(16, '0'));
    const loop = (axis: Axis): { axis: Axis; start: number; step: number; count: number } => ({ axis, start: 0, step: 1, count: side });
    const layout = new Layout({ kind: 'psum', bits: 16, signed: true, radix: 'binary', lines: [loop('kij'), loop('nij')], words: [{ axis: 'col', start: 1, step: -1, count: 2 }], fixed: {}, separator: '', trailing: '', header: [], eol: '\n' });
    const ranges = { kij: { start: 0, count: side }, nij: { start: 0, count: side }, col: { start: 0, count: 2 } };
    const expected = expectedFiles({ name: 'golden', kind: 'psum', format: { bits: 16, signed: true }, ranges, orders: ordersFor('psum', ranges, [layout]) }, [await goldenOf(`${lines.join('\n')}\n`, layout)]);
    const turned = lines.map((_, i) => lines[(i % side) * side + Math.floor(i / side)]!);
    const { compared: all, differing } = compared(expected, await mapped(`${turned.join('\n')}\n`, expected));
    assert.deepEqual([all, differing], [2 * side * side, 0]);
  });

  it('lines that are too short are no match, also where the golden file has the same', async () => {
    const whole = Array.from({ length: 40 }, (_, i) => `${(i * 0x0101).toString(16).padStart(4, '0')}0001`);
    const layout = new Layout({ kind: 'psum', bits: 16, signed: true, radix: 'hex', lines: [{ axis: 'nij', start: 0, step: 1, count: 40 }], words: [{ axis: 'col', start: 1, step: -1, count: 2 }], fixed: {}, separator: '', trailing: '', header: [], eol: '\n' });
    const ranges = { nij: { start: 0, count: 40 }, col: { start: 0, count: 2 } };
    const facts = { name: 'golden', kind: 'psum', format: { bits: 16, signed: true }, ranges, orders: ordersFor('psum', ranges, [layout]) } as const;
    const short = `${whole.map((line, i) => (i >= 20 ? line.slice(0, 7) : line)).join('\n')}\n`;
    const dump = async (expected: Expected): Promise<Comparison> => compared(expected, await mapped(short, expected));
    const good = await dump(expectedFiles(facts, [await goldenOf(`${whole.join('\n')}\n`, layout)]));
    assert.deepEqual([good.malformed, good.differing, good.compared], [40, 40, 80]);
    const same = await dump(expectedFiles(facts, [await goldenOf(short, layout)]));
    assert.deepEqual([same.unreadable, same.compared], [40, 40]);
  });

  it('says of a map from which column on its words follow each other, one a line', () => {
    const nij: Loop = { axis: 'nij', start: 0, step: 1, count: 36 };
    const map = (col: Loop): string => describeMap(new Layout({ kind: 'psum', bits: 16, signed: true, radix: 'hex', lines: [nij, col], words: [], fixed: { kij: 4 }, separator: '', trailing: '', header: [], eol: '\n' }), { base: 1, strides: [8, 1] });
    assert.equal(map({ axis: 'col', start: 7, step: -1, count: 8 }), 'address = nij*8 + (7 - col) + 1; kij 4');
    assert.equal(map({ axis: 'col', start: 0, step: 1, count: 8 }), 'address = nij*8 + col + 1; kij 4');
  });

  it('nothing compared is no match, and the sentence says the first word that differs', async () => {
    const layer = layerOf({ ic: 4, oc: 4, side: 4, kernel: 2, size: 4, seed: 1 });
    const expected = tensorExpected(layer);
    const { words } = memoryOf(layer);
    words[5]![1] = known(words[5]![1]!.value + 12);
    const result = compared(expected, await mapped(FORMS[0]!.write(words, BITS), expected));
    assert.match(describeComparison('psum', result), new RegExp(`^psum: 1 of ${words.length * 4} words differ; first at icTile 0, ocTile 0, kij 0, nij 5, col 2: expected ${words[5]![1].value - 12}, got ${words[5]![1].value}\\.$`));
    const spot = result.first[0]?.got.spot;
    assert.deepEqual([spot?.line, spot?.column], [7, 17]);
    const doubtful = (compared: number, unreadable: number): string => verdictOf({ ...result, differing: 0, compared, unreadable });
    assert.deepEqual([doubtful(90, 10), doubtful(89, 11)], ['match', 'cannot-compare']);
    const nothing = { ...result, compared: 0, missing: 0, differing: 0 };
    assert.deepEqual([verdictOf(nothing), describeComparison('psum', nothing)], ['cannot-compare', 'psum: nothing was compared.']);
  });

  it('the pair for a diagnosis has both sides on ascending coordinates, and a window of large ones', async () => {
    const layer = layerOf({ ic: 4, oc: 4, side: 4, kernel: 2, size: 4, seed: 9 });
    const expected = tensorExpected(layer);
    const { words } = memoryOf(layer);
    words[40]![0] = allX(BITS);
    const dump = await mapped(FORMS[0]!.write(words, BITS), expected);
    const { pair, of } = pairOf(expected, dump);
    assert.equal(of, undefined);
    const names = ({ axis }: PairAxis): string => axis;
    assert.deepEqual([pair.entryAxes.map(names), pair.wordAxes.map(names)], [['icTile', 'ocTile', 'kij', 'nij'], ['col']]);
    for (const [entry, line] of words.entries()) {
      for (const [i, { value }] of line.entries()) {
        const at = entry * 4 + 3 - i;
        assert.equal(pair.expected[at], entry === 40 && i === 0 ? layer.psumTile(0, 0)[(3 * 16 + (40 % 16)) * 4 + 2] : value);
        assert.deepEqual([pair.state[at], pair.dump.entryOf[entry], pair.found[at]], [entry === 40 && i === 0 ? 2 : 0, entry, entry === 40 && i === 0 ? 0 : value]);
        assert.deepEqual([pair.dump.count, pair.dump.expected], [words.length, words.length]);
      }
    }
    const window = pairOf(expected, dump, 40, 100);
    assert.equal(window.of, words.length * 4);
    assert.ok(window.pair.expected.length <= 100);
    assert.deepEqual(window.pair.entryAxes.map(({ coordinates }) => coordinates[0]), [0, 0, 2, 0]);
    assert.equal(window.pair.state[8 * 4 + 3], 2);
    // Right words stand before the first that differs
    assert.deepEqual(pairOf(expected, dump, 37, 32).pair.entryAxes.map(({ coordinates }) => [coordinates[0], coordinates.length]), [[0, 1], [0, 1], [2, 1], [3, 8]]);
    // A window says nothing of the length of a dump
    assert.deepEqual([pair.part, window.pair.part], [undefined, { first: 32, of: words.length }]);
    assert.deepEqual([window.pair.dump.count, window.pair.dump.expected, window.pair.dump.entryOf[0]], [words.length, words.length, 32]);
  });

  it('maps that do not work are refused with what to do', async () => {
    const layer = layerOf({ ic: 4, oc: 4, side: 4, kernel: 2, size: 4, seed: 9 });
    const expected = tensorExpected(layer);
    const text = FORMS[0]!.write(memoryOf(layer).words, BITS);
    const refused = async (map: MapSpec, pattern: RegExp): Promise<void> => {
      await assert.rejects(() => mapped(text, expected, map), (error: unknown) => error instanceof Problem && error.code === 'check-map' && pattern.test(error.format()));
    };
    await refused({ lines: ['row'] }, /the loop "row"\. Next: Use an axis of psum/);
    await refused({ lines: ['nij'] }, /leaves out kij, of which 4 values are expected/);
    await refused({ lines: ['kij', 'nij'], strides: [16] }, /1 strides for 2 loops/);
    await refused({ lines: ['kij/3', 'nij'] }, /splits 4 values of kij into parts of 3/);
    assert.throws(() => parseMap('kij*'), /has the part "kij\*"/);
    assert.throws(() => parseMap('a:b:c'), /more than one colon/);
    await assert.rejects(() => mapped('hello world\n', expected), (error: unknown) => error instanceof Problem && error.code === 'check-form');
  });
});
