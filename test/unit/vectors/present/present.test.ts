import assert from 'node:assert/strict';
import type { LayoutSpec } from '../../../../src/vectors/layout';
import { Layout } from '../../../../src/vectors/layout';
import { blocksOf } from '../../../../src/vectors/present/blocks';
import { completeCoordinates, parseCoordinates } from '../../../../src/vectors/present/goTo';
import { GoldenSet } from '../../../../src/vectors/present/goldenSet';
import type { Member } from '../../../../src/vectors/present/goldenSet';
import { contributionsOf, productsOf } from '../../../../src/vectors/present/formula';
import { factor, groupedBits, hex, signed, unsigned } from '../../../../src/vectors/present/numbers';
import { inputPixel, isPadding, pixelsOf } from '../../../../src/vectors/present/pixels';
import { placeNotes, placeText } from '../../../../src/vectors/present/place';
import { listFiles } from '../../../../src/vectors/present/setMembers';
import { layoutSummary } from '../../../../src/vectors/present/summary';
import { tintOf } from '../../../../src/vectors/present/tint';
import { columnsOf, legend, valueLine } from '../../../../src/vectors/present/valueLine';
import { FileReading } from '../../../../src/vectors/reading';
import { textShape } from '../../../../src/vectors/textShape';

const loop = (axis: LayoutSpec['lines'][number]['axis'], count: number, start = 0, step = 1) => ({ axis, start, step, count });
const down = (axis: LayoutSpec['lines'][number]['axis'], count: number) => loop(axis, count, count - 1, -1);
const spec = (over: Partial<LayoutSpec>): LayoutSpec => ({ kind: 'psum', bits: 4, signed: true, radix: 'binary', lines: [], words: [], fixed: {}, separator: '', trailing: '', header: [], eol: '\n', ...over });
const bits = (value: number, width: number): string => (value & (2 ** width - 1)).toString(2).padStart(width, '0');

/** A file of these values, `[line][word]`. */
function member(over: Partial<LayoutSpec>, values: readonly (readonly number[])[], more: Partial<Member> = {}): Member {
  const layout = new Layout(spec(over));
  const text = `${[...layout.spec.header, ...values.map((line) => line.map((value) => bits(value, layout.spec.bits)).join(''))].join('\n')}\n`;
  return { id: layout.spec.kind, name: layout.spec.kind, reading: new FileReading(textShape(text), layout), trusted: true, secondary: false, ...more };
}

/** 2x2 array, 3x3 kernel, 2x2 image with a ring of zeros: 16 nij, 4 outputs. */
function smallSet(): GoldenSet {
  const image = [5, 6, 9, 10];
  const activation = Array.from({ length: 16 }, (_, nij) => [0, 1].map((word) => (image.includes(nij) ? (nij + word) % 5 + 1 : 0)));
  const weight = Array.from({ length: 18 }, (_, line) => [0, 1].map((word) => ((line * 3 + word * 5) % 9) - 4));
  const a = (nij: number, row: number): number => activation[nij]![1 - row]!;
  const w = (kij: number, col: number, row: number): number => weight[kij * 2 + col]![1 - row]!;
  const psum = Array.from({ length: 9 * 16 }, (_, line) => [1, 0].map((col) => [0, 1].reduce((sum, row) => sum + a(line % 16, row) * w(Math.floor(line / 16), col, row), 0)));
  const raw = Array.from({ length: 4 }, (_, o) => [1, 0].map((col) => Array.from({ length: 9 }, (__, kij) => psum[kij * 16 + (Math.floor(o / 2) + Math.floor(kij / 3)) * 4 + (o % 2) + (kij % 3)]![1 - col]!).reduce((x, y) => x + y, 0)));
  return new GoldenSet([
    member({ kind: 'activation', signed: false, lines: [loop('nij', 16)], words: [down('row', 2)], fixed: { icTile: 0 } }, activation),
    member({ kind: 'weight', lines: [loop('kij', 9), loop('col', 2)], words: [down('row', 2)] }, weight),
    member({ kind: 'psum', bits: 16, lines: [loop('kij', 9), loop('nij', 16)], words: [down('col', 2)] }, psum),
    member({ kind: 'out', bits: 16, lines: [loop('o_nij', 4)], words: [down('col', 2)], fixed: { ocTile: 0 } }, raw, { name: 'out_raw', relu: false }),
    member({ kind: 'out', bits: 16, lines: [loop('o_nij', 4)], words: [down('col', 2)], fixed: { ocTile: 0 } }, raw.map((line) => line.map((value) => Math.max(0, value)))),
  ]);
}

describe('vectors: how golden files are shown', () => {
  it('numbers: true minus, bits in fours from the right, patterns without sign', () => {
    assert.equal(signed(-12), '−12');
    assert.equal(factor(-4), '(−4)');
    assert.equal(unsigned(-1, 4), 15);
    assert.equal(groupedBits(-12, 16), '1111 1111 1111 0100');
    assert.equal(groupedBits(5, 11), '000 0000 0101');
    assert.equal(groupedBits(-1, 53).replaceAll(/\D/g, '').length, 53);
    assert.equal(hex(-12, 16), 'fff4');
    assert.equal(hex(5, 11), '005');
  });

  it('summaries name words, order and header', () => {
    const layout = new Layout(spec({ kind: 'weight', lines: [loop('col', 8)], words: [down('row', 8)], header: ['#', '#', '#'] }));
    assert.equal(layoutSummary(layout), '8 x int4 · rows 7..0 · 3 header');
    assert.equal(layoutSummary(new Layout(spec({ kind: 'address', signed: false, bits: 11, lines: [loop('o_nij', 16), loop('kij', 9)] }))), '1 x uint11');
    assert.equal(layoutSummary(new Layout(spec({ words: [loop('row', 8, 14, -2)], lines: [loop('col', 8)], radix: 'hex' }))), '8 x int4 · rows 14..0 step 2 · hex');
  });

  it('pixels are given only when the files agree on them', () => {
    const set = smallSet();
    assert.deepEqual(set.pixels, { kernel: 3, padded: 4, out: 2, stride: 1, ring: 1 });
    assert.equal(isPadding(0, set.pixels), true);
    assert.equal(isPadding(5, set.pixels), false);
    assert.equal(inputPixel(3, 8, set.pixels), 15);
    // 64 of 324 input pixels and 64 of 256 outputs: no 8x8 images
    const part = [
      member({ kind: 'weight', lines: [loop('kij', 9), loop('col', 2)], words: [down('row', 2)] }, []),
      member({ kind: 'activation', lines: [loop('nij', 64)], words: [down('row', 2)] }, []),
      member({ kind: 'out', lines: [loop('o_nij', 64)], words: [down('col', 2)] }, []),
    ];
    assert.deepEqual(pixelsOf(part.map(({ reading }) => reading)), { kernel: 3 });
  });

  it('places: pairs, tiles and absolute channels', () => {
    const pixels = { kernel: 3, padded: 6, out: 4, stride: 1, ring: 1 };
    assert.equal(placeText({ icTile: 1, kij: 5, nij: 17, col: 3 }, pixels), 'kij 5 (1,2) · nij 17 (2,5) · col 3 · ic tile 1');
    assert.deepEqual(placeNotes('activation', { icTile: 1, nij: 17, row: 4 }, pixels, { rows: 8, cols: 8 }), ['padding pixel', 'ch 12']);
    assert.deepEqual(placeNotes('weight', { icTile: 1, ocTile: 2, row: 4, col: 3 }, pixels, { rows: 8, cols: 8 }), ['input ch 12', 'output ch 19']);
  });

  it('a psum is the sum of its products, an output that of its psums, for every word', () => {
    const set = smallSet();
    for (const kind of ['psum', 'out'] as const) {
      const { reading } = set.ofKind(kind)[0]!;
      for (const line of reading.shape.dataLines) {
        for (const word of reading.words(line)) {
          const coordinates = reading.coordinates(line, word.word)!;
          const made = kind === 'psum' ? productsOf(set, coordinates) : contributionsOf(set, coordinates);
          assert.equal(made?.sum, word.value, JSON.stringify(coordinates));
          assert.equal(made?.trusted, true);
        }
      }
    }
    const { terms } = productsOf(set, { kij: 4, nij: 5, col: 0 })!;
    assert.deepEqual(terms.map(({ activation, weight }) => activation * weight !== 0), terms.map(({ activation, weight }) => activation * weight !== 0).sort((a, b) => Number(b) - Number(a)));
    assert.equal(productsOf(new GoldenSet(set.ofKind('psum')), { kij: 4, nij: 5, col: 0 }), undefined);
  });

  it('outputs after ReLU find those before it', () => {
    const set = smallSet();
    const [raw, cut] = set.ofKind('out');
    assert.equal(set.rawOf(cut!), raw);
    assert.equal(set.rawOf(raw!), undefined);
  });

  it('values stand in columns, named on the first line, cut ones in parentheses', () => {
    const { reading } = member({ bits: 16, kind: 'out', lines: [loop('o_nij', 3)], words: [down('col', 2)], header: ['#a#'] }, [[5, -120], [0, 7], [1, 1]]);
    const columns = columnsOf(reading, {});
    const line = (at: number, named: boolean, side: 'left' | 'right' = 'right'): string => valueLine(reading, at, reading.words(at), { columns, pixels: {}, named, side, isCut: ({ value }) => value === 0 });
    assert.equal(line(1, true).replaceAll('\u00a0', ' '), 'o_nij 0  col1    5 −120 col0');
    assert.equal(line(2, false).replaceAll('\u00a0', ' '), 'o_nij 1        (0)    7');
    assert.equal(line(1, true, 'left').length, line(2, false, 'left').length);
    assert.equal(legend(reading), '2 x int16 · out · cols 1..0');
  });

  it('tints follow sign and magnitude; what is malformed or unknown has its own', () => {
    assert.deepEqual([-100, -30, -5, 0, 5, 30, 100].map((value) => tintOf({ value }, 100)), ['negativeStrong', 'negative', 'negativeWeak', 'zero', 'positiveWeak', 'positive', 'positiveStrong']);
    assert.equal(tintOf({ unknown: 'x' }, 100), 'unknown');
    assert.equal(tintOf({ value: 3, defect: 'wrong' }, 100), 'defect');
  });

  it('blocks are the outer loops, nested; a cut file has the blocks it reaches', () => {
    const { reading } = member({ lines: [loop('icTile', 2), loop('kij', 3), loop('nij', 4)], words: [down('col', 2)], header: ['#a#'] }, Array.from({ length: 14 }, () => [1, -1]));
    const blocks = blocksOf(reading, { kernel: 3 });
    assert.deepEqual(blocks.map(({ label, first, last }) => [label, first, last]), [['ic tile 0', 1, 12], ['ic tile 1', 13, 14]]);
    assert.deepEqual(blocks[0]!.children.map(({ label, first, last }) => [label, first, last]), [['kij 0 (0,0)', 1, 4], ['kij 1 (0,1)', 5, 8], ['kij 2 (0,2)', 9, 12]]);
    assert.deepEqual(blocksOf(member({ lines: [loop('nij', 4)], words: [down('col', 2)] }, [[1, 1]]).reading, {}), []);
  });

  it('coordinates as people type them', () => {
    const sides = { rows: 8, cols: 8 };
    for (const text of ['kij 4 nij 14 col 7', 'k4 t14 c7', 'kij=4, nij=14, col=7', 'KIJ 4 · n 14 · c 7']) assert.deepEqual(parseCoordinates(text, 'psum', sides), { coordinates: { kij: 4, nij: 14, col: 7 } }, text);
    assert.deepEqual(parseCoordinates('ch 12 ic tile 1', 'out', sides), { coordinates: { ocTile: 1, col: 4, icTile: 1 } });
    assert.match(JSON.stringify(parseCoordinates('foo 3', 'psum', sides)), /is no coordinate/);
    assert.match(JSON.stringify(parseCoordinates('kij', 'psum', sides)), /A number has to follow/);
    const layout = new Layout(spec({ lines: [loop('kij', 9), loop('nij', 4)], words: [down('col', 2)] }));
    assert.deepEqual(completeCoordinates(layout, { kij: 4 }, { kij: 0, nij: 0, col: 1 }), { coordinates: { kij: 4, nij: 0, col: 1 } });
    assert.deepEqual(completeCoordinates(layout, { kij: 12 }, {}), { problem: 'kij 12 is not in this file, which holds kij 0 to 8.' });
    assert.match(JSON.stringify(completeCoordinates(layout, { row: 1 }, {})), /have no row; they run over kij, nij, col/);
  });

  it('sets: kinds by name, gaps in kij and tiles', () => {
    const files = listFiles([0, 1, 3, 4].map((kij) => ({ name: `weight_itile0_otile1_kij${kij}.txt` })).concat({ name: 'activation.txt' }, { name: 'README.txt' }));
    assert.deepEqual([...files.keys()], ['activation', 'weight']);
    const weights = files.get('weight')!;
    assert.deepEqual(weights.filter(({ missing }) => missing).map(({ name }) => name), ['weight_itile0_otile1_kij2.txt']);
    const plain = listFiles([0, 1, 3, 4].map((kij) => ({ name: `weight_kij${kij}.txt` })));
    assert.deepEqual(plain.get('weight')!.filter(({ missing }) => missing).map(({ name }) => name), ['weight_kij2.txt']);
  });
});
