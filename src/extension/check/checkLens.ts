import * as vscode from 'vscode';
import { baseName } from '../../check/present/names';
import { countText } from '../../check/present/sentence';
import type { GoldenDocuments } from '../golden/goldenDocuments';
import type { Checks } from './checks';

/** Above the first line of a golden file or a dump: compare it, and what the last comparison found. */
export class CheckLens implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly checks: Checks,
    private readonly documents: GoldenDocuments,
  ) {
    this.subscription = vscode.Disposable.from(
      checks.onDidReport(() => { this.changed.fire(); }),
      documents.onDidChange(() => { this.changed.fire(); }),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[] | undefined> {
    const file = document.uri.fsPath;
    const concerned = this.checks.all.filter(({ stale, result }) => !stale && result.inputs.includes(file));
    const golden = await this.documents.of(document);
    if (golden === undefined && concerned.length === 0) return undefined;
    const lens = (title: string, command: string, ...args: unknown[]): vscode.CodeLens => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: args });
    const results = concerned.flatMap(({ key, result: { report } }) => {
      const other = report.dump === file ? report.expected : report.dump;
      const result = lens(`$(${report.verdict === 'match' ? 'pass' : 'error'})\u00a0${baseName(other)}: ${countText(report)}`, 'tilescope.showCheck', key);
      return report.verdict === 'mismatch' ? [result, lens('$(circuit-board)\u00a0Show in Inspector', 'tilescope.openInspector', { check: key })] : [result];
    });
    const isDump = golden === undefined || golden.member.secondary;
    const kind = golden?.reading.layout.spec.kind;
    const canCompare = kind === undefined || kind === 'psum' || kind === 'out';
    return [...results, ...(canCompare ? [lens('$(diff)\u00a0Cross-check', 'tilescope.checkDump', isDump ? { dump: [file] } : { golden: [file] })] : [])];
  }

  dispose(): void {
    vscode.Disposable.from(this.changed, this.subscription).dispose();
  }
}
