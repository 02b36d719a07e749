import * as vscode from 'vscode';
import { legend } from '../../vectors/present/valueLine';
import { isEligible } from './eligible';
import type { GoldenDocuments } from './goldenDocuments';

const SHOWN_MS = 5000;

/** Says how the active file is read, or why it is not. Running it starts the extension where no name tells of golden files. */
export async function decodeActive(documents: GoldenDocuments): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) {
    vscode.window.setStatusBarMessage('TileScope: no text file is open.', SHOWN_MS);
    return;
  }
  const name = document.uri.path.split('/').at(-1)!;
  const golden = await documents.of(document);
  if (golden !== undefined) {
    vscode.window.setStatusBarMessage(`TileScope: ${name} is read as ${legend(golden.reading)}.`, SHOWN_MS);
    return;
  }
  const why = isEligible(document) ? 'its lines are not words of equal width, in binary, hex or decimal digits' : 'its name or language is that of another kind of file: golden files end in .txt, .mem, .hex and the like, and are plain text';
  await vscode.window.showInformationMessage(`${name} is not decoded: ${why}.`);
}
