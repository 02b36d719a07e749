import type { Axis } from '../axis';
import type { Loop } from '../layout';
import type { FileReading } from '../reading';
import type { Pixels } from './pixels';
import { pair } from './pixels';

/** A run of lines that share a coordinate: all lines of one kij, of one tile. Lines are file lines, both ends included. */
export interface Block {
  readonly axis: Axis;
  readonly label: string;
  readonly first: number;
  readonly last: number;
  readonly children: readonly Block[];
}

const NAMES: Readonly<Record<Axis, string>> = { icTile: 'ic tile', ocTile: 'oc tile', row: 'row', col: 'col', kij: 'kij', nij: 'nij', o_nij: 'o_nij' };
/** Shorter blocks and more of them than these help nobody. */
const LEAST_LINES = 3;
const MOST_BLOCKS = 5000;

/** The blocks that a file's outer loops make, nested as the loops are. None in a file with one loop. */
export function blocksOf({ shape, layout }: FileReading, pixels: Pixels): Block[] {
  const { lines } = layout.spec;
  const present = Math.min(layout.lineCount, shape.dataLines.length);
  let made = 0;
  const blocks = (depth: number, from: number, length: number): Block[] => {
    const loop = lines[depth];
    const size = length / (loop?.count ?? 1);
    if (loop === undefined || !makesBlocks(loop, lines[depth + 1], size)) return [];
    return Array.from({ length: loop.count }, (_, i) => from + i * size)
      .filter((line) => line < present && made++ < MOST_BLOCKS)
      .map((line) => {
        const value = layout.lineCoordinates(line)[loop.axis] ?? 0;
        return { axis: loop.axis, label: `${NAMES[loop.axis]} ${value}${pair(loop.axis, value, pixels)}`, first: shape.dataLines[line]!, last: shape.dataLines[Math.min(present, line + size) - 1]!, children: blocks(depth + 1, line, size) };
      });
  };
  return blocks(0, 0, layout.lineCount);
}

function makesBlocks(loop: Loop, next: Loop | undefined, size: number): boolean {
  return next !== undefined && next.axis !== loop.axis && loop.count > 1 && size >= LEAST_LINES;
}
