import * as vscode from 'vscode';
import type { FindingData } from '../../protocol/reading';

const SEVERITIES: Readonly<Record<FindingData['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** A finding of lint as it stands in Problems. @param rulesPage its code leads there */
export function diagnosticOf({ rule, severity, what, next, line, column, length }: FindingData, rulesPage: vscode.Uri): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, column - 1, line - 1, column - 1 + Math.max(1, length));
  const diagnostic = new vscode.Diagnostic(range, `${what} ${next}`, SEVERITIES[severity]);
  diagnostic.source = 'TileScope';
  diagnostic.code = { value: rule, target: rulesPage.with({ fragment: rule }) };
  return diagnostic;
}
