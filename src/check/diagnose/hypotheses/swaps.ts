import type { Axis } from '../../../vectors/axis';
import { describeCoordinates } from '../../../vectors/axis';
import type { AxisPlace, Frame } from '../frame';
import { coordinateIndex } from '../frame';
import type { Hypothesis } from '../hypothesis';
import { choicesOf } from '../hypothesis';
import { wrongEntries } from './moves';

/** Axes of which two coordinates may be exchanged. */
const EXCHANGED: readonly Axis[] = ['col', 'row', 'kij', 'icTile', 'ocTile'];
/** More differing coordinates than these are no exchange of two. */
const MOST_DIFFERING = 16;

/** Two columns, kernel positions or tiles, or two entries alone, that stand in each other's place. */
export function* swaps(frame: Frame): Iterable<Hypothesis> {
  for (const axis of EXCHANGED) {
    const place = frame.axes.get(axis);
    // Of two coordinates the exchange is a reversal, which is simpler
    if (place === undefined || place.count < 2 || (axis === 'col' && place.count === 2)) continue;
    yield* exchanges(frame, place);
  }
  const [first, second, ...more] = wrongEntries(frame, 3);
  if (first !== undefined && second !== undefined && more.length === 0) yield exchangedEntries(frame, first, second);
}

function* exchanges(frame: Frame, place: AxisPlace): Iterable<Hypothesis> {
  const { axis, coordinates, count, stride } = place;
  const differing = differingAt(frame, place);
  if (differing.length > MOST_DIFFERING) return;
  for (const [i, one] of differing.entries()) {
    for (const other of differing.slice(i + 1)) {
      const steps = Int32Array.from(coordinates, (_, at) => (at === one ? other - one : at === other ? one - other : 0) * stride);
      const [from, to] = [coordinates[one]!, coordinates[other]!];
      yield {
        id: axis === 'col' || axis === 'row' ? 'swapped-columns' : 'swapped-blocks',
        parameters: { axis, first: from, second: to },
        choices: (count * (count - 1)) / 2,
        claim: `The words of ${describeCoordinates({ [axis]: from })} and of ${describeCoordinates({ [axis]: to })} are exchanged`,
        data: (read) => (index) => read(index + steps[coordinateIndex(place, index)]!),
      };
    }
  }
}

/** Indices of the coordinates at which any word differs. */
function differingAt({ wrongWords }: Frame, place: AxisPlace): number[] {
  const differs = new Uint8Array(place.count);
  for (const index of wrongWords) differs[coordinateIndex(place, index)] = 1;
  return [...differs.keys()].filter((at) => differs[at] === 1);
}

function exchangedEntries({ width, told }: Frame, first: number, second: number): Hypothesis {
  const [from, to, step] = [first * width, second * width, (second - first) * width];
  return {
    id: 'swapped-blocks',
    parameters: { axis: 'entry', first: told(first), second: told(second) },
    // That just these two differ is seen; how far they are apart is what is assumed
    choices: choicesOf(second - first),
    claim: `Entries ${told(first)} and ${told(second)} are exchanged`,
    data: (read) => (index) => read(index >= from && index < from + width ? index + step : index >= to && index < to + width ? index - step : index),
  };
}
