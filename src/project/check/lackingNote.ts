import type { ChosenOrder } from '../../check/compare/chooseOrder';
import type { Expected } from '../../check/compare/expected';
import type { Comparison } from '../../check/compare/report';
import type { Axis } from '../../vectors/axis';
import { describeCoordinates } from '../../vectors/axis';
import { rangeText } from './declaredPart';

/** Coordinates without a golden word that are named. */
const MOST_NAMED = 8;

/** Why words of a dump have nothing to be compared with, and what to give instead. Comes first: it is why there is no match. */
export function lackingNotes({ lacking, firstExtra }: Comparison, expected: Expected, order: ChosenOrder): string[] {
  if (lacking === 0) return [];
  const { ranges } = expected;
  const held = (Object.keys(ranges) as Axis[]).filter((axis) => axis !== 'col').map((axis) => rangeText(axis, ranges[axis]!)).join(', ');
  const gaps = gapsOf(expected);
  const but = gaps.length === 0 ? '' : ` without ${gaps.slice(0, MOST_NAMED).join(', ')}${gaps.length > MOST_NAMED ? ', …' : ''}`;
  const at = firstExtra === undefined ? '' : `, the first at ${firstExtra.file}:${firstExtra.line}`;
  const formula = gaps.length === 0 ? formulaOf(order) : undefined;
  const mapped = formula === undefined ? '' : ` If these words belong to something else, an address formula says where the others stand: --map "${formula}".`;
  return [`${lacking} words of the dump stand where the golden files end or have a gap${at}: they hold ${held}${but}. Name all golden files, the folder of the whole set, or a layer (--layer NAME).${mapped}`];
}

/** Coordinates between others of which the golden files hold nothing. */
function gapsOf({ ranges, sizeAt }: Expected): string[] {
  if (sizeAt === undefined) return [];
  return (Object.keys(ranges) as Axis[]).flatMap((axis) => {
    const { start, count } = ranges[axis]!;
    // Whole files are left out: tiles and kernel positions
    if (axis === 'nij' || axis === 'o_nij' || axis === 'row' || axis === 'col') return [];
    return Array.from({ length: count }, (_, i) => start + i).filter((at) => sizeAt({ [axis]: at }) === 0).map((at) => describeCoordinates({ [axis]: at }));
  });
}

/** The addresses at which the dump was read, as --map takes them; undefined where a formula cannot say it. */
function formulaOf({ dump: { layout, map, partial } }: ChosenOrder): string | undefined {
  const { lines } = layout.spec;
  const axes = lines.map(({ axis }) => axis);
  if (partial === true || lines.length === 0 || new Set(axes).size < axes.length || axes.includes('col') || lines.some(({ step }) => step !== 1)) return undefined;
  return `${lines.map(({ axis }, i) => (map.strides[i] === 1 ? axis : `${axis}*${map.strides[i]!}`)).join('+')}+${map.base}`;
}
