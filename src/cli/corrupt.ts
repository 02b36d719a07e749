import path from 'node:path';
import type { Corruption } from '../check/compare/corrupt';
import { CORRUPTIONS } from '../check/compare/corrupt';
import { Problem, asProblem } from '../engine/problem';
import { corruptFile } from '../project/check/corruptFile';
import { shortened } from './check';
import type { Terminal } from './terminal';
import { EXIT, formatJson, reportProblems } from './terminal';

export interface CorruptArguments {
  readonly golden: string;
  readonly output: string;
  /** As typed: checked here. */
  readonly how: string;
  readonly seed: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `tilescope corrupt GOLDEN -o FILE --how HOW`: a golden file that a test bench must reject. */
export async function runCorrupt(terminal: Terminal, { golden, output, how, seed, json, verbose }: CorruptArguments): Promise<number> {
  try {
    if (!Object.hasOwn(CORRUPTIONS, how)) throw new Problem('usage', `--how cannot be ${JSON.stringify(how)}.`, `Use one of ${Object.keys(CORRUPTIONS).join(', ')}.`);
    if (!/^\d{1,9}$/.test(seed)) throw new Problem('usage', `--seed ${seed} is no seed.`, 'Give a whole number from 0 to 999999999.');
    const report = await corruptFile({ golden: path.resolve(terminal.cwd, golden), output: path.resolve(terminal.cwd, output), how: how as Corruption, seed: Number(seed), signal: terminal.signal });
    const words = `${report.changes.length} ${report.changes.length === 1 ? 'word' : 'words'}`;
    terminal.out(json ? formatJson({ ok: true, ...report }) : `${shortened(report.output, terminal.cwd)}: ${report.what} ${words} in all; ${shortened(report.truth, terminal.cwd)} lists them.`);
    return EXIT.done;
  } catch (error) {
    return reportProblems(terminal, [asProblem(error)], json, verbose);
  }
}
