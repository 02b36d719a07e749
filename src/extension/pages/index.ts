import * as vscode from 'vscode';
import type { ViewAnswer } from '../../protocol/pages';
import { PAGE_COMMANDS } from '../../protocol/pages';
import type { Choices } from '../golden/choices';
import type { LargeDocument } from './largeDocument';
import { LargeFileEditor, VIEW_TYPE } from './largeFileEditor';

const COMMANDS = { find: 'tilescope.largeFileFind', goTo: 'tilescope.largeFileGoTo', nextMismatch: 'tilescope.largeFileNextMismatch', previousMismatch: 'tilescope.largeFilePreviousMismatch' } as const;

/** The viewer of large files; disposed with the context. */
export function registerLargeFiles(context: vscode.ExtensionContext, choices: Choices, log: vscode.LogOutputChannel): LargeFileEditor {
  const editor = new LargeFileEditor(context.extensionUri, choices, log);
  context.subscriptions.push(
    vscode.window.registerCustomEditorProvider(VIEW_TYPE, editor, { supportsMultipleEditorsPerDocument: false }),
    vscode.commands.registerCommand('tilescope.openLargeFile', (target?: unknown) => openLargeFile(target)),
    ...PAGE_COMMANDS.map((command) => vscode.commands.registerCommand(COMMANDS[command], () => { editor.run(command); })),
  );
  return editor;
}

/** TileScope: Open in Large File Viewer, of the file that is given, shown, or chosen. */
async function openLargeFile(target: unknown): Promise<void> {
  const uri = target instanceof vscode.Uri ? target : (shownFile() ?? (await vscode.window.showOpenDialog({ openLabel: 'Open in TileScope' }))?.[0]);
  if (uri !== undefined) await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPE);
}

function shownFile(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
}

/** TileScope: Go to Coordinate, in the viewer. @param text asked for when missing */
export async function goToInLargeFile(editor: LargeFileEditor, document: LargeDocument, text: string | undefined): Promise<void> {
  const typed = text ?? (await vscode.window.showInputBox({ title: 'TileScope: Go to Coordinate', placeHolder: 'kij 4 nij 14 col 7', prompt: 'Coordinates, a line number, or an @address' }));
  if (typed === undefined) return;
  const answer = (await document.ask({ type: 'goTo', text: typed, from: { line: 0, column: -1 } }).answer) as ViewAnswer;
  if (answer.type !== 'wentTo') return;
  if (answer.place !== undefined) editor.tell({ type: 'show', place: answer.place });
  else if (answer.problem !== undefined) void vscode.window.showErrorMessage(answer.problem);
}
