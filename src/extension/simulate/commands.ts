import path from 'node:path';
import type { Scalar, SimulationDefinition } from './definition';

/** A program and its arguments as they arrive: no shell stands between. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** Where the programs of the simulator are: names for PATH, or paths. */
export interface Programs {
  readonly compiler: string;
  /** Icarus: vvp. */
  readonly runner?: string;
}

/** What a definition says, with all paths absolute. */
export interface ResolvedSimulation {
  readonly definition: SimulationDefinition;
  readonly programs: Programs;
  readonly cwd: string;
  readonly sources: readonly string[];
  /** A folder of our own for what the compiler makes. */
  readonly buildFolder: string;
}

/** The command that compiles. Without flags of the user's own Icarus warns of all it knows, and Verilator's warnings do not end it. */
export function compileCommand(simulation: ResolvedSimulation): Command {
  const { definition, programs, cwd, sources, buildFolder } = simulation;
  const { top, simulator } = definition;
  const includes = definition.includes.map((folder) => `-I${path.resolve(cwd, folder)}`);
  const defines = Object.entries(definition.defines).map(([name, value]) => (value === true ? `-D${name}` : `-D${name}=${defineText(value)}`));
  const lists = definition.fileLists.flatMap((file) => ['-f', path.resolve(cwd, file)]);
  const flags = definition.flags ?? (simulator === 'icarus' ? ['-Wall'] : ['-Wno-fatal']);
  const parameters = Object.entries(definition.parameters);
  const args =
    simulator === 'icarus'
      ? [...flags, ...(top === undefined ? [] : ['-s', top]), ...includes, ...defines, ...parameters.map(([name, value]) => `-P${top ?? ''}.${name}=${literal(value)}`), '-o', compiledFile(simulation), ...lists, ...sources]
      : ['--binary', '--timing', ...flags, ...(top === undefined ? [] : ['--top-module', top]), ...includes, ...defines, ...parameters.map(([name, value]) => `-G${name}=${literal(value)}`), '--prefix', PREFIX, '--Mdir', buildFolder, ...lists, ...sources];
  return { program: programs.compiler, args };
}

/** The command that runs what was compiled. `$stop` ends the run with exit code 1 instead of waiting for a debugger's commands. */
export function runCommand(simulation: ResolvedSimulation): Command {
  const { definition, programs } = simulation;
  const file = compiledFile(simulation);
  return definition.simulator === 'icarus' ? { program: programs.runner ?? 'vvp', args: ['-i', '-N', file, ...definition.plusargs] } : { program: file, args: definition.plusargs };
}

const PREFIX = 'Vsimulation';

function compiledFile({ definition, buildFolder }: ResolvedSimulation): string {
  return path.join(buildFolder, definition.simulator === 'icarus' ? 'simulation.vvp' : PREFIX);
}

/** A number or a Verilog literal as it is, any other text as a Verilog string. */
function literal(value: Scalar): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' || /^-?(?:\d[\d_]*|(?:\d+)?'s?[bodh][\da-fxz_?]+)$/i.test(value)) return String(value);
  return /^".*"$/s.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** A macro's text is the user's own Verilog. */
function defineText(value: Scalar): string {
  return value === false ? '0' : String(value);
}

/** A command as a line to read; not made to be pasted into a shell. */
export function commandText({ program, args }: Command): string {
  return [program, ...args].map((part) => (/^[\w@%+=:,./\\-]+$/.test(part) ? part : JSON.stringify(part))).join(' ');
}
