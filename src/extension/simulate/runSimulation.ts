import * as vscode from 'vscode';
import type { BenchPlusarg } from './bench';
import { parseDefinition } from './definition';
import { plusargsOf } from './findBenches';
import { simulationTask, simulationTasks } from './taskProvider';
import type { SimulationService } from './terminal';

/** For key bindings, other extensions and tests. */
export interface RunArguments {
  /** Name of the task; asked for when missing. */
  readonly task?: string;
  /** More plusargs, with or without `+`; asked for when missing. */
  readonly plusargs?: readonly string[];
}

const LAST_TASK = 'tilescope.lastSimulation';
const LAST_PLUSARGS = 'tilescope.lastPlusargs';

/**
 * TileScope: Run Simulation. Chooses a task or a test bench, and the plusargs of this run.
 * @returns the exit code; undefined when the user left, or there is nothing to run
 */
export async function runSimulation(service: SimulationService, memory: vscode.Memento, given: RunArguments = {}): Promise<number | undefined> {
  if (!service.isTrusted()) {
    void vscode.window.showErrorMessage('TileScope: a simulation runs programs on the files of the workspace, and this workspace is not trusted.');
    return undefined;
  }
  const task = await chooseTask(memory, given.task);
  if (task === undefined) return undefined;
  const plusargs = given.plusargs ?? (await choosePlusargs(task, memory));
  if (plusargs === undefined) return undefined;
  await memory.update(LAST_TASK, task.name);
  const own: unknown = task.definition['plusargs'];
  const definition = { ...task.definition, plusargs: [...(Array.isArray(own) ? (own as unknown[]) : []), ...plusargs] };
  const next = plusargs.length === 0 ? task : simulationTask(definition, task.scope ?? vscode.TaskScope.Workspace, `${task.name} ${plusargs.join(' ')}`, service);
  return ended(next);
}

async function chooseTask(memory: vscode.Memento, name: string | undefined): Promise<vscode.Task | undefined> {
  const tasks = await simulationTasks();
  if (name !== undefined && tasks.some((task) => task.name === name)) return tasks.find((task) => task.name === name);
  if (tasks.length === 0 || name !== undefined) {
    void vscode.window.showErrorMessage(
      name === undefined
        ? 'TileScope: there is nothing to simulate. Add a task of type "tilescope-sim" to .vscode/tasks.json; test benches called tb*.v or tb*.sv are found without one.'
        : `TileScope: there is no simulation called "${name}". There are: ${tasks.map((task) => task.name).join(', ') || 'none'}.`,
    );
    return undefined;
  }
  const last = memory.get<string>(LAST_TASK);
  const sorted = [...tasks].sort((a, b) => Number(b.name === last) - Number(a.name === last));
  const items = sorted.map((task) => ({ label: `$(play) ${task.name}`, description: task.name === last ? 'last run' : task.source === 'Workspace' ? 'tasks.json' : '', task }));
  if (items.length === 1) return items[0]!.task;
  return (await vscode.window.showQuickPick(items, { title: 'TileScope: Run Simulation', placeHolder: 'Test bench and golden files', matchOnDescription: true }))?.task;
}

type Item = vscode.QuickPickItem & { readonly plusargs?: readonly string[] };

/** Nothing is asked of a bench that reads no plusargs beyond those that the task gives. */
async function choosePlusargs({ definition, scope, name }: vscode.Task, memory: vscode.Memento): Promise<readonly string[] | undefined> {
  const folder = typeof scope === 'object' ? scope.uri : vscode.workspace.workspaceFolders?.[0]?.uri;
  const parsed = parseDefinition(definition);
  if ('problem' in parsed || folder === undefined) return [];
  const given = new Set(parsed.plusargs.map((arg) => arg.slice(1).split('=')[0]!));
  const open = (await plusargsOf(parsed, folder)).filter((plusarg) => !given.has(plusarg.name));
  if (open.length === 0) return [];
  const last = memory.get<Record<string, string[]>>(LAST_PLUSARGS, {})[name] ?? [];
  const answer = await vscode.window.showQuickPick(plusargItems(open, last), { title: `TileScope: Run Simulation · ${name}`, placeHolder: 'Plusargs of this run' });
  if (answer === undefined) return undefined;
  const chosen = answer.plusargs ?? (await typePlusargs(open, last));
  if (chosen !== undefined && chosen.length > 0) await memory.update(LAST_PLUSARGS, { ...memory.get<Record<string, string[]>>(LAST_PLUSARGS, {}), [name]: [...chosen] });
  return chosen;
}

function plusargItems(open: readonly BenchPlusarg[], last: readonly string[]): Item[] {
  const choices = open.filter(({ values }) => values.length > 0);
  return [
    { label: '$(play) Run as it is', plusargs: [] },
    ...(last.length === 0 ? [] : [{ label: `$(history) ${last.join(' ')}`, description: 'last time', plusargs: last }]),
    { label: '$(edit) Type plusargs…', description: open.map((plusarg) => `+${plusarg.name}${plusarg.valued ? '=' : ''}`).join(' ') },
    ...choices.flatMap((plusarg): Item[] => [{ label: `+${plusarg.name}`, kind: vscode.QuickPickItemKind.Separator }, ...plusarg.values.map((value) => ({ label: `+${plusarg.name}=${value}`, plusargs: [`+${plusarg.name}=${value}`] }))]),
  ];
}

async function typePlusargs(open: readonly BenchPlusarg[], last: readonly string[]): Promise<readonly string[] | undefined> {
  const typed = await vscode.window.showInputBox({
    title: 'TileScope: Run Simulation',
    prompt: `The bench reads ${open.map((plusarg) => `+${plusarg.name}${plusarg.valued ? '=…' : ''}`).join(', ')}. A blank before a + starts the next one.`,
    placeHolder: '+fault=narrow_psum +fault_bits=9',
    value: last.join(' '),
  });
  return typed === undefined ? undefined : splitPlusargs(typed);
}

/** `+a=1 2 +b` is `+a=1 2` and `+b`. */
export function splitPlusargs(text: string): string[] {
  return text.trim().split(/\s+(?=\+)/).filter((part) => part !== '');
}

/** Runs a task to its end; gives its exit code, or undefined when it was terminated. */
async function ended(task: vscode.Task): Promise<number | undefined> {
  const ends: { readonly execution: vscode.TaskExecution; readonly exitCode: number | undefined }[] = [];
  const waiting = new vscode.EventEmitter<void>();
  const add = (execution: vscode.TaskExecution, exitCode: number | undefined): void => {
    ends.push({ execution, exitCode });
    waiting.fire();
  };
  // That of the process comes first; a task may end without one
  const subscriptions = vscode.Disposable.from(
    waiting,
    vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => { add(execution, exitCode); }),
    vscode.tasks.onDidEndTask(({ execution }) => { add(execution, undefined); }),
  );
  try {
    const started = await vscode.tasks.executeTask(task);
    for (;;) {
      const end = ends.find(({ execution }) => execution === started);
      if (end !== undefined) return end.exitCode;
      await new Promise<void>((resolve) => { waiting.event(resolve); });
    }
  } finally {
    subscriptions.dispose();
  }
}
