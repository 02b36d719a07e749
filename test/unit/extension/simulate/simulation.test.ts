import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { BuildFolders } from '../../../../src/extension/simulate/buildFolders';
import { compileCommand, runCommand } from '../../../../src/extension/simulate/commands';
import type { ResolvedSimulation } from '../../../../src/extension/simulate/commands';
import type { SimulationDefinition } from '../../../../src/extension/simulate/definition';
import { parseDefinition } from '../../../../src/extension/simulate/definition';
import { LineReader } from '../../../../src/extension/simulate/lineReader';
import { CannotStart, runProcess } from '../../../../src/extension/simulate/process';
import { programsOf, startAdvice } from '../../../../src/extension/simulate/programs';
import type { SimulationResult } from '../../../../src/extension/simulate/simulation';
import { simulate } from '../../../../src/extension/simulate/simulation';
import { resolveSources, splitPattern } from '../../../../src/extension/simulate/sources';
import type { TestFolder } from '../../support/workspace';
import { removeTestFolders, testFolder } from '../../support/workspace';

function definition(raw: Readonly<Record<string, unknown>>): SimulationDefinition {
  const parsed = parseDefinition({ sources: ['a.v'], ...raw });
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed;
}

function resolved(raw: Readonly<Record<string, unknown>>): ResolvedSimulation {
  return { definition: definition(raw), programs: { compiler: 'compiler', runner: 'runner' }, cwd: path.resolve('/w'), sources: [path.resolve('/w/a b.v')], buildFolder: path.resolve('/build') };
}

const problemOf = (raw: Readonly<Record<string, unknown>>): string => {
  const parsed = parseDefinition(raw);
  return 'problem' in parsed ? parsed.problem : '';
};

/** Runs Node instead of a simulator and gives what it says of its arguments. */
async function echoed(args: readonly string[]): Promise<string[]> {
  let text = '';
  const command = { program: process.execPath, args: ['-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...args] };
  await runProcess(command, { cwd: process.cwd(), onText: (piece) => { text += piece; }, signal: new AbortController().signal });
  return JSON.parse(text) as string[];
}

async function simulated(folder: TestFolder, raw: Readonly<Record<string, unknown>>, settings = { icarusPath: '', verilatorPath: '' }): Promise<SimulationResult & { text: string; lines: string[] }> {
  let text = '';
  const lines: string[] = [];
  const host = { folder: folder.path, settings, buildFolder: folder.file('build'), findFiles: () => Promise.resolve([]), write: (piece: string) => { text += piece; }, onLine: (line: string) => { lines.push(line); }, signal: new AbortController().signal };
  return { ...(await simulate(definition(raw), host)), text, lines };
}

describe('simulations: task definitions', () => {
  it('what is not given has a default; plusargs get their +, empty ones go', () => {
    const { simulator, run, plusargs, cwd, flags, checks } = definition({ plusargs: ['fault=x', '+a', ''] });
    assert.deepEqual({ simulator, run, plusargs, cwd, flags, checks }, { simulator: 'icarus', run: true, plusargs: ['+fault=x', '+a'], cwd: '', flags: undefined, checks: [] });
  });

  it('what is wrong is named with its key and what it may be', () => {
    assert.match(problemOf({}), /"sources" names no file.*\["rtl\/\*\.v"\]/);
    assert.match(problemOf({ sources: ['a.v'], simulator: 'modelsim' }), /"simulator" is "modelsim"; it may be "icarus" or "verilator"/);
    assert.match(problemOf({ sources: 'a.v' }), /"sources" has to be a list of texts/);
    assert.match(problemOf({ sources: ['a.v'], parameters: { row: 8 } }), /name it in "top"/);
    assert.match(problemOf({ sources: ['a.v'], defines: { 'a b': 1 } }), /"a b", which is no Verilog name/);
    assert.match(problemOf({ sources: ['a.v'], defines: { a: [] } }), /"defines" has to give each name/);
    assert.match(problemOf({ sources: ['a.v'], failWhen: '(' }), /"failWhen" is no regular expression/);
    assert.match(problemOf({ sources: ['a.v'], run: 'yes' }), /"run" has to be true or false/);
  });
});

describe('simulations: commands', () => {
  it('Icarus: every part of the definition is an argument of its own', () => {
    const simulation = resolved({ top: 'tb', includes: ['in c'], defines: { A: true, B: 'x y' }, parameters: { row: 8, name: 'it "is"', wide: "8'hff" }, fileLists: ['f.f'], plusargs: ['x=1 2'] });
    assert.deepEqual(compileCommand(simulation), {
      program: 'compiler',
      args: ['-Wall', '-s', 'tb', `-I${path.resolve('/w/in c')}`, '-DA', '-DB=x y', '-Ptb.row=8', '-Ptb.name="it \\"is\\""', "-Ptb.wide=8'hff", '-o', path.resolve('/build/simulation.vvp'), '-f', path.resolve('/w/f.f'), path.resolve('/w/a b.v')],
    });
    assert.deepEqual(runCommand(simulation), { program: 'runner', args: ['-i', '-N', path.resolve('/build/simulation.vvp'), '+x=1 2'] });
  });

  it('Verilator: builds into the folder and runs what it built; flags of the user replace the default', () => {
    const simulation = resolved({ simulator: 'verilator', top: 'tb', parameters: { row: 8 }, flags: ['-Wall'], plusargs: ['+a'] });
    assert.deepEqual(compileCommand(simulation).args, ['--binary', '--timing', '-Wall', '--top-module', 'tb', '-Grow=8', '--prefix', 'Vsimulation', '--Mdir', path.resolve('/build'), path.resolve('/w/a b.v')]);
    assert.deepEqual(runCommand(simulation), { program: path.resolve('/build/Vsimulation'), args: ['+a'] });
  });

  it('runs that differ in plusargs only share what was built, but not at the same time', () => {
    const builds = new BuildFolders();
    const [plain, fault, other] = [definition({}), definition({ plusargs: ['fault=x'] }), definition({ defines: { A: 1 } })];
    const first = builds.take(plain);
    const meanwhile = builds.take(fault);
    assert.notEqual(meanwhile.folder, first.folder);
    first.release();
    assert.equal(builds.take(fault).folder, first.folder);
    meanwhile.release();
    assert.notEqual(builds.take(other).folder, meanwhile.folder);
    builds.dispose();
  });

  it('vvp is taken from beside the iverilog that the user names', () => {
    const folder = testFolder();
    const compiler = folder.write('bin/iverilog', '');
    assert.deepEqual(programsOf('icarus', { icarusPath: compiler, verilatorPath: '' }), { compiler, runner: 'vvp' });
    const runner = folder.write('bin/vvp', '');
    assert.deepEqual(programsOf('icarus', { icarusPath: compiler, verilatorPath: '' }), { compiler, runner });
    assert.deepEqual(programsOf('verilator', { icarusPath: compiler, verilatorPath: '' }), { compiler: 'verilator' });
  });
  after(removeTestFolders);
});

describe('simulations: processes', () => {
  after(removeTestFolders);

  it('arguments with blanks, quotes and all that a shell would eat arrive as they are', async () => {
    const odd = ['a b', '"', "'", '$HOME', '`id`', '*', ';', '&&', '|', '>x', '\\', '%PATH%', '', 'ü', '+a=b "c" d'];
    assert.deepEqual(await echoed(odd), odd);
    const args = fc.array(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).filter((text) => !text.includes('\0')), { maxLength: 6 });
    await fc.assert(fc.asyncProperty(args, async (list) => { assert.deepEqual(await echoed(list), list); }), { seed: 4, numRuns: 15 });
  });

  it('an exit code and a signal are told apart; a missing program is named', async () => {
    const run = (program: string, code: string) => runProcess({ program, args: ['-e', code] }, { cwd: process.cwd(), onText: () => undefined, signal: new AbortController().signal });
    assert.deepEqual(await run(process.execPath, 'process.exit(7)'), { code: 7 });
    await assert.rejects(run('no-such-simulator', ''), (error) => error instanceof CannotStart && error.reason === 'ENOENT');
    if (process.platform !== 'win32') assert.deepEqual(await run(process.execPath, 'process.kill(process.pid, "SIGKILL")'), { code: undefined, signal: 'SIGKILL' });
  });

  it('cancelling ends the process and those that it started, also when they do not listen', async () => {
    const stop = new AbortController();
    const grandchild = 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)';
    const code = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); setInterval(() => {}, 1000)`;
    const ended = runProcess({ program: process.execPath, args: ['-e', code] }, {
      cwd: process.cwd(),
      onText: () => { stop.abort(); },
      signal: stop.signal,
    });
    // It ends when the last process that holds its output has ended: the grandchild never does by itself
    assert.notEqual((await ended).code, 0);
  });

  it('lines come whole out of pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\n', 'b'), maxLength: 5 })), (pieces) => {
        const lines: string[] = [];
        const reader = new LineReader((line) => { lines.push(line); });
        for (const piece of pieces) reader.push(piece);
        reader.end();
        const whole = pieces.join('').split('\n');
        assert.deepEqual(lines, whole.at(-1) === '' ? whole.slice(0, -1) : whole);
      }),
      { seed: 7 },
    );
  });
});

describe('simulations: what stops one', () => {
  after(removeTestFolders);

  it('sources that no file matches, a folder that is not there, a simulator that is not installed', async () => {
    const folder = testFolder();
    const missing = await simulated(folder, { sources: ['rtl/*.v'] });
    assert.deepEqual([missing.exitCode, missing.stage], [1, 'stopped']);
    assert.match(missing.text, /No source file matches "rtl\/\*\.v" in .*Correct "sources" or "cwd"/);
    assert.match((await simulated(folder, { cwd: 'nowhere' })).text, /There is no folder .*nowhere\. Correct "cwd"/);
    folder.write('a.v', '');
    const absent = await simulated(folder, {}, { icarusPath: folder.file('no/iverilog'), verilatorPath: '' });
    assert.deepEqual([absent.exitCode, absent.stage], [1, 'stopped']);
    assert.match(absent.text, /no\/iverilog was not found\. Install Icarus Verilog \(Debian, Ubuntu: apt install iverilog;.*tilescope\.icarusPath/);
    folder.write('file', '');
    assert.match((await simulated(folder, { createFolders: ['file/below'] })).text, /could not be made \(ENOTDIR|could not be made \(EEXIST/);
    assert.match(startAdvice('verilator', 'verilator', 'EACCES'), /could not be started \(EACCES\)\. The setting tilescope\.verilatorPath/);
  });

  it('a pattern is looked for from its last plain folder; a name with brackets is a name when there is such a file', async () => {
    assert.deepEqual(splitPattern('../rtl/**/*.v'), { base: '../rtl', pattern: '**/*.v' });
    assert.deepEqual(splitPattern('*.v'), { base: '', pattern: '*.v' });
    assert.deepEqual(splitPattern('/abs/x*.v'), { base: '/abs', pattern: 'x*.v' });
    assert.deepEqual(splitPattern('rtl/a.v'), { base: 'rtl/a.v' });
    const folder = testFolder();
    const [odd, plain] = [folder.write('a[1].v', ''), folder.write('b.v', '')];
    const asked: string[] = [];
    const find = (base: string, pattern: string): Promise<string[]> => {
      asked.push(`${base} ${pattern}`);
      return Promise.resolve([plain, odd]);
    };
    assert.deepEqual(await resolveSources(['b.v', 'a[1].v', '*.v'], folder.path, find), [plain, odd]);
    assert.deepEqual(asked, [`${folder.path} *.v`]);
    assert.ok(fs.existsSync(odd));
  });
});
