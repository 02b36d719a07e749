import * as vscode from 'vscode';
import { isGoldenName } from '../golden/eligible';

type Item = vscode.QuickPickItem & { readonly uri?: vscode.Uri };

/** The file to put beside another one: one of its folder, or any. */
export async function chooseBeside(file: vscode.Uri): Promise<vscode.Uri | undefined> {
  const folder = vscode.Uri.joinPath(file, '..');
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const names = entries.flatMap(([name, type]) => ((type & vscode.FileType.File) !== 0 && isGoldenName(name) && vscode.Uri.joinPath(folder, name).path !== file.path ? [name] : []));
  const items: Item[] = [...names.sort().map((label) => ({ label, uri: vscode.Uri.joinPath(folder, label) })), { label: '$(folder-opened) Another file…', alwaysShow: true }];
  const chosen = await vscode.window.showQuickPick(items, { title: 'TileScope: Compare Beside', placeHolder: 'The file to put beside, word by word for the same coordinates' });
  if (chosen === undefined) return undefined;
  if (chosen.uri !== undefined) return chosen.uri;
  return (await vscode.window.showOpenDialog({ defaultUri: folder, openLabel: 'Compare' }))?.[0];
}
