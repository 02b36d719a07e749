/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** A theme's colour as three numbers, its transparency laid on a background; undefined for what is no colour. */
export function parseColor(text: string, background: Rgb = [0, 0, 0]): Rgb | undefined {
  const value = text.trim();
  const hex = /^#([\da-f]{3,8})$/i.exec(value)?.[1];
  const parts = hex === undefined ? functional(value) : hexadecimal(hex);
  if (parts === undefined) return undefined;
  const [r, g, b, alpha] = parts;
  return mix(background, [r, g, b], alpha);
}

/** From one colour (0) to another (1). */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * share);
  return [part(0), part(1), part(2)];
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r},${g},${b})`;
}

/** Relative luminance, 0 to 1, as WCAG defines it. */
export function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21, as WCAG defines it. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever is read better on a colour. */
export function textOn(color: Rgb): string {
  return contrast(color, [0, 0, 0]) >= contrast(color, [255, 255, 255]) ? '#000000' : '#ffffff';
}

function hexadecimal(digits: string): [number, number, number, number] | undefined {
  const long = digits.length <= 4 ? digits.replaceAll(/./g, '$&$&') : digits;
  if (long.length !== 6 && long.length !== 8) return undefined;
  const at = (i: number): number => Number.parseInt(long.slice(2 * i, 2 * i + 2), 16);
  return [at(0), at(1), at(2), long.length === 8 ? at(3) / 255 : 1];
}

function functional(text: string): [number, number, number, number] | undefined {
  const inner = /^rgba?\(([^)]*)\)$/i.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const parts = inner.split(/[\s,/]+/).filter((part) => part !== '').map((part) => (part.endsWith('%') ? Number(part.slice(0, -1)) / 100 : Number(part)));
  if (parts.length < 3 || parts.length > 4 || parts.some((part) => Number.isNaN(part))) return undefined;
  return [parts[0]!, parts[1]!, parts[2]!, parts[3] ?? 1];
}
