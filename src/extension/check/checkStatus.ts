import * as vscode from 'vscode';
import { checkSentence, statusText } from '../../check/present/sentence';
import type { CheckRecord, Checks } from './checks';
import { openDiff, openReport } from './documents';

/** What the last checks found, in the status bar; a click shows it. */
export class CheckStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('tilescope.checks', vscode.StatusBarAlignment.Left, 0);
  private readonly subscription: vscode.Disposable;

  constructor(private readonly checks: Checks) {
    this.item.name = 'TileScope Checks';
    this.item.command = 'tilescope.showCheck';
    this.subscription = checks.onDidReport(() => {
      this.show();
    });
  }

  dispose(): void {
    vscode.Disposable.from(this.item, this.subscription).dispose();
  }

  private show(): void {
    const fresh = this.checks.all.filter(({ stale }) => !stale);
    const reports = fresh.map(({ result }) => result.report);
    if (reports.length === 0) {
      const { length } = this.checks.all;
      this.item.text = `$(history) ${length === 1 ? `${this.checks.all[0]!.result.report.name}: files` : 'checked files'} changed`;
      this.item.tooltip = 'The files have changed since they were compared.';
    } else {
      this.item.text = statusText(reports);
      this.item.tooltip = new vscode.MarkdownString(reports.map((report) => `**${plain(report.name)}**: ${plain(checkSentence(report))}`).join('\n\n'));
    }
    this.item.show();
  }
}

/** TileScope: Show Last Check: the diff of the one that differs; a choice where there are several. */
export async function showCheck(checks: Checks): Promise<void> {
  const wrong = checks.all.filter(({ result }) => result.report.verdict !== 'match');
  const offered = wrong.length === 0 ? checks.all : wrong;
  if (offered.length === 0) {
    vscode.window.setStatusBarMessage('TileScope: nothing has been compared yet.', 5000);
    return;
  }
  const record = offered.length === 1 ? offered[0] : await chooseRecord(checks.all);
  if (record === undefined) return;
  if (record.result.view === undefined || record.result.report.verdict !== 'mismatch') await openReport(record);
  else await openDiff(checks, record);
}

export async function chooseRecord(records: readonly CheckRecord[]): Promise<CheckRecord | undefined> {
  const icon = { match: '$(pass)', mismatch: '$(error)', 'cannot-compare': '$(circle-slash)' };
  const items = records.map((record) => ({ label: `${icon[record.result.report.verdict]} ${record.result.report.name}`, detail: checkSentence(record.result.report), ...(record.stale && { description: 'files changed since' }), record }));
  return (await vscode.window.showQuickPick(items, { title: 'TileScope: Checks', matchOnDetail: true }))?.record;
}

/** Text in Markdown as it is. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>()#+!|~$]/g, '\\$&');
}
