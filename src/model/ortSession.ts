import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Problem } from '../engine/problem';
import type { OrtFailed, OrtReply, OrtRequest, OrtTensors } from '../protocol/ort';
import { isOrtReply } from '../protocol/ort';
import type { ExtraOutputs } from './extraOutputs';
import { withExtraOutputs } from './extraOutputs';
import type { OnnxModel } from './onnxFile';

/** A model loaded in a process of its own. */
export interface OrtSession {
  /** Process id, for messages and tests. */
  readonly pid: number | undefined;
  /**
   * Runs the model once. One run at a time.
   * @param fetches outputs to return
   * @throws Problem `onnx-run`, `cancelled`
   */
  run(feeds: OrtTensors, fetches: readonly string[]): Promise<OrtTensors>;
  /** Ends the process. */
  dispose(): void;
}

export interface OrtOptions {
  /** Aborting ends the process at once; what is under way rejects with Problem `cancelled`. */
  readonly signal?: AbortSignal | undefined;
  readonly extraOutputs?: ExtraOutputs | undefined;
}

/** Where the bundled process script stands beside the bundled program. */
export function defaultOrtScript(): string {
  return path.join(path.dirname(__filename), 'ort.js');
}

/**
 * Starts ONNX Runtime in a child process and loads a model into it. The caller disposes the session.
 * @param script the bundled `ort.js`
 * @throws Problem `ort-missing` when ONNX Runtime does not load on this machine, `onnx-run` when it does not take the model, `cancelled`
 */
export async function openOrt(script: string, model: OnnxModel, { signal, extraOutputs = {} }: OrtOptions = {}): Promise<OrtSession> {
  if (signal?.aborted === true) throw cancelled();
  if (!existsSync(script)) {
    throw new Problem('ort-missing', `The part of TileScope that runs models is missing: ${script}.`, 'Install TileScope again; in a clone, run "npm run build".', { file: script });
  }
  const child = new OrtChild(script, model.file, signal);
  try {
    const external = [...model.external].map(([location, data]) => ({ path: location, data }));
    await child.request((id) => ({ type: 'open', id, model: withExtraOutputs(model.bytes, extraOutputs), external }));
  } catch (error) {
    child.dispose();
    throw error;
  }
  return {
    pid: child.pid,
    run: async (feeds, fetches) => {
      const reply = await child.request((id) => ({ type: 'run', id, feeds, fetches }));
      if (reply.type !== 'ran') throw child.ended(`it answered "${reply.type}" to a run`);
      return reply.outputs;
    },
    dispose: () => {
      child.dispose();
    },
  };
}

/** How much of what the process wrote to stderr is told when it crashes, in characters. */
const STDERR_TAIL = 2000;

interface Waiting {
  readonly resolve: (reply: Exclude<OrtReply, OrtFailed>) => void;
  readonly reject: (problem: Problem) => void;
}

/** The child process, with the requests that wait for its replies. */
class OrtChild {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly stopListening: () => void;
  private lastId = 0;
  private stderr = '';
  /** Why no more requests are taken. */
  private over: Problem | undefined;

  constructor(
    script: string,
    private readonly file: string,
    signal: AbortSignal | undefined,
  ) {
    this.child = fork(script, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // neither a debugger's port nor a loader of the parent's is meant for the child
      execArgv: [],
      // VS Code's own program runs as Node only when told so
      env: process.versions['electron'] === undefined ? process.env : { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_TAIL);
    });
    this.child.on('message', (message: unknown) => {
      this.receive(message);
    });
    this.child.on('error', (error) => {
      this.finish(this.ended(`it could not be started or reached: ${error.message}`));
    });
    this.child.on('close', (code, killedBy) => {
      this.finish(this.ended(killedBy === null ? `it exited with code ${code ?? 'unknown'}` : `it was ended by ${killedBy}`));
    });
    const abort = (): void => {
      this.finish(cancelled());
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.stopListening = () => signal?.removeEventListener('abort', abort);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  request(build: (id: number) => OrtRequest): Promise<Exclude<OrtReply, OrtFailed>> {
    return new Promise((resolve, reject) => {
      if (this.over !== undefined) {
        reject(this.over);
        return;
      }
      const request = build(++this.lastId);
      this.waiting.set(request.id, { resolve, reject });
      this.send(request);
    });
  }

  private send(request: OrtRequest): void {
    const failed = (error: unknown): void => {
      this.finish(this.ended(`the request could not be sent: ${error instanceof Error ? error.message : String(error)}`));
    };
    try {
      this.child.send(request, (error) => {
        // a process that died meanwhile is told by 'close', which knows why
        if (error !== null && this.child.connected) failed(error);
      });
    } catch (error) {
      // more than one message holds
      failed(error);
    }
  }

  dispose(): void {
    this.finish(this.ended('it was already disposed'));
  }

  ended(how: string): Problem {
    const tail = this.stderr.trim();
    return new Problem(
      'onnx-run',
      `The process that runs the model stopped: ${how}.${tail === '' ? '' : ` Its last words: ${tail}`}`,
      'Try again; if it happens again the model may need more memory than there is, or ONNX Runtime has a defect with it.',
      { file: this.file },
    );
  }

  /** Ends the process and everything that waits for it. */
  private finish(problem: Problem): void {
    if (this.over !== undefined) return;
    this.over = problem;
    this.stopListening();
    this.child.kill('SIGKILL');
    for (const { reject } of this.waiting.values()) reject(problem);
    this.waiting.clear();
  }

  private receive(message: unknown): void {
    if (!isOrtReply(message)) {
      this.finish(this.ended('it sent what is no reply'));
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.type === 'failed') waiting?.reject(failure(message, this.file));
    else waiting?.resolve(message);
  }
}

function failure({ stage, message }: OrtFailed, file: string): Problem {
  switch (stage) {
    case 'runtime':
      return new Problem(
        'ort-missing',
        `ONNX Runtime does not load on this machine (${process.platform}-${process.arch}): ${message}.`,
        'Everything but capture works: give .npy sources instead of a model (float tensors with their alphas, or integer codes).',
        { file },
      );
    case 'model':
      return new Problem('onnx-run', `ONNX Runtime does not load the model: ${message}.`, 'Check the model with onnx.checker, and export it with an operator set that ONNX Runtime knows.', { file });
    case 'run':
      return new Problem('onnx-run', `ONNX Runtime could not run the model: ${message}.`, 'Check that the input belongs to this model.', { file });
  }
}

function cancelled(): Problem {
  return new Problem('cancelled', 'Running the model was cancelled.', 'Start it again when you want its result.');
}
