import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Problem } from '../../../src/engine/problem';
import type { Axis, Coordinates } from '../../../src/vectors/axis';
import { decode, encode, scatter } from '../../../src/vectors/codec';
import type { LayoutSpec, Loop, Radix } from '../../../src/vectors/layout';
import { Layout, RADIXES } from '../../../src/vectors/layout';
import type { TensorSource } from '../../../src/vectors/tensor';
import { denseStrides } from '../../../src/vectors/tensor';

/** Splits an axis of `count` values into one or two loops, in any direction. */
function anyLoops(axis: Axis, count: number): fc.Arbitrary<Loop[]> {
  const divisors = Array.from({ length: count }, (_, i) => i + 1).filter((size) => count % size === 0);
  const turned = (loop: Loop, down: boolean): Loop => (down ? { ...loop, start: loop.start + loop.step * (loop.count - 1), step: -loop.step } : loop);
  return fc.record({ size: fc.constantFrom(...divisors), down: fc.tuple(fc.boolean(), fc.boolean()), swap: fc.boolean() }).map(({ size, down, swap }) => {
    const inside = turned({ axis, start: 0, step: 1, count: size }, down[0]);
    const blocks = turned({ axis, start: 0, step: size, count: count / size }, down[1]);
    return swap ? [inside, blocks] : [blocks, inside];
  });
}

const anyLayout = fc
  .record({ row: fc.integer({ min: 1, max: 12 }), nij: fc.integer({ min: 1, max: 12 }), icTile: fc.integer({ min: 1, max: 3 }) })
  .chain((counts) =>
    fc
      .record({
        loops: fc.tuple(anyLoops('row', counts.row), anyLoops('nij', counts.nij)).chain(([row, nij]) => fc.shuffledSubarray([...row, ...nij], { minLength: 4, maxLength: 4 })),
        cut: fc.integer({ min: 0, max: 4 }),
        bits: fc.integer({ min: 1, max: 20 }),
        signed: fc.boolean(),
        radix: fc.constantFrom<Radix>(...RADIXES),
        separator: fc.constantFrom('', ' ', '_'),
        trailing: fc.constantFrom('', ' '),
        header: fc.constantFrom<string[]>([], ['#a#'], ['# 8 × 8', '//', '']),
        eol: fc.constantFrom<'\n' | '\r\n'>('\n', '\r\n'),
        fixed: fc.integer({ min: 0, max: counts.icTile - 1 }),
        wider: fc.integer({ min: 0, max: 3 }),
      })
      .map(({ loops, cut, bits, signed, wider, ...rest }) => {
        const spec: LayoutSpec = { kind: 'activation', ...rest, bits: Math.max(bits, signed ? 2 : 1), signed, lines: loops.slice(0, cut), words: loops.slice(cut), fixed: { icTile: rest.fixed } };
        const layout = new Layout(spec);
        return { counts, layout: wider === 0 ? layout : new Layout({ ...spec, width: layout.wordWidth + wider }) };
      }),
  );

function tensor(counts: { icTile: number; nij: number; row: number }, layout: Layout): { data: Int32Array; source: TensorSource } {
  const { min, max } = layout.range;
  const data = Int32Array.from({ length: counts.icTile * counts.nij * counts.row }, (_, i) => min + ((i * 7919 + (i >> 3)) % (max - min + 1)));
  return { data, source: { strides: denseStrides([['icTile', counts.icTile], ['nij', counts.nij], ['row', counts.row]]), block: () => data } };
}

describe('Layout', () => {
  it('position and coordinates are each other\'s inverse, and every value has one place', () => {
    fc.assert(
      fc.property(anyLayout, ({ counts, layout }) => {
        const places = new Set<string>();
        for (let row = 0; row < counts.row; row++) {
          for (let nij = 0; nij < counts.nij; nij++) {
            const coordinates: Coordinates = { icTile: layout.spec.fixed.icTile ?? 0, row, nij };
            const at = layout.position(coordinates);
            assert.ok(at);
            assert.deepEqual(layout.coordinates(at.line, at.word), coordinates);
            places.add(`${at.line} ${at.word}`);
          }
        }
        assert.equal(places.size, layout.lineCount * layout.wordsPerLine);
        assert.equal(layout.position({ icTile: layout.spec.fixed.icTile ?? 0, row: counts.row, nij: 0 }), undefined);
        assert.equal(layout.position({ icTile: (layout.spec.fixed.icTile ?? 0) + 1, row: 0, nij: 0 }), undefined);
        assert.equal(layout.position({ row: 0 }), undefined);
      }),
    );
  });

  it('what is written reads back to the same tensor, in every radix, order and separator', () => {
    fc.assert(
      fc.property(anyLayout, ({ counts, layout }) => {
        const { data, source } = tensor(counts, layout);
        const text = encode(layout, source);
        const back = { ...source, block: () => copy };
        const copy = new Int32Array(data.length);
        scatter(layout, decode(layout, text), back);
        const tile = layout.spec.fixed.icTile ?? 0;
        const size = counts.nij * counts.row;
        assert.deepEqual(copy.subarray(tile * size, (tile + 1) * size), data.subarray(tile * size, (tile + 1) * size));
      }),
    );
  });

  it('line and column of a word are arithmetic', () => {
    fc.assert(
      fc.property(anyLayout, ({ counts, layout }) => {
        const { source } = tensor(counts, layout);
        const lines = Buffer.from(encode(layout, source)).toString('utf8').split(layout.spec.eol).slice(layout.spec.header.length);
        assert.equal(lines.length, layout.lineCount + 1);
        const line = lines[layout.lineCount - 1] ?? '';
        assert.equal(line.length, layout.lineWidth);
        for (let word = 0; word < layout.wordsPerLine; word++) {
          assert.equal(layout.wordAt(layout.column(word)), word);
          assert.equal(layout.wordAt(layout.column(word) + layout.wordWidth - 1), word);
        }
        assert.equal(layout.wordAt(layout.lineWidth), undefined);
        assert.equal(layout.wordAt(-1), undefined);
      }),
    );
  });

  const eight: LayoutSpec = { kind: 'psum', bits: 16, signed: true, radix: 'binary', lines: [{ axis: 'nij', start: 0, step: 1, count: 2 }], words: [{ axis: 'col', start: 1, step: -1, count: 2 }], fixed: {}, separator: '', trailing: '', header: ['#h#'], eol: '\n' };
  const values = Int32Array.of(-1, 2, 300, -32768);
  const source: TensorSource = { strides: { nij: 2, col: 1 }, block: () => values };

  it('writes two\'s complement, most significant bit first, words descending', () => {
    assert.equal(Buffer.from(encode(new Layout(eight), source)).toString(), '#h#\n00000000000000101111111111111111\n10000000000000000000000100101100\n');
    assert.equal(Buffer.from(encode(new Layout({ ...eight, radix: 'hex', separator: ' ' }), source)).toString(), '#h#\n0002 ffff\n8000 012c\n');
    assert.equal(Buffer.from(encode(new Layout({ ...eight, radix: 'decimal', separator: ' ', trailing: ' ' }), source)).toString(), '#h#\n     2     -1 \n-32768    300 \n');
  });

  it('a value that does not fit is an error with its coordinates, never a cut word', () => {
    assert.throws(() => encode(new Layout({ ...eight, bits: 15 }), source), (error) => error instanceof Problem && error.code === 'code-range' && error.what.includes('psum -32768 at col 1 · nij 1 does not fit 15 signed bits'));
    assert.throws(() => encode(new Layout({ ...eight, signed: false }), source), /psum -1 at col 0 · nij 0 does not fit 16 unsigned bits/);
  });

  const bad: [string, string, number, number][] = [
    ['a wrong header', '#x#\n', 1, 2],
    ['a short word', '#h#\n0000000000000010111111111111111\n', 2, 32],
    ['a strange digit', '#h#\n000000000000001x1111111111111111\n', 2, 16],
    ['a long line', '#h#\n000000000000001011111111111111110\n', 2, 33],
    ['a missing line', '#h#\n00000000000000101111111111111111\n', 3, 1],
    ['text behind the end', `#h#\n${'0'.repeat(32)}\n${'0'.repeat(32)}\n\n`, 4, 1],
  ];
  for (const [what, text, line, column] of bad) {
    it(`reading names line and column of ${what}`, () => {
      assert.throws(() => decode(new Layout(eight), Buffer.from(text)), (error) => {
        assert.ok(error instanceof Problem && error.code === 'text-format', String(error));
        assert.deepEqual([error.place.line, error.place.column], [line, column]);
        return true;
      });
    });
  }

  it('refuses loops that reach a value twice, and axes both fixed and enumerated', () => {
    const loop = { axis: 'col', start: 0, step: 1, count: 4 } as const;
    assert.throws(() => new Layout({ ...eight, words: [loop, { ...loop, step: 3 }] }), /reach some values twice/);
    assert.throws(() => new Layout({ ...eight, fixed: { col: 1 } }), /cannot both enumerate col/);
    assert.throws(() => new Layout(eight).coordinates(2, 0), RangeError);
    assert.throws(() => new Layout(eight).coordinates(0, -1), RangeError);
  });
});
