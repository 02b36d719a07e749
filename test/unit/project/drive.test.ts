import assert from 'node:assert/strict';
import { Problem } from '../../../src/engine/problem';
import { drive } from '../../../src/project/drive';

describe('project: drive', () => {
  /** Counts to `to`; `events` says what became of it. */
  function* counting(to: number, events: string[], failsAt = Infinity): Generator<number, string> {
    try {
      for (let step = 1; step <= to; step++) {
        if (step === failsAt) throw new RangeError(`step ${step}`);
        yield step;
      }
      return 'counted';
    } finally {
      events.push('given back');
    }
  }

  it('gives the result, tells of each step in order, and lets others run in between', async () => {
    const [events, told]: [string[], number[]] = [[], []];
    let turns = 0;
    const timer = setInterval(() => turns++);
    const until = performance.now() + 100;
    const result = await drive(counting(400, events), undefined, (step) => {
      told.push(step);
      // A step that takes a while
      for (const end = Math.min(until, performance.now() + 1); performance.now() < end; );
    });
    clearInterval(timer);
    assert.equal(result, 'counted');
    assert.deepEqual(told, Array.from({ length: 400 }, (_, i) => i + 1));
    assert.ok(turns > 0);
    assert.deepEqual(events, ['given back']);
  });

  it('stops when it is cancelled, and when a step or who is told of it fails; what the computation holds is given back', async () => {
    const stop = new AbortController();
    const endings: readonly (readonly [Promise<string>, string[]])[] = [
      ((events) => [drive(counting(9, events), stop.signal, (step) => { if (step === 3) stop.abort(); }), events] as const)([]),
      ((events) => [drive(counting(9, events, 4), undefined), events] as const)([]),
      ((events) => [drive(counting(9, events), undefined, () => { throw new RangeError('told'); }), events] as const)([]),
    ];
    const found = await Promise.allSettled(endings.map(([ending]) => ending));
    assert.deepEqual(found.map((one) => one.status === 'rejected' && (one.reason instanceof Problem ? one.reason.code : String(one.reason))), ['cancelled', 'RangeError: step 4', 'RangeError: told']);
    for (const [, events] of endings) assert.deepEqual(events, ['given back']);
  });
});
