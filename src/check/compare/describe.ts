import type { Axis, Coordinates, Kind } from '../../vectors/axis';
import type { AddressMap } from '../../vectors/dump/addressMap';
import { denseLoops } from '../../vectors/dump/addressMap';
import type { Layout, Loop } from '../../vectors/layout';
import type { Comparison, Mismatch, Verdict, WordShown } from './report';

/** Characters of a malformed word that a sentence quotes. */
const MOST_TEXT = 40;

/** Share of golden words without a value up to which the others confirm a dump. Files that are read in a wrong form have more: one that begins with zeros alone looks binary. */
const MOST_UNREADABLE = 0.1;

export function verdictOf({ compared, missing, differing, unreadable, lacking }: Comparison): Verdict {
  if (differing > 0) return 'mismatch';
  // A golden file of which many words say nothing, or that ends before the dump, confirms nothing
  return compared + missing === 0 || unreadable > MOST_UNREADABLE * (compared + unreadable) || lacking > 0 ? 'cannot-compare' : 'match';
}

/** `psum: 1422 of 2592 words differ; first at kij 0, nij 0, col 7: expected -12, got 0.` */
export function describeComparison(kind: Kind, comparison: Comparison): string {
  const { compared, missing, differing, mismatched, unknown, unwritten, malformed, unreadable, lacking, silent, uncovered, axes, first } = comparison;
  const total = compared + missing;
  const verdict = verdictOf(comparison);
  if (verdict === 'cannot-compare' && compared > 0 && lacking > 0) return `${kind}: the golden files lack ${lacking} words that the dump holds; the ${compared} others match.`;
  if (verdict === 'cannot-compare') return compared === 0 ? `${kind}: nothing was compared.` : `${kind}: ${unreadable} golden words are malformed or unknown; the ${compared} others match.`;
  const left = unreadable + silent + uncovered;
  if (verdict === 'match') return left === 0 ? `${kind}: all ${total} words match.` : `${kind}: all ${total} words that were compared match; ${left} expected ones were not compared.`;
  const parts = [
    ...(mismatched > 0 ? [`${mismatched} with another value`] : []),
    ...(unknown > 0 ? [`${unknown} with x or z`] : []),
    ...(unwritten > 0 ? [`${unwritten} never written`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(malformed > 0 ? [`${malformed} malformed`] : []),
  ];
  const kinds = parts.length === 1 && mismatched > 0 ? '' : ` (${parts.join(', ')})`;
  const [one] = first;
  return `${kind}: ${differing} of ${total} words differ${kinds}${one === undefined ? '' : `; first at ${placeOf(axes, one.coordinates)}: ${describeMismatch(one)}`}.`;
}

/** `expected -12, got 0` */
export function describeMismatch({ difference, expected, got }: Mismatch): string {
  const found = difference === 'missing' ? 'nothing' : difference === 'unwritten' ? 'a word never written' : difference === 'malformed' ? `${JSON.stringify(shortened(got.spot?.text ?? ''))}, which is no number` : numberOf(got);
  return `expected ${numberOf(expected)}, got ${found}`;
}

function shortened(text: string): string {
  return text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}…`;
}

/** `kij 0, nij 0, col 7`, in the order of the dump. */
export function placeOf(axes: readonly Axis[], coordinates: Coordinates): string {
  return axes.filter((axis) => coordinates[axis] !== undefined).map((axis) => `${axis} ${coordinates[axis]!}`).join(', ');
}

function numberOf({ value, bits, spot }: WordShown): string {
  return value === undefined ? (spot?.text.trim() ?? bits) : String(value);
}

/** `address = kij*36 + nij + 1; words col 7..0` */
export function describeMap(layout: Layout, { base, strides }: AddressMap): string {
  const { lines, words, fixed } = layout.spec;
  const dense = denseLoops(lines);
  const terms = lines.map((loop, i) => (loop.count === 1 ? undefined : `${lineTerm(loop)}${strides[i] === 1 ? '' : `*${strides[i] ?? dense[i]!}`}`)).filter((term) => term !== undefined);
  const address = [...terms, ...(base !== 0 || terms.length === 0 ? [String(base)] : [])].join(' + ');
  const inner = words.length === 0 ? '' : `; words ${words.map(loopText).join(', ')}`;
  const rest = Object.entries(fixed).map(([axis, at]) => `; ${axis} ${at}`).join('');
  return `address = ${address}${inner}${rest}`;
}

/** Counted from its first value on. */
function lineTerm({ axis, start, step }: Loop): string {
  return step === -1 ? `(${start} - ${axis})` : axis;
}

function loopText({ axis, start, step, count }: Loop): string {
  return `${axis} ${start}..${start + step * (count - 1)}${Math.abs(step) > 1 && count > 1 ? ` by ${Math.abs(step)}` : ''}`;
}
