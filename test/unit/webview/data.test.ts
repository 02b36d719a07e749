import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LayerInfo, ViewQuestion } from '../../../src/protocol/inspect';
import { MOST_CYCLES, MOST_WINDOW_VALUES } from '../../../src/protocol/inspect';
import type { HostMessage, PageMessage } from '../../../src/protocol/panel';
import { Connection, Refusal } from '../../../webview/connection';
import type { Batch } from '../../../webview/data/batches';
import { stateIn } from '../../../webview/data/batches';
import type { CacheLimits, Listener } from '../../../webview/data/cache';
import { Cache, bytesOf } from '../../../webview/data/cache';
import { allWindows, chunkAt } from '../../../webview/data/windows';

const pixel = (oNij: number): Extract<ViewQuestion, { type: 'pixel' }> => ({ type: 'pixel', ocTile: 0, col: 0, oNij });
const problem = { code: 'internal', what: 'w', next: 'n', place: {} } as const;

describe('webview: windows', () => {
  it('cover every pixel once, and none is larger than an answer may be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4096 }), fc.integer({ min: 1, max: 60_000 }), (values, nijCount) => {
        let next = 0;
        for (const { nijFrom, nijCount: count } of allWindows(values, nijCount)) {
          assert.equal(nijFrom, next);
          assert.ok(count >= 1 && count * values <= MOST_WINDOW_VALUES);
          next += count;
        }
        assert.equal(next, nijCount);
        const nij = nijCount - 1;
        const chunk = chunkAt(nij, values, nijCount);
        assert.ok(chunk.nijFrom <= nij && nij < chunk.nijFrom + chunk.nijCount && chunk.nijFrom + chunk.nijCount <= nijCount && chunk.nijCount * values <= MOST_WINDOW_VALUES);
        assert.deepEqual(chunkAt(chunk.nijFrom, values, nijCount), chunk);
      }),
      { seed: 4 },
    );
  });
});

describe('webview: cycles', () => {
  it('are all reached by a player, however few states an answer holds, and each is asked for once', () => {
    const size = fc.integer({ min: 1, max: 128 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 80 }), fc.nat(), (rows, cols, total, most, start) => {
        const layer = { tiling: { rows, cols, icTiles: 1, ocTiles: 1 }, cycles: { 'weight-stationary': total, 'output-stationary': total } } as unknown as LayerInfo;
        const answers = new Map<string, number[]>();
        const waiting = new Map<string, Batch>();
        const want = (batch: Batch): readonly number[] | undefined => {
          assert.ok(batch.count >= 1 && batch.count <= MOST_CYCLES && batch.from + batch.count <= total);
          const key = JSON.stringify(batch);
          if (!answers.has(key)) waiting.set(key, batch);
          return answers.get(key);
        };
        const settle = (): void => {
          for (const [key, { from, count }] of waiting) answers.set(key, Array.from({ length: Math.min(count, most) }, (_, i) => from + i));
          waiting.clear();
        };
        const first = start % total;
        while (stateIn(layer, 'output-stationary', first, want) === undefined) {
          assert.ok(waiting.size > 0, 'waits for a cycle that nobody asked for');
          settle();
        }
        for (let cycle = first; cycle < total; cycle++) {
          assert.equal(stateIn(layer, 'output-stationary', cycle, want), cycle);
          // What comes after was asked for while this one was shown
          settle();
        }
        const held = [...answers.values()].flat();
        assert.equal(new Set(held).size, held.length);
      }),
      { seed: 9, numRuns: 300 },
    );
  });

  it('an answer without a state is a fault, not something to wait for', () => {
    const layer = { tiling: { rows: 8, cols: 8, icTiles: 1, ocTiles: 1 }, cycles: { 'weight-stationary': 9, 'output-stationary': 9 } } as unknown as LayerInfo;
    assert.throws(() => { stateIn(layer, 'weight-stationary', 3, () => []); }, RangeError);
  });
});

describe('webview: cache', () => {
  /** A cache with what it asked for, and a drawing that wants some pixels. */
  function harness(limits?: CacheLimits): { cache: Cache; asked: { question: ViewQuestion; listener: Listener; cancelled: boolean }[]; draw: (...pixels: number[]) => unknown[] } {
    const asked: { question: ViewQuestion; listener: Listener; cancelled: boolean }[] = [];
    const cache = new Cache((question, listener) => {
      const one = { question, listener, cancelled: false };
      asked.push(one);
      return { cancel: () => { one.cancelled = true; } };
    }, () => undefined, limits);
    const draw = (...pixels: number[]): unknown[] => {
      cache.begin();
      const known = pixels.map((oNij) => cache.want(pixel(oNij)).answer);
      cache.end();
      return known;
    };
    return { cache, asked, draw };
  }
  const answerOf = (oNij: number) => ({ ...pixel(oNij), terms: new Int32Array(), sums: new Int32Array(), nij: new Int32Array(), addresses: new Float64Array(), raw: oNij, exact: 0, out: 0 });

  it('asks once, answers from what it has, and gives up what is no longer wanted', () => {
    const { asked, draw } = harness();
    draw(1, 2);
    draw(1, 2);
    assert.equal(asked.length, 2);
    asked[0]!.listener.answered(answerOf(1));
    assert.deepEqual(draw(1, 3).map((answer) => (answer as { raw: number } | undefined)?.raw), [1, undefined]);
    assert.deepEqual(asked.map(({ cancelled }) => cancelled), [false, true, false]);
    // Came too late
    asked[1]!.listener.answered(answerOf(2));
    assert.deepEqual(draw(2), [undefined]);
    assert.equal(asked.length, 4);
  });

  it('asks for what is expected once all that is shown is here, and gives it up for what is shown next', () => {
    const asked: { question: ViewQuestion; listener: Listener; cancelled: boolean }[] = [];
    let drawings = 0;
    const cache = new Cache((question, listener) => {
      const one = { question, listener, cancelled: false };
      asked.push(one);
      return { cancel: () => { one.cancelled = true; } };
    }, () => { drawings++; });
    const draw = (shown: number, ...next: number[]): unknown => {
      cache.begin();
      const { answer } = cache.want(pixel(shown));
      cache.expect(next.map(pixel));
      cache.end();
      return answer;
    };
    draw(1, 2, 3);
    assert.equal(asked.length, 1);
    asked[0]!.listener.answered(answerOf(1));
    assert.equal(drawings, 1);
    draw(1, 2, 3);
    assert.deepEqual(asked.map(({ question }) => (question as { oNij: number }).oNij), [1, 2, 3]);
    asked[1]!.listener.answered(answerOf(2));
    assert.equal(drawings, 1, 'nothing that is shown has changed');
    assert.notEqual(draw(2, 1, 3), undefined);
    draw(7, 6);
    assert.deepEqual(asked.map(({ cancelled }) => cancelled), [false, false, true, false]);
    // Expected first, and shown before it came
    asked[3]!.listener.answered(answerOf(7));
    draw(7, 6);
    cache.begin();
    assert.equal(cache.want(pixel(6)).answer, undefined);
    cache.end();
    asked[4]!.listener.answered(answerOf(6));
    assert.equal(drawings, 3);
  });

  it('holds no more than it may, and forgets what was wanted longest ago', () => {
    const { cache, asked, draw } = harness({ bytes: Infinity, entries: 10 });
    for (let oNij = 0; oNij < 50; oNij++) {
      draw(oNij);
      asked.at(-1)!.listener.answered(answerOf(oNij));
    }
    draw(49);
    assert.equal(cache.size, 10);
    draw(45);
    assert.equal(asked.length, 50);
    draw(3);
    assert.equal(asked.length, 51);
  });

  it('holds no more bytes than it may, unless one drawing wants more, and what it forgets it asks for anew', () => {
    const limit = 4000;
    fc.assert(
      fc.property(fc.array(fc.record({ shown: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }), clears: fc.integer({ min: 0, max: 9 }) }), { maxLength: 40 }), (drawings) => {
        const { cache, asked, draw } = harness({ bytes: limit, entries: Infinity });
        let settled = 0;
        for (const { shown, clears } of drawings) {
          if (clears === 0) cache.clear();
          draw(...shown);
          for (; settled < asked.length; settled++) {
            const { oNij } = asked[settled]!.question as { oNij: number };
            asked[settled]!.listener.answered({ ...answerOf(oNij), terms: new Int32Array(100 * oNij) });
          }
          const answers = draw(...shown);
          assert.ok(answers.every((answer) => answer !== undefined));
          const wanted = answers.reduce<number>((sum, answer) => sum + bytesOf(answer), 0);
          assert.ok(cache.bytes <= Math.max(limit, wanted), `${cache.bytes} of ${limit}, ${wanted} wanted`);
          assert.ok(cache.bytes >= wanted);
        }
        cache.clear();
        assert.equal(cache.bytes, 0);
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('counts the numbers of an answer, however deep they stand', () => {
    assert.equal(bytesOf({ type: 'ab', states: [{ state: { partial: new Int32Array(10), l0: { fill: new Uint8Array(3) } } }], raw: 1, none: undefined }), 4 + 40 + 3 + 8 + 8);
  });

  it('keeps a refusal until it is asked again, and takes no answer to another question', () => {
    const { cache, asked, draw } = harness();
    draw(1);
    asked[0]!.listener.refused(problem);
    cache.begin();
    assert.equal(cache.want(pixel(1)).problem, problem);
    cache.end();
    cache.retry();
    draw(1);
    assert.equal(asked.length, 2);
    asked[1]!.listener.answered({ type: 'mismatch' });
    assert.deepEqual(draw(1), [undefined]);
    cache.clear();
    assert.equal(asked[1]!.cancelled, true);
  });
});

describe('webview: connection', () => {
  it('hands answers out by number, once, and nothing after a cancellation', async () => {
    const sent: PageMessage[] = [];
    const heard: HostMessage[] = [];
    const connection = new Connection((message) => sent.push(message), (message) => heard.push(message));
    const first = connection.answerTo({ type: 'mismatch', from: undefined, backward: false });
    const second = connection.answerTo({ type: 'compare', dump: 'd' });
    const got: string[] = [];
    const third = connection.ask({ type: 'widths' }, { answered: () => got.push('answered'), refused: () => got.push('refused'), gone: () => got.push('gone'), progress: ({ done }) => got.push(`progress ${done}`) });
    connection.receive({ type: 'progress', id: 3, what: 'w', done: 1, total: 2 });
    third.cancel();
    third.cancel();
    connection.receive({ type: 'cancelled', id: 3 });
    connection.receive({ type: 'refused', id: 2, problem });
    connection.receive({ type: 'answer', id: 1, answer: { type: 'mismatch', number: 1, of: 2 } });
    await assert.rejects(second, new Refusal('w n'));
    assert.deepEqual(await first, { type: 'mismatch', number: 1, of: 2 });
    assert.deepEqual(got, ['progress 1']);
    assert.deepEqual(sent.map(({ type }) => type), ['ask', 'ask', 'ask', 'cancel']);
    connection.receive({ type: 'answer', id: 9, answer: { type: 'tile', weights: [1] } });
    assert.deepEqual(sent.at(-1), { type: 'trouble', what: 'The page was sent a message that it does not know: object answer tile' });
    connection.receive({ type: 'dumps', dumps: [] });
    assert.deepEqual(heard, [{ type: 'dumps', dumps: [] }]);
  });

  it('an answer that is none, or that answers another question, refuses what was asked', () => {
    const sent: PageMessage[] = [];
    const connection = new Connection((message) => sent.push(message), () => undefined);
    const got: string[] = [];
    const listener = { answered: () => got.push('answered'), refused: ({ what }: { what: string }) => got.push(what), gone: () => got.push('gone'), progress: () => undefined };
    const why = 'The page did not understand the answer to what it asked.';
    connection.askView({ type: 'widths' }, listener);
    connection.receive({ type: 'answer', id: 1, answer: { type: 'widths', psums: 'many' } });
    assert.deepEqual(got, [why]);
    connection.receive({ type: 'answer', id: 1, answer: { type: 'widths', psums: 'many' } });
    connection.askView({ type: 'widths' }, listener);
    connection.receive({ type: 'answer', id: 2, answer: { type: 'mismatch' } });
    assert.deepEqual(got, [why, why]);
    assert.deepEqual(sent.map(({ type }) => type), ['ask', 'trouble', 'trouble', 'ask']);
  });
});
