import { setImmediate as breathe } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type * as vscode from 'vscode';
import { problemOf } from '../../protocol/job';
import type { ReadAnswer, ReadQuestion, ReadRequest } from '../../protocol/reading';
import { isReadReply } from '../../protocol/reading';

type Answer<T extends ReadQuestion['type']> = Extract<ReadAnswer, { type: T }>;

/** The text behind a question's `key`, in pieces that take a few milliseconds each. */
export interface Pieces {
  readonly key: string;
  readonly pieces: () => Iterable<string>;
}

export interface ReaderOptions {
  readonly idleMs?: number;
  /** How long one answer may take. */
  readonly budgetMs?: number;
}

/** A question was given up: nobody wants the answer any more. */
export class GivenUp extends Error {}

/** A question took longer than it may, or the thread ended over it. */
export class ReaderFailed extends Error {}

const ENDED = 'The thread that reads golden files ended.';
const IDLE_MS = 60_000;
const BUDGET_MS = 30_000;
/** Texts that the thread keeps: those of the documents that were asked about last. */
const MOST_TEXTS = 2;
/** The thread ends alone when a text makes it need more, rather than the extension host with it. */
const MOST_MEGABYTES = 2048;

interface Waiting {
  readonly question: ReadQuestion;
  readonly text: Pieces | undefined;
  readonly resolve: (answer: ReadAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks a thread what golden files are, one question at a time. The thread starts with the first question, ends when it has been idle, and a
 * question that is given up or takes too long ends it as well: the next one starts another.
 */
export class Reader implements vscode.Disposable {
  private thread: Worker | undefined;
  private readonly sent: string[] = [];
  private readonly queue: Waiting[] = [];
  private running: Waiting | undefined;
  private idle: NodeJS.Timeout | undefined;
  private nextId = 1;
  private disposed = false;

  constructor(
    private readonly script: string,
    private readonly log: Pick<vscode.LogOutputChannel, 'debug' | 'warn'>,
    private readonly options: ReaderOptions = {},
  ) {}

  /** Is there a thread at present? */
  get isRunning(): boolean {
    return this.thread !== undefined;
  }

  /**
   * @param text what the question's `key` stands for
   * @throws Problem what the thread found, GivenUp, ReaderFailed
   */
  ask<T extends ReadQuestion['type']>(question: ReadQuestion & { readonly type: T }, text?: Pieces, signal?: AbortSignal): Promise<Answer<T>> {
    return new Promise<ReadAnswer>((resolve, reject) => {
      if (this.disposed || signal?.aborted === true) {
        reject(new GivenUp());
        return;
      }
      const waiting: Waiting = { question, text, resolve, reject };
      signal?.addEventListener('abort', () => { this.giveUp(waiting); }, { once: true });
      this.queue.push(waiting);
      void this.work();
    }) as Promise<Answer<T>>;
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.idle);
    this.stop();
    for (const { reject } of this.queue.splice(0)) reject(new GivenUp());
    this.running?.reject(new GivenUp());
  }

  private giveUp(waiting: Waiting): void {
    waiting.reject(new GivenUp());
    const at = this.queue.indexOf(waiting);
    if (at >= 0) this.queue.splice(at, 1);
    else if (this.running === waiting) this.stop();
  }

  private async work(): Promise<void> {
    if (this.running !== undefined) return;
    clearTimeout(this.idle);
    for (let next = this.queue.shift(); next !== undefined && !this.disposed; next = this.queue.shift()) {
      this.running = next;
      try {
        next.resolve(await this.answer(next));
      } catch (error) {
        next.reject(error);
      }
      this.running = undefined;
    }
    this.idle = setTimeout(() => { this.stop(); }, this.options.idleMs ?? IDLE_MS);
    this.idle.unref();
  }

  private async answer({ question, text }: Waiting): Promise<ReadAnswer> {
    const thread = (this.thread ??= this.start());
    const id = this.nextId++;
    const post = (request: ReadRequest): void => { thread.postMessage(request); };
    const started = performance.now();
    if (text !== undefined && !this.sent.includes(text.key)) await this.send(text, thread, post);
    const answer = this.answerOf(thread, id);
    post({ id, ...question });
    const found = await answer;
    this.log.debug(`Reading: ${question.type} took ${(performance.now() - started).toFixed(0)} ms`);
    if (found.type === 'failed') throw problemOf(found.problem);
    return found;
  }

  private async send({ key, pieces }: Pieces, thread: Worker, post: (request: ReadRequest) => void): Promise<void> {
    try {
      for (const text of pieces()) {
        post({ type: 'text', key, text });
        await breathe();
        if (this.thread !== thread) throw new ReaderFailed(ENDED);
      }
    } catch (error) {
      // Half a text is none
      post({ type: 'forget', key });
      throw error;
    }
    this.sent.push(key);
    if (this.sent.length > MOST_TEXTS) post({ type: 'forget', key: this.sent.shift()! });
  }

  private answerOf(thread: Worker, id: number): Promise<ReadAnswer> {
    const budget = this.options.budgetMs ?? BUDGET_MS;
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        thread.off('message', onMessage).off('error', onError).off('exit', onExit);
        end();
      };
      const onMessage = (message: unknown): void => {
        if (isReadReply(message) && message.id === id) settle(() => { resolve(message); });
        else settle(() => { this.stop(thread); reject(new ReaderFailed('The thread that reads golden files gave an answer that was not understood.')); });
      };
      const onError = (error: Error): void => {
        settle(() => { this.stop(thread); reject(new ReaderFailed(`The thread that reads golden files failed: ${error.message}`, { cause: error })); });
      };
      const onExit = (): void => {
        settle(() => { this.stop(thread); reject(new ReaderFailed(ENDED)); });
      };
      const timer = setTimeout(() => {
        settle(() => { this.stop(thread); reject(new ReaderFailed(`Reading took longer than ${budget / 1000} s and was given up.`)); });
      }, budget);
      thread.on('message', onMessage).on('error', onError).on('exit', onExit);
    });
  }

  private start(): Worker {
    const thread = new Worker(this.script, { resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES } });
    thread.unref();
    this.log.debug(`Reading: thread ${thread.threadId} started`);
    // One that fails between two questions is replaced with the next
    thread.on('error', (error) => { this.log.warn(`The thread that reads golden files failed: ${error.message}`); });
    thread.once('exit', () => {
      this.stop(thread);
    });
    return thread;
  }

  /** Ends a thread, unless it has been replaced: the end of an old one must not be that of its successor. */
  private stop(thread = this.thread): void {
    if (thread !== this.thread) return;
    this.thread = undefined;
    this.sent.length = 0;
    void thread?.terminate();
  }
}
