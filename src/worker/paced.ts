import type { Progress } from '../protocol/report';

/** Pictures of progress that come faster than this are seen by nobody. */
const PACE_MS = 80;

/** Passes on the first and last report of a phase and, in between, no more than one in {@link PACE_MS}. */
export function paced(report: (progress: Progress) => void): (progress: Progress) => void {
  let phase: Progress['phase'] | undefined;
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (progress.phase === phase && progress.done < progress.total && now - last < PACE_MS) return;
    phase = progress.phase;
    last = now;
    report(progress);
  };
}
