import { drive } from '../drive';

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
export function inSteps<T>(steps: Generator<Omit<InspectProgress, 'what'> | undefined, T>, what: string, { signal, onProgress }: InspectRun): Promise<T> {
  return drive(steps, signal, (step) => {
    if (step !== undefined) onProgress?.({ what, ...step });
  });
}
