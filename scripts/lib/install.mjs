import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.mjs';
import { npmCommand, runAloud } from './run.mjs';

/** Installs the npm packages that the lock file names, unless they are there; resolves with npm's exit code. Install scripts stay off (.npmrc). */
export async function installPackages() {
  if (isInstalled()) return 0;
  const [command, first] = npmCommand();
  return runAloud(command, [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** npm keeps a note of what it installed: older than the lock file means that the lock file has changed since. */
function isInstalled() {
  const [note, lock] = ['node_modules/.package-lock.json', 'package-lock.json'].map((file) => fs.statSync(path.join(ROOT, file), { throwIfNoEntry: false }));
  return note !== undefined && note.mtimeMs >= lock.mtimeMs;
}
