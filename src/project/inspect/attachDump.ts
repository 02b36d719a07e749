import type { Expected } from '../../check/compare/expected';
import type { MappedDump } from '../../check/compare/dump';
import { Problem } from '../../engine/problem';
import type { DumpInfo } from '../../protocol/inspect';
import type { CheckTarget } from '../../protocol/checkReport';
import { axisCounts } from '../../vectors/axis';
import { WORD_STATES, entryWords } from '../../vectors/dump/entries';
import type { MadeCheck } from '../check/check';
import { makeCheck } from '../check/check';
import { specOf } from '../check/checkTarget';
import type { CheckProgress } from '../check/spec';
import { AttachedDump, DumpWords } from './attachedDump';
import type { InspectedLayer } from './inspectedLayer';
import { belongsTo } from './layoutIndex';
import type { OpenOptions } from './openEntry';
import { inSteps } from './run';

/** Words of a dump that are held: 5 bytes each. */
export const MOST_DUMP_WORDS = 1 << 26;

const PHASES: Readonly<Record<CheckProgress['phase'], string>> = { read: 'Reading the dump', compute: 'Computing what is expected', compare: 'Comparing', diagnose: 'Looking for the cause' };

/**
 * Compares a dump as a check does and keeps its words.
 * @throws Problem when they cannot be compared; `inspect-dump` when the dump cannot be shown beside this layer; `cancelled`
 */
export async function attachDump(layer: InspectedLayer, target: CheckTarget, { signal, onProgress, ortScript }: OpenOptions): Promise<AttachedDump> {
  let words: DumpWords | undefined;
  const options = { signal, ortScript, onProgress: ({ phase, done, total }: CheckProgress) => onProgress?.({ what: PHASES[phase], done, total }) };
  return makeCheck({ ...specOf(target), max: 1 }, options, {
    onDiffering: (dump) => {
      expectFitting(layer, dump);
      const kept = (words = new DumpWords(dump, axisCounts(layer.mapping)));
      return (line, word) => {
        kept.mark(line, word);
      };
    },
    made: async (check) => {
      await inSteps(words!.read(), 'Reading the dump', { signal, onProgress });
      return new AttachedDump(infoOf(check), words!, layer.mapping.conv);
    },
  });
}

/** @throws Problem `inspect-dump` */
function expectFitting({ mapping, name }: InspectedLayer, { kind, layout, entries }: MappedDump): void {
  const place = { file: entries.name };
  if (kind !== 'psum' && kind !== 'out') throw new Problem('inspect-dump', `${entries.name} is a dump of ${kind}s: only psums and outputs are shown beside computed values.`, 'Look at it in its decoded diff.', place);
  if (!belongsTo(layout, axisCounts(mapping))) throw new Problem('inspect-dump', `${entries.name} was compared with values of another layer than ${name}, or with values that do not say of which tile they are.`, 'Open the layer that the dump is of, or compare it with that layer of tilescope.json.', place);
  const words = layout.lineCount * layout.wordsPerLine;
  if (words > MOST_DUMP_WORDS) throw new Problem('inspect-dump', `${entries.name} is compared in ${words} words; up to ${MOST_DUMP_WORDS} are shown beside computed values.`, 'Dump one oc tile, or look at its decoded diff.', place);
}

function infoOf({ report, expected, dump }: MadeCheck): DumpInfo {
  const { dump: name, kind, verdict, what, causes, differing, compared, missing } = report;
  const [cause] = causes;
  return {
    name,
    kind,
    verdict,
    what,
    ...(cause !== undefined && { cause: cause.sentence }),
    ...(kind === 'out' && { relu: expected.model?.relu ?? isNeverNegative(expected, dump) }),
    differing,
    total: compared + missing,
  };
}

/** Golden outputs show by themselves whether they are cut at zero. */
function isNeverNegative(expected: Expected, { layout }: MappedDump): boolean {
  const rows = expected.rows(layout);
  const words = entryWords(layout.wordsPerLine);
  for (let line = 0; line < layout.lineCount; line++) {
    rows.read(line, words);
    if (words.values.some((value, word) => value < 0 && words.state[word] === WORD_STATES.known)) return false;
  }
  return true;
}
