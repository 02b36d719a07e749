import * as vscode from 'vscode';

/**
 * Selects a word and shows it, with the beginning of its line where the window is wide enough for both. The caret stands at its first character: behind
 * its last one a hover at the caret would be about the next word.
 */
export function selectWord(editor: vscode.TextEditor, range: vscode.Range): void {
  editor.selection = new vscode.Selection(range.end, range.start);
  // To show two lines an editor scrolls back to where lines begin; to show one word, only as far as it has to
  editor.revealRange(new vscode.Range(range.start.line, 0, range.start.line + 1, 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  editor.revealRange(range, vscode.TextEditorRevealType.Default);
}
