import * as vscode from 'vscode';
import { cellText, coordinatesOf, differenceOf, wordBits } from '../../check/present/cells';
import { wordAt, wordSpan } from '../../check/present/diffText';
import { baseName } from '../../check/present/names';
import type { CheckReport, CheckRow, CheckView, Mismatch } from '../../protocol/checkReport';
import type { Coordinates } from '../../vectors/axis';
import { placeText } from '../../vectors/present/place';
import type { Checks } from './checks';
import { spotUri } from './documents';

/** What a word of the decoded documents is: where it belongs, what was expected and found bit by bit, where it stands in the files. */
export class DiffHover implements vscode.HoverProvider {
  constructor(private readonly checks: Checks) {}

  provideHover({ uri }: vscode.TextDocument, { line, character }: vscode.Position): vscode.Hover | undefined {
    const record = this.checks.get(uri.query);
    const texts = record && this.checks.textsOf(record);
    const view = record?.result.view;
    if (record === undefined || texts === undefined || view === undefined) return undefined;
    const at = wordAt(texts, view, line, character);
    if (at === undefined) return undefined;
    const { column, length } = wordSpan(texts, at.word);
    return new vscode.Hover(hoverText(record.result.report, view, view.rows[at.row]!, at.word), new vscode.Range(line, column, line, column + length));
  }
}

function hoverText(report: CheckReport, view: CheckView, row: CheckRow, word: number): vscode.MarkdownString {
  const place = coordinatesOf(row, word, view);
  const { bits } = report.format;
  const [expected, got] = [cellText(row.expected, word), cellText(row.got, word)];
  const difference = differenceOf(row, word, view);
  const listed = difference === undefined ? undefined : report.first.find(({ coordinates }) => sameCoordinates(coordinates, place));
  const lines = [
    `**${difference === undefined ? got : `expected ${expected}, got ${STATE_TEXT[difference] ?? got}`}** ${report.kind} · ${placeText(place, view.pixels)}`,
    ...bitLine('expected', wordBits(row.expected, word, bits)),
    ...bitLine('got', wordBits(row.got, word, bits)),
    links(row, listed),
  ];
  return new vscode.MarkdownString(lines.filter((line) => line !== '').join('\n\n'));
}

const STATE_TEXT: Readonly<Partial<Record<string, string>>> = { unwritten: 'a word never written', missing: 'nothing', malformed: 'no number' };

function bitLine(name: string, bits: string): string[] {
  return bits === '' ? [] : [`${name} \`${bits}\``];
}

/** To the word itself where it is listed, else to its line. */
function links({ expected, got }: CheckRow, listed: Mismatch | undefined): string {
  const sides = [['golden', listed?.expected.spot ?? expected.spot], ['dump', listed?.got.spot ?? got.spot]] as const;
  return sides.flatMap(([name, spot]) => (spot === undefined ? [] : [`[Open raw line: ${name} ${baseName(spot.file)}:${spot.line}](${spotUri(spot).toString()})`])).join(' · ');
}

function sameCoordinates(a: Coordinates, b: Coordinates): boolean {
  return Object.entries(b).every(([axis, value]) => a[axis as keyof Coordinates] === value);
}
