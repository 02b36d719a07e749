import * as vscode from 'vscode';
import { coordinatesOf } from '../../check/present/cells';
import type { Stop } from '../../check/present/navigate';
import { byPlace, nextStop } from '../../check/present/navigate';
import { placeText } from '../../vectors/present/place';
import type { CheckRecord, Checks } from './checks';
import { isDiffSide } from './documents';
import { selectWord } from './selectWord';

interface Mismatches {
  readonly stops: readonly (Stop & { readonly place: string })[];
  /** Words that differ, those that are not among the stops included. */
  readonly total: number;
}

/** The jump before: a key that is held down comes again before VS Code has told of the selection that it made. */
let last: { readonly editor: vscode.TextEditor; readonly at: number; readonly range: vscode.Range } | undefined;
const JUST_NOW_MS = 400;

/** Goes to the next or previous word that differs, in the decoded documents and in golden files and dumps themselves. */
export function goToMismatch(checks: Checks, direction: 1 | -1): void {
  const editor = vscode.window.activeTextEditor;
  const found = editor === undefined ? undefined : mismatchesIn(checks, editor.document.uri);
  if (editor === undefined || found === undefined || found.stops.length === 0) {
    vscode.window.setStatusBarMessage('TileScope: no mismatch is known here. Run TileScope: Cross-check RTL Dump.', 5000);
    return;
  }
  const { start } = last?.editor === editor && Date.now() - last.at < JUST_NOW_MS ? last.range : editor.selection;
  const next = nextStop(found.stops, { line: start.line, column: start.character }, direction)!;
  const { line, column, length, place } = next.stop;
  const range = new vscode.Range(line, column, line, column + length);
  last = { editor, at: Date.now(), range };
  selectWord(editor, range);
  vscode.window.setStatusBarMessage(`Mismatch ${next.index + 1} of ${found.total} · ${place}`, 5000);
}

function mismatchesIn(checks: Checks, uri: vscode.Uri): Mismatches | undefined {
  if (isDiffSide(uri.scheme)) {
    const record = checks.get(uri.query);
    return record === undefined ? undefined : inDiff(checks, record);
  }
  return uri.scheme === 'file' ? inFile(checks, uri.fsPath) : undefined;
}

function inDiff(checks: Checks, record: CheckRecord): Mismatches | undefined {
  const { view, report } = record.result;
  const texts = checks.textsOf(record);
  if (view === undefined || texts === undefined) return undefined;
  return { total: report.differing, stops: texts.marks.map((mark) => ({ ...mark, place: placeText(coordinatesOf(view.rows[mark.row]!, mark.word, view), view.pixels) })) };
}

function inFile(checks: Checks, file: string): Mismatches {
  const fresh = checks.all.filter(({ stale }) => !stale);
  const ofFile = fresh.flatMap(({ result: { report, view } }) =>
    report.first.flatMap(({ coordinates, expected, got }) =>
      [expected.spot, got.spot].flatMap((spot) => (spot?.file === file ? [{ line: spot.line - 1, column: spot.column - 1, length: spot.length, place: placeText(coordinates, view?.pixels ?? {}) }] : [])),
    ),
  );
  const concerned = fresh.filter(({ result: { report } }) => report.first.some(({ expected, got }) => expected.spot?.file === file || got.spot?.file === file));
  return { stops: ofFile.sort(byPlace), total: concerned.reduce((sum, { result }) => sum + result.report.differing, 0) };
}
