import * as vscode from 'vscode';
import { parseConfig } from '../../project/config';
import { CONFIG_FILE } from '../../project/configFile';
import type { Checks } from '../check/checks';
import type { InspectArguments } from './target';

export const CONFIG_SELECTOR: vscode.DocumentSelector = { scheme: 'file', pattern: `**/${CONFIG_FILE}` };

/** Above each layer of a configuration: what it computes. */
export class LayerLens implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const file = document.uri.fsPath;
    const { config } = parseConfig(document.getText(), file);
    return (config?.data.layers ?? []).map(({ name }, index) => {
      const { line = 1 } = config!.place(['layers', index, 'name']);
      return new vscode.CodeLens(new vscode.Range(line - 1, 0, line - 1, 0), { title: '$(circuit-board)\u00a0Inspect', command: 'tilescope.openInspector', arguments: [{ config: file, layer: name } satisfies InspectArguments] });
    });
  }
}

/** On a word that differs: where it stands in the array, and what it is made of. */
export class MismatchAction implements vscode.CodeActionProvider {
  constructor(private readonly checks: Checks) {}

  provideCodeActions({ uri }: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    for (const { key, stale, result } of this.checks.all) {
      if (stale) continue;
      const { kind, first } = result.report;
      const found = first.find(({ got, expected }) => [got.spot, expected.spot].some((spot) => spot?.file === uri.fsPath && spot.line - 1 === range.start.line && range.start.character >= spot.column - 1 && range.start.character < spot.column - 1 + Math.max(1, spot.length)));
      if (found === undefined) continue;
      const action = new vscode.CodeAction('Show in Inspector', vscode.CodeActionKind.QuickFix);
      action.command = { title: action.title, command: 'tilescope.openInspector', arguments: [{ check: key, kind, coordinates: found.coordinates } satisfies InspectArguments] };
      return [action];
    }
    return [];
  }
}
