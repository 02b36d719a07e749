import type { FileInfo } from '../../src/protocol/pages';

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `12 345 678 lines · 10.0 GB · equal lines, 43 % looked at`: how much of the file is known. */
export function statusText({ lines, size, counted, regular, checked }: FileInfo): string {
  const percent = size === 0 ? 100 : Math.floor((100 * checked) / size);
  const how = counted ? (regular ? 'equal lines' : 'lines of different length') : 'finding the lines';
  return `${grouped(lines)} lines${counted ? '' : ' so far'} · ${sizeText(size)} · ${how}${percent < 100 ? `, ${percent} % looked at` : ''}`;
}

function sizeText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]!}`;
}

/** In threes, with narrow blanks. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f');
}
