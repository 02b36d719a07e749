import type { Coordinates } from '../axis';
import type { GoldenSet, Member, SetWord } from './goldenSet';
import { countOf, inputPixel } from './pixels';

/** One product of a psum. */
export interface Term {
  readonly row: number;
  readonly activation: number;
  readonly weight: number;
  /** Absent for a pixel of the padding that the file does not hold. */
  readonly activationWord?: SetWord;
  readonly weightWord: SetWord;
}

/** What a psum is made of. */
export interface Products {
  readonly terms: readonly Term[];
  readonly sum: number;
  /** Activations and weights are read in a layout that is stated or proven. */
  readonly trusted: boolean;
}

/** One psum that an output is made of. */
export interface Contribution {
  readonly icTile: number;
  readonly kij: number;
  readonly nij: number;
  readonly value: number;
  /** Where the psum stands, if a file of the set holds it. */
  readonly word?: SetWord;
}

export interface Contributions {
  readonly parts: readonly Contribution[];
  readonly sum: number;
  readonly trusted: boolean;
}

/** The products of a psum word, non-zero ones first; undefined when the files do not hold all of the factors. */
export function productsOf(set: GoldenSet, coordinates: Coordinates): Products | undefined {
  const { kij = 0, col = 0, icTile = 0, ocTile = 0, o_nij } = coordinates;
  const nij = coordinates.nij ?? (o_nij === undefined ? undefined : inputPixel(o_nij, kij, set.pixels));
  const rows = countOf(set.ofKind('weight').map(({ reading }) => reading), 'row', ['weight']);
  if (nij === undefined || rows === undefined) return undefined;
  const terms: Term[] = [];
  for (let row = 0; row < rows; row++) {
    const weight = set.find('weight', { icTile, ocTile, row, col, kij });
    const activation = set.find('activation', { icTile, row, nij });
    if (weight?.word.value === undefined) return undefined;
    if (activation === undefined ? !holdsNoPadding(set) : activation.word.value === undefined) return undefined;
    terms.push({ row, activation: activation?.word.value ?? 0, weight: weight.word.value, weightWord: weight, ...(activation !== undefined && { activationWord: activation }) });
  }
  const trusted = terms.every(({ activationWord, weightWord }) => weightWord.member.trusted && activationWord?.member.trusted !== false);
  const ordered = [...terms.filter((term) => term.activation * term.weight !== 0), ...terms.filter((term) => term.activation * term.weight === 0)];
  return { terms: ordered, sum: terms.reduce((sum, { activation, weight }) => sum + activation * weight, 0), trusted };
}

/** The psums that add up to an output word, over ic tiles and kij; undefined when they cannot all be known. */
export function contributionsOf(set: GoldenSet, coordinates: Coordinates): Contributions | undefined {
  const { col = 0, ocTile = 0, o_nij } = coordinates;
  const readings = set.members.map(({ reading }) => reading);
  const kijCount = countOf(readings, 'kij', ['weight', 'psum']) ?? 1;
  const icTiles = countOf(readings, 'icTile', ['weight', 'activation', 'psum']) ?? 1;
  if (o_nij === undefined) return undefined;
  const parts: Contribution[] = [];
  let trusted = true;
  for (let icTile = 0; icTile < icTiles; icTile++) {
    for (let kij = 0; kij < kijCount; kij++) {
      const nij = inputPixel(o_nij, kij, set.pixels);
      if (nij === undefined) return undefined;
      const place = { icTile, ocTile, col, kij, nij, o_nij };
      const word = set.find('psum', place, holds(kijCount, icTiles));
      const products = word?.word.value === undefined ? productsOf(set, place) : undefined;
      const value = word?.word.value ?? products?.sum;
      if (value === undefined) return undefined;
      trusted &&= word?.member.trusted ?? products?.trusted ?? false;
      parts.push({ icTile, kij, nij, value, ...(word !== undefined && { word }) });
    }
  }
  return { parts, sum: parts.reduce((sum, { value }) => sum + value, 0), trusted };
}

/** Does a psum file say which kij and ic tile its words belong to? One that does not would answer for all of them. */
function holds(kijCount: number, icTiles: number): (member: Member) => boolean {
  return ({ reading: { layout } }) => {
    const knows = (axis: 'kij' | 'icTile'): boolean => layout.spec.fixed[axis] !== undefined || [...layout.spec.lines, ...layout.spec.words].some((loop) => loop.axis === axis);
    return (kijCount === 1 || knows('kij')) && (icTiles === 1 || knows('icTile'));
  };
}

/** Activations of the image alone: the pixels around it are zero and in no file. */
function holdsNoPadding(set: GoldenSet): boolean {
  return set.ofKind('activation').some(({ reading }) => reading.layout.spec.lines.filter(({ axis }) => axis === 'nij').length === 2);
}
