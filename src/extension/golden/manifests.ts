import * as vscode from 'vscode';
import { MANIFEST_FILE } from '../../project/manifest';
import type { StatedFile, StatedSet } from '../../project/parseManifest';
import { parseManifest } from '../../project/parseManifest';
import type { Layout } from '../../vectors/layout';

/** A file as the manifest of its set describes it. */
export interface ManifestFile extends StatedFile {
  readonly uri: vscode.Uri;
  readonly layout: Layout;
}

export interface SetManifest extends Omit<StatedSet, 'files'> {
  /** Folder that holds the manifest. */
  readonly folder: vscode.Uri;
  /** Those whose layout can be used: others are read by their content. */
  readonly files: readonly ManifestFile[];
}

/** Folders above a file in which its manifest is looked for. */
const MOST_UP = 5;

/** The manifest that names a file, from the nearest folder above it. */
export async function manifestOf(file: vscode.Uri): Promise<{ manifest: SetManifest; file: ManifestFile } | undefined> {
  let folder = vscode.Uri.joinPath(file, '..');
  for (let up = 0; up < MOST_UP; up++) {
    const manifest = await readManifest(folder);
    const named = manifest?.files.find(({ uri }) => uri.path === file.path);
    if (manifest !== undefined && named !== undefined) return { manifest, file: named };
    const parent = vscode.Uri.joinPath(folder, '..');
    if (parent.path === folder.path || vscode.workspace.getWorkspaceFolder(file)?.uri.path === folder.path) return undefined;
    folder = parent;
  }
  return undefined;
}

/** The manifest of a folder; undefined when there is none that can be read. */
export async function readManifest(folder: vscode.Uri): Promise<SetManifest | undefined> {
  const text = await readText(vscode.Uri.joinPath(folder, MANIFEST_FILE));
  const stated = text === undefined ? undefined : parseManifest(text);
  if (stated === undefined) return undefined;
  const files = stated.files.flatMap(({ layout, ...file }) => (layout === undefined ? [] : [{ ...file, layout, uri: vscode.Uri.joinPath(folder, file.path) }]));
  return { ...stated, folder, files };
}

/** Text of a file; undefined when it is not there. */
export async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}
