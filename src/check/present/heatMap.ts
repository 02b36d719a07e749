import type { CheckReport, CheckView } from '../../protocol/checkReport';
import type { Axis } from '../../vectors/axis';

/** Shares of words that differ, lightest first: none, some, … all. */
const SHADES = ['·', '░', '▒', '▓', '█'] as const;
export const LEGEND = '· none   ░ up to a quarter   ▒ up to a half   ▓ more   █ all words differ';

/** Cells of a map without a width of its own. */
const PER_LINE = 32;
const MOST_CELLS = 4096;

/** A picture of where words differ along one axis: a row for rulers, then rows of cells. */
export interface HeatMap {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Maps of the axes with more than one coordinate, and of the bits. */
export function heatMaps(report: CheckReport, { ranges, pixels }: CheckView): HeatMap[] {
  const total = report.compared + report.missing;
  const maps = (['icTile', 'ocTile', 'kij', 'nij', 'o_nij', 'col', 'row'] as const).flatMap((axis): HeatMap[] => {
    const range = ranges[axis];
    if (range === undefined || range.count < 2 || range.count > MOST_CELLS || report.counts[axis] === undefined) return [];
    const differing = new Map(report.counts[axis].map(({ at, differing: count }) => [at, count]));
    const counts = Array.from({ length: range.count }, (_, i) => differing.get(range.start + i) ?? 0);
    const width = range.start === 0 ? { kij: pixels.kernel, nij: pixels.padded, o_nij: pixels.out }[axis as string] : undefined;
    return [{ title: `${TITLES[axis]}: words that differ, of ${Math.round(total / range.count)} each`, lines: grid(counts, total / range.count, range.start, width) }];
  });
  const known = report.compared - report.unknown - report.unwritten;
  return report.mismatched === 0 ? maps : [...maps, { title: `bit (lowest right): words in which it differs, of ${known}`, lines: bitLines(report.bits, known) }];
}

const TITLES: Readonly<Record<Axis, string>> = { icTile: 'ic tile', ocTile: 'oc tile', kij: 'kij', nij: 'nij', o_nij: 'o_nij', col: 'col', row: 'row' };

/** The share of a cell as a character. Less than all is never drawn as all, more than none never as none. */
export function shade(count: number, of: number): string {
  if (count <= 0) return SHADES[0];
  if (count >= of) return SHADES[4];
  return SHADES[count * 4 <= of ? 1 : count * 2 <= of ? 2 : 3];
}

/** Rows of an image when its width is known, else a run of cells; counts beside them while there are few. */
function grid(counts: readonly number[], each: number, start: number, width: number | undefined): string[] {
  const perLine = width ?? Math.min(PER_LINE, counts.length);
  const rows = Array.from({ length: Math.ceil(counts.length / perLine) }, (_, i) => counts.slice(i * perLine, (i + 1) * perLine));
  const withCounts = counts.length <= 64;
  const cell = Math.max(2, ...(withCounts ? counts.map((count) => String(count).length + 1) : [2]), String(perLine - 1).length + 1);
  const ruler = Math.max(...rows.map((_, i) => String(width === undefined ? start + i * perLine : i).length));
  const offset = width === undefined ? start : 0;
  const head = `${' '.repeat(ruler)}  ${Array.from({ length: perLine }, (_, i) => String(width === undefined && rows.length === 1 ? offset + i : i).padStart(cell)).join('')}`;
  return [
    head,
    ...rows.flatMap((row, i) => {
      const name = String(width === undefined ? start + i * perLine : i).padStart(ruler);
      const cells = `${name}  ${row.map((count) => shade(count, each).repeat(cell - 1).padStart(cell)).join('')}`;
      return withCounts ? [cells, `${' '.repeat(ruler)}  ${row.map((count) => String(count).padStart(cell)).join('')}`] : [cells];
    }),
  ];
}

/** The highest bit left, as it is written. */
function bitLines(bits: readonly number[], of: number): string[] {
  const down = bits.map((count, bit) => ({ count, bit })).reverse();
  const cell = Math.max(3, ...bits.map((count) => String(count).length + 1));
  const line = (text: (one: { count: number; bit: number }) => string): string => down.map((one) => text(one).padStart(cell)).join('');
  return [line(({ bit }) => String(bit)), line(({ count }) => shade(count, of).repeat(cell - 1)), line(({ count }) => String(count))];
}
