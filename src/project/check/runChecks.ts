import type { CheckReport } from '../../check/compare/report';
import { nothingCompared } from '../../check/compare/report';
import type { Problem } from '../../engine/problem';
import { asProblem } from '../../engine/problem';
import { problemData } from '../../protocol/job';
import { runCheck } from './check';
import type { CheckOptions, CheckSpec } from './spec';

/**
 * Runs all comparisons. One that cannot be made is a report that says why, and the others go on.
 * @throws Problem `cancelled`, and what is a defect of TileScope
 */
export async function runChecks(specs: readonly CheckSpec[], options: CheckOptions): Promise<CheckReport[]> {
  const reports: CheckReport[] = [];
  for (const spec of specs) {
    try {
      reports.push(await runCheck(spec, options));
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === 'cancelled' || problem.code === 'internal') throw error;
      reports.push(refused(spec, problem));
    }
  }
  return reports;
}

/** The report of a comparison that cannot be made. */
export function refused({ name, kind = 'psum', golden, dump }: CheckSpec, problem: Problem): CheckReport {
  const expected = golden.type === 'files' ? golden.files.join(', ') : golden.type === 'folder' ? golden.folder : `layer ${golden.entry.name}`;
  return {
    ...nothingCompared({ bits: 0, signed: true }),
    name,
    kind,
    verdict: 'cannot-compare',
    what: `Nothing was compared: ${problem.what}`,
    expected,
    dump: dump.type === 'vcd' ? dump.file : dump.files.join(', '),
    map: '',
    notes: [problem.next],
    causes: [],
    problem: problemData(problem),
  };
}
