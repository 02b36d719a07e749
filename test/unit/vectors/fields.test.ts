import assert from 'node:assert/strict';
import { cutsOf } from '../../../src/vectors/fields';

describe('ways to cut lines into words', () => {
  it('takes lines of more words than a call has arguments', () => {
    const line = Array.from({ length: 20_000 }, (_, i) => [1, 12, 123, -5][(i * 7) % 4]).join(' ');
    assert.deepEqual(cutsOf(Array.from({ length: 20 }, () => line)).map(({ radix, count, width }) => [radix, count, width]), [['decimal', 20_000, 4]]);
  });

  it('takes a number a line from as many lines', () => {
    assert.deepEqual(cutsOf(Array.from({ length: 300_000 }, (_, i) => String(i % 1000))).map(({ radix, width }) => [radix, width]), [['decimal', 3]]);
  });

  it('looks once at a run of blanks, however long', () => {
    const line = `1${' '.repeat(1_000_000)}1`;
    assert.deepEqual(cutsOf(Array.from({ length: 20 }, () => line)).map(({ count, trailing }) => [count, trailing])[0], [2, '']);
  });
});
