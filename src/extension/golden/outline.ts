import * as vscode from 'vscode';
import type { Block } from '../../vectors/present/blocks';
import { blocksOf } from '../../vectors/present/blocks';
import type { GoldenDocument, GoldenDocuments } from './goldenDocuments';

/** Kij and tile blocks for folding, and as symbols for breadcrumbs, Go to Symbol and sticky scroll. */
export class Outline implements vscode.FoldingRangeProvider, vscode.DocumentSymbolProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeFoldingRanges = this.changed.event;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly documents: GoldenDocuments) {
    this.subscription = documents.onDidChange(() => {
      this.changed.fire();
    });
  }

  async provideFoldingRanges(document: vscode.TextDocument): Promise<vscode.FoldingRange[] | undefined> {
    const golden = await this.documents.of(document);
    return golden && flattened(blocks(golden)).map(({ first, last }) => new vscode.FoldingRange(first, last));
  }

  async provideDocumentSymbols(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[] | undefined> {
    const golden = await this.documents.of(document);
    return golden && blocks(golden).map((block) => symbolOf(document, block));
  }

  dispose(): void {
    vscode.Disposable.from(this.changed, this.subscription).dispose();
  }
}

function blocks({ reading, set }: GoldenDocument): Block[] {
  return blocksOf(reading, set.pixels);
}

function flattened(found: readonly Block[]): Block[] {
  return found.flatMap((block) => [block, ...flattened(block.children)]);
}

function symbolOf(document: vscode.TextDocument, { label, first, last, children }: Block): vscode.DocumentSymbol {
  const lastLine = Math.min(last, document.lineCount - 1);
  const range = new vscode.Range(new vscode.Position(first, 0), document.lineAt(lastLine).range.end);
  const symbol = new vscode.DocumentSymbol(label, `${lastLine - first + 1} lines`, vscode.SymbolKind.Array, range, document.lineAt(first).range);
  symbol.children = children.map((child) => symbolOf(document, child));
  return symbol;
}
