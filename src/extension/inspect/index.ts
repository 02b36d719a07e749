import * as vscode from 'vscode';
import type { CheckApi } from '../check/index';
import type { GoldenFiles } from '../golden/index';
import { CONFIG_SELECTOR, LayerLens, MismatchAction } from './inspectLens';
import { Inspectors } from './inspectors';
import { followLink } from './links';
import { targetOf } from './target';

/** What other extensions, and the suites, may ask of the inspectors. */
export interface InspectApi {
  readonly inspectors: Inspectors;
  /** Follows a deep link, as VS Code has it done. */
  readonly openLink: (uri: Pick<vscode.Uri, 'path' | 'query'>) => Promise<void>;
}

/** Everything that inspectors have in the editor; disposed with the context. */
export function registerInspectors(context: vscode.ExtensionContext, { checks, watch }: CheckApi, { documents }: GoldenFiles, log: vscode.LogOutputChannel): InspectApi {
  const inspectors = new Inspectors({ extensionUri: context.extensionUri, memory: context.workspaceState, watch, checks, documents, log });
  const openLink: InspectApi['openLink'] = async (uri) => {
    const found = await followLink(uri);
    if ('problem' in found) void vscode.window.showWarningMessage(`TileScope: ${found.problem}`);
    else await inspectors.open(found.subject, found.selection === undefined ? {} : { selection: found.selection });
  };
  context.subscriptions.push(
    inspectors,
    vscode.window.registerUriHandler({ handleUri: openLink }),
    vscode.languages.registerCodeLensProvider(CONFIG_SELECTOR, new LayerLens()),
    vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, new MismatchAction(checks), { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    vscode.commands.registerCommand('tilescope.openInspector', async (argument?: unknown) => {
      const target = await targetOf(checks, argument);
      if (target === undefined) return;
      if (target === 'nothing') await inspectors.open(undefined);
      else await inspectors.open(target.subject, target.spot === undefined ? {} : { spot: target.spot });
    }),
  );
  return { inspectors, openLink };
}
