import type { ChildProcess } from 'node:child_process';
import type { JobRequest } from '../protocol/job';
import type { Progress } from '../protocol/report';

/** How long a cancelled job may take to leave in good order, and one that has written nothing to answer, before it is killed. */
const GRACE_MS = 3000;
const ANSWER_MS = 50;

/** The phases of a job in which it may write: before the first of them is told nothing of a set is on the disk. */
const WRITING: readonly Progress['phase'][] = ['check', 'write'];

/**
 * Cancels a job. One that hears nothing because it computes without a break is killed, at once where that leaves nothing half-written.
 * @param phase what the job told last of its progress
 */
export function cancelJob(child: ChildProcess, type: JobRequest['type'], phase: () => Progress['phase'] | undefined): void {
  // A failure to send is told by the process's own end
  if (child.connected) child.send({ type: 'cancel' } satisfies JobRequest, () => undefined);
  const mayWrite = (): boolean => {
    const now = phase();
    return type === 'generate' && now !== undefined && WRITING.includes(now);
  };
  killLater(child, ANSWER_MS, () => !mayWrite());
  killLater(child, GRACE_MS);
}

/** Kills a process that has not ended by then. */
export function killLater(child: ChildProcess, ms = GRACE_MS, should: () => boolean = () => true): void {
  const timer = setTimeout(() => {
    if (should()) child.kill('SIGKILL');
  }, ms);
  timer.unref();
  child.once('exit', () => {
    clearTimeout(timer);
  });
}
