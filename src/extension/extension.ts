import * as vscode from 'vscode';
import type { CheckApi } from './check/index';
import { registerChecks } from './check/index';
import { ConfigDiagnostics } from './configDiagnostics';
import type { GenerateArguments } from './generateVectors';
import { argumentsOf, generateVectors } from './generateVectors';
import { registerGoldenFiles } from './golden/index';
import type { InspectApi } from './inspect/index';
import { registerInspectors } from './inspect/index';
import { Jobs } from './jobs';
import { registerSimulations } from './simulate/index';

/** Builds the extension's parts; each stands in a file of its own and is disposed with the context. */
export function activate(context: vscode.ExtensionContext): CheckApi & InspectApi {
  const log = vscode.window.createOutputChannel('TileScope', { log: true });
  const jobs = new Jobs(context.extensionUri, log);
  const diagnostics = new ConfigDiagnostics(log);
  context.subscriptions.push(
    log,
    jobs,
    diagnostics,
    vscode.commands.registerCommand('tilescope.generateVectors', (target?: vscode.Uri | GenerateArguments) => generateVectors({ context, jobs, diagnostics, log }, argumentsOf(target))),
    vscode.commands.registerCommand('tilescope.showLog', () => {
      log.show();
    }),
  );
  const golden = registerGoldenFiles(context, log);
  registerSimulations(context, golden.sets, log);
  const checks = registerChecks(context, jobs, golden.documents, log);
  return { ...checks, ...registerInspectors(context, checks, golden, log) };
}
