import type { IntegerFormat } from '../../../engine/width';
import { WORD_STATES } from '../../pair';
import type { Change } from '../core';
import { cut, fitter, lowerBits, upTo } from '../core';
import type { Frame } from '../frame';
import type { Hypothesis } from '../hypothesis';
import { isValue, mapValues, NEGATIVE } from '../prediction';
import type { Read } from '../prediction';

/** Words that stand in another order inside their entry, or whose bits do. */
export function* wordOrders(frame: Frame): Iterable<Hypothesis> {
  const { width, pair } = frame;
  const { format } = pair;
  if (width > 1) yield reordered(frame, 'word-order-reversed', {}, 'The words of each entry are in reverse order', upTo(width).reverse());
  if (width > 3) {
    const even = upTo(width).sort((a, b) => (a % 2) - (b % 2) || a - b);
    yield reordered(frame, 'word-order-interleaved', { order: 'even, then odd' }, 'The even words of each entry stand first, then the odd ones', even);
    yield reordered(frame, 'word-order-interleaved', { order: 'halves alternating' }, 'The words of the two halves of each entry alternate', upTo(width).map((word) => even.indexOf(word)));
  }
  if (format.bits % 16 === 0) yield changed('bytes-swapped', { bytes: format.bits / 8 }, 'The bytes of each word are in reverse order', inFormat(format, swapBytes(format.bits)), true);
  if (format.bits === 32) yield changed('bytes-swapped', { bytes: 2 }, 'The half words of each word are exchanged', (value) => (value << 16) | (value >>> 16));
  yield changed('bit-order-reversed', {}, 'The bits of each word are in reverse order', inFormat(format, reverseBits(format.bits)), true);
}

/** Functions of a single word. */
export function* wordValues(frame: Frame, computable: boolean): Iterable<Hypothesis> {
  const { format, kind } = frame.pair;
  const hasNegative = frame.pair.expected.some((value) => value < 0);
  if (format.signed || hasNegative) yield changed('sign-flipped', {}, 'Every word is negated', inFormat(format, (value) => -value), true);
  if (hasNegative) yield changed('relu-applied', {}, 'The dump is after ReLU, the golden before', cut, true);
  else if (format.signed && kind === 'out' && !computable) yield reluMissing();
  yield* offset(frame);
  yield* stuckBits(frame);
  // Of computed outputs the sums before ReLU are known, which is more
  if (computable && kind === 'out') return;
  const whole = hasNegative || kind === 'psum';
  yield* narrowed(format, whole);
  if (hasNegative) for (const { rule, change } of leaks()) yield changed('leaky-relu', { rule }, `Negative words are scaled: ${rule}`, change);
}

/** A leaky ReLU as hardware has it: a shift right, or a tenth. */
export function leaks(): { rule: string; change: Change }[] {
  const shifts = [1, 2, 3, 4, 5, 6, 7, 8].map((by) => ({ rule: `shifted right by ${by}`, change: (value: number): number => (value < 0 ? value >> by : value) }));
  return [...shifts, { rule: 'divided by 10', change: (value) => (value < 0 ? Math.trunc(value / 10) + 0 : value) }];
}

/** Widths that sums are cut to, narrower than they have. */
export function narrowWidths(bits: number): number[] {
  return upTo(bits).filter((width) => width >= 4);
}

function* narrowed(format: IntegerFormat, whole: boolean): Iterable<Hypothesis> {
  const finish = (change: Change): Change => (whole ? change : (value) => cut(change(value)));
  for (const bits of narrowWidths(format.bits)) {
    const choices = format.bits;
    yield { ...changed('narrow-accumulator', { bits }, `Words wrap at ${bits} bits`, finish(fitter(bits, false))), choices };
    yield { ...changed('saturation', { bits }, `Words are cut at the limits of ${bits} bits`, finish(fitter(bits, true))), choices };
    yield { ...changed('sign-extension-lost', { bits }, `Words are the lower ${bits} bits, extended with zeros`, lowerBits(bits)), choices };
  }
}

function* offset({ pair, sample }: Frame): Iterable<Hypothesis> {
  const differences = new Map<number, number>();
  for (const index of sample) {
    const difference = pair.found[index]! - pair.expected[index]!;
    if (difference !== 0 && pair.state[index] === WORD_STATES.known) differences.set(difference, (differences.get(difference) ?? 0) + 1);
  }
  const [most] = [...differences].sort((a, b) => b[1] - a[1]);
  if (most === undefined) return;
  const [by] = most;
  yield { ...changed('constant-offset', { by }, `Every word is too large by ${by}`, inFormat(pair.format, (value) => value + by)), choices: 2 * Math.abs(by) + 1 };
}

function* stuckBits(frame: Frame): Iterable<Hypothesis> {
  const { format } = frame.pair;
  const columns = frame.axes.get('col');
  for (const bit of upTo(format.bits)) {
    for (const at of [0, 1]) {
      const change = inFormat(format, stuckBit(bit, at));
      yield { ...changed('stuck-bit', { bit, at }, `Bit ${bit} of every word is always ${at}`, change), choices: 2 * format.bits };
      if (columns === undefined || columns.count < 2) continue;
      for (const col of columns.coordinates) {
        yield { ...changed('stuck-bit', { bit, at, col }, `Bit ${bit} of column ${col} is always ${at}`, change), choices: 2 * format.bits * columns.count, where: { col } };
      }
    }
  }
}

export function stuckBit(bit: number, at: number): Change {
  const mask = 1 << bit;
  return at === 1 ? (value) => value | mask : (value) => value & ~mask;
}

/** Without a model the sums below zero are lost: only their sign can be predicted. */
function reluMissing(): Hypothesis {
  const data = (read: Read): Read => (index) => {
    const value = read(index);
    return isValue(value) && value <= 0 ? NEGATIVE : value;
  };
  return { id: 'relu-missing', parameters: {}, choices: 1, claim: 'The dump is before ReLU, the golden after', data: (read, frame) => limitedToZeros(read, data(read), frame) };
}

/** A zero that stayed zero may have been a zero before ReLU. */
function limitedToZeros(before: Read, after: Read, { pair }: Frame): Read {
  return (index) => (pair.state[index] === WORD_STATES.known && pair.found[index] === 0 ? before(index) : after(index));
}

function changed(id: Hypothesis['id'], parameters: Hypothesis['parameters'], claim: string, change: Change, usual = false): Hypothesis {
  return { id, parameters, choices: 1, claim, data: (read) => mapValues(read, change), usual };
}

function reordered(frame: Frame, id: Hypothesis['id'], parameters: Hypothesis['parameters'], claim: string, order: readonly number[]): Hypothesis {
  const { width } = frame;
  const steps = order.map((source, word) => source - word);
  return { id, parameters, choices: 1, claim, data: (read) => (index) => read(index + steps[index % width]!), usual: true };
}

function inFormat({ bits, signed }: IntegerFormat, change: Change): Change {
  const spare = 32 - bits;
  return signed ? (value) => (change(value) << spare) >> spare : (value) => ((change(value) << spare) >>> spare) | 0;
}

function swapBytes(bits: number): Change {
  return (value) => (bits === 16 ? ((value & 0xff) << 8) | ((value >>> 8) & 0xff) : (value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24));
}

function reverseBits(bits: number): Change {
  return (value) => {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((value >>> bit) & 1) << (bits - 1 - bit);
    return reversed;
  };
}

/** Psum entries that stand at other kernel positions, for square kernels; what the orders of weights come to, without a model. */
export function* kernelEntries({ pair, axes }: Frame): Iterable<Hypothesis> {
  const place = axes.get('kij');
  if (pair.kind !== 'psum' || place === undefined || place.count < 4) return;
  const { stride, count } = place;
  const by = (id: Hypothesis['id'], parameters: Hypothesis['parameters'], claim: string, from: (kij: number) => number, choices = 1): Hypothesis => {
    const steps = upTo(count).map((kij) => (from(kij) - kij) * stride);
    return { id, parameters, choices, claim, data: (read) => (index) => read(index + steps[Math.floor(index / stride) % count]!), usual: true };
  };
  yield by('kij-order', { order: 'rotated' }, 'Kernel positions are in reverse order', (kij) => count - 1 - kij);
  const side = Math.sqrt(count);
  if (!Number.isInteger(side)) return;
  yield by('kij-transposed', {}, 'Kernel positions have ki and kj exchanged', (kij) => (kij % side) * side + Math.floor(kij / side));
  yield by('kij-order', { order: 'ki reversed' }, 'Kernel positions are mirrored in ki', (kij) => (side - 1 - Math.floor(kij / side)) * side + (kij % side), 3);
  yield by('kij-order', { order: 'kj reversed' }, 'Kernel positions are mirrored in kj', (kij) => Math.floor(kij / side) * side + (side - 1 - (kij % side)), 3);
}
