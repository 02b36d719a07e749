import path from 'node:path';
import * as vscode from 'vscode';
import { Problem } from '../../engine/problem';
import { CONFIG_FILE } from '../../project/configFile';
import type { CheckTarget } from '../../protocol/checkReport';
import type { InspectSubject } from '../../protocol/inspect';
import type { PanelAction, PanelState, Selection } from '../../protocol/panel';
import { isPanelState } from '../../protocol/panelGuards';
import { configText } from '../check/checks';
import type { Checks } from '../check/checks';
import { copyExample } from '../example';
import { configurationOf } from '../golden/configurationOf';
import { readManifest } from '../golden/manifests';
import type { GoldenDocuments } from '../golden/goldenDocuments';
import { Later } from '../later';
import { dumpsFor } from './concerns';
import { copyText, revealWord, saveExport, say } from './effects';
import { Follow } from './follow';
import { linkTo } from './links';
import type { PanelParts, PanelSubject } from './panel';
import { InspectorPanel, VIEW_TYPE } from './panel';
import type { SessionEffects, SessionStart, Spot } from './session';
import type { SubjectKey } from './subjects';
import { Subjects, judgedLayer, subjectName } from './subjects';

/** What inspectors work with. */
export interface InspectorParts extends PanelParts {
  readonly memory: vscode.Memento;
  readonly checks: Checks;
  readonly documents: GoldenDocuments;
}

export interface OpenOptions {
  readonly spot?: Spot;
  readonly selection?: Selection;
}

const FOLLOW = 'tilescope.inspector.follow';
const NO_SUBJECT = 'none';
/** Several checks often end together. */
const REST_MS = 200;

/** The open inspectors, one for each subject. */
export class Inspectors implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly panels = new Map<string, InspectorPanel>();
  private readonly subjects: Subjects;
  private readonly follow: Follow;
  private readonly later = new Later<string>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly parts: InspectorParts) {
    const { memory, checks, documents, log } = parts;
    this.subjects = new Subjects(memory);
    this.follow = new Follow(() => this.all, documents, checks, log);
    this.subscriptions = [
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      checks.onDidReport(() => {
        this.later.run('dumps', REST_MS, () => { this.refreshDumps(); });
      }),
    ];
  }

  get all(): readonly InspectorPanel[] {
    return [...this.panels.values()];
  }

  /** Shows the inspector of a subject, or one that says what can be done where there is none. */
  async open(key: SubjectKey | undefined, { spot, selection }: OpenOptions = {}): Promise<InspectorPanel> {
    const id = key === undefined ? NO_SUBJECT : await this.subjects.remember(key);
    const before = this.panels.get(id);
    if (before !== undefined) {
      before.panel.reveal(undefined, false);
      const wanted = spot ?? (selection && spotOf(selection));
      if (wanted !== undefined) before.session.show(wanted);
      return before;
    }
    const column = vscode.window.activeTextEditor === undefined ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, 'inspector', column, { retainContextWhenHidden: false });
    return this.keep(panel, id, key, { ...(spot !== undefined && { spot }), ...(selection !== undefined && { state: this.stateOf(id, selection) }), follow: this.isFollowing });
  }

  /** A panel from before a reload; what its page kept may be of another version. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const state = isPanelState(kept) ? kept : undefined;
    const key = state && this.subjects.get(state.subject);
    const id = key === undefined ? NO_SUBJECT : state!.subject;
    // Opened by a command before it was restored
    if (this.panels.has(id)) panel.dispose();
    else this.keep(panel, id, key, { ...(key !== undefined && state !== undefined && { state }), follow: state?.follow ?? this.isFollowing });
    return Promise.resolve();
  }

  dispose(): void {
    for (const { panel } of this.all) panel.dispose();
    vscode.Disposable.from(this.follow, this.later, ...this.subscriptions).dispose();
  }

  private get isFollowing(): boolean {
    return this.parts.memory.get<unknown>(FOLLOW) !== false;
  }

  private keep(panel: vscode.WebviewPanel, id: string, key: SubjectKey | undefined, start: SessionStart): InspectorPanel {
    const made: InspectorPanel = new InspectorPanel(panel, this.parts, this.subjectFor(id, key, panel, (): string | undefined => made.session.files[0]?.file), start);
    this.panels.set(id, made);
    panel.onDidDispose(() => {
      if (this.panels.get(id) === made) this.panels.delete(id);
    });
    return made;
  }

  private subjectFor(id: string, key: SubjectKey | undefined, panel: vscode.WebviewPanel, anyFile: () => string | undefined): PanelSubject {
    const effects: SessionEffects = {
      reveal: async (place) => { this.follow.ignore(await revealWord(place, panel.viewColumn, (document) => this.parts.documents.of(document))); },
      say,
      save: (message) => saveExport(message, folderOf(key) ?? (anyFile() === undefined ? undefined : path.dirname(anyFile()!))),
      copy: copyText,
      copyLink: (selection) => copyLink(key, selection),
      act: (action) => this.act(action, key),
      followed: (on) => void this.parts.memory.update(FOLLOW, on),
    };
    return {
      id,
      key,
      effects,
      subject: () => subjectNow(key),
      dumps: (files) => (key === undefined ? Promise.resolve([]) : dumpsFor(this.parts.checks, key, files)),
      target: targetNow,
      workspace: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
      folders: () => (key === undefined ? [] : key.type === 'layer' ? [path.dirname(key.file)] : [key.folder, path.dirname(key.folder)]),
    };
  }

  private stateOf(subject: string, selection: Selection): PanelState {
    return { subject, selection, side: 'golden', view: 'tile', dataflow: 'weight-stationary', cycle: 0, follow: this.isFollowing };
  }

  private refreshDumps(): void {
    for (const { session } of this.all) session.refreshDumps().catch((error: unknown) => { this.parts.log.error(String(error)); });
  }

  private async act(action: PanelAction, key: SubjectKey | undefined): Promise<void> {
    const run = (command: string, ...args: unknown[]): Thenable<unknown> => vscode.commands.executeCommand(command, ...args);
    const made = await configurationFor(key);
    switch (action) {
      case 'retry':
        return;
      case 'chooseLayer':
        await run('tilescope.openInspector');
        return;
      case 'openConfiguration':
        if (made === undefined) say(`TileScope: no ${CONFIG_FILE} was found for this layer.`);
        else await vscode.window.showTextDocument(vscode.Uri.file(path.join(made.folder, CONFIG_FILE)), { viewColumn: vscode.ViewColumn.Beside });
        return;
      case 'newLayer':
        await run('tilescope.generateVectors');
        return;
      case 'openExample':
        return this.openExample();
      case 'generate':
        await run('tilescope.generateVectors', made ?? {});
        return;
      case 'checkDump':
        await run('tilescope.checkDump');
        return;
      case 'showLog':
        await run('tilescope.showLog');
        return;
    }
  }

  /** A copy of the example in the workspace, and the choice of its layers. */
  private async openExample(): Promise<void> {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    if (folder === undefined) {
      await vscode.commands.executeCommand('vscode.openFolder');
      return;
    }
    const example = await copyExample(this.parts.extensionUri, folder.uri);
    if (example === 'left') return;
    if (example === undefined) say('TileScope: this folder has files of its own; the example is copied into empty ones.');
    else await vscode.commands.executeCommand('tilescope.openInspector', vscode.Uri.joinPath(example, CONFIG_FILE));
  }
}

/** A link selects a value as a psum does; the row is the page's own. */
function spotOf({ icTile, ocTile, kij, nij, col }: Selection): Spot {
  return { kind: 'psum', coordinates: { icTile, ocTile, kij, nij, col } };
}

function folderOf(key: SubjectKey | undefined): string | undefined {
  return key === undefined ? undefined : key.type === 'layer' ? path.dirname(key.file) : key.folder;
}

async function copyLink(key: SubjectKey | undefined, selection: Selection): Promise<void> {
  if (key === undefined) return;
  const link = linkTo(key, selection);
  if ('problem' in link) say(`TileScope: ${link.problem}`);
  else await copyText(link.uri.toString(), `a link to ${subjectName(key)}`);
}

/** The configuration that a subject belongs to, as Generate Vectors takes it. */
async function configurationFor(key: SubjectKey | undefined): Promise<{ folder: string; entry: string } | undefined> {
  if (key === undefined) return undefined;
  if (key.type === 'layer') return { folder: path.dirname(key.file), entry: key.layer };
  const manifest = await readManifest(vscode.Uri.file(key.folder));
  return manifest && configurationOf(manifest);
}

/** @throws Problem `not-trusted`: a model runs code of others */
async function subjectNow(key: SubjectKey | undefined): Promise<InspectSubject | undefined> {
  if (key === undefined) return key;
  // Its manifest may name a configuration, and that a model
  if (key.type === 'set') return { ...key, filesOnly: !vscode.workspace.isTrusted };
  return judgedLayer(key, await textOf(key.file), vscode.workspace.isTrusted);
}

/** @throws Problem `config-missing` */
async function textOf(file: string): Promise<string> {
  try {
    return await configText(file);
  } catch (error) {
    throw new Problem('config-missing', `The configuration ${file} cannot be read${error instanceof Error ? `: ${error.message}` : ''}.`, 'Open another layer, or a folder of golden files.', { file }, { cause: error });
  }
}

/** @throws Problem `not-trusted`, as Cross-check RTL Dump refuses the same */
async function targetNow(target: CheckTarget): Promise<CheckTarget> {
  if (target.type === 'files') return target;
  if (!vscode.workspace.isTrusted) throw new Problem('not-trusted', 'This check runs what a configuration names, and the workspace is not trusted.', 'Trust the workspace (Workspaces: Manage Workspace Trust), or compare two files.', { file: target.file });
  return { ...target, text: await configText(target.file) };
}
