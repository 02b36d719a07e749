import type { Problem } from '../engine/problem';
import type { ProblemData } from '../protocol/job';
import { problemData } from '../protocol/job';

/** What a command line ends with; documented in docs/cli.md and in `--help`. */
export const EXIT = {
  done: 0,
  /** The data is not as it should be: an overflow, a failed self-check. */
  finding: 1,
  /** The command line, the configuration or an input file is not usable. */
  usage: 2,
  /** TileScope itself failed. */
  internal: 3,
  /** Stopped by Ctrl-C, as shells number it. */
  interrupted: 130,
} as const;

/** Where a command writes and what it is stopped by; tests give their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Ends when what was given to `out` has left, false when nobody reads it any more; absent where nothing waits. */
  readonly written?: () => Promise<boolean>;
  /** Shows the state of long work on one line of its own; absent where nobody looks. */
  readonly status?: (text: string) => void;
  readonly signal: AbortSignal;
  readonly cwd: string;
  /** Bundled script of the ONNX Runtime process. */
  readonly ortScript: string;
}

const FINDINGS: readonly Problem['code'][] = ['psum-overflow', 'code-range', 'not-finite', 'self-check'];

export function exitCodeOf(problems: readonly Problem[]): number {
  const codes = problems.map(({ code }) => code);
  if (codes.includes('internal')) return EXIT.internal;
  if (codes.includes('cancelled')) return EXIT.interrupted;
  return codes.length > 0 && codes.every((code) => FINDINGS.includes(code)) ? EXIT.finding : EXIT.usage;
}

/** Prints problems and gives the exit code. With `json`, programs read them from standard output, with what was `done` before. */
export function reportProblems(terminal: Terminal, problems: readonly Problem[], json: boolean, verbose = false, done: object = {}): number {
  if (json) terminal.out(formatJson({ ok: false, ...done, problems: problems.map((problem) => withoutDetail(problemData(problem), verbose)) }));
  else {
    for (const problem of problems) {
      terminal.err(problem.format());
      if ((verbose || problem.code === 'internal') && problem.cause instanceof Error) terminal.err(problem.cause.stack ?? problem.cause.message);
    }
  }
  return exitCodeOf(problems);
}

export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function withoutDetail({ detail, ...data }: ProblemData, verbose: boolean): ProblemData {
  return verbose && detail !== undefined ? { ...data, detail } : data;
}

/** Columns of text, aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}
