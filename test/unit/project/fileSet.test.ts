import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import fc from 'fast-check';
import { Problem } from '../../../src/engine/problem';
import type { Disk } from '../../../src/project/disk';
import { realDisk } from '../../../src/project/disk';
import { writeSet } from '../../../src/project/fileSet';
import { generate } from '../../../src/project/generate';
import { MANIFEST_FILE } from '../../../src/project/manifest';
import type { TestFolder } from '../support/workspace';
import { ORT_SCRIPT, entryOf, removeTestFolders, testFolder, tinyLayer } from '../support/workspace';

/** A disk whose `n`th call of the named operations fails with a system error, as a full or locked disk does. */
function failingDisk(operations: readonly (keyof Disk)[], code: string, nth: number): { disk: Disk; failed: () => boolean } {
  let calls = 0;
  let failed = false;
  const disk = { ...realDisk };
  for (const operation of operations) {
    const real = realDisk[operation] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(disk, {
      [operation]: (...args: unknown[]) => {
        if (++calls !== nth) return real(...args);
        failed = true;
        return Promise.reject(Object.assign(new Error(`${code}: simulated`), { code }));
      },
    });
  }
  return { disk, failed: () => failed };
}

const generated = (folder: TestFolder, activation: number[], disk: Disk = realDisk, signal?: AbortSignal) =>
  generate(entryOf(folder, { ...tinyLayer(folder, activation), output: 'deep/er/golden' }), { ortScript: ORT_SCRIPT, disk, signal });

const OLD = [1, 2, 3, 4, 5, 6, 7, 8];
const NEW = [8, 7, 6, 5, 4, 3, 2, 1];

describe('writing a set: all or nothing', () => {
  after(removeTestFolders);

  for (const [code, why] of [['ENOSPC', /the disk is full/], ['EROFS', /read-only/], ['EACCES', /permission is denied/]] as const) {
    it(`${code} at any file of a first set: no folder appears`, async () => {
      for (let nth = 1; ; nth++) {
        const folder = testFolder();
        const { disk, failed } = failingDisk(['writeFile', 'mkdir', 'rename'], code, nth);
        const outcome = await generated(folder, OLD, disk).catch((error: unknown) => error);
        if (!failed()) {
          assert.ok(nth > 5);
          return;
        }
        assert.ok(outcome instanceof Problem && outcome.code === 'output-write', `call ${nth}: ${String(outcome)}`);
        assert.match(outcome.what, why);
        assert.ok(!fs.existsSync(folder.file('deep')), `call ${nth} left ${Object.keys(folder.files()).join(', ')}`);
      }
    });

    it(`${code} at any call while a set is replaced: the old set stays whole`, async () => {
      const folder = testFolder();
      await generated(folder, OLD);
      const before = folder.files('deep');
      for (let nth = 1; ; nth++) {
        const { disk, failed } = failingDisk(['writeFile', 'link', 'mkdir', 'rename'], code, nth);
        const outcome = await generated(folder, NEW, disk).catch((error: unknown) => error);
        if (!failed()) break;
        // A file that cannot be linked is copied, so that run succeeds
        if (!(outcome instanceof Problem)) {
          await generated(folder, OLD);
          continue;
        }
        assert.equal(outcome.code, 'output-write', outcome.format());
        assert.deepEqual(folder.files('deep'), before, `call ${nth}`);
      }
    });
  }

  it('a run that is cancelled at any moment leaves the old set', async () => {
    const folder = testFolder();
    await generated(folder, OLD);
    const before = folder.files('deep');
    for (let nth = 1; nth < 40; nth++) {
      const stop = new AbortController();
      let calls = 0;
      const onProgress = (): void => {
        if (++calls === nth) stop.abort();
      };
      const layer = { ...tinyLayer(folder, NEW), output: 'deep/er/golden' };
      const outcome = await generate(entryOf(folder, layer), { ortScript: ORT_SCRIPT, signal: stop.signal, onProgress }).catch((error: unknown) => error);
      if (!stop.signal.aborted) {
        assert.ok(nth > 5);
        return;
      }
      assert.ok(outcome instanceof Problem && outcome.code === 'cancelled', String(outcome));
      assert.deepEqual(folder.files('deep'), before);
    }
    assert.fail('never ran to its end');
  });

  it('a process killed at any call is mended by the next run', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (nth) => {
        const folder = testFolder();
        await generated(folder, OLD);
        folder.write('deep/er/golden/mine.txt', 'mine');
        // From the nth call on nothing works any more: what a killed process leaves behind
        let calls = 0;
        const dead = new Proxy(realDisk, {
          get: (target, key: keyof Disk) => (...args: unknown[]) => (['realpath', 'lstat', 'stat', 'readFile', 'access'].includes(key) || ++calls < nth ? (target[key] as (...a: unknown[]) => unknown)(...args) : Promise.reject(new Error('killed'))),
        });
        await generated(folder, NEW, dead).catch(() => undefined);
        // A live process holds no lock any more: the test's own pid stands in it
        fs.rmSync(folder.file('deep/er/.golden.tilescope-lock'), { force: true });
        const report = await generated(folder, NEW);
        const files = folder.files('deep/er');
        assert.ok(Object.keys(files).every((name) => name.startsWith('golden/')), Object.keys(files).join(', '));
        assert.equal(files['golden/mine.txt'], 'mine');
        assert.deepEqual(Object.keys(folder.files('deep/er/golden')).sort(), [...report.set.files.map((file) => file.path), 'mine.txt'].sort());
      }),
      { numRuns: 40 },
    );
  });

  it('of two runs at once one is refused, and the set is one of theirs', async () => {
    const folder = testFolder();
    const entry = entryOf(folder, tinyLayer(folder));
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => generate(entry, { ortScript: ORT_SCRIPT })));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    assert.ok(outcomes.some(({ status }) => status === 'fulfilled'));
    assert.ok(refused.length > 0, 'none was refused');
    for (const problem of refused) assert.ok(problem instanceof Problem && problem.code === 'output-busy' && /Wait for it to end/.test(problem.next), String(problem));
    assert.ok(!fs.existsSync(folder.file('.golden.tilescope-lock')));
    assert.deepEqual(Object.keys(folder.files('golden')), ['activation_tile0.txt', 'out.txt', MANIFEST_FILE, 'weight_itile0_otile0_kij0.txt']);
  });

  it('takes over the lock of a process that is gone, not that of one that lives or cannot be told', async () => {
    const gone = fork('-e', [''], { execArgv: [], stdio: 'ignore' });
    const pid = await new Promise<number>((resolve) => gone.once('exit', () => { resolve(gone.pid ?? 0); }));
    const lock = (holder: object): string => JSON.stringify({ pid, host: os.hostname(), since: 'then', ...holder });
    const attempt = async (content: string): Promise<unknown> => {
      const folder = testFolder();
      const entry = entryOf(folder, tinyLayer(folder));
      folder.write('.golden.tilescope-lock', content);
      return generate(entry, { ortScript: ORT_SCRIPT }).then(() => 'written', (error: unknown) => (error instanceof Problem ? error.code : error));
    };
    assert.equal(await attempt(lock({})), 'written');
    assert.equal(await attempt(lock({ pid: process.pid })), 'output-busy');
    assert.equal(await attempt(lock({ host: 'another' })), 'output-busy');
    assert.equal(await attempt('garbage'), 'output-busy');
  });

  it('a lock that could not be written whole does not block later runs', async () => {
    const folder = testFolder();
    const half = { ...realDisk, writeFile: async (file: string, content: unknown, options: unknown) => {
      if (!file.includes('tilescope-lock')) return realDisk.writeFile(file, content as string, options as { flag: string });
      await realDisk.writeFile(file, '');
      throw Object.assign(new Error('ENOSPC: simulated'), { code: 'ENOSPC' });
    } } as typeof realDisk;
    await assert.rejects(generated(folder, OLD, half), (error) => error instanceof Problem && error.code === 'output-write');
    assert.ok(!fs.existsSync(folder.file('deep')));
    await generated(folder, OLD);
  });

  it('says where the old set lies when it can be neither replaced nor put back', async () => {
    const folder = testFolder();
    await generated(folder, OLD);
    let renames = 0;
    const stuck = { ...realDisk, rename: (from: string, to: string) => (++renames > 1 ? Promise.reject(Object.assign(new Error('EBUSY'), { code: 'EBUSY' })) : realDisk.rename(from, to)) };
    await assert.rejects(generated(folder, NEW, stuck as typeof realDisk), (error) => error instanceof Problem && /The old set is whole in .*\.golden\.tilescope-old/.test(error.what));
    const report = await generated(folder, NEW);
    assert.ok(report.set.files.some(({ status }) => status === 'unchanged'), 'the old set did not come back');
  });

  it('copies with the same time where links cannot be made', async () => {
    const folder = testFolder();
    await generated(folder, OLD);
    const weight = folder.file('deep/er/golden/weight_itile0_otile0_kij0.txt');
    const old = new Date(2020, 1, 1);
    fs.utimesSync(weight, old, old);
    const noLinks = { ...realDisk, link: () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' })) };
    await generated(folder, NEW, noLinks);
    assert.equal(fs.statSync(weight).mtimeMs, old.getTime());
  });

  it('a file where the folder should be is said', async () => {
    const folder = testFolder();
    folder.write('golden', 'a file');
    await assert.rejects(
      writeSet({ disk: realDisk, folder: folder.file('golden'), overwrite: false }, async function* () {
        yield await Promise.resolve({ path: 'a.txt', bytes: Buffer.from('a') });
      }),
      (error) => error instanceof Problem && error.code.startsWith('output-'),
    );
    assert.equal(folder.read('golden'), 'a file');
  });
});
