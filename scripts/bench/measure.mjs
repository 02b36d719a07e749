/**
 * Times a function: at least `least` runs, then until the budget is spent. Milliseconds, ascending, and as `processor` the least time that
 * processors spent on a run, which other work on the machine disturbs less.
 */
export async function timesOf(work, { least = 5, most = 60, budget = 1500 } = {}) {
  const times = [];
  let processor = Infinity;
  const started = performance.now();
  while (times.length < least || (times.length < most && performance.now() - started < budget)) {
    const before = process.cpuUsage();
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
    const { user, system } = process.cpuUsage(before);
    processor = Math.min(processor, (user + system) / 1000);
  }
  return Object.assign(times.sort((a, b) => a - b), { processor });
}

export function medianOf(times) {
  return times[times.length >> 1];
}

/** Numbers that are the same in each run. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
