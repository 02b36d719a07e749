import { describeMismatch, placeOf } from '../check/compare/describe';
import type { CheckReport } from '../check/compare/report';
import { alsoText, groupCauses } from '../check/present/sentence';

/** Mismatches named in a failure: CI pages show its text as it is. */
const MOST_NAMED = 20;

/** Reports as JUnit XML, as CI servers read it: a test case a comparison; what cannot be compared is an error. */
export function junitXml(reports: readonly CheckReport[], shorten: (file: string) => string = (file) => file): string {
  const count = (verdict: CheckReport['verdict']): number => reports.filter((report) => report.verdict === verdict).length;
  const totals = `tests="${reports.length}" failures="${count('mismatch')}" errors="${count('cannot-compare')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="tilescope" ${totals}>`,
    `  <testsuite name="tilescope check" ${totals} skipped="0">`,
    ...reports.map((report) => testCase(report, shorten)),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function testCase(report: CheckReport, shorten: (file: string) => string): string {
  const { name, kind, verdict, what } = report;
  const head = `    <testcase name="${escaped(name)}" classname="tilescope.${kind}"`;
  if (verdict === 'match') return `${head}/>`;
  const element = verdict === 'mismatch' ? 'failure' : 'error';
  return [`${head}>`, `      <${element} type="${verdict}" message="${escaped(what)}">${escaped(details(report, shorten))}</${element}>`, '    </testcase>'].join('\n');
}

function details({ expected, dump, map, notes, causes, first, axes }: CheckReport, shorten: (file: string) => string): string {
  return [
    `expected: ${shorten(expected)}`,
    `dump: ${shorten(dump)}${map === '' ? '' : `, ${map}`}`,
    ...notes,
    ...groupCauses(causes).flatMap(({ cause, also }) => [`cause: ${cause.sentence} ${cause.look}`, ...also.map(alsoText)]),
    ...first.slice(0, MOST_NAMED).map((mismatch) => {
      const { spot } = mismatch.got;
      return `${spot === undefined ? '' : `${shorten(spot.file)}:${spot.line}:${spot.column} `}${placeOf(axes, mismatch.coordinates)}: ${describeMismatch(mismatch)}`;
    }),
  ].join('\n');
}

/** XML 1.0 has no other control characters than tab and line ends; attributes keep line ends as references. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/g, '\ufffd').replaceAll(/[&<>"'\t\n\r]/g, (character) => names[character]!);
}
