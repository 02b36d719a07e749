import * as vscode from 'vscode';
import type { Checks } from '../check/checks';
import type { GoldenDocuments } from '../golden/goldenDocuments';
import { Later } from '../later';
import type { InspectorPanel } from './panel';
import type { Spot } from './session';

/** How long the cursor must rest: keys that are held down move it often. */
const REST_MS = 80;

/** The cursor in golden files, and on words of an attached dump that differ, moves the selection of inspectors that follow. */
export class Follow implements vscode.Disposable {
  private readonly later = new Later<string>();
  private readonly subscription: vscode.Disposable;
  /** Where an inspector has put the cursor itself. */
  private put: { readonly uri: string; readonly range: vscode.Range } | undefined;

  constructor(
    private readonly panels: () => readonly InspectorPanel[],
    private readonly documents: GoldenDocuments,
    private readonly checks: Checks,
    log: vscode.LogOutputChannel,
  ) {
    this.subscription = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (this.panelsOf(textEditor.document).length === 0) return;
      this.later.run('cursor', REST_MS, () => {
        this.follow(textEditor).catch((error: unknown) => { log.error(String(error)); });
      });
    });
  }

  /** The selection that an editor has now is the answer to an inspector, not a question. */
  ignore(editor: vscode.TextEditor): void {
    this.put = { uri: editor.document.uri.toString(), range: editor.selection };
  }

  dispose(): void {
    vscode.Disposable.from(this.later, this.subscription).dispose();
  }

  private panelsOf({ uri }: vscode.TextDocument): InspectorPanel[] {
    if (uri.scheme !== 'file') return [];
    return this.panels().filter(({ session }) => session.follow && (session.files.some(({ file }) => file === uri.fsPath) || session.dump?.files.includes(uri.fsPath) === true));
  }

  private async follow({ document, selection }: vscode.TextEditor): Promise<void> {
    const { put } = this;
    if (put !== undefined && put.uri === document.uri.toString() && put.range.isEqual(selection)) return;
    const at = selection.start;
    const golden = (await this.documents.of(document));
    const coordinates = golden?.reading.wordAt(at.line, at.character)?.coordinates;
    for (const { session } of this.panelsOf(document)) {
      const own = session.files.find(({ file }) => file === document.uri.fsPath);
      const spot = own === undefined ? this.mismatchAt(session.dump?.choice.id ?? '', document.uri.fsPath, at) : coordinates && { kind: own.kind, coordinates };
      if (spot !== undefined) session.show(spot);
    }
  }

  /** A dump's words may stand at wrong places: only what the comparison says about them is taken. */
  private mismatchAt(key: string, file: string, { line, character }: vscode.Position): Spot | undefined {
    const record = this.checks.get(key);
    if (record === undefined || record.stale) return undefined;
    const { kind, first } = record.result.report;
    const found = first.find(({ got: { spot } }) => spot?.file === file && spot.line - 1 === line && character >= spot.column - 1 && character < spot.column - 1 + spot.length);
    return found && { kind, coordinates: found.coordinates };
  }
}
