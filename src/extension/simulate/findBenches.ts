import * as vscode from 'vscode';
import { MANIFEST_FILE } from '../../project/manifest';
import { readManifest, readText } from '../golden/manifests';
import type { Bench } from './bench';
import { readBench, readPlusargs } from './bench';
import type { BenchPlusarg } from './bench';
import { runOnSet } from './benchSet';
import type { SimulationDefinition, Simulator } from './definition';
import { TASK_TYPE } from './definition';
import { resolveSources } from './sources';
import { findFiles } from './terminal';

/** A task that nobody has written, for a test bench that was found. */
export interface FoundTask {
  readonly name: string;
  readonly folder: vscode.WorkspaceFolder;
  readonly definition: vscode.TaskDefinition;
}

const BENCHES = '**/tb*.{v,sv}';
const EXCLUDED = '**/{node_modules,.git,out,dist}/**';
const MOST_BENCHES = 50;
const MOST_SETS = 100;
/** Lines by which benches of courses and of the example say that they have failed, though they end with exit code 0. */
const FAILED = '^result: FAILED|Data ERROR!!';

/** A task for each test bench (`tb*.v`, `tb*.sv`), or one for each set that it can read. */
export async function findTasks(simulator: Simulator): Promise<FoundTask[]> {
  const benches = await vscode.workspace.findFiles(BENCHES, EXCLUDED, MOST_BENCHES);
  const manifests = await vscode.workspace.findFiles(`**/${MANIFEST_FILE}`, EXCLUDED, MOST_SETS);
  const tasks: FoundTask[] = [];
  for (const uri of benches.sort((a, b) => (a.path < b.path ? -1 : 1))) tasks.push(...(await tasksOf(uri, manifests, simulator)));
  return tasks;
}

async function tasksOf(uri: vscode.Uri, manifests: readonly vscode.Uri[], simulator: Simulator): Promise<FoundTask[]> {
  const [folder, text] = [vscode.workspace.getWorkspaceFolder(uri), await readText(uri)];
  if (folder === undefined || text === undefined) return [];
  const here = vscode.Uri.joinPath(uri, '..');
  const bench = readBench(text, await includedIn(text, here));
  if (bench === undefined) return [];
  const cwd = relative(folder.uri.path, here.path);
  const plain = { type: TASK_TYPE, simulator, sources: await sourcesOf(here, simulator), top: bench.module, includes: ['.'], ...(cwd !== '' && { cwd }), failWhen: FAILED };
  const name = cwd === '' ? bench.module : `${bench.module} in ${cwd}`;
  // The sets of the project that the bench is a part of
  const project = vscode.Uri.joinPath(here, '..').path;
  const near = manifests.filter(({ path }) => path.startsWith(`${project}/`)).sort((a, b) => (a.path < b.path ? -1 : 1));
  const onSets = (await Promise.all(near.map(async (manifest) => onSet(bench, vscode.Uri.joinPath(manifest, '..'), here, cwd === '' ? 'dumps' : '../dumps')))).flat();
  return onSets.length === 0 ? [{ name, folder, definition: plain }] : onSets.map(({ entry, ...run }) => ({ name: `${name}: ${entry}`, folder, definition: { ...plain, ...run } }));
}

async function onSet(bench: Bench, set: vscode.Uri, here: vscode.Uri, dumps: string): Promise<{ entry: string; parameters: object; plusargs: readonly string[]; createFolders: string[] }[]> {
  const manifest = await readManifest(set);
  if (manifest === undefined) return [];
  const entry = manifest.entry === '' ? set.path.split('/').at(-1)! : manifest.entry;
  const dump = `${dumps}/${entry}`;
  const run = runOnSet(bench, manifest.files, relative(here.path, set.path), dump);
  return run === undefined ? [] : [{ entry, ...run, createFolders: run.plusargs.includes(`+dump=${dump}`) ? [dump] : [] }];
}

async function sourcesOf(folder: vscode.Uri, simulator: Simulator): Promise<string[]> {
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
  const endings = [...(simulator === 'verilator' ? ['.vlt'] : []), '.v', '.sv'];
  return endings.filter((ending) => names.some((name) => name.endsWith(ending))).map((ending) => `*${ending}`);
}

/** Texts of the files that a bench includes from its own folder. */
async function includedIn(text: string, folder: vscode.Uri): Promise<string[]> {
  const names = [...text.matchAll(/`include\s+"([^"]+)"/g)].map(([, name]) => name!);
  const texts = await Promise.all(names.map(async (name) => readText(vscode.Uri.joinPath(folder, name))));
  return texts.filter((found) => found !== undefined);
}

/** Sources that are read for the plusargs in them at most. */
const MOST_SOURCES = 60;

/** The plusargs that the sources of a simulation and what they include read. @param folder absolute path of the workspace folder */
export async function plusargsOf(definition: SimulationDefinition, folder: vscode.Uri): Promise<BenchPlusarg[]> {
  const cwd = definition.cwd.startsWith('/') || /^[A-Za-z]:/.test(definition.cwd) ? vscode.Uri.file(definition.cwd) : vscode.Uri.joinPath(folder, definition.cwd);
  const sources = await resolveSources(definition.sources, cwd.fsPath, findFiles);
  if ('problem' in sources) return [];
  const texts = await Promise.all(
    sources.slice(0, MOST_SOURCES).map(async (file) => {
      const uri = vscode.Uri.file(file);
      const text = (await readText(uri)) ?? '';
      return text.includes('$plusargs') || text.includes('`include') ? [text, ...(await includedIn(text, vscode.Uri.joinPath(uri, '..')))].join('\n') : '';
    }),
  );
  return readPlusargs(texts.join('\n'));
}

/** A path from a folder to another, with `/` and `..`. */
function relative(from: string, to: string): string {
  const [a, b] = [from.split('/').filter(Boolean), to.split('/').filter(Boolean)];
  const shared = a.findIndex((part, i) => part !== b[i]);
  const same = shared < 0 ? a.length : shared;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}
