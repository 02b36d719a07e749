import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './paths';

/** A copy of examples/NAME in a temporary folder, without what it generates, so that no run changes the repository. */
export function copyOfExample(name = 'digits'): string {
  const folder = path.join(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-workspace-'))), name);
  const example = path.join(ROOT, 'examples', name);
  fs.cpSync(example, folder, { recursive: true, filter: (file) => !['golden', 'dumps'].includes(path.relative(example, file)) });
  return folder;
}

/** Removes a copy and the temporary folder that holds it. */
export function removeCopy(folder: string): void {
  fs.rmSync(path.dirname(folder), { recursive: true, force: true, maxRetries: 5 });
}
