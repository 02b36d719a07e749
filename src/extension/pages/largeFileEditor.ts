import * as vscode from 'vscode';
import { asProblem } from '../../engine/problem';
import { problemData } from '../../protocol/job';
import type { PageAction, PageCommand, PageMessage, ToPage, ViewAnswer, ViewQuestion } from '../../protocol/pages';
import { isPageMessage } from '../../protocol/pageGuards';
import type { Choices } from '../golden/choices';
import { chooseBeside } from './chooseBeside';
import { pageHtml } from './html';
import { LargeDocument } from './largeDocument';
import type { Asked } from './pagesThread';
import { GivenUp } from './pagesThread';

export const VIEW_TYPE = 'tilescope.largeFile';

/** An editor that shows a large file. */
interface Shown {
  readonly document: LargeDocument;
  readonly panel: vscode.WebviewPanel;
}

/** Shows golden files and dumps of any size, read-only: the file is read by a thread, a page of it at a time. */
export class LargeFileEditor implements vscode.CustomReadonlyEditorProvider<LargeDocument> {
  private shown: Shown[] = [];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly choices: Choices,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The document of the active editor, if that is one of these. */
  get active(): LargeDocument | undefined {
    return this.shown.find(({ panel }) => panel.active)?.document;
  }

  openCustomDocument(uri: vscode.Uri): LargeDocument {
    return new LargeDocument(uri, vscode.Uri.joinPath(this.extension, 'dist', 'pages.js').fsPath, this.choices, this.log);
  }

  resolveCustomEditor(document: LargeDocument, panel: vscode.WebviewPanel): void {
    const started = performance.now();
    const folder = vscode.Uri.joinPath(this.extension, 'dist', 'webview');
    const one: Shown = { document, panel };
    this.shown.push(one);
    const session = new PageSession(document, (message) => void panel.webview.postMessage(message), (ms) => {
      const { rss } = process.memoryUsage();
      this.log.info(`${document.uri.fsPath}: first rows ${(performance.now() - started).toFixed(0)} ms after its editor was opened, ${ms.toFixed(0)} ms after its page began; extension host ${Math.round(rss / 2 ** 20)} MB`);
    }, this.log);
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => {
        if (isPageMessage(message)) session.take(message);
        else this.log.warn(`${document.uri.fsPath}: a message of the page was not understood.`);
      }),
      document.onDidChange(() => void session.sendFile()),
      document.onDidLearn((info) => { session.send({ type: 'status', info }); }),
    ];
    panel.onDidDispose(() => {
      this.shown = this.shown.filter((other) => other !== one);
      session.dispose();
      vscode.Disposable.from(...subscriptions).dispose();
    });
    panel.webview.html = pageHtml(panel.webview, folder);
  }

  /** Shows a place in the active editor, or has its page do something. */
  tell(message: Extract<ToPage, { type: 'show' | 'run' }>): void {
    void this.shown.find(({ panel }) => panel.active)?.panel.webview.postMessage(message);
  }

  run(command: PageCommand): void {
    this.tell({ type: 'run', command });
  }
}

/** What one page asks and is told. */
class PageSession implements vscode.Disposable {
  private readonly asked = new Map<number, Asked>();

  constructor(
    private readonly document: LargeDocument,
    readonly send: (message: ToPage) => void,
    private readonly onDrawn: (ms: number) => void,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  take(message: PageMessage): void {
    switch (message.type) {
      case 'ready':
        void this.sendFile();
        break;
      case 'ask':
        void this.answer(message.id, message.question);
        break;
      case 'cancel':
        this.asked.get(message.id)?.cancel();
        break;
      case 'action':
        void this.act(message.action);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        break;
      case 'drawn':
        this.onDrawn(message.ms);
        break;
      case 'trouble':
        this.log.warn(`${this.document.uri.fsPath}: the page says: ${message.what}`);
        break;
    }
  }

  async sendFile(): Promise<void> {
    try {
      const { info, rows } = await this.document.opened;
      const { other, latest = info } = this.document;
      // The first rows came without those beside them
      this.send({ type: 'opened', info: latest, rows: other === undefined ? rows : [], ...(other !== undefined && { other }) });
    } catch (error) {
      this.fail(error);
    }
  }

  dispose(): void {
    for (const { cancel } of this.asked.values()) cancel();
    this.asked.clear();
  }

  private async answer(id: number, question: ViewQuestion): Promise<void> {
    try {
      const asked = this.document.ask(question, (done, total) => { this.send({ type: 'progress', id, done, total }); });
      this.asked.set(id, asked);
      // Only such questions have other answers that no page asks
      this.send({ type: 'answer', id, answer: (await asked.answer) as ViewAnswer });
    } catch (error) {
      if (error instanceof GivenUp) this.send({ type: 'cancelled', id });
      else this.send({ type: 'refused', id, problem: problemData(asProblem(error)) });
    } finally {
      this.asked.delete(id);
    }
  }

  private async act(action: PageAction): Promise<void> {
    try {
      if (action === 'openAsText') await vscode.commands.executeCommand('vscode.openWith', this.document.uri, 'default');
      else if (action === 'reload') await this.sendFile();
      else {
        const beside = action === 'compare' ? await chooseBeside(this.document.uri) : undefined;
        if (action === 'compare' && beside === undefined) return;
        const other = await this.document.compare(beside);
        this.send({ type: 'compared', ...(other !== undefined && { other }) });
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (error instanceof GivenUp) return;
    const problem = asProblem(error);
    this.log.error(`${this.document.uri.fsPath}: ${problem.message}`);
    this.send({ type: 'failed', problem: problemData(problem) });
  }
}
