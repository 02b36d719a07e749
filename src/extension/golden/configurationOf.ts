import * as vscode from 'vscode';
import { CONFIG_FILE } from '../../project/configFile';
import type { SetManifest } from './manifests';
import { readText } from './manifests';

/** Folders above a set in which the configuration that made it is looked for. */
const MOST_UP = 5;

/** What makes a set anew: its entry in the nearest configuration above it, as Generate Vectors takes it. */
export async function configurationOf({ folder, entry }: SetManifest): Promise<{ folder: string; entry: string } | undefined> {
  if (entry === '') return undefined;
  let at = folder;
  for (let up = 0; up < MOST_UP; up++) {
    const text = await readText(vscode.Uri.joinPath(at, CONFIG_FILE));
    if (text?.includes(`"${entry}"`) === true) return { folder: at.fsPath, entry };
    at = vscode.Uri.joinPath(at, '..');
  }
  return undefined;
}
