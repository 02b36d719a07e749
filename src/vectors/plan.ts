import { Problem } from '../engine/problem';
import type { Axis, AxisCounts, Coordinates, Kind } from './axis';
import { AXES_OF } from './axis';
import { HEADERS } from './header';
import type { Loop } from './layout';
import { Layout } from './layout';
import type { FileSpec, Profile, Selected, Selection } from './profile';
import { ADDRESS_FILE, SELECTABLE } from './profile';

/** Word widths of a layer, in bits. */
export interface WordBits {
  readonly activation: number;
  /** Default: activations are unsigned. */
  readonly activationSigned?: boolean;
  readonly weight: number;
  readonly psum: number;
}

/** Files that a set may have besides its profile's own. */
export const EXTRAS = ['decimal', 'address'] as const;
export type Extra = (typeof EXTRAS)[number];

/** A file to write: where, what, and how. Paths are relative to the output folder, with `/`. */
export interface PlannedFile {
  readonly path: string;
  readonly layout: Layout;
  readonly relu: boolean;
}

export interface PlanRequest {
  readonly profile: Profile;
  readonly counts: AxisCounts;
  readonly bits: WordBits;
  readonly select: Selection;
  readonly extras: readonly Extra[];
  /** Names in the output folder that are not free, such as the manifest's. */
  readonly reserved?: readonly string[];
}

/** Addresses are at least this wide: the depth of the course's psum SRAM is 2048 words. */
const LEAST_ADDRESS_BITS = 11;

/**
 * Every file of a set with its layout, in the profile's order.
 * @throws Problem `profile` naming the file whose spec does not work for this layer
 */
export function planFiles(request: PlanRequest): PlannedFile[] {
  const { profile, extras } = request;
  const specs = extras.includes('address') ? [...profile.files, ADDRESS_FILE] : profile.files;
  const files = specs.flatMap((spec) => filesOf(spec, request));
  checkPaths(files.map(({ path }) => path), request.reserved ?? []);
  return files;
}

/** Paths of a set must be able to stand beside each other, on every file system. */
function checkPaths(paths: readonly string[], reserved: readonly string[]): void {
  const seen = new Set<string>(reserved.map((path) => path.toLowerCase()));
  for (const path of paths) {
    const key = path.toLowerCase();
    if (seen.has(key)) throw badFile(path, reserved.includes(path) ? 'has a name that TileScope needs itself' : 'stands for two files of the set (upper and lower case do not tell files apart everywhere)', 'Give each file a name of its own: mention the axes that tell them apart, or select one value of each');
    seen.add(key);
  }
  const folders = new Set(paths.flatMap((path) => path.toLowerCase().split('/').slice(0, -1).map((_, depth, parts) => parts.slice(0, depth + 1).join('/'))));
  const both = paths.find((path) => folders.has(path.toLowerCase()));
  if (both !== undefined) throw badFile(both, 'is a file and a folder of the set', 'Give one of them another name');
}

function filesOf(spec: FileSpec, request: PlanRequest): PlannedFile[] {
  const ranges = selectedRanges(spec, request);
  const terms = { lines: spec.lines.map((term) => parseTerm(term, spec)), words: spec.words.map((term) => parseTerm(term, spec)) };
  const looped = new Set([...terms.lines, ...terms.words].map(({ axis }) => axis));
  const outside = AXES_OF[spec.holds].filter((axis) => !looped.has(axis));
  const unnamed = outside.find((axis) => ranges[axis].count > 1 && !spec.name.includes(`{${axis}}`));
  if (unnamed !== undefined) {
    throw badFile(spec.name, `does not say which ${unnamed} it holds, and ${ranges[unnamed].count} are selected`, `Put {${unnamed}} into the name, "${unnamed}" into lines or words, or select one`);
  }
  const loops = { lines: terms.lines.flatMap((term) => loopsOf(term, ranges, spec)), words: terms.words.flatMap((term) => loopsOf(term, ranges, spec)) };
  checkCoverage(loops, looped, ranges, spec);
  checkTileOrder(spec, terms.lines);
  return combinations(outside, ranges).flatMap((fixed) => {
    const name = (template: string): string => checkedPath(fileName(template, fixed, ranges, spec), spec);
    const path = name(spec.name);
    const { bits, signed } = wordFormat(spec, request);
    const layout = new Layout({
      kind: spec.holds,
      bits,
      signed,
      radix: spec.radix ?? 'binary',
      ...loops,
      fixed,
      separator: spec.separator ?? '',
      trailing: spec.trailing ?? '',
      header: typeof spec.header === 'string' ? HEADERS[spec.header] : (spec.header ?? []),
      eol: spec.eol ?? '\n',
    });
    const file = { path, layout, relu: spec.relu ?? false };
    const twinned = spec.holds !== 'address' && spec.radix !== 'decimal' && spec.twin !== false && (spec.twinAlways === true || request.extras.includes('decimal'));
    if (!twinned) return [file];
    const twin = { ...file, path: spec.twin === undefined ? vizPath(path) : name(spec.twin), layout: new Layout({ ...layout.spec, radix: 'decimal', separator: ' ', trailing: ' ' }) };
    return [file, twin];
  });
}

/** Every selected value of an axis must be written: a lone "col/4" would leave three of four out without a word. */
function checkCoverage(loops: { lines: readonly Loop[]; words: readonly Loop[] }, looped: ReadonlySet<Axis>, ranges: Ranges, spec: FileSpec): void {
  for (const axis of looped) {
    const own = [...loops.lines, ...loops.words].filter((loop) => loop.axis === axis);
    const reached = own.reduce((count, loop) => count * loop.count, 1);
    const { start, count } = ranges[axis];
    const least = own.reduce((sum, loop) => sum + Math.min(loop.start, loop.start + loop.step * (loop.count - 1)), 0);
    if (reached !== count || least !== start) {
      throw badFile(spec.name, `writes ${reached} of ${count} values of ${axis}`, `Enumerate all of them: "${axis}", or "${axis}/8" together with "${axis}%8"`);
    }
  }
}

/** Psums are computed a tile pair at a time: tiles inside another loop would compute each pair again for every line. */
function checkTileOrder({ holds, name }: FileSpec, lines: readonly Term[]): void {
  if (holds !== 'psum') return;
  const isTile = ({ axis }: Term): boolean => axis === 'icTile' || axis === 'ocTile';
  const firstOther = lines.findIndex((term) => !isTile(term));
  if (firstOther >= 0 && lines.slice(firstOther).some(isTile)) throw badFile(name, 'enumerates tiles inside another loop', 'Let "icTile" and "ocTile" stand first in lines');
}

/** A term of a profile's `lines` or `words`. */
interface Term {
  readonly axis: Axis;
  readonly part: 'whole' | 'blocks' | 'inside';
  readonly size: number;
  readonly descending: boolean;
}

function parseTerm(text: string, spec: FileSpec): Term {
  const match = /^(\w+?)(?:([/%])(\d+))?( desc)?$/.exec(text);
  const axis = AXES_OF[spec.holds].find((name) => name === match?.[1]);
  const size = Number(match?.[3] ?? 1);
  if (match === null || axis === undefined || size < 1) {
    throw badFile(spec.name, `has the loop "${text}"`, `Use an axis of ${spec.holds} (${AXES_OF[spec.holds].join(', ')}), as "axis", "axis desc", "axis/8" or "axis%8"`);
  }
  return { axis, part: match[2] === '/' ? 'blocks' : match[2] === '%' ? 'inside' : 'whole', size, descending: match[4] !== undefined };
}

function loopsOf({ axis, part, size, descending }: Term, ranges: Ranges, spec: FileSpec): Loop[] {
  const { start, count } = ranges[axis];
  if (part !== 'whole' && count > size && count % size !== 0) {
    throw badFile(spec.name, `splits ${count} values of ${axis} into parts of ${size}`, `Choose a divisor of ${count}`);
  }
  const inside = Math.min(size, count);
  const shape = {
    whole: { first: start, step: 1, count },
    blocks: { first: 0, step: size, count: Math.ceil(count / size) },
    inside: { first: start, step: 1, count: inside },
  }[part];
  const last = shape.first + shape.step * (shape.count - 1);
  return [{ axis, start: descending ? last : shape.first, step: descending ? -shape.step : shape.step, count: shape.count }];
}

/** Selected values of each axis: `start .. start + count - 1`. */
type Ranges = Readonly<Record<Axis, { readonly start: number; readonly count: number }>>;

function selectedRanges(spec: FileSpec, { counts, select }: PlanRequest): Ranges {
  const whole = (axis: Axis): { start: number; count: number } => ({ start: 0, count: counts[axis] });
  const ranges = { icTile: whole('icTile'), ocTile: whole('ocTile'), row: whole('row'), col: whole('col'), kij: whole('kij'), nij: whole('nij'), o_nij: whole('o_nij') };
  for (const axis of SELECTABLE) {
    if (!AXES_OF[spec.holds].includes(axis)) continue;
    ranges[axis] = selectedRange(axis, select[axis] ?? spec.select?.[axis] ?? 'all', counts[axis], spec);
  }
  return ranges;
}

function selectedRange(axis: Axis, selected: Selected, count: number, spec: FileSpec): { start: number; count: number } {
  if (selected === 'all') return { start: 0, count };
  const [start, end] = typeof selected === 'number' ? [selected, selected + 1] : (selected.split(':').map(Number) as [number, number]);
  const cut = Math.min(end, count);
  if (Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < cut) return { start, count: cut - start };
  throw badFile(spec.name, `selects ${axis} ${selected}, but this layer has ${axis} 0 to ${count - 1}`, `Set "select": { "${axis}": "all" } or a range inside`);
}

function combinations(axes: readonly Axis[], ranges: Ranges): Coordinates[] {
  let all: Partial<Record<Axis, number>>[] = [{}];
  for (const axis of axes) {
    const { start, count } = ranges[axis];
    all = all.flatMap((fixed) => Array.from({ length: count }, (_, i) => ({ ...fixed, [axis]: start + i })));
  }
  return all;
}

function fileName(template: string, fixed: Coordinates, ranges: Ranges, spec: FileSpec): string {
  const axesIn = (text: string): Axis[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as Axis);
  return template
    .replaceAll(/\[([^\]]*)\]/g, (_, part: string) => {
      if (axesIn(part).length === 0) throw badFile(spec.name, `has the part "[${part}]" without a coordinate`, 'Mention an axis in it, such as [_kij{kij}]');
      return axesIn(part).every((axis) => (ranges[axis] as Ranges[Axis] | undefined)?.count === 1) ? '' : part;
    })
    .replaceAll(/\{(\w+)\}/g, (_, axis: string) => {
      const value = fixed[axis as Axis];
      if (value === undefined) throw badFile(spec.name, `mentions {${axis}}, which is not fixed in one file of ${spec.holds}`, `Mention only ${AXES_OF[spec.holds].join(', ')} that lines and words do not enumerate`);
      return String(value);
    });
}

function wordFormat(spec: FileSpec, { bits, counts }: PlanRequest): { bits: number; signed: boolean } {
  const needed = Math.ceil(Math.log2(Math.max(2, counts.kij * counts.nij)));
  const widths: Readonly<Record<Kind, number>> = { activation: bits.activation, weight: bits.weight, psum: bits.psum, out: bits.psum, address: Math.max(LEAST_ADDRESS_BITS, needed) };
  return { bits: spec.bits ?? widths[spec.holds], signed: spec.holds === 'activation' ? (bits.activationSigned ?? false) : spec.holds !== 'address' };
}

function vizPath(path: string): string {
  const cut = path.lastIndexOf('/') + 1;
  return `${path.slice(0, cut)}viz/viz_${path.slice(cut)}`;
}

/** A name, once its coordinates are filled in, is a path below the output folder, whatever a profile says. */
function checkedPath(path: string, spec: FileSpec): string {
  const parts = path.split('/');
  // Control characters, and what Windows forbids in names, work nowhere or not everywhere
  if (path !== '' && !/[\\:*?"<>|\u0000-\u001f]/.test(path) && parts.every((part) => part !== '' && !/^\.+$/.test(part))) return path;
  throw badFile(spec.name, `becomes "${path}", which is not a path inside the output folder`, 'Use a relative path with "/" and without ".."');
}

function badFile(name: string, what: string, next: string): Problem {
  return new Problem('profile', `The profile's file "${name}" ${what}.`, `${next}.`);
}
