import type { Conv } from '../src/engine/conv';
import { placeText } from '../src/vectors/present/place';
import type { Pixels } from '../src/vectors/present/pixels';
import { signed } from '../src/vectors/present/numbers';
import type { Coordinates } from '../src/vectors/axis';

/** A value in a column of equal width, with a true minus sign. */
export function fixed(value: number, width: number): string {
  return signed(value).padStart(width);
}

/** Characters of the widest of all numbers between two. */
export function widthOf(min: number, max: number): number {
  return Math.max(signed(min).length, signed(max).length);
}

/** `1 422`: digits in threes, parted by narrow blanks. */
export function grouped(value: number): string {
  return signed(value).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** `42.3 %` */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `1.5 KiB`: bits as bytes. */
export function bytes(bits: number): string {
  const size = bits / 8;
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, size)) / 10)));
  const scaled = size / 1024 ** step;
  return `${Number.isInteger(scaled) ? scaled : scaled.toFixed(1)} ${units[step]!}`;
}

/** Widths that name pixels and kernel positions as pairs. */
export function pixelsOf({ kernelWidth, paddedWidth, outWidth }: Conv): Pixels {
  return { kernel: kernelWidth, padded: paddedWidth, out: outWidth };
}

/** `kij 5 (1,2) · nij 17 (2,5) · col 3` */
export function place(conv: Conv, coordinates: Coordinates): string {
  return placeText(coordinates, pixelsOf(conv));
}

/** `(1,2)` of a number in an image of some width. */
export function pair(index: number, width: number): string {
  return `(${Math.floor(index / width)},${index % width})`;
}

/** `1 word`, `3 words`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
