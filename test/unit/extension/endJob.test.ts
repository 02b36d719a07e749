import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cancelJob } from '../../../src/extension/endJob';
import { removeTestFolders, testFolder } from '../support/workspace';

const DEAF = "process.send('ready', () => { for (;;); });";
const SLOW = "process.on('message', () => setTimeout(() => process.exit(7), 400)); process.send('ready');";

describe('a job that is cancelled', () => {
  after(removeTestFolders);

  async function started(code: string): Promise<ChildProcess> {
    const child = fork(testFolder().write('job.js', code), { stdio: 'ignore' });
    await once(child, 'message');
    return child;
  }

  for (const [type, phase] of [['check', 'compute'], ['generate', 'compute'], ['generate', undefined]] as const) {
    it(`is killed when it hears nothing and has written nothing: ${type}, ${phase ?? 'before its first phase'}`, async () => {
      const child = await started(DEAF);
      cancelJob(child, type, () => phase);
      assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);
    });
  }

  for (const phase of ['check', 'write'] as const) {
    it(`leaves in good order when it may be writing: ${phase}`, async () => {
      const child = await started(SLOW);
      cancelJob(child, 'generate', () => phase);
      assert.deepEqual(await once(child, 'exit'), [7, null]);
    });
  }

  it('is asked for its phase when its time is up, not before: it may have begun to write', async () => {
    const child = await started(SLOW);
    let phase: 'compute' | 'write' = 'compute';
    cancelJob(child, 'generate', () => phase);
    phase = 'write';
    assert.deepEqual(await once(child, 'exit'), [7, null]);
  });
});
