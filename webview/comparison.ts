import type { Connection } from './connection';
import type { Asked } from './data/cache';
import { mismatchStep } from './mismatch';
import type { Action } from './state/reduce';
import { changeOf, coordinatesOf } from './state/selection';
import type { PageState } from './state/state';

/** The dump beside the golden values: attaches it, and walks over the words that differ. */
export class Comparison {
  private comparing: Asked | undefined;
  private looking: Asked | undefined;

  constructor(
    private readonly connection: Pick<Connection, 'ask'>,
    private readonly state: () => PageState,
    private readonly dispatch: (action: Action) => void,
  ) {}

  /** Attaches one of the dumps, or none. The latest choice wins. */
  attach(dumpId: string | undefined): void {
    this.comparing?.cancel();
    this.dispatch({ type: 'comparing', dumpId });
    this.comparing = this.connection.ask(dumpId === undefined ? { type: 'compare' } : { type: 'compare', dump: dumpId }, {
      answered: (answer) => { if (answer.type === 'compared') this.dispatch({ type: 'compared', dump: answer.dump }); },
      refused: (problem) => { this.dispatch({ type: 'notCompared', problem }); },
      gone: () => { this.dispatch({ type: 'compared', dump: undefined }); },
      progress: () => undefined,
    });
  }

  /** Goes to the next word that differs, or to the one before, over the end of the dump to its other end. */
  step(backward: boolean): void {
    const state = this.state();
    if (state.phase !== 'open') return;
    const { dump, selection } = state;
    if (dump === undefined) {
      this.notice('No dump is attached: choose one to compare with.');
      return;
    }
    this.ask(coordinatesOf(selection, dump.kind), backward, false);
  }

  private ask(from: ReturnType<typeof coordinatesOf>, backward: boolean, wrapped: boolean): void {
    this.looking?.cancel();
    this.looking = this.connection.ask({ type: 'mismatch', from, backward }, {
      answered: (answer) => {
        if (answer.type !== 'mismatch') return;
        const step = mismatchStep(answer, backward, wrapped);
        if (step.type === 'wrap') {
          this.ask(undefined, backward, true);
          return;
        }
        if (step.type === 'show') {
          this.dispatch({ type: 'select', change: changeOf(step.coordinates) });
          this.dispatch({ type: 'mismatch', mismatch: step.mismatch });
        }
        this.notice(step.notice);
      },
      refused: ({ what, next }) => { this.notice(`${what} ${next}`); },
      gone: () => undefined,
      progress: () => undefined,
    });
  }

  private notice(notice: string): void {
    this.dispatch({ type: 'notice', notice });
  }
}
