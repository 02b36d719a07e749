import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.mjs';

/** Files below `folder` (relative to the repository) whose path matches `pattern`, sorted, relative to the repository. */
export function globSync(folder, pattern) {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** Removes a folder of the repository, or does nothing if it is not there. */
export function rmSync(folder) {
  fs.rmSync(path.join(ROOT, folder), { recursive: true, force: true });
}
