import * as vscode from 'vscode';
import type { SetWord } from '../../vectors/present/goldenSet';
import { usesOf } from '../../vectors/present/uses';
import type { GoldenDocuments } from './goldenDocuments';

/** Find All References on a word: the psums that an activation or a weight goes into, the outputs that a psum goes into. */
export class AllUses implements vscode.ReferenceProvider {
  constructor(private readonly documents: GoldenDocuments) {}

  async provideReferences(document: vscode.TextDocument, { line, character }: vscode.Position): Promise<vscode.Location[] | undefined> {
    const golden = await this.documents.of(document);
    const coordinates = golden?.reading.wordAt(line, character)?.coordinates;
    return golden && coordinates && usesOf(golden.set, golden.reading.layout.spec.kind, coordinates).map(locationOf);
  }
}

/** TileScope: Show All Uses, of the word at the cursor or of one that a hover names. */
export async function showAllUses(documents: GoldenDocuments, place: unknown): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return;
  const position = isPlace(place) ? new vscode.Position(place.line, place.character) : editor.selection.active;
  const uses = (await new AllUses(documents).provideReferences(editor.document, position)) ?? [];
  if (uses.length === 0) vscode.window.setStatusBarMessage('TileScope: no file of the set holds what this word goes into.', 5000);
  else await vscode.commands.executeCommand('editor.action.peekLocations', editor.document.uri, position, uses, 'peek');
}

function locationOf({ member, word }: SetWord): vscode.Location {
  return new vscode.Location(vscode.Uri.parse(member.id), new vscode.Range(word.fileLine, word.column, word.fileLine, word.column + word.length));
}

function isPlace(value: unknown): value is { readonly line: number; readonly character: number } {
  return typeof value === 'object' && value !== null && 'line' in value && 'character' in value && typeof value.line === 'number' && typeof value.character === 'number';
}
