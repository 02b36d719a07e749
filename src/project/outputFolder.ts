import path from 'node:path';
import { Problem } from '../engine/problem';
import type { Disk } from './disk';
import { errno, unlessMissing } from './disk';

/**
 * The real path of an output folder that stays inside `root` after every `..` and symbolic link.
 * The folder need not exist; its nearest existing ancestor decides.
 *
 * @param root folder of the configuration
 * @param keep files that the folder must not contain, because a set replaces its folder
 * @throws Problem `output-outside`, `output-unsafe`
 */
export async function resolveOutput(disk: Disk, root: string, output: string, keep: readonly string[] = []): Promise<string> {
  const realRoot = await disk.realpath(root);
  const wanted = path.resolve(realRoot, output);
  const real = await realPathOf(disk, wanted, output);
  if (real === realRoot) {
    throw new Problem('output-unsafe', `The output "${output}" is the configuration's own folder, which holds more than golden files.`, 'Give the set a folder of its own, such as "golden".');
  }
  if (!isInside(realRoot, real)) {
    const how = wanted === real ? '' : ` (it leads to ${real})`;
    throw new Problem('output-outside', `The output "${output}" lies outside ${realRoot}${how}.`, 'Give a folder below the configuration file, or move tilescope.json up.');
  }
  if (path.relative(realRoot, real).split(path.sep).includes('.git') || (await unlessMissing(disk.lstat(path.join(real, '.git')))) !== undefined) {
    throw new Problem('output-unsafe', `The output "${output}" is a git repository, or part of one's own folder.`, 'Give the set a folder of its own, such as "golden".');
  }
  for (const file of keep) {
    const realFile = await unlessMissing(disk.realpath(file));
    if (realFile !== undefined && isInside(real, realFile)) {
      throw new Problem('output-unsafe', `The output "${output}" contains ${path.relative(realRoot, realFile)}, which the set is made from.`, 'Give the set a folder of its own, such as "golden".');
    }
  }
  return real;
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

async function realPathOf(disk: Disk, wanted: string, output: string): Promise<string> {
  try {
    const { existing, rest } = await nearestExisting(disk, wanted);
    return path.join(await disk.realpath(existing), rest);
  } catch (error) {
    const code = errno(error);
    if (code === undefined) throw error;
    const why = code === 'ENOENT' ? 'a symbolic link on the way leads nowhere' : code === 'ELOOP' ? 'symbolic links on the way lead in a circle' : `the system says ${code}`;
    throw new Problem('output-unsafe', `The output "${output}" cannot be reached: ${why}.`, 'Remove the link or choose another output folder.', {}, { cause: error });
  }
}

async function nearestExisting(disk: Disk, wanted: string): Promise<{ existing: string; rest: string }> {
  let existing = wanted;
  const rest: string[] = [];
  // lstat, so that a dangling link is not taken for a folder that is still to be made: realpath then says so
  while ((await unlessMissing(disk.lstat(existing))) === undefined) {
    rest.unshift(path.basename(existing));
    existing = path.dirname(existing);
  }
  return { existing, rest: path.join(...rest, '.') };
}
