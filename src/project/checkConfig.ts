import path from 'node:path';
import { Problem } from '../engine/problem';
import { planFiles } from '../vectors/plan';
import { configCheckProblems } from './check/configChecks';
import type { Config } from './config';
import type { Disk } from './disk';
import { readableFile, realDisk } from './disk';
import type { Entry } from './entry';
import { inputFiles, keptFiles, resolveEntry } from './entry';
import { MANIFEST_FILE } from './manifest';
import { resolveOutput } from './outputFolder';

/**
 * Everything wrong with a configuration that its schema cannot see: names used twice, profiles that do not exist or
 * contradict themselves, files that are not there, outputs that leave the folder or lie in each other.
 *
 * @param names look into these layers only; all when empty
 */
export async function checkConfig(config: Config, { names = [], disk = realDisk }: { readonly names?: readonly string[]; readonly disk?: Disk } = {}): Promise<Problem[]> {
  const problems: Problem[] = [];
  const entries: Entry[] = [];
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  for (const [index, { name }] of config.data.layers.entries()) {
    if (wanted(name)) collect(problems, () => entries.push(resolveEntry(config, index)));
  }
  problems.push(...repeated(config, 'layers'), ...repeated(config, 'profiles'), ...repeated(config, 'checks'), ...configCheckProblems(config));
  for (const entry of entries) {
    collect(problems, () => {
      checkProfile(entry);
    });
    problems.push(...(await missingFiles(entry, disk)));
  }
  return [...problems, ...(await outputProblems(entries, disk))];
}

function repeated(config: Config, key: 'layers' | 'profiles' | 'checks'): Problem[] {
  const names = config.data[key]?.map(({ name }) => name) ?? [];
  return names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [new Problem('config-value', `The name "${name}" is used twice in ${key}.`, 'Give each a name of its own.', config.place([key, index, 'name']))],
  );
}

/** Plans the profile for a smallest layer on this array: finds what is wrong with it for every layer. */
function checkProfile(entry: Entry): void {
  const counts = { icTile: 1, ocTile: 1, row: entry.array.rows, col: entry.array.cols, kij: 1, nij: 1, o_nij: 1 };
  const select = { icTile: 'all', ocTile: 'all', kij: 'all', nij: 'all', o_nij: 'all' } as const;
  try {
    planFiles({ profile: entry.profile, counts, bits: { activation: 4, weight: 4, psum: entry.array.psumBits }, select, extras: entry.extras, reserved: [MANIFEST_FILE] });
  } catch (error) {
    throw error instanceof Problem ? error.at(entry.profilePlace) : error;
  }
}

async function missingFiles(entry: Entry, disk: Disk): Promise<Problem[]> {
  const found = await Promise.all(inputFiles(entry).map(async (input) => ({ ...input, readable: await readableFile(disk, input.file) })));
  return found
    .filter(({ readable }) => !readable)
    .map(({ key, file }) => new Problem('config-value', `${key} names ${path.relative(entry.folder, file) || '.'}, and there is no such file that can be read.`, 'Correct the path; it starts from the folder of this file.', entry.place('source', key)));
}

async function outputProblems(entries: readonly Entry[], disk: Disk): Promise<Problem[]> {
  const problems: Problem[] = [];
  const folders: { entry: Entry; folder: string }[] = [];
  for (const entry of entries) {
    try {
      folders.push({ entry, folder: await resolveOutput(disk, entry.folder, entry.output, keptFiles(entry)) });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push(error.at(entry.place('output')));
    }
  }
  for (const [index, { entry, folder }] of folders.entries()) {
    const other = folders.slice(0, index).find((earlier) => contains(earlier.folder, folder) || contains(folder, earlier.folder));
    if (other === undefined) continue;
    problems.push(new Problem('config-value', `The output of "${entry.name}" and that of "${other.entry.name}" lie in each other; each set replaces its folder as a whole.`, 'Give each layer a folder of its own.', entry.place('output')));
  }
  return problems;
}

function contains(folder: string, other: string): boolean {
  return other === folder || other.startsWith(folder + path.sep);
}

/** Runs a check that throws its finding. */
function collect(problems: Problem[], check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    problems.push(error);
  }
}
