import type { Fault } from './fault';
import type { TestLayer } from './layers';
import type { Entry, Word } from './simulator';
import { goodWeight, icTiles, ocTiles, padded } from './simulator';

const all = ['psum', 'out', 'raw'] as const;
const pick = (random: () => number, count: number): number => Math.floor(random() * count);
const words = (change: (word: number, col: number) => number) => (entries: readonly Entry[]): Entry[] => entries.map((entry) => entry.map((word, col) => (word === null ? null : change(word, col))));

/** A memory that the writes of a run end up in; what is not written reads x. */
function memory(depth: number, cols: number, writes: readonly (readonly [number, Entry])[]): Entry[] {
  const cells: Entry[] = Array.from({ length: depth }, () => Array.from({ length: cols }, () => null));
  for (const [address, entry] of writes) if (address >= 0 && address < depth) cells[address] = entry;
  return cells;
}

const shifted = (by: number) => (entries: readonly Entry[]): Entry[] => memory(entries.length, entries[0]!.length, entries.map((entry, at) => [at + by, entry] as const));

const without = (entries: readonly Entry[], from: number, count: number): Entry[] => [...entries.slice(0, from), ...entries.slice(from + count)];
const pixels = (layer: TestLayer): number => padded(layer) ** 2;
const hasKernel = (layer: TestLayer): boolean => layer.kernel > 1;

/** Each column through a delay line of its own, empty at the start. */
const delayed = (delays: readonly number[]) => (entries: readonly Entry[]): Entry[] => {
  const lines = delays.map((delay) => Array.from({ length: delay }, (): Word => null));
  return entries.map((entry) =>
    entry.map((word, col) => {
      lines[col]!.push(word);
      return lines[col]!.shift()!;
    }),
  );
};

const bits = (value: number, width: number): string => (value < 0 ? value + 2 ** width : value).toString(2).padStart(width, '0');
const number = (text: string): number => (text.startsWith('1') ? parseInt(text, 2) - 2 ** text.length : parseInt(text, 2));

function inParts(entries: readonly Entry[], count: number, change: (part: readonly Entry[], at: number) => readonly Entry[]): Entry[] {
  const length = entries.length / count;
  return Array.from({ length: count }, (_, at) => change(entries.slice(at * length, (at + 1) * length), at)).flat();
}

/** Faults between the core and the file. */
export const DUMP_FAULTS: readonly Fault[] = [
  ...[1, 3, -1].map((shift): Fault => ({ id: 'address-shift', label: `written ${Math.abs(shift)} too ${shift > 0 ? 'high' : 'low'}`, kinds: all, plant: () => ({ parameters: { shift }, dump: shifted(shift) }) })),
  { id: 'address-shift', label: 'written 1 too high, model not known', kinds: all, withoutModel: true, plant: () => ({ parameters: { shift: 1 }, dump: shifted(1) }) },
  { id: 'line-offset', label: 'an old line in front', kinds: ['out', 'raw'], plant: (layer, _kind, random) => ({ parameters: { lines: 1 }, dump: (entries) => [Array.from({ length: layer.cols }, () => 1 + pick(random, 99)), ...entries] }) },
  { id: 'line-offset', label: 'first two lines missed', kinds: ['out', 'raw'], plant: () => ({ parameters: { lines: -2 }, dump: (entries) => entries.slice(2) }) },
  { id: 'truncated', label: 'ends early', kinds: ['out', 'raw'], plant: (_layer, _kind, random) => ({ dump: (entries) => entries.slice(0, Math.floor(entries.length * (0.4 + random() / 2))) }) },
  { id: 'truncated', label: 'the last kij is not in the dump', kinds: ['psum'], printed: true, applies: hasKernel, plant: (layer) => ({ dump: (entries) => entries.slice(0, -pixels(layer)) }) },
  { id: 'truncated', label: 'the last oc tile is not in the dump', kinds: ['out', 'raw'], applies: (layer) => ocTiles(layer) > 1, plant: (layer) => ({ dump: (entries) => entries.slice(0, -entries.length / ocTiles(layer)) }) },
  { id: 'line-offset', label: 'the first kij is not in the dump', kinds: ['psum'], printed: true, applies: hasKernel, plant: (layer) => ({ parameters: { lines: -pixels(layer) }, dump: (entries) => entries.slice(pixels(layer)) }) },
  ...[1, 2].map((many): Fault => ({
    id: 'skipped-block',
    label: `${many} kij left out`,
    kinds: ['psum'],
    printed: true,
    applies: hasKernel,
    plant: (layer, _kind, random) => {
      const from = (1 + pick(random, layer.kernel ** 2 - 1 - many)) * pixels(layer);
      const count = many * pixels(layer);
      return { parameters: { from, count }, dump: (entries) => without(entries, from, count) };
    },
  })),
  {
    id: 'skipped-block',
    label: 'a run of lines left out',
    kinds: all,
    printed: true,
    plant: (_layer, _kind, random) => {
      const count = 2 + pick(random, 6);
      const at = 0.2 + random() / 2;
      return { parameters: { count }, dump: (entries) => without(entries, Math.floor(entries.length * at), count) };
    },
  },
  {
    id: 'skipped-block',
    label: 'a run of writes left out, the address stands still',
    kinds: ['psum', 'raw'],
    plant: (layer, _kind, random) => {
      const count = 2 + pick(random, 6);
      const at = 0.2 + random() / 2;
      return { parameters: { count }, dump: (entries) => memory(entries.length, layer.cols, without(entries, Math.floor(entries.length * at), count).map((entry, to) => [to, entry] as const)) };
    },
  },
  { id: ['truncated', 'address-shift'], label: 'written 1 too high, ends early', kinds: all, printed: true, plant: (_layer, _kind, random) => ({ dump: (entries) => shifted(1)(entries).slice(0, Math.floor(entries.length * (0.4 + random() / 2))) }) },
  { id: ['truncated', 'word-order-reversed'], label: 'columns backwards, ends early', kinds: all, printed: true, plant: (_layer, _kind, random) => ({ dump: (entries) => entries.slice(0, Math.floor(entries.length * (0.4 + random() / 2))).map((entry) => [...entry].reverse()) }) },
  { id: 'word-order-reversed', label: 'columns backwards', kinds: all, plant: () => ({ dump: (entries) => entries.map((entry) => [...entry].reverse()) }) },
  { id: 'word-order-interleaved', label: 'even columns, then odd', kinds: all, plant: () => ({ dump: (entries) => entries.map((entry) => [...entry.filter((_, col) => col % 2 === 0), ...entry.filter((_, col) => col % 2 === 1)]) }) },
  { id: 'bit-order-reversed', label: 'bits backwards', kinds: all, plant: ({ psumBits }) => ({ dump: words((word) => number(Array.from(bits(word, psumBits)).reverse().join(''))) }) },
  { id: 'bytes-swapped', label: 'bytes exchanged', kinds: all, applies: ({ psumBits }) => psumBits === 16, plant: () => ({ dump: words((word) => number(bits(word, 16).slice(8) + bits(word, 16).slice(0, 8))) }) },
  {
    id: 'column-skew',
    label: 'one column late',
    kinds: all,
    plant: (layer, _kind, random) => {
      const col = pick(random, Math.min(layer.cols, layer.outChannels));
      const shift = 1 + pick(random, 3);
      return { parameters: { col, shift }, dump: delayed(Array.from({ length: layer.cols }, (_, at) => (at === col ? shift : 0))) };
    },
  },
  { id: 'column-skew', label: 'column c late by c', kinds: ['psum', 'raw'], plant: ({ cols }) => ({ dump: delayed(Array.from({ length: cols }, (_, at) => at)) }) },
  { id: 'column-skew', label: 'each column late by its own', kinds: ['psum', 'raw'], plant: ({ cols }, _kind, random) => ({ dump: delayed(Array.from({ length: cols }, (_, at) => (at === 0 ? 2 : pick(random, 4)))) }) },
  {
    id: 'tile-shift',
    label: 'the last oc tile one too high',
    kinds: ['psum', 'raw'],
    applies: (layer) => ocTiles(layer) > 1,
    plant: (layer, kind) => ({
      parameters: { shift: 1 },
      // Psum memories stand pair by pair, ic tile outermost; outputs oc tile by oc tile
      dump: (entries) => inParts(entries, kind === 'psum' ? icTiles(layer) * ocTiles(layer) : ocTiles(layer), (part, at) => (at % ocTiles(layer) === ocTiles(layer) - 1 ? shifted(1)(part) : part)),
    }),
  },
  {
    id: 'tile-shift',
    label: 'one kij one too high',
    kinds: ['psum'],
    applies: (layer) => layer.kernel > 1,
    plant: (layer, _kind, random) => {
      const kij = pick(random, layer.kernel ** 2);
      return { parameters: { shift: 1, kij }, dump: (entries) => inParts(entries, entries.length / padded(layer) ** 2, (part, at) => (at % layer.kernel ** 2 === kij ? shifted(1)(part) : part)) };
    },
  },
  {
    id: 'duplicated-entry',
    label: 'an entry written twice',
    kinds: all,
    plant: (_layer, _kind, random) => ({
      dump: (entries) => {
        const at = Math.floor(entries.length * (0.2 + random() / 2));
        return [...entries.slice(0, at + 1), ...entries.slice(at)].slice(0, entries.length);
      },
    }),
  },
  {
    id: 'duplicated-entry',
    label: 'an entry skipped',
    kinds: all,
    plant: (layer, _kind, random) => ({
      dump: (entries) => {
        const at = Math.floor(entries.length * (0.2 + random() / 2));
        return memory(entries.length, layer.cols, [...entries.slice(0, at), ...entries.slice(at + 1)].map((entry, to) => [to, entry] as const));
      },
    }),
  },
  {
    id: 'stale-tile',
    label: 'the last oc tile holds the first',
    kinds: ['out', 'raw'],
    applies: (layer) => ocTiles(layer) > 1,
    plant: (layer) => ({ dump: (entries) => inParts(entries, ocTiles(layer), (part, at) => (at === ocTiles(layer) - 1 ? entries.slice(0, part.length) : part)) }),
  },
  { id: 'stuck-bit', label: 'bit 3 always 1', kinds: all, plant: () => ({ parameters: { bit: 3, at: 1 }, dump: words((word) => (Math.floor(word / 8) % 2 === 0 ? word + 8 : word)) }) },
  {
    id: 'stuck-bit',
    label: 'bit 2 of one column always 0',
    kinds: all,
    plant: (layer, _kind, random) => {
      const stuck = pick(random, Math.min(layer.cols, layer.outChannels));
      return { parameters: { bit: 2, at: 0, col: stuck }, dump: words((word, col) => (col === stuck && bits(word, 32).at(-3) === '1' ? word - 4 : word)) };
    },
  },
  {
    id: 'corrupt-word',
    label: 'one word',
    kinds: all,
    plant: (layer, _kind, random) => {
      const [at, wrong] = [random(), pick(random, layer.cols)];
      return { dump: (entries) => entries.map((entry, e) => (e === Math.floor(at * entries.length) ? entry.map((word, col) => (col === wrong ? (word ?? 0) + 1234 : word)) : entry)) };
    },
  },
  {
    id: 'swapped-columns',
    label: 'two columns exchanged',
    kinds: all,
    applies: (layer) => Math.min(layer.cols, layer.outChannels) > 2,
    plant: (layer, _kind, random) => {
      const count = Math.min(layer.cols, layer.outChannels);
      const first = pick(random, count - 1);
      const second = first + 1 + pick(random, count - 1 - first);
      return { parameters: { axis: 'col', first, second }, dump: (entries) => entries.map((entry) => entry.map((word, col) => (col === first ? entry[second]! : col === second ? entry[first]! : word))) };
    },
  },
  {
    id: 'swapped-blocks',
    label: 'two kij exchanged',
    kinds: ['psum'],
    applies: hasKernel,
    plant: (layer, _kind, random) => {
      const kijs = layer.kernel ** 2;
      // Neighbours are no mirror images of each other, nor ki and kj exchanged
      const first = pick(random, kijs - 1);
      const [one, other] = [first, first + 1];
      return { parameters: { axis: 'kij', first: one, second: other }, dump: (entries) => inParts(entries, entries.length / (kijs * pixels(layer)), (part) => inParts(part, kijs, (block, kij) => (kij === one ? part.slice(other * pixels(layer), (other + 1) * pixels(layer)) : kij === other ? part.slice(one * pixels(layer), (one + 1) * pixels(layer)) : block))) };
    },
  },
  {
    id: 'swapped-blocks',
    label: 'two entries exchanged',
    kinds: ['psum', 'raw'],
    plant: (_layer, _kind, random) => {
      const [at, by] = [0.2 + random() / 2, 1 + pick(random, 3)];
      return {
        parameters: { axis: 'entry' },
        dump: (entries) => {
          const [first, second] = [Math.floor(entries.length * at), Math.floor(entries.length * at) + by];
          return entries.map((entry, e) => (e === first ? entries[second]! : e === second ? entries[first]! : entry));
        },
      };
    },
  },
  { id: 'truncated', label: 'last third never written', kinds: all, plant: (layer) => ({ dump: (entries) => memory(entries.length, layer.cols, entries.slice(0, Math.floor((entries.length * 2) / 3)).map((entry, at) => [at, entry] as const)) }) },
  { id: 'truncated', label: 'last third never written, reads 0', kinds: ['psum', 'raw'], plant: (layer) => ({ dump: (entries) => entries.map((entry, at) => (at < (entries.length * 2) / 3 ? entry : Array.from({ length: layer.cols }, () => 0))) }) },
  {
    id: 'uninitialised',
    label: 'one column x',
    kinds: all,
    plant: (layer, _kind, random) => {
      const lost = pick(random, layer.cols);
      return { parameters: { col: lost }, dump: (entries) => entries.map((entry) => entry.map((word, col) => (col === lost ? null : word))) };
    },
  },
  { id: 'uninitialised', label: 'middle third never written', kinds: all, plant: () => ({ dump: (entries) => entries.map((entry, at) => (at >= entries.length / 3 && at < (entries.length * 2) / 3 ? entry.map(() => null) : entry)) }) },
  { id: 'uninitialised', label: 'nothing written', kinds: all, plant: () => ({ dump: (entries) => entries.map((entry) => entry.map(() => null)) }) },
  { id: 'all-zero', label: 'all zero', kinds: all, plant: () => ({ dump: words(() => 0) }) },
  { id: 'sign-flipped', label: 'negated', kinds: ['psum', 'raw'], plant: () => ({ dump: words((word) => 0 - word) }) },
  { id: 'constant-offset', label: 'all 5 too large', kinds: all, plant: () => ({ parameters: { by: 5 }, dump: words((word) => word + 5) }) },
  {
    id: 'dead-column',
    label: 'one column reads 77',
    kinds: all,
    plant: (layer, _kind, random) => {
      const dead = pick(random, layer.cols);
      return { parameters: { col: dead, value: 77 }, dump: words((word, col) => (col === dead ? 77 : word)) };
    },
  },
  {
    id: 'golden-defective',
    label: 'one golden word wrong',
    kinds: all,
    plant: (_layer, _kind, random) => {
      const at = random();
      return { golden: (entries) => entries.map((entry, e) => (e === Math.floor(at * entries.length) ? [(entry[0] ?? 0) + 4096, ...entry.slice(1)] : entry)) };
    },
  },
  {
    id: ['weight-unsigned', 'address-shift'],
    label: 'weights without sign, written 1 too high',
    kinds: all,
    plant: (layer) => ({ switches: { weight: (l, ic, oc, row, col, ki, kj) => goodWeight(l, ic, oc, row, col, ki, kj) & (2 ** layer.weightBits - 1) }, dump: shifted(1) }),
  },
  { id: ['relu-missing', 'word-order-reversed'], label: 'no ReLU, columns backwards', kinds: ['out'], plant: () => ({ switches: { activate: (sum) => sum }, dump: (entries) => entries.map((entry) => [...entry].reverse()) }) },
  {
    id: ['weights-transposed', 'rows-reversed'],
    label: 'rows and columns exchanged, rows backwards',
    kinds: all,
    applies: ({ rows, cols }) => rows === cols,
    // The activations enter backwards, so the PE at row r meets the activation of row R-1-r
    plant: () => ({ switches: { weight: (l, ic, oc, row, col, ki, kj) => goodWeight(l, ic, oc, col, l.rows - 1 - row, ki, kj) } }),
  },
  { id: ['dead-column', 'dead-column'], label: 'two columns are zero', kinds: ['psum', 'raw'], plant: () => ({ dump: words((word, col) => (col < 2 ? 0 : word)) }) },
];
