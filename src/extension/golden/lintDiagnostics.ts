import * as vscode from 'vscode';
import type { Finding, Fix } from '../../check/lint/finding';
import { lintText } from '../../check/lint/lintText';
import { GOLDEN_SELECTOR } from './eligible';
import type { GoldenDocument, GoldenDocuments } from './goldenDocuments';

/** How long typing must rest before a golden file is linted again. */
const REST_MS = 400;

const SEVERITIES: Readonly<Record<Finding['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** What lint finds in open golden files, in Problems, with a repair where one changes no value. */
export class LintDiagnostics implements vscode.Disposable, vscode.CodeActionProvider {
  private readonly collection = vscode.languages.createDiagnosticCollection('tilescope-lint');
  private readonly fixes = new WeakMap<vscode.Diagnostic, Fix>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly documents: GoldenDocuments,
    private readonly rulesPage: vscode.Uri,
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
    for (const timer of this.timers.values()) clearTimeout(timer);
    vscode.Disposable.from(this.collection, ...this.subscriptions).dispose();
  }

  private lintSoon(document: vscode.TextDocument, rest: number): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        // The documents never reject: what cannot be read is no golden file
        void this.documents.of(document).then((golden) => {
          if (!document.isClosed && (golden === undefined || golden.version === document.version)) this.show(document, golden);
        });
      }, rest),
    );
  }

  private show(document: vscode.TextDocument, golden: GoldenDocument | undefined): void {
    this.collection.set(document.uri, golden === undefined ? [] : findingsOf(golden).map((finding) => this.diagnosticOf(finding)));
  }

  private diagnosticOf({ rule, severity, what, next, line, column, length, fix }: Finding): vscode.Diagnostic {
    const range = new vscode.Range(line - 1, column - 1, line - 1, column - 1 + Math.max(1, length));
    const diagnostic = new vscode.Diagnostic(range, `${what} ${next}`, SEVERITIES[severity]);
    diagnostic.source = 'TileScope';
    diagnostic.code = { value: rule, target: this.rulesPage.with({ fragment: rule }) };
    if (fix !== undefined) this.fixes.set(diagnostic, fix);
    return diagnostic;
  }
}

function findingsOf({ uri, reading, chosen, source }: GoldenDocument): Finding[] {
  const name = uri.path.split('/').at(-1)!;
  return lintText({ name, inference: { name, shape: reading.shape, candidates: [chosen] }, declared: source !== 'inference' });
}

function actionFor(document: vscode.TextDocument, { description, edits, eol }: Fix, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(description, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = new vscode.WorkspaceEdit();
  const changes = edits.map(({ line, column, length, text }) => vscode.TextEdit.replace(new vscode.Range(line - 1, column - 1, line - 1, column - 1 + length), text));
  if (eol !== undefined) changes.push(vscode.TextEdit.setEndOfLine(eol === '\n' ? vscode.EndOfLine.LF : vscode.EndOfLine.CRLF));
  action.edit.set(document.uri, changes);
  return action;
}
