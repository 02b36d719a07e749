import { setImmediate } from 'node:timers/promises';
import { Problem } from '../engine/problem';

/** How long a computation may run before messages, a cancellation among them, are heard. */
const LONGEST_BREATH_MS = 20;

let lastBreath = 0;

/**
 * Lets the event loop run if it has not for a while, then stops when cancellation was asked for.
 * @throws Problem `cancelled`
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  if (performance.now() - lastBreath > LONGEST_BREATH_MS) {
    await setImmediate();
    lastBreath = performance.now();
  }
  throwIfCancelled(signal);
}

/** @throws Problem `cancelled` */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Problem('cancelled', 'Cancelled.', 'Run it again when you like; nothing of this set was written.');
}
