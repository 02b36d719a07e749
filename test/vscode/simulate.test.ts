import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { FolderSets } from '../../src/extension/golden/folderSets';
import { Reader } from '../../src/extension/golden/reader';
import { BuildFolders } from '../../src/extension/simulate/buildFolders';
import type { RunArguments } from '../../src/extension/simulate/runSimulation';
import { runSimulation } from '../../src/extension/simulate/runSimulation';
import { RunMemory } from '../../src/extension/simulate/runMemory';
import { SimulationTasks, simulationTask } from '../../src/extension/simulate/taskProvider';
import type { SimulationEnd, SimulationService } from '../../src/extension/simulate/terminal';
import { SimulationTerminal } from '../../src/extension/simulate/terminal';
import { GoldenLinks } from '../../src/extension/simulate/terminalLinkProvider';
import type { GenerateReport } from '../../src/protocol/report';
import { ROOT } from '../unit/support/fixtures';
import { waitFor } from './support';

const WORKSPACE = vscode.workspace.workspaceFolders![0]!;
/** The example's bench on conv5, as TileScope offers it. */
const CONV5 = 'tb_core in rtl: conv5';

const builds = new BuildFolders();

/** A service of the test's own, which keeps what simulations report. */
function service(isTrusted = true): SimulationService & { readonly ends: SimulationEnd[]; readonly runs: RunMemory[] } {
  const [ends, runs]: [SimulationEnd[], RunMemory[]] = [[], []];
  return { isTrusted: () => isTrusted, builds, onRun: (run) => runs.push(run), onEnd: (end) => ends.push(end), ends, runs };
}

function memento(): vscode.Memento {
  const memory = new Map<string, unknown>();
  return { keys: () => [...memory.keys()], get: (key: string, value?: unknown) => memory.get(key) ?? value, update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)) } as vscode.Memento;
}

const run = (given: RunArguments): Thenable<number | undefined> => vscode.commands.executeCommand<number | undefined>('tilescope.runSimulation', given);

/** Runs a definition in a terminal that nobody shows; gives all that it wrote. */
async function terminal(definition: object, own = service()): Promise<{ text: string; code: number; own: typeof own }> {
  const shown = new SimulationTerminal({ ...definition }, WORKSPACE.uri, own);
  let text = '';
  shown.onDidWrite((piece) => { text += piece; });
  const code = new Promise<number>((resolve) => { shown.onDidClose(resolve); });
  shown.open();
  return { code: await code, text, own };
}

/** The golden files of all layers of the example. */
async function generate(): Promise<void> {
  for (const entry of ['conv5', 'conv3', 'conv4']) {
    const reports = await vscode.commands.executeCommand<readonly GenerateReport[] | undefined>('tilescope.generateVectors', { folder: WORKSPACE.uri.fsPath, entry });
    assert.equal(reports?.length, 1, entry);
  }
}

/** A folder in the workspace: tasks run there, and VS Code sees its files. */
function folder(name: string, files: Readonly<Record<string, string>>): string {
  const made = path.join(WORKSPACE.uri.fsPath, name);
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(made, file)), { recursive: true });
    fs.writeFileSync(path.join(made, file), text);
  }
  return made;
}

describe('VS Code: simulations', () => {
  before(generate);
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(() => {
    builds.dispose();
    for (const name of ['golden', 'dumps', 'broken', 'endless', 'plusargs']) fs.rmSync(path.join(WORKSPACE.uri.fsPath, name), { recursive: true, force: true });
  });

  it('the example: a task for each set that the bench reads; each passes with exit code 0', async () => {
    const tasks = await vscode.tasks.fetchTasks({ type: 'tilescope-sim' });
    assert.deepEqual(tasks.map(({ name }) => name).sort(), [3, 4, 5].map((layer) => `tb_core in rtl: conv${layer}`));
    for (const layer of [3, 4, 5]) assert.equal(await run({ task: `tb_core in rtl: conv${layer}`, plusargs: [] }), 0, String(layer));
    assert.ok(fs.existsSync(path.join(WORKSPACE.uri.fsPath, 'dumps/conv5/psum.memb.txt')));
  });

  it('a planted fault, and one that does not exist, end with exit code 1', async () => {
    assert.equal(await run({ task: CONV5, plusargs: ['+fault=no_relu'] }), 1);
    assert.equal(await run({ task: CONV5, plusargs: ['fault=nonsense'] }), 1);
  });

  it('what the bench says reaches the terminal, and the end is told', async () => {
    const definition = (await new SimulationTasks(service()).provideTasks()).find(({ name }) => name === CONV5)!.definition;
    const { text, code, own } = await terminal({ ...definition, plusargs: [...(definition['plusargs'] as string[]), '+fault=no_relu'], checks: ['psum'] });
    assert.equal(code, 1);
    assert.match(text, /fault planted: no_relu\r\n/);
    assert.match(text, /result: FAILED\r\n.*The simulation ended: exit code 0, but it printed ".*": failed\.\r\n$/s);
    assert.doesNotMatch(text, /[^\r]\n/);
    assert.deepEqual(own.ends.map(({ stage, exitCode, definition: { checks } }) => [stage, exitCode, checks]), [['ran', 1, ['psum']]]);
  });

  it('a compiler error stands in Problems at its line', async () => {
    const broken = folder('broken', { 'bad design.v': 'module bad;\n  reg a\n  initial a = 1;\nendmodule\n' });
    const task = simulationTask({ type: 'tilescope-sim', sources: ['*.v'], cwd: 'broken' }, WORKSPACE, 'broken', service());
    const ended = new Promise<number | undefined>((resolve) => {
      const listener = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== 'broken') return;
        listener.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await ended, 2);
    const uri = vscode.Uri.file(path.join(broken, 'bad design.v'));
    const found = await waitFor(() => vscode.languages.getDiagnostics(uri).find(({ message }) => message === 'syntax error'));
    assert.deepEqual([found?.range.start.line, found?.severity, found?.source], [2, vscode.DiagnosticSeverity.Error, 'iverilog']);
  });

  it('cancelling a task ends the simulator', async () => {
    folder('endless', { 'e.v': 'module e;\n  initial begin $display("started"); forever #1 ; end\nendmodule\n' });
    const own = service();
    const seen = new Promise<void>((resolve) => {
      const line = own.onRun;
      Object.assign(own, { onRun: (memory: RunMemory) => {
        line(memory);
        const add = memory.add.bind(memory);
        memory.add = (text) => {
          add(text);
          resolve();
        };
      } });
    });
    const execution = await vscode.tasks.executeTask(simulationTask({ type: 'tilescope-sim', sources: ['e.v'], cwd: 'endless' }, WORKSPACE, 'endless', own));
    await seen;
    execution.terminate();
    const end = await waitFor(() => own.ends[0]);
    assert.deepEqual([end?.stage, end?.exitCode], ['stopped', 130]);
  });

  it('a task of tasks.json with variables; arguments arrive as they are written', async () => {
    folder('plusargs', { 'p q.v': 'module p #(parameter n = "") ();\n  reg [8*64-1:0] s;\n  initial begin\n    if ($value$plusargs("text=%s", s)) $display("<%0s> <%0s> <%0s>", s, n, `M);\n    if ($value$plusargs("home=%s", s)) $display("<%0s>", s);\n    $finish;\n  end\nendmodule\n' });
    const settings = path.join(WORKSPACE.uri.fsPath, '.vscode');
    const odd = 'a "b" $HOME `id` \'c\';*';
    fs.mkdirSync(settings, { recursive: true });
    fs.writeFileSync(
      path.join(settings, 'tasks.json'),
      JSON.stringify({ version: '2.0.0', tasks: [{ type: 'tilescope-sim', label: 'odd arguments', sources: ['p q.v'], top: 'p', cwd: 'plusargs', parameters: { n: 'x y' }, defines: { M: '"m n"' }, plusargs: [`text=${odd}`, 'home=${workspaceFolderBasename}'], failWhen: `^<${path.basename(WORKSPACE.uri.fsPath)}>$` }] }),
    );
    try {
      assert.ok(await waitFor(async () => (await vscode.tasks.fetchTasks({ type: 'tilescope-sim' })).some(({ name }) => name === 'odd arguments')));
      // The resolved variable makes this run fail: proof that it was resolved
      assert.equal(await run({ task: 'odd arguments', plusargs: [] }), 1);
    } finally {
      fs.rmSync(settings, { recursive: true });
    }
    const { text, code } = await terminal({ sources: ['p q.v'], top: 'p', cwd: 'plusargs', parameters: { n: 'x y' }, defines: { M: '"m n"' }, plusargs: [`text=${odd}`] });
    assert.equal(code, 0, text);
    assert.ok(text.includes(`<${odd}> <x y> <m n>\r\n`), text);
  });

  it('in a workspace that is not trusted nothing is offered and nothing runs', async () => {
    const own = service(false);
    assert.deepEqual(await new SimulationTasks(own).provideTasks(), []);
    const { text, code } = await terminal({ sources: ['rtl/*.v'] }, own);
    assert.deepEqual([code, own.runs.length], [1, 0]);
    assert.match(text, /^This workspace is not trusted\./);
    assert.equal(await runSimulation(own, memento(), { task: CONV5, plusargs: [] }), undefined);
    const { capabilities } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } } };
    assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, ['tilescope.icarusPath', 'tilescope.verilatorPath']);
  });

  it('a task that cannot run says why', async () => {
    assert.match((await terminal({})).text, /The task of type tilescope-sim cannot run\. "sources" names no file/);
    assert.match((await terminal({ sources: ['rtl/*.vhd'] })).text, /No source file matches "rtl\/\*\.vhd"/);
  });
});

describe('VS Code: links in terminals', () => {
  let links: GoldenLinks;
  let sets: FolderSets;

  before(async () => {
    await generate();
    const log = vscode.window.createOutputChannel('TileScope links', { log: true });
    sets = new FolderSets(new Reader(path.join(ROOT, 'dist/reader.js'), log), log);
    links = new GoldenLinks(sets, memento(), log);
  });
  after(() => {
    sets.dispose();
    fs.rmSync(path.join(WORKSPACE.uri.fsPath, 'golden'), { recursive: true, force: true });
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  /** Follows the only link of a line; gives the file and what is selected there. */
  async function followed(line: string): Promise<string> {
    const found = links.provideTerminalLinks({ line });
    assert.equal(found.length, 1, line);
    await links.handleTerminalLink(found[0]!);
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return 'nothing';
    const { start, end } = editor.selection;
    return `${vscode.workspace.asRelativePath(editor.document.uri)} ${start.line + 1}:${start.character}-${end.character}`;
  }

  /** A run of conv5 that printed these lines. */
  function remember(...lines: string[]): void {
    const memory = new RunMemory([path.join(WORKSPACE.uri.fsPath, 'golden/conv5/golden/Part1'), path.join(WORKSPACE.uri.fsPath, 'golden/conv5')]);
    for (const line of lines) memory.add(line);
    links.remember(memory);
  }

  it('a psum by its coordinates: the file of that kij and tile, the word selected', async () => {
    // Words of 16 bits, columns 7..0, three header lines
    assert.equal(await followed('psum Data ERROR at kij=4 nij=14 col=7 icTile=1 ocTile=1: psumout 0 answer 1'), 'golden/conv3/psum_itile1_otile1_kij4.txt 18:0-16');
    assert.equal(await followed('[WS] psum kij 8, nij 99, col 0, ic tile 0 oc tile 1'), 'golden/conv3/psum_itile0_otile1_kij8.txt 103:112-128');
  });

  it('an output that a run named: by its number, by its digits, and by those of the design', async () => {
    const file = path.join(WORKSPACE.uri.fsPath, 'golden/conv5/golden/Part1/out.txt');
    const answer = fs.readFileSync(file, 'utf8').split('\n')[3 + 11]!;
    remember('1-th output featuremap Data matched! :D', '12-th output featuremap Data ERROR!!', `sfpout: ${'x'.repeat(128)}`, `answer: ${answer}`);
    const place = 'golden/conv5/golden/Part1/out.txt 15:0-128';
    assert.equal(await followed('12-th output featuremap Data ERROR!!'), place);
    assert.equal(await followed(`answer: ${answer}`), place);
    assert.equal(await followed(`sfpout: ${'x'.repeat(128)}`), place);
    assert.deepEqual(links.provideTerminalLinks({ line: 'sfpout: 01010101' }), []);
  });

  it('a golden file with line and column', async () => {
    assert.equal(await followed('see conv5/psum.txt:38:17'), 'golden/conv5/psum.txt 38:16-16');
  });

  it('several files that hold such a word: a list, the file used last first', async () => {
    remember();
    const before = vscode.window.activeTextEditor;
    const opened = links.handleTerminalLink(links.provideTerminalLinks({ line: 'psum kij=0 nij=14 col=7' })[0]!);
    await waitFor(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return vscode.window.activeTextEditor !== before;
    });
    await opened;
    // The last test showed it
    assert.ok(vscode.window.activeTextEditor?.document.uri.path.endsWith('golden/conv5/psum.txt'));
  });
});
