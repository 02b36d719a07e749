import fs from 'node:fs';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { browserSetUp, vscodeSetUp, type OfflineHost } from './setup';

/** How a real VS Code comes to run the suite: as a window of its own, or as a server with a browser. */
export type Launcher = { readonly kind: 'window'; readonly executable: string } | { readonly kind: 'server'; readonly host: OfflineHost };

/** Chooses the VS Code and sets it up if need be. `version` names an offline host; by default any VS Code will do. */
export async function prepareLauncher(version: string | undefined, log: (line: string) => void): Promise<Launcher> {
  const named = process.env['VSCODE_PATH'];
  if (version) return serverLauncher(version, log);
  if (named) return { kind: 'window', executable: existing(named) };
  if (hasNoDisplay() || (await isServerSetUp())) return serverLauncher('current', log);
  try {
    return { kind: 'window', executable: await downloadAndUnzipVSCode('stable') };
  } catch (error) {
    if (`${process.platform}-${process.arch}` !== 'linux-x64') throw new Error('VS Code could not be downloaded. Set VSCODE_PATH to the executable of an installed one.', { cause: error });
    log(`VS Code could not be downloaded (${error instanceof Error ? error.message : String(error)}): using the offline host.`);
    return serverLauncher('current', log);
  }
}

async function serverLauncher(version: string, log: (line: string) => void): Promise<Launcher> {
  (await browserSetUp()).setUpBrowser(log);
  return { kind: 'server', host: (await vscodeSetUp()).setUpVscode(version, log) };
}

async function isServerSetUp(): Promise<boolean> {
  const { offlineHost, isSetUp } = await vscodeSetUp();
  return isSetUp(offlineHost());
}

function existing(executable: string): string {
  if (!fs.existsSync(executable)) throw new Error(`VSCODE_PATH names ${executable}, which does not exist.`);
  return executable;
}

function hasNoDisplay(): boolean {
  return process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
}
