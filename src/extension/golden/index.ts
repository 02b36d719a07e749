import * as vscode from 'vscode';
import { chooseLayout } from './chooseLayout';
import { decodeActive } from './decodeActive';
import { Choices } from './choices';
import { Decorations } from './decorations';
import { GOLDEN_SELECTOR } from './eligible';
import { FolderSets } from './folderSets';
import { GoldenDocuments } from './goldenDocuments';
import { GoldenHover } from './goldenHover';
import { goToInLargeFile, registerLargeFiles } from '../pages/index';
import { goToCoordinate } from './goToCoordinate';
import { LayoutStatus } from './layoutStatus';
import { LargeFiles } from './largeFiles';
import { LintDiagnostics } from './lintDiagnostics';
import { Outline } from './outline';
import { Reader } from './reader';
import { SetDiagnostics } from './setDiagnostics';
import { SetLens, openSibling } from './setLens';
import { AllUses, showAllUses } from './allUses';
import { WordHighlight } from './wordHighlight';
import { MissingFiles, VectorSets } from './vectorSets';

/** What other parts ask: the documents, and the sets on disk. */
export interface GoldenFiles {
  readonly documents: GoldenDocuments;
  readonly sets: FolderSets;
}

/** Everything that golden files have in the editor; disposed with the context. */
export function registerGoldenFiles(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): GoldenFiles {
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'reader.js').fsPath;
  const reader = new Reader(script, log);
  // Apart, so that the comparison of a large set keeps no open document waiting
  const checker = new Reader(script, log);
  const rules = vscode.Uri.joinPath(context.extensionUri, 'docs', 'lint.md');
  const sets = new FolderSets(reader, log);
  const choices = new Choices(context.workspaceState);
  const documents = new GoldenDocuments(sets, choices, reader, log);
  const outline = new Outline(documents);
  const large = registerLargeFiles(context, choices, log);
  context.subscriptions.push(
    reader,
    checker,
    sets,
    choices,
    documents,
    outline,
    new Decorations(documents, log),
    new LayoutStatus(documents),
    new LintDiagnostics(documents, reader, rules, log),
    new SetDiagnostics(sets, checker, rules, log),
    new LargeFiles(context.globalState, log),
    new VectorSets(sets),
    vscode.window.registerFileDecorationProvider(new MissingFiles()),
    vscode.languages.registerHoverProvider(GOLDEN_SELECTOR, new GoldenHover(documents)),
    vscode.languages.registerDocumentHighlightProvider(GOLDEN_SELECTOR, new WordHighlight(documents)),
    vscode.languages.registerReferenceProvider(GOLDEN_SELECTOR, new AllUses(documents)),
    vscode.languages.registerFoldingRangeProvider(GOLDEN_SELECTOR, outline),
    vscode.languages.registerDocumentSymbolProvider(GOLDEN_SELECTOR, outline, { label: 'TileScope' }),
    vscode.languages.registerCodeLensProvider(GOLDEN_SELECTOR, new SetLens(documents)),
    vscode.commands.registerCommand('tilescope.decodeActive', () => decodeActive(documents)),
    vscode.commands.registerCommand('tilescope.chooseLayout', () => chooseLayout(documents)),
    vscode.commands.registerCommand('tilescope.allUses', (place?: unknown) => showAllUses(documents, place)),
    vscode.commands.registerCommand('tilescope.openSibling', () => openSibling(documents)),
    vscode.commands.registerCommand('tilescope.goToCoordinate', (text?: unknown) => {
      const typed = typeof text === 'string' ? text : undefined;
      return large.active === undefined ? goToCoordinate(documents, typed) : goToInLargeFile(large, large.active, typed);
    }),
  );
  return { documents, sets };
}
