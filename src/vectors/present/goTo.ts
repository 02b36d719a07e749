import type { Axis, Coordinates } from '../axis';
import type { Layout, Loop } from '../layout';
import type { ArraySides } from './place';

const WORDS: Readonly<Record<string, Axis | 'ch'>> = { kij: 'kij', k: 'kij', nij: 'nij', t: 'nij', n: 'nij', o_nij: 'o_nij', onij: 'o_nij', o: 'o_nij', row: 'row', r: 'row', col: 'col', c: 'col', ic: 'icTile', ictile: 'icTile', it: 'icTile', oc: 'ocTile', octile: 'ocTile', ot: 'ocTile', ch: 'ch', channel: 'ch' };

/** Coordinates that a user typed, or what is wrong with them. */
export type Typed = { readonly coordinates: Coordinates } | { readonly problem: string };

/** Reads `kij 4 nij 14 col 7`, `k4 t14 c7`, `ic tile 0, col=3`, `ch 12`. */
export function parseCoordinates(text: string, kind: Layout['spec']['kind'], { rows, cols }: ArraySides): Typed {
  const plain = text.toLowerCase().replaceAll(/\b(ic|oc)\s+tile\b/g, '$1tile').replaceAll(/[=:,;()·]/g, ' ');
  const parts = plain.trim().split(/\s+|(?<=[a-z])(?=\d)/).filter((part) => part !== '');
  const found: Partial<Record<Axis, number>> = {};
  for (let i = 0; i < parts.length; i += 2) {
    const [word, number] = [parts[i]!, parts[i + 1]];
    const axis = WORDS[word];
    if (axis === undefined) return { problem: `"${word}" is no coordinate. Type for example "kij 4 nij 14 col 7".` };
    if (number === undefined || !/^\d+$/.test(number)) return { problem: `A number has to follow "${word}".` };
    if (axis !== 'ch') {
      found[axis] = Number(number);
      continue;
    }
    const [side, tile, inner] = kind === 'activation' ? ([rows, 'icTile', 'row'] as const) : ([cols, 'ocTile', 'col'] as const);
    if (side === undefined) return { problem: 'The size of the array is not known, so channels cannot be found.' };
    found[tile] = Math.floor(Number(number) / side);
    found[inner] = Number(number) % side;
  }
  return { coordinates: found };
}

/** Fills what was not typed with the file's first word, and says which coordinate the file does not hold. */
export function completeCoordinates({ spec, lineCount }: Layout, typed: Coordinates, first: Coordinates): Typed {
  const loops = [...spec.lines, ...spec.words];
  const complete: Partial<Record<Axis, number>> = { ...first };
  for (const [name, value] of Object.entries(typed) as [Axis, number][]) {
    const own = loops.filter(({ axis }) => axis === name);
    const fixed = spec.fixed[name];
    if (own.length === 0 && fixed === undefined) {
      const axes = [...new Set(loops.map(({ axis }) => axis))].join(', ');
      return { problem: `The words of this file have no ${name}; they run over ${axes}.` };
    }
    const reach = rangeOf(own, fixed);
    if (value < reach.least || value > reach.most) return { problem: `${name} ${value} is not in this file, which holds ${name} ${reach.least}${reach.most > reach.least ? ` to ${reach.most}` : ''}.` };
    complete[name] = value;
  }
  return lineCount === 0 ? { problem: 'The file holds no words.' } : { coordinates: complete };
}

function rangeOf(loops: readonly Loop[], fixed: number | undefined): { least: number; most: number } {
  if (fixed !== undefined) return { least: fixed, most: fixed };
  const ends = loops.map(({ start, step, count }) => [start, start + step * (count - 1)] as const);
  return { least: ends.reduce((sum, [a, b]) => sum + Math.min(a, b), 0), most: ends.reduce((sum, [a, b]) => sum + Math.max(a, b), 0) };
}
