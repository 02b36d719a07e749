import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Problem } from '../../../../src/engine/problem';
import { Subjects, idOf, judgedLayer } from '../../../../src/extension/inspect/subjects';
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

  it('a layer goes to its thread with the text that was judged, and one of a model in a trusted workspace only', () => {
    const text = (type: string): string => JSON.stringify({ layers: [{ name: 'conv3', source: type === 'onnx' ? { type, model: 'm.onnx', layer: 'n', input: 'i.npy' } : { type, activation: 'a.npy', weight: 'w.npy' }, array: { rows: 1, cols: 1, psumBits: 16 }, output: 'g' }] });
    const key = { type: 'layer', file: '/p/tilescope.json', layer: 'conv3' } as const;
    for (const [type, trusted] of [['codes', false], ['codes', true], ['onnx', true]] as const) assert.deepEqual(judgedLayer(key, text(type), trusted), { ...key, text: text(type) });
    assert.throws(() => judgedLayer(key, text('onnx'), false), (error) => error instanceof Problem && error.code === 'not-trusted');
    // What cannot be read is the thread's to refuse, from the same text
    assert.deepEqual(judgedLayer(key, '{', false), { ...key, text: '{' });
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
