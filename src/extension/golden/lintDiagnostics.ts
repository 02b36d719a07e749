import * as vscode from 'vscode';
import type { FindingData, FixData } from '../../protocol/reading';
import { candidateData } from '../../protocol/reading';
import { Later } from '../later';
import { diagnosticOf } from './diagnostics';
import { piecesOf } from './documentShape';
import { GOLDEN_SELECTOR } from './eligible';
import type { GoldenDocument, GoldenDocuments } from './goldenDocuments';
import type { Reader } from './reader';
import { GivenUp, ReaderFailed } from './reader';

/** How long typing must rest before a golden file is linted again. */
const REST_MS = 400;

/** What lint finds in open golden files by themselves, in Problems, with a repair where one changes no value. */
export class LintDiagnostics implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly collection = vscode.languages.createDiagnosticCollection('tilescope-lint');
  private readonly fixes = new WeakMap<vscode.Diagnostic, FixData>();
  private readonly later = new Later<string>();
  private readonly running = new Map<string, AbortController>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly documents: GoldenDocuments,
    private readonly reader: Reader,
    private readonly rulesPage: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const allVisible = (): void => {
      for (const { document } of vscode.window.visibleTextEditors) this.lintSoon(document, 0);
    };
    this.subscriptions = [
      documents.onDidChange(allVisible),
      vscode.window.onDidChangeVisibleTextEditors(allVisible),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.lintSoon(document, REST_MS);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.giveUp(uri.toString());
        this.collection.delete(uri);
      }),
      vscode.languages.registerCodeActionsProvider(GOLDEN_SELECTOR, this, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    ];
    allVisible();
  }

  provideCodeActions(document: vscode.TextDocument, _range: vscode.Range, { diagnostics }: vscode.CodeActionContext): vscode.CodeAction[] {
    return diagnostics.flatMap((diagnostic) => {
      // VS Code hands out copies: the one that was made here has the same place and message
      const own = this.collection.get(document.uri)?.find(({ range, message }) => range.isEqual(diagnostic.range) && message === diagnostic.message);
      const fix = own === undefined ? undefined : this.fixes.get(own);
      return fix === undefined ? [] : [actionFor(document, fix, diagnostic)];
    });
  }

  dispose(): void {
    for (const key of [...this.running.keys()]) this.giveUp(key);
    vscode.Disposable.from(this.later, this.collection, ...this.subscriptions).dispose();
  }

  private lintSoon(document: vscode.TextDocument, rest: number): void {
    const key = document.uri.toString();
    this.giveUp(key);
    this.later.run(key, rest, () => {
      this.lint(document).catch((error: unknown) => {
        // The text changed meanwhile: its own event has it linted again
        if (!(error instanceof GivenUp)) this.log.error(`${document.uri.fsPath} could not be linted. ${String(error)}`);
      });
    });
  }

  private giveUp(key: string): void {
    this.later.cancel(key);
    this.running.get(key)?.abort();
    this.running.delete(key);
  }

  private async lint(document: vscode.TextDocument): Promise<void> {
    const golden = await this.documents.of(document);
    const { version } = document;
    const found = golden === undefined ? [] : await this.findingsOf(document, golden);
    if (hasMoved(document, version)) return;
    this.collection.set(document.uri, found.map((finding) => this.diagnosticOf(finding)));
  }

  private async findingsOf(document: vscode.TextDocument, { uri, chosen, source }: GoldenDocument): Promise<readonly FindingData[]> {
    const key = uri.toString();
    const stop = new AbortController();
    this.running.set(key, stop);
    const text = piecesOf(document, (first, end) => new vscode.Range(first, 0, end, 0));
    try {
      return (await this.reader.ask({ type: 'lint', key: text.key, name: uri.path.split('/').at(-1)!, candidate: candidateData(chosen), declared: source !== 'inference' }, text, stop.signal)).findings;
    } catch (error) {
      if (!(error instanceof ReaderFailed)) throw error;
      this.log.warn(`${uri.fsPath}: ${error.message}`);
      return [{ ...NOT_LINTED, what: `This file was not looked at. ${error.message}` }];
    } finally {
      if (this.running.get(key) === stop) this.running.delete(key);
    }
  }

  private diagnosticOf(finding: FindingData): vscode.Diagnostic {
    const diagnostic = diagnosticOf(finding, this.rulesPage);
    if (finding.fix !== undefined) this.fixes.set(diagnostic, finding.fix);
    return diagnostic;
  }
}

/** Was the document edited or closed since? */
function hasMoved(document: vscode.TextDocument, version: number): boolean {
  return document.isClosed || document.version !== version;
}

/** A file without findings and a file that nobody looked at are not the same. */
const NOT_LINTED: FindingData = { rule: 'not-linted', severity: 'info', what: '', next: 'Run tilescope lint on it in a terminal.', line: 1, column: 1, length: 1 };

function actionFor(document: vscode.TextDocument, { description, edits, eol }: FixData, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(description, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = new vscode.WorkspaceEdit();
  const changes = edits.map(({ line, column, length, text }) => vscode.TextEdit.replace(new vscode.Range(line - 1, column - 1, line - 1, column - 1 + length), text));
  if (eol !== undefined) changes.push(vscode.TextEdit.setEndOfLine(eol === '\n' ? vscode.EndOfLine.LF : vscode.EndOfLine.CRLF));
  action.edit.set(document.uri, changes);
  return action;
}
