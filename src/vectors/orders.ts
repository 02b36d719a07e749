import type { Axis, Kind } from './axis';
import type { HeaderClues } from './headerClues';
import type { Loop } from './layout';
import type { NameClues } from './nameClues';

/** Line and word counts of files beside the one that is read. */
export interface FolderHints {
  readonly activation?: { readonly lines: number; readonly words: number };
  readonly weight?: { readonly lines: number; readonly words: number };
  readonly outLines?: number;
  /** A file that shows the same values as decimals. */
  readonly twin?: { readonly name: string; readonly words: number };
}

/** One way in which lines and words may enumerate the axes. */
export interface Order {
  readonly lines: readonly Loop[];
  readonly words: readonly Loop[];
  /** Points for or against, as natural logarithm of odds. */
  readonly score: number;
  readonly evidence: readonly string[];
}

export interface OrderRequest {
  readonly kind: Kind;
  readonly lines: number;
  readonly words: number;
  readonly name: NameClues;
  readonly header: HeaderClues;
  readonly hints: FolderHints;
}

export const up = (axis: Axis, count: number, step = 1): Loop => ({ axis, start: 0, step, count });
export const down = (axis: Axis, count: number, step = 1): Loop => ({ axis, start: (count - 1) * step, step: -step, count });
export const isSquare = (n: number): boolean => Number.isInteger(Math.sqrt(n));

/** Kernel positions of the usual kernels, most usual first. */
const KERNELS = [9, 25, 4] as const;

/** The plausible orders of a kind, best first. At least one. */
export function ordersOf(request: OrderRequest): Order[] {
  const orders = ORDERS[request.kind](request);
  const { descending, count } = request.header;
  if (request.kind === 'address' || request.words < 2) return orders;
  // The rightmost word is index 0 almost everywhere; a header that counts upwards is the only sign of the opposite
  const upwards = descending === false && count === request.words;
  const turned = orders.map((order) => ({
    ...order,
    words: order.words.map(turn),
    score: order.score + (upwards ? 2 : -3.5),
    evidence: upwards ? [...order.evidence, 'The header counts its words upwards.'] : order.evidence,
  }));
  return [...orders, ...turned].sort((a, b) => b.score - a.score);
}

/** The same values in the opposite order. */
export function turn(loop: Loop): Loop {
  return { ...loop, start: loop.start + loop.step * (loop.count - 1), step: -loop.step };
}

const ORDERS: Readonly<Record<Kind, (request: OrderRequest) => Order[]>> = {
  activation: activationOrders,
  weight: weightOrders,
  psum: psumOrders,
  out: ({ lines, words }) => outOrders(lines, words),
  address: ({ lines }) => [plain([up('o_nij', lines)], [], 0, 'One address a line.')],
};

function plain(lines: readonly Loop[], words: readonly Loop[], score: number, ...evidence: string[]): Order {
  return { lines, words, score, evidence };
}

function activationOrders({ lines, words, name, header }: OrderRequest): Order[] {
  const normal = plain([up('nij', lines)], [down('row', words)], 0, isSquare(lines) ? `${lines} lines are the pixels of a ${Math.sqrt(lines)}x${Math.sqrt(lines)} image.` : `${lines} lines, one a time step.`);
  if (!(name.outputStationary || header.outputStationary) || lines % 9 !== 0) return [normal];
  const stationary = plain([up('row', lines / 9), up('kij', 9)], [down('o_nij', words)], 3, `Output-stationary order: ${lines} lines are ${lines / 9} input channels x 9 kij.`);
  return [stationary, normal];
}

function weightOrders({ lines, words, name, header, hints }: OrderRequest): Order[] {
  const orders: Order[] = [];
  if (name.fixed.kij === undefined) {
    if ((name.outputStationary || header.outputStationary) && lines % 9 === 0) {
      orders.push(plain([up('row', lines / 9), up('kij', 9)], [down('col', words)], 4, `Output-stationary order: ${lines} lines are ${lines / 9} input channels x 9 kij.`));
    }
    for (const kernel of KERNELS) {
      const block = lines / kernel;
      if (block === 1 && isSquare(words)) {
        const side = Math.sqrt(words);
        orders.push(plain([up('kij', kernel)], [up('col', side), down('row', side)], 1, `${kernel} lines of ${words} words: one line a kij.`));
        orders.push(plain([up('kij', kernel)], [down('col', side), down('row', side)], 0.4, `${kernel} lines of ${words} words: one line a kij.`));
      }
      if (!Number.isInteger(block) || block < 2 || (kernel !== 9 && lines % 9 === 0)) continue;
      // 72 lines of 8 words are nine 8x8 blocks; 36 lines of 8 words are as well nine blocks of four columns
      const score = block === words ? 2 : kernel === 9 ? 1 : -1;
      const says = `${lines} lines are ${kernel} kij x ${block} lines.`;
      orders.push(plain([up('kij', kernel), up('col', block)], [down('row', words)], score, says), plain([up('kij', kernel), up('row', block)], [down('col', words)], score - 0.7, says));
    }
  }
  const byHeader = header.lines === 'col' ? 0.4 : header.lines === 'row' ? -1.4 : 0;
  orders.push(plain([up('col', lines)], [down('row', words)], byHeader, `Each of ${lines} lines is taken for a column of the array.`));
  orders.push(plain([up('row', lines)], [down('col', words)], -0.7 - byHeader, `Each of ${lines} lines is taken for a row of the array.`));
  if (lines % 2 === 0 && lines > 2) {
    const packed = hints.activation !== undefined && hints.activation.words === 2 * words;
    const says = packed ? `Activations beside have ${2 * words} rows: two lines of ${words} words are the even and the odd rows of a column.` : 'Two lines a column: even rows, then odd rows.';
    orders.push(plain([up('col', lines / 2), up('row', 2)], [down('row', words, 2)], packed ? 1.5 : lines === 4 * words ? -0.5 : -1.5, says));
  }
  return orders.sort((a, b) => b.score - a.score);
}

function psumOrders({ lines, words, name, header, hints }: OrderRequest): Order[] {
  const cols = [down('col', words)];
  const orders: Order[] = [];
  const [input, output] = [hints.activation?.lines, hints.outLines];
  if (name.fixed.kij === undefined) {
    for (const kernel of KERNELS) {
      if (lines === kernel && words % 8 === 0 && words > 32) {
        orders.push(plain([up('kij', kernel)], [up('nij', words / 8), down('col', 8)], 1, `${kernel} lines of ${words} words: one line a kij, ${words / 8} nij x 8 columns.`));
      }
      const block = lines / kernel;
      if (!Number.isInteger(block) || !isSquare(block) || block < 4) continue;
      const beside = block === input || block === output;
      const score = beside ? 3 : lines === input || lines === output ? -3 : kernel !== 9 ? -2 : block >= 16 ? 0.6 : -1.5;
      const axis = block === output && block !== input ? 'o_nij' : 'nij';
      orders.push(plain([up('kij', kernel), up(axis, block)], cols, score, `${lines} lines are ${kernel} kij x ${block} ${axis}${beside ? ', as the files beside have' : ''}.`));
    }
  }
  const asOutput = lines === output && lines !== input;
  orders.push(plain([up('nij', lines)], cols, 0.2 + (lines === input ? 1.5 : asOutput ? -1.5 : 0), lines === input ? `${lines} lines, as many as the activations have nij.` : `${lines} lines, one a nij.`));
  orders.push(plain([up('o_nij', lines)], cols, asOutput ? 1.5 : -0.6 - (header.lines === 'time' ? 0.2 : 0), asOutput ? `${lines} lines, as many as the outputs have o_nij.` : `${lines} lines, one an o_nij.`));
  return orders.sort((a, b) => b.score - a.score);
}

function outOrders(lines: number, words: number): Order[] {
  const pixels = up('o_nij', lines);
  const says = isSquare(lines) ? `${lines} lines are the pixels of a ${Math.sqrt(lines)}x${Math.sqrt(lines)} output.` : `${lines} lines, one an output pixel.`;
  const straight = plain([pixels], [down('col', words)], 0, says);
  if (words < 16 || words % 8 !== 0) return [straight];
  // A negative index that wraps in the generator leaves the upper block behind the lower one
  return [straight, plain([pixels], [up('col', words / 8, 8), down('col', 8)], -1.2, says, 'Channels may stand in blocks: 7..0, then 15..8.')];
}
