import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Subjects, idOf } from '../../../../src/extension/inspect/subjects';
import type { SubjectKey } from '../../../../src/extension/inspect/subjects';

function memory(kept?: unknown): { get: () => never; update: (key: string, value: unknown) => Promise<void>; stored: () => unknown } {
  let stored = kept;
  return { get: () => stored as never, update: (_key, value) => Promise.resolve(void (stored = value)), stored: () => stored };
}
const layer = (n: number): SubjectKey => ({ type: 'layer', file: `/home/user/project/${n}/tilescope.json`, layer: 'conv3' });

describe('subjects of inspectors', () => {
  it('are found again by an id that tells nothing of their path, the last 64 of them', async () => {
    const one = memory();
    const subjects = new Subjects(one);
    const ids: string[] = [];
    for (let n = 0; n < 70; n++) ids.push(await subjects.remember(layer(n)));
    assert.deepEqual(ids.map((id) => subjects.get(id) !== undefined).indexOf(true), 6);
    assert.deepEqual(subjects.get(ids[69]!), layer(69));
    assert.ok(ids.every((id) => /^[0-9a-f]{16}$/.test(id)));
    assert.equal(new Set(ids).size, 70);
    assert.equal((one.stored() as unknown[]).length, 64);
  });

  it('one that is used again is the latest, and is kept once', async () => {
    const one = memory();
    const subjects = new Subjects(one);
    const first = await subjects.remember(layer(0));
    for (let n = 1; n < 64; n++) await subjects.remember(layer(n));
    assert.equal(await subjects.remember(layer(0)), first);
    await subjects.remember(layer(64));
    assert.deepEqual(subjects.get(first), layer(0));
    assert.equal(subjects.get(idOf(layer(1))), undefined);
  });

  it('what another version left, or nobody, is no subject', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => { assert.equal(new Subjects(memory(stored)).get('a'), undefined); }),
      { seed: 3, numRuns: 500 },
    );
    assert.equal(new Subjects(memory([['a', { type: 'layer', file: 1, layer: 'x' }]])).get('a'), undefined);
    assert.equal(new Subjects(memory([['a', { type: 'set' }]])).get('a'), undefined);
  });
});
