import * as vscode from 'vscode';
import { createHash } from 'node:crypto';
import type { Kind } from '../../vectors/axis';
import type { ListedFile, NamedFile } from '../../vectors/present/setMembers';
import { listFiles } from '../../vectors/present/setMembers';
import { MANIFEST_FILE } from '../../project/manifest';
import { GOLDEN_GLOB } from './eligible';
import type { FolderSets } from './folderSets';
import { readManifest } from './manifests';

/** A folder that holds golden files. */
export interface SetNode {
  readonly type: 'set';
  readonly folder: vscode.Uri;
  readonly entry?: string;
  readonly kinds: readonly KindNode[];
}

interface KindNode {
  readonly type: 'kind';
  readonly kind: Kind;
  readonly folder: vscode.Uri;
  readonly files: readonly FileNode[];
}

interface FileNode {
  readonly type: 'file';
  readonly uri: vscode.Uri;
  readonly file: ListedFile;
  /** Tile and kij, as far as they tell the files of the kind apart; else its name. */
  readonly label: string;
}

type Node = SetNode | KindNode | FileNode;

/** What is looked at in a workspace at most. */
const MOST_FILES = 3000;
const MOST_MANIFESTS = 100;
const EXCLUDED = '**/{node_modules,.git,.vscode,out,dist}/**';
/** Files that are compared by content. */
const MOST_COMPARED = 400;
const MOST_COMPARED_BYTES = 1_000_000;
/** A folder is a set when its names speak of so many kinds; one file alone is none. */
const LEAST_FILES = 2;

/** The Explorer's view of the vector sets in the workspace: by layer, kind and tile, with gaps and copies. */
export class VectorSets implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];
  private readonly twins = new Map<string, Promise<ReadonlyMap<string, string>>>();

  constructor(sets: FolderSets) {
    this.subscriptions = [
      vscode.window.createTreeView('tilescope.vectorSets', { treeDataProvider: this, showCollapseAll: true }),
      sets.onDidChange(() => {
        this.refresh();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.refresh();
      }),
      vscode.commands.registerCommand('tilescope.refreshVectorSets', () => {
        this.refresh();
      }),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) return findSets();
    if (node.type === 'set') return [...node.kinds];
    return node.type === 'kind' ? [...node.files] : [];
  }

  async getTreeItem(node: Node): Promise<vscode.TreeItem> {
    switch (node.type) {
      case 'set':
        return setItem(node);
      case 'kind':
        return kindItem(node);
      case 'file':
        return fileItem(node, await this.twinOf(node));
    }
  }

  dispose(): void {
    vscode.Disposable.from(this.changed, ...this.subscriptions).dispose();
  }

  private refresh(): void {
    this.twins.clear();
    this.changed.fire();
  }

  /** Name of an earlier file in the same folder with the same content. */
  private async twinOf({ uri, file }: FileNode): Promise<string | undefined> {
    if (file.missing) return undefined;
    const folder = vscode.Uri.joinPath(uri, '..');
    const kept = this.twins.get(folder.toString()) ?? twinsOf(folder);
    this.twins.set(folder.toString(), kept);
    return (await kept).get(uri.path.split('/').at(-1)!);
  }
}

/** The vector sets of the workspace, by folder. */
export async function findSets(): Promise<SetNode[]> {
  const manifests = await vscode.workspace.findFiles(`**/${MANIFEST_FILE}`, EXCLUDED, MOST_MANIFESTS);
  const stated: SetNode[] = [];
  for (const uri of manifests) {
    const set = await statedSet(vscode.Uri.joinPath(uri, '..'));
    if (set !== undefined) stated.push(set);
  }
  const owned = stated.map(({ folder }) => `${folder.path}/`);
  const loose = (await vscode.workspace.findFiles(GOLDEN_GLOB, EXCLUDED, MOST_FILES)).filter(({ path }) => !owned.some((folder) => path.startsWith(folder)));
  const folders = new Map<string, vscode.Uri[]>();
  for (const uri of loose) {
    const key = vscode.Uri.joinPath(uri, '..').toString();
    folders.set(key, [...(folders.get(key) ?? []), uri]);
  }
  const found = [...folders].flatMap(([folder, files]) => {
    const kinds = kindsOf(vscode.Uri.parse(folder), files.map(({ path }) => ({ name: path.split('/').at(-1)! })));
    const count = kinds.reduce((sum, { files: own }) => sum + own.length, 0);
    return count >= LEAST_FILES && kinds.length >= 2 ? [{ type: 'set', folder: vscode.Uri.parse(folder), kinds } satisfies SetNode] : [];
  });
  return [...stated, ...found].sort((a, b) => (a.folder.path < b.folder.path ? -1 : 1));
}

/** The set that a manifest states: what it names and is not on disk is missing. */
async function statedSet(folder: vscode.Uri): Promise<SetNode | undefined> {
  const manifest = await readManifest(folder);
  if (manifest === undefined || manifest.files.length === 0) return undefined;
  const present = await existing(manifest.files.map(({ uri }) => uri));
  const files = manifest.files.map(({ path, layout }): NamedFile & { missing: boolean } => ({ name: path, kind: layout.spec.kind, fixed: layout.spec.fixed, missing: !present.has(vscode.Uri.joinPath(folder, path).path) }));
  const missing = new Set(files.filter((file) => file.missing).map(({ name }) => name));
  const kinds = kindsOf(folder, files).map((kind) => ({ ...kind, files: kind.files.filter(({ file }) => !file.missing).map((node) => ({ ...node, file: { ...node.file, missing: missing.has(node.file.name) } })) }));
  return { type: 'set', folder, entry: manifest.entry, kinds };
}

function kindsOf(folder: vscode.Uri, files: readonly NamedFile[]): KindNode[] {
  return [...listFiles(files)].map(([kind, listed]) => {
    const axes = PLACES.filter(([axis]) => new Set(listed.map(({ fixed }) => fixed[axis])).size > 1);
    const label = ({ name, fixed }: ListedFile): string => {
      const place = axes.flatMap(([axis, word]) => (fixed[axis] === undefined ? [] : [`${word} ${fixed[axis]}`])).join(' · ');
      return place === '' ? baseName(name) : place;
    };
    return { type: 'kind', kind, folder, files: listed.map((file) => ({ type: 'file', uri: vscode.Uri.joinPath(folder, file.name), file, label: label(file) })) };
  });
}

/** Which of these files are on disk, asking each folder once. */
async function existing(uris: readonly vscode.Uri[]): Promise<ReadonlySet<string>> {
  const folders = new Map(uris.map((uri) => [vscode.Uri.joinPath(uri, '..').path, vscode.Uri.joinPath(uri, '..')]));
  const found = new Set<string>();
  for (const folder of folders.values()) for (const name of await namesIn(folder)) found.add(`${folder.path}/${name}`);
  return found;
}

async function namesIn(folder: vscode.Uri): Promise<string[]> {
  try {
    return (await vscode.workspace.fs.readDirectory(folder)).flatMap(([name, type]) => ((type & vscode.FileType.File) === 0 ? [] : [name]));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return [];
    throw error;
  }
}

async function twinsOf(folder: vscode.Uri): Promise<ReadonlyMap<string, string>> {
  const first = new Map<string, string>();
  const twins = new Map<string, string>();
  for (const name of (await namesIn(folder)).sort().slice(0, MOST_COMPARED)) {
    const uri = vscode.Uri.joinPath(folder, name);
    try {
      if ((await vscode.workspace.fs.stat(uri)).size > MOST_COMPARED_BYTES) continue;
      const digest = createHash('sha256').update(await vscode.workspace.fs.readFile(uri)).digest('hex');
      const other = first.get(digest);
      if (other === undefined) first.set(digest, name);
      else twins.set(name, other);
    } catch (error) {
      // Deleted since the folder was listed: the next refresh leaves it out
      if (!(error instanceof vscode.FileSystemError)) throw error;
    }
  }
  return twins;
}

function setItem({ folder, entry, kinds }: SetNode): vscode.TreeItem {
  const item = new vscode.TreeItem(entry ?? folder.path.split('/').at(-1)!, vscode.TreeItemCollapsibleState.Collapsed);
  const missing = kinds.reduce((sum, { files }) => sum + files.filter(({ file }) => file.missing).length, 0);
  item.id = folder.toString();
  item.description = `${vscode.workspace.asRelativePath(folder)}${missing === 0 ? '' : ` · ${missing} missing`}`;
  item.iconPath = new vscode.ThemeIcon('layers');
  item.tooltip = folder.fsPath;
  item.contextValue = 'set';
  return item;
}

function kindItem({ kind, folder, files }: KindNode): vscode.TreeItem {
  const item = new vscode.TreeItem(kind, vscode.TreeItemCollapsibleState.Collapsed);
  const missing = files.filter(({ file }) => file.missing).length;
  item.id = `${folder.toString()} ${kind}`;
  item.description = missing === 0 ? String(files.length) : `${files.length - missing} of ${files.length}`;
  item.iconPath = new vscode.ThemeIcon(KIND_ICONS[kind]);
  return item;
}

const KIND_ICONS: Readonly<Record<Kind, string>> = { activation: 'symbol-array', weight: 'symbol-numeric', psum: 'symbol-operator', out: 'output', address: 'list-ordered' };

function fileItem({ uri, label, file: { name, missing } }: FileNode, twin: string | undefined): vscode.TreeItem {
  const base = baseName(name);
  const item = new vscode.TreeItem(label);
  const notes = [...(label === base ? [] : [base]), ...(missing ? ['missing'] : []), ...(twin === undefined ? [] : [`same content as ${twin}`])];
  item.id = uri.toString();
  item.description = notes.join(' · ');
  item.tooltip = missing ? `${name} is missing from the set.` : twin === undefined ? uri.fsPath : `${name} has the same content as ${twin}.`;
  item.iconPath = missing ? new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('disabledForeground')) : new vscode.ThemeIcon(twin === undefined ? 'file' : 'files');
  if (missing) {
    // Greyed by the decoration provider of this scheme
    item.resourceUri = uri.with({ scheme: MISSING_SCHEME });
  } else {
    item.command = { command: 'vscode.open', title: 'Open', arguments: [uri] };
  }
  return item;
}

const MISSING_SCHEME = 'tilescope-missing';

/** Greys the labels of files that are not there. */
export class MissingFiles implements vscode.FileDecorationProvider {
  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    return uri.scheme === MISSING_SCHEME ? new vscode.FileDecoration(undefined, 'Missing from the set', new vscode.ThemeColor('disabledForeground')) : undefined;
  }
}

const PLACES = [['icTile', 'ic tile'], ['ocTile', 'oc tile'], ['kij', 'kij']] as const;

function baseName(path: string): string {
  return path.split('/').at(-1)!;
}
