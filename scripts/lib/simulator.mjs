import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setUpSimulator } from '../setup-simulator.mjs';
import { ROOT } from './root.mjs';

/** The example core and its bench. */
export const RTL = path.join(ROOT, 'examples/digits/rtl');
const TOP = 'tb_core';

/**
 * The bench's parameters for a layer.
 * @param facts `layer` of a report of `tilescope generate --json`
 * @param convolution what the report does not say: stride and dilation [vertical, horizontal], padding [top, left, bottom, right]
 */
export function geometryOf(facts, { stride = [1, 1], dilation = [1, 1], padding = [0, 0, 0, 0] } = {}) {
  if (facts.actBits !== facts.wgtBits) throw new Error(`The example core has one width for activations and weights; the layer has ${facts.actBits} and ${facts.wgtBits} bits.`);
  return {
    row: facts.rows,
    col: facts.cols,
    bw: facts.actBits,
    psum_bw: facts.psumBits,
    ic_tiles: facts.icTiles,
    oc_tiles: facts.ocTiles,
    height: facts.image[0],
    width: facts.image[1],
    pad_top: padding[0],
    pad_left: padding[1],
    pad_bottom: padding[2],
    pad_right: padding[3],
    kernel_height: facts.kernel[0],
    kernel_width: facts.kernel[1],
    stride_height: stride[0],
    stride_width: stride[1],
    dilation_height: dilation[0],
    dilation_width: dilation[1],
  };
}

/** Where the bench finds the files of a set: its plusargs. */
export function setPlusargs(folder, profile) {
  if (profile === 'golden-part1') return [`+data=${path.join(folder, 'golden/Part1')}`, `+psum=${folder}`, '+headers=3'];
  if (profile === 'memory-data-4bit') return [`+data=${folder}`, '+headers=0'];
  throw new Error(`The example bench reads the profiles golden-part1 and memory-data-4bit, not ${profile}.`);
}

/**
 * Compiles core and bench for a geometry into `folder`; returns the command that runs it, as [program, ...arguments].
 * @param monitor a file with a module of its own name that watches the bench, with parameters row, col and psum_bw; Icarus only
 */
export function compile({ simulator = 'icarus', geometry, folder, log, monitor }) {
  const programs = setUpSimulator(simulator, log);
  fs.mkdirSync(folder, { recursive: true });
  return simulator === 'icarus' ? compileForIcarus(programs, geometry, folder, monitor) : compileForVerilator(programs, geometry, folder);
}

function compileForIcarus({ iverilog, vvp }, geometry, folder, monitor) {
  const output = path.join(folder, `${TOP}.vvp`);
  const parameters = Object.entries(geometry).map(([name, value]) => `-P${TOP}.${name}=${value}`);
  const sources = fs.readdirSync(RTL).filter((name) => name.endsWith('.v')).map((name) => path.join(RTL, name));
  const watching = monitor === undefined ? [] : watchedBy(monitor, geometry);
  const said = run(iverilog, ['-g2005', '-Wall', '-I', RTL, '-s', TOP, ...parameters, ...watching, '-o', output, ...sources]);
  if (said.trim() !== '') throw new Error(`iverilog has warnings:\n${said}`);
  return [vvp, output];
}

function watchedBy(monitor, geometry) {
  const name = path.basename(monitor, '.v');
  return ['-s', name, ...['row', 'col', 'psum_bw'].map((parameter) => `-P${name}.${parameter}=${geometry[parameter]}`), monitor];
}

function compileForVerilator({ verilator }, geometry, folder) {
  const parameters = Object.entries(geometry).map(([name, value]) => `-G${name}=${value}`);
  // The C++ compiler takes longer than the simulation: it need not optimise
  const makeFlags = ['OPT_FAST=-O0', 'OPT_SLOW=-O0', 'OPT_GLOBAL=-O0'].flatMap((flag) => ['-MAKEFLAGS', flag]);
  run(verilator, ['--binary', '--timing', '-Wall', '--build-jobs', '2', ...makeFlags, `-I${RTL}`, ...parameters, '--top-module', TOP, '--Mdir', folder, path.join(RTL, 'waivers.vlt'), path.join(RTL, `${TOP}.v`)]);
  return [path.join(folder, `V${TOP}`)];
}

/** Runs a compiled bench to its end; returns what it found, read from what it says. */
export function simulate([program, ...args], plusargs, { timeoutMs = 10 * 60_000 } = {}) {
  const output = run(program, [...args, ...plusargs], timeoutMs);
  const result = /^result: (.*)$/m.exec(output)?.[1];
  if (result === undefined) throw new Error(`The bench ended without a result:\n${output}`);
  const [compared, matched, errors] = numbersIn(/^compared (\d+) lines: (\d+) matched, (\d+) errors$/m.exec(output));
  const psums = [...output.matchAll(/^psum: (\d+) of (\d+) lines matched$/gm)].map(numbersIn);
  const psumErrors = psums.reduce((sum, [ok, all]) => sum + all - ok, 0);
  const cycles = [...output.matchAll(/^cycles: passes (\d+), load (\d+), stream (\d+), drain (\d+), accumulate (\d+), total (\d+)$/gm)]
    .map(numbersIn)
    .map(([passes, load, stream, drain, accumulate, total]) => ({ passes, load, stream, drain, accumulate, total }));
  return { output, result, passed: result === 'PASSED', compared, matched, errors, psumErrors, outErrors: errors - psumErrors, cycles };
}

/** The faults that the bench can plant, by the names that it knows. */
export function faultNames() {
  return [...fs.readFileSync(path.join(RTL, 'tb_faults.vh'), 'utf8').matchAll(/named\("(\w+)"/g)].map(([, name]) => name);
}

function numbersIn(match) {
  if (match === null) throw new Error('The bench did not say what it compared.');
  return match.slice(1).map(Number);
}

/** Runs a program to its end, without a shell; returns all that it printed. */
function run(program, args, timeout) {
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout, maxBuffer: 2 ** 28 });
  if (status === 0) return stdout + stderr;
  const why = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
  throw new Error(`${path.basename(program)} failed (${why}):\n${(stderr ?? '') + (stdout ?? '')}`);
}
