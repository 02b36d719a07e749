import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import path from 'node:path';
import { writeNpy } from '../../../src/model/npy';
import type { JobReply } from '../../../src/protocol/job';
import type { Progress } from '../../../src/protocol/report';
import { paced } from '../../../src/worker/paced';
import { isJobReply } from '../../../src/protocol/job';
import { ROOT, fixture } from '../support/fixtures';
import type { TestFolder } from '../support/workspace';
import { configOf, removeTestFolders, testFolder, tinyLayer } from '../support/workspace';

function worker(): { child: ChildProcess; replies: JobReply[]; errors: () => string; ended: Promise<number | null> } {
  const child = fork(path.join(ROOT, 'dist/worker.js'), { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, execArgv: [] });
  const replies: JobReply[] = [];
  let errors = '';
  child.on('message', (reply) => replies.push(reply as JobReply));
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return { child, replies, errors: () => errors, ended: new Promise((resolve) => child.once('exit', resolve)) };
}

const job = (folder: TestFolder, entry: string): object => ({ type: 'generate', text: folder.read('tilescope.json'), file: folder.file('tilescope.json'), entry, overwrite: false });

/** A layer that takes some seconds. */
function largeLayer(folder: TestFolder): void {
  folder.write('a.npy', writeNpy(Int8Array.from({ length: 64 * 40 * 40 }, (_, i) => i % 16), [64, 40, 40]));
  folder.write('w.npy', writeNpy(Int8Array.from({ length: 64 * 64 * 9 }, (_, i) => (i % 15) - 7), [64, 64, 3, 3]));
  configOf(folder, { name: 'large', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, convolution: { padding: 1 }, array: { psumBits: 24 }, profile: 'part1', select: { nij: 'all', o_nij: 'all' }, output: 'golden' });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('worker process', function () {
  this.timeout(60_000);
  after(removeTestFolders);

  it('does one job, answers, and ends', async () => {
    const folder = testFolder();
    configOf(folder, tinyLayer(folder));
    const { child, replies, ended, errors } = worker();
    child.send(job(folder, 'tiny'));
    assert.equal(await ended, 0);
    assert.equal(replies.at(-1)?.type, 'generated', JSON.stringify(replies.at(-1)));
    assert.equal(errors(), '');
    assert.ok('out.txt' in folder.files('golden'));
  });

  it('compares a dump and gives the decoded lines with the report', async () => {
    const { child, replies, ended, errors } = worker();
    child.send({ type: 'check', target: { type: 'files', name: 'psum', golden: [fixture('check', 'psum.txt')], dump: [fixture('check', 'sim', 'psum.memh')] } });
    assert.equal(await ended, 0);
    assert.equal(errors(), '');
    const last = replies.at(-1);
    assert.ok(last !== undefined && isJobReply(last) && last.type === 'checked', JSON.stringify(last).slice(0, 300));
    assert.deepEqual([last.result.report.verdict, last.result.report.differing, last.result.report.causes[0]?.id, last.result.view?.rows.length], ['mismatch', 1422, 'address-shift', 324]);
    assert.deepEqual(last.result.inputs, [fixture('check', 'psum.txt'), fixture('check', 'sim', 'psum.memh')]);
  });

  it('a comparison that cannot be made is a report that says why', async () => {
    const folder = testFolder();
    const file = folder.write('tilescope.json', JSON.stringify({ layers: [], checks: [{ name: 'gone', golden: 'psum.txt', dump: 'gone.memh' }] }));
    const wrong = folder.file('tilescope.json');
    for (const [target, what] of [
      [{ type: 'configured', file, text: folder.read('tilescope.json'), name: 'gone' }, /does not exist/],
      [{ type: 'configured', file: wrong, text: '{', name: 'gone' }, /not JSON/],
      [{ type: 'files', name: 'wave', golden: [file], dump: ['/wave.vcd'] }, /which signal/],
    ] as const) {
      const { child, replies, ended } = worker();
      child.send({ type: 'check', target });
      await ended;
      const last = replies.at(-1);
      assert.ok(last?.type === 'checked', JSON.stringify(last));
      assert.equal(last.result.report.verdict, 'cannot-compare');
      assert.match(last.result.report.what, what);
    }
  });

  it('answers what it does not understand', async () => {
    const { child, replies, ended } = worker();
    child.send({ type: 'generate', text: 7 });
    await ended;
    assert.deepEqual(replies.map((reply) => (reply.type === 'failed' ? reply.problems[0]?.code : reply.type)), ['internal']);
  });

  it('checks the entry that is asked for, not its neighbours', async () => {
    const folder = testFolder();
    const tiny = tinyLayer(folder);
    configOf(folder, tiny, { ...tiny, name: 'broken', output: 'other', source: { type: 'codes', activation: 'gone.npy', weight: 'w.npy' } });
    const { child, replies, ended } = worker();
    child.send(job(folder, 'tiny'));
    await ended;
    assert.equal(replies.at(-1)?.type, 'generated', JSON.stringify(replies.at(-1)));
  });

  it('cancelled, it answers and leaves nothing', async () => {
    const folder = testFolder();
    largeLayer(folder);
    const before = folder.files();
    const { child, replies, ended } = worker();
    child.send(job(folder, 'large'));
    await until(() => replies.some((reply) => reply.type === 'progress' && reply.progress.phase === 'write'));
    child.send({ type: 'cancel' });
    assert.equal(await ended, 0);
    const last = replies.at(-1);
    assert.ok(last?.type === 'failed' && last.problems[0]?.code === 'cancelled');
    assert.deepEqual(folder.files(), before);
  });

  it('when its parent goes away, it stops in good order and leaves nothing', async () => {
    const folder = testFolder();
    largeLayer(folder);
    const before = folder.files();
    const { child, replies, ended, errors } = worker();
    child.send(job(folder, 'large'));
    await until(() => replies.some((reply) => reply.type === 'progress' && reply.progress.phase === 'write'));
    child.disconnect();
    assert.equal(await ended, 0, errors());
    assert.deepEqual(folder.files(), before);
  });

  it('reports progress at a pace that an eye can follow, first and last of each phase always', () => {
    const seen: Progress[] = [];
    const report = paced((progress: Progress) => seen.push(progress), ({ phase }) => phase);
    for (const phase of ['compute', 'write'] as const) for (let done = 1; done <= 1000; done++) report({ phase, done, total: 1000 });
    assert.ok(seen.length < 200, String(seen.length));
    assert.deepEqual([seen[0], seen.at(-1)], [{ phase: 'compute', done: 1, total: 1000 }, { phase: 'write', done: 1000, total: 1000 }]);
    assert.ok(seen.some(({ phase, done }) => phase === 'compute' && done === 1000) && seen.some(({ phase, done }) => phase === 'write' && done === 1));
  });
});
