import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { HostMessage } from '../../protocol/panel';
import { isInput } from '../check/watch';
import type { Watch } from '../check/watch';
import { Later } from '../later';
import { pageHtml } from './html';
import { packed } from './packed';
import type { SessionParts, SessionStart } from './session';
import { InspectorSession } from './session';
import type { SubjectKey } from './subjects';
import { subjectName } from './subjects';
import { InspectorThread } from './thread';
import { TypedLayer } from './typedLayer';

export const VIEW_TYPE = 'tilescope.inspector';

/** How long files must rest before a layer is opened anew. */
const REST_MS = 400;

/** What panels share. */
export interface PanelParts {
  readonly extensionUri: vscode.Uri;
  readonly watch: Watch;
  readonly log: vscode.LogOutputChannel;
}

/** What a panel shows, and what its session works with. */
export interface PanelSubject extends Omit<SessionParts, 'name' | 'thread' | 'log' | 'watch' | 'post'> {
  /** Undefined when it is not known any more. */
  readonly key: SubjectKey | undefined;
}

/** An inspector in the editor area: its page, and the thread that goes with it. */
export class InspectorPanel implements vscode.Disposable {
  readonly session: InspectorSession;
  readonly id: string;
  readonly key: SubjectKey | undefined;
  private readonly thread: InspectorThread;
  private readonly later = new Later<string>();
  private readonly posted = new vscode.EventEmitter<HostMessage>();
  /** What the page is told, for the suites. */
  readonly onDidPost = this.posted.event;
  private readonly subscriptions: vscode.Disposable[];
  private readonly changed = new Set<string>();
  private openedAt = 0;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly parts: PanelParts,
    { key, ...subject }: PanelSubject,
    start: SessionStart,
  ) {
    const { extensionUri, log, watch } = parts;
    this.id = subject.id;
    this.key = key;
    const name = key === undefined ? 'inspector' : subjectName(key);
    this.thread = new InspectorThread(vscode.Uri.joinPath(extensionUri, 'dist', 'inspector.js').fsPath, log, {
      onDumpLost: (problem) => { this.session.dumpLost(problem); },
    });
    this.session = new InspectorSession({ ...subject, subject: () => this.opening(subject.subject), name, thread: this.thread, log, watch: (files) => { watch.also(files); }, post: (message) => { this.post(message); } }, start);
    panel.title = key === undefined ? name : `${name} · inspector`;
    panel.iconPath = { light: vscode.Uri.joinPath(extensionUri, 'media', 'inspector-light.svg'), dark: vscode.Uri.joinPath(extensionUri, 'media', 'inspector-dark.svg') };
    const typed = new TypedLayer(key, () => { void this.session.open(); });
    this.subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => this.session.receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.session.pageGone();
      }),
      panel.onDidDispose(() => { this.dispose(); }),
      watch.onDidChange((file) => { this.touched(file); }),
      vscode.Disposable.from(typed),
      vscode.workspace.onDidGrantWorkspaceTrust(() => { void this.session.open(); }),
    ];
    panel.webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'webview')] };
    panel.webview.html = this.html();
    // The layer opens while the page loads
    void this.session.open();
  }

  /** Is a thread of it alive? */
  get isComputing(): boolean {
    return this.thread.isRunning;
  }

  dispose(): void {
    this.session.dispose();
    vscode.Disposable.from(this.later, this.posted, ...this.subscriptions).dispose();
  }

  private html(): string {
    const { webview } = this.panel;
    const served = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(this.parts.extensionUri, 'dist', 'webview', name)).toString();
    return pageHtml({ cspSource: webview.cspSource, script: served('inspector.js'), style: served('inspector.css') }, randomBytes(24).toString('base64url'));
  }

  private opening<T>(subject: () => Promise<T>): Promise<T> {
    this.openedAt = Date.now();
    return subject();
  }

  private post(message: HostMessage): void {
    this.posted.fire(message);
    // False when the page has just gone: the next one asks for everything itself
    void this.panel.webview.postMessage(packed(message));
  }

  private touched(file: string): void {
    if (!isInput(file, [...this.session.inputs, ...ownFile(this.key)])) return;
    this.changed.add(file);
    this.later.run('open', REST_MS, () => {
      const files = [...this.changed];
      this.changed.clear();
      this.openAnew(files).catch((error: unknown) => { this.parts.log.error(String(error)); });
    });
  }

  /** The event of a file may come after the layer has been read from it already: its times decide. A copy may keep the time of the original. */
  private async openAnew(files: readonly string[]): Promise<void> {
    const times = files.map((file) => fs.stat(file).then(({ mtimeMs, ctimeMs }) => Math.max(mtimeMs, ctimeMs), () => Infinity));
    if (Math.max(...(await Promise.all(times))) > this.openedAt) await this.session.open();
  }
}

/** Awaited also while nothing is open: mended, it can be. */
function ownFile(key: SubjectKey | undefined): string[] {
  return key === undefined ? [] : [key.type === 'layer' ? key.file : key.folder];
}
