/** Pictures of progress that come faster than this are seen by nobody. */
const PACE_MS = 80;

/**
 * Passes on the first and last report of a phase and, in between, no more than one in {@link PACE_MS}.
 * @param phaseOf what a report is of
 */
export function paced<P extends { readonly done: number; readonly total: number }>(report: (progress: P) => void, phaseOf: (progress: P) => string): (progress: P) => void {
  let phase: string | undefined;
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (phaseOf(progress) === phase && progress.done < progress.total && now - last < PACE_MS) return;
    phase = phaseOf(progress);
    last = now;
    report(progress);
  };
}
