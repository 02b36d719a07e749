import type { ViewAnswer, ViewQuestion } from '../../src/protocol/inspect';
import type { ProblemData } from '../../src/protocol/job';

/** The answer to a question of a type. */
export type AnswerTo<T extends ViewQuestion['type']> = Extract<ViewAnswer, { readonly type: T }>;

export interface Progress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** A question that is under way. `settled` is called once, with nothing when it was given up. */
export interface Asked {
  cancel(): void;
}
export interface Listener {
  readonly answered: (answer: ViewAnswer) => void;
  readonly refused: (problem: ProblemData) => void;
  readonly gone: () => void;
  readonly progress: (progress: Progress) => void;
}
export type Ask = (question: ViewQuestion, listener: Listener) => Asked;

/** What is known of a question's answer. */
export interface Known<T extends ViewQuestion['type']> {
  readonly answer?: AnswerTo<T>;
  readonly problem?: ProblemData;
  readonly progress?: Progress;
}

interface Entry {
  known: Known<ViewQuestion['type']>;
  asked: Asked | undefined;
  wantedAt: number;
  /** The drawing that showed it last; one that is only expected to be looked at next was never shown. */
  shownAt: number;
  /** Of its answer. */
  bytes: number;
}

/** What is kept beside what a drawing wants; the longest unwanted go first. */
export interface CacheLimits {
  readonly bytes: number;
  readonly entries: number;
}

const LIMITS: CacheLimits = { bytes: 48 * 2 ** 20, entries: 1024 };

/**
 * Answers by question. Drawing asks for what it shows; what is not here is asked for, once. What a drawing no longer wants while it is
 * still under way is given up: that makes the latest pick win, and scrolling past costs nothing.
 */
export class Cache {
  private readonly entries = new Map<string, Entry>();
  private round = 0;
  private held = 0;

  constructor(
    private readonly ask: Ask,
    private readonly changed: () => void,
    private readonly limits = LIMITS,
  ) {}

  /** Starts a drawing: what is wanted from here until {@link end} is what it shows. */
  begin(): void {
    this.round++;
  }

  /** What is known of an answer now. */
  want<Q extends ViewQuestion>(question: Q): Known<Q['type']> {
    const entry = this.kept(question);
    entry.shownAt = this.round;
    return entry.known;
  }

  /** Asks for what is likely to be looked at next, once everything that is shown is here: nothing shown waits for it, and nothing is drawn when it comes. */
  expect(questions: readonly ViewQuestion[]): void {
    const isWaited = [...this.entries.values()].some(({ shownAt, asked }) => shownAt === this.round && asked !== undefined);
    if (!isWaited) for (const question of questions) this.kept(question);
  }

  private kept(question: ViewQuestion): Entry {
    const key = JSON.stringify(question);
    const entry = this.entries.get(key) ?? this.askFor(key, question);
    entry.wantedAt = this.round;
    // Back of the queue for eviction
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  /** Ends a drawing: gives up what it did not want, and forgets the oldest answers. */
  end(): void {
    for (const [key, entry] of this.entries) {
      if (entry.wantedAt === this.round) continue;
      if (entry.asked !== undefined || this.held > this.limits.bytes || this.entries.size > this.limits.entries) this.drop(key, entry);
    }
  }

  /** Everything is old. */
  clear(): void {
    for (const [key, entry] of [...this.entries]) this.drop(key, entry);
  }

  /** Forgets a failure, so that it is asked again. */
  retry(): void {
    for (const [key, entry] of [...this.entries]) if (entry.known.problem !== undefined) this.drop(key, entry);
    this.changed();
  }

  get size(): number {
    return this.entries.size;
  }

  /** Bytes of all answers: after a drawing never more than allowed, unless that drawing itself wants more. */
  get bytes(): number {
    return this.held;
  }

  private drop(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.held -= entry.bytes;
    const { asked } = entry;
    entry.asked = undefined;
    asked?.cancel();
  }

  private askFor(key: string, question: ViewQuestion): Entry {
    const entry: Entry = { known: {}, asked: undefined, wantedAt: this.round, shownAt: -1, bytes: 0 };
    const changed = (): void => {
      if (entry.shownAt === this.round) this.changed();
    };
    this.entries.set(key, entry);
    const settle = (known: Entry['known']): void => {
      if (this.entries.get(key) !== entry) return;
      entry.asked = undefined;
      entry.known = known;
      entry.bytes = known.answer === undefined ? 0 : bytesOf(known.answer);
      this.held += entry.bytes;
      changed();
    };
    entry.asked = this.ask(question, {
      answered: (answer) => {
        // A host that answers another question is no host of this page
        if (answer.type === question.type) settle({ answer });
      },
      refused: (problem) => {
        settle({ problem });
      },
      gone: () => {
        if (this.entries.get(key) === entry) this.entries.delete(key);
      },
      progress: (progress) => {
        if (entry.asked === undefined) return;
        entry.known = { progress };
        changed();
      },
    });
    return entry;
  }
}

/** Of the numbers in an answer; what else it holds counts as eight bytes a value. */
export function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce<number>((sum, part) => sum + bytesOf(part), 0);
}
