import { breathe } from '../breathe';

/** How a question is followed and ended while it is worked on. */
export interface InspectRun {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: InspectProgress) => void) | undefined;
}

export interface InspectProgress {
  /** What is being done, as a person reads it. */
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/**
 * Runs a computation that yields between its steps.
 * @throws Problem `cancelled`
 */
export async function inSteps<T>(steps: Generator<Omit<InspectProgress, 'what'> | undefined, T>, what: string, { signal, onProgress }: InspectRun): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (step.value !== undefined) onProgress?.({ what, ...step.value });
    await breathe(signal);
  }
}
