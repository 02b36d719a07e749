import path from 'node:path';
import type { Kind } from '../../vectors/axis';
import { Problem, asProblem } from '../../engine/problem';
import type { CheckResult, CheckTarget } from '../../protocol/checkReport';
import { problemData } from '../../protocol/job';
import { nothingCompared } from '../../check/compare/report';
import type { Config } from '../config';
import { parseConfig } from '../config';
import { findEntries, inputFiles } from '../entry';
import { viewCheck } from './check';
import { configChecks, goldenSpec } from './configChecks';
import { refused } from './runChecks';
import type { CheckOptions, CheckSpec, DumpSpec } from './spec';

/** Mismatches that an editor marks; the counts are of all. */
const MOST_MARKED = 1000;

/**
 * Makes one comparison for the editor. One that cannot be made gives a report that says why.
 * @throws Problem `cancelled`, and what is a defect of TileScope
 */
export async function checkTarget(target: CheckTarget, options: CheckOptions): Promise<CheckResult> {
  let spec: CheckSpec | undefined;
  try {
    spec = { max: MOST_MARKED, ...specOf(target) };
    const { report, view } = await viewCheck(spec, options);
    return { report, inputs: inputsOf(target, spec), ...(view !== undefined && { view }) };
  } catch (error) {
    const problem = asProblem(error);
    if (problem.code === 'cancelled' || problem.code === 'internal') throw error;
    if (spec !== undefined) return { report: refused(spec, problem), inputs: inputsOf(target, spec) };
    return { report: notUnderstood(target, problem), inputs: target.type === 'files' ? [...target.golden, ...target.dump] : [target.file] };
  }
}

/** The comparison that a target asks for. @throws Problem when its configuration cannot be read */
export function specOf(target: CheckTarget): CheckSpec {
  const { name } = target;
  switch (target.type) {
    case 'configured':
      return configChecks(configOf(target), [name])[0]!;
    case 'files':
      return { name, golden: goldenSpec(target.golden), dump: dumpOf(target) };
    case 'layer':
      return { name, golden: { type: 'layer', entry: findEntries(configOf(target), [target.layer])[0]! }, dump: dumpOf(target) };
  }
}

function configOf({ text, file }: { readonly text: string; readonly file: string }): Config {
  const { config, problems } = parseConfig(text, file);
  if (config === undefined) throw problems[0]!;
  return config;
}

function dumpOf({ dump, vcd }: Exclude<CheckTarget, { type: 'configured' }>): DumpSpec {
  if (vcd !== undefined) return { type: 'vcd', file: dump[0]!, ...vcd };
  const wave = dump.find((file) => path.extname(file).toLowerCase() === '.vcd');
  if (wave !== undefined) throw new Problem('vcd-signal', `${wave} is a waveform: which signal is to be compared?`, 'Name a signal, and its clock or valid signal.', { file: wave });
  return { type: 'files', files: dump };
}

function inputsOf(target: CheckTarget, { golden, dump }: CheckSpec): string[] {
  const expected = golden.type === 'files' ? golden.files : golden.type === 'folder' ? [golden.folder] : inputFiles(golden.entry).map(({ file }) => file);
  return [...(target.type === 'files' ? [] : [target.file]), ...expected, ...(dump.type === 'vcd' ? [dump.file] : dump.files)];
}

/** A configuration that cannot be read says nothing of what it would compare. */
function notUnderstood(target: CheckTarget, problem: Problem): CheckResult['report'] {
  const kind: Kind = 'psum';
  const dump = target.type === 'configured' ? '' : target.dump.join(', ');
  const expected = target.type === 'files' ? target.golden.join(', ') : target.file;
  return { ...nothingCompared({ bits: 0, signed: true }), name: target.name, kind, verdict: 'cannot-compare', what: `Nothing was compared: ${problem.what}`, expected, dump, map: '', notes: [problem.next], causes: [], problem: problemData(problem) };
}
