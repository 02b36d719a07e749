import * as vscode from 'vscode';
import { MANIFEST_FILE } from '../../project/manifest';
import type { FileFindingData } from '../../protocol/reading';
import { Later } from '../later';
import { configurationOf } from './configurationOf';
import { diagnosticOf } from './diagnostics';
import { GOLDEN_SELECTOR, isGoldenName } from './eligible';
import type { FolderSets } from './folderSets';
import type { Reader } from './reader';
import { GivenUp } from './reader';
import { readManifest } from './manifests';

/** How long files and editors must rest before sets are looked at again. */
const REST_MS = 600;
const MOST_MANIFESTS = 100;
const EXCLUDED = '**/{node_modules,.git,.vscode,out,dist}/**';
/** What running Generate Vectors again repairs. */
const STALE = ['stale-inputs', 'missing-member', 'edited-file'];

/**
 * What only the files of a set together show, in Problems, at the file that each finding concerns: sets that have a file open are looked at
 * as a whole, and all manifests of the workspace are compared with what is there. Other folders are left alone.
 */
export class SetDiagnostics implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly collection = vscode.languages.createDiagnosticCollection('tilescope-sets');
  private readonly later = new Later<string>();
  private readonly subscriptions: vscode.Disposable[];
  private stop = new AbortController();
  private looked = '';

  constructor(
    private readonly sets: FolderSets,
    private readonly reader: Reader,
    private readonly rulesPage: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const look = (): void => {
      this.lookSoon(false);
    };
    this.subscriptions = [
      sets.onDidChange(() => {
        this.lookSoon(true);
      }),
      // Documents live on for a while after their tabs are closed
      vscode.window.tabGroups.onDidChangeTabs(look),
      vscode.languages.registerCodeActionsProvider([{ pattern: `**/${MANIFEST_FILE}` }, ...[GOLDEN_SELECTOR].flat()], this, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    ];
    look();
  }

  async provideCodeActions(document: vscode.TextDocument, _range: vscode.Range, { diagnostics }: vscode.CodeActionContext): Promise<vscode.CodeAction[]> {
    const stale = diagnostics.filter(({ source, code }) => source === 'TileScope' && typeof code === 'object' && STALE.includes(String(code.value)));
    if (stale.length === 0) return [];
    const folder = vscode.Uri.joinPath(document.uri, '..');
    const manifest = document.uri.path.endsWith(`/${MANIFEST_FILE}`) ? await readManifest(folder) : (await this.sets.of(document.uri)).manifest;
    const configuration = manifest === undefined ? undefined : await configurationOf(manifest);
    if (configuration === undefined) return [];
    const action = new vscode.CodeAction(`Generate Vectors (${configuration.entry})`, vscode.CodeActionKind.QuickFix);
    action.diagnostics = stale;
    action.command = { command: 'tilescope.generateVectors', title: action.title, arguments: [configuration] };
    return [action];
  }

  dispose(): void {
    this.stop.abort();
    vscode.Disposable.from(this.later, this.collection, ...this.subscriptions).dispose();
  }

  /** @param anew also when the same folders are open as before */
  private lookSoon(anew: boolean): void {
    if (anew) this.looked = '';
    this.later.run('', REST_MS, () => {
      this.look().catch((error: unknown) => {
        if (!(error instanceof GivenUp)) this.log.warn(`The sets were not compared. ${String(error)}`);
      });
    });
  }

  private async look(): Promise<void> {
    const manifests = (await vscode.workspace.findFiles(`**/${MANIFEST_FILE}`, EXCLUDED, MOST_MANIFESTS)).map((uri) => vscode.Uri.joinPath(uri, '..').fsPath).sort();
    const folders = await this.openFolders();
    const looked = JSON.stringify([manifests, folders]);
    if (looked === this.looked) return;
    this.stop.abort();
    this.stop = new AbortController();
    this.looked = looked;
    const { findings, unread } = manifests.length + folders.length === 0 ? { findings: [], unread: [] } : await this.reader.ask({ type: 'sets', folders, manifests }, undefined, this.stop.signal);
    for (const { folder, count } of unread) this.log.warn(`${folder}: ${count} ${count === 1 ? 'file was' : 'files were'} not compared with the others, because there are too many or they are too large. Run tilescope lint on the folder in a terminal.`);
    this.show(findings);
  }

  /** Folders of the golden files that are open, and all folders of their sets. */
  private async openFolders(): Promise<string[]> {
    const folders = new Set<string>();
    for (const open of openFiles()) {
      const { manifest, members } = await this.sets.of(open);
      const ofSet = members.has(open.toString()) ? (manifest?.files.map(({ uri }) => uri) ?? [open]) : [];
      for (const uri of ofSet) folders.add(vscode.Uri.joinPath(uri, '..').fsPath);
    }
    return [...folders].sort();
  }

  private show(findings: readonly FileFindingData[]): void {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const finding of findings) byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), diagnosticOf(finding, this.rulesPage)]);
    this.collection.clear();
    for (const [file, diagnostics] of byFile) this.collection.set(vscode.Uri.file(file), diagnostics);
  }
}

/** Files with a tab whose names could be those of golden files. */
function openFiles(): vscode.Uri[] {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return inputs.flatMap((input) => (input instanceof vscode.TabInputText && input.uri.scheme === 'file' && isGoldenName(input.uri.path) ? [input.uri] : []));
}
