import * as vscode from 'vscode';
import { baseName } from '../../check/present/names';
import { reportText } from '../../check/present/reportText';
import { diffTitle, shortExpected } from '../../check/present/sentence';
import type { CheckRecord, Checks } from './checks';
import { selectWord } from './selectWord';

export const GOLDEN_SCHEME = 'tilescope-golden';
export const DUMP_SCHEME = 'tilescope-dump';
export const REPORT_SCHEME = 'tilescope-report';
export const DIFF_SCHEMES = [GOLDEN_SCHEME, DUMP_SCHEME] as const;

const NOT_RUN = 'This comparison has not been made in this window. Run "TileScope: Cross-check RTL Dump" again.\n';

/** The decoded sides of a comparison and its report, as documents that are made when they are looked at. */
export class CheckDocuments implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly checks: Checks) {
    this.subscriptions = [
      ...[...DIFF_SCHEMES, REPORT_SCHEME].map((scheme) => vscode.workspace.registerTextDocumentContentProvider(scheme, this)),
      vscode.languages.registerDocumentLinkProvider({ scheme: REPORT_SCHEME }, this),
      checks.onDidReport(({ key }) => {
        for (const { uri } of vscode.workspace.textDocuments) if (isOurs(uri) && uri.query === key) this.changed.fire(uri);
      }),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const record = this.checks.get(uri.query);
    if (record === undefined) return NOT_RUN;
    const { report, view } = record.result;
    if (uri.scheme === REPORT_SCHEME) return reportText(report, view, record.stale).text;
    const texts = this.checks.textsOf(record);
    return (uri.scheme === GOLDEN_SCHEME ? texts?.expected : texts?.got) ?? `${report.what}\n`;
  }

  provideDocumentLinks({ uri }: vscode.TextDocument): vscode.DocumentLink[] {
    const record = this.checks.get(uri.query);
    if (record === undefined) return [];
    return reportText(record.result.report, record.result.view, record.stale).links.map(({ line, start, length, spot }) => new vscode.DocumentLink(new vscode.Range(line, start, line, start + length), spotUri(spot)));
  }

  dispose(): void {
    vscode.Disposable.from(this.changed, ...this.subscriptions).dispose();
  }
}

export function isOurs({ scheme }: vscode.Uri): boolean {
  return scheme === REPORT_SCHEME || isDiffSide(scheme);
}

export function isDiffSide(scheme: string): boolean {
  return scheme === GOLDEN_SCHEME || scheme === DUMP_SCHEME;
}

/** A place in a file as a link; VS Code takes line and column from the fragment. */
export function spotUri({ file, line, column }: { readonly file: string; readonly line: number; readonly column: number }): vscode.Uri {
  return vscode.Uri.file(file).with({ fragment: `L${line},${column}` });
}

/** Where an outcome's diff is shown: in the active group with the focus, unless said otherwise. */
export type DiffPlace = Pick<vscode.TextDocumentShowOptions, 'viewColumn' | 'preserveFocus' | 'preview'>;

/** Shows both sides beside each other, at the first word that differs. */
export async function openDiff(checks: Checks, record: CheckRecord, place: DiffPlace = {}): Promise<void> {
  const { report } = record.result;
  const first = checks.textsOf(record)?.marks[0];
  const side = (scheme: string, name: string): vscode.Uri => vscode.Uri.from({ scheme, path: `/${name}`, query: record.key });
  const selection = first === undefined ? undefined : new vscode.Range(first.line, first.column, first.line, first.column + first.length);
  const [left, right] = [side(GOLDEN_SCHEME, shortExpected(report.expected)), side(DUMP_SCHEME, baseName(report.dump))];
  for (const uri of [left, right]) await inLanguage(uri, 'tilescope-diff');
  const options: vscode.TextDocumentShowOptions = { preview: true, ...place, ...(selection !== undefined && { selection }) };
  await vscode.commands.executeCommand('vscode.diff', left, right, diffTitle(report), options);
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === right.toString());
  if (editor !== undefined && selection !== undefined) selectWord(editor, selection);
}

export async function openReport({ key, result }: CheckRecord): Promise<void> {
  const uri = vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${result.report.name.replaceAll(/[\\/]/g, ' ')} · report`, query: key });
  await vscode.window.showTextDocument(await inLanguage(uri, 'tilescope-report'), { preview: true });
}

/** A language of their own, so that they have settings of their own: no indentation guides between numbers. */
async function inLanguage(uri: vscode.Uri, language: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  return document.languageId === language ? document : vscode.languages.setTextDocumentLanguage(document, language);
}
