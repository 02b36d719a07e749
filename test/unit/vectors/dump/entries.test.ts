import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mapDump } from '../../../../src/project/check/dumpSide';
import { memorySource } from '../../../../src/vectors/dump/byteSource';
import type { Entries } from '../../../../src/vectors/dump/entries';
import { WORD_STATES, entryWords } from '../../../../src/vectors/dump/entries';
import { AddressIndex } from '../../../../src/vectors/dump/addressIndex';
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

const MALFORMED = { value: 0, state: WORD_STATES.malformed, unknown: 2 ** 32 - 1 };

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

  it('of a line that has too few or too many digits no word is read, and what follows stands where it stands', async () => {
    const dump = await read(`${'000a0002\n'.repeat(40)}0001\n00030\n000500060007\n${'0008fff7\n'.repeat(2)}`, 45, 2);
    for (const entry of [40, 41, 42]) assert.deepEqual(wordsOf(dump, entry), Array.from({ length: 2 }, () => MALFORMED));
    for (const entry of [43, 44]) assert.deepEqual(wordsOf(dump, entry).map(({ value }) => value), [8, -9]);
    assert.deepEqual(dump.spot(42, 1), { file: 'dump.txt', line: 43, column: 1, length: 12, text: '000500060007' });
  });

  it('a word with anything but digits is malformed, and the words beside it are read', async () => {
    const hex = await read(`${'000a 0002\n'.repeat(60)}0003 00g4\n0005 1\n00_6 0_01\n0007 xxxx\n`, 64, 2);
    assert.deepEqual([60, 61, 62, 63].map((entry) => wordsOf(hex, entry).map(({ state }) => state)), [[0, 4], [0, 4], [4, 4], [0, 1]]);
    assert.deepEqual(hex.spot(60, 1), { file: 'dump.txt', line: 61, column: 6, length: 4, text: '00g4' });
    const decimal = await read(`${' 12  -3\n'.repeat(60)} 12  -3\n 1g   4\n  x  1x\n  5\n  6   7   8\n  9  10\n`, 66, 2);
    assert.deepEqual([60, 61, 62, 63, 64, 65].map((entry) => wordsOf(decimal, entry).map(({ state }) => state)), [[0, 0], [4, 0], [1, 4], [4, 4], [4, 4], [0, 0]]);
    const binary = await read(`${`${'01'.repeat(8)}\n`.repeat(20)}01a1${'01'.repeat(6)}\n01x1${'01'.repeat(6)}\n`, 22, 1);
    assert.deepEqual([20, 21].map((entry) => wordsOf(binary, entry)[0]!.state), [WORD_STATES.malformed, WORD_STATES.unknownBits]);
  });

  it('hex words without leading zeros are whole words where all are written so', async () => {
    const dump = await read('1 20\n333 4\n5 ffff\n', 3, 2);
    assert.deepEqual([0, 1, 2].map((entry) => wordsOf(dump, entry).map(({ value }) => value)), [[1, 0x20], [0x333, 4], [5, -1]]);
  });

  it('digits above 32 bits are not lost', async () => {
    const dump = await read('0000000100000005\n000000000000fff5\nfffffffffffffff5\n', 3, 1);
    assert.deepEqual([0, 1, 2].map((entry) => wordsOf(dump, entry)[0]!.value), [2 ** 31 - 1, -11, -11]);
  });

  it('a broken line among the words keeps its place as words that cannot be read; chatter does not, and is counted', async () => {
    const opened = await openedText('dump.txt', `${'000d000e\n'.repeat(30)}00010002\n00030004\nloading tile 3\n0005000!\n00070008\ndone\n0009000a ERROR\n#!$%&()=\nXY00+012\n000b000c\n`);
    const { entries } = mapDump(opened, expectedValues(Array.from({ length: 37 }, () => [0, 0]), BITS), undefined).dump;
    assert.deepEqual(Array.from({ length: entries.count }, (_, entry) => wordsOf(entries, entry).map(({ value, state }) => (state === WORD_STATES.malformed ? '!' : value))).slice(30), [[1, 2], [3, 4], [5, '!'], [7, 8], ['!', '!'], ['!', '!'], [11, 12]]);
    assert.deepEqual(entries.spot(33, 0)?.line, 35);
    assert.deepEqual(opened.files[0]!.index.remarks, { count: 2, line: 33, text: 'loading tile 3' });
  });

  it('a line is read alike in the first pass and in the second, whatever stands around it', async () => {
    const other = fc.constantFrom('// note', '   # note', '  // 0005', '/* a', '0001 */', '# 00020003', 'chatter', 'face off', '-----', '        ', '0001000g', 'dead: no', '@80', '/* 0007000800 */', '');
    const line = fc.integer({ min: 0x1000, max: 0xffff }).map((value) => value.toString(16).padStart(4, '0').repeat(2));
    const run = fc.tuple(fc.integer({ min: 1, max: 90 }), line).map(([count, text]) => new Array<string>(count).fill(text));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(run, other.map((text) => [text])), { minLength: 1, maxLength: 12 }), async (parts) => {
        const text = `${'00010002\n'.repeat(100)}${parts.flat().join('\n')}\n`;
        const { entries } = mapDump(await openedText('dump.txt', text), expectedValues(Array.from({ length: 9 }, () => [0, 0]), BITS), undefined).dump;
        for (let entry = 0; entry < entries.count; entry++) {
          const spot = entries.spot(entry, 0)!;
          const words = wordsOf(entries, entry);
          // What the file has in this line is what was read
          const raw = text.split('\n')[spot.line - 1]!;
          if (/^[0-9a-f]{8}$/.test(raw)) assert.deepEqual(words.map(({ value }) => value & 0xffff), [Number.parseInt(raw.slice(0, 4), 16), Number.parseInt(raw.slice(4), 16)]);
          else assert.ok(words.some(({ state }) => state === WORD_STATES.malformed), raw);
        }
      }),
      { numRuns: 300, seed: 12 },
    );
  });

  it('comments are no words: led by blanks, in blocks over several lines, and behind words', async () => {
    const lines = ['   1   2', '   # 3 4', '  // 0 5', '   5   6'];
    const decimal = await read(`${'   9  -9\n'.repeat(70)}${lines.join('\n')}\n${'   7   8\n'.repeat(70)}`, 142, 2);
    assert.deepEqual([decimal.count, wordsOf(decimal, 70).map(({ value }) => value), wordsOf(decimal, 71).map(({ value }) => value)], [142, [1, 2], [5, 6]]);
    const block = await read('/* the psums\n00ff00ff\n*/\n000a0002\n/* 0bad0bad */\n00030004 // third\n/*\n000d000d\n*/ 00050006\n00070008\n', 4, 2);
    assert.deepEqual([0, 1, 2, 3].map((entry) => wordsOf(block, entry).map(({ value }) => value)), [[10, 2], [3, 4], [5, 6], [7, 8]]);
    assert.deepEqual([block.count, block.spot(2, 1)], [4, { file: 'dump.txt', line: 9, column: 8, length: 4, text: '0006' }]);
  });

  it('columns are put together by address: one that leaves an address out was not written there', async () => {
    const files = await Promise.all([openedText('c1', '@0\n0001\n0002\n0003\n0004\n'), openedText('c0', '@1\n0012\n@3\n0014\n0015\n')]);
    const expected = expectedValues(Array.from({ length: 5 }, () => [0, 0]), BITS);
    const { entries } = mapDump({ name: 'columns', files: files.flatMap((one) => one.files), notes: [] }, expected, undefined).dump;
    const { unwritten } = WORD_STATES;
    const shown = (address: number): (number | string)[] => wordsOf(entries, entries.entryAt(address)).map(({ value, state }) => (state === unwritten ? 'unwritten' : value));
    assert.deepEqual([0, 1, 2, 3, 4].map(shown), [[1, 'unwritten'], [2, 0x12], [3, 'unwritten'], [4, 0x14], ['unwritten', 0x15]]);
    assert.deepEqual([entries.spot(entries.entryAt(3), 1)?.line, entries.spot(entries.entryAt(2), 1)], [4, undefined]);
    assert.deepEqual([entries.entryAt(5), entries.addressOf(4), entries.count], [-1, 4, 5]);
  });

  it('columns whose memory all leave an address out, and columns of files without addresses that end early', async () => {
    const join = async (...texts: string[]): Promise<Entries> => {
      const files = await Promise.all(texts.map((text, i) => openedText(`c${i}`, text)));
      return mapDump({ name: 'columns', files: files.flatMap((one) => one.files), notes: [] }, expectedValues(Array.from({ length: 8 }, () => [0, 0]), BITS), undefined).dump.entries;
    };
    const gaps = await join('@0\n0001\n@6\n0002\n', '@0\n0003\n@6\n0004\n');
    assert.deepEqual([gaps.count, gaps.entryAt(3), gaps.leavesOut(3), gaps.leavesOut(7)], [2, -1, true, false]);
    const short = await join('0001\n0002\n0003\n', '0004\n0005\n');
    assert.deepEqual(wordsOf(short, 2).map(({ state }) => state), [WORD_STATES.known, WORD_STATES.missing]);
  });

  it('of words at one address the last counts, in any order of overlapping pieces', () => {
    const piece = fc.record({ address: fc.nat(40), count: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const truth = new Map<number, number>();
        let entries = 0;
        const runs = pieces.map(({ address, count }) => {
          const run = { address, count, firstEntry: entries };
          for (let i = 0; i < count; i++) truth.set(address + i, entries++);
          return run;
        });
        const index = new AddressIndex(runs);
        for (let address = -1; address < 60; address++) assert.equal(index.entryAt(address), truth.get(address) ?? -1);
        assert.equal(index.highest, Math.max(-1, ...truth.keys()));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('many pieces with addresses are found by search, not one after the other', async () => {
    const pieces = 200_000;
    // Every second address, from the highest down: none follows the one before
    const dump = await read(Array.from({ length: pieces }, (_, i) => `@${(2 * (pieces - i)).toString(16)}\n${(i & 0xfff).toString(16).padStart(4, '0')}\n`).join(''), 4, 1);
    assert.equal(dump.count, pieces);
    for (let i = 0; i < pieces; i++) {
      const address = 2 * (pieces - i);
      if (dump.entryAt(address) !== i || dump.addressOf(i) !== address || !dump.leavesOut(address - 1)) assert.fail(String(address));
    }
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
