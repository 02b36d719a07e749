import type { Coordinates } from '../axis';
import type { GoldenSet, SetWord } from './goldenSet';
import { countOf, inputPixel } from './pixels';

/** More places than these nobody looks through. */
const MOST_USES = 2000;

/**
 * Where an activation or a weight goes: the psum words that it is a factor of; of a psum, the outputs that it is added to. In the order of
 * their coordinates, {@link MOST_USES} at most; empty when the files do not hold them.
 */
export function usesOf(set: GoldenSet, kind: string, coordinates: Coordinates): SetWord[] {
  const { icTile = 0, nij = 0, col = 0, kij = 0 } = coordinates;
  const readings = set.members.map(({ reading }) => reading);
  const range = (axis: 'kij' | 'col' | 'nij' | 'o_nij' | 'ocTile', kinds: readonly string[], own?: number): number[] =>
    own !== undefined ? [own] : Array.from({ length: Math.min(MOST_USES, countOf(readings, axis, kinds) ?? 1) }, (_, i) => i);
  const ocTiles = range('ocTile', ['weight', 'psum', 'out'], coordinates.ocTile);
  switch (kind) {
    case 'activation':
      return found(set, 'psum', combinations(ocTiles, range('kij', ['weight', 'psum']), range('col', ['psum'])).map(([ocTile, k, c]) => ({ icTile, ocTile: ocTile!, kij: k!, col: c!, nij })));
    case 'weight':
      return found(set, 'psum', combinations(ocTiles, range('nij', ['activation', 'psum'])).map(([ocTile, n]) => ({ icTile, ocTile: ocTile!, kij, col, nij: n! })));
    case 'psum': {
      const outputs = range('o_nij', ['out'], coordinates.o_nij).filter((o) => coordinates.o_nij !== undefined || inputPixel(o, kij, set.pixels) === nij);
      return found(set, 'out', combinations(ocTiles, outputs).map(([ocTile, o]) => ({ ocTile: ocTile!, col, o_nij: o! })));
    }
    default:
      return [];
  }
}

function combinations(...ranges: readonly (readonly number[])[]): number[][] {
  return ranges.reduce<number[][]>((all, range) => all.flatMap((values) => range.map((value) => [...values, value])), [[]]).slice(0, MOST_USES);
}

function found(set: GoldenSet, kind: 'psum' | 'out', places: readonly Coordinates[]): SetWord[] {
  const words = places.flatMap((place) => {
    // A psum file may count output pixels where another counts input pixels
    const word = set.find(kind, place, ({ secondary }) => !secondary);
    return word === undefined ? [] : [word];
  });
  return [...new Map(words.map((one) => [`${one.member.id} ${one.word.fileLine} ${one.word.column}`, one])).values()];
}
