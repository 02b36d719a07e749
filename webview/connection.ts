import type { ViewAnswer, ViewQuestion } from '../src/protocol/inspect';
import { idOf } from '../src/protocol/inspectGuards';
import type { ProblemData } from '../src/protocol/job';
import type { HostMessage, PageAnswer, PageMessage, PageQuestion } from '../src/protocol/panel';
import { isHostMessage } from '../src/protocol/panelGuards';
import type { Asked, Listener } from './data/cache';

type AnswerListener = Omit<Listener, 'answered'> & { readonly answered: (answer: PageAnswer) => void };

/** Sends messages to the extension host and hands out its answers by number. */
export class Connection {
  private nextId = 1;
  private readonly open = new Map<number, AnswerListener>();

  /**
   * @param send gives a message to the host
   * @param heard takes messages that are no answers
   */
  constructor(
    private readonly send: (message: PageMessage) => void,
    private readonly heard: (message: Exclude<HostMessage, { readonly id: number }>) => void,
  ) {}

  tell(message: Exclude<PageMessage, { readonly type: 'ask' | 'cancel' }>): void {
    this.send(message);
  }

  /** Asks a question; the listener hears at most one answer, and nothing once it was cancelled. */
  ask(question: PageQuestion, listener: AnswerListener): Asked {
    const id = this.nextId++;
    this.open.set(id, listener);
    this.send({ type: 'ask', id, question });
    return {
      cancel: () => {
        if (this.open.delete(id)) this.send({ type: 'cancel', id });
      },
    };
  }

  /** An answer as a promise; undefined when the host gave the question up. @throws Refusal when it was refused */
  answerTo(question: PageQuestion): Promise<PageAnswer | undefined> {
    return new Promise((answered, failed) => {
      const refused: AnswerListener['refused'] = ({ what, next }) => {
        failed(new Refusal(`${what} ${next}`));
      };
      this.ask(question, { answered, refused, gone: () => { answered(undefined); }, progress: () => undefined });
    });
  }

  askView(question: ViewQuestion, listener: Listener): Asked {
    const answered = (answer: PageAnswer): void => {
      if (isView(answer) && answer.type === question.type) listener.answered(answer);
      else listener.refused(NOT_UNDERSTOOD);
    };
    return this.ask(question, { ...listener, answered });
  }

  /** Whoever asked would wait for ever. */
  private refuse(id: number | undefined): void {
    const listener = id === undefined ? undefined : this.open.get(id);
    if (id === undefined || listener === undefined) return;
    this.open.delete(id);
    listener.refused(NOT_UNDERSTOOD);
  }

  /** Takes what the host sent, whatever it is. */
  receive(data: unknown): void {
    if (!isHostMessage(data)) {
      this.send({ type: 'trouble', what: `The page was sent a message that it does not know: ${describe(data)}` });
      this.refuse(idOf(data));
      return;
    }
    if (!('id' in data)) {
      this.heard(data);
      return;
    }
    const listener = this.open.get(data.id);
    if (data.type === 'progress') {
      listener?.progress(data);
      return;
    }
    this.open.delete(data.id);
    if (data.type === 'answer') listener?.answered(data.answer);
    else if (data.type === 'refused') listener?.refused(data.problem);
    else listener?.gone();
  }
}

/** Why the host did not answer, as two sentences. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

const NOT_UNDERSTOOD: ProblemData = { code: 'internal', what: 'The page did not understand the answer to what it asked.', next: 'Try again; if it stays so, report it with the log (TileScope: Show Log).', place: {} };

function isView(answer: PageAnswer): answer is ViewAnswer {
  return answer.type !== 'compared';
}

function describe(data: unknown): string {
  const type: unknown = typeof data === 'object' && data !== null && 'type' in data ? data.type : undefined;
  const inner: unknown = typeof data === 'object' && data !== null && 'answer' in data && typeof data.answer === 'object' && data.answer !== null && 'type' in data.answer ? data.answer.type : undefined;
  return [typeof data, type, inner].filter((part) => typeof part === 'string').join(' ');
}
