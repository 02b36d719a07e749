import assert from 'node:assert/strict';
import fc from 'fast-check';
import { WORD_STATES } from '../../../src/vectors/dump/entries';
import { KEYS, commandOf } from '../../../webview/keys';
import type { Matrix } from '../../../webview/export/matrix';
import { matrixOf } from '../../../webview/export/matrices';
import { csvOf, numpyOf } from '../../../webview/export/matrix';
import { bytes, fixed, grouped, percent } from '../../../webview/format';
import { dumpText, largestDifference, sided, sideNote } from '../../../webview/models/dumped';
import { conv } from '../../../src/engine/conv';
import { mapLayer } from '../../../src/engine/tiling';
import type { LayerInfo } from '../../../src/protocol/inspect';
import type { GridModel } from '../../../webview/grid/gridModel';
import type { Side } from '../../../src/protocol/panel';
import type { PANELS } from '../../../webview/state/state';

const matrix = (values: readonly (readonly (number | undefined)[])[]): Matrix => ({ title: 'a\nb', corner: 'nij', rows: values.map((_, i) => `${i} (0,${i})`), cols: values[0]!.map((_, i) => `c${i}`), at: (row, col) => values[row]?.[col] });

describe('webview: exports', () => {
  it('are read back as they were', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }).chain((cols) => fc.array(fc.array(fc.option(fc.integer(), { nil: undefined }), { minLength: cols, maxLength: cols }), { minLength: 1, maxLength: 6 })), (values) => {
        const lines = csvOf(matrix(values)).split('\r\n');
        assert.equal(lines.pop(), '');
        const read = lines.slice(1).map((line) => line.replace(/^"[^"]*",|^[^,]*,/, '').split(',').map((text) => (text === 'x' ? undefined : Number(text))));
        assert.deepEqual(read, values);
        const [, list] = /np\.array\((\[[^]*\]), dtype/.exec(numpyOf(matrix(values)))!;
        const parsed = JSON.parse(list!.replaceAll('np.nan', 'null').replaceAll(/,(\s*\])/g, '$1')) as (number | null)[][];
        assert.deepEqual(parsed, values.map((line) => line.map((value) => value ?? null)));
        assert.equal(/float64/.test(numpyOf(matrix(values))), values.flat().includes(undefined));
      }),
      { seed: 8 },
    );
  });

  it('hold every value that is computed, whatever the dump has there', () => {
    const dump = { values: Int32Array.of(12, 0, 0), states: Uint8Array.of(WORD_STATES.known, WORD_STATES.unknownBits, WORD_STATES.missing) };
    const model = (side: Side): GridModel => ({ rows: 1, cols: 4, label: 'l', rowLabel: String, colLabel: String, largest: 1, gutters: { left: 0, top: 0 }, fit: { least: 1, width: 1, height: 1 }, cell: (_, col) => (col < 3 ? sided(7 + col, dump, col, side) : { value: 5, unknown: true }) });
    assert.equal(csvOf(matrixOf(model('golden'), 'nij')), 'nij,0,1,2,3\r\n0,7,8,9,5\r\n');
    assert.equal(csvOf(matrixOf(model('difference'), 'nij')), 'nij,0,1,2,3\r\n0,5,x,x,5\r\n');
    assert.doesNotMatch(numpyOf(matrixOf(model('golden'), 'nij')), /nan/);
  });

  it('quote what has to be, and are no formulas', () => {
    const csv = csvOf({ ...matrix([[1]]), corner: '=1+1', rows: ['a "b", c'] });
    assert.equal(csv, `'=1+1,c0\r\n"a ""b"", c",1\r\n`);
    assert.match(numpyOf(matrix([[1]])), /^# a b\nnp\.array/);
  });
});

describe('webview: sides of a value', () => {
  const dump = { values: Int32Array.of(12, 5, 0, 0, 0), states: Uint8Array.of(WORD_STATES.known, WORD_STATES.known, WORD_STATES.unknownBits, WORD_STATES.unwritten, WORD_STATES.missing) };
  it('are the computed one, the dumped one, or the difference', () => {
    assert.deepEqual(sided(12, dump, 0, 'dump'), { value: 12 });
    assert.deepEqual(sided(-4, dump, 1, 'golden'), { value: -4, mismatch: true });
    assert.deepEqual(sided(-4, dump, 1, 'dump'), { value: 5, mismatch: true });
    assert.deepEqual(sided(-4, dump, 1, 'difference'), { value: 9, mismatch: true });
    assert.deepEqual(sided(3, dump, 2, 'difference'), { unknown: true, text: 'x' });
    assert.deepEqual([2, 3, 4].map((at) => sided(3, dump, at, 'golden')), [{ value: 3 }, { value: 3 }, { value: 3 }]);
    assert.deepEqual(sided(3, undefined, 0, 'dump'), { value: 3 });
    assert.deepEqual([0, 2, 3, 4].map((at) => dumpText(dump, at, String)), ['dump 12', 'dump x', 'never written in the dump', 'not in the dump']);
    assert.equal(dumpText(undefined, 0, String), undefined);
  });

  it('a heading says which side it shows, and that a dump of another kind shows none', () => {
    const dump = { name: 'd', kind: 'out', verdict: 'match', what: '', differing: 0, total: 1 } as const;
    assert.equal(sideNote({ side: 'golden', dump }, 'out'), '');
    assert.equal(sideNote({ side: 'dump' }, 'psum'), '');
    assert.equal(sideNote({ side: 'dump', dump }, 'out'), ' of the dump');
    assert.equal(sideNote({ side: 'difference', dump }, 'out'), ', dump − golden');
    assert.equal(sideNote({ side: 'difference', dump }, 'psum'), ' (golden: the dump holds outputs)');
  });

  it('what differs is what the comparison says, whatever stands there', () => {
    const states = [WORD_STATES.known, WORD_STATES.known, WORD_STATES.unknownBits, WORD_STATES.malformed, WORD_STATES.missing];
    const compared = { values: Int32Array.of(7, 3, 0, 0, 0), states: Uint8Array.from(states), differs: Uint8Array.of(0, 1, 1, 1, 0) };
    // Compared with a golden file that says something else than the arithmetic: equal is not the same as computed
    assert.deepEqual(sided(3, compared, 0, 'dump'), { value: 7 });
    assert.deepEqual(sided(3, compared, 1, 'dump'), { value: 3, mismatch: true });
    assert.deepEqual(sided(3, compared, 2, 'golden'), { value: 3, mismatch: true });
    assert.deepEqual(sided(3, compared, 3, 'dump'), { text: '?', unknown: true, mismatch: true });
    // A log tells of some words only
    assert.deepEqual(sided(3, compared, 4, 'dump'), { text: '–', unknown: true });
    assert.equal(dumpText(compared, 3, String), 'no number in the dump');
  });

  it('the scale of differences is that of the largest among words that are known', () => {
    assert.equal(largestDifference({ values: Int32Array.of(10, -7, 0), states: Uint8Array.of(0, 0, WORD_STATES.unknownBits) }, (index) => [12, -12, 900][index]!), 5);
    assert.equal(largestDifference({ values: new Int32Array(2), states: new Uint8Array(2) }, () => 0), 1);
  });
});

describe('webview: numbers as text', () => {
  it('have a true minus, groups and units', () => {
    assert.deepEqual([fixed(-4, 4), grouped(-1234567), percent(0.4234), bytes(12), bytes(8 * 1536), bytes(8)], ['  −4', '−1\u202f234\u202f567', '42.3 %', '1.5 B', '1.5 KiB', '1 B']);
  });
});

describe('webview: keys', () => {
  const mapping = mapLayer(conv({ inChannels: 20, outChannels: 20, height: 4, width: 5, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } }), { rows: 8, cols: 8 });
  const layer = { ...mapping, name: '' } as unknown as LayerInfo;
  const selection = { icTile: 2, ocTile: 0, kij: 4, nij: 8, row: 3, col: 7, oNij: 0 };
  const press = (key: string, panel: (typeof PANELS)[number] = 'psums', modified = false) => commandOf({ key, shift: false, modified }, panel, layer, selection);

  it('move in the matrix that has the focus', () => {
    const change = (key: string, panel: (typeof PANELS)[number]): unknown => {
      const command = press(key, panel);
      return command?.type === 'select' ? command.change : command;
    };
    assert.deepEqual(change('ArrowDown', 'psums'), { nij: 9, col: 7 });
    assert.deepEqual(change('ArrowRight', 'psums'), { nij: 8, col: 7 });
    assert.deepEqual(change('ArrowUp', 'weights'), { row: 2, col: 7 });
    assert.deepEqual(change('ArrowDown', 'activations'), { nij: 15 });
    assert.deepEqual(change('End', 'outputs'), { oNij: 4 });
    assert.deepEqual(change('Home', 'array'), { row: 3, col: 0 });
    assert.deepEqual(change('}', 'psums'), { icTile: 0, ocTile: 1 });
    assert.deepEqual(change(']', 'psums'), { kij: 5 });
  });

  it('leave those of browser and editor alone, and all that are listed do something', () => {
    assert.equal(press('n', 'psums', true), undefined);
    assert.equal(press('q'), undefined);
    const listed = KEYS.flatMap(([keys]) => keys.replace('Page Up, Page Down', 'PageUp PageDown').split(/[ ]+/)).map((key) => ({ '←': 'ArrowLeft', '↑': 'ArrowUp', '→': 'ArrowRight', '↓': 'ArrowDown', Space: ' ', '−': '-' })[key] ?? key);
    for (const key of listed) assert.ok(press(key) !== undefined, key);
  });
});
