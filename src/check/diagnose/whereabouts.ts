import type { Axis } from '../../vectors/axis';
import { describeCoordinates } from '../../vectors/axis';
import { WORD_STATES } from '../pair';
import type { AxisPlace, Frame } from './frame';
import { coordinateIndex } from './frame';
import type { Hypothesis } from './hypothesis';
import type { Evidence } from './judge';
import { LEAST_PRECISION, MARGIN_BITS } from './judge';

/** Differing words of the window by their coordinate on an axis. */
export function wrongAlong({ wrongWords }: Frame, place: AxisPlace): Int32Array {
  const counts = new Int32Array(place.count);
  for (const index of wrongWords) counts[coordinateIndex(place, index)]!++;
  return counts;
}

/**
 * Where the differing words stand, when that is a small part of all: `All 15 stand in col 2. Values differ in bits 4 to 6 only.` Empty when
 * they stand all over.
 */
export function whereabouts(frame: Frame): string {
  const places = [...frame.axes.values()].filter(({ count }) => count > 1).flatMap((place) => few(frame, place) ?? []);
  const bits = fewBits(frame);
  return [...(places.length > 0 ? [`All ${frame.mismatches} stand in ${places.join(', ')}.`] : []), ...(bits === undefined ? [] : [`Values differ in ${bits} only.`])].join(' ');
}

/**
 * Bits that a hypothesis about one coordinate gains when it explains differing words that all stand there: by chance each would be elsewhere.
 * At most what it costs to name the coordinate, and the margin: words of one region go wrong together, so each says less than the one before
 * it, and what values they have must be evidence enough.
 */
export function placeCredit(frame: Frame, { where = {} }: Hypothesis, { explained }: Evidence): number {
  const [only, ...more] = Object.entries(where) as [Axis, number][];
  const place = only && frame.axes.get(only[0]);
  if (place === undefined || more.length > 0 || place.count < 2 || explained < LEAST_PRECISION * frame.mismatches) return 0;
  if (wrongAlong(frame, place)[place.coordinates.indexOf(only![1])] !== frame.mismatches) return 0;
  const bits = Math.log2(place.count);
  return Math.min(explained * bits, bits + MARGIN_BITS);
}

const MOST_NAMED = 2;

/** One coordinate, or two of many. */
function few(frame: Frame, place: AxisPlace): string | undefined {
  const hit = [...wrongAlong(frame, place)].flatMap((count, at) => (count > 0 ? [describeCoordinates({ [place.axis]: place.coordinates[at]! })] : []));
  return hit.length <= MOST_NAMED && 2 * hit.length <= place.count ? hit.join(' and ') : undefined;
}

/** The bits that differ, when they are at most half of those that vary from word to word. */
function fewBits({ pair, wrongWords, from, to }: Frame): string | undefined {
  let [differ, vary] = [0, 0];
  for (let index = from; index < to; index++) vary |= pair.expected[index]! ^ pair.expected[from]!;
  for (const index of wrongWords) if (pair.state[index] === WORD_STATES.known) differ |= pair.expected[index]! ^ pair.found[index]!;
  const mask = pair.format.bits === 32 ? -1 : 2 ** pair.format.bits - 1;
  const [low, high] = [lowest(differ & mask), highest(differ & mask)];
  if (differ === 0 || 2 * (high - low + 1) > highest(vary & mask) + 1) return undefined;
  if (low === high) return `bit ${low}`;
  return `bits ${low} to ${high}${high < 8 && pair.format.bits > 8 ? ' (the low byte)' : ''}`;
}

function lowest(bits: number): number {
  return highest(bits & -bits);
}

function highest(bits: number): number {
  return 31 - Math.clz32(bits);
}
