/** A layer on an array, with codes. Nested arrays and plain loops on purpose: nothing of the product's arithmetic is used here. */
export interface TestLayer {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly rows: number;
  readonly cols: number;
  readonly activationBits: number;
  readonly weightBits: number;
  readonly psumBits: number;
  /** [channel][y][x] */
  readonly activations: readonly (readonly (readonly number[])[])[];
  /** [out channel][in channel][ki][kj] */
  readonly weights: readonly (readonly (readonly (readonly number[])[])[])[];
}

type Shape = Omit<TestLayer, 'activations' | 'weights'>;

const SHAPES: readonly Shape[] = [
  { name: '8x8 array, 8 to 8, 3x3, 4x4 image', inChannels: 8, outChannels: 8, size: 4, kernel: 3, stride: 1, padding: 1, rows: 8, cols: 8, activationBits: 4, weightBits: 4, psumBits: 16 },
  { name: '4x4 array, 10 to 6, 3x3 stride 2, 9x9 image', inChannels: 10, outChannels: 6, size: 9, kernel: 3, stride: 2, padding: 1, rows: 4, cols: 4, activationBits: 4, weightBits: 4, psumBits: 16 },
  { name: '16x16 array, 32 to 16, 1x1, 6x6 image', inChannels: 32, outChannels: 16, size: 6, kernel: 1, stride: 1, padding: 0, rows: 16, cols: 16, activationBits: 4, weightBits: 4, psumBits: 16 },
  { name: '8x4 array, 12 to 8, 5x5, 7x7 image', inChannels: 12, outChannels: 8, size: 7, kernel: 5, stride: 1, padding: 2, rows: 8, cols: 4, activationBits: 8, weightBits: 8, psumBits: 24 },
  { name: '8x8 array, 16 to 16, 3x3, 8x8 image', inChannels: 16, outChannels: 16, size: 8, kernel: 3, stride: 1, padding: 1, rows: 8, cols: 8, activationBits: 4, weightBits: 4, psumBits: 16 },
  { name: '4x4 array, 4 to 4, 3x3 without padding, 8x8 image', inChannels: 4, outChannels: 4, size: 8, kernel: 3, stride: 1, padding: 0, rows: 4, cols: 4, activationBits: 2, weightBits: 4, psumBits: 16 },
];

/** Repeatable numbers from 0 to 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function testLayers(seed: number): TestLayer[] {
  return SHAPES.map((shape, i) => withCodes(shape, randomOf(seed * 1000 + i)));
}

/** Codes as trained layers have them: half of the activations cut to zero by a ReLU, weights mostly small, of both signs. */
export function withCodes(shape: Shape, random: () => number): TestLayer {
  const bell = (): number => random() + random() + random() + random() - 2;
  const most = 2 ** shape.activationBits - 1;
  const limit = 2 ** (shape.weightBits - 1) - 1;
  const activation = (): number => Math.max(0, Math.min(most, Math.round(bell() * most)));
  const weight = (): number => Math.max(-limit, Math.min(limit, Math.round(bell() * limit * 0.8)));
  const list = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  return {
    ...shape,
    activations: list(shape.inChannels, () => list(shape.size, () => list(shape.size, activation))),
    weights: list(shape.outChannels, () => list(shape.inChannels, () => list(shape.kernel, () => list(shape.kernel, weight)))),
  };
}
