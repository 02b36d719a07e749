import type { Window } from '../../src/protocol/inspect';
import { MOST_WINDOW_VALUES } from '../../src/protocol/inspect';

/** Values of one chunk: small enough to come at once, large enough that a screen needs a few. */
const CHUNK_VALUES = 1 << 14;

/** Pixels of a chunk, for so many values a pixel. */
export function chunkPixels(valuesPerPixel: number): number {
  return Math.max(1, Math.floor(Math.min(CHUNK_VALUES, MOST_WINDOW_VALUES) / valuesPerPixel));
}

/** The chunk that a pixel is in. The last one is shorter. */
export function chunkAt(nij: number, valuesPerPixel: number, nijCount: number): Window {
  const size = chunkPixels(valuesPerPixel);
  const nijFrom = Math.floor(nij / size) * size;
  return { nijFrom, nijCount: Math.min(size, nijCount - nijFrom) };
}

/** All windows of a layer, each as large as one answer may be. */
export function allWindows(valuesPerPixel: number, nijCount: number): Window[] {
  const size = Math.max(1, Math.floor(MOST_WINDOW_VALUES / valuesPerPixel));
  return Array.from({ length: Math.ceil(nijCount / size) }, (_, i) => ({ nijFrom: i * size, nijCount: Math.min(size, nijCount - i * size) }));
}
