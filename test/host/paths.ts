import fs from 'node:fs';
import path from 'node:path';

/** The repository's folder, found from any file of it: the suites are bundled, so a file's own place says little. */
export const ROOT = nearestWith('package.json', __dirname);

/** What builds and test runs leave. */
export const OUT = path.join(ROOT, 'out');
export const SCREENS = path.join(OUT, 'screens');
export const LOGS = path.join(OUT, 'logs');

/** The compiled suites. */
export const SUITES = path.join(OUT, 'test');

function nearestWith(name: string, folder: string): string {
  if (fs.existsSync(path.join(folder, name))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`no ${name} above ${__dirname}`);
  return nearestWith(name, parent);
}
