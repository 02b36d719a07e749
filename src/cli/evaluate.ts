import path from 'node:path';
import { asProblem } from '../engine/problem';
import { evaluateModel } from '../project/evaluateModel';
import type { Terminal } from './terminal';
import { EXIT, formatJson, reportProblems } from './terminal';

export interface EvaluateArguments {
  readonly model: string;
  readonly images: string;
  readonly labels: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `tilescope evaluate`: accuracy of a model over a labelled set, printed as the notebooks print it. */
export async function runEvaluate(terminal: Terminal, args: EvaluateArguments): Promise<number> {
  try {
    const { correct, total } = await evaluateModel({
      model: path.resolve(terminal.cwd, args.model),
      images: path.resolve(terminal.cwd, args.images),
      labels: path.resolve(terminal.cwd, args.labels),
      ortScript: terminal.ortScript,
      signal: terminal.signal,
      onProgress: (done, all) => terminal.status?.(`evaluate ${done}/${all}`),
    });
    terminal.status?.('');
    const percent = (100 * correct) / total;
    terminal.out(args.json ? formatJson({ ok: true, correct, total, percent }) : `Test set: Accuracy: ${correct}/${total} (${percent.toFixed(2)}%)`);
    return EXIT.done;
  } catch (error) {
    terminal.status?.('');
    return reportProblems(terminal, [asProblem(error)], args.json, args.verbose);
  }
}
