import * as vscode from 'vscode';
import type { Difference } from '../../protocol/checkReport';
import type { Checks } from './checks';
import { isDiffSide } from './documents';

/** Borders around the words that differ in the two decoded documents: a solid one for another value, a dashed one for no value. */
export class DiffDecorations implements vscode.Disposable {
  private readonly types: Readonly<Record<'value' | 'none', vscode.TextEditorDecorationType>> = { value: bordered('solid'), none: bordered('dashed') };
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly checks: Checks) {
    this.subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.decorate(editor);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.decorate(editor);
      }),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...Object.values(this.types), ...this.subscriptions).dispose();
  }

  private decorate(editor: vscode.TextEditor): void {
    const { uri } = editor.document;
    if (!isDiffSide(uri.scheme)) return;
    const record = this.checks.get(uri.query);
    const marks = record === undefined ? [] : (this.checks.textsOf(record)?.marks ?? []);
    const ranges = (wanted: (difference: Difference) => boolean): vscode.Range[] => marks.filter(({ difference }) => wanted(difference)).map(({ line, column, length }) => new vscode.Range(line, column, line, column + length));
    editor.setDecorations(this.types.value, ranges((difference) => difference === 'value'));
    editor.setDecorations(this.types.none, ranges((difference) => difference !== 'value'));
  }
}

function bordered(style: 'solid' | 'dashed'): vscode.TextEditorDecorationType {
  const color = new vscode.ThemeColor('tilescope.mismatch');
  return vscode.window.createTextEditorDecorationType({ border: `1px ${style}`, borderColor: color, overviewRulerColor: color, overviewRulerLane: vscode.OverviewRulerLane.Center, rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
}
