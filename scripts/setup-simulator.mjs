// Finds the simulator that runs the example core, or installs it on a Debian or Ubuntu where we may.
//   node scripts/setup-simulator.mjs [icarus | verilator]      prints the paths of its programs
import fs from 'node:fs';
import path from 'node:path';
import { aptInstall, mayInstall } from './lib/apt.mjs';
import { isMain, programsOnPath } from './lib/run.mjs';

/** `programs`: what must be there, the compiler first; `variable` may name that one. `packages`: Debian's. */
const SIMULATORS = {
  icarus: { title: 'Icarus Verilog', variable: 'IVERILOG', programs: ['iverilog', 'vvp'], packages: ['iverilog'] },
  // It writes C++, so it is of no use without a compiler
  verilator: { title: 'Verilator', variable: 'VERILATOR', programs: ['verilator', 'g++', 'make'], packages: ['verilator', 'g++', 'make'] },
};

/** Paths of a simulator's programs by name, the compiler's from its variable if that is set; undefined if one is missing. */
export function findSimulator(name = 'icarus') {
  const { variable, programs } = simulator(name);
  const named = process.env[variable];
  if (named && !fs.existsSync(named)) throw new Error(`${variable} names ${named}, which does not exist.`);
  const found = programs.map((program, i) => [program, (i === 0 && named) || besides(named, program) || programsOnPath(program)[0]]);
  return found.every(([, file]) => file) ? Object.fromEntries(found) : undefined;
}

/** Finds or installs a simulator and returns the paths of its programs; throws with what to install where that is not possible. */
export function setUpSimulator(name = 'icarus', log = () => {}) {
  return findSimulator(name) ?? installSimulator(name, log);
}

function simulator(name) {
  if (!Object.hasOwn(SIMULATORS, name)) throw new Error(`There is no simulator called ${name}: there are ${Object.keys(SIMULATORS).join(' and ')}.`);
  return SIMULATORS[name];
}

/** A simulator that a variable names is taken whole: its other programs stand beside it. */
function besides(named, program) {
  const file = named && path.join(path.dirname(named), program + path.extname(named));
  return file && fs.existsSync(file) ? file : undefined;
}

function installSimulator(name, log) {
  const { title, variable, programs, packages } = simulator(name);
  if (!mayInstall(['debian', 'ubuntu'])) throw new Error(`${title} was not found (${programs.join(', ')} on PATH). Install it (Debian: apt-get install ${packages.join(' ')}), or set ${variable} to its ${programs[0]}.`);
  aptInstall(packages, log);
  const installed = findSimulator(name);
  if (!installed) throw new Error(`apt-get installed ${packages.join(', ')}, but PATH does not have all of ${programs.join(', ')}.`);
  return installed;
}

if (isMain(import.meta)) {
  try {
    console.log(Object.values(setUpSimulator(process.argv[2], console.error)).join('\n'));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
