import * as vscode from 'vscode';
import type { Manifest } from '../../project/manifest';
import { MANIFEST_FILE } from '../../project/manifest';
import { Layout } from '../../vectors/layout';

/** A file as the manifest of its set describes it. */
export interface ManifestFile {
  readonly uri: vscode.Uri;
  /** Path in the set's folder. */
  readonly path: string;
  readonly layout: Layout;
  readonly relu: boolean;
  readonly bytes: number;
  readonly sha256: string;
}

export interface SetManifest {
  /** Folder that holds the manifest. */
  readonly folder: vscode.Uri;
  readonly entry: string;
  /** Real value of one activation code and of one weight code, when the set knows them. */
  readonly steps?: { readonly activation: number; readonly weight: number };
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
  const value = text === undefined ? undefined : parse(text);
  if (value === undefined || !Array.isArray(value.files)) return undefined;
  const files = (value.files as Partial<Manifest['files'][number]>[]).flatMap((file) => fileOf(folder, file));
  const { steps } = value;
  const known = typeof steps?.activation === 'number' && typeof steps.weight === 'number';
  return { folder, entry: typeof value.entry === 'string' ? value.entry : '', ...(known && { steps }), files };
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

/** A manifest that was written by hand, or half-way, names nothing: its files are then read by their content. */
function fileOf(folder: vscode.Uri, { path, layout, relu, bytes, sha256 }: Partial<Manifest['files'][number]>): ManifestFile[] {
  if (typeof path !== 'string' || path.split('/').includes('..') || layout === undefined) return [];
  try {
    return [{ uri: vscode.Uri.joinPath(folder, path), path, layout: new Layout(layout), relu: relu === true, bytes: bytes ?? 0, sha256: sha256 ?? '' }];
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}

function parse(text: string): Partial<Manifest> | undefined {
  try {
    return JSON.parse(text) as Partial<Manifest>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
