import { signed } from '../../src/vectors/present/numbers';
import type { FlowFigures, PixelData, PsumFigures, WidthFigures } from '../../src/protocol/inspect';
import { grouped } from '../format';
import { css, mix } from './color';
import type { Palette } from './palette';
import { heat } from './palette';
import type { Item, Scene } from './scene';

interface Size {
  readonly width: number;
  readonly height: number;
}

const label = (x: number, y: number, text: string, palette: Palette, align: 'left' | 'center' | 'right' = 'left', strong = false): Item => ({ type: 'text', x, y, text, fill: strong ? palette.foreground : palette.muted, size: 10, align, bold: strong });

function scene({ width, height }: Size, palette: Palette, items: readonly Item[]): Scene {
  return { width, height, background: palette.background, font: palette.font, items };
}

/** Counts of psums by value, with the least and the greatest under it. Bars grow with the root of the count. */
export function histogramScene({ range, histogram, count }: PsumFigures, size: Size, palette: Palette): Scene {
  const bottom = size.height - 14;
  const bar = size.width / Math.max(1, histogram.counts.length);
  const most = Math.max(1, ...histogram.counts);
  const largest = Math.max(1, -range.min, range.max);
  const bars = histogram.counts.map((of, i): Item => {
    const h = of === 0 ? 0 : Math.max(1, Math.sqrt(of / most) * (bottom - 4));
    return { type: 'rect', x: i * bar, y: bottom - h, w: Math.max(1, bar - 1), h, fill: heat(palette, Math.round(range.min + (i + 0.5) * histogram.step), largest).fill, ...(bar >= 4 && h >= 3 && { stroke: palette.border }) };
  });
  const base: Item = { type: 'path', points: [0, bottom, size.width, bottom], stroke: palette.border };
  const ends = count === 0 ? [] : [label(0, size.height - 6, signed(range.min), palette), label(size.width, size.height - 6, signed(range.max), palette, 'right')];
  return scene(size, palette, [...bars, base, ...ends]);
}

/** The SFP's register term after term; `added` terms are drawn strong. */
export function runningSumScene({ sums, terms, raw, out }: PixelData, added: number, size: Size, palette: Palette): Scene {
  const [least, most] = [Math.min(0, ...sums), Math.max(1, ...sums)];
  const [left, right, top, bottom] = [4, size.width - 46, 8, size.height - 8];
  const x = (term: number): number => left + ((term + 1) / Math.max(1, terms.length)) * (right - left);
  const y = (sum: number): number => bottom - ((sum - least) / (most - least)) * (bottom - top);
  const line = (upTo: number): number[] => [left, y(0), ...Array.from(sums.subarray(0, upTo)).flatMap((sum, i) => [x(i), y(i === 0 ? 0 : sums[i - 1]!), x(i), y(sum)])];
  const reached = added === 0 ? 0 : sums[added - 1]!;
  const end = added === 0 ? left : x(added - 1);
  return scene(size, palette, [
    { type: 'path', points: [left, y(0), right, y(0)], stroke: palette.border, dashed: true },
    { type: 'path', points: line(sums.length), stroke: palette.border, lineWidth: 1 },
    { type: 'path', points: line(added), stroke: palette.foreground, lineWidth: 2 },
    { type: 'rect', x: end - 3, y: y(reached) - 3, w: 6, h: 6, fill: palette.foreground },
    label(right + 6, y(reached), signed(reached), palette, 'left', true),
    ...(added === terms.length && out !== raw ? [{ type: 'path', points: [end, y(reached), end + 3, y(out)], stroke: palette.accent, lineWidth: 2, dashed: true } as const, label(right + 6, y(out), signed(out), palette, 'left')] : []),
  ]);
}

/** Cycles of each dataflow by phase, on one scale. */
export function phasesScene(flows: readonly FlowFigures[], size: Size, palette: Palette): Scene {
  const most = Math.max(1, ...flows.map(({ cycles }) => cycles));
  const rowHeight = size.height / Math.max(1, flows.length);
  const items = flows.flatMap(({ dataflow, phases, cycles }, row) => {
    let x = 0;
    const y = row * rowHeight;
    const parts = phases.flatMap(({ phase, cycles: of }, i): Item[] => {
      const w = (of / most) * size.width;
      const from = x;
      x += w;
      const shade = phase === 'stream' ? palette.scale.positive : mix(palette.scale.zero, palette.scale.negative, 0.25 + 0.25 * (i % 3));
      return [{ type: 'rect', x: from, y: y + 16, w: Math.max(1, w - 1), h: 18, fill: css(shade), stroke: palette.border }];
    });
    const names = phases.map(({ phase, cycles: of }) => `${phase} ${grouped(of)}`).join(' · ');
    return [label(0, y + 8, `${dataflow} · ${grouped(cycles)} cycles`, palette, 'left', true), ...parts, label(0, y + 43, names, palette)];
  });
  return scene(size, palette, items);
}

/** For each width the share of psums and outputs that it cuts. */
export function sweepScene({ points, psums, outputs, least }: WidthFigures, held: number, size: Size, palette: Palette): Scene {
  const [left, bottom] = [34, size.height - 30];
  const shown = points.filter(({ bits }) => bits <= Math.max(least.psum, least.out, held) + 2);
  const step = (size.width - left) / Math.max(1, shown.length);
  const bar = Math.max(1, Math.min(14, step / 2 - 2));
  const height = (share: number): number => (share === 0 ? 0 : Math.max(2, share * (bottom - 6)));
  const items = shown.flatMap(({ bits, psumsBeyond, outputsBeyond }, i): Item[] => {
    const x = left + i * step;
    const [psum, out] = [height(psumsBeyond / Math.max(1, psums)), height(outputsBeyond / Math.max(1, outputs))];
    return [
      { type: 'rect', x, y: bottom - psum, w: bar, h: psum, fill: css(palette.scale.positive) },
      ...(out === 0 ? [] : [{ type: 'rect', x: x + bar + 1, y: bottom - out, w: bar, h: out, stroke: palette.foreground } as const]),
      ...(step >= 16 || bits % 4 === 0 ? [label(x + bar, bottom + 8, String(bits), palette, 'center', bits === held)] : []),
    ];
  });
  const axis: Item[] = [
    { type: 'path', points: [left - 2, 6, left - 2, bottom, size.width, bottom], stroke: palette.border },
    label(left - 5, 8, '100 %', palette, 'right'),
    label(left - 5, bottom - 4, '0', palette, 'right'),
    { type: 'rect', x: left, y: size.height - 14, w: 8, h: 8, fill: css(palette.scale.positive) },
    label(left + 12, size.height - 9, 'psums cut', palette),
    { type: 'rect', x: left + 80, y: size.height - 14, w: 8, h: 8, stroke: palette.foreground },
    label(left + 92, size.height - 9, `outputs cut · bits of the width; bold: this layer`, palette),
  ];
  return scene(size, palette, [...axis, ...items]);
}
