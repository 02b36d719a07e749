import { agreement } from '../../check/compare/chooseOrder';
import type { Expected } from '../../check/compare/expected';
import { Problem } from '../../engine/problem';
import type { MapSpec } from '../../vectors/dump/addressMap';
import { countedFrom } from '../../vectors/outputNumbers';
import type { OpenCount, OpenedDump } from './dumpSide';
import { mapDump } from './dumpSide';

/** Words that the log calls the answer must be the expected ones: nearly all of them. */
const THE_SAME = 0.99;

/**
 * A log whose own numbers leave open whether it counts its outputs from 0 or from 1: the number of outputs may tell, and so may the words that it
 * calls the answer, which are golden words. What came out may not: a faulty dump must not look for an excuse.
 */
export async function countedDump(dump: OpenedDump, variants: readonly Expected[], map: MapSpec | undefined): Promise<OpenedDump> {
  const { openCount } = dump;
  if (openCount === undefined) return dump;
  const outputs = new Set(variants.map(({ ranges }) => ranges.o_nij?.count));
  const [count] = outputs;
  if (outputs.size === 1 && countedFrom(openCount.numbers, count) === 1) return dump;
  const [from0, from1] = [await answersAgree(openCount, 0, variants, map), await answersAgree(openCount, 1, variants, map)];
  const fromZero = from0 >= THE_SAME && from1 < THE_SAME ? await openCount.words(0, 'got') : undefined;
  if (fromZero !== undefined) return { ...fromZero, notes: [...fromZero.notes, 'The log counts its outputs from 0: what it calls the answer is what is expected of them then.'] };
  if (from1 >= THE_SAME && from0 < THE_SAME) return dump;
  return { ...dump, notes: [...dump.notes, 'Nothing says whether the log counts its outputs from 0 or from 1: they were taken to be counted from 1.'] };
}

async function answersAgree(openCount: OpenCount, base: 0 | 1, variants: readonly Expected[], map: MapSpec | undefined): Promise<number> {
  const answers = await openCount.words(base, 'answer');
  if (answers === undefined) return 0;
  let best = 0;
  for (const expected of variants) {
    try {
      best = Math.max(best, agreement(expected, mapDump(answers, expected, map).dump));
    } catch (error) {
      // Answers that cannot be cut into these words are none of them
      if (!(error instanceof Problem)) throw error;
    }
  }
  return best;
}
