import assert from 'node:assert/strict';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { Problem } from '../../../src/engine/problem';
import { breathe } from '../../../src/project/breathe';
import type { InspectRun } from '../../../src/project/inspect/run';
import { InspectSession } from '../../../src/project/inspect/session';
import type { InspectAnswer, InspectQuestion, InspectReply } from '../../../src/protocol/inspect';
import { NO_ID } from '../../../src/protocol/inspect';
import { isInspectReply } from '../../../src/protocol/inspectGuards';
import { Inspector } from '../../../src/worker/inspector';
import { layerConfig, plainOf } from '../project/inspect/support';
import { ROOT, fixture } from '../support/fixtures';
import { ORT_SCRIPT, configOf, removeTestFolders, testFolder } from '../support/workspace';

const LARGE = { inChannels: 256, outChannels: 256, height: 30, width: 30, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } };

/** What is asked of a fake session, and when it answers. */
class Asked {
  readonly order: string[] = [];
  readonly replies: InspectReply[] = [];
  private readonly inspector: Inspector;

  constructor(answer: (question: InspectQuestion, run: InspectRun) => Promise<InspectAnswer>) {
    const session = {
      answer: async (question: InspectQuestion, run: InspectRun = {}): Promise<InspectAnswer> => {
        this.order.push(question.type);
        return answer(question, run);
      },
    };
    this.inspector = new Inspector(session, (reply) => {
      assert.ok(isInspectReply(reply), JSON.stringify(reply));
      this.replies.push(reply);
    });
  }

  send(...messages: unknown[]): void {
    for (const message of messages) this.inspector.receive(message);
  }

  async until(count: number): Promise<InspectReply[]> {
    while (this.replies.length < count) await breathe(undefined).then(() => new Promise((resolve) => setImmediate(resolve)));
    return this.replies;
  }
}

const LAYER = { type: 'cancelled' } as const;

describe('inspector: messages', () => {
  it('questions are answered one after the other in their order', async () => {
    let running = 0;
    const asked = new Asked(async ({ type }) => {
      assert.equal(++running, 1);
      await new Promise((resolve) => setTimeout(resolve, type === 'widths' ? 20 : 0));
      running--;
      return { type: 'compared' };
    });
    asked.send({ id: 1, type: 'widths' }, { id: 2, type: 'layer' }, { id: 3, type: 'widths' });
    assert.deepEqual((await asked.until(3)).map(({ id }) => id), [1, 2, 3]);
    assert.deepEqual(asked.order, ['widths', 'layer', 'widths']);
  });

  it('what is cancelled while it waits is never begun, and what is worked on is told', async () => {
    const asked = new Asked(async (_, { signal }) => {
      for (;;) await breathe(signal).then(() => new Promise((resolve) => setImmediate(resolve)));
    });
    asked.send({ id: 1, type: 'widths' }, { id: 2, type: 'layer' }, { type: 'cancel', id: 2 }, { type: 'cancel', id: 9 });
    while (asked.order.length === 0) await new Promise((resolve) => setImmediate(resolve));
    asked.send({ type: 'cancel', id: 1 });
    assert.deepEqual(await asked.until(2), [{ id: 2, type: 'cancelled' }, { id: 1, type: 'cancelled' }]);
    assert.deepEqual(asked.order, ['widths']);
  });

  it('what is cancelled while it waits is answered while the one before it is worked on, once, and its number may be used again', async () => {
    let finish: (() => void) | undefined;
    const asked = new Asked(({ type }) => (type === 'widths' ? new Promise((resolve) => { finish = () => { resolve({ type: 'compared' }); }; }) : Promise.resolve({ type: 'located' })));
    asked.send({ id: 1, type: 'widths' }, { id: 2, type: 'layer' }, { id: 3, type: 'tile', icTile: 0, ocTile: 0 });
    while (finish === undefined) await new Promise((resolve) => setImmediate(resolve));
    asked.send({ type: 'cancel', id: 2 }, { type: 'cancel', id: 2 });
    assert.deepEqual(asked.replies, [{ id: 2, type: 'cancelled' }]);
    asked.send({ id: 2, type: 'mismatch', from: undefined, backward: true });
    finish();
    assert.deepEqual((await asked.until(4)).map(({ id, type }) => `${id} ${type}`), ['2 cancelled', '1 compared', '3 located', '2 located']);
    assert.deepEqual(asked.order, ['widths', 'tile', 'mismatch']);
  });

  it('a handler that throws, whatever it throws, is an answer, and the next question is answered', async () => {
    const thrown = [new Problem('inspect-set', 'w', 'n'), new RangeError('far out'), 'text', undefined] as Error[];
    const asked = new Asked(() => (thrown.length > 0 ? Promise.reject(thrown.shift()!) : Promise.resolve(LAYER)));
    asked.send(...[1, 2, 3, 4, 5].map((id) => ({ id, type: 'layer' })));
    const replies = await asked.until(5);
    assert.deepEqual(replies.map((reply) => (reply.type === 'failed' ? reply.problem.code : reply.type)), ['inspect-set', 'internal', 'internal', 'internal', 'cancelled']);
  });

  it('a message that is none is answered with its number, or with that for none', async () => {
    const asked = new Asked(() => Promise.resolve({ type: 'compared' }));
    asked.send('nonsense', { id: 4 }, { id: 5, type: 'tile', icTile: -1, ocTile: 0 }, { id: '6', type: 'layer' }, { id: 7, type: 'layer' }, { id: 7, type: 'widths' });
    const replies = await asked.until(6);
    assert.deepEqual(replies.map(({ id, type }) => `${id} ${type}`).sort(), [`${NO_ID} failed`, `${NO_ID} failed`, '4 failed', '5 failed', '7 compared', '7 failed']);
  });

  it('whatever is sent to a session, every message with a number is answered, and it goes on', async () => {
    const session = new InspectSession({ ortScript: ORT_SCRIPT });
    const replies: InspectReply[] = [];
    const inspector = new Inspector(session, (reply) => replies.push(reply));
    const type = fc.constantFrom('open', 'compare', 'locate', 'tile', 'psums', 'channel', 'pixel', 'cycles', 'layer', 'widths', 'mismatch', 'cancel', '__proto__');
    const loose = fc.record({ id: fc.nat({ max: 50 }), type, subject: fc.anything(), target: fc.anything(), icTile: fc.anything(), ocTile: fc.nat(), kind: fc.anything() }, { requiredKeys: ['id'] });
    const messages = fc.sample(fc.oneof(fc.anything({ withNullPrototype: true }), loose), { seed: 21, numRuns: 800 });
    for (const message of messages) {
      inspector.receive(message);
      await new Promise((resolve) => setImmediate(resolve));
    }
    inspector.receive({ id: 999, type: 'open', subject: { type: 'set', folder: fixture('check') } });
    while (!replies.some(({ id, type: kind }) => id === 999 && kind !== 'progress')) await new Promise((resolve) => setImmediate(resolve));
    const answered = new Set(replies.map(({ id }) => id));
    for (const message of messages) {
      const { id, type: kind } = (message ?? {}) as { id?: unknown; type?: unknown };
      if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 && kind !== 'cancel') assert.ok(answered.has(id), JSON.stringify(message));
    }
    for (const reply of replies) assert.ok(isInspectReply(reply), JSON.stringify(reply).slice(0, 200));
    assert.equal(replies.find(({ id, type: kind }) => id === 999 && kind !== 'progress')?.type, 'opened');
  });
});

describe('inspector: thread', function () {
  this.timeout(60_000);
  const threads: Worker[] = [];
  after(async () => {
    await Promise.all(threads.map((thread) => thread.terminate()));
    removeTestFolders();
  });

  function thread(): { send: (message: unknown) => void; reply: (id: number) => Promise<InspectReply>; progress: (id: number) => Promise<void>; errors: unknown[] } {
    const worker = new Worker(path.join(ROOT, 'dist/inspector.js'), { workerData: { ortScript: ORT_SCRIPT } });
    threads.push(worker);
    const replies: InspectReply[] = [];
    const errors: unknown[] = [];
    worker.on('error', (error) => errors.push(error));
    worker.on('message', (reply: InspectReply) => replies.push(reply));
    const find = async (fits: (reply: InspectReply) => boolean): Promise<InspectReply> => {
      for (;;) {
        const found = replies.find(fits);
        if (found !== undefined) return found;
        assert.deepEqual(errors, []);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    return {
      send: (message) => {
        worker.postMessage(message);
      },
      reply: (id) => find((reply) => reply.id === id && reply.type !== 'progress'),
      progress: async (id) => {
        await find((reply) => reply.id === id && reply.type === 'progress');
      },
      errors,
    };
  }

  it('opens, computes, compares, refuses and survives what it does not understand', async () => {
    const { send, reply, errors } = thread();
    send({ id: 1, type: 'layer' });
    send({ nothing: true });
    send({ id: 2, type: 'open', subject: { type: 'set', folder: fixture('check') } });
    send({ id: 3, type: 'psums', icTile: 0, ocTile: 0, kij: 0, nijFrom: 0, nijCount: 36 });
    send({ id: 4, type: 'compare', target: { type: 'files', name: 'psum', golden: [fixture('check', 'psum.txt')], dump: [fixture('check', 'sim', 'psum.memh')] } });
    send({ id: 5, type: 'mismatch', from: undefined, backward: false });
    const replies = await Promise.all([1, NO_ID, 2, 3, 4, 5].map(reply));
    for (const one of replies) assert.ok(isInspectReply(one), JSON.stringify(one).slice(0, 200));
    assert.deepEqual(replies.map(({ type }) => type), ['failed', 'failed', 'opened', 'psums', 'compared', 'mismatch']);
    assert.ok(replies[4]?.type === 'compared' && replies[4].dump?.differing === 1422);
    assert.deepEqual(errors, []);
  });

  it('gives up a long computation when it is cancelled, and answers the next question', async () => {
    const folder = testFolder();
    const plain = plainOf(LARGE, { rows: 4, cols: 4, psumBits: 24, overflow: 'wrap' });
    configOf(folder, layerConfig(folder, plain));
    const { send, reply, progress } = thread();
    send({ id: 1, type: 'open', subject: { type: 'layer', file: folder.file('tilescope.json'), layer: 'layer' } });
    assert.equal((await reply(1)).type, 'opened');
    send({ id: 2, type: 'widths' });
    await progress(2);
    send({ type: 'cancel', id: 2 });
    send({ id: 3, type: 'tile', icTile: 63, ocTile: 63 });
    assert.equal((await reply(2)).type, 'cancelled');
    assert.equal((await reply(3)).type, 'tile');
  });
});
