import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeMismatch, placeOf } from '../check/compare/describe';
import type { CheckReport, Difference, Mismatch } from '../check/compare/report';
import type { WordSpot } from '../vectors/dump/entries';

const RULES = [
  { id: 'value-differs', text: 'A word of the dump has another value than expected.' },
  { id: 'unknown-bits', text: 'A word of the dump has x or z bits.' },
  { id: 'never-written', text: 'A word of a memory was never written.' },
  { id: 'missing-word', text: 'An expected word is not in the dump.' },
  { id: 'cannot-compare', text: 'A dump cannot be compared with what is expected of it.' },
  { id: 'malformed-word', text: 'A word of the dump is no number, or a part of one.' },
] as const;

const RULE_OF: Readonly<Record<Difference, number>> = { value: 0, unknown: 1, unwritten: 2, missing: 3, malformed: 5 };

/** Reports as a SARIF 2.1.0 log: a result for each listed mismatch, at its place in the dump, the golden place beside it. */
export function sarifLog(reports: readonly CheckReport[], version: string, cwd: string): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'TileScope', version, rules: RULES.map(({ id, text }) => ({ id, shortDescription: { text } })) } },
        columnKind: 'utf16CodeUnits',
        results: reports.flatMap((report) => resultsOf(report, cwd)),
      },
    ],
  };
}

function resultsOf(report: CheckReport, cwd: string): object[] {
  if (report.verdict === 'cannot-compare') {
    const file = report.problem?.place.file ?? report.dump.split(', ')[0]!;
    return [result(4, `${report.name}: ${report.what}${report.problem === undefined ? '' : ` Next: ${report.problem.next}`}`, [location({ file }, cwd)], [])];
  }
  return report.first.map((mismatch) => mismatchResult(report, mismatch, cwd));
}

function mismatchResult({ name, kind, axes, dump }: CheckReport, mismatch: Mismatch, cwd: string): object {
  const { expected, got, coordinates, difference } = mismatch;
  const text = `${name}: ${kind} at ${placeOf(axes, coordinates)}: ${describeMismatch(mismatch)}.`;
  const golden = expected.spot === undefined ? [] : [{ id: 1, ...location(expected.spot, cwd), message: { text: 'The golden word.' } }];
  return result(RULE_OF[difference], text, [location(got.spot ?? { file: dump.split(', ')[0]! }, cwd)], golden);
}

function result(ruleIndex: number, text: string, locations: readonly object[], relatedLocations: readonly object[]): object {
  return { ruleId: RULES[ruleIndex]!.id, ruleIndex, level: 'error', message: { text }, locations, ...(relatedLocations.length > 0 && { relatedLocations }) };
}

function location(spot: Pick<WordSpot, 'file'> & Partial<WordSpot>, cwd: string): object {
  const { file, line, column, length } = spot;
  const region = line === undefined || column === undefined ? {} : { region: { startLine: line, startColumn: column, endColumn: column + Math.max(1, length ?? 1) } };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file, cwd) }, ...region } };
}

/** Relative to where the command ran, as repositories are checked out elsewhere; a file URL outside. */
function uriOf(file: string, cwd: string): string {
  const relative = path.relative(cwd, path.resolve(cwd, file));
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return pathToFileURL(path.resolve(cwd, file)).href;
  return relative.split(path.sep).map(encodeURIComponent).join('/');
}
