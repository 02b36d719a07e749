import path from 'node:path';
import type { Severity } from '../check/lint/rules';
import { SEVERITIES } from '../check/lint/rules';
import { asProblem } from '../engine/problem';
import type { FileFinding, LintReport } from '../project/lintFiles';
import { lintPaths } from '../project/lintFiles';
import type { Terminal } from './terminal';
import { EXIT, formatJson, reportProblems } from './terminal';

export interface LintArguments {
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `tilescope lint PATHS`: what is wrong with golden files, one line a finding. Infos alone do not fail. Where TileScope itself failed, what it found elsewhere is printed all the same. */
export async function runLint(terminal: Terminal, { paths, json, verbose }: LintArguments, look = lintPaths): Promise<number> {
  try {
    const onProgress = (done: number, total: number): void => terminal.status?.(`lint ${done}/${total}`);
    const report = await look(paths.map((wanted) => path.resolve(terminal.cwd, wanted)), { signal: terminal.signal, onProgress });
    terminal.status?.('');
    const counts = countsOf(report.findings);
    const failed = counts.error + counts.warning > 0;
    const shown = report.findings.map((finding) => ({ ...finding, file: shortened(finding.file, terminal.cwd) }));
    const skipped = report.skipped.map((file) => shortened(file, terminal.cwd));
    const unread = report.unread.map(({ folder, count }) => ({ folder: shortened(folder, terminal.cwd) === terminal.cwd ? '.' : shortened(folder, terminal.cwd), count }));
    const result = { files: report.files, wordless: report.wordless.map((file) => shortened(file, terminal.cwd)), counts, findings: shown, skipped, unread };
    const { problems } = report;
    const left = [...unread.map(({ folder, count }) => `${folder}: ${count} ${count === 1 ? 'file beside those named was' : 'files beside those named were'} not read, because of size or number.`), ...skipped.map((file) => `${file}: not looked at, because it is larger than 64 MB.`)];
    if (!json) terminal.out([...shown.map(describe), ...left, summary(report, counts)].join('\n'));
    else if (problems.length === 0) terminal.out(formatJson({ ok: !failed, ...result }));
    if (problems.length > 0) return reportProblems(terminal, problems, json, verbose, result);
    return failed ? EXIT.finding : EXIT.done;
  } catch (error) {
    terminal.status?.('');
    return reportProblems(terminal, [asProblem(error)], json, verbose);
  }
}

/** `file:line:column severity rule: what Next: …` */
function describe({ file, line, column, severity, rule, what, next }: FileFinding): string {
  return `${file}:${line}:${column} ${severity} ${rule}: ${what} Next: ${next}`;
}

type Counts = Readonly<Record<Severity, number>>;

function countsOf(findings: readonly FileFinding[]): Counts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

function summary({ files, wordless }: LintReport, counts: Counts): string {
  const found = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => `${counts[severity]} ${severity}${counts[severity] === 1 ? '' : 's'}`);
  const without = wordless.length === 0 ? '' : files === 1 ? ' without words' : `, ${wordless.length} of them without words`;
  return `${files} ${files === 1 ? 'file' : 'files'}${without}: ${found.length === 0 ? 'nothing found' : found.join(', ')}.`;
}

/** Terminals make links of paths that start where the user is. */
function shortened(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}
