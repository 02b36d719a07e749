import path from 'node:path';
import { Problem, asProblem } from '../engine/problem';
import { checkConfig } from '../project/checkConfig';
import { findEntries } from '../project/entry';
import { generate } from '../project/generate';
import { openConfig } from '../project/openConfig';
import type { GenerateReport, Progress } from '../protocol/report';
import { describeReport } from '../project/describeReport';
import type { Terminal } from './terminal';
import { EXIT, formatJson, reportProblems } from './terminal';

export interface GenerateArguments {
  readonly entries: readonly string[];
  readonly config: string;
  readonly overwrite: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `tilescope generate`: all entries of the configuration, or those named. Stops at the first that fails; what was written before stays. */
export async function runGenerate(terminal: Terminal, args: GenerateArguments): Promise<number> {
  const reports: GenerateReport[] = [];
  const fail = (problems: readonly Problem[]): number => reportProblems(terminal, problems.map((problem) => shortened(problem, terminal.cwd)), args.json, args.verbose, { reports });
  try {
    const { config, problems } = await openConfig(path.resolve(terminal.cwd, args.config));
    if (config === undefined) return fail(problems);
    const entries = findEntries(config, args.entries);
    const wrong = await checkConfig(config, { names: args.entries });
    if (wrong.length > 0) return fail(wrong);
    for (const entry of entries) {
      const onProgress = (progress: Progress): void => terminal.status?.(`${entry.name}: ${progress.phase} ${progress.done}/${progress.total}`);
      const report = await generate(entry, { overwrite: args.overwrite, ortScript: terminal.ortScript, signal: terminal.signal, onProgress });
      terminal.status?.('');
      reports.push(report);
      if (!args.json) terminal.out(describeReport(report, path.relative(terminal.cwd, report.set.folder) || '.'));
    }
  } catch (error) {
    terminal.status?.('');
    return fail([asProblem(error)]);
  }
  if (args.json) terminal.out(formatJson({ ok: true, reports }));
  return EXIT.done;
}

/** Terminals make links of paths that start where the user is. */
function shortened(problem: Problem, cwd: string): Problem {
  const { file } = problem.place;
  if (file === undefined || !path.isAbsolute(file)) return problem;
  const relative = path.relative(cwd, file);
  const shorter = relative.startsWith('..') ? file : relative;
  return new Problem(problem.code, problem.what, problem.next, { ...problem.place, file: shorter }, { cause: problem.cause });
}
