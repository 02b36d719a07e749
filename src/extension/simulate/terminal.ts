import * as vscode from 'vscode';
import path from 'node:path';
import type { BuildFolders } from './buildFolders';
import { parseDefinition, TASK_TYPE } from './definition';
import type { SimulationDefinition } from './definition';
import { RunMemory } from './runMemory';
import type { SimulationResult } from './simulation';
import { simulate } from './simulation';

/** A simulation that has ended, for whoever wants to look at what it wrote. */
export interface SimulationEnd extends SimulationResult {
  readonly definition: SimulationDefinition;
  /** Absolute. */
  readonly folder: string;
  readonly run: RunMemory;
}

/** What the terminals of simulations share. */
export interface SimulationService {
  readonly isTrusted: () => boolean;
  readonly builds: BuildFolders;
  readonly onRun: (run: RunMemory) => void;
  readonly onEnd: (end: SimulationEnd) => void;
}

/** Compiles and runs in a terminal of VS Code: writes what both programs say, is cancelled with Ctrl+C or with the task. */
export class SimulationTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  private readonly closed = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.written.event;
  readonly onDidClose = this.closed.event;
  private readonly stop = new AbortController();
  private endsWithReturn = false;

  /** @param raw the task's definition with its variables resolved */
  constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly folder: vscode.Uri | undefined,
    private readonly service: SimulationService,
  ) {}

  open(): void {
    this.run().then(
      (code) => { this.closed.fire(code); },
      (error: unknown) => {
        this.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        this.closed.fire(1);
      },
    );
  }

  close(): void {
    this.stop.abort();
  }

  handleInput(data: string): void {
    if (data.includes('\u0003')) this.stop.abort();
  }

  private async run(): Promise<number> {
    if (!this.service.isTrusted()) return this.refuse('This workspace is not trusted. A simulation runs programs on its files: trust it first (Workspaces: Manage Workspace Trust).');
    if (this.folder?.scheme !== 'file' && this.folder?.scheme !== 'vscode-remote') return this.refuse('A simulation needs a workspace folder on disk: open one.');
    const definition = parseDefinition(this.raw);
    if ('problem' in definition) return this.refuse(`The task of type ${TASK_TYPE} cannot run. ${definition.problem}`);
    const folder = this.folder.fsPath;
    const run = new RunMemory(foldersOf(definition, folder));
    this.service.onRun(run);
    const build = this.service.builds.take(definition);
    const host = { folder, settings: settingsOf(this.folder), buildFolder: build.folder, findFiles, signal: this.stop.signal };
    const result = await simulate(definition, { ...host, write: (text) => { this.write(text); }, onLine: (line) => { run.add(line); } }).finally(build.release);
    this.service.onEnd({ ...result, definition, folder, run });
    return result.exitCode;
  }

  private refuse(message: string): number {
    this.write(`${message}\n`);
    return 1;
  }

  /** A terminal wants a carriage return before each line feed; pieces may part the two. */
  private write(text: string): void {
    if (text === '') return;
    const before = this.endsWithReturn ? '\r' : '';
    this.endsWithReturn = text.endsWith('\r');
    this.written.fire((before + text).replaceAll(/\r?\n/g, '\r\n').slice(before.length));
  }
}

/** Where a run may read its golden files: its folder, and the folders that its plusargs name. */
function foldersOf({ cwd, plusargs }: SimulationDefinition, folder: string): string[] {
  const from = path.resolve(folder, cwd);
  return [...plusargs.flatMap((arg) => (/=.*[\\/]/.test(arg) ? [path.resolve(from, arg.slice(arg.indexOf('=') + 1))] : [])), from];
}

function settingsOf(folder: vscode.Uri): { icarusPath: string; verilatorPath: string } {
  const settings = vscode.workspace.getConfiguration('tilescope', folder);
  return { icarusPath: settings.get('icarusPath', ''), verilatorPath: settings.get('verilatorPath', '') };
}

/** `files.exclude` is for the Explorer: a simulator gets what the pattern names. */
export async function findFiles(base: string, pattern: string): Promise<readonly string[]> {
  return (await vscode.workspace.findFiles(new vscode.RelativePattern(vscode.Uri.file(base), pattern), null)).map(({ fsPath }) => fsPath);
}
