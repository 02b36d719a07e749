import type * as vscode from 'vscode';
import { Problem } from '../../engine/problem';
import type { CheckTarget } from '../../protocol/checkReport';
import type { InspectAnswer, InspectQuestion, InspectSubject } from '../../protocol/inspect';
import { problemOf } from '../../protocol/job';
import type { OnProgress } from './threadRun';
import { RunOver, ThreadRun } from './threadRun';

/** What questions are answered with whose answer has another name. */
interface AnswerNames {
  readonly open: 'opened';
  readonly compare: 'compared';
  readonly locate: 'located';
}
type Answer<T extends InspectQuestion['type']> = Extract<InspectAnswer, { type: T extends keyof AnswerNames ? AnswerNames[T] : T }>;

export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface ThreadOptions {
  /** How long the thread may take to give up a question before it is ended. */
  readonly graceMs?: number;
  /** Told when a thread that was started anew could not attach the dump again: questions are answered without it. */
  readonly onDumpLost?: (problem: Problem) => void;
}

/** Nobody wants the answer any more. */
export class GivenUp extends Error {}

const GRACE_MS = 1000;

const ANSWER_NAMES: AnswerNames = { open: 'opened', compare: 'compared', locate: 'located' };

/** A thread, and its layer once it is open and its dump is attached. */
interface Session {
  readonly run: ThreadRun;
  readonly ready: Promise<void>;
}

/**
 * Asks a thread what an inspector shows, many questions at a time. A thread that breaks refuses what it was asked, one that does not give up a
 * question in time is ended and what else it was asked goes to the next; either way the next question opens the layer anew.
 */
export class InspectorThread implements vscode.Disposable {
  private session: Session | undefined;
  private subject: InspectSubject | undefined;
  private target: CheckTarget | undefined;
  /** Counts changes of the target. */
  private comparison = 0;
  private disposed = false;

  constructor(
    /** Path of what a thread runs. */
    readonly script: string,
    private readonly log: Pick<vscode.LogOutputChannel, 'debug' | 'warn'>,
    private readonly options: ThreadOptions = {},
  ) {}

  /** Is there a thread at present? */
  get isRunning(): boolean {
    return this.session !== undefined && !this.session.run.isOver;
  }

  /**
   * Opens a layer in a thread of its own. What was asked of the one before is given up.
   * @throws Problem what the thread found, GivenUp
   */
  async open(subject: InspectSubject, onProgress?: OnProgress): Promise<Answer<'open'>> {
    this.stop();
    this.subject = subject;
    this.attach(undefined);
    const run = this.start();
    const opened = answerOf(run.ask({ type: 'open', subject }, onProgress).answer, 'open');
    const ready = opened.then(() => undefined);
    // Whoever asks meanwhile waits for it; without such a one nobody else hears of its failure
    ready.catch(() => undefined);
    this.session = { run, ready };
    try {
      return await opened;
    } catch (error) {
      this.drop(run);
      throw this.translated(error);
    }
  }

  /**
   * @throws Problem what the thread found, or that it broke; GivenUp when `signal` is aborted, and when the layer is opened anew
   */
  async ask<T extends Exclude<InspectQuestion['type'], 'open'>>(question: InspectQuestion & { readonly type: T }, { signal, onProgress }: AskOptions = {}): Promise<Answer<T>> {
    for (;;) {
      const session = this.current();
      try {
        const answer = await this.asked(session, question, signal, onProgress);
        return answer as Answer<T>;
      } catch (error) {
        if (signal?.aborted === true) throw new GivenUp();
        // Ended because of another question, which a person gave up: this one is as good as before. What crashes is not asked again
        if (error instanceof RunOver && error.end.type === 'stopped' && this.evicted.has(session.run)) continue;
        throw this.translated(error);
      }
    }
  }

  /** As `ask`; a thread that is started anew has the dump attached again, unless that failed. */
  async compare(target: CheckTarget | undefined, options: AskOptions = {}): Promise<Answer<'compare'>> {
    const comparison = this.attach(undefined);
    const answer = await this.ask({ type: 'compare', ...(target !== undefined && { target }) }, options);
    // A later one may have been asked for meanwhile
    if (this.comparison === comparison) this.attach(target);
    return answer;
  }

  dispose(): void {
    this.disposed = true;
    this.stop();
  }

  /** Runs that were ended for not giving up a question. */
  private readonly evicted = new WeakSet<ThreadRun>();

  private attach(target: CheckTarget | undefined): number {
    this.target = target;
    return ++this.comparison;
  }

  /** A layer that did not open: the next question tries it anew. */
  private drop(run: ThreadRun): void {
    if (this.session?.run === run) this.stop();
  }

  private stop(): void {
    this.session?.run.stop();
    this.session = undefined;
  }

  private start(): ThreadRun {
    if (this.disposed) throw new GivenUp();
    this.log.debug('Inspector: a thread starts');
    return new ThreadRun(this.script);
  }

  /** The thread as it is, or another with the layer open and the dump attached. @throws GivenUp */
  private current(): Session {
    if (this.disposed || this.subject === undefined) throw new GivenUp();
    if (this.session !== undefined && !this.session.run.isOver) return this.session;
    const run = this.start();
    const ready = this.reopen(run, this.subject, this.target);
    ready.catch(() => { this.drop(run); });
    this.session = { run, ready };
    return this.session;
  }

  private async reopen(run: ThreadRun, subject: InspectSubject, target: CheckTarget | undefined): Promise<void> {
    await answerOf(run.ask({ type: 'open', subject }).answer, 'open');
    if (target === undefined) return;
    try {
      await answerOf(run.ask({ type: 'compare', target }).answer, 'compare');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.warn(`Inspector: a dump could not be attached again: ${error.format()}`);
      if (this.target === target) this.attach(undefined);
      this.options.onDumpLost?.(error);
    }
  }

  private async asked({ run, ready }: Session, question: InspectQuestion, signal: AbortSignal | undefined, onProgress: OnProgress | undefined): Promise<InspectAnswer> {
    await abortable(ready, signal);
    if (signal?.aborted === true) throw new GivenUp();
    const { id, answer } = run.ask(question, onProgress);
    const onAbort = (): void => { this.giveUp(run, id); };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await abortable(answerOf(answer, question.type), signal);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private giveUp(run: ThreadRun, id: number): void {
    run.cancel(id);
    const timer = setTimeout(() => {
      if (!run.isWaitingFor(id) || run.isOver) return;
      this.log.warn('Inspector: a question that was given up was not, so its thread is ended');
      this.evicted.add(run);
      run.stop();
    }, this.options.graceMs ?? GRACE_MS);
    timer.unref();
  }

  private translated(error: unknown): unknown {
    if (!(error instanceof RunOver)) return error;
    const { end } = error;
    if (end.type === 'stopped') return new GivenUp();
    this.log.warn(end.why);
    return new Problem('internal', end.why, 'Try it again; see the log (TileScope: Show Log).', {}, { cause: error });
  }
}

async function answerOf<T extends InspectQuestion['type']>(answer: Promise<InspectAnswer>, type: T): Promise<Answer<T>> {
  const found = await answer;
  if (found.type === 'failed') throw problemOf(found.problem);
  if (found.type === 'cancelled') throw new GivenUp();
  if (found.type !== nameOf(type)) throw new Problem('internal', `The thread of the inspector answered ${type} with ${found.type}.`, 'Report it with the log (TileScope: Show Log).');
  return found as Answer<T>;
}

function nameOf(type: InspectQuestion['type']): InspectAnswer['type'] {
  return type === 'open' || type === 'compare' || type === 'locate' ? ANSWER_NAMES[type] : type;
}

/** What the promise gives, unless the signal is aborted before. @throws GivenUp */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => { reject(new GivenUp()); };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => { signal.removeEventListener('abort', onAbort); });
  });
}
