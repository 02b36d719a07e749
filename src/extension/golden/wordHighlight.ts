import * as vscode from 'vscode';
import type { GoldenDocuments } from './goldenDocuments';

/** Marks the word at the cursor. Without it VS Code takes a whole line of bits for one word, and its mark hides the colours. */
export class WordHighlight implements vscode.DocumentHighlightProvider {
  constructor(private readonly documents: GoldenDocuments) {}

  async provideDocumentHighlights(document: vscode.TextDocument, { line, character }: vscode.Position): Promise<vscode.DocumentHighlight[] | undefined> {
    const word = (await this.documents.of(document))?.reading.wordAt(line, character)?.word;
    return word && [new vscode.DocumentHighlight(new vscode.Range(line, word.column, line, word.column + word.length), vscode.DocumentHighlightKind.Text)];
  }
}
