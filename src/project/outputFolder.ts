import path from 'node:path';
import { Problem } from '../engine/problem';
import type { Disk } from './disk';
import { unlessMissing } from './disk';

/**
 * The real path of an output folder that stays inside `root` after every `..` and symbolic link.
 * The folder need not exist; its nearest existing ancestor decides.
 *
 * @param root folder of the configuration
 * @throws Problem `output-outside`, `output-unsafe`
 */
export async function resolveOutput(disk: Disk, root: string, output: string): Promise<string> {
  const realRoot = await disk.realpath(root);
  const wanted = path.resolve(realRoot, output);
  const { existing, rest } = await nearestExisting(disk, wanted);
  const real = path.join(await disk.realpath(existing), rest);
  if (real === realRoot) {
    throw new Problem('output-unsafe', `The output "${output}" is the configuration's own folder, which holds more than golden files.`, 'Give the set a folder of its own, such as "golden".');
  }
  const relative = path.relative(realRoot, real);
  if (relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)) {
    const how = path.resolve(realRoot, output) === real ? '' : ` (it leads to ${real})`;
    throw new Problem('output-outside', `The output "${output}" lies outside ${realRoot}${how}.`, 'Give a folder below the configuration file, or move tilescope.json up.');
  }
  return real;
}

async function nearestExisting(disk: Disk, wanted: string): Promise<{ existing: string; rest: string }> {
  let existing = wanted;
  const rest: string[] = [];
  // lstat, so that a dangling link counts as existing and realpath then names it
  while ((await unlessMissing(disk.lstat(existing))) === undefined) {
    rest.unshift(path.basename(existing));
    existing = path.dirname(existing);
  }
  return { existing, rest: path.join(...rest, '.') };
}
