import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ViewQuestion } from '../../../src/protocol/inspect';
import { MOST_WINDOW_VALUES } from '../../../src/protocol/inspect';
import type { HostMessage, PageMessage } from '../../../src/protocol/panel';
import { Connection, Refusal } from '../../../webview/connection';
import type { Listener } from '../../../webview/data/cache';
import { Cache } from '../../../webview/data/cache';
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

describe('webview: cache', () => {
  /** A cache with what it asked for, and a drawing that wants some pixels. */
  function harness(most?: number): { cache: Cache; asked: { question: ViewQuestion; listener: Listener; cancelled: boolean }[]; draw: (...pixels: number[]) => unknown[] } {
    const asked: { question: ViewQuestion; listener: Listener; cancelled: boolean }[] = [];
    const cache = new Cache((question, listener) => {
      const one = { question, listener, cancelled: false };
      asked.push(one);
      return { cancel: () => { one.cancelled = true; } };
    }, () => undefined, most);
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

  it('holds no more than it may, and forgets what was wanted longest ago', () => {
    const { cache, asked, draw } = harness(10);
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
});
