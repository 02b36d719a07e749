import type { TestLayer } from './layers';

/** A word of a dump: null is a word that reads x. */
export type Word = number | null;
export type Entry = readonly Word[];

/** What a fault does to the core. Each hook stands for a place in the RTL; what is absent works as it should. */
export interface Switches {
  /** The weight that the PE at (row, col) really holds. */
  readonly weight?: (layer: TestLayer, icTile: number, ocTile: number, row: number, col: number, ki: number, kj: number) => number;
  /** The activation that really enters a row; y and x count from the image's corner, so padding is outside. */
  readonly activation?: (layer: TestLayer, icTile: number, row: number, y: number, x: number) => number;
  /** Multiplies, adds to what comes from above, hands down. */
  readonly element?: (above: number, product: number, row: number, col: number) => number;
  /** What the psum memory stores. */
  readonly store?: (psum: number, col: number) => number;
  /** Whether the SFP adds this one. */
  readonly adds?: (icTile: number, kij: number) => boolean;
  /** The psum that the SFP reads: address in the memory of a tile pair, of which `right` would be right. */
  readonly address?: (layer: TestLayer, right: number, kij: number, oy: number, ox: number, col: number) => number;
  /** The accumulator before the first addition of an output, given what it held before. */
  readonly start?: (previousPixel: number, previousTile: number) => number;
  readonly afterAddition?: (sum: number) => number;
  readonly afterTile?: (sum: number) => number;
  readonly sum?: (sum: number, col: number) => number;
  readonly activate?: (sum: number) => number;
}

const outside = (layer: TestLayer, y: number, x: number): boolean => y < 0 || x < 0 || y >= layer.size || x >= layer.size;

export function goodWeight(layer: TestLayer, icTile: number, ocTile: number, row: number, col: number, ki: number, kj: number): number {
  return layer.weights[ocTile * layer.cols + col]?.[icTile * layer.rows + row]?.[ki]?.[kj] ?? 0;
}

export function goodActivation(layer: TestLayer, icTile: number, row: number, y: number, x: number): number {
  return outside(layer, y, x) ? 0 : (layer.activations[icTile * layer.rows + row]?.[y]?.[x] ?? 0);
}

export const icTiles = (layer: TestLayer): number => Math.ceil(layer.inChannels / layer.rows);
export const ocTiles = (layer: TestLayer): number => Math.ceil(layer.outChannels / layer.cols);
export const padded = (layer: TestLayer): number => layer.size + 2 * layer.padding;
export const outSize = (layer: TestLayer): number => Math.floor((padded(layer) - layer.kernel) / layer.stride) + 1;

const wrap = (value: number, bits: number): number => {
  const span = 2 ** bits;
  const low = ((value % span) + span) % span;
  return low >= span / 2 ? low - span : low;
};

/** The psum memory of one tile pair, [address][col], address = kij * pixels + pixel. */
function psumMemory(layer: TestLayer, icTile: number, ocTile: number, faults: Switches): number[][] {
  const memory: number[][] = [];
  const weight = faults.weight ?? goodWeight;
  const activation = faults.activation ?? goodActivation;
  for (let ki = 0; ki < layer.kernel; ki++) {
    for (let kj = 0; kj < layer.kernel; kj++) {
      for (let i = 0; i < padded(layer); i++) {
        for (let j = 0; j < padded(layer); j++) {
          const entry: number[] = [];
          for (let col = 0; col < layer.cols; col++) {
            let psum = 0;
            for (let row = 0; row < layer.rows; row++) {
              const product = activation(layer, icTile, row, i - layer.padding, j - layer.padding) * weight(layer, icTile, ocTile, row, col, ki, kj);
              psum = faults.element === undefined ? psum + product : faults.element(psum, product, row, col);
            }
            psum = wrap(psum, layer.psumBits);
            entry.push(faults.store === undefined ? psum : faults.store(psum, col));
          }
          memory.push(entry);
        }
      }
    }
  }
  return memory;
}

/** The psum memories of all tile pairs one after the other, ic tile outermost. */
export function psumDump(layer: TestLayer, faults: Switches): Entry[] {
  const entries: Entry[] = [];
  for (let ic = 0; ic < icTiles(layer); ic++) for (let oc = 0; oc < ocTiles(layer); oc++) entries.push(...psumMemory(layer, ic, oc, faults));
  return entries;
}

/** The outputs, an entry a pixel, oc tile outermost; after ReLU or before it. */
export function outDump(layer: TestLayer, faults: Switches, relu: boolean): Entry[] {
  const activate = faults.activate ?? ((sum: number): number => (relu && sum < 0 ? 0 : sum));
  const entries: Entry[] = [];
  const ofTile: Word[][] = [];
  for (let oc = 0; oc < ocTiles(layer); oc++) {
    const memories = Array.from({ length: icTiles(layer) }, (_, ic) => psumMemory(layer, ic, oc, faults));
    let previous: Word[] = [];
    for (let oy = 0; oy < outSize(layer); oy++) {
      for (let ox = 0; ox < outSize(layer); ox++) {
        const pixel = oy * outSize(layer) + ox;
        const sums = Array.from({ length: layer.cols }, (_, col) => {
          const start = faults.start === undefined ? 0 : faults.start(previous[col] ?? 0, ofTile[pixel]?.[col] ?? 0);
          const sum = accumulate(layer, memories, faults, col, oy, ox, start);
          return sum === null ? null : wrap(faults.sum === undefined ? sum : faults.sum(sum, col), layer.psumBits);
        });
        previous = sums;
        ofTile[pixel] = sums;
        entries.push(sums.map((sum) => (sum === null ? null : activate(sum))));
      }
    }
  }
  return entries;
}

function accumulate(layer: TestLayer, memories: readonly number[][][], faults: Switches, col: number, oy: number, ox: number, start: number): Word {
  const side = padded(layer);
  let sum = start;
  for (const [icTile, memory] of memories.entries()) {
    for (let kij = 0; kij < layer.kernel ** 2; kij++) {
      if (faults.adds?.(icTile, kij) === false) continue;
      const y = oy * layer.stride + Math.floor(kij / layer.kernel);
      const x = ox * layer.stride + (kij % layer.kernel);
      const right = kij * side * side + y * side + x;
      const entry = memory[faults.address?.(layer, right, kij, oy, ox, col) ?? right];
      if (entry === undefined) return null;
      sum += entry[col]!;
      if (faults.afterAddition !== undefined) sum = faults.afterAddition(sum);
    }
    if (faults.afterTile !== undefined) sum = faults.afterTile(sum);
  }
  return sum;
}
