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
  { id: 'dump-differs', text: 'A dump differs from what is expected of it, and none of its words is listed.' },
  { id: 'run-failed', text: 'The words of a dump are as expected, but what the simulation printed tells of errors.' },
] as const;

type RuleId = (typeof RULES)[number]['id'];

const RULE_OF: Readonly<Record<Difference, RuleId>> = { value: 'value-differs', unknown: 'unknown-bits', unwritten: 'never-written', missing: 'missing-word', malformed: 'malformed-word' };

/** Reports as a SARIF 2.1.0 log: a result for each listed mismatch, at its place in the dump, the golden place beside it; at least one for each that fails. */
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
  const { verdict, first } = report;
  if (verdict === 'match') return [];
  if (verdict === 'cannot-compare') {
    const file = report.problem?.place.file ?? dumpFile(report);
    return [result('cannot-compare', `${report.name}: ${report.what}${report.problem === undefined ? '' : ` Next: ${report.problem.next}`}`, [location({ file }, cwd)], [])];
  }
  if (first.length === 0) return [result(report.differing > 0 ? 'dump-differs' : 'run-failed', [`${report.name}: ${report.what}`, ...report.notes].join(' '), [location({ file: dumpFile(report) }, cwd)], [])];
  return first.map((mismatch) => mismatchResult(report, mismatch, cwd));
}

/** Several files hold the words of an entry side by side. */
function dumpFile({ dump }: CheckReport): string {
  return dump.split(', ')[0]!;
}

function mismatchResult(report: CheckReport, mismatch: Mismatch, cwd: string): object {
  const { name, kind, axes } = report;
  const { expected, got, coordinates, difference } = mismatch;
  const text = `${name}: ${kind} at ${placeOf(axes, coordinates)}: ${describeMismatch(mismatch)}.`;
  const golden = expected.spot === undefined ? [] : [{ id: 1, ...location(expected.spot, cwd), message: { text: 'The golden word.' } }];
  return result(RULE_OF[difference], text, [location(got.spot ?? { file: dumpFile(report) }, cwd)], golden);
}

function result(ruleId: RuleId, text: string, locations: readonly object[], relatedLocations: readonly object[]): object {
  return { ruleId, ruleIndex: RULES.findIndex(({ id }) => id === ruleId), level: 'error', message: { text }, locations, ...(relatedLocations.length > 0 && { relatedLocations }) };
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
