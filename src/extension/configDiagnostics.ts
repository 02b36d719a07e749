import * as vscode from 'vscode';
import type { Problem } from '../engine/problem';
import { checkConfig } from '../project/checkConfig';
import { parseConfig } from '../project/config';
import { CONFIG_FILE } from '../project/configFile';
import { Later } from './later';

/** How long typing must rest before an open configuration is checked again. */
const REST_MS = 300;

/**
 * Shows what is wrong with configurations in the Problems panel, at the line. Syntax and schema are VS Code's own to check
 * (the extension contributes the schema); this adds what a schema cannot see, and everything that made a run fail.
 */
export class ConfigDiagnostics implements vscode.Disposable {
  /** What the text itself says; checked again at each change. */
  private readonly live = vscode.languages.createDiagnosticCollection('tilescope');
  /** What made the last run fail; stays until the text changes or a run succeeds. */
  private readonly ofRun = vscode.languages.createDiagnosticCollection('tilescope-run');
  private readonly later = new Later<string>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.checkSoon(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.ofRun.delete(document.uri);
        this.checkSoon(document);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        this.checkSoon(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.live.delete(document.uri);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const document of vscode.workspace.textDocuments) this.checkSoon(document);
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.checkSoon(document);
  }

  /**
   * Shows the problems of a run that failed, but for those that the live check shows already. Those without a line stay with the
   * caller's message.
   */
  show(problems: readonly Problem[]): void {
    const placed = problems.filter(({ place }) => place.line !== undefined);
    for (const file of new Set(placed.map(({ place }) => place.file))) {
      if (file === undefined) continue;
      const uri = vscode.Uri.file(file);
      const shown = this.live.get(uri) ?? [];
      const found = placed.filter(({ place }) => place.file === file).map(diagnosticOf);
      this.ofRun.set(uri, found.filter(({ message }) => !shown.some((other) => other.message === message)));
    }
  }

  clear(file: vscode.Uri): void {
    this.ofRun.delete(file);
  }

  dispose(): void {
    vscode.Disposable.from(this.later, this.live, this.ofRun, ...this.subscriptions).dispose();
  }

  private checkSoon(document: vscode.TextDocument): void {
    if (document.uri.scheme !== 'file' || !document.uri.path.endsWith(`/${CONFIG_FILE}`)) return;
    this.later.run(document.uri.toString(), REST_MS, () => {
      // A folder that is not on the disk yet has nothing to check
      this.check(document).catch((error: unknown) => {
        this.log.debug(`${document.uri.fsPath} could not be checked: ${String(error)}`);
      });
    });
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { version } = document;
    // Checking looks at the files that the text names: not for a folder that the user has not trusted
    if (!vscode.workspace.isTrusted) return;
    const { config } = parseConfig(document.getText(), document.uri.fsPath);
    const problems = config === undefined ? [] : await checkConfig(config);
    if (document.version !== version || document.isClosed) return;
    const found = problems.map(diagnosticOf);
    this.live.set(document.uri, found);
    const ofRun = this.ofRun.get(document.uri) ?? [];
    this.ofRun.set(document.uri, ofRun.filter(({ message }) => !found.some((other) => other.message === message)));
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
