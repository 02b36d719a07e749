import * as vscode from 'vscode';
import { layoutSummary } from '../../vectors/present/summary';
import type { GoldenDocument, GoldenDocuments } from './goldenDocuments';

/** Says in `when` clauses that the active editor shows a golden file. */
const CONTEXT = 'tilescope.golden';

/** The layout of the active file in the status bar; a click offers the other readings. */
export class LayoutStatus implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('tilescope.layout', vscode.StatusBarAlignment.Right, 101);
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly documents: GoldenDocuments) {
    this.item.name = 'TileScope Layout';
    this.item.command = 'tilescope.chooseLayout';
    const update = (): void => {
      void this.update();
    };
    this.subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(update),
      documents.onDidChange(update),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) void this.update();
      }),
    ];
    update();
  }

  dispose(): void {
    vscode.Disposable.from(this.item, ...this.subscriptions).dispose();
  }

  private async update(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const golden = editor === undefined ? undefined : await this.documents.of(editor.document);
    if (editor !== vscode.window.activeTextEditor) return;
    await vscode.commands.executeCommand('setContext', CONTEXT, golden !== undefined);
    if (golden === undefined) this.item.hide();
    else this.show(golden);
  }

  private show({ chosen, reading, source }: GoldenDocument): void {
    const against = chosen.contradictions.length > 0 ? ' $(warning)' : '';
    this.item.text = `$(symbol-numeric) ${layoutSummary(reading.layout)}${against}`;
    const how = source === 'manifest' ? 'Stated by the manifest' : source === 'choice' ? 'Your choice' : chosen.proven ? 'Proven' : `${Math.round(100 * chosen.confidence)} % sure`;
    this.item.tooltip = new vscode.MarkdownString();
    this.item.tooltip.appendText([`${how}.`, ...chosen.evidence, ...chosen.contradictions.map((says) => `Against it: ${says}`), 'Click to read the file in another way.'].join('\n'));
    this.item.show();
  }
}
