import path from 'node:path';
import * as vscode from 'vscode';
import type { FolderSets } from '../golden/folderSets';
import { BuildFolders } from './buildFolders';
import { TASK_TYPE } from './definition';
import type { RunArguments } from './runSimulation';
import { runSimulation } from './runSimulation';
import { SimulationTasks } from './taskProvider';
import type { SimulationEnd, SimulationService } from './terminal';
import { GoldenLinks } from './terminalLinkProvider';

/** The command that checks dumps, asked with a configuration and the name of one of its checks. */
const CHECK_COMMAND = 'tilescope.checkDump';
const CONFIG_FILE = 'tilescope.json';

/** What other parts may know of simulations. */
export interface Simulations {
  /** A simulation has ended, well or not. Its dumps are written when `stage` is `ran`. */
  readonly onSimulationEnd: vscode.Event<SimulationEnd>;
}

/** Tasks, the command, and links in terminals; disposed with the context. */
export function registerSimulations(context: vscode.ExtensionContext, sets: FolderSets, log: vscode.LogOutputChannel): Simulations {
  const ends = new vscode.EventEmitter<SimulationEnd>();
  const links = new GoldenLinks(sets, context.workspaceState, log);
  const service: SimulationService = {
    isTrusted: () => vscode.workspace.isTrusted,
    builds: new BuildFolders(),
    onRun: (run) => { links.remember(run); },
    onEnd: (end) => { ends.fire(end); },
  };
  context.subscriptions.push(
    ends,
    service.builds,
    vscode.tasks.registerTaskProvider(TASK_TYPE, new SimulationTasks(service)),
    vscode.window.registerTerminalLinkProvider(links),
    vscode.commands.registerCommand('tilescope.runSimulation', (given?: RunArguments) => runSimulation(service, context.workspaceState, given)),
    ends.event((end) => {
      runChecks(end, log).catch((error: unknown) => { log.error(error instanceof Error ? error : String(error)); });
    }),
  );
  return { onSimulationEnd: ends.event };
}

/** A failed simulation is checked too: its dumps say why. */
async function runChecks({ stage, definition: { checks }, cwd, folder }: SimulationEnd, log: vscode.LogOutputChannel): Promise<void> {
  if (checks.length === 0 || stage !== 'ran') return;
  const config = await configAbove(cwd, folder);
  if (config === undefined) {
    log.warn(`The checks ${checks.join(', ')} were not run: no ${CONFIG_FILE} stands in ${cwd} or above it.`);
    return;
  }
  for (const name of checks) await vscode.commands.executeCommand(CHECK_COMMAND, { config, name });
}

/** The configuration of a folder or of one above it, up to the workspace folder. */
async function configAbove(from: string, top: string): Promise<string | undefined> {
  for (let at = from; ; at = path.dirname(at)) {
    const file = path.join(at, CONFIG_FILE);
    const [found] = await vscode.workspace.findFiles(new vscode.RelativePattern(vscode.Uri.file(at), CONFIG_FILE), undefined, 1);
    if (found !== undefined) return file;
    if (at === top || path.dirname(at) === at) return undefined;
  }
}
