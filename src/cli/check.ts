import fs from 'node:fs/promises';
import path from 'node:path';
import { describeMismatch, placeOf } from '../check/compare/describe';
import type { CheckReport } from '../check/compare/report';
import { alsoText, groupCauses } from '../check/present/sentence';
import { Problem, asProblem } from '../engine/problem';
import { configChecks, goldenSpec } from '../project/check/configChecks';
import { runChecks } from '../project/check/runChecks';
import type { CheckProgress, CheckSpec, DumpSpec } from '../project/check/spec';
import { findEntries } from '../project/entry';
import { errno } from '../project/disk';
import { openConfig } from '../project/openConfig';
import type { Kind } from '../vectors/axis';
import { parseMap } from '../vectors/dump/addressMap';
import { junitXml } from './junit';
import { sarifLog } from './sarif';
import { refuseForConfigured, refuseForTyped, wholeNumber } from './checkOptions';
import type { Terminal } from './terminal';
import { EXIT, formatJson, reportProblems } from './terminal';

export interface CheckArguments {
  /** Golden files or a folder, and the dump last; none for the checks of the configuration. */
  readonly paths: readonly string[];
  readonly config?: string;
  readonly only?: readonly string[];
  readonly layer?: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly junit?: string;
  readonly sarif?: string;
  /** As typed: checked here. */
  readonly map?: string;
  readonly kind?: string;
  readonly bits?: string;
  readonly signed?: boolean;
  readonly unsigned?: boolean;
  /** `--relu`, `--no-relu`. */
  readonly relu?: boolean;
  readonly icTile?: string;
  readonly ocTile?: string;
  readonly max?: string;
  readonly range?: string;
  readonly signal?: string;
  readonly clock?: string;
  readonly valid?: string;
}

/** Mismatches that are printed when nothing else is asked for; reports for programs hold more. */
const MOST_PRINTED = 10;
const MOST_BITS = 32;
const MOST_TILES = 2 ** 20;

/** `tilescope check`: dumps against what is expected of them. Exit code 0 when all match, 1 when one differs, 2 when one cannot be compared. */
export async function runCheckCommand(terminal: Terminal, args: CheckArguments, version: string): Promise<number> {
  try {
    const specs = args.paths.length === 0 ? await configured(terminal, args) : [await typed(terminal, args)];
    const onProgress = ({ phase, done, total }: CheckProgress): void => terminal.status?.(`check ${phase} ${done}/${total}`);
    const reports = await runChecks(specs, { signal: terminal.signal, onProgress, ortScript: terminal.ortScript });
    terminal.status?.('');
    const unwritten = [
      ...(args.junit === undefined ? [] : await write(terminal, args.junit, junitXml(reports, (file) => shortened(file, terminal.cwd)))),
      ...(args.sarif === undefined ? [] : await write(terminal, args.sarif, formatJson(sarifLog(reports, version, terminal.cwd)))),
    ];
    const code = exitCodeOf(reports);
    if (!args.json) terminal.out(reports.map((report) => describe(report, args.max === undefined ? MOST_PRINTED : Number(args.max), terminal.cwd)).join('\n'));
    // What was found is told, whatever becomes of the files
    if (unwritten.length > 0) return reportProblems(terminal, unwritten, args.json, args.verbose, { reports });
    if (args.json) terminal.out(formatJson({ ok: code === EXIT.done, reports }));
    return code;
  } catch (error) {
    terminal.status?.('');
    return reportProblems(terminal, [asProblem(error)], args.json, args.verbose);
  }
}

function exitCodeOf(reports: readonly CheckReport[]): number {
  const verdicts = reports.map(({ verdict }) => verdict);
  if (verdicts.length === 0 || verdicts.includes('cannot-compare')) return EXIT.usage;
  return verdicts.includes('mismatch') ? EXIT.finding : EXIT.done;
}

async function configured(terminal: Terminal, args: CheckArguments): Promise<CheckSpec[]> {
  refuseForConfigured(args);
  const { config, problems } = await openConfig(path.resolve(terminal.cwd, args.config ?? '.'));
  if (config === undefined) throw problems[0]!;
  const specs = configChecks(config, args.only ?? []);
  const max = maxOf(args);
  return specs.map((spec) => ({ ...spec, ...(max !== undefined && { max }) }));
}

async function typed(terminal: Terminal, args: CheckArguments): Promise<CheckSpec> {
  const goldens = args.paths.slice(0, -1);
  const dump = args.paths.at(-1)!;
  refuseForTyped(args, goldens, dump);
  const bits = wholeNumber('--bits', args.bits, 1, MOST_BITS);
  const max = maxOf(args);
  const [icTile, ocTile] = [wholeNumber('--ic-tile', args.icTile, 0, MOST_TILES), wholeNumber('--oc-tile', args.ocTile, 0, MOST_TILES)];
  const golden = args.layer === undefined ? goldenSpec(goldens.map((file) => path.resolve(terminal.cwd, file))) : { type: 'layer' as const, entry: await layerOf(terminal, args.layer, args.config ?? '.') };
  if (args.relu !== undefined && golden.type === 'files') throw new Problem('usage', `--${args.relu ? '' : 'no-'}relu chooses among the outputs of a layer or a folder, and golden files are what they are.`, 'Leave it out, or name the golden file that is meant.');
  return {
    name: dump,
    golden,
    dump: dumpOf(terminal, dump, args),
    ...(args.kind !== undefined && { kind: args.kind as Kind }),
    ...(bits !== undefined && { bits }),
    ...(args.signed === true ? { signed: true } : args.unsigned === true ? { signed: false } : {}),
    ...(args.relu !== undefined && { relu: args.relu }),
    ...(icTile !== undefined && { icTile }),
    ...(ocTile !== undefined && { ocTile }),
    ...(args.map !== undefined && { map: parseMap(args.map) }),
    ...(max !== undefined && { max }),
  };
}

function maxOf({ max }: CheckArguments): number | undefined {
  return wholeNumber('--max', max, 0, Number.MAX_SAFE_INTEGER);
}

async function layerOf(terminal: Terminal, name: string, where: string): Promise<ReturnType<typeof findEntries>[number]> {
  const { config, problems } = await openConfig(path.resolve(terminal.cwd, where));
  if (config === undefined) throw problems[0]!;
  return findEntries(config, [name])[0]!;
}

/** A waveform when a signal is named; several files with commas between hold the words of an entry side by side. */
function dumpOf(terminal: Terminal, dump: string, { signal, clock, valid, range }: CheckArguments): DumpSpec {
  if (signal !== undefined) return { type: 'vcd', file: path.resolve(terminal.cwd, dump), signal, ...(clock !== undefined && { clock }), ...(valid !== undefined && { valid }) };
  if (/\.vcd$/i.test(dump)) throw new Problem('usage', `${dump} is a waveform: which signal is to be compared?`, 'Give --signal NAME, and --clock NAME or --valid NAME.');
  const limits = range === undefined ? undefined : /^(\d+):(\d+)$/.exec(range);
  if (limits === null) throw new Problem('usage', `--range ${range!} is no range.`, 'Give the first and the last address as given to $writememh: --range 5:40.');
  return { type: 'files', files: dump.split(',').map((file) => path.resolve(terminal.cwd, file)), ...(limits !== undefined && { range: [Number(limits[1]), Number(limits[2])] as const }) };
}

/** The sentence, what leads to it, and the first words that differ: `dump:line:column`. */
function describe(report: CheckReport, most: number, cwd: string): string {
  const { name, what, expected, map, notes, causes, first, axes, differing, verdict } = report;
  const lines = [`${name}: ${verdict === 'match' ? 'match' : verdict === 'mismatch' ? 'MISMATCH' : 'CANNOT COMPARE'}. ${what}`];
  if (verdict !== 'cannot-compare' || map !== '') lines.push(`  expected  ${shortened(expected, cwd)}`, `  dump      ${shortened(report.dump, cwd)}: ${map}`);
  for (const note of notes) lines.push(`  note      ${note}`);
  for (const { cause, also } of groupCauses(causes)) lines.push(`  cause     ${cause.sentence} Look at: ${cause.look}`, ...also.map((other) => `            ${alsoText(other)}`));
  for (const mismatch of first.slice(0, most)) {
    const { got, expected: golden, coordinates } = mismatch;
    const at = got.spot === undefined ? '' : `${shortened(got.spot.file, cwd)}:${got.spot.line}:${got.spot.column} `;
    const from = golden.spot === undefined ? '' : ` (${shortened(golden.spot.file, cwd)}:${golden.spot.line}:${golden.spot.column})`;
    lines.push(`  ${at}${placeOf(axes, coordinates)}: ${describeMismatch(mismatch)}${from}`);
  }
  const left = differing - Math.min(most, first.length);
  if (left > 0 && first.length > 0) lines.push(`  … and ${left} more`);
  return lines.join('\n');
}

/** What hinders it, for the caller to tell beside the report. */
async function write(terminal: Terminal, file: string, text: string): Promise<Problem[]> {
  try {
    await fs.writeFile(path.resolve(terminal.cwd, file), `${text}\n`);
    return [];
  } catch (error) {
    const why = errno(error);
    if (why === undefined) throw error;
    return [new Problem('output-write', `${JSON.stringify(file)} cannot be written (${why}).`, 'Name a file in a folder that is there and can be written to.', { file }, { cause: error })];
  }
}

/** Terminals make links of paths that start where the user is. */
export function shortened(file: string, cwd: string): string {
  if (!path.isAbsolute(file)) return file;
  const relative = path.relative(cwd, file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}
