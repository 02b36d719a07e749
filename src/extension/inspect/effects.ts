import path from 'node:path';
import * as vscode from 'vscode';
import type { LocatedWord } from '../../protocol/inspect';
import type { ExportFormat, PageMessage } from '../../protocol/panel';
import { select } from '../golden/goToCoordinate';

const SHORTLY_MS = 5000;
const FILTERS: Readonly<Record<ExportFormat, Record<string, string[]>>> = { png: { 'PNG image': ['png'] }, svg: { 'SVG image': ['svg'] }, csv: { 'CSV table': ['csv'] } };

export function say(text: string): void {
  vscode.window.setStatusBarMessage(text, SHORTLY_MS);
}

/** How long decoded values take to be drawn once a file is read. */
const DRAWN_MS = 300;

/**
 * Selects a word in an editor that does not cover the inspector. The focus stays where it is.
 * @param read ends when the file's decoded values are known: drawn before the words, they push these aside
 */
export async function revealWord({ file, line, column, length }: LocatedWord, inspector: vscode.ViewColumn | undefined, read: (document: vscode.TextDocument) => Promise<unknown>): Promise<vscode.TextEditor> {
  const uri = vscode.Uri.file(file);
  const shown = vscode.window.visibleTextEditors.find(({ document, viewColumn }) => document.uri.toString() === uri.toString() && viewColumn !== inspector);
  const other = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn !== inspector)?.viewColumn;
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: shown?.viewColumn ?? other ?? vscode.ViewColumn.Beside, preserveFocus: true, preview: true });
  const word = new vscode.Range(line, column, line, column + length);
  select(editor, word);
  editor.revealRange(word, vscode.TextEditorRevealType.InCenter);
  const again = (): void => {
    if (vscode.window.visibleTextEditors.includes(editor) && editor.selection.contains(word)) editor.revealRange(word, vscode.TextEditorRevealType.Default);
  };
  if (shown === undefined) void read(editor.document).then(() => setTimeout(again, DRAWN_MS));
  return editor;
}

/** Asks for a place and writes there; what fails is told. */
export async function saveExport({ name, format, data }: Extract<PageMessage, { type: 'save' }>, near: string | undefined): Promise<void> {
  const folder = near ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const file = `${safeName(name)}.${format}`;
  const target = await vscode.window.showSaveDialog({ title: 'TileScope: Save', filters: FILTERS[format], ...(folder !== undefined && { defaultUri: vscode.Uri.file(path.join(folder, file)) }) });
  if (target === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(target, typeof data === 'string' ? new TextEncoder().encode(data) : data);
  } catch (error) {
    void vscode.window.showErrorMessage(`${path.basename(target.path)} could not be written: ${error instanceof Error ? error.message : String(error)} Choose another place.`);
    return;
  }
  say(`TileScope: saved ${vscode.workspace.asRelativePath(target)}.`);
}

export async function copyText(text: string, what: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  say(`TileScope: copied ${what.slice(0, 100)}.`);
}

/** A page's proposal as a file name: no folders, no ending of its own. */
export function safeName(name: string): string {
  const plain = name
    .replace(/\.(png|svg|csv)$/i, '')
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, ' ')
    .trim()
    .replace(/^\.+/, '')
    .slice(0, 100);
  return plain === '' ? 'inspector' : plain;
}
