import type { Item, Scene } from './scene';
import { hatchLines } from './scene';

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Draws a scene on a canvas that is `ratio` times as many pixels. */
export function paint(context: Context, scene: Scene, ratio: number): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = scene.background;
  context.fillRect(0, 0, scene.width, scene.height);
  context.textBaseline = 'middle';
  paintItems(context, scene.items, scene.font);
}

function paintItems(context: Context, items: readonly Item[], font: string): void {
  for (const item of items) paintItem(context, item, font);
}

function paintItem(context: Context, item: Item, font: string): void {
  switch (item.type) {
    case 'rect': {
      const { x, y, w, h, fill, stroke, lineWidth = 1, dashed } = item;
      if (fill !== undefined) {
        context.fillStyle = fill;
        context.fillRect(x, y, w, h);
      }
      if (stroke !== undefined) {
        line(context, stroke, lineWidth, dashed);
        context.strokeRect(x + lineWidth / 2, y + lineWidth / 2, w - lineWidth, h - lineWidth);
      }
      return;
    }
    case 'text':
      setFont(context, `${item.bold === true ? 'bold ' : ''}${item.size}px ${font}`);
      context.textAlign = item.align;
      context.fillStyle = item.fill;
      context.fillText(item.text, item.x, item.y);
      return;
    case 'hatch':
      line(context, item.stroke, 1, false);
      for (const points of hatchLines(item)) trace(context, points);
      context.stroke();
      return;
    case 'path':
      context.beginPath();
      trace(context, item.points);
      if (item.fill !== undefined) {
        context.fillStyle = item.fill;
        context.fill();
      }
      if (item.stroke !== undefined) {
        setLine(context, item.stroke, item.lineWidth ?? 1, item.dashed);
        context.stroke();
      }
      return;
    case 'clip':
      context.save();
      context.beginPath();
      context.rect(item.x, item.y, item.w, item.h);
      context.clip();
      paintItems(context, item.items, font);
      context.restore();
  }
}

const fonts = new WeakMap<Context, { asked: string; set: string }>();

/** A font is read anew each time that it is set, and most texts have that of the one before. */
function setFont(context: Context, font: string): void {
  const last = fonts.get(context);
  // Another size of the canvas, and the end of a clip, bring an earlier font back
  if (last?.asked === font && last.set === context.font) return;
  context.font = font;
  fonts.set(context, { asked: font, set: context.font });
}

function line(context: Context, stroke: string, width: number, dashed: boolean | undefined): void {
  setLine(context, stroke, width, dashed);
  context.beginPath();
}

function setLine(context: Context, stroke: string, width: number, dashed: boolean | undefined): void {
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.setLineDash(dashed === true ? [3, 3] : []);
}

function trace(context: Context, points: readonly number[]): void {
  for (let i = 0; i < points.length; i += 2) {
    if (i === 0) context.moveTo(points[0]!, points[1]!);
    else context.lineTo(points[i]!, points[i + 1]!);
  }
}

/** A scene as a PNG file, twice as fine as a screen. */
export async function pngOf(scene: Scene): Promise<Uint8Array> {
  const ratio = 2;
  const canvas = new OffscreenCanvas(Math.max(1, scene.width * ratio), Math.max(1, scene.height * ratio));
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no canvas to draw the picture on.');
  paint(context, scene, ratio);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}
