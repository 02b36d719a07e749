import * as vscode from 'vscode';
import type { Simulator } from './definition';
import { SIMULATORS, TASK_TYPE } from './definition';
import { findTasks } from './findBenches';
import type { SimulationService } from './terminal';
import { SimulationTerminal } from './terminal';

const MATCHERS: Readonly<Record<Simulator, string[]>> = { icarus: ['$iverilog', '$iverilog-note', '$vvp'], verilator: ['$verilator'] };

/** Runs tasks of tasks.json, and offers one for each test bench that is found. */
export class SimulationTasks implements vscode.TaskProvider {
  constructor(private readonly service: SimulationService) {}

  async provideTasks(): Promise<vscode.Task[]> {
    if (!this.service.isTrusted()) return [];
    const named = vscode.workspace.getConfiguration('tilescope').get<string>('simulator');
    const simulator = SIMULATORS.find((known) => known === named) ?? 'icarus';
    return (await findTasks(simulator)).map(({ name, folder, definition }) => simulationTask(definition, folder, name, this.service));
  }

  resolveTask({ definition, scope, name }: vscode.Task): vscode.Task {
    return simulationTask(definition, scope ?? vscode.TaskScope.Workspace, name, this.service);
  }
}

/** A task that compiles and runs in a terminal of its own. Its variables are resolved when it starts. */
export function simulationTask(definition: vscode.TaskDefinition, scope: NonNullable<vscode.Task['scope']>, name: string, service: SimulationService): vscode.Task {
  const folder = typeof scope === 'object' ? scope.uri : vscode.workspace.workspaceFolders?.[0]?.uri;
  const execution = new vscode.CustomExecution((resolved) => Promise.resolve(new SimulationTerminal(resolved, folder, service)));
  const matchers = MATCHERS[SIMULATORS.find((known) => known === definition['simulator']) ?? 'icarus'];
  const task = new vscode.Task(definition, scope, name, 'tilescope', execution, matchers);
  task.group = vscode.TaskGroup.Test;
  task.presentationOptions = { clear: true };
  return task;
}

/** Tasks of this type, those of tasks.json first. */
export async function simulationTasks(): Promise<vscode.Task[]> {
  const tasks = await vscode.tasks.fetchTasks({ type: TASK_TYPE });
  return tasks.sort((a, b) => Number(a.source !== 'Workspace') - Number(b.source !== 'Workspace'));
}
