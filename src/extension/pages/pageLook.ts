import * as vscode from 'vscode';
import { DECORATION_SIDES, type PageLook } from '../../protocol/pages';
import { modeOf } from '../golden/decorations';

/** What the settings say of decorations in a file: the viewer hears them as the decorated editor does. */
export function lookOf(uri: vscode.Uri): PageLook {
  const set = vscode.workspace.getConfiguration('tilescope', uri).get<string>('decorationsSide');
  return { decorations: modeOf(uri), side: DECORATION_SIDES.find((side) => side === set) ?? 'auto' };
}

/** Calls when a setting that {@link lookOf} reads may be another. */
export function onLookChange(call: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('tilescope.decorations') || event.affectsConfiguration('tilescope.decorationsSide')) call();
  });
}
