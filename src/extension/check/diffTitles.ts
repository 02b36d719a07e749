import * as vscode from 'vscode';
import { diffTitle } from '../../check/present/sentence';
import type { CheckRecord, Checks } from './checks';
import { DUMP_SCHEME, openDiff } from './documents';

/**
 * Keeps the counts in the titles of open diffs true: VS Code takes a title once, so that a diff whose comparison was made again is opened anew in its
 * place. One behind another tab waits until it is looked at.
 */
export class DiffTitles implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  /** Opened anew once for each outcome, whatever VS Code makes of the title. */
  private readonly renewed = new WeakSet<CheckRecord>();

  constructor(
    private readonly checks: Checks,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const renew = (): void => {
      for (const { activeTab } of vscode.window.tabGroups.all) if (activeTab !== undefined) this.renew(activeTab).catch((error: unknown) => { log.warn(`A diff kept its old title: ${String(error)}`); });
    };
    this.subscriptions = [checks.onDidReport(renew), vscode.window.tabGroups.onDidChangeTabs(renew)];
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private async renew(tab: vscode.Tab): Promise<void> {
    const { input, label, group, isPreview } = tab;
    if (!(input instanceof vscode.TabInputTextDiff) || input.modified.scheme !== DUMP_SCHEME) return;
    const record = this.checks.get(input.modified.query);
    if (record === undefined || this.renewed.has(record) || label === diffTitle(record.result.report)) return;
    this.renewed.add(record);
    const place = { viewColumn: group.viewColumn, preserveFocus: !group.isActive, preview: isPreview };
    this.log.debug(`${label} becomes ${diffTitle(record.result.report)}`);
    await vscode.window.tabGroups.close(tab, true);
    await openDiff(this.checks, record, place);
  }
}
