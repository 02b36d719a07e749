import type { PixelData } from '../../src/protocol/inspect';
import { signed } from '../../src/vectors/present/numbers';

/** What the SFP did with the sum of a pixel: of a layer without ReLU the sum is the output, and nothing is said of a value before it. */
export function reluText(relu: boolean, { raw, out }: Pick<PixelData, 'raw' | 'out'>): string {
  return relu ? `before ReLU ${signed(raw)} → ${signed(out)}` : 'no ReLU';
}

/** An output as the layer puts it out. */
export function outputOf(relu: boolean, raw: number): number {
  return relu ? Math.max(0, raw) : raw;
}
