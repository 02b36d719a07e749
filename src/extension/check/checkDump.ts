import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { splitSelection } from '../../check/present/pairing';
import { checkSentence } from '../../check/present/sentence';
import type { CheckReport, CheckTarget } from '../../protocol/checkReport';
import { JobFailed } from '../jobs';
import type { Phases } from '../progress';
import { progressReporter } from '../progress';
import { chooseDump, chooseTarget, filesTarget, withSignal } from './choose';
import { configText } from './checks';
import type { CheckRecord, Checks } from './checks';
import { openDiff, openReport } from './documents';
import { mayRun } from './trust';

/** Arguments of the command, for key bindings, code lenses and other extensions; what is missing is asked for. */
export interface CheckArguments {
  readonly golden?: readonly string[];
  readonly dump?: readonly string[];
  /** A check of a configuration: its tilescope.json and its name. */
  readonly config?: string;
  readonly name?: string;
}

const PHASES: Phases = {
  read: { label: 'reading', from: 0, to: 20 },
  capture: { label: 'capturing with ONNX Runtime', from: 20, to: 30 },
  compute: { label: 'computing', from: 30, to: 40 },
  compare: { label: 'comparing', from: 40, to: 70 },
  diagnose: { label: 'looking for the cause', from: 70, to: 100 },
};

/**
 * TileScope: Cross-check RTL Dump.
 * @param target the file that was clicked, or arguments
 * @param selected all files that are selected in the Explorer
 * @returns the report; undefined when the user left or it failed (the user was told)
 */
export async function checkDump(checks: Checks, log: vscode.LogOutputChannel, target?: vscode.Uri | CheckArguments, selected?: readonly vscode.Uri[]): Promise<CheckReport | undefined> {
  const chosen = await targetOf(target instanceof vscode.Uri ? await selectionArguments(target, selected ?? []) : (target ?? {}));
  if (chosen === undefined) return undefined;
  if (!mayRun(chosen, vscode.workspace.isTrusted)) {
    void vscode.window.showWarningMessage('TileScope runs what a configuration names, so the folder must be trusted first.');
    return undefined;
  }
  const record = await runVisibly(checks, log, chosen);
  if (record !== undefined) announce(checks, record);
  return record?.result.report;
}

async function targetOf({ golden, dump, config, name }: CheckArguments): Promise<CheckTarget | undefined> {
  if (config !== undefined && name !== undefined) return { type: 'configured', file: config, text: await configText(config), name };
  const dumps = dump ?? (await chooseDump(golden));
  if (dumps === undefined || dumps.length === 0) return undefined;
  return golden === undefined || golden.length === 0 ? chooseTarget(dumps) : withSignal(filesTarget(golden, dumps));
}

/** One file is the dump; of several the one that looks like it. */
async function selectionArguments(clicked: vscode.Uri, selected: readonly vscode.Uri[]): Promise<CheckArguments> {
  if (selected.length < 2) return { dump: [clicked.fsPath] };
  const files = await Promise.all(selected.map(async ({ fsPath }) => ({ file: fsPath, changedAt: (await fs.stat(fsPath)).mtimeMs })));
  const split = splitSelection(files)!;
  return { dump: [split.dump], golden: split.golden };
}

async function runVisibly(checks: Checks, log: vscode.LogOutputChannel, target: CheckTarget): Promise<CheckRecord | undefined> {
  try {
    return await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `TileScope: ${target.name}`, cancellable: true }, (progress, token) => checks.run(target, token, progressReporter(progress, PHASES)));
  } catch (error) {
    if (!(error instanceof JobFailed)) throw error;
    if (error.problems.every(({ code }) => code === 'cancelled')) {
      vscode.window.setStatusBarMessage('TileScope: cancelled.', 5000);
      return undefined;
    }
    for (const problem of error.problems) log.error(problem.format());
    const [first] = error.problems;
    const showLog = 'Show Log';
    void vscode.window.showErrorMessage(`${first?.what ?? 'The check failed.'} ${first?.next ?? ''}`, showLog).then((answer) => {
      if (answer === showLog) log.show();
    });
    return undefined;
  }
}

/** A match is a quiet line; anything else a message with what to do. Not awaited: it may stay open for as long as the user likes. */
function announce(checks: Checks, record: CheckRecord): void {
  const { report } = record.result;
  if (report.verdict === 'match') {
    vscode.window.setStatusBarMessage(`$(pass) ${report.what}`, 8000);
    return;
  }
  const [diff, problems, page, goTo] = ['Open Diff', 'Show Problems', 'Open Report', 'Go to File'];
  const { file } = report.problem?.place ?? {};
  const actions = report.verdict === 'mismatch' ? [diff, problems, page] : [page, ...(file !== undefined && path.isAbsolute(file) ? [goTo] : [])];
  const show = report.verdict === 'mismatch' ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
  void show(checkSentence(report), ...actions).then(async (answer) => {
    // Meanwhile it may have been run again
    const current = checks.get(record.key) ?? record;
    if (answer === diff) await openDiff(checks, current);
    else if (answer === problems) await vscode.commands.executeCommand('workbench.actions.view.problems');
    else if (answer === page) await openReport(current);
    else if (answer === goTo) await vscode.window.showTextDocument(vscode.Uri.file(file!));
  });
}
