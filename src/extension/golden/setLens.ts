import * as vscode from 'vscode';
import { KINDS } from '../../vectors/axis';
import type { Member } from '../../vectors/present/goldenSet';
import { legend } from '../../vectors/present/valueLine';
import { configurationOf } from './configurationOf';
import type { GoldenDocuments } from './goldenDocuments';

/** What can be done with the set of a file, above its first line. */
export class SetLens implements vscode.CodeLensProvider {
  readonly onDidChangeCodeLenses: vscode.Event<void>;

  constructor(private readonly documents: GoldenDocuments) {
    this.onDidChangeCodeLenses = documents.onDidChange;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[] | undefined> {
    const golden = await this.documents.of(document);
    if (golden === undefined) return undefined;
    const lens = (title: string, command: string, ...args: unknown[]): vscode.CodeLens => new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: args });
    const configuration = golden.manifest && (await configurationOf(golden.manifest));
    return [
      // Without a header the first line's own values stand where the legend would
      ...(golden.reading.dataLine(0) === undefined ? [] : [lens(legend(golden.reading), 'tilescope.chooseLayout')]),
      ...(golden.siblings.length === 0 ? [] : [lens(`$(files)\u00a0${siblingsText(golden.siblings)}`, 'tilescope.openSibling')]),
      ...(configuration === undefined ? [] : [lens('$(refresh)\u00a0Regenerate', 'tilescope.generateVectors', configuration)]),
      lens('$(target)\u00a0Go to Coordinate', 'tilescope.goToCoordinate'),
      ...(document.uri.scheme === 'file' ? [lens('$(circuit-board)\u00a0Inspect', 'tilescope.openInspector', { golden: document.uri.fsPath })] : []),
    ];
  }
}

/** Lets the user choose among the other files of the set, those of the layer's data flow first. */
export async function openSibling(documents: GoldenDocuments): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const golden = editor === undefined ? undefined : await documents.of(editor.document);
  if (golden === undefined) {
    vscode.window.setStatusBarMessage('TileScope: the active editor shows no golden file.', 5000);
    return;
  }
  const items = KINDS.flatMap((kind) => {
    const own = golden.siblings.filter(({ reading }) => reading.layout.spec.kind === kind);
    return own.length === 0 ? [] : [{ label: kind, kind: vscode.QuickPickItemKind.Separator }, ...own.map((member) => ({ label: member.name, description: legend(member.reading), member }))];
  });
  const chosen = await vscode.window.showQuickPick<vscode.QuickPickItem & { member?: Member }>(items, { title: 'TileScope: Open File of the Set', matchOnDescription: true });
  if (chosen?.member !== undefined) await vscode.window.showTextDocument(vscode.Uri.parse(chosen.member.id));
}

/** Twins and dumps are not counted: `1 activation, 9 weights, 1 psum, 2 outs`. */
function siblingsText(siblings: readonly Member[]): string {
  const primary = siblings.filter(({ secondary }) => !secondary);
  const counted = primary.length > 0 ? primary : siblings;
  return KINDS.flatMap((kind) => {
    const count = counted.filter(({ reading }) => reading.layout.spec.kind === kind).length;
    return count === 0 ? [] : [`${count} ${PLURALS[kind][count === 1 ? 0 : 1]}`];
  }).join(', ');
}

const PLURALS = { activation: ['activation', 'activations'], weight: ['weight', 'weights'], psum: ['psum', 'psums'], out: ['output', 'outputs'], address: ['address list', 'address lists'] } as const;
