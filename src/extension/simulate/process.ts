import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import type { Command } from './commands';

/** How a process ended: by itself, or by a signal. */
export interface Ended {
  readonly code: number | undefined;
  readonly signal?: string;
}

/** Thrown when a program could not be started. */
export class CannotStart extends Error {
  constructor(
    readonly program: string,
    readonly reason: string | undefined,
  ) {
    super(`${program} could not be started: ${reason ?? 'unknown'}`);
  }
}

/** A process that was asked to end gets this long, then it is killed. */
const GRACE_MS = 2000;

/**
 * Runs a program to its end, without a shell and without input.
 * @param cwd has to exist
 * @param onText what it writes on both outputs, as it comes
 * @param signal ends it together with the processes that it started
 * @throws CannotStart
 */
export function runProcess(command: Command, { cwd, onText, signal }: { readonly cwd: string; readonly onText: (text: string) => void; readonly signal: AbortSignal }): Promise<Ended> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve({ code: undefined, signal: 'SIGTERM' });
      return;
    }
    // A group of its own: Verilator starts make, and make starts compilers
    const child = spawn(command.program, command.args, { cwd, shell: false, detached: !isWindows(), windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = (): void => {
      killGroup(child, 'SIGTERM');
      kill = setTimeout(() => { killGroup(child, 'SIGKILL'); }, GRACE_MS);
    };
    let kill: NodeJS.Timeout | undefined;
    const settle = (): void => {
      signal.removeEventListener('abort', end);
      if (kill !== undefined) clearTimeout(kill);
    };
    signal.addEventListener('abort', end);
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      stream.on('data', (bytes: Buffer) => { onText(decoder.write(bytes)); });
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(new CannotStart(command.program, error.code));
    });
    child.on('close', (code, signalName) => {
      settle();
      resolve({ code: code ?? undefined, ...(signalName !== null && { signal: signalName }) });
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (isWindows()) {
    spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true, stdio: 'ignore' }).on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // It has just ended by itself
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isWindows(): boolean {
  return process.platform === 'win32';
}
