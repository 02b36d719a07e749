import fs from 'node:fs';
import path from 'node:path';
import { Problem } from '../../engine/problem';
import { AXES } from '../../vectors/axis';
import type { Config, ConfigPath } from '../config';
import { findEntries } from '../entry';
import type { CheckConfig } from '../schema';
import type { CheckSpec, DumpSpec, GoldenSpec } from './spec';

/**
 * The comparisons of a configuration.
 * @param names which; all when empty
 * @throws Problem `config-entry`, `config-value` at the key that does not work
 */
export function configChecks(config: Config, names: readonly string[]): CheckSpec[] {
  const checks = config.data.checks ?? [];
  const known = checks.map(({ name }) => name);
  if (known.length === 0) throw new Problem('config-entry', 'The configuration has no checks.', 'Add "checks", or name the golden file and the dump: tilescope check GOLDEN DUMP.', config.place([]));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Problem('config-entry', `The configuration has no check "${unknown}".`, `Choose one of: ${known.join(', ')}.`, config.place(['checks'], 'key'));
  return checks.flatMap((check, index) => (names.length === 0 || names.includes(check.name) ? [specOf(config, check, index)] : []));
}

function specOf(config: Config, check: CheckConfig, index: number): CheckSpec {
  const [problem] = problemsOf(config, check, index);
  if (problem !== undefined) throw problem;
  const { name, kind, bits, signed, relu, icTile, ocTile, map, max } = check;
  return {
    name,
    golden: goldenOf(config, check),
    dump: dumpOf(config, check),
    ...(kind !== undefined && { kind }),
    ...(bits !== undefined && { bits }),
    ...(signed !== undefined && { signed }),
    ...(relu !== undefined && { relu }),
    ...(icTile !== undefined && { icTile }),
    ...(ocTile !== undefined && { ocTile }),
    ...(map !== undefined && { map }),
    ...(max !== undefined && { max }),
  };
}

function goldenOf(config: Config, { golden, layer }: CheckConfig): GoldenSpec {
  if (layer !== undefined) return { type: 'layer', entry: findEntries(config, [layer])[0]! };
  return goldenSpec(listOf(golden ?? []).map((file) => path.resolve(config.folder, file)));
}

/** Files, or one folder. */
export function goldenSpec(paths: readonly string[]): GoldenSpec {
  const [only] = paths;
  if (paths.length === 1 && fs.statSync(only!, { throwIfNoEntry: false })?.isDirectory() === true) return { type: 'folder', folder: only! };
  return { type: 'files', files: paths };
}

function dumpOf({ folder }: Config, { dump, range, vcd }: CheckConfig): DumpSpec {
  if (vcd !== undefined) return { type: 'vcd', ...vcd, file: path.resolve(folder, vcd.file) };
  return { type: 'files', files: listOf(dump ?? []).map((file) => path.resolve(folder, file)), ...(range !== undefined && { range }) };
}

/** What is wrong with the checks of a configuration that its schema cannot see. Files are not looked at: a dump comes with the next run. */
export function configCheckProblems(config: Config): Problem[] {
  return (config.data.checks ?? []).flatMap((check, index) => problemsOf(config, check, index));
}

function problemsOf(config: Config, check: CheckConfig, index: number): Problem[] {
  const problems: Problem[] = [];
  const add = (what: string, next: string, ...where: ConfigPath): void => {
    problems.push(new Problem('config-value', what, next, config.place(['checks', index, ...where])));
  };
  const { golden, layer, dump, vcd, map, range, relu, kind } = check;
  if (golden === undefined && layer === undefined) add(`The check "${check.name}" has nothing to compare with.`, 'Add "golden" (files or a folder) or "layer".', 'name');
  if (golden !== undefined && layer !== undefined) add('Both "golden" and "layer" are given.', 'Remove one of them.', 'layer');
  if (layer !== undefined && !config.data.layers.some(({ name }) => name === layer)) add(`There is no layer "${layer}".`, `Use one of: ${config.data.layers.map(({ name }) => name).join(', ')}.`, 'layer');
  if (dump === undefined && vcd === undefined) add(`The check "${check.name}" has no dump.`, 'Add "dump" or "vcd".', 'name');
  if (dump !== undefined && vcd !== undefined) add('Both "dump" and "vcd" are given.', 'Remove one of them.', 'vcd');
  if (range !== undefined && vcd !== undefined) add('A waveform has no addresses.', 'Remove "range".', 'range');
  if (layer !== undefined && kind !== undefined && kind !== 'psum' && kind !== 'out') add(`The ${kind} of a layer is not computed for checks.`, 'Use psum or out.', 'kind');
  if (relu !== undefined && kind !== undefined && kind !== 'out') add(`"relu" says nothing about ${kind}.`, 'Remove it.', 'relu');
  for (const key of ['lines', 'words'] as const) {
    for (const [at, term] of (map?.[key] ?? []).entries()) {
      const axis = /^(\w+?)(?:[/%][1-9]\d*)?(?: desc)?$/.exec(term)?.[1];
      if (!AXES.some((name) => name === axis)) add(`The map has the loop "${term}".`, `Use ${AXES.join(', ')}, as "axis", "axis desc", "axis/8" or "axis%8".`, 'map', key, at);
    }
  }
  if (map?.strides !== undefined && map.strides.length !== map.lines?.length) add(`The map has ${map.strides.length} strides for ${map.lines?.length ?? 0} lines.`, 'Give one stride for each loop of "lines".', 'map', 'strides');
  return problems;
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
