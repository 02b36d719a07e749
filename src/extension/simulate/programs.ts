import fs from 'node:fs';
import path from 'node:path';
import type { Programs } from './commands';
import type { Simulator } from './definition';

/** Paths that the user set; empty ones are looked for on PATH. */
export interface ProgramSettings {
  readonly icarusPath: string;
  readonly verilatorPath: string;
}

interface Product {
  readonly title: string;
  readonly program: string;
  readonly setting: keyof ProgramSettings;
  readonly install: string;
}

const PRODUCTS: Readonly<Record<Simulator, Product>> = {
  icarus: { title: 'Icarus Verilog', program: 'iverilog', setting: 'icarusPath', install: 'Debian, Ubuntu: apt install iverilog; macOS: brew install icarus-verilog; Windows: https://bleyer.org/icarus' },
  verilator: { title: 'Verilator', program: 'verilator', setting: 'verilatorPath', install: 'Verilator 5 with g++ and make. Debian, Ubuntu: apt install verilator g++ make; macOS: brew install verilator; Windows: in WSL' },
};

/** The programs of a simulator. A compiler that the user names brings the vvp beside it. */
export function programsOf(simulator: Simulator, settings: ProgramSettings): Programs {
  const { program, setting } = PRODUCTS[simulator];
  const compiler = settings[setting] === '' ? program : settings[setting];
  if (simulator !== 'icarus') return { compiler };
  const beside = path.join(path.dirname(compiler), `vvp${path.extname(compiler)}`);
  return { compiler, runner: path.isAbsolute(compiler) && fs.existsSync(beside) ? beside : 'vvp' };
}

/** What to do when a program of a simulator could not be started. */
export function startAdvice(simulator: Simulator, program: string, reason: string | undefined): string {
  const { title, setting, install, program: compiler } = PRODUCTS[simulator];
  if (reason !== 'ENOENT') return `${program} could not be started (${reason ?? 'unknown reason'}). The setting tilescope.${setting} names another ${compiler}.`;
  return `${program} was not found. Install ${title} (${install}), or set tilescope.${setting} to the path of ${compiler}.`;
}
