import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { InspectAnswer, InspectQuestion, InspectReply, InspectRequest } from '../../protocol/inspect';
import { isInspectReply } from '../../protocol/inspectGuards';

export type OnProgress = (what: string, done: number, total: number) => void;

/** Why a thread answers no more. */
export type RunEnd = { readonly type: 'stopped' } | { readonly type: 'broke'; readonly why: string };

/** The thread is over: what it had not answered it never will. */
export class RunOver extends Error {
  constructor(readonly end: RunEnd) {
    super(end.type === 'broke' ? end.why : 'The thread was ended.');
  }
}

interface Waiting {
  readonly resolve: (answer: InspectAnswer) => void;
  readonly reject: (error: RunOver) => void;
  readonly onProgress: OnProgress | undefined;
}

/** The thread ends alone when a layer makes it need more, rather than the extension host with it. */
const MOST_MEGABYTES = 2048;

/** One thread from its start to its end, and the questions that it is working on. */
export class ThreadRun {
  private readonly thread: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private over: RunEnd | undefined;

  /** @param script of the thread; that of ONNX Runtime's process stands beside it */
  constructor(script: string) {
    this.thread = new Worker(script, { workerData: { ortScript: path.join(path.dirname(script), 'ort.js') }, resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES } });
    this.thread.unref();
    this.thread.on('message', (message: unknown) => {
      if (isInspectReply(message)) this.receive(message);
      else this.finish({ type: 'broke', why: 'The thread of the inspector gave an answer that was not understood.' });
    });
    this.thread.on('messageerror', (error) => { this.finish({ type: 'broke', why: `An answer of the inspector's thread did not arrive: ${error.message}.` }); });
    this.thread.on('error', (error) => { this.finish({ type: 'broke', why: `The thread of the inspector failed: ${error.message}.` }); });
    this.thread.on('exit', () => { this.finish({ type: 'broke', why: 'The thread of the inspector ended.' }); });
  }

  get isOver(): boolean {
    return this.over !== undefined;
  }

  /** Resolves when the thread is gone. */
  stop(): void {
    this.finish({ type: 'stopped' });
  }

  /** @returns the question's number, for `cancel`, and its answer; that rejects with RunOver only */
  ask(question: InspectQuestion, onProgress?: OnProgress): { readonly id: number; readonly answer: Promise<InspectAnswer> } {
    const id = this.nextId++;
    const answer = new Promise<InspectAnswer>((resolve, reject) => {
      if (this.over !== undefined) {
        reject(new RunOver(this.over));
        return;
      }
      this.waiting.set(id, { resolve, reject, onProgress });
      this.post({ ...question, id });
    });
    return { id, answer };
  }

  cancel(id: number): void {
    if (this.waiting.has(id)) this.post({ type: 'cancel', id });
  }

  isWaitingFor(id: number): boolean {
    return this.waiting.has(id);
  }

  private post(request: InspectRequest): void {
    this.thread.postMessage(request);
  }

  private receive({ id, ...reply }: InspectReply): void {
    const waiting = this.waiting.get(id);
    // Its question may just have been given up
    if (waiting === undefined) return;
    if (reply.type === 'progress') {
      waiting.onProgress?.(reply.what, reply.done, reply.total);
      return;
    }
    this.waiting.delete(id);
    waiting.resolve(reply);
  }

  private finish(end: RunEnd): void {
    if (this.over !== undefined) return;
    this.over = end;
    // What it says from now on is nobody's answer
    this.thread.removeAllListeners('message').on('error', () => undefined);
    void this.thread.terminate();
    for (const { reject } of this.waiting.values()) reject(new RunOver(end));
    this.waiting.clear();
  }
}
