import path from 'node:path';
import { agreeing } from '../../check/compare/chooseOrder';
import { compare } from '../../check/compare/compare';
import type { MappedDump } from '../../check/compare/dump';
import type { Expected } from '../../check/compare/expected';
import type { Comparison } from '../../check/compare/report';
import { CAUSES } from '../../check/diagnose/causes';
import type { Cause } from '../../check/diagnose/diagnosis';
import { Problem } from '../../engine/problem';
import type { Coordinates } from '../../vectors/axis';
import { describeCoordinates } from '../../vectors/axis';
import { drive } from '../drive';
import type { OpenedDump } from './dumpSide';
import { mapDump } from './dumpSide';
import type { Variant } from './expectedSide';
import { expectedVariants } from './expectedSide';
import type { OpenFiles } from './fileSource';
import type { CheckOptions, CheckSpec } from './spec';
import { ownTiles, tilesBeside } from './tileParts';
import type { TilePart } from './tileParts';

/** A dump of which so many words agree is that of its own tile. */
const ITS_OWN = 0.5;
/** Words of another tile are nearly all of the words looked at, and so many at least. */
const NEARLY_ALL = 0.9;
const FEW_WORDS = 8;

/** What is compared, and of what. */
export interface TileCheck {
  readonly spec: CheckSpec;
  readonly opened: OpenedDump;
  readonly expected: Expected;
  readonly dump: MappedDump;
  readonly part: TilePart | undefined;
  readonly comparison: Comparison;
  /** Everything that the dump may be compared with, all tiles. */
  readonly whole: readonly Variant[];
}

/** A dump that holds the words of another tile than it was compared with: a cause where all its words are those, else a remark; undefined when it does not. */
export async function otherTile(check: TileCheck, open: OpenFiles, options: CheckOptions): Promise<{ readonly cause: Cause } | { readonly note: string } | undefined> {
  const { spec, expected, dump, part, comparison } = check;
  const own = ownTiles(expected);
  if (Object.keys(own).length === 0 || share(agreeing(expected, dump)) >= ITS_OWN) return undefined;
  const found = bestOther(check, own, [...check.whole, ...(await beside(spec, expected, check.opened, open, options))]);
  if (found === undefined) return undefined;
  const { differing, compared, missing } = await drive(compare(found.expected, found.dump, 0), options.signal);
  const [named, other] = [`${nameOf(own)}${saidByName(own, part) ? ', which its name says' : ''}`, nameOf(found.tiles)];
  const total = compared + missing;
  if (differing > 0) return { note: `The dump was compared with ${named}, but ${total - differing} of ${total} words are those of ${other}. If it is a dump of that tile, its name is wrong, and no cause below means anything.` };
  const all = comparison.differing;
  return {
    cause: {
      id: 'stale-tile',
      sentence: `The dump holds the words of ${other}, and was compared with ${named}. Explains ${all} of ${all} differing words and breaks none.`,
      explained: all,
      of: all,
      broken: 0,
      look: `Which tile had been computed when this dump was written, and the name that the test bench gives it. ${CAUSES['stale-tile'].look}`,
      parameters: { held: other, expected: nameOf(own) },
      alike: [],
    },
  };
}

/** `ic tile 0, oc tile 1` */
function nameOf(tiles: Coordinates): string {
  return describeCoordinates(tiles).replaceAll(' · ', ', ');
}

function saidByName(own: Coordinates, part: TilePart | undefined): boolean {
  return part !== undefined && Object.keys(own).some((axis) => axis in part.named);
}

interface Other {
  readonly tiles: Coordinates;
  readonly expected: Expected;
  readonly dump: MappedDump;
}

function bestOther({ opened, spec, expected: { kind } }: TileCheck, own: Coordinates, variants: readonly Variant[]): Other | undefined {
  let best: (Other & { readonly agrees: number }) | undefined;
  for (const { expected: whole } of variants) {
    if (whole.kind !== kind || whole.doubt !== undefined) continue;
    for (const { tiles, expected } of tilesBeside(whole, own)) {
      const dump = mapped(opened, expected, spec);
      if (dump === undefined) continue;
      const words = agreeing(expected, dump);
      const agrees = share(words);
      if (words.equal >= FEW_WORDS && agrees >= NEARLY_ALL && agrees > (best?.agrees ?? 0)) best = { tiles, expected, dump, agrees };
    }
  }
  return best;
}

function mapped(opened: OpenedDump, expected: Expected, { map }: CheckSpec): MappedDump | undefined {
  try {
    return mapDump(opened, expected, map).dump;
  } catch (error) {
    // A dump that cannot be cut into the words of this tile does not hold them
    if (!(error instanceof Problem)) throw error;
    return undefined;
  }
}

/** Golden files of one tile say nothing of the others: those beside them do. */
async function beside(spec: CheckSpec, { kind }: Expected, opened: OpenedDump, open: OpenFiles, options: CheckOptions): Promise<readonly Variant[]> {
  const { golden } = spec;
  if (golden.type !== 'files') return [];
  try {
    return await expectedVariants({ ...spec, kind, golden: { type: 'folder', folder: path.dirname(golden.files[0]!) } }, opened, open, options);
  } catch (error) {
    // A folder that makes no set knows no other tile
    if (!(error instanceof Problem) || error.code === 'cancelled') throw error;
    return [];
  }
}

function share({ equal, telling }: { readonly equal: number; readonly telling: number }): number {
  return telling === 0 ? 0 : equal / telling;
}
