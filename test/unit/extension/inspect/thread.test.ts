import assert from 'node:assert/strict';
import fs from 'node:fs';
import { Problem } from '../../../../src/engine/problem';
import { GivenUp, InspectorThread } from '../../../../src/extension/inspect/thread';
import type { InspectSubject } from '../../../../src/protocol/inspect';
import { removeTestFolders } from '../../support/workspace';
import { fakeScript } from './fakeThread';

const QUIET = { debug: () => undefined, warn: () => undefined };
const SUBJECT: InspectSubject = { type: 'set', folder: '/set' };
const TARGET = { type: 'files', name: 'a', golden: ['/g'], dump: ['/d'] } as const;
const CHANNEL = { type: 'channel', ocTile: 0, col: 0 } as const;

describe('the thread of an inspector', () => {
  const threads: InspectorThread[] = [];
  const thread = (behaviour = '', options = {}): InspectorThread => {
    const made = new InspectorThread(fakeScript(behaviour), QUIET, options);
    threads.push(made);
    return made;
  };
  const opened = async (behaviour = '', options = {}): Promise<InspectorThread> => {
    const made = thread(behaviour, options);
    await made.open(SUBJECT);
    return made;
  };
  afterEach(() => {
    for (const made of threads.splice(0)) made.dispose();
  });
  after(removeTestFolders);

  it('opens, and answers many questions at a time in whatever order the thread does', async () => {
    const one = thread("if (q.type === 'channel') { setTimeout(() => answer(q, channel(q.col)), 30 - 10 * q.col); return; }");
    const seen: unknown[] = [];
    const { layer, files } = await one.open(SUBJECT, (...progress) => seen.push(progress));
    assert.deepEqual([layer.name, files, seen], ['fake', [{ file: '/set/psum.txt', kind: 'psum' }], [['reading', 1, 2]]]);
    const order: number[] = [];
    const answers = await Promise.all([0, 1, 2].map((col) => one.ask({ ...CHANNEL, col }).then((answer) => { order.push(answer.col); return answer.col; })));
    assert.deepEqual([answers, order], [[0, 1, 2], [2, 1, 0]]);
  });

  it('a problem that the thread found refuses that question only', async () => {
    const one = await opened("if (q.type === 'widths') { fail(q); return; }");
    await assert.rejects(one.ask({ type: 'widths' }), (error) => error instanceof Problem && error.code === 'psum-overflow' && error.what === 'Too wide.');
    assert.equal((await one.ask(CHANNEL)).col, 0);
  });

  it('a question that is given up is rejected at once, and told to the thread', async () => {
    const one = await opened("if (q.type === 'widths') return; if (q.type === 'cancel') { answer(q, { type: 'cancelled' }); return; }", { graceMs: 60_000 });
    const stop = new AbortController();
    const asked = one.ask({ type: 'widths' }, { signal: stop.signal });
    setTimeout(() => { stop.abort(); }, 20);
    await assert.rejects(asked, GivenUp);
    assert.equal((await one.ask(CHANNEL)).col, 0);
    const before = AbortSignal.abort();
    await assert.rejects(one.ask(CHANNEL, { signal: before }), GivenUp);
  });

  it('a thread that does not give up is ended; what else it was asked the next one answers, with the same dump', async () => {
    // The first thread hangs over widths, and waits with channels; every later one answers
    const one = await opened("if (first && q.type === 'widths') { for (;;); } if (first && q.type === 'channel') return;", { graceMs: 30 });
    await one.compare(TARGET);
    const patient = one.ask(CHANNEL);
    const stop = new AbortController();
    const hung = one.ask({ type: 'widths' }, { signal: stop.signal });
    setTimeout(() => { stop.abort(); }, 20);
    await assert.rejects(hung, GivenUp);
    assert.equal((await patient).col, 0);
    const { number } = await one.ask({ type: 'mismatch', from: undefined, backward: false });
    assert.equal(number, 2, 'the next thread was asked to open and to compare, in this order');
  });

  it('what falls with one thread after the other through no fault of its own is answered in the end', async () => {
    // Three threads hang over widths and keep channels waiting; the fourth answers
    const one = await opened(
      "const mark = (name) => fs.appendFileSync(__filename + name, 'x'); if (q.type === 'open') mark('.opens'); const early = fs.readFileSync(__filename + '.opens').length < 4; if (early && q.type === 'widths') { mark('.hung'); for (;;); } if (early && q.type === 'channel') return;",
      { graceMs: 30 },
    );
    const marks = (name: string): number => (fs.existsSync(one.script + name) ? fs.readFileSync(one.script + name).length : 0);
    const until = async (name: string, count: number): Promise<void> => {
      while (marks(name) < count) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const patient = one.ask(CHANNEL);
    for (let hung = 1; hung <= 3; hung++) {
      const stop = new AbortController();
      const asked = assert.rejects(one.ask({ type: 'widths' }, { signal: stop.signal }), GivenUp);
      await until('.hung', hung);
      stop.abort();
      await asked;
      // It is ended, and opened anew for the question that waits
      await until('.opens', hung + 1);
    }
    assert.equal((await patient).col, 0);
  });

  it('a question that was taken over by a thread that crashes is refused, and not asked for ever', async () => {
    const one = await opened("if (first && q.type === 'widths') { for (;;); } if (q.type === 'channel') { if (first) return; throw new Error('boom'); }", { graceMs: 30 });
    const patient = assert.rejects(one.ask(CHANNEL), (error) => error instanceof Problem && /boom/.test(error.what));
    const stop = new AbortController();
    const hung = one.ask({ type: 'widths' }, { signal: stop.signal });
    setTimeout(() => { stop.abort(); }, 20);
    await Promise.all([assert.rejects(hung, GivenUp), patient]);
  });

  it('a crash refuses what was asked with a problem, and the next question opens the layer anew', async () => {
    const one = await opened("if (first && q.type === 'widths') throw new Error('boom');");
    const results = await Promise.allSettled([one.ask({ type: 'widths' }), one.ask({ type: 'layer' })]);
    for (const result of results) assert.ok(result.status === 'rejected' && result.reason instanceof Problem && /boom/.test(result.reason.what), JSON.stringify(result));
    assert.equal(one.isRunning, false);
    assert.equal((await one.ask(CHANNEL)).col, 0);
    const { number } = await one.ask({ type: 'mismatch', from: undefined, backward: false });
    assert.equal(number, 1);
  });

  it('an exit, garbage, and an answer to another question are crashes', async () => {
    for (const [behaviour, says] of [
      ["if (first && q.type === 'widths') process.exit(3);", /ended/],
      ["if (first && q.type === 'widths') { parentPort.postMessage({ id: q.id, type: 'widths', psums: 'many' }); return; }", /not understood/],
      ["if (first && q.type === 'widths') { parentPort.postMessage('hello'); return; }", /not understood/],
      ["if (q.type === 'widths') { answer(q, channel(0)); return; }", /answered widths with channel/],
    ] as const) {
      const one = await opened(behaviour);
      await assert.rejects(one.ask({ type: 'widths' }), (error) => error instanceof Problem && error.code === 'internal' && says.test(error.what), behaviour);
      assert.equal((await one.ask(CHANNEL)).col, 0);
    }
  });

  it('a script that is not there is a problem, and no exception', async () => {
    const one = new InspectorThread('/not/there.js', QUIET);
    threads.push(one);
    await assert.rejects(one.open(SUBJECT), (error) => error instanceof Problem && error.code === 'internal');
    assert.equal(one.isRunning, false);
  });

  it('what is asked while the layer opens waits, and gets its problem', async () => {
    const slow = thread("if (q.type === 'open') { setTimeout(() => answer(q, OPENED), 40); return; }");
    const [, channel] = await Promise.all([slow.open(SUBJECT), slow.ask(CHANNEL)]);
    assert.equal(channel.col, 0);
    const failing = thread("if (q.type === 'open') { setTimeout(() => fail(q), 20); return; }");
    const both = await Promise.allSettled([failing.open(SUBJECT), failing.ask(CHANNEL)]);
    assert.deepEqual(both.map(({ status }) => status), ['rejected', 'rejected']);
    assert.equal(failing.isRunning, false);
  });

  it('a layer that could not be opened again after a crash is opened by the next question that finds it mended', async () => {
    const one = await opened("if (q.type === 'widths') throw new Error('boom'); if (q.type === 'open' && fs.existsSync(__filename + '.broken')) { fail(q); return; }");
    await assert.rejects(one.ask({ type: 'widths' }), Problem);
    fs.writeFileSync(`${one.script}.broken`, '');
    for (let i = 0; i < 2; i++) await assert.rejects(one.ask(CHANNEL), (error) => error instanceof Problem && error.code === 'psum-overflow');
    assert.equal(one.isRunning, false);
    fs.rmSync(`${one.script}.broken`);
    assert.equal((await one.ask(CHANNEL)).col, 0);
  });

  it('a dump that cannot be attached again after a crash is told once, and every question is answered without it', async () => {
    const lost: string[] = [];
    const one = await opened("if (q.type === 'widths') throw new Error('boom'); if (!first && q.type === 'compare') { sessions++; fail(q); return; }", { onDumpLost: ({ what }: Problem) => lost.push(what) });
    await one.compare(TARGET);
    for (const sessions of [2, 1]) {
      await assert.rejects(one.ask({ type: 'widths' }), Problem);
      assert.equal((await one.ask(CHANNEL)).col, 0);
      assert.equal((await one.ask({ type: 'mismatch', from: undefined, backward: false })).number, sessions);
    }
    assert.deepEqual(lost, ['Too wide.']);
  });

  it('after a comparison that failed no dump is attached, by the next thread neither', async () => {
    const one = await opened("if (q.type === 'widths') throw new Error('boom'); if (q.type === 'compare' && q.target?.name === 'b') { fail(q); return; }");
    await one.compare(TARGET);
    await assert.rejects(one.compare({ ...TARGET, name: 'b' }), Problem);
    await assert.rejects(one.ask({ type: 'widths' }), Problem);
    assert.equal((await one.ask({ type: 'mismatch', from: undefined, backward: false })).number, 1, 'opened, and nothing compared');
  });

  it('disposed while it opens, the opening is given up', async () => {
    const one = thread("if (q.type === 'open') return;");
    const opening = assert.rejects(one.open(SUBJECT), GivenUp);
    one.dispose();
    await opening;
  });

  it('opening again gives up what the thread before was asked', async () => {
    const one = await opened("if (first && q.type === 'widths') return;");
    const old = one.ask({ type: 'widths' });
    const again = one.open(SUBJECT);
    await assert.rejects(old, GivenUp);
    assert.equal((await again).layer.name, 'fake');
    assert.equal((await one.ask(CHANNEL)).col, 0);
  });

  it('disposed, it is gone with all that was asked, and starts no more', async () => {
    const one = await opened("if (q.type === 'widths') { for (;;); }");
    const hung = one.ask({ type: 'widths' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    one.dispose();
    await assert.rejects(hung, GivenUp);
    assert.equal(one.isRunning, false);
    await assert.rejects(one.ask(CHANNEL), GivenUp);
    await assert.rejects(one.open(SUBJECT), GivenUp);
  });
});
