import { Worker } from 'node:worker_threads';
import type * as vscode from 'vscode';
import { problemOf } from '../../protocol/job';
import type { FileInfo, PagesAnswer, PagesQuestion, PagesReply, PagesRequest } from '../../protocol/pages';
import { isPagesReply } from '../../protocol/pageGuards';

/** The question was given up. */
export class GivenUp extends Error {}

/** The thread ended over the question. */
export class ThreadEnded extends Error {}

interface Waiting {
  readonly resolve: (answer: PagesAnswer) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

export interface Asked {
  /** @throws Problem what the thread found, GivenUp, ThreadEnded */
  readonly answer: Promise<PagesAnswer>;
  readonly cancel: () => void;
}

/** The pages of one file: less than a tenth of this is used. */
const MOST_MEGABYTES = 256;

/** The thread that reads one large file. A question after its end starts another. */
export class PagesThread implements vscode.Disposable {
  private thread: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private disposed = false;

  constructor(
    private readonly script: string,
    private readonly log: Pick<vscode.LogOutputChannel, 'debug' | 'warn'>,
    private readonly onStatus: (info: FileInfo) => void,
    /** It ended by itself: what it held is gone. */
    private readonly onEnd: (why: string) => void,
  ) {}

  ask(question: PagesQuestion, onProgress?: (done: number, total: number) => void): Asked {
    if (this.disposed) return { answer: Promise.reject(new GivenUp()), cancel: () => undefined };
    const id = this.nextId++;
    const thread = (this.thread ??= this.start());
    const post = (request: PagesRequest): void => { thread.postMessage(request); };
    const answer = new Promise<PagesAnswer>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress });
    });
    post({ id, ...question });
    return { answer, cancel: () => { post({ type: 'cancel', id }); } };
  }

  dispose(): void {
    this.disposed = true;
    const { thread } = this;
    this.thread = undefined;
    this.rejectAll(new GivenUp());
    void thread?.terminate();
  }

  private start(): Worker {
    const thread = new Worker(this.script, { resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES } });
    thread.unref();
    thread.on('message', (message: unknown) => {
      if (isPagesReply(message)) this.take(message);
      else this.end(thread, 'The thread that reads the file gave an answer that was not understood.');
    });
    thread.on('error', (error) => { this.end(thread, `The thread that reads the file failed: ${error.message}`); });
    thread.once('exit', () => { this.end(thread, 'The thread that reads the file ended.'); });
    return thread;
  }

  private take(reply: PagesReply): void {
    if (reply.type === 'status') {
      this.onStatus(reply.info);
      return;
    }
    const waiting = this.waiting.get(reply.id);
    if (reply.type === 'progress') {
      waiting?.onProgress?.(reply.done, reply.total);
      return;
    }
    this.waiting.delete(reply.id);
    if (reply.type === 'cancelled') waiting?.reject(new GivenUp());
    else if (reply.type === 'failed') waiting?.reject(problemOf(reply.problem));
    else waiting?.resolve(reply);
  }

  private end(thread: Worker, why: string): void {
    if (thread !== this.thread) return;
    this.thread = undefined;
    void thread.terminate();
    this.log.warn(why);
    this.rejectAll(new ThreadEnded(why));
    this.onEnd(why);
  }

  private rejectAll(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
