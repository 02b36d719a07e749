import type { Fault } from './fault';
import type { TestLayer } from './layers';
import { goodActivation, goodWeight, icTiles, ocTiles, outDump, padded, psumDump } from './simulator';

const raw = ['psum', 'out', 'raw'] as const;
const outputs = ['out', 'raw'] as const;
const pick = (random: () => number, count: number): number => Math.floor(random() * count);
const lower = (bits: number) => (value: number): number => value & (2 ** bits - 1);
const signedWrap = (bits: number) => (value: number): number => Number(BigInt.asIntN(bits, BigInt(value)));
const clamp = (bits: number) => (value: number): number => Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, value));
const several = (layer: TestLayer): boolean => icTiles(layer) > 1;

/** One bit less than the largest number needs, so that some words wrap and most do not. */
function tight(values: readonly (number | null)[]): number {
  const greatest = Math.max(...values.map((value) => Math.abs(value ?? 0)));
  return Math.floor(Math.log2(Math.max(16, greatest))) + 1;
}
const tightPsum = (layer: TestLayer): number => tight(psumDump(layer, {}).flat());
const tightOut = (layer: TestLayer): number => tight(outDump(layer, {}, false).flat());

/** Faults inside the core: what enters the array, the elements, the SFP. */
export const CORE_FAULTS: readonly Fault[] = [
  {
    id: 'weight-unsigned',
    label: 'weights without sign',
    kinds: raw,
    plant: (layer) => ({ switches: { weight: (l, ic, oc, row, col, ki, kj) => goodWeight(l, ic, oc, row, col, ki, kj) & (2 ** layer.weightBits - 1) } }),
  },
  {
    id: 'activation-signed',
    label: 'activations with sign',
    kinds: raw,
    plant: (layer) => ({ switches: { activation: (l, ic, row, y, x) => signedWrap(layer.activationBits)(goodActivation(l, ic, row, y, x)) } }),
  },
  {
    id: 'weights-transposed',
    label: 'rows and columns of weights exchanged',
    kinds: raw,
    applies: ({ rows, cols }) => rows === cols,
    plant: () => ({ switches: { weight: (l, ic, oc, row, col, ki, kj) => goodWeight(l, ic, oc, col, row, ki, kj) } }),
  },
  {
    id: 'rows-reversed',
    label: 'activation rows upside down',
    kinds: raw,
    plant: () => ({ switches: { activation: (l, ic, row, y, x) => goodActivation(l, ic, l.rows - 1 - row, y, x) } }),
  },
  {
    id: 'kij-transposed',
    label: 'ki and kj exchanged',
    kinds: raw,
    applies: ({ kernel }) => kernel > 1,
    plant: () => ({ switches: { weight: (l, ic, oc, row, col, ki, kj) => goodWeight(l, ic, oc, row, col, kj, ki) } }),
  },
  {
    id: 'kij-order',
    label: 'kernel rotated',
    kinds: raw,
    applies: ({ kernel }) => kernel > 1,
    plant: () => ({ switches: { weight: (l, ic, oc, row, col, ki, kj) => goodWeight(l, ic, oc, row, col, l.kernel - 1 - ki, l.kernel - 1 - kj) } }),
  },
  {
    id: 'dead-pe',
    label: 'one PE adds nothing',
    kinds: raw,
    plant: (layer, _kind, random) => {
      const [row, col] = [pick(random, layer.rows), pick(random, layer.cols)];
      return { parameters: { row, col }, switches: { element: (above, product, r, c) => (r === row && c === col ? above : above + product) } };
    },
  },
  {
    id: 'dead-pe',
    label: 'one PE hands down zero',
    kinds: raw,
    plant: (layer, _kind, random) => {
      // Losing all rows is a dead column
      const [row, col] = [1 + pick(random, layer.rows - 2), pick(random, layer.cols)];
      return { parameters: { row, col }, switches: { element: (above, product, r, c) => (r === row && c === col ? 0 : above + product) } };
    },
  },
  {
    id: 'dead-row',
    label: 'one row adds nothing',
    kinds: raw,
    plant: (layer, _kind, random) => {
      const row = pick(random, layer.rows);
      return { parameters: { row }, switches: { element: (above, product, r) => (r === row ? above : above + product) } };
    },
  },
  {
    id: 'dead-column',
    label: 'one column is zero',
    kinds: raw,
    plant: (layer, _kind, random) => {
      const col = pick(random, Math.min(layer.cols, layer.outChannels));
      return { parameters: { col }, switches: { element: (above, product, _r, c) => (c === col ? 0 : above + product) } };
    },
  },
  { id: 'relu-missing', label: 'no ReLU', kinds: ['out'], plant: () => ({ switches: { activate: (sum) => sum } }) },
  { id: 'relu-missing', label: 'no ReLU, model not known', kinds: ['out'], withoutModel: true, plant: () => ({ switches: { activate: (sum) => sum } }) },
  { id: 'relu-applied', label: 'after ReLU', kinds: ['psum', 'raw'], plant: () => ({ switches: { store: (psum) => Math.max(0, psum) }, dump: (entries) => entries.map((entry) => entry.map((word) => Math.max(0, word ?? 0))) }), onlyDump: ['raw'] },
  { id: 'relu-early', label: 'ReLU on each psum', kinds: outputs, applies: ({ kernel, inChannels, rows }) => kernel > 1 || inChannels > rows, plant: () => ({ switches: { store: (psum) => (psum > 0 ? psum : 0) } }) },
  { id: 'relu-early', label: 'ReLU after each addition', kinds: outputs, applies: ({ kernel }) => kernel > 1, plant: () => ({ switches: { afterAddition: (sum) => (sum > 0 ? sum : 0) } }) },
  { id: 'relu-early', label: 'ReLU after each ic tile', kinds: outputs, applies: several, plant: () => ({ switches: { afterTile: (sum) => (sum > 0 ? sum : 0) } }) },
  { id: 'leaky-relu', label: 'an eighth of negatives passes', kinds: outputs, plant: () => ({ switches: { activate: (sum) => (sum < 0 ? Math.floor(sum / 8) : sum) } }) },
  { id: 'narrow-accumulator', label: 'psums wrap', kinds: raw, plant: (layer) => ({ parameters: { bits: tightPsum(layer) }, switches: { store: signedWrap(tightPsum(layer)) } }) },
  { id: 'narrow-accumulator', label: 'outputs wrap', kinds: outputs, plant: (layer) => ({ parameters: { bits: tightOut(layer) }, switches: { sum: signedWrap(tightOut(layer)) } }) },
  { id: 'saturation', label: 'psums saturate', kinds: raw, plant: (layer) => ({ parameters: { bits: tightPsum(layer) }, switches: { store: clamp(tightPsum(layer)) } }) },
  { id: 'saturation', label: 'accumulator saturates', kinds: outputs, plant: (layer) => ({ parameters: { bits: tightOut(layer) }, switches: { afterAddition: clamp(tightOut(layer)) } }) },
  { id: 'sign-extension-lost', label: 'psums zero-extended', kinds: raw, plant: (layer) => ({ parameters: { bits: tightPsum(layer) + 1 }, switches: { store: lower(tightPsum(layer) + 1) } }) },
  {
    id: 'saturation',
    label: 'each PE saturates',
    kinds: raw,
    plant: (layer) => {
      const cut = clamp(tightPsum(layer));
      return { parameters: { bits: tightPsum(layer) }, switches: { element: (above, product) => cut(above + product) } };
    },
  },
  {
    id: 'sign-extension-lost',
    label: 'products zero-extended',
    kinds: raw,
    plant: (layer) => ({ parameters: { bits: layer.activationBits + layer.weightBits }, switches: { element: (above, product) => above + lower(layer.activationBits + layer.weightBits)(product) } }),
  },
  {
    id: 'column-skew',
    label: 'psums of one column a pixel late',
    kinds: outputs,
    plant: (layer, _kind, random) => {
      const late = pick(random, Math.min(layer.cols, layer.outChannels));
      return { parameters: { col: late, shift: 1 }, switches: { address: (_l, right, _kij, _oy, _ox, col) => (col === late ? right - 1 : right) } };
    },
  },
  {
    id: 'stuck-bit',
    label: 'bit 4 of the psums of one column always 1',
    kinds: outputs,
    plant: (layer, _kind, random) => {
      const stuck = pick(random, Math.min(layer.cols, layer.outChannels));
      return { parameters: { bit: 4, at: 1, col: stuck }, switches: { store: (psum, col) => (col === stuck && Math.floor(psum / 16) % 2 === 0 ? psum + 16 : psum) } };
    },
  },
  {
    id: 'line-offset',
    label: 'first activation line skipped',
    kinds: raw,
    // Without padding the line that stays for the last pixel would have to be told apart from pixels outside
    applies: ({ padding }) => padding > 0,
    plant: () => ({
      switches: {
        activation: (l, ic, row, y, x) => {
          const side = padded(l);
          const next = (y + l.padding) * side + x + l.padding + 1;
          return goodActivation(l, ic, row, Math.floor(next / side) - l.padding, (next % side) - l.padding);
        },
      },
    }),
  },
  { id: 'sign-extension-lost', label: 'outputs zero-extended', kinds: outputs, plant: (layer) => ({ parameters: { bits: tightOut(layer) + 1 }, switches: { sum: lower(tightOut(layer) + 1) } }) },
  {
    id: 'kij-dropped',
    label: 'one kij not added',
    kinds: outputs,
    applies: ({ kernel }) => kernel > 1,
    plant: (layer, _kind, random) => {
      const dropped = pick(random, layer.kernel ** 2);
      return { parameters: { kij: dropped }, switches: { adds: (_ic, kij) => kij !== dropped } };
    },
  },
  {
    id: 'ictile-missing',
    label: 'one ic tile not added',
    kinds: outputs,
    applies: several,
    plant: (layer, _kind, random) => {
      const dropped = pick(random, icTiles(layer));
      return { switches: { adds: (icTile) => icTile !== dropped } };
    },
  },
  { id: 'accumulator-not-reset', label: 'sum of the pixel before stays', kinds: outputs, plant: () => ({ switches: { start: (pixel) => pixel } }) },
  { id: 'accumulator-not-reset', label: 'sum of the oc tile before stays', kinds: outputs, applies: (layer) => ocTiles(layer) > 1, plant: () => ({ switches: { start: (_pixel, tile) => tile } }) },
  {
    id: 'padding-nonzero',
    label: 'padding holds 1',
    kinds: raw,
    applies: ({ padding }) => padding > 0,
    plant: () => ({ parameters: { value: 1 }, switches: { activation: (l, ic, row, y, x) => (y < 0 || x < 0 || y >= l.size || x >= l.size ? 1 : goodActivation(l, ic, row, y, x)) } }),
  },
  {
    id: 'padding-nonzero',
    label: 'padding repeats the border',
    kinds: raw,
    applies: ({ padding }) => padding > 0,
    plant: () => {
      const inside = (l: TestLayer, at: number): number => Math.min(l.size - 1, Math.max(0, at));
      return { switches: { activation: (l, ic, row, y, x) => goodActivation(l, ic, row, inside(l, y), inside(l, x)) } };
    },
  },
  {
    id: 'pixel-address',
    label: 'row pitch without padding',
    kinds: outputs,
    applies: ({ padding }) => padding > 0,
    plant: () => ({ switches: { address: (l, _right, kij, oy, ox) => kij * padded(l) ** 2 + (oy * l.stride + Math.floor(kij / l.kernel)) * l.size + ox * l.stride + (kij % l.kernel) } }),
  },
  {
    id: 'pixel-address',
    label: 'stride forgotten',
    kinds: outputs,
    applies: ({ stride }) => stride > 1,
    plant: () => ({ switches: { address: (l, _right, kij, oy, ox) => kij * padded(l) ** 2 + (oy + Math.floor(kij / l.kernel)) * padded(l) + ox + (kij % l.kernel) } }),
  },
  { id: 'address-shift', label: 'psums written one address too high', kinds: outputs, parameters: { shift: 1 }, plant: () => ({ switches: { address: (_l, right) => right - 1 } }) },
  { id: 'address-shift', label: 'psums written one address too low', kinds: outputs, parameters: { shift: -1 }, plant: () => ({ switches: { address: (_l, right) => right + 1 } }) },
  {
    id: 'stale-tile',
    label: 'one kij has the weights of the one before',
    kinds: raw,
    applies: ({ kernel }) => kernel > 1,
    plant: (layer, _kind, random) => {
      const late = 1 + pick(random, layer.kernel ** 2 - 1);
      return {
        parameters: { kij: late, from: late - 1 },
        switches: {
          weight: (l, ic, oc, row, col, ki, kj) => {
            const kij = ki * l.kernel + kj;
            const used = kij === late ? kij - 1 : kij;
            return goodWeight(l, ic, oc, row, col, Math.floor(used / l.kernel), used % l.kernel);
          },
        },
      };
    },
  },
  { id: 'stale-tile', label: 'second ic tile with the weights of the first', kinds: raw, applies: several, plant: () => ({ parameters: { icTile: 1, from: 0 }, switches: { weight: (l, ic, oc, row, col, ki, kj) => goodWeight(l, ic === 1 ? 0 : ic, oc, row, col, ki, kj) } }) },
];
