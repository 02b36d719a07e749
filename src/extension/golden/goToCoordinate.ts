import * as vscode from 'vscode';
import type { Coordinates } from '../../vectors/axis';
import { completeCoordinates, parseCoordinates } from '../../vectors/present/goTo';
import type { Member } from '../../vectors/present/goldenSet';
import { placeText } from '../../vectors/present/place';
import { orderText } from '../../vectors/present/summary';
import type { WordPlace } from '../../vectors/reading';
import type { GoldenDocument, GoldenDocuments } from './goldenDocuments';

interface Target {
  readonly member: Member;
  readonly place: WordPlace;
}

/**
 * TileScope: Go to Coordinate. Looks in the active file first, then in the files of its kind beside it.
 * @param text for key bindings and other extensions; asked for when missing
 */
export async function goToCoordinate(documents: GoldenDocuments, text?: string): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const golden = editor === undefined ? undefined : await documents.of(editor.document);
  if (editor === undefined || golden === undefined) {
    vscode.window.setStatusBarMessage('TileScope: the active editor shows no golden file.', 5000);
    return;
  }
  const typed = text ?? (await vscode.window.showInputBox(questionOf(golden, editor.selection.active)));
  if (typed === undefined) return;
  const target = find(golden, typed, editor.selection.active);
  if ('problem' in target) {
    void vscode.window.showErrorMessage(target.problem);
    return;
  }
  const { fileLine, column, length } = target.place;
  const selection = new vscode.Range(fileLine, column, fileLine, column + length);
  if (target.member === golden.member) {
    select(editor, selection);
    return;
  }
  select(await vscode.window.showTextDocument(vscode.Uri.parse(target.member.id)), selection);
}

/** The cursor stands at the start of the word: behind it, it would already be on the next one. */
export function select(editor: vscode.TextEditor, word: vscode.Range): void {
  editor.selection = new vscode.Selection(word.end, word.start);
  editor.revealRange(word, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function questionOf(golden: GoldenDocument, cursor: vscode.Position): vscode.InputBoxOptions {
  const { lines, words } = golden.reading.layout.spec;
  const here = golden.reading.wordAt(cursor.line, cursor.character)?.coordinates;
  return {
    title: 'TileScope: Go to Coordinate',
    placeHolder: 'kij 4 nij 14 col 7',
    prompt: `This file holds ${orderText([...lines, ...words])}${here === undefined ? '' : `. The cursor is at ${placeText(here, golden.set.pixels)}`}`,
    validateInput: (text) => {
      if (text.trim() === '') return undefined;
      const target = find(golden, text, cursor);
      return 'problem' in target ? target.problem : undefined;
    },
  };
}

/** What is not typed stays as it is at the cursor, or is the first of the file. */
function find(golden: GoldenDocument, text: string, cursor: vscode.Position): Target | { readonly problem: string } {
  const { reading, set, member } = golden;
  const typed = parseCoordinates(text, reading.layout.spec.kind, set.sides);
  if ('problem' in typed) return typed;
  const own = locate(member, typed.coordinates, atCursor(golden, cursor));
  if (!('problem' in own)) return own;
  for (const other of set.ofKind(reading.layout.spec.kind)) {
    const found = other === member ? own : locate(other, typed.coordinates, {});
    if (!('problem' in found)) return found;
  }
  return own;
}

function locate(member: Member, typed: Coordinates, here: Coordinates): Target | { readonly problem: string } {
  const { layout } = member.reading;
  const first = layout.lineCount === 0 ? {} : layout.coordinates(0, 0);
  const complete = completeCoordinates(layout, typed, { ...first, ...here });
  if ('problem' in complete) return complete;
  const place = member.reading.placeOf(complete.coordinates);
  return place === undefined ? { problem: 'The file does not hold that word.' } : { member, place };
}

/** A coordinate typed alone moves along its own axis: the others are those of the cursor's line. */
function atCursor({ reading }: GoldenDocument, { line, character }: vscode.Position): Coordinates {
  return reading.wordAt(line, character)?.coordinates ?? {};
}
