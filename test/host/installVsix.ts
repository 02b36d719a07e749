import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths';
import type { OfflineHost } from './setup';
import { cleanEnvironment } from './vscodeServer';

/** Installs a .vsix as `code --install-extension` would, into a new temporary folder: the `extensionsDir` of a server. */
export async function installVsix(host: OfflineHost, vsix: string): Promise<string> {
  const extensionsDir = newExtensionsDir();
  const args = [host.server, '--accept-server-license-terms', '--install-extension', vsix, '--extensions-dir', extensionsDir, '--server-data-dir', path.join(extensionsDir, '.server')];
  await promisify(execFile)(host.node, args, { env: { ...cleanEnvironment(), HOME: extensionsDir, EXTENSIONS_GALLERY: '{}' } });
  return extensionsDir;
}

/** Makes this repository an installed extension: the source as it is built, with nothing of a packaged one missing, notification toasts included. */
export function installFromSource(): string {
  const extensionsDir = newExtensionsDir();
  const { publisher, name, version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Record<'publisher' | 'name' | 'version', string>;
  fs.symlinkSync(ROOT, path.join(extensionsDir, `${publisher}.${name}-${version}`), 'dir');
  return extensionsDir;
}

/** Removes such a folder; a link in it goes, what it leads to stays. */
export function removeExtensions(extensionsDir: string): void {
  fs.rmSync(extensionsDir, { recursive: true, force: true, maxRetries: 5 });
}

function newExtensionsDir(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-extensions-'));
}
