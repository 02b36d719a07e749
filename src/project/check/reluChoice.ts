import type { Kind } from '../../vectors/axis';
import { nameClues } from '../../vectors/nameClues';
import type { Entry } from '../entry';
import type { FoundManifest } from '../setManifest';
import type { CheckSpec } from './spec';

/** Which outputs a dump is to be: what the check says, else after ReLU where the set has such files. Undefined when nothing says so. */
export function wantedRelu({ relu }: CheckSpec, statesRelu: boolean): boolean | undefined {
  return relu ?? (statesRelu ? true : undefined);
}

/** The outputs to compute: both when nothing says which, so that the words may. */
export function relusOf(wanted: boolean | undefined): boolean[] {
  return wanted === undefined ? [true, false] : [wanted];
}

/** Has the layer's profile outputs after ReLU? */
export function entryStatesRelu({ profile }: Entry): boolean {
  return profile.files.some(({ holds, relu }) => holds === 'out' && relu === true);
}

/** Has the set outputs after ReLU, as its manifest says? */
export function manifestStatesRelu({ files }: FoundManifest): boolean {
  return [...files.values()].some(({ relu, layout }) => relu && layout?.spec.kind === 'out');
}

/** Are the outputs of a golden file cut at zero: as its manifest says, else its name, if it does. */
export function reluOfFile(file: string, kind: Kind, manifest: FoundManifest | undefined): boolean | undefined {
  if (kind !== 'out') return undefined;
  return manifest?.files.get(file)?.relu ?? nameClues(file).relu;
}

/** Says which of both a dump was found to be, where nothing but its words says it: a missing ReLU would pass unseen. */
export function reluNote(chosen: { readonly relu?: boolean }, all: readonly { readonly relu?: boolean }[]): string[] {
  const { relu } = chosen;
  if (relu === undefined || !all.some((other) => other.relu === !relu)) return [];
  return [`Outputs ${relu ? 'after' : 'before'} ReLU fit best, and nothing says which are meant: --relu or --no-relu ("relu" in tilescope.json) decides.`];
}
