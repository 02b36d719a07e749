import path from 'node:path';
import { Problem } from '../engine/problem';
import type { Candidate, Inference } from '../vectors/inference';
import { FileReading } from '../vectors/reading';
import { inferFolder } from '../vectors/siblings';
import type { Choice } from './chosenReading';
import { chosenReading } from './chosenReading';
import { LARGEST_FILE, neighboursOf, readText } from './goldenFolder';
import { Manifests, digestOfFile } from './setManifest';

/** A file read with one of its readings. */
export interface DecodedFile {
  readonly file: string;
  readonly inference: Inference;
  readonly chosen: Candidate;
  readonly reading: FileReading;
  /** How many files beside were not read, because there are too many or they are too large. */
  readonly unread: number;
}

/**
 * Reads a golden file together with the files beside it.
 * @param file absolute
 * @throws Problem `usage` when it cannot be read, `text-format` when it is no table of words
 */
export async function decodeFile(file: string, choice: Choice, signal?: AbortSignal): Promise<DecodedFile> {
  const own = await readText(file);
  if (own === undefined) throw new Problem('text-format', `${file} is larger than ${LARGEST_FILE / 2 ** 20} MB.`, 'Cut out the part that you want to see.', { file });
  const declared = Object.keys(choice).length === 0 ? await declaredReading(file) : undefined;
  // A stated layout needs no neighbours to explain it
  const neighbours = declared === undefined ? await neighboursOf(path.dirname(file), [file], signal) : { texts: [], unread: [] };
  const inference = inferFolder([own, ...neighbours.texts].map((text) => ({ name: path.basename(text.file), text: text.text })))[0]!;
  const chosen = declared ?? chosenReading(inference, choice);
  return { file, inference, chosen, reading: new FileReading(inference.shape, chosen.layout), unread: neighbours.unread.length };
}

/** What the manifest of TileScope's own sets says of a file that is still as it was written. */
async function declaredReading(file: string): Promise<Candidate | undefined> {
  const declared = (await new Manifests().above(path.dirname(file)))?.files.get(file);
  if (declared?.layout === undefined || (await digestOfFile(file)) !== declared.sha256) return undefined;
  return { layout: declared.layout, confidence: 1, evidence: ['TileScope wrote this file: the manifest of its set states the layout.'], contradictions: [], kindIsGuess: false, proven: true };
}
