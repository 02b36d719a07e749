import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import * as vscode from 'vscode';
import { Problem } from '../engine/problem';
import type { JobReply, JobRequest } from '../protocol/job';
import { isJobReply, problemOf } from '../protocol/job';
import type { Progress } from '../protocol/report';
import { cancelJob, killLater } from './endJob';

type Job = Exclude<JobRequest, { type: 'cancel' }>;
/** What each job ends with. */
const RESULT_OF = { generate: 'generated', layers: 'layers', check: 'checked' } as const;
type Result = Extract<JobReply, { type: (typeof RESULT_OF)[Job['type']] }>;
type ResultOf<T extends Job> = Extract<Result, { type: (typeof RESULT_OF)[T['type']] }>;

/** A job that ended with problems. */
export class JobFailed extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((problem) => problem.format()).join('\n'));
  }
}

/** Runs long work in processes of its own, so that neither a computation nor a native library can hold up or break the extension host. */
export class Jobs implements vscode.Disposable {
  private readonly running = new Set<ChildProcess>();

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** @throws JobFailed */
  run<T extends Job>(job: T, token: vscode.CancellationToken, onProgress: (progress: Progress) => void): Promise<ResultOf<T>> {
    const script = vscode.Uri.joinPath(this.extensionUri, 'dist', 'worker.js').fsPath;
    const child = fork(script, { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, execArgv: [] });
    this.running.add(child);
    this.log.debug(`Job ${job.type} started as process ${child.pid ?? '?'}`);
    let phase: Progress['phase'] | undefined;
    const cancel = token.onCancellationRequested(() => {
      cancelJob(child, job.type, () => phase);
    });
    const wanted = RESULT_OF[job.type];
    return new Promise<Result>((resolve, reject) => {
      const errors: Buffer[] = [];
      child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
      child.stdout?.on('data', (chunk: Buffer) => {
        this.log.debug(chunk.toString());
      });
      child.on('message', (message: unknown) => {
        if (!isJobReply(message)) return;
        if (message.type === 'progress') {
          ({ phase } = message.progress);
          onProgress(message.progress);
        } else if (message.type === 'failed') reject(new JobFailed(message.problems.map(problemOf)));
        else if (message.type === wanted) resolve(message);
      });
      // Not once: a program that is gone makes fork report twice, and a late send to a dead process reports as well
      child.on('error', (error) => {
        reject(new JobFailed([new Problem('internal', `The process for this work could not be started: ${error.message}.`, 'See the log (TileScope: Show Log).', {}, { cause: error })]));
      });
      child.once('exit', (code, signal) => {
        const output = Buffer.concat(errors).toString().trim();
        if (output !== '') this.log.warn(output);
        const problem = token.isCancellationRequested
          ? new Problem('cancelled', 'Cancelled.', job.type === 'generate' ? 'Run it again when you like; nothing of this set was written.' : 'Run it again when you like.')
          : new Problem('internal', `The process for this work ended early (${signal ?? `exit code ${code ?? '?'}`}).`, 'See the log (TileScope: Show Log).');
        reject(new JobFailed([problem]));
      });
      send(child, job);
    }).finally(() => {
      cancel.dispose();
      this.running.delete(child);
    }) as Promise<ResultOf<T>>;
  }

  /** A job that loses its parent clears up after itself; killing it would leave its lock and its staging folder. */
  dispose(): void {
    for (const child of this.running) {
      if (child.connected) child.disconnect();
      killLater(child);
    }
  }
}

function send(child: ChildProcess, request: JobRequest): void {
  // A failure to send is told by the process's own end
  if (child.connected) child.send(request, () => undefined);
}
