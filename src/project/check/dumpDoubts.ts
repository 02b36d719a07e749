import path from 'node:path';
import type { Expected } from '../../check/compare/expected';
import { Problem } from '../../engine/problem';
import { nameClues } from '../../vectors/nameClues';
import { errno } from '../disk';
import type { OpenedDump } from './dumpSide';

/** Says of a dump that differs when its name calls it something else than it was compared with: its words are then no evidence of a fault. */
export function otherKindNotes({ kind, name }: Expected, { files }: OpenedDump): string[] {
  const named = files.map(({ source }) => path.basename(source.name)).map((file) => ({ file, says: nameClues(file).kind })).find(({ says }) => says !== undefined);
  if (named?.says === undefined || named.says === kind) return [];
  return [`The name ${named.file} says ${named.says}, and it was compared with ${kind} words (${path.isAbsolute(name) ? path.basename(name) : name}): if it holds ${named.says}, name other golden files, and no cause below means anything.`];
}

/** A dump that is not there has mostly not been written yet. */
export function missingDump(error: unknown): unknown {
  if (!(error instanceof Problem) || error.code !== 'usage' || errno(error.cause) !== 'ENOENT') return error;
  return new Problem('usage', error.what, 'Check the path, or run the simulation that writes it: a task of type tilescope-sim in VS Code, or the command of the project (npm run rtl for examples/digits).', error.place, { cause: error });
}
