import type { Axis, Kind } from './axis';
import type { HeaderName } from './header';
import type { Radix } from './layout';

/** Which values of an axis are written: all, one, or a range `a:b` (b excluded, cut at the end as in Python). */
export type Selected = 'all' | number | `${number}:${number}`;

/** The axes a user may cut down. Rows and columns are the array's own and always whole. */
export const SELECTABLE = ['icTile', 'ocTile', 'kij', 'nij', 'o_nij'] as const satisfies readonly Axis[];
export type Selection = Readonly<Partial<Record<(typeof SELECTABLE)[number], Selected>>>;

/** One golden file, or one per value of the axes that its name mentions. */
export interface FileSpec {
  /**
   * Path below the output folder. `{kij}` stands for the coordinate; a part in `[...]` is left out when each axis that it
   * mentions has one selected value only: `psum[_kij{kij}].txt`.
   */
  readonly name: string;
  readonly holds: Kind;
  /** Loops over the lines, outermost first: `axis`, `axis desc`, `axis/8` (blocks) and `axis%8` (inside a block). */
  readonly lines: readonly string[];
  /** Loops over the words of a line from left to right, in the same terms. */
  readonly words: readonly string[];
  /** Default: the width of what it holds (activation, weight or psum bits; addresses as many as they need, at least 11). */
  readonly bits?: number;
  readonly radix?: Radix;
  readonly separator?: string;
  readonly trailing?: string;
  readonly header?: HeaderName | readonly string[];
  readonly eol?: '\n' | '\r\n';
  /** Outputs only: negatives cut to zero. */
  readonly relu?: boolean;
  readonly select?: Selection;
  /** Where the decimal twin goes, a name like `name`; by default `viz/viz_NAME` beside the file. False: no twin. */
  readonly twin?: string | false;
  /** The twin belongs to the set itself and is written even when twins are not asked for. */
  readonly twinAlways?: boolean;
}

/** A named family of golden files. */
export interface Profile {
  readonly name: string;
  readonly description: string;
  readonly files: readonly FileSpec[];
}

const BLANK_AFTER_EACH_WORD = { separator: ' ', trailing: ' ' } as const;

/** The four notebooks that write files. Their texts and orders are reproduced to the byte; see docs/profiles.md. */
export const BUILT_IN_PROFILES: readonly Profile[] = [
  {
    name: 'hw-code6',
    description: 'Homework 6: activation, weight and psum of one tile and one kij, nij 200..263, words separated by blanks',
    files: [
      { name: 'activation[_tile{icTile}].txt', holds: 'activation', lines: ['nij'], words: ['row desc'], header: 'time-row', ...BLANK_AFTER_EACH_WORD, select: { icTile: 0, nij: '200:264' } },
      // Lines are rows although the header says columns: so the notebook writes it
      { name: 'weight[_itile{icTile}_otile{ocTile}][_kij{kij}].txt', holds: 'weight', lines: ['row'], words: ['col desc'], header: 'col-row', ...BLANK_AFTER_EACH_WORD, select: { icTile: 0, ocTile: 0, kij: 0 } },
      { name: 'psum[_itile{icTile}_otile{ocTile}][_kij{kij}].txt', holds: 'psum', lines: ['nij'], words: ['col desc'], header: 'time-col', ...BLANK_AFTER_EACH_WORD, select: { icTile: 0, ocTile: 0, kij: 0, nij: '200:264' } },
    ],
  },
  {
    name: 'part1',
    description: 'Part 1: activation, weight_K, one kij-major psum file and the output after ReLU, at most 64 nij and 64 outputs',
    files: [
      { name: 'activation[_tile{icTile}].txt', holds: 'activation', lines: ['nij'], words: ['row desc'], header: 'time-row', select: { nij: '0:64' } },
      { name: 'weight[_itile{icTile}_otile{ocTile}]_{kij}.txt', holds: 'weight', lines: ['row'], words: ['col desc'], header: 'col-row' },
      { name: 'psum[_itile{icTile}_otile{ocTile}].txt', holds: 'psum', lines: ['kij', 'nij'], words: ['col desc'], header: 'time-col', select: { nij: '0:64' } },
      { name: 'output[_otile{ocTile}].txt', holds: 'out', relu: true, lines: ['o_nij'], words: ['col desc'], header: 'time-row', select: { o_nij: '0:64' } },
    ],
  },
  {
    name: 'golden-part1',
    description: 'Golden tree of Part 1: golden/Part1 with activation, weight, out_raw and out, decimal twins in viz, and psum.txt',
    files: [
      { name: 'golden/Part1/activation_tile{icTile}.txt', holds: 'activation', lines: ['nij'], words: ['row desc'], header: 'time-row', twinAlways: true },
      { name: 'golden/Part1/weight_itile{icTile}_otile{ocTile}_kij{kij}.txt', holds: 'weight', lines: ['col'], words: ['row desc'], header: 'col-row', twinAlways: true },
      { name: 'golden/Part1/out_raw[_otile{ocTile}].txt', holds: 'out', lines: ['o_nij'], words: ['col desc'], header: 'time-co', twinAlways: true },
      { name: 'golden/Part1/out[_otile{ocTile}].txt', holds: 'out', relu: true, lines: ['o_nij'], words: ['col desc'], header: 'time-co', twinAlways: true },
      { name: 'psum[_itile{icTile}_otile{ocTile}][_kij{kij}].txt', holds: 'psum', lines: ['nij'], words: ['col desc'], header: 'time-co', select: { kij: 0 } },
    ],
  },
  {
    name: 'memory-data-4bit',
    description: 'Memory data, part 1: activation, weight and out after ReLU, no headers',
    files: [
      { name: 'activation_tile{icTile}.txt', holds: 'activation', lines: ['nij'], words: ['row desc'] },
      { name: 'weight_itile{icTile}_otile{ocTile}_kij{kij}.txt', holds: 'weight', lines: ['col'], words: ['row desc'] },
      { name: 'out[_otile{ocTile}].txt', holds: 'out', relu: true, lines: ['o_nij'], words: ['col desc'] },
    ],
  },
  {
    name: 'memory-data-2bit',
    description: 'Memory data, part 2: 2-bit activations in pairs, two lines a column (even rows, odd rows), outputs 7..0 then 15..8',
    files: [
      { name: 'activation_tile{icTile}.txt', holds: 'activation', lines: ['nij'], words: ['row desc'] },
      { name: 'weight_itile{icTile}_otile{ocTile}_kij{kij}.txt', holds: 'weight', lines: ['col', 'row%2'], words: ['row/2 desc'] },
      // A negative index wraps in the notebook, hence the second block of eight after the first
      { name: 'out[_otile{ocTile}].txt', holds: 'out', relu: true, lines: ['o_nij'], words: ['col/8', 'col%8 desc'] },
    ],
  },
];

/** The psum SRAM address of every contribution: one word a line, o_nij-major. Asked for by `extras: ["address"]`. */
export const ADDRESS_FILE: FileSpec = { name: 'acc_address.txt', holds: 'address', lines: ['o_nij', 'kij'], words: [] };
