import * as vscode from 'vscode';
import type { FileInfo, OtherInfo, PageRow, PagesAnswer } from '../../protocol/pages';
import type { Choices } from '../golden/choices';
import { Later } from '../later';
import type { Asked } from './pagesThread';
import { PagesThread, ThreadEnded } from './pagesThread';

const CHANGE_REST_MS = 300;

export interface OpenedFile {
  readonly info: FileInfo;
  readonly rows: readonly PageRow[];
}

/** A large file in an editor: the thread that reads it, and the file beside it. */
export class LargeDocument implements vscode.CustomDocument {
  private readonly thread: PagesThread;
  private readonly changed = new vscode.EventEmitter<void>();
  /** It was opened again. */
  readonly onDidChange = this.changed.event;
  private readonly status = new vscode.EventEmitter<FileInfo>();
  readonly onDidLearn = this.status.event;
  private readonly later = new Later<'open'>();
  private readonly subscriptions: vscode.Disposable[];
  private beside: vscode.Uri | undefined;
  /** When VS Code asked for it, in milliseconds since 1970. */
  readonly asked = Date.now();
  /** Milliseconds until the thread had its first rows. */
  threadMs = Number.NaN;
  /** Goes up each time that it is opened. */
  version = 0;
  other: OtherInfo | undefined;
  /** What is known by now: a page may be ready long after its file was opened. */
  latest: FileInfo | undefined;
  /** Never settles with an error that nobody hears: the editor waits for it. */
  opened: Promise<OpenedFile>;

  constructor(
    readonly uri: vscode.Uri,
    script: string,
    private readonly choices: Choices,
    log: vscode.LogOutputChannel,
  ) {
    this.thread = new PagesThread(script, log, (info) => {
      this.latest = info;
      this.status.fire(info);
    }, (why) => {
      // Opening the file again may end it again: that is left to the user
      this.opened = Promise.reject(new ThreadEnded(why));
      this.opened.catch(() => undefined);
      this.changed.fire();
    });
    const name = uri.path.split('/').at(-1)!;
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name.replaceAll(/[*?{}[\]]/g, '?')));
    this.subscriptions = [watcher, watcher.onDidChange(() => { this.openSoon(); }), watcher.onDidCreate(() => { this.openSoon(); }), choices.onDidChange(() => { this.openSoon(); })];
    this.opened = this.open();
    this.opened.catch(() => undefined);
  }

  ask(...question: Parameters<PagesThread['ask']>): Asked {
    return this.thread.ask(...question);
  }

  /** @param beside undefined takes the file beside off. @throws Problem */
  async compare(beside: vscode.Uri | undefined): Promise<OtherInfo | undefined> {
    this.other = this.beside = undefined;
    const answer = await this.thread.ask({ type: 'compare', ...(beside !== undefined && { file: beside.fsPath, ...this.choiceOf(beside) }) }).answer;
    this.beside = beside;
    this.other = answer.type === 'compared' ? answer.other : undefined;
    return this.other;
  }

  dispose(): void {
    vscode.Disposable.from(this.thread, this.later, this.changed, this.status, ...this.subscriptions).dispose();
  }

  private openSoon(): void {
    this.later.run('open', CHANGE_REST_MS, () => {
      this.opened = this.open();
      this.opened.catch(() => undefined);
      this.changed.fire();
    });
  }

  private async open(): Promise<OpenedFile> {
    this.version++;
    this.latest = undefined;
    const answer: PagesAnswer = await this.thread.ask({ type: 'open', file: this.uri.fsPath, ...this.choiceOf(this.uri) }).answer;
    if (Number.isNaN(this.threadMs)) this.threadMs = Date.now() - this.asked;
    if (answer.type !== 'opened') throw new Error('The answer to the opening of a file was not understood.');
    if (this.beside !== undefined) await this.compare(this.beside);
    return answer;
  }

  private choiceOf(uri: vscode.Uri): { choice?: NonNullable<ReturnType<Choices['get']>> } {
    const choice = this.choices.get(uri);
    return choice === undefined ? {} : { choice };
  }
}
