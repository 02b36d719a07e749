import * as vscode from 'vscode';
import type { GoldenDocuments } from '../golden/goldenDocuments';
import { GOLDEN_SELECTOR } from '../golden/eligible';
import type { Jobs } from '../jobs';
import { CheckDiagnostics } from './checkDiagnostics';
import type { CheckArguments } from './checkDump';
import { checkDump } from './checkDump';
import { CheckLens } from './checkLens';
import { CheckStatus, chooseRecord, showCheck } from './checkStatus';
import { CheckTests } from './checkTests';
import { Checks } from './checks';
import { DiffDecorations } from './diffDecorations';
import { DiffHover } from './diffHover';
import { DiffTitles } from './diffTitles';
import { CheckDocuments, DIFF_SCHEMES, openDiff, openReport } from './documents';
import { goToMismatch } from './mismatches';
import { Watch } from './watch';

/** What other extensions, and the suites, may ask of the comparisons. */
export interface CheckApi {
  readonly checks: Checks;
  readonly tests: CheckTests;
  readonly watch: Watch;
}

/** Everything that cross-checks have in the editor; disposed with the context. */
export function registerChecks(context: vscode.ExtensionContext, jobs: Jobs, documents: GoldenDocuments, log: vscode.LogOutputChannel): CheckApi {
  const watch = new Watch();
  const checks = new Checks(jobs, watch, log);
  const tests = new CheckTests(checks, watch, log);
  const lens = new CheckLens(checks, documents);
  /** The comparison that a caller names, that the active editor shows, or that the user chooses. */
  const recordOf = async (key: unknown): ReturnType<typeof chooseRecord> => {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const named = checks.get(typeof key === 'string' ? key : (uri?.query ?? ''));
    return named ?? (checks.all.length === 1 ? checks.all[0] : chooseRecord(checks.all));
  };
  context.subscriptions.push(
    watch,
    checks,
    tests,
    lens,
    new CheckDocuments(checks),
    new DiffDecorations(checks),
    new DiffTitles(checks, log),
    new CheckDiagnostics(checks, vscode.Uri.joinPath(context.extensionUri, 'docs')),
    new CheckStatus(checks),
    vscode.languages.registerHoverProvider(DIFF_SCHEMES.map((scheme) => ({ scheme })), new DiffHover(checks)),
    vscode.languages.registerCodeLensProvider(GOLDEN_SELECTOR, lens),
    vscode.commands.registerCommand('tilescope.checkDump', (target?: vscode.Uri | CheckArguments, selected?: readonly vscode.Uri[]) => checkDump(checks, log, target, selected)),
    vscode.commands.registerCommand('tilescope.nextMismatch', () => { goToMismatch(checks, 1); }),
    vscode.commands.registerCommand('tilescope.previousMismatch', () => { goToMismatch(checks, -1); }),
    vscode.commands.registerCommand('tilescope.showCheck', async (key?: unknown) => {
      const named = typeof key === 'string' ? checks.get(key) : undefined;
      if (named === undefined) await showCheck(checks);
      else if (named.result.report.verdict === 'mismatch') await openDiff(checks, named);
      else await openReport(named);
    }),
    vscode.commands.registerCommand('tilescope.showCheckReport', async (key?: unknown) => {
      const record = await recordOf(key);
      if (record !== undefined) await openReport(record);
    }),
    vscode.commands.registerCommand('tilescope.showCheckDiff', async (key?: unknown) => {
      const record = await recordOf(key);
      if (record !== undefined) await openDiff(checks, record);
    }),
  );
  return { checks, tests, watch };
}
