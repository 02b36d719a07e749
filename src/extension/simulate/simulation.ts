import fs from 'node:fs/promises';
import path from 'node:path';
import type { Command, ResolvedSimulation } from './commands';
import { commandText, compileCommand, runCommand } from './commands';
import type { SimulationDefinition } from './definition';
import { LineReader } from './lineReader';
import type { ProgramSettings } from './programs';
import { programsOf, startAdvice } from './programs';
import { CannotStart, runProcess } from './process';
import type { FindFiles } from './sources';
import { resolveSources } from './sources';

/** What a simulation needs of the world. */
export interface SimulationHost {
  /** Absolute: where a relative `cwd` starts. */
  readonly folder: string;
  readonly settings: ProgramSettings;
  readonly buildFolder: string;
  readonly findFiles: FindFiles;
  /** For the terminal: messages and what the programs write, as it comes. */
  readonly write: (text: string) => void;
  /** What the run prints, line by line. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How a simulation ended. */
export interface SimulationResult {
  /** 0 only when all that was asked for went well. */
  readonly exitCode: number;
  /** `stopped`: the simulator never started, or was cancelled. `ran`: the compiled design ran to an end, good or bad. */
  readonly stage: 'stopped' | 'compile' | 'ran';
  readonly cwd: string;
}

/** Compiles and runs. Never throws for what is the user's to mend: that is written, and the exit code is not 0. */
export async function simulate(definition: SimulationDefinition, host: SimulationHost): Promise<SimulationResult> {
  const cwd = path.resolve(host.folder, definition.cwd);
  const stopped = (message: string): SimulationResult => {
    host.write(`${message}\n`);
    return { exitCode: 1, stage: 'stopped', cwd };
  };
  if (!(await isFolder(cwd))) return stopped(`There is no folder ${cwd}. Correct "cwd" of the task.`);
  const sources = await resolveSources(definition.sources, cwd, host.findFiles);
  if ('problem' in sources) return stopped(sources.problem);
  const simulation: ResolvedSimulation = { definition, programs: programsOf(definition.simulator, host.settings), cwd, sources, buildFolder: host.buildFolder };
  try {
    await makeFolders(definition, cwd);
    return await compileAndRun(simulation, host);
  } catch (error) {
    if (error instanceof CannotStart) return stopped(startAdvice(definition.simulator, error.program, error.reason));
    if (error instanceof CannotMake) return stopped(error.message);
    throw error;
  }
}

async function compileAndRun(simulation: ResolvedSimulation, host: SimulationHost): Promise<SimulationResult> {
  const { definition, cwd } = simulation;
  const compiled = await runStep(compileCommand(simulation), cwd, host, () => undefined);
  if (isCancelled(host)) return cancelled(cwd, host);
  if (compiled !== 0) {
    host.write(`The compiler failed: ${describeEnd(compiled)}. Problems lists what it said.\n`);
    return { exitCode: codeOf(compiled), stage: 'compile', cwd };
  }
  if (!definition.run) return { exitCode: 0, stage: 'compile', cwd };
  const failures: string[] = [];
  const ran = await runStep(runCommand(simulation), cwd, host, (line) => {
    if (failures.length === 0 && definition.failWhen?.test(line) === true) failures.push(line.trim());
    host.onLine(line);
  });
  if (isCancelled(host)) return cancelled(cwd, host);
  const failure = failures[0];
  host.write(`The simulation ended: ${describeEnd(ran)}${ran === 0 && failure !== undefined ? `, but it printed ${JSON.stringify(failure)}: failed` : ''}.\n`);
  return { exitCode: ran === 0 && failure !== undefined ? 1 : codeOf(ran), stage: 'ran', cwd };
}

function isCancelled({ signal }: SimulationHost): boolean {
  return signal.aborted;
}

function cancelled(cwd: string, { write }: SimulationHost): SimulationResult {
  write('Cancelled.\n');
  return { exitCode: 130, stage: 'stopped', cwd };
}

/** Runs one of the two programs; gives its exit code, or the signal that ended it. */
async function runStep(command: Command, cwd: string, { write, signal }: SimulationHost, onLine: (line: string) => void): Promise<number | string> {
  const lines = new LineReader(onLine);
  write(`> ${commandText(command)}\n`);
  const { code, signal: killedBy } = await runProcess(command, {
    cwd,
    signal,
    onText: (text) => {
      write(text);
      lines.push(text);
    },
  });
  lines.end();
  return code ?? killedBy ?? 1;
}

function describeEnd(end: number | string): string {
  return typeof end === 'number' ? `exit code ${end}` : `ended by ${end}`;
}

function codeOf(end: number | string): number {
  return typeof end === 'number' ? end : 1;
}

class CannotMake extends Error {}

async function makeFolders({ createFolders }: SimulationDefinition, cwd: string): Promise<void> {
  for (const folder of createFolders) {
    await fs.mkdir(path.resolve(cwd, folder), { recursive: true }).catch((error: unknown) => {
      throw new CannotMake(`The folder ${path.resolve(cwd, folder)} could not be made (${(error as NodeJS.ErrnoException).code ?? String(error)}). Correct "createFolders" of the task.`);
    });
  }
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await fs.stat(folder)).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
