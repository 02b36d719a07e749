import { breathe } from './breathe';

/**
 * Takes the steps of a computation, and breathes between them.
 * @param onStep is told what each step yields
 * @throws Problem `cancelled`, and what the computation throws
 */
export async function drive<Step, Result>(steps: Generator<Step, Result>, signal: AbortSignal | undefined, onStep?: (step: Step) => void): Promise<Result> {
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      onStep?.(step.value);
      await breathe(signal);
    }
  } finally {
    // One that is left midway gives back what it holds only when it is told
    steps.return(undefined as never);
  }
}
