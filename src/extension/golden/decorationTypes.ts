import * as vscode from 'vscode';
import type { Tint } from '../../vectors/present/tint';

const color = (name: string): vscode.ThemeColor => new vscode.ThemeColor(`tilescope.${name}`);
const background = (name: string): vscode.TextEditorDecorationType => vscode.window.createTextEditorDecorationType({ backgroundColor: color(name), rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });

/** Characters between the text of a line and its decoded values. */
const GAP = '3ch';

/** The few kinds of decoration, made once and reused for every file. */
export class DecorationTypes implements vscode.Disposable {
  readonly values = vscode.window.createTextEditorDecorationType({ after: { color: color('legend'), margin: `0 0 0 ${GAP}` }, rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
  readonly valuesBefore = vscode.window.createTextEditorDecorationType({ before: { color: color('legend'), margin: `0 ${GAP} 0 0` }, rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
  readonly legend = vscode.window.createTextEditorDecorationType({ after: { color: color('legend'), margin: `0 0 0 ${GAP}`, fontStyle: 'italic' }, rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
  readonly band = background('band');
  readonly cut = vscode.window.createTextEditorDecorationType({ opacity: '0.65', textDecoration: 'line-through' });
  readonly tints: Readonly<Record<Tint, vscode.TextEditorDecorationType>> = {
    negativeStrong: background('negativeStrong'),
    negative: background('negative'),
    negativeWeak: background('negativeWeak'),
    zero: vscode.window.createTextEditorDecorationType({ color: color('zero') }),
    positiveWeak: background('positiveWeak'),
    positive: background('positive'),
    positiveStrong: background('positiveStrong'),
    unknown: vscode.window.createTextEditorDecorationType({ color: color('zero'), border: '1px dotted', borderColor: color('zero') }),
    defect: vscode.window.createTextEditorDecorationType({ border: '1px solid', borderColor: color('defect'), overviewRulerColor: color('defect') }),
  };

  /** Takes all decorations off an editor. */
  clear(editor: vscode.TextEditor): void {
    for (const type of this.all()) editor.setDecorations(type, []);
  }

  dispose(): void {
    vscode.Disposable.from(...this.all()).dispose();
  }

  private all(): vscode.TextEditorDecorationType[] {
    return [this.values, this.valuesBefore, this.legend, this.band, this.cut, ...Object.values(this.tints)];
  }
}
