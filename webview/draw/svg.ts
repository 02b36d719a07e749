import type { Item, RectItem, Scene } from './scene';
import { hatchLines } from './scene';

/** A scene as the text of an SVG file. Every text is escaped. */
export function svgOf({ width, height, background, font, items }: Scene): string {
  const ids = { next: 0 };
  const body = items.map((item) => svgItem(item, ids)).join('\n');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(font)}">`,
    `<rect width="${width}" height="${height}" fill="${escaped(background)}"/>`,
    body,
    '</svg>\n',
  ].join('\n');
}

function svgItem(item: Item, ids: { next: number }): string {
  switch (item.type) {
    case 'rect':
      return rect(item);
    case 'text': {
      const anchor = { left: 'start', center: 'middle', right: 'end' }[item.align];
      const weight = item.bold === true ? ' font-weight="bold"' : '';
      return `<text x="${short(item.x)}" y="${short(item.y)}" dominant-baseline="central" text-anchor="${anchor}" font-size="${item.size}"${weight} fill="${escaped(item.fill)}" xml:space="preserve">${escaped(item.text)}</text>`;
    }
    case 'hatch':
      return hatchLines(item).map((points) => polyline(points, ` stroke="${escaped(item.stroke)}"`)).join('');
    case 'path':
      return polyline(item.points, `${item.stroke === undefined ? '' : ` stroke="${escaped(item.stroke)}" stroke-width="${item.lineWidth ?? 1}"`}${item.dashed === true ? ' stroke-dasharray="3 3"' : ''}`, item.fill);
    case 'clip': {
      const id = `clip${ids.next++}`;
      return `<clipPath id="${id}"><rect x="${short(item.x)}" y="${short(item.y)}" width="${short(item.w)}" height="${short(item.h)}"/></clipPath><g clip-path="url(#${id})">\n${item.items.map((one) => svgItem(one, ids)).join('\n')}\n</g>`;
    }
  }
}

function rect({ x, y, w, h, fill, stroke, lineWidth = 1, dashed }: RectItem): string {
  const inset = stroke === undefined ? 0 : lineWidth / 2;
  const line = stroke === undefined ? '' : ` stroke="${escaped(stroke)}" stroke-width="${lineWidth}"${dashed === true ? ' stroke-dasharray="3 3"' : ''}`;
  return `<rect x="${short(x + inset)}" y="${short(y + inset)}" width="${short(Math.max(0, w - 2 * inset))}" height="${short(Math.max(0, h - 2 * inset))}" fill="${escaped(fill ?? 'none')}"${line}/>`;
}

function polyline(points: readonly number[], attributes: string, fill = 'none'): string {
  return `<polyline points="${points.map(short).join(' ')}" fill="${escaped(fill)}"${attributes}/>`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  // Characters that XML cannot hold at all are left out
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
