import { Problem, asProblem } from '../engine/problem';
import type { InspectProgress } from '../project/inspect/run';
import type { InspectSession } from '../project/inspect/session';
import type { InspectAnswer, InspectReply, InspectRequest } from '../protocol/inspect';
import { NO_ID } from '../protocol/inspect';
import { idOf, isInspectRequest } from '../protocol/inspectGuards';
import { problemData } from '../protocol/job';
import { paced } from './paced';

/** A question that waits or is worked on. */
interface Pending {
  readonly stop: AbortController;
  begun: boolean;
}

/**
 * Takes messages in any order and state, and answers each question once: one after the other, in the order in which they came. Only what is
 * given up before its turn is answered at once: whoever gives it up would take a thread that is busy with another for one that hangs.
 */
export class Inspector {
  /** By number. */
  private readonly pending = new Map<number, Pending>();
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly session: Pick<InspectSession, 'answer'>,
    private readonly send: (reply: InspectReply) => void,
  ) {}

  receive(message: unknown): void {
    if (!isInspectRequest(message)) this.refuse(idOf(message) ?? NO_ID, 'a question was not understood');
    else if (message.type === 'cancel') this.cancel(message.id);
    else if (this.pending.has(message.id)) this.refuse(message.id, `the number ${message.id} was given to two questions`);
    else this.take(message);
  }

  private take(question: Exclude<InspectRequest, { type: 'cancel' }>): void {
    const { id } = question;
    const pending: Pending = { stop: new AbortController(), begun: false };
    this.pending.set(id, pending);
    this.last = this.last.then(async () => {
      // Another question may have its number by now
      if (this.pending.get(id) !== pending) return;
      pending.begun = true;
      const answer = await this.answer(question, pending.stop.signal);
      this.pending.delete(id);
      this.reply(id, answer);
    });
  }

  private cancel(id: number): void {
    const pending = this.pending.get(id);
    if (pending === undefined) return;
    pending.stop.abort();
    if (pending.begun) return;
    this.pending.delete(id);
    this.reply(id, { type: 'cancelled' });
  }

  private async answer(question: Exclude<InspectRequest, { type: 'cancel' }>, signal: AbortSignal): Promise<InspectAnswer> {
    const onProgress = paced(
      (progress: InspectProgress) => {
        this.send({ id: question.id, type: 'progress', ...progress });
      },
      ({ what }) => what,
    );
    try {
      return await this.session.answer(question, { signal, onProgress });
    } catch (error) {
      const problem = asProblem(error);
      return problem.code === 'cancelled' ? { type: 'cancelled' } : { type: 'failed', problem: problemData(problem) };
    }
  }

  private reply(id: number, answer: InspectAnswer): void {
    try {
      this.send({ id, ...answer });
    } catch (error) {
      this.send({ id, type: 'failed', problem: problemData(asProblem(error)) });
    }
  }

  private refuse(id: number, what: string): void {
    this.send({ id, type: 'failed', problem: problemData(new Problem('internal', `TileScope itself failed: ${what}.`, 'Report it with the log (Output > TileScope).')) });
  }
}
