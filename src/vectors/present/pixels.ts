import type { Axis } from '../axis';
import type { FileReading } from '../reading';

/** Widths that turn the numbers of pixels and kernel positions into rows and columns; what the files do not tell is absent. */
export interface Pixels {
  /** `kij = ki * kernel + kj` */
  readonly kernel?: number;
  /** `nij = i * padded + j` */
  readonly padded?: number;
  /** `o_nij = oi * out + oj` */
  readonly out?: number;
  readonly stride?: number;
  /** Zero pixels around the image, when the activations show them. */
  readonly ring?: number;
}

const LARGEST_STRIDE = 4;

/**
 * The geometry that the files of a set agree on. Line counts alone do not make an image, a file may hold a part of it: image
 * widths are given only when kernel, input and output fit each other, or when the activations show the zeros around the image.
 */
export function pixelsOf(readings: readonly FileReading[]): Pixels {
  const kernel = root(countOf(readings, 'kij', ['weight', 'psum', 'address']) ?? 1);
  const activations = readings.filter(({ layout }) => layout.spec.kind === 'activation');
  const padded = rowStep(activations) ?? root(countOf(readings, 'nij', ['activation']) ?? countOf(readings, 'nij', ['psum']));
  const out = root(countOf(readings, 'o_nij', ['out']) ?? countOf(readings, 'o_nij', ['address', 'psum']));
  const known = kernel === undefined || kernel === 1 ? {} : { kernel };
  if (kernel === undefined || padded === undefined) return known;
  const stride = strides().find((step) => out !== undefined && Math.floor((padded - kernel) / step) + 1 === out);
  const ring = ringOf(activations, padded, kernel);
  if (out !== undefined && stride !== undefined) return { ...known, padded, out, stride, ...(ring !== undefined && { ring }) };
  return out === undefined && ring !== undefined ? { ...known, padded, ring } : known;
}

/** `(1,2)`: a number of an axis as row and column, or nothing when the width is not known. */
export function pair(axis: Axis, value: number, pixels: Pixels): string {
  const width = axis === 'kij' ? pixels.kernel : axis === 'nij' ? pixels.padded : axis === 'o_nij' ? pixels.out : undefined;
  return width === undefined ? '' : ` (${Math.floor(value / width)},${value % width})`;
}

/** Is this one of the zeros around the image? Undefined when nobody knows. */
export function isPadding(nij: number, { padded, ring }: Pixels): boolean | undefined {
  if (padded === undefined || ring === undefined) return undefined;
  const [i, j] = [Math.floor(nij / padded), nij % padded];
  return Math.min(i, j, padded - 1 - i, padded - 1 - j) < ring;
}

/** The padded input pixel under a kernel position of an output pixel. */
export function inputPixel(oNij: number, kij: number, { kernel = 1, padded, out, stride }: Pixels): number | undefined {
  if (padded === undefined || out === undefined || stride === undefined) return undefined;
  return (Math.floor(oNij / out) * stride + Math.floor(kij / kernel)) * padded + (oNij % out) * stride + (kij % kernel);
}

/** One more than the highest coordinate that the files of these kinds hold. */
export function countOf(readings: readonly FileReading[], axis: Axis, kinds: readonly string[]): number | undefined {
  let most: number | undefined;
  for (const { layout } of readings) {
    if (!kinds.includes(layout.spec.kind)) continue;
    const loops = [...layout.spec.lines, ...layout.spec.words].filter((loop) => loop.axis === axis);
    const top = loops.length === 0 ? layout.spec.fixed[axis] : loops.reduce((sum, { start, step, count }) => sum + Math.max(start, start + step * (count - 1)), 0);
    if (top !== undefined) most = Math.max(most ?? 0, top + 1);
  }
  return most;
}

const strides = (): number[] => Array.from({ length: LARGEST_STRIDE }, (_, i) => i + 1);

function root(count: number | undefined): number | undefined {
  const side = Math.sqrt(count ?? Number.NaN);
  return Number.isInteger(side) ? side : undefined;
}

/** A file of the image without its padding steps from image row to image row. */
function rowStep(activations: readonly FileReading[]): number | undefined {
  for (const { layout } of activations) {
    const loops = layout.spec.lines.filter(({ axis }) => axis === 'nij');
    if (loops.length === 2) return Math.abs(loops[0]!.step);
  }
  return undefined;
}

/** The width of the zeros around the image, if all of them are there; a file without them has none. */
function ringOf(activations: readonly FileReading[], padded: number, kernel: number): number | undefined {
  const ring = Math.floor(kernel / 2);
  const whole = activations.filter(({ layout }) => layout.spec.lines.filter(({ axis }) => axis === 'nij').length === 1);
  if (ring === 0 || whole.length === 0) return undefined;
  let inside = false;
  for (const reading of whole) {
    const { lineCount, wordsPerLine } = reading.layout;
    const values = reading.values();
    for (let line = 0; line < lineCount; line++) {
      const { nij } = reading.layout.lineCoordinates(line);
      if (nij === undefined) return undefined;
      const zero = values.subarray(line * wordsPerLine, (line + 1) * wordsPerLine).every((value) => value === 0);
      const outside = isPadding(nij, { padded, ring }) === true;
      if (outside && !zero) return undefined;
      inside ||= !outside && !zero;
    }
  }
  return inside ? ring : undefined;
}
