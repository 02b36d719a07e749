import * as vscode from 'vscode';
import { describeMismatch, placeOf } from '../../check/compare/describe';
import { baseName } from '../../check/present/names';
import { causeText } from '../../check/present/sentence';
import type { CheckReport, Mismatch } from '../../protocol/checkReport';
import type { WordSpot } from '../../vectors/dump/entries';
import type { Checks } from './checks';

/** Words of one comparison that are marked in one file at most. */
const MOST_MARKED = 100;

/** The words that differ in Problems, at their places in dump and golden files, until the files change or match. */
export class CheckDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('tilescope-check');
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly checks: Checks,
    private readonly docs: vscode.Uri,
  ) {
    this.subscription = checks.onDidReport(() => {
      this.show();
    });
  }

  dispose(): void {
    vscode.Disposable.from(this.collection, this.subscription).dispose();
  }

  private show(): void {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    // The same two files may have been compared twice, by name and by configuration: each word is told once
    const told = new Set<string>();
    for (const { stale, result } of this.checks.all) {
      if (stale) continue;
      for (const [file, diagnostics] of this.ofReport(result.report)) {
        const own = diagnostics.filter(({ range, message }) => {
          const key = `${file} ${range.start.line} ${range.start.character} ${message.split('.')[0] ?? ''}`;
          return !told.has(key) && told.add(key);
        });
        byFile.set(file, [...(byFile.get(file) ?? []), ...own]);
      }
    }
    this.collection.clear();
    for (const [file, diagnostics] of byFile) this.collection.set(vscode.Uri.file(file), diagnostics);
  }

  private ofReport(report: CheckReport): Map<string, vscode.Diagnostic[]> {
    const found = new Map<string, vscode.Diagnostic[]>();
    const add = (side: 'expected' | 'got', mismatch: Mismatch): void => {
      const { spot } = mismatch[side];
      if (spot === undefined) return;
      const own = found.get(spot.file) ?? [];
      if (own.length < MOST_MARKED) found.set(spot.file, [...own, this.diagnostic(report, mismatch, side, spot, own.length === 0)]);
    };
    for (const mismatch of report.first) {
      add('got', mismatch);
      add('expected', mismatch);
    }
    return found;
  }

  private diagnostic(report: CheckReport, mismatch: Mismatch, side: 'expected' | 'got', spot: WordSpot, isFirst: boolean): vscode.Diagnostic {
    const [best] = report.causes;
    const goldenWrong = best?.id === 'golden-defective';
    const rest = isFirst ? ` First of ${report.differing} words that differ${report.differing > MOST_MARKED ? `, ${MOST_MARKED} of them marked` : ''}.${best === undefined ? ' No single cause was found.' : ` Cause: ${causeText(best)}.`}` : '';
    const message = `${side === 'got' ? '' : `${baseName(report.dump)}: `}${describeMismatch(mismatch)} at ${placeOf(report.axes, mismatch.coordinates)}.${rest}`;
    // The golden file is right unless it is the cause: its words are only pointed at
    const severity = (side === 'got') === goldenWrong ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Error;
    const diagnostic = new vscode.Diagnostic(rangeOf(spot), message, severity);
    diagnostic.source = 'TileScope';
    diagnostic.code = best === undefined ? { value: 'mismatch', target: vscode.Uri.joinPath(this.docs, 'dumps.md') } : { value: best.id, target: vscode.Uri.joinPath(this.docs, 'causes.md').with({ fragment: 'the-causes' }) };
    const other = mismatch[side === 'got' ? 'expected' : 'got'].spot;
    if (other !== undefined) diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(new vscode.Location(vscode.Uri.file(other.file), rangeOf(other)), side === 'got' ? `expected ${other.text.trim()}` : `got ${other.text.trim()}`)];
    return diagnostic;
  }
}

export function rangeOf({ line, column, length }: Pick<WordSpot, 'line' | 'column' | 'length'>): vscode.Range {
  return new vscode.Range(line - 1, column - 1, line - 1, column - 1 + Math.max(1, length));
}
