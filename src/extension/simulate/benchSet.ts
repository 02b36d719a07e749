import type { Axis, Kind } from '../../vectors/axis';
import type { Layout } from '../../vectors/layout';
import type { Bench } from './bench';

/** A file of a set: its path in the set and its layout. */
export interface SetFile {
  readonly path: string;
  readonly layout: Layout;
}

/** How a bench runs on a set. */
export interface BenchRun {
  readonly parameters: Readonly<Record<string, number>>;
  readonly plusargs: readonly string[];
}

/**
 * Parameters and plusargs by which a bench with the names of the example's reads a set; only those that it declares, and only those
 * whose value differs from the default.
 * @param folder the set's folder as the bench names it
 * @param dump where it shall write its dumps, if it asks for that
 * @returns undefined when the set's images or kernels are not square, or the bench asks for no files
 */
export function runOnSet(bench: Bench, files: readonly SetFile[], folder: string, dump: string): BenchRun | undefined {
  const asks = new Set(bench.plusargs.map(({ name }) => name));
  const data = folderOf(files, 'activation');
  const sizes = sizesOf(bench, files);
  if (!asks.has('data') || data === undefined || sizes === undefined) return undefined;
  const [psum, headers] = [folderOf(files, 'psum'), first(files, 'activation')!.layout.spec.header.length];
  const plusargs: readonly (readonly [string, string | undefined])[] = [
    ['data', under(folder, data)],
    ['psum', psum === undefined ? undefined : under(folder, psum)],
    ['headers', String(headers)],
    ['dump', dump],
  ];
  return {
    parameters: Object.fromEntries(Object.entries(sizes).filter(([name, value]) => bench.parameters.has(name) && bench.parameters.get(name) !== value)),
    plusargs: plusargs.flatMap(([name, value]) => (value !== undefined && asks.has(name) ? [`+${name}=${value}`] : [])),
  };
}

/** The sizes of a layer by the names of the example bench's parameters. Padding stays as the bench has it: only the padded image shows in the files. */
function sizesOf(bench: Bench, files: readonly SetFile[]): Record<string, number> | undefined {
  const counts = (kind: Kind, axis: Axis): number => countOf(files, kind, axis);
  const [image, kernel, output] = [counts('activation', 'nij'), counts('weight', 'kij'), counts('out', 'o_nij')].map(root);
  if (image === undefined || kernel === undefined || output === undefined) return undefined;
  const stride = output === 1 ? 1 : (image - kernel) / (output - 1);
  const weight = first(files, 'weight');
  if (!Number.isInteger(stride) || stride < 1 || weight === undefined) return undefined;
  const padding = (side: string): number => bench.parameters.get(`pad_${side}`) ?? 0;
  const wide = first(files, 'out') ?? first(files, 'psum');
  return {
    row: counts('weight', 'row'),
    col: counts('weight', 'col'),
    bw: weight.layout.spec.bits,
    ...(wide !== undefined && { psum_bw: wide.layout.spec.bits }),
    ic_tiles: counts('weight', 'icTile'),
    oc_tiles: counts('weight', 'ocTile'),
    height: image - padding('top') - padding('bottom'),
    width: image - padding('left') - padding('right'),
    kernel_height: kernel,
    kernel_width: kernel,
    stride_height: stride,
    stride_width: stride,
  };
}

/** Values of an axis in all files of a kind; 1 when none speaks of it. */
function countOf(files: readonly SetFile[], kind: Kind, axis: Axis): number {
  const most = files.flatMap(({ layout: { spec } }) => {
    if (spec.kind !== kind) return [];
    const loops = [...spec.lines, ...spec.words].filter((loop) => loop.axis === axis);
    const reach = loops.reduce((sum, { start, step, count }) => sum + Math.max(start, start + step * (count - 1)), 0);
    return [loops.length === 0 ? (spec.fixed[axis] ?? 0) : reach];
  });
  return 1 + Math.max(0, ...most);
}

function root(count: number): number | undefined {
  const side = Math.round(Math.sqrt(count));
  return side * side === count ? side : undefined;
}

/** Decimal twins are for the eye. */
function first(files: readonly SetFile[], kind: Kind): SetFile | undefined {
  return files.find(({ layout: { spec } }) => spec.kind === kind && spec.radix !== 'decimal');
}

function folderOf(files: readonly SetFile[], kind: Kind): string | undefined {
  return first(files, kind)?.path.split('/').slice(0, -1).join('/');
}

function under(folder: string, path: string): string {
  return path === '' ? folder : `${folder}/${path}`;
}
