import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { dumpScore, goldenScore } from '../../check/present/pairing';
import { DUMP_ENDINGS, WORD_ENDINGS, isDumpEnding } from '../../vectors/fileNames';
import { sidesText } from '../../check/present/sentence';
import { parseConfig } from '../../project/config';
import type { CheckConfig } from '../../project/schema';
import { CONFIG_FILE } from '../../project/configFile';
import type { CheckTarget, VcdChoice } from '../../protocol/checkReport';
import { configText } from './checks';

const TITLE = 'TileScope: Cross-check RTL Dump';
const EXCLUDED = '**/{node_modules,.git,.vscode-test,dist}/**';
const MOST_FILES = 2000;
const MOST_OFFERED = 200;
const MOST_GOLDEN = 30;

/** A tilescope.json that can be read. */
export interface FoundConfig {
  readonly file: string;
  readonly text: string;
  readonly checks: readonly CheckConfig[];
  readonly layers: readonly string[];
}

/** Lets the user choose what a simulation wrote, likely files first. */
export async function chooseDump(golden: readonly string[] = []): Promise<string[] | undefined> {
  const found = (await vscode.workspace.findFiles(`**/*.{${DUMP_ENDINGS.join(',')}}`, EXCLUDED, MOST_FILES)).map(({ fsPath }) => fsPath).filter((file) => !golden.includes(file));
  const fit = (file: string): number => (golden[0] === undefined ? 0 : (goldenScore(golden[0], file) ?? -9));
  const ordered = found.map((file) => ({ file, score: dumpScore(file) + fit(file) })).sort((a, b) => b.score - a.score || a.file.localeCompare(b.file, 'en', { numeric: true }));
  const items = ordered.slice(0, MOST_OFFERED).map(({ file }) => ({ ...fileItem(file), files: [file] }));
  const chosen = await vscode.window.showQuickPick([...items, { label: '$(folder-opened) Browse…', alwaysShow: true, files: undefined }], { title: TITLE, placeHolder: 'What the simulation wrote: a memory dump, a text file, a log or a waveform', matchOnDescription: true });
  return chosen === undefined ? undefined : (chosen.files ?? browse('The dump'));
}

/** Lets the user choose what a dump is compared with: configured checks of it, golden files that fit, layers that are computed. */
export async function chooseTarget(dump: readonly string[]): Promise<CheckTarget | undefined> {
  const [first] = dump;
  if (first === undefined) return undefined;
  const configs = await findConfigs();
  const configured = configs.flatMap(({ file, text, checks }) => checks.filter((check) => dumpsOf(file, check).some((one) => dump.includes(one))).map(({ name }) => ({ label: `$(checklist) ${name}`, description: `check of ${vscode.workspace.asRelativePath(file)}`, target: { type: 'configured', file, text, name } as const })));
  const golden = await goldenItems(dump);
  const layers = configs.flatMap(({ file, text, layers: names }) => names.map((layer) => ({ label: `$(symbol-operator) Computed from layer ${layer}`, description: vscode.workspace.asRelativePath(file), target: { type: 'layer', file, text, layer, name: path.basename(first), dump } as const })));
  const folder = { label: '$(folder) What a folder of golden files gives…', detail: 'Its golden files of the kind of the dump, or what its activations and weights give', alwaysShow: true, browse: 'folder' as const };
  const items = [...separated('checks', configured), ...separated('golden files', golden), ...separated('computed', layers), { label: '', kind: vscode.QuickPickItemKind.Separator }, folder, { label: '$(folder-opened) Browse…', alwaysShow: true, browse: 'files' as const }];
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & { target?: CheckTarget; browse?: 'folder' | 'files' }>(items, { title: TITLE, placeHolder: `What ${path.basename(first)} is compared with`, matchOnDescription: true });
  if (chosen === undefined) return undefined;
  if (chosen.target !== undefined) return withSignal(chosen.target);
  const files = await browse('Golden files', chosen.browse === 'folder');
  return files === undefined ? undefined : withSignal(filesTarget(files, dump));
}

/** Two named sides. */
export function filesTarget(golden: readonly string[], dump: readonly string[]): CheckTarget {
  return { type: 'files', name: sidesText({ expected: golden.join(', '), dump: dump.join(', ') }), golden, dump };
}

/** A waveform holds many signals: which one? @returns undefined when the user leaves */
export async function withSignal(target: CheckTarget): Promise<CheckTarget | undefined> {
  if (target.type === 'configured' || target.vcd !== undefined || !target.dump.some((file) => /\.vcd$/i.test(file))) return target;
  const signal = await vscode.window.showInputBox({ title: TITLE, prompt: 'The signal of the waveform that is compared', placeHolder: 'core.sfp_out', validateInput: (text) => (text.trim() === '' ? 'Name a signal' : undefined) });
  if (signal === undefined) return undefined;
  const clock = await vscode.window.showInputBox({ title: TITLE, prompt: 'Its clock, sampled before rising edges; empty for each of its changes', placeHolder: 'clk' });
  if (clock === undefined) return undefined;
  const valid = await vscode.window.showInputBox({ title: TITLE, prompt: 'The signal that is 1 while it is valid; empty for none', placeHolder: 'out_valid' });
  if (valid === undefined) return undefined;
  const vcd: VcdChoice = { signal: signal.trim(), ...(clock.trim() !== '' && { clock: clock.trim() }), ...(valid.trim() !== '' && { valid: valid.trim() }) };
  return { ...target, vcd };
}

/** The configurations of the workspace that can be read; what is wrong with the others stands in Problems. */
export async function findConfigs(): Promise<FoundConfig[]> {
  const files = (await vscode.workspace.findFiles(`**/${CONFIG_FILE}`, EXCLUDED, 50)).map(({ fsPath }) => fsPath).sort();
  const found: FoundConfig[] = [];
  for (const file of files) {
    const text = await configText(file);
    const { config } = parseConfig(text, file);
    if (config !== undefined) found.push({ file, text, checks: config.data.checks ?? [], layers: config.data.layers.map(({ name }) => name) });
  }
  return found;
}

/** The files that a check of a configuration reads as its dump. */
export function dumpsOf(file: string, { dump, vcd }: CheckConfig): string[] {
  const named = vcd !== undefined ? [vcd.file] : dump === undefined ? [] : typeof dump === 'string' ? [dump] : dump;
  return named.map((one) => path.resolve(path.dirname(file), one));
}

async function goldenItems(dump: readonly string[]): Promise<(vscode.QuickPickItem & { target: CheckTarget })[]> {
  const [first] = dump;
  const workspace = (await vscode.workspace.findFiles(`**/*.{${WORD_ENDINGS.join(',')}}`, EXCLUDED, MOST_FILES)).map(({ fsPath }) => fsPath);
  const beside = (await fs.readdir(path.dirname(first!)).catch(() => [])).filter(isDumpEnding).map((name) => path.join(path.dirname(first!), name));
  const scored = [...new Set([...beside, ...workspace])].flatMap((file) => {
    const score = dump.includes(file) ? undefined : goldenScore(file, first!);
    return score === undefined ? [] : [{ file, score }];
  });
  const best = scored.sort((a, b) => b.score - a.score || a.file.localeCompare(b.file, 'en', { numeric: true })).slice(0, MOST_GOLDEN);
  return best.map(({ file }) => ({ ...fileItem(file), target: filesTarget([file], dump) }));
}

async function browse(title: string, folders = false): Promise<string[] | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title, canSelectMany: !folders, canSelectFiles: !folders, canSelectFolders: folders });
  return chosen?.map(({ fsPath }) => fsPath);
}

function fileItem(file: string): vscode.QuickPickItem {
  const shown = vscode.workspace.asRelativePath(file);
  return { label: `$(file) ${path.basename(file)}`, description: path.dirname(shown) === '.' ? '' : path.dirname(shown) };
}

function separated<T extends vscode.QuickPickItem>(label: string, items: readonly T[]): (T | vscode.QuickPickItem)[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
