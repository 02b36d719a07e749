import type { Axis } from '../../../vectors/axis';
import { WORD_STATES } from '../../pair';
import type { Carry, Change, Core } from '../core';
import { both, cut, fitter, lowerBits, readAddresses, same, upTo } from '../core';
import type { AxisPlace, Frame } from '../frame';
import { coordinateIndex } from '../frame';
import type { Hypothesis } from '../hypothesis';
import { choicesOf } from '../hypothesis';
import type { Read } from '../prediction';
import { isValue, UNKNOWN } from '../prediction';
import { distance } from './moves';
import { leaks, narrowWidths, stuckBit } from './wordForms';

/** Faults of the SFP, computed anew: what is added, when it is cut, from which addresses. Outputs only. */
export function* accumulation(frame: Frame, base: Core): Iterable<Hypothesis> {
  const relu = base.activate !== same;
  if (relu) yield of('relu-missing', {}, 'The dump is before ReLU, the golden after', (core) => ({ ...core, activate: same }), 1, true);
  for (const { rule, change } of leaks()) yield of('leaky-relu', { rule }, `Negative sums are scaled instead of cut: ${rule}`, (core) => ({ ...core, activate: change }), 9);
  yield* early(base);
  yield* left(base);
  yield* widths(base);
  yield* carries(base);
  yield* addresses(base);
  if (relu) yield* beforeRelu(frame, base);
}

/** Running sums: of psums along pixels, kij or tiles, and of outputs as they are expected. Needs no model. */
export function* runningSums(frame: Frame, computable: boolean): Iterable<Hypothesis> {
  const { kind, expected } = frame.pair;
  if (kind !== 'psum' && kind !== 'out') return;
  const isCut = kind === 'out' && !expected.some((value) => value < 0);
  if (isCut && computable) return;
  const axes: readonly Axis[] = kind === 'psum' ? ['kij', 'icTile', 'nij', 'ocTile'] : ['o_nij', 'ocTile'];
  for (const place of axes.flatMap((axis) => frame.axes.get(axis) ?? []).filter(({ count }) => count > 1)) {
    yield { id: 'accumulator-not-reset', parameters: { along: place.axis }, choices: axes.length, claim: `Each word still holds the sum of those before it along ${place.axis}`, data: (read) => running(frame, place, read), usual: place === frame.axes.get('kij') };
  }
}

function running({ pair }: Frame, { stride, count }: AxisPlace, read: Read): Read {
  const spare = 32 - pair.format.bits;
  const known = new Map<number, Float64Array>();
  return (index) => {
    const at = coordinateIndex({ stride, count }, index);
    const first = index - at * stride;
    const sums = known.get(first) ?? sumsFrom(read, first, stride, count, spare);
    known.set(first, sums);
    return sums[at]!;
  };
}

/** Sums of the words up to each one along an axis; none behind a word that has no value. */
function sumsFrom(read: Read, first: number, stride: number, count: number, spare: number): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 0, sum = 0; i < count; i++) {
    const value = read(first + i * stride);
    sum = isValue(value) && sum < UNKNOWN ? ((sum + value) << spare) >> spare : UNKNOWN;
    sums[i] = sum;
  }
  return sums;
}

function of(id: Hypothesis['id'], parameters: Hypothesis['parameters'], claim: string, core: NonNullable<Hypothesis['core']>, choices = 1, usual = false): Hypothesis {
  return { id, parameters, choices, claim, core, usual };
}

function* early(base: Core): Iterable<Hypothesis> {
  yield of('relu-early', { on: 'each psum' }, 'ReLU is applied to each psum before it is accumulated', (core) => ({ ...core, onPsum: both(core.onPsum, cut) }), 3, true);
  yield of('relu-early', { on: 'each addition' }, 'ReLU is applied after each addition', (core) => ({ ...core, onStep: both(core.onStep, cut) }), 3);
  if (base.icTiles.length > 1) yield of('relu-early', { on: 'each ic tile' }, 'ReLU is applied after each ic tile, before the next is added', (core) => ({ ...core, onTile: both(core.onTile, cut) }), 3);
}

/** What is left out of the sum. */
function* left(base: Core): Iterable<Hypothesis> {
  const { icTiles, kijs } = base;
  if (kijs.length > 1) for (const kij of kijs) yield of('kij-dropped', { kij }, `Kernel position ${kij} is not accumulated`, (core) => ({ ...core, kijs: core.kijs.filter((other) => other !== kij) }), kijs.length);
  if (icTiles.length < 2) return;
  for (const icTile of icTiles) {
    yield of('ictile-missing', { icTile }, `Ic tile ${icTile} is not accumulated`, (core) => ({ ...core, icTiles: core.icTiles.filter((other) => other !== icTile) }), icTiles.length);
    if (icTiles.length > 2) yield of('ictile-missing', { only: icTile }, `Only ic tile ${icTile} is accumulated`, (core) => ({ ...core, icTiles: [icTile] }), 2 * icTiles.length);
  }
}

function* widths({ model }: Core): Iterable<Hypothesis> {
  const choices = 3 * model.psumBits;
  for (const bits of narrowWidths(model.psumBits)) {
    const [wrap, saturate, lower] = [fitter(bits, false), fitter(bits, true), lowerBits(bits)];
    yield of('narrow-accumulator', { bits, of: 'outputs' }, `Accumulated sums wrap at ${bits} bits`, (core) => ({ ...core, onSum: both(core.onSum, wrap) }), choices);
    yield of('narrow-accumulator', { bits, of: 'psums' }, `Psums wrap at ${bits} bits`, (core) => ({ ...core, onPsum: both(core.onPsum, wrap) }), choices);
    yield of('saturation', { bits, of: 'outputs' }, `Finished sums are cut at the limits of ${bits} bits`, (core) => ({ ...core, onSum: both(core.onSum, saturate) }), choices);
    yield of('saturation', { bits, of: 'psums' }, `Psums are cut at the limits of ${bits} bits`, (core) => ({ ...core, onPsum: both(core.onPsum, saturate) }), choices);
    yield of('saturation', { bits, of: 'each addition' }, `The accumulator saturates at ${bits} bits after each addition`, (core) => ({ ...core, onStep: both(core.onStep, saturate) }), choices);
    yield of('sign-extension-lost', { bits, of: 'outputs' }, `Outputs are the lower ${bits} bits of the sums, extended with zeros`, (core) => ({ ...core, onSum: both(core.onSum, lower) }), choices);
    yield of('sign-extension-lost', { bits, of: 'psums' }, `Psums are read as their lower ${bits} bits, extended with zeros`, (core) => ({ ...core, onPsum: both(core.onPsum, lower) }), choices);
  }
}

function* carries(base: Core): Iterable<Hypothesis> {
  const { conv, tiling } = base.mapping;
  const settings: [Carry, string][] = [];
  if (conv.oNijCount > 1) {
    settings.push(['pixel', 'Each output still holds the sum of the output pixel before it']);
    if (base.activate !== same) settings.push(['pixel after ReLU', 'Each output begins with the output pixel before it, after its ReLU']);
  }
  if (tiling.ocTiles > 1) settings.push(['oc tile', 'Each output still holds the sum of the oc tile before it']);
  for (const [carry, claim] of settings) yield of('accumulator-not-reset', { carry }, claim, (core) => ({ ...core, carry }), 3);
}

function* addresses(base: Core): Iterable<Hypothesis> {
  const { conv } = base.mapping;
  for (const shift of [1, -1, 2, -2, 3, -3, 4, -4, conv.nijCount, -conv.nijCount]) {
    for (const outside of ['x', '0']) {
      const claim = `The SFP reads psums that stand ${distance(shift)} in their memory${outside === '0' ? ', which reads 0 beyond its border' : ''}`;
      yield of('address-shift', { shift, of: 'psum memory', outside }, claim, (core) => ({ ...core, reads: core.reads.map((address) => address - shift), ...(outside === '0' && { outsideIsZero: true }) }), 2 * choicesOf(Math.min(5, Math.abs(shift))), Math.abs(shift) === 1 && outside === 'x');
    }
  }
  yield* pitches(base);
}

function* pitches({ mapping: { conv } }: Core): Iterable<Hypothesis> {
  const right = conv.paddedWidth;
  const rules = new Set([conv.width, conv.outWidth, right - 1, right + 1, right]);
  const strides = new Set([1, 2, conv.strideHeight, conv.strideWidth]);
  for (const pitch of rules) {
    for (const stride of strides) {
      if (pitch === right && stride === conv.strideHeight && stride === conv.strideWidth) continue;
      if (pitch < 1) continue;
      const reads = readAddresses(conv, (oNij, kij) => {
        const i = Math.floor(oNij / conv.outWidth) * stride + Math.floor(kij / conv.kernelWidth) * conv.dilationHeight;
        return i * pitch + (oNij % conv.outWidth) * stride + (kij % conv.kernelWidth) * conv.dilationWidth;
      });
      const parameters = { ...(pitch !== right && { pitch }), ...(stride !== conv.strideWidth && { stride }) };
      const claim = `The pixel address is computed with ${[pitch === right ? '' : `a row pitch of ${pitch} instead of ${right}`, stride === conv.strideWidth ? '' : `stride ${stride} instead of ${conv.strideWidth}`].filter(Boolean).join(' and ')}`;
      if (Object.keys(parameters).length > 0) yield of('pixel-address', parameters, claim, (core) => ({ ...core, reads }), rules.size * strides.size);
    }
  }
}

/** Changes of the finished sum that ReLU then hides in part. */
function* beforeRelu(frame: Frame, base: Core): Iterable<Hypothesis> {
  const fit = fitter(base.model.psumBits, false);
  const onSum = (change: Change): NonNullable<Hypothesis['core']> => (core) => ({ ...core, onSum: both(core.onSum, (sum) => fit(change(sum))) });
  yield of('sign-flipped', { before: 'ReLU' }, 'Every sum is negated before ReLU', onSum((sum) => -sum), 2, true);
  const by = offsetOf(frame);
  if (by !== 0) yield of('constant-offset', { by, before: 'ReLU' }, `Every sum is too large by ${by} before ReLU`, onSum((sum) => sum + by), 4 * Math.abs(by));
  const cols = frame.axes.get('col')?.coordinates ?? [];
  for (const bit of upTo(base.model.psumBits)) {
    for (const at of [0, 1]) {
      const stuck = onSum(stuckBit(bit, at));
      yield of('stuck-bit', { bit, at, before: 'ReLU' }, `Bit ${bit} of every sum is always ${at} before ReLU`, stuck, 4 * base.model.psumBits);
      for (const col of cols) yield { ...of('stuck-bit', { bit, at, col, before: 'ReLU' }, `Bit ${bit} of column ${col}'s sums is always ${at} before ReLU`, stuck, 4 * base.model.psumBits * cols.length), where: { col } };
    }
  }
}

/** The most frequent difference where both sides are beyond ReLU. */
function offsetOf({ pair, sample }: Frame): number {
  const votes = new Map<number, number>();
  for (const index of sample) {
    const by = pair.found[index]! - pair.expected[index]!;
    if (by !== 0 && pair.expected[index]! > 0 && pair.found[index]! > 0 && pair.state[index] === WORD_STATES.known) votes.set(by, (votes.get(by) ?? 0) + 1);
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** The computation as it should be: where it contradicts the golden and agrees with the dump, the golden is wrong. */
export function recomputed(): Hypothesis {
  return { id: 'golden-defective', parameters: {}, choices: 1, claim: 'The golden words are not what activations and weights give; the dump is', core: (core) => ({ ...core }), given: true, usual: true };
}
