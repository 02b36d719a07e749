import * as vscode from 'vscode';
import type { Problem } from '../engine/problem';
import { checkConfig } from '../project/checkConfig';
import { parseConfig } from '../project/config';
import { CONFIG_FILE } from '../project/schema';

/** How long typing must rest before an open configuration is checked again. */
const REST_MS = 300;

/**
 * Shows what is wrong with configurations in the Problems panel, at the line. Syntax and schema are VS Code's own to check
 * (the extension contributes the schema); this adds what a schema cannot see, and everything that made a run fail.
 */
export class ConfigDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('tilescope');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.checkSoon(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        this.checkSoon(document);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        this.checkSoon(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.collection.delete(document.uri);
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.checkSoon(document);
  }

  /** Shows the problems of a run that failed; those without a line stay with the caller's message. */
  show(problems: readonly Problem[]): void {
    const placed = problems.filter(({ place }) => place.line !== undefined);
    for (const file of new Set(placed.map(({ place }) => place.file))) {
      if (file !== undefined) this.collection.set(vscode.Uri.file(file), placed.filter(({ place }) => place.file === file).map(diagnosticOf));
    }
  }

  clear(file: vscode.Uri): void {
    this.collection.delete(file);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    vscode.Disposable.from(this.collection, ...this.subscriptions).dispose();
  }

  private checkSoon(document: vscode.TextDocument): void {
    if (document.uri.scheme !== 'file' || !document.uri.path.endsWith(`/${CONFIG_FILE}`)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        void this.check(document);
      }, REST_MS),
    );
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    const { config } = parseConfig(document.getText(), document.uri.fsPath);
    const problems = config === undefined ? [] : await checkConfig(config);
    if (document.version === version && !document.isClosed) this.collection.set(document.uri, problems.map(diagnosticOf));
  }
}

function diagnosticOf(problem: Problem): vscode.Diagnostic {
  const { line = 1, column = 1, length = 1 } = problem.place;
  const range = new vscode.Range(line - 1, column - 1, line - 1, column - 1 + length);
  const diagnostic = new vscode.Diagnostic(range, `${problem.what} ${problem.next}`, vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'TileScope';
  diagnostic.code = problem.code;
  return diagnostic;
}
