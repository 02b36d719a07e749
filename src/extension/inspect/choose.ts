import path from 'node:path';
import * as vscode from 'vscode';
import { parseConfig } from '../../project/config';
import { CONFIG_FILE } from '../../project/configFile';
import { configText } from '../check/checks';
import { findConfigs } from '../check/choose';
import { findSets } from '../golden/vectorSets';
import { say } from './effects';
import type { SubjectKey } from './subjects';

type Item = vscode.QuickPickItem & { readonly subject?: SubjectKey };

/**
 * Lets the user choose what an inspector shows; what belongs to the active editor comes first.
 * @param config only the layers of this configuration; one alone needs no choice
 * @returns 'nothing' when there is nothing to choose from, undefined when the user leaves
 */
export async function chooseLayer(config?: string): Promise<SubjectKey | 'nothing' | undefined> {
  const layers = await layerItems(config);
  const sets = config === undefined ? await setItems() : [];
  if (config !== undefined && layers.length === 0) {
    say(`TileScope: ${vscode.workspace.asRelativePath(config)} has no layer that can be read.`);
    return undefined;
  }
  if (layers.length + sets.length === 0) return 'nothing';
  const [only] = layers;
  if (config !== undefined && layers.length === 1) return only?.subject;
  const active = activeFile();
  const isActive = (item: Item): boolean => active !== undefined && belongsTo(item, active);
  const ordered = [...layers, ...sets].sort((a, b) => Number(isActive(b)) - Number(isActive(a)));
  const items = ordered.flatMap((item, index): Item[] => {
    const kind = groupOf(item);
    const before = ordered[index - 1];
    return [...(before === undefined || groupOf(before) !== kind ? [{ label: kind, kind: vscode.QuickPickItemKind.Separator }] : []), item];
  });
  return (await vscode.window.showQuickPick(items, { title: 'TileScope: Open Inspector', placeHolder: 'The layer to inspect', matchOnDescription: true, matchOnDetail: true }))?.subject;
}

async function layerItems(only: string | undefined): Promise<Item[]> {
  const configs = only === undefined ? await findConfigs() : [{ file: only, text: await configText(only) }];
  return configs.flatMap(({ file, text }) =>
    (parseConfig(text, file).config?.data.layers ?? []).map(({ name, source }) => ({
      label: `$(circuit-board) ${name}`,
      description: vscode.workspace.asRelativePath(file),
      detail: source.type === 'onnx' ? `${source.model}: ${source.layer}` : `${source.type}: ${source.activation}`,
      subject: { type: 'layer', file, layer: name } as const,
    })),
  );
}

async function setItems(): Promise<Item[]> {
  return (await findSets()).map(({ folder, entry, kinds }) => ({
    label: `$(layers) ${entry ?? path.basename(folder.fsPath)}`,
    description: vscode.workspace.asRelativePath(folder),
    detail: kinds.map(({ kind }) => kind).join(', '),
    subject: { type: 'set', folder: folder.fsPath } as const,
  }));
}

function activeFile(): string | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === 'file' ? uri.fsPath : undefined;
}

function belongsTo({ subject }: Item, file: string): boolean {
  if (subject?.type === 'set') return file.startsWith(`${subject.folder}${path.sep}`);
  return subject !== undefined && subject.file === file;
}

function groupOf({ subject }: Item): string {
  return subject?.type === 'set' ? 'golden files' : `layers of ${CONFIG_FILE}`;
}
