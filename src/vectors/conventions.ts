import type { ReadFile } from './convention';
import { reach } from './convention';
import { headerClues } from './headerClues';
import type { Inference } from './inference';
import type { Loop } from './layout';
import { Layout } from './layout';
import { nameClues } from './nameClues';
import type { Order } from './orders';
import { down, ordersOf, up } from './orders';
import type { FileReader, Form } from './readAs';
import { digitsOf, formsOf, isJoined } from './readAs';

/** One way to read the activation files, or the weight files, of a set. */
export interface Convention {
  /** How usual it is, as natural logarithm of odds. */
  readonly score: number;
  /** Rows that it reads; of activations those that the weights ask for. */
  readonly rows: number;
  /** Columns that a weight convention reads; 0 of activations. */
  readonly cols: number;
  /** Read when they are asked for: most conventions are passed over. */
  readonly files: () => readonly ReadFile[];
}

/** Less usual than the order that the header or the line counts suggest. */
const PENALTY = { otherForm: 2, unsignedWeights: 4, signedActivations: 4, otherKernel: 5, upwards: 0.5 } as const;

/** The ways to read weight files, in no order. */
export function weightConventions(weights: readonly Inference[], reader: FileReader): Convention[] {
  if (!sameForm(weights)) return [];
  return formsOf(weights[0]!, 'weight').flatMap((form, rank) => weightsOfForm(weights, form, rank, reader));
}

function weightsOfForm(weights: readonly Inference[], { words, form }: Form, rank: number, reader: FileReader): Convention[] {
  const first = weights[0]!;
  const orders = ordersOf({ kind: 'weight', lines: first.candidates[0]!.layout.lineCount, words, name: nameClues(first.name), header: headerClues(first.shape.header), hints: {} });
  return [true, false].flatMap((signed) =>
    orders.flatMap((order) => {
      const files = once(() => weights.map((file) => reader.readAs(file, { ...form, signed }, order)));
      const score = order.score - (signed ? 0 : PENALTY.unsignedWeights) - PENALTY.otherForm * rank;
      const usual = { files, score, rows: reachOf(order, 'row'), cols: reachOf(order, 'col') };
      if (!signed) return [usual];
      return [usual, ...KERNEL_ORDERS.map((way) => ({ ...usual, files: once(() => otherKernel(files(), way)), score: score - PENALTY.otherKernel }))];
    }),
  );
}

/** Kernel positions column by column, or from the last to the first. */
const KERNEL_ORDERS = ['transposed', 'reversed'] as const;

/** The same weights with their kernel positions in another order; no files when the kernel has no such order. */
function otherKernel(files: readonly ReadFile[], way: (typeof KERNEL_ORDERS)[number]): readonly ReadFile[] {
  const count = reach(files, 'kij');
  const side = Math.sqrt(count);
  if (side < 2 || (way === 'transposed' && !Number.isInteger(side))) return [];
  const place = (kij: number): number => (way === 'reversed' ? count - 1 - kij : (kij % side) * side + Math.floor(kij / side));
  const change = (loop: Loop): Loop[] => {
    if (loop.axis !== 'kij') return [loop];
    return way === 'reversed' ? [down('kij', count)] : [up('kij', side), up('kij', side, side)];
  };
  return files.map(({ layout, values }) => {
    const { fixed, lines } = layout.spec;
    const kij = fixed.kij === undefined ? {} : { kij: place(fixed.kij) };
    return { layout: new Layout({ ...layout.spec, fixed: { ...fixed, ...kij }, lines: lines.flatMap(change) }), values };
  });
}

/** The ways to read activation files for an array of so many rows. Joined digits say nothing of the width of a word: the rows do. */
export function activationConventions(activations: readonly Inference[], rows: number, reader: FileReader): Convention[] {
  const first = activations[0]!;
  const { layout } = first.candidates[0]!;
  if (!sameForm(activations) || (!isJoined(layout) && layout.wordsPerLine !== rows)) return [];
  const form = formsOf(first, 'activation').find(({ words }) => words === rows)?.form;
  if (form === undefined) return [];
  const orders = ordersOf({ kind: 'activation', lines: layout.lineCount, words: rows, name: nameClues(''), header: headerClues(first.shape.header), hints: {} }).filter(({ lines }) => lines.length === 1);
  return [false, true].flatMap((signed) =>
    orders.map((order) => ({
      files: once(() => activations.map((file) => reader.readAs(file, { ...form, signed }, order))),
      score: order.score - (signed ? PENALTY.signedActivations : 0) - (order.words[0]!.step > 0 ? PENALTY.upwards : 0),
      rows,
      cols: 0,
    })),
  );
}

/** Do all files have lines of one number and width? */
function sameForm(files: readonly Inference[]): boolean {
  const { lineCount, lineWidth } = files[0]!.candidates[0]!.layout;
  return files.every(({ candidates: [best] }) => best!.layout.lineCount === lineCount && best!.layout.lineWidth === lineWidth);
}

function reachOf({ lines, words }: Order, axis: 'row' | 'col'): number {
  const loops = [...lines, ...words].filter((loop) => loop.axis === axis);
  return loops.reduce((sum, { start, step, count }) => sum + Math.max(start, start + step * (count - 1)), 0) + 1;
}

/** Could a psum or output file hold words of so many columns? Outputs of all tiles may stand side by side. */
export function holdsColumns({ candidates: [best] }: Inference, cols: number, ocTiles: number): boolean {
  const { layout } = best!;
  return isJoined(layout) ? digitsOf(layout) % cols === 0 : [cols, cols * ocTiles].includes(layout.wordsPerLine);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
