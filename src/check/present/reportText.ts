import type { CheckReport, CheckView, Mismatch } from '../../protocol/checkReport';
import type { WordSpot } from '../../vectors/dump/entries';
import { signed } from '../../vectors/present/numbers';
import { placeText } from '../../vectors/present/place';
import { UNWRITTEN, ABSENT, MALFORMED } from './cells';
import { LEGEND, heatMaps } from './heatMap';
import { baseName } from './names';
import { alsoText, groupCauses, shortExpected, sidesText } from './sentence';

/** A part of a line that leads to a place in a file. `line` and `start` count from 0. */
export interface ReportLink {
  readonly line: number;
  readonly start: number;
  readonly length: number;
  readonly spot: Pick<WordSpot, 'file' | 'line' | 'column' | 'length'>;
}

export interface ReportText {
  readonly text: string;
  readonly links: readonly ReportLink[];
}

const MOST_LISTED = 50;

/** The outcome of a comparison as a page of text: verdict, causes, maps, first words that differ. */
export function reportText(report: CheckReport, view: CheckView | undefined, stale = false): ReportText {
  const page = new Page();
  const { name, verdict, what, expected, dump, map, notes, causes, format } = report;
  page.add(`# ${name}: ${VERDICT_TEXT[verdict]}`, '', what, '');
  if (stale) page.add('The files have changed since this check.', '');
  page.add(`expected  ${shortExpected(expected)}`, `dump      ${dump.split(', ').map(baseName).join(', ')}${map === '' ? '' : `: ${map}`}`);
  if (verdict !== 'cannot-compare') page.add(`words     ${report.compared} compared, ${countsText(report)}; ${format.signed ? 'int' : 'uint'}${format.bits}`, `lines     ${report.lines.differing} of ${report.lines.total} differ`);
  page.list('Notes', notes);
  if (verdict === 'mismatch') addCauses(page, causes);
  const maps = view === undefined || report.differing === 0 ? [] : heatMaps(report, view);
  if (maps.length > 0) page.add('', '## Where', '', LEGEND);
  for (const { title, lines } of maps) page.add('', title, '', ...lines.map((line) => `    ${line}`.trimEnd()));
  addMismatches(page, report, view);
  return page.done;
}

export const reportTitle = (report: CheckReport): string => `${report.name} · ${sidesText(report)}`;

const VERDICT_TEXT: Readonly<Record<CheckReport['verdict'], string>> = { match: 'match', mismatch: 'MISMATCH', 'cannot-compare': 'CANNOT COMPARE' };

function countsText({ differing, mismatched, unknown, unwritten, missing, malformed }: CheckReport): string {
  const parts = [[mismatched, 'with another value'], [unknown, 'with x or z'], [unwritten, 'never written'], [missing, 'missing'], [malformed, 'malformed']] as const;
  const given = parts.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
  return differing === 0 ? 'none differs' : `${differing} differ (${given.join(', ')})`;
}

function addCauses(page: Page, causes: CheckReport['causes']): void {
  page.add('', '## Causes', '');
  if (causes.length === 0) page.add('No single cause was found, nor two causes together.');
  for (const [at, { cause, also }] of groupCauses(causes).entries()) {
    const { id, sentence, look } = cause;
    page.add(`${at + 1}. ${sentence}  [${id}]`, `   Look at: ${look}`, ...also.map((other) => `   ${alsoText(other)}`));
  }
}

function addMismatches(page: Page, { first, differing }: CheckReport, view: CheckView | undefined): void {
  if (first.length === 0) return;
  page.add('', `## First words that differ (${Math.min(MOST_LISTED, first.length)} of ${differing})`, '');
  const rows = first.slice(0, MOST_LISTED).map((mismatch) => ({ place: placeText(mismatch.coordinates, view?.pixels ?? {}), expected: valueText(mismatch, 'expected'), got: valueText(mismatch, 'got'), mismatch }));
  const width = (key: 'place' | 'expected' | 'got'): number => Math.max(...rows.map((row) => row[key].length));
  const [place, expected, got] = [width('place'), width('expected'), width('got')];
  for (const row of rows) {
    page.add(`${row.place.padEnd(place)}   expected ${row.expected.padStart(expected)}   got ${row.got.padStart(got)}`);
    for (const side of ['got', 'expected'] as const) {
      const { spot } = row.mismatch[side];
      if (spot !== undefined) page.link(`   ${side === 'got' ? '' : '↔ '}`, `${baseName(spot.file)}:${spot.line}:${spot.column}`, spot);
    }
  }
}

function valueText({ difference, expected, got }: Mismatch, side: 'expected' | 'got'): string {
  if (side === 'expected') return expected.value === undefined ? 'x' : signed(expected.value);
  if (difference === 'missing') return ABSENT;
  if (difference === 'unwritten') return UNWRITTEN;
  if (difference === 'malformed') return got.spot?.text.trim() ?? MALFORMED;
  return got.value === undefined ? got.bits : signed(got.value);
}

/** Lines that grow, with the links in them. */
class Page {
  private readonly lines: string[] = [];
  private readonly links: ReportLink[] = [];

  add(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  list(title: string, items: readonly string[]): void {
    if (items.length > 0) this.add('', `## ${title}`, '', ...items.map((item) => `- ${item}`));
  }

  /** Adds a link to the last line. */
  link(before: string, label: string, spot: WordSpot): void {
    const line = this.lines.length - 1;
    const start = this.lines[line]!.length + before.length;
    this.lines[line] = `${this.lines[line]!}${before}${label}`;
    const { file, line: at, column, length } = spot;
    this.links.push({ line, start, length: label.length, spot: { file, line: at, column, length } });
  }

  get done(): ReportText {
    return { text: `${this.lines.join('\n')}\n`, links: this.links };
  }
}
