import { bitsOf } from './support';

/** A memory as it is dumped, `[address][col]`, each word as its bits. */
type Memory = string[][];

/** What a fault makes of a clean run's memory, said a second time and apart from the Verilog. */
interface Effect {
  readonly plusargs: readonly string[];
  readonly memory: 'psum' | 'out';
  readonly layer?: 'conv5' | 'conv3';
  readonly ocTile?: number;
  /** @param clean a dump of the clean run by its name, such as `psum` or `out_otile1` */
  readonly of: (clean: (name: string) => Memory) => Memory;
}

const NIJ = 36;
const KIJ = 9;
const COLS = 8;
const UNKNOWN = 'x'.repeat(16);
const ZERO = '0'.repeat(16);

const backwards = (word: string): string => Array.from(word).reverse().join('');
const valueOf = (bits: string): number => (parseInt(bits, 2) << 16) >> 16;
const unknownLine = (): string[] => Array.from({ length: COLS }, () => UNKNOWN);

/** Changes the words of one column. */
const inColumn = (memory: Memory, col: number, change: (word: string, address: number) => string): Memory =>
  memory.map((line, address) => line.map((word, c) => (c === col ? change(word, address) : word)));

/** conv5's outputs from psums: each sum over kij goes through `accumulate` from 0 on, and ReLU cuts it at the end. */
function outputs(psum: Memory, accumulate: (sum: number, value: number, kij: number) => number): Memory {
  return Array.from({ length: 16 }, (_, oNij) =>
    Array.from({ length: COLS }, (_, col) => {
      let sum = 0;
      for (let kij = 0; kij < KIJ; kij++) {
        const nij = (Math.floor(oNij / 4) + Math.floor(kij / 3)) * 6 + (oNij % 4) + (kij % 3);
        sum = accumulate(sum, valueOf(psum[kij * NIJ + nij]![col]!), kij);
      }
      return bitsOf(Math.max(0, sum), 16);
    }),
  );
}

export const EFFECTS: readonly Effect[] = [
  { plusargs: ['+fault=psum_addr_plus1'], memory: 'psum', of: (clean) => [unknownLine(), ...clean('psum').slice(0, -1)] },
  { plusargs: ['+fault=out_addr_plus1'], memory: 'out', of: (clean) => [unknownLine(), ...clean('out').slice(0, -1)] },
  {
    plusargs: ['+fault=column_late', '+fault_col=2'],
    memory: 'psum',
    of: (clean) => inColumn(clean('psum'), 2, (_, address) => clean('psum')[address - 1]?.[2] ?? UNKNOWN),
  },
  { plusargs: ['+fault=reverse_psum_cols'], memory: 'psum', of: (clean) => clean('psum').map((line) => line.toReversed()) },
  { plusargs: ['+fault=reverse_cols'], memory: 'out', of: (clean) => clean('out').map((line) => line.toReversed()) },
  { plusargs: ['+fault=reverse_bits'], memory: 'out', of: (clean) => clean('out').map((line) => line.map(backwards)) },
  { plusargs: ['+fault=swap_bytes'], memory: 'out', of: (clean) => clean('out').map((line) => line.map((word) => word.slice(8) + word.slice(0, 8))) },
  { plusargs: ['+fault=dead_col', '+fault_col=5'], memory: 'psum', of: (clean) => inColumn(clean('psum'), 5, () => ZERO) },
  {
    plusargs: ['+fault=stuck_bit', '+fault_col=2', '+fault_bits=4', '+fault_value=1'],
    memory: 'psum',
    of: (clean) => inColumn(clean('psum'), 2, (word) => `${word.slice(0, 11)}1${word.slice(12)}`),
  },
  {
    plusargs: ['+fault=corrupt_word', '+fault_value=151', '+fault_col=2', '+fault_bits=9'],
    memory: 'psum',
    of: (clean) => inColumn(clean('psum'), 2, (word, address) => (address === 151 ? bitsOf(valueOf(word) ^ 512, 16) : word)),
  },
  { plusargs: ['+fault=skip_pass', '+fault_kij=4'], memory: 'psum', of: (clean) => clean('psum').map((line, address) => (Math.floor(address / NIJ) === 4 ? unknownLine() : line)) },
  { plusargs: ['+fault=truncated', '+fault_kij=4'], memory: 'psum', of: (clean) => clean('psum').map((line, address) => (address >= 5 * NIJ ? unknownLine() : line)) },
  { plusargs: ['+fault=truncated_out'], memory: 'out', of: (clean) => clean('out').map((line, address) => (address >= 8 ? unknownLine() : line)) },
  { plusargs: ['+fault=stale_tile'], memory: 'psum', layer: 'conv3', ocTile: 1, of: (clean) => clean('psum_otile0') },
  { plusargs: ['+fault=drop_kij', '+fault_kij=4'], memory: 'out', of: (clean) => outputs(clean('psum'), (sum, value, kij) => (kij === 4 ? sum : sum + value)) },
  { plusargs: ['+fault=early_relu'], memory: 'out', of: (clean) => outputs(clean('psum'), (sum, value) => Math.max(0, sum + value)) },
  { plusargs: ['+fault=relu_per_psum'], memory: 'out', of: (clean) => outputs(clean('psum'), (sum, value) => sum + Math.max(0, value)) },
  { plusargs: ['+fault=narrow_acc', '+fault_bits=8'], memory: 'out', of: (clean) => outputs(clean('psum'), (sum, value) => ((sum + value) << 24) >> 24) },
  { plusargs: ['+fault=saturate_acc', '+fault_bits=8'], memory: 'out', of: (clean) => outputs(clean('psum'), (sum, value) => Math.min(127, Math.max(-128, sum + value))) },
];
