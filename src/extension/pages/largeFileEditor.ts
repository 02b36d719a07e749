import * as vscode from 'vscode';
import { asProblem } from '../../engine/problem';
import { problemData } from '../../protocol/job';
import type { PageAction, PageCommand, PageMessage, ToPage, ViewAnswer, ViewQuestion } from '../../protocol/pages';
import { isPageMessage } from '../../protocol/pageGuards';
import type { Choices } from '../golden/choices';
import { chooseBeside } from './chooseBeside';
import { pageHtml } from './html';
import { LargeDocument } from './largeDocument';
import { lookOf, onLookChange } from './pageLook';
import type { Asked } from './pagesThread';
import { GivenUp } from './pagesThread';
import { pageText } from './pageText';

export const VIEW_TYPE = 'tilescope.largeFile';

type FileForPage = Extract<ToPage, { type: 'opened' }>;

/** VS Code takes longer than this to make the frame of a page. */
const PAGE_ASKS_MS = 250;

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
    // Wanted in a moment; a failure is told where it is awaited
    pageText(this.extension).catch(() => undefined);
    return new LargeDocument(uri, vscode.Uri.joinPath(this.extension, 'dist', 'pages.js').fsPath, this.choices, this.log);
  }

  resolveCustomEditor(document: LargeDocument, panel: vscode.WebviewPanel): void {
    const one: Shown = { document, panel };
    this.shown.push(one);
    let closed = false;
    const session = new PageSession(document, (message) => void panel.webview.postMessage(message), (ms) => { this.tellTimes(document, ms); }, this.log);
    panel.webview.options = { enableScripts: true, localResourceRoots: [] };
    const subscriptions = [
      panel.webview.onDidReceiveMessage((message: unknown) => {
        if (isPageMessage(message)) session.take(message);
        else this.log.warn(`${document.uri.fsPath}: a message of the page was not understood.`);
      }),
      document.onDidChange(() => void session.sendFile()),
      onLookChange(() => { session.send({ type: 'look', look: lookOf(document.uri) }); }),
      document.onDidLearn((info) => { session.send({ type: 'status', info }); }),
    ];
    panel.onDidDispose(() => {
      this.shown = this.shown.filter((other) => other !== one);
      closed = true;
      session.dispose();
      vscode.Disposable.from(...subscriptions).dispose();
    });
    const fill = async (): Promise<void> => {
      const [text, file] = await Promise.all([pageText(this.extension), session.fileInTime()]);
      if (!closed) panel.webview.html = pageHtml({ ...text, asked: document.asked, ...(file !== undefined && { file }) });
    };
    // Not awaited: VS Code makes the frame of the page only once this has returned
    fill().catch((error: unknown) => { this.log.error(`${document.uri.fsPath}: its page could not be made: ${String(error)}`); });
  }

  /** Shows a place in the active editor, or has its page do something. */
  tell(message: Extract<ToPage, { type: 'show' | 'run' }>): void {
    void this.shown.find(({ panel }) => panel.active)?.panel.webview.postMessage(message);
  }

  run(command: PageCommand): void {
    this.tell({ type: 'run', command });
  }

  private tellTimes({ uri, asked, threadMs }: LargeDocument, pageMs: number): void {
    const whole = (ms: number): string => ms.toFixed(0);
    const megabytes = Math.round(process.memoryUsage().rss / 2 ** 20);
    this.log.info(`${uri.fsPath}: first rows ${whole(Date.now() - asked)} ms after it was opened; its thread took ${whole(threadMs)} ms, its page ${whole(pageMs)} ms; extension host ${megabytes} MB`);
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
        void this.sendFile(message.version);
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

  /** @param has version of the file that the page has */
  async sendFile(has?: number): Promise<void> {
    try {
      const file = await this.file();
      if (has === file.version) this.send({ type: 'status', info: file.info });
      else this.send(file);
    } catch (error) {
      this.fail(error);
    }
  }

  /** The file, if it is opened before a page would have asked for it; what failed, the page is told when it asks. */
  async fileInTime(): Promise<FileForPage | undefined> {
    return Promise.race([this.file().catch(() => undefined), new Promise<undefined>((resolve) => setTimeout(resolve, PAGE_ASKS_MS, undefined))]);
  }

  dispose(): void {
    for (const { cancel } of this.asked.values()) cancel();
    this.asked.clear();
  }

  private async file(): Promise<FileForPage> {
    const { info, rows } = await this.document.opened;
    const { other, version, latest = info } = this.document;
    // The first rows came without those beside them
    return { type: 'opened', version, info: latest, rows: other === undefined ? rows : [], look: lookOf(this.document.uri), ...(other !== undefined && { other }) };
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
