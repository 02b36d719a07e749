import { pairOf } from '../../check/compare/pairOf';
import type { Cause } from '../../check/diagnose/diagnosis';
import { diagnose } from '../../check/diagnose/diagnosis';
import type { PairModel } from '../../check/pair';
import { drive } from '../drive';
import type { OpenFiles } from './fileSource';
import { modelBeside } from './modelSide';
import type { TileCheck } from './otherTile';
import { otherTile } from './otherTile';
import type { CheckOptions } from './spec';

/** Why a dump differs. */
export interface Explained {
  readonly causes: readonly Cause[];
  /** What may make all of the rest meaningless. */
  readonly doubts: readonly string[];
  readonly notes: readonly string[];
  readonly model: PairModel | undefined;
}

/** Golden files alone leave the arithmetic open: the activations and weights beside them settle it. @throws Problem `cancelled` */
export async function explain(check: TileCheck, open: OpenFiles, run: CheckOptions): Promise<Explained> {
  const { spec, expected, dump, comparison: { first, differing } } = check;
  const beside = expected.model === undefined ? await modelBeside(spec, expected.kind, expected.format, run) : { notes: [] };
  const model = expected.model ?? beside.model;
  const other = await otherTile(check, open, run);
  if (other !== undefined && 'cause' in other) return { causes: [other.cause], doubts: [], notes: [], model };
  const doubts = other === undefined ? [] : [other.note];
  const place = first[0] === undefined ? undefined : dump.layout.position(first[0].coordinates);
  const { pair, of } = pairOf({ ...expected, ...(model !== undefined && { model }) }, dump, place?.line);
  const { causes, sentence, window, counts } = await drive(diagnose(pair, { differing }), run.signal, ({ done, total }) => run.onProgress?.({ phase: 'diagnose', done, total }));
  const part = of === undefined ? [] : [`Causes were looked for in ${pair.expected.length} of ${of} words, with ${counts.mismatches} of the ${differing} that differ.`];
  const judged = causes.length === 0 ? [sentence] : window === undefined ? [] : [`Causes were judged on the entries ${window.from} to ${window.to - 1}.`];
  return { causes, doubts, notes: [...part, ...judged, ...beside.notes], model };
}
