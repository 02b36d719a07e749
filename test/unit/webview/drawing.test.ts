import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contrast, css, mix, parseColor, textOn } from '../../../webview/draw/color';
import { heat, paletteFrom } from '../../../webview/draw/palette';
import type { HatchItem } from '../../../webview/draw/scene';
import { hatchLines } from '../../../webview/draw/scene';
import { svgOf } from '../../../webview/draw/svg';
import type { GridModel, Viewport } from '../../../webview/grid/gridModel';
import { cellAt, cellSize, shownIn } from '../../../webview/grid/gridModel';
import { gridScene, wholeViewport } from '../../../webview/grid/gridScene';

const palette = paletteFrom(() => '');
const grid = (rows: number, cols: number, more: Partial<GridModel> = {}): GridModel => ({ rows, cols, label: 'l', cell: (row, col) => ({ value: row - col }), rowLabel: String, colLabel: String, largest: 9, gutters: { left: 30, top: 16 }, fit: { least: 3, width: 40, height: 20 }, ...more });

describe('webview: colours', () => {
  it('reads what themes hold', () => {
    assert.deepEqual(parseColor('#1f1f1f'), [31, 31, 31]);
    assert.deepEqual(parseColor(' #fff '), [255, 255, 255]);
    assert.deepEqual(parseColor('#ff000080', [0, 0, 0]), [128, 0, 0]);
    assert.deepEqual(parseColor('rgba(255, 255, 255, 0.5)', [0, 0, 0]), [128, 128, 128]);
    assert.deepEqual(parseColor('rgb(1 2 3 / 100%)'), [1, 2, 3]);
    for (const no of ['', 'red', '#12', '#12345', 'rgb(1, 2)', 'var(--x)']) assert.equal(parseColor(no), undefined, no);
  });

  it('grow with the magnitude, to blue and to orange, and are the same for no other reason', () => {
    const distance = (value: number): number => Math.abs(parseColor(heat(palette, value, 100).fill)![0] - palette.scale.zero[0]) + Math.abs(parseColor(heat(palette, value, 100).fill)![2] - palette.scale.zero[2]);
    for (const sign of [-1, 1]) for (let magnitude = 0; magnitude < 100; magnitude += 5) assert.ok(distance(sign * (magnitude + 5)) > distance(sign * magnitude));
    assert.equal(heat(palette, 0, 100).fill, css(palette.scale.zero));
    assert.equal(heat(palette, -500, 100).fill, css(palette.scale.negative));
  });

  it('give text that can be read on any of them', () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(part, part, part), (color) => {
        assert.ok(contrast(color, parseColor(textOn(color))!) >= 4.5);
        assert.deepEqual(mix(color, [0, 0, 0], 0), color);
      }),
      { seed: 6 },
    );
  });
});

describe('webview: matrices', () => {
  it('find under a point the cell that was drawn there', () => {
    const space = fc.record({ width: fc.integer({ min: 80, max: 900 }), height: fc.integer({ min: 80, max: 700 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), fc.integer({ min: 1, max: 512 }), space, fc.option(fc.integer({ min: 2, max: 64 }), { nil: undefined }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, cols, room, zoom, share) => {
        const model = grid(rows, cols);
        const size = cellSize(model, room, zoom);
        const viewport: Viewport = { ...room, ...size, left: 0, top: Math.floor(share * Math.max(0, rows * size.cellHeight - room.height + 16)) };
        const { rowFrom, rowTo, colFrom, colTo } = shownIn(model, viewport);
        assert.ok(rowTo > rowFrom && colTo > colFrom && rowTo <= rows && colTo <= cols);
        assert.ok((rowTo - rowFrom) * size.cellHeight <= room.height + 2 * size.cellHeight);
        const row = Math.min(rowTo - 1, rowFrom + 1);
        const [x, y] = [30 + colFrom * size.cellWidth + size.cellWidth / 2, 16 + row * size.cellHeight - viewport.top + size.cellHeight / 2];
        if (y < room.height && x < room.width) assert.deepEqual(cellAt(model, viewport, x, y), { row, col: colFrom });
        assert.equal(cellAt(model, viewport, 5, y), undefined);
      }),
      { seed: 7 },
    );
  });

  it('draw only what is seen of a large one', () => {
    let asked = 0;
    const model = grid(51_076, 64, {
      cell: () => {
        asked++;
        return { value: 1 };
      },
    });
    gridScene(model, { width: 500, height: 600, left: 0, top: 400_000, cellWidth: 20, cellHeight: 10 }, palette);
    assert.ok(asked > 0 && asked <= 61 * 25, String(asked));
  });

  it('leave most of a mismatching cell to its value and colour, at every zoom', () => {
    for (let side = 2; side <= 64; side++) {
      const { items } = gridScene(grid(1, 1, { cell: () => ({ value: 4, mismatch: true }), gutters: { left: 0, top: 0 } }), { width: side, height: side, left: 0, top: 0, cellWidth: side, cellHeight: side }, palette);
      const marks = items.flatMap((item) => (item.type === 'clip' ? item.items : [])).filter((item) => item.type === 'rect' && (item.stroke === palette.error || item.fill === palette.error));
      assert.equal(marks.length, 1);
      const [mark] = marks;
      assert.ok(mark?.type === 'rect');
      const width = mark.lineWidth ?? 1;
      const covered = mark.stroke === undefined ? mark.w * mark.h : mark.w * mark.h - (mark.w - 2 * width) * (mark.h - 2 * width);
      assert.ok(covered <= (3 / 4) * side * side && width === 1, `${covered} of ${side * side}`);
    }
  });

  it('mark mismatches by a border, unknown words by hatching, and padding by its foot', () => {
    const items = (cell: ReturnType<GridModel['cell']>): string => JSON.stringify(gridScene(grid(1, 1, { cell: () => cell }), wholeViewport(grid(1, 1), { cellWidth: 30, cellHeight: 20 }), palette).items[0]);
    assert.match(items({ value: 4, mismatch: true }), new RegExp(`"stroke":"${palette.error.replaceAll(/[()]/g, '\\$&')}"`));
    assert.match(items({ unknown: true, text: 'x' }), /"type":"hatch".*|"text":"x"/);
    assert.match(items({ value: 0, padding: true }), /"dashed":true/);
    assert.doesNotMatch(items({ value: 4 }), /"stroke"|hatch|dashed/);
  });

  it('hatch inside their rectangle', () => {
    const item: HatchItem = { type: 'hatch', x: 3, y: 40, w: 20, h: 9, stroke: 'red' };
    const points = hatchLines(item).flat();
    assert.ok(points.length > 0);
    points.forEach((value, i) => {
      assert.ok(i % 2 === 0 ? value >= 3 && value <= 23 : value >= 40 && value <= 49);
    });
  });
});

describe('webview: SVG', () => {
  it('escapes every text', () => {
    const svg = svgOf({ width: 10, height: 10, background: '"><script>', font: "'a'", items: [{ type: 'clip', x: 0, y: 0, w: 5, h: 5, items: [{ type: 'text', x: 1, y: 1, text: '<b>&\u0000"', fill: '#fff', size: 9, align: 'left' }] }] });
    assert.doesNotMatch(svg, /<script|<b>|\0/);
    assert.match(svg, /&lt;b&gt;&amp;&quot;/);
  });
});
