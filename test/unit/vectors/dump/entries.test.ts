import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mapDump } from '../../../../src/project/check/dumpSide';
import { memorySource } from '../../../../src/vectors/dump/byteSource';
import type { Entries } from '../../../../src/vectors/dump/entries';
import { WORD_STATES, entryWords } from '../../../../src/vectors/dump/entries';
import { indexLines } from '../../../../src/vectors/dump/lineIndex';
import type { SimWord } from '../../support/dumps';
import { FORMS, allX, expectedValues, known, openedText, psumValue } from '../../support/dumps';

const BITS = 16;

async function read(text: string, lines: number, count: number, bits = BITS): Promise<Entries> {
  const expected = expectedValues(Array.from({ length: lines }, () => new Array<number>(count).fill(0)), bits);
  return mapDump(await openedText('dump.txt', text), expected, undefined).dump.entries;
}

function wordsOf(entries: Entries, entry: number): { value: number; state: number; unknown: number }[] {
  const into = entryWords(entries.wordsPerEntry);
  entries.read(entry, into);
  return Array.from(into.values, (value, i) => ({ value, state: into.state[i]!, unknown: into.unknown[i]! }));
}

const simWord: fc.Arbitrary<SimWord> = fc.oneof(
  { arbitrary: psumValue(BITS).map(known), weight: 12 },
  { arbitrary: fc.constant(allX(BITS)), weight: 1 },
  { arbitrary: fc.tuple(psumValue(BITS), fc.nat(2 ** BITS - 1), fc.nat(2 ** BITS - 1)).map(([value, x, z]) => ({ value, x, z: z & ~x })), weight: 1 },
);

describe('dumps as entries', () => {
  it('every form of text says the words that were written into it', async () => {
    const dumps = fc.record({ form: fc.constantFrom(...FORMS), count: fc.constantFrom(4, 8, 16), entries: fc.integer({ min: 20, max: 90 }), seed: fc.nat(1 << 20) });
    await fc.assert(
      fc.asyncProperty(dumps, fc.infiniteStream(simWord), async ({ form, count, entries }, stream) => {
        const words = Array.from({ length: entries }, () => Array.from({ length: count }, (): SimWord => stream.next().value as SimWord));
        // A line of values says how all are cut, as every real dump does
        words[0] = Array.from({ length: count }, (_, i) => known(1000 - 2001 * (i % 2)));
        const dump = await read(form.write(words, BITS), entries, count);
        assert.deepEqual([dump.count, dump.wordsPerEntry], [entries, count], form.name);
        for (const [entry, wanted] of words.entries()) {
          assert.equal(dump.entryAt(entry), entry, form.name);
          for (const [i, { value, state, unknown }] of wordsOf(dump, entry).entries()) {
            const { value: written, x, z } = wanted[i]!;
            const unknownBits = x | z;
            const label = `${form.name}, entry ${entry}, word ${i}`;
            if (unknownBits === 0) assert.deepEqual([value, state], [written, WORD_STATES.known], label);
            else {
              assert.equal(state, form.memory && x === 2 ** BITS - 1 ? WORD_STATES.unwritten : WORD_STATES.unknownBits, label);
              if (form.perBit) assert.equal(unknown, unknownBits >>> 0, label);
              else assert.equal((unknown & unknownBits) >>> 0, unknownBits >>> 0, label);
            }
          }
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('a spot is where the word stands, comments and headers counted', async () => {
    const text = `// 0x00000000\n${'0001000200030004\n'.repeat(16)}// 0x00000010\n000500060007fff8\n`;
    const dump = await read(text, 17, 4);
    assert.deepEqual(dump.spot(16, 3), { file: 'dump.txt', line: 19, column: 13, length: 4, text: 'fff8' });
    assert.deepEqual(dump.spot(0, 1), { file: 'dump.txt', line: 2, column: 5, length: 4, text: '0002' });
    assert.equal(wordsOf(dump, 16)[3]!.value, -8);
  });

  it('16-bit values in 32-bit words take their sign from bit 15', async () => {
    const dump = await read('0000ffb3\n00000010\n00007fff\n', 3, 1);
    assert.deepEqual([0, 1, 2].map((entry) => wordsOf(dump, entry)[0]!.value), [-77, 16, 32767]);
  });

  it('digits above the width of a value are not dropped: such a word equals none that fits', async () => {
    const dump = await read('00010005\n7fff0005\nffff8005\nxxxx0005\nffff0005\n', 5, 1);
    const words = [0, 1, 2, 3, 4].map((entry) => wordsOf(dump, entry)[0]!);
    assert.deepEqual(words.map(({ value }) => value), [0x10005, 0x7fff0005, 0x8005 - 0x10000, 0, -65531]);
    assert.deepEqual(words.map(({ state }) => state), [WORD_STATES.known, WORD_STATES.known, WORD_STATES.known, WORD_STATES.unknownBits, WORD_STATES.known]);
  });

  it('a partly unknown hex digit is unknown as a whole, and only that digit', async () => {
    const dump = await read('00120034\n0azf12X4\n', 2, 2);
    assert.deepEqual(wordsOf(dump, 1), [{ value: 0, state: WORD_STATES.unknownBits, unknown: 0x00f0 }, { value: 0, state: WORD_STATES.unknownBits, unknown: 0x00f0 }]);
  });

  it('addresses of readmem files, gaps, and the last of two words at one address', async () => {
    const dump = await read('@2\n0001\n0002\n// words\n@A\n0003\n@2\n0009\n', 16, 1);
    assert.equal(dump.count, 4);
    assert.deepEqual([2, 3, 10, 0, 4, 11].map((address) => dump.entryAt(address)), [3, 1, 2, -1, -1, -1]);
    assert.deepEqual(wordsOf(dump, dump.entryAt(2))[0], { value: 9, state: WORD_STATES.known, unknown: 0 });
  });

  it('a range that was dumped downwards begins at its first address', async () => {
    const opened = { ...(await openedText('dump.txt', '// 0x00000000\n0001\n0002\n0003\n')), range: [40, 38] as const };
    const { entries } = mapDump(opened, expectedValues([[0], [0], [0]], 16), undefined).dump;
    assert.deepEqual([40, 39, 38, 37, 41].map((address) => entries.entryAt(address)), [0, 1, 2, -1, -1]);
  });

  it('short and overlong lines are read as far as they go', async () => {
    const dump = await read(`${'000a0002\n'.repeat(40)}0001\n00030004\n000500060007\n${'0008fff7\n'.repeat(2)}`, 45, 2);
    assert.deepEqual(wordsOf(dump, 40).map(({ state }) => state), [WORD_STATES.known, WORD_STATES.missing]);
    assert.deepEqual(wordsOf(dump, 41).map(({ value }) => value), [3, 4]);
    assert.deepEqual(wordsOf(dump, 42).map(({ value }) => value), [5, 6]);
    // What follows stands where it stands
    for (const entry of [43, 44]) assert.deepEqual(wordsOf(dump, entry).map(({ value }) => value), [8, -9]);
  });

  it('the index of a file of equal lines does not grow with the lines', () => {
    const count = (text: string): number[] => {
      const steps = indexLines(memorySource('a', Buffer.from(text)), 0);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      return [step.value.count, step.value.segments.length];
    };
    assert.deepEqual(count('0123\n'.repeat(200_000)), [200_000, 1]);
    const [lines, segments] = count(`// 0x00000000\n${`${'0123\n'.repeat(16)}// 0x00000010\n`.repeat(4096)}`);
    assert.equal(lines, 65_536);
    assert.ok(segments! <= 65, String(segments));
  });
});
