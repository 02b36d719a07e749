import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packed } from '../../../../src/extension/inspect/packed';

const numbers = fc.oneof(fc.int32Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }), fc.float64Array({ maxLength: 5 }), fc.int32Array({ minLength: 3, maxLength: 9 }).map((array) => array.subarray(1, 2)));
const { message } = fc.letrec<{ message: unknown }>((tie) => ({
  message: fc.oneof({ maxDepth: 4 }, fc.integer(), fc.string(), fc.constant(undefined), fc.boolean(), numbers, fc.array(tie('message')), fc.dictionary(fc.string().filter((key) => key !== '__proto__'), tie('message'), { noNullPrototype: true })),
}));

function buffersOf(value: unknown, found = new Set<ArrayBufferLike>()): Set<ArrayBufferLike> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer);
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) buffersOf(part, found);
  return found;
}

describe('inspector: messages with arrays', () => {
  it('say the same in one buffer', () => {
    fc.assert(
      fc.property(message, (value) => {
        const one = packed(value);
        assert.deepEqual(one, value);
        assert.equal(buffersOf(one).size, Math.min(1, buffersOf(value).size));
      }),
      { seed: 31, numRuns: 500 },
    );
  });

  it('however many they are', () => {
    const many = { states: Array.from({ length: 1000 }, (_, i) => ({ cycle: i, values: Int32Array.of(i, -i), flags: Uint8Array.of(i % 256) })) };
    assert.deepEqual(packed(many), many);
    assert.equal(buffersOf(packed(many)).size, 1);
  });
});
