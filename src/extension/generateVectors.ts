import * as vscode from 'vscode';
import type { Problem } from '../engine/problem';
import { parseConfig } from '../project/config';
import type { ConfigData } from '../project/schema';
import { CONFIG_FILE } from '../project/configFile';
import { describeFiles, describeReport } from '../project/describeReport';
import type { GenerateReport } from '../protocol/report';
import type { ConfigDiagnostics } from './configDiagnostics';
import { copyExample } from './example';
import type { Jobs } from './jobs';
import { JobFailed } from './jobs';
import { askForLayer } from './newLayer';
import type { Phases } from './progress';
import { progressReporter } from './progress';

/** The parts of the extension that the command works with. */
export interface GenerateParts {
  readonly context: vscode.ExtensionContext;
  readonly jobs: Jobs;
  readonly diagnostics: ConfigDiagnostics;
  readonly log: vscode.LogOutputChannel;
}

/** Arguments of the command, for key bindings and other extensions; what is missing is asked for. */
export interface GenerateArguments {
  /** Folder that holds tilescope.json. */
  readonly folder?: string;
  readonly entry?: string;
  readonly overwrite?: boolean;
}

/** From a menu the command gets the file that was clicked. */
export function argumentsOf(target: vscode.Uri | GenerateArguments | undefined): GenerateArguments {
  return target instanceof vscode.Uri ? { folder: vscode.Uri.joinPath(target, '..').fsPath } : (target ?? {});
}

/** A configuration to run, in a file or only in memory. */
interface Configuration {
  readonly file: vscode.Uri;
  readonly text: string;
  readonly saved: boolean;
}

/**
 * TileScope: Generate Vectors. With a configuration: choose an entry. Without one: ask for everything, then offer to save it.
 * @returns what was made; undefined when the user left or it failed (the user was told)
 */
export async function generateVectors(parts: GenerateParts, args: GenerateArguments = {}): Promise<readonly GenerateReport[] | undefined> {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage('TileScope runs ONNX Runtime on files of the folder, so the folder must be trusted first.');
    return undefined;
  }
  let configuration: Configuration | undefined;
  try {
    const folder = args.folder === undefined ? await chooseFolder() : vscode.Uri.file(args.folder);
    if (folder === undefined) return undefined;
    configuration = (await openConfiguration(folder)) ?? (await askForConfiguration(parts, folder));
    if (configuration === undefined) return undefined;
    const entries = await chooseEntries(configuration, args.entry);
    const reports: GenerateReport[] = [];
    for (const entry of entries) {
      const report = await generateEntry(parts, configuration, entry, args.overwrite ?? false);
      if (report === undefined) return undefined;
      reports.push(report);
    }
    if (reports.length > 0) announce(parts, configuration, reports);
    return reports;
  } catch (error) {
    report(parts, error, configuration);
    return undefined;
  }
}

/** The folder of the configuration to use: the one in the active editor, or that of the workspace; the user is asked where there are several. */
async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.scheme === 'file' && active.path.endsWith(`/${CONFIG_FILE}`)) return vscode.Uri.joinPath(active, '..');
  const found = await vscode.workspace.findFiles(`**/${CONFIG_FILE}`, '**/{node_modules,.git}/**', 200);
  if (found.length === 0) return chooseWorkspaceFolder();
  const [only] = found;
  if (found.length === 1 && only !== undefined) return vscode.Uri.joinPath(only, '..');
  const items = found.map((file) => ({ label: vscode.workspace.asRelativePath(file), folder: vscode.Uri.joinPath(file, '..') })).sort((a, b) => a.label.localeCompare(b.label));
  return (await vscode.window.showQuickPick(items, { title: 'TileScope: Generate Vectors', placeHolder: 'The configuration to use' }))?.folder;
}

async function chooseWorkspaceFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    const open = 'Open Folder…';
    void vscode.window.showWarningMessage('TileScope writes golden files into a folder of your workspace, and no folder is open.', open).then((answer) => (answer === open ? vscode.commands.executeCommand('vscode.openFolder') : undefined));
    return undefined;
  }
  return folders.length === 1 ? folders[0]?.uri : (await vscode.window.showWorkspaceFolderPick({ placeHolder: 'The folder to generate vectors in' }))?.uri;
}

/** The folder's tilescope.json as the editor has it, saved first when it has changes. */
async function openConfiguration(folder: vscode.Uri): Promise<Configuration | undefined> {
  const file = vscode.Uri.joinPath(folder, CONFIG_FILE);
  try {
    await vscode.workspace.fs.stat(file);
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
  const document = await vscode.workspace.openTextDocument(file);
  if (document.isDirty) await document.save();
  return { file, text: document.getText(), saved: true };
}

async function askForConfiguration(parts: GenerateParts, folder: vscode.Uri): Promise<Configuration | undefined> {
  const example = await copyExample(parts.context.extensionUri, folder);
  if (example === 'left') return undefined;
  if (example !== undefined) return openConfiguration(example);
  const cancel = new vscode.CancellationTokenSource();
  try {
    const layersOf = (model: string) => parts.jobs.run({ type: 'layers', model }, cancel.token, () => undefined).then(({ layers }) => layers);
    const layer = await askForLayer({ folder, layersOf });
    if (layer === undefined) return undefined;
    const data: ConfigData = { layers: [layer] };
    return { file: vscode.Uri.joinPath(folder, CONFIG_FILE), text: `${JSON.stringify(data, null, 2)}\n`, saved: false };
  } finally {
    cancel.cancel();
    cancel.dispose();
  }
}

/** @throws JobFailed when the configuration cannot be read */
async function chooseEntries({ file, text }: Configuration, wanted: string | undefined): Promise<readonly string[]> {
  const { config, problems } = parseConfig(text, file.fsPath);
  if (config === undefined) throw new JobFailed(problems);
  const { layers } = config.data;
  if (wanted !== undefined) return [wanted];
  if (layers.length === 1) return layers.map(({ name }) => name);
  const all = { label: `$(checklist) All ${layers.length} layers`, names: layers.map(({ name }) => name) };
  const items = layers.map(({ name, source, output, profile }) => ({ label: name, description: [profile ?? config.data.defaults?.profile, output].filter((part) => part !== undefined).join(' · '), detail: source.type === 'onnx' ? `${source.model}: ${source.layer}` : `${source.type}: ${source.activation}`, names: [name] }));
  const chosen = await vscode.window.showQuickPick([...items, all], { title: 'TileScope: Generate Vectors', placeHolder: 'The layer to generate vectors for', matchOnDetail: true });
  return chosen?.names ?? [];
}

async function generateEntry(parts: GenerateParts, configuration: Configuration, entry: string, overwrite: boolean): Promise<GenerateReport | undefined> {
  const { jobs, diagnostics, log } = parts;
  try {
    const { report } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `TileScope: ${entry}`, cancellable: true }, (progress, token) =>
      jobs.run({ type: 'generate', text: configuration.text, file: configuration.file.fsPath, entry, overwrite }, token, progressReporter(progress, PHASES)),
    );
    diagnostics.clear(configuration.file);
    log.info(describeReport(report, report.set.folder));
    for (const warning of report.warnings) log.warn(`${entry}: ${warning}`);
    return report;
  } catch (error) {
    const foreign = error instanceof JobFailed ? error.problems.find(({ code }) => code === 'output-foreign') : undefined;
    if (foreign === undefined || overwrite || !(await confirmOverwrite(foreign))) throw error;
    return generateEntry(parts, configuration, entry, true);
  }
}

async function confirmOverwrite(problem: Problem): Promise<boolean> {
  const overwrite = 'Overwrite';
  const answer = await vscode.window.showWarningMessage('Overwrite files that TileScope did not write?', { modal: true, detail: `${problem.what} The new set replaces every file of the same name.` }, overwrite);
  return answer === overwrite;
}

const PHASES: Phases = {
  read: { label: 'reading', from: 0, to: 10 },
  capture: { label: 'capturing with ONNX Runtime', from: 10, to: 30 },
  compute: { label: 'computing tiles', from: 30, to: 60 },
  check: { label: 'checking', from: 60, to: 65 },
  write: { label: 'writing files', from: 65, to: 100 },
};

/** Tells what was made. Not awaited by the command: a notification may stay open for as long as the user likes. */
function announce({ log }: GenerateParts, configuration: Configuration, reports: readonly GenerateReport[]): void {
  const [first] = reports;
  if (first === undefined) return;
  const warnings = reports.reduce((count, { warnings: found }) => count + found.length, 0);
  const what = reports.length === 1 ? `${first.entry}: ${describeFiles(first)} in ${vscode.workspace.asRelativePath(first.set.folder)}` : `${reports.length} layers generated`;
  const message = `${what}. ${describeChecks(reports)}${warnings === 0 ? '' : ` ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`}`;
  const [openFolder, save, showLog] = ['Open Folder', `Save ${CONFIG_FILE}`, 'Show Log'];
  const actions = [openFolder, ...(configuration.saved ? [] : [save]), ...(warnings > 0 ? [showLog] : [])];
  const show = warnings > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  void show(message, ...actions).then(async (answer) => {
    if (answer === openFolder) await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(first.set.folder));
    else if (answer === save) await saveConfiguration(configuration);
    else if (answer === showLog) log.show();
  });
}

/** A run that reaches its report has passed: what fails the self-check is never written. Cut values make the reference no measure. */
function describeChecks(reports: readonly GenerateReport[]): string {
  const cut = reports.some(({ selfCheck }) => selfCheck.error?.cut === true);
  return cut ? 'Self-check passed for the tiles; values were cut, so outputs differ from the reference.' : 'Self-check passed.';
}

/** The notification may have stood there for long: a configuration that was made meanwhile is not replaced. */
async function saveConfiguration({ file, text }: Configuration): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(file, { contents: Buffer.from(text), overwrite: false });
  if (!(await vscode.workspace.applyEdit(edit))) void vscode.window.showWarningMessage(`${vscode.workspace.asRelativePath(file)} exists by now and was left as it is.`);
  await vscode.window.showTextDocument(file);
}

/** Tells the user what failed, shows it at its line, and logs what is behind it. */
function report({ diagnostics, log }: GenerateParts, error: unknown, configuration: Configuration | undefined): void {
  if (!(error instanceof JobFailed)) {
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    throw error;
  }
  const { problems } = error;
  if (problems.every(({ code }) => code === 'cancelled')) {
    vscode.window.setStatusBarMessage('TileScope: cancelled, nothing of this set was written.', 5000);
    return;
  }
  for (const problem of problems) {
    log.error(problem.format());
    if (problem.cause instanceof Error) log.debug(problem.cause.stack ?? problem.cause.message);
  }
  const saved = configuration?.saved ?? true;
  if (saved) diagnostics.show(problems);
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more in Problems)` : '';
  const [goTo, save, showLog] = ['Go to Line', `Save ${CONFIG_FILE}`, 'Show Log'];
  const { file, line = 1, column = 1 } = first.place;
  const actions = !saved ? [save] : file === undefined || first.place.line === undefined ? [] : [goTo];
  void vscode.window.showErrorMessage(`${first.what} ${first.next}${more}`, ...actions, showLog).then(async (answer) => {
    if (answer === showLog) log.show();
    // Answers given step by step are not lost with a run that failed: saved, they can be mended
    if (answer === save && configuration !== undefined) await saveConfiguration(configuration);
    if (answer !== goTo || file === undefined) return;
    const at = new vscode.Position(line - 1, column - 1);
    await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(at, at) });
  });
}
