import { isToPage } from '../../src/protocol/pageGuards';
import type { PageMessage, ToPage, ViewAnswer, ViewQuestion } from '../../src/protocol/pages';

/** A question that was given up, or that the thread could not answer. */
export class Unanswered extends Error {}

interface Waiting {
  readonly resolve: (answer: ViewAnswer) => void;
  readonly reject: (error: Unanswered) => void;
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

export interface Asked<T> {
  readonly answer: Promise<T>;
  readonly cancel: () => void;
}

/** The extension host, as the page sees it. */
export class Host {
  private readonly api = acquireVsCodeApi();
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(private readonly onEvent: (message: ToPage) => void) {
    window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (isToPage(data)) this.take(data);
      else this.post({ type: 'trouble', what: 'A message was not understood.' });
    });
    window.addEventListener('error', ({ message }) => { this.post({ type: 'trouble', what: message.slice(0, 1000) }); });
    window.addEventListener('unhandledrejection', ({ reason }) => { this.post({ type: 'trouble', what: String(reason).slice(0, 1000) }); });
  }

  post(message: PageMessage): void {
    this.api.postMessage(message);
  }

  ask<T extends ViewAnswer['type']>(question: ViewQuestion, type: T, onProgress?: (done: number, total: number) => void): Asked<Extract<ViewAnswer, { type: T }>> {
    const id = this.nextId++;
    const answer = new Promise<ViewAnswer>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress });
    }).then((found) => {
      if (found.type !== type) throw new Unanswered('The answer was not understood.');
      return found as Extract<ViewAnswer, { type: T }>;
    });
    this.post({ type: 'ask', id, question });
    return { answer, cancel: () => { this.post({ type: 'cancel', id }); } };
  }

  /** What a reload of the page leaves. */
  get kept(): unknown {
    return this.api.getState();
  }

  keep(state: unknown): void {
    this.api.setState(state);
  }

  private take(message: ToPage): void {
    if (!('id' in message)) {
      this.onEvent(message);
      return;
    }
    const waiting = this.waiting.get(message.id);
    if (message.type === 'progress') {
      waiting?.onProgress?.(message.done, message.total);
      return;
    }
    this.waiting.delete(message.id);
    if (message.type === 'answer') waiting?.resolve(message.answer);
    else waiting?.reject(new Unanswered(message.type === 'refused' ? `${message.problem.what} ${message.problem.next}` : ''));
  }
}
