import assert from 'node:assert/strict';
import type { ByteSource } from '../../../../src/vectors/dump/byteSource';
import { linesOf, memorySource } from '../../../../src/vectors/dump/byteSource';
import type { PrintedNumbers } from '../../../../src/vectors/outputNumbers';
import { countedFrom, withNumber } from '../../../../src/vectors/outputNumbers';
import { readLog, recordLog } from '../../../../src/vectors/dump/simLog';

const LOG = `VCD info: dumping is suppressed.
No.           0 execution completed.
############ Verification Start during accumulation #############
 1-th output featuremap Data matched! :D
 2-th output featuremap Data ERROR!!
sfpout: 00000000000001010000000000000111
answer: 00000000000001010000000000000110
 3-th output featuremap Data matched! :D
############ No error detected ##############
[WS] Psum Data ERROR at kij= 3, j= 7
[OS] PE1 output featuremap Data ERROR!!
sfpout: 0005 00ff
answer: 0005 0006
`;

describe('simulation logs as dumps', () => {
  it('what a test bench says, and the words that it shows', () => {
    const log = readLog(LOG.split('\n'))!;
    assert.deepEqual(log.claims.map(({ printed, base, matched, line }) => [printed - (base ?? 1), matched, line]), [[0, true, 4], [1, false, 5], [2, true, 8], [1, false, 11]]);
    assert.deepEqual(log.numbers, { first: 1, least: 1, most: 3, tellsAll: true });
    assert.deepEqual([log.claims[1]!.got, log.claims[1]!.answer], [{ words: '00000000000001010000000000000111', line: 6 }, { words: '00000000000001010000000000000110', line: 7 }]);
    assert.deepEqual(log.psumErrors, [{ kij: 3, j: 7, line: 10 }]);
    assert.deepEqual(log.verdicts, [9]);
  });

  it('a "No error detected" before or after errors is said', () => {
    const { notes, text, lines, sparse } = recordLog(readLog(LOG.split('\n'))!, 1);
    assert.equal(Buffer.from(text).toString(), '@1\n0005 00ff\n');
    assert.deepEqual([lines, sparse], [[12], true]);
    assert.match(notes.join(' '), /2 matched and 2 errors, and 1 psum error, the first at kij 3, j 7 \(line 10\); it shows the words of 1 output\b/);
    assert.match(notes.join(' '), /"No error detected" in line 9, and tells of 2 errors after that, the first in line 11/);
    assert.match(notes.join(' '), /1 of the outputs is told of twice/);
    assert.match(recordLog(readLog(['1-th output Data ERROR!!', 'No error detected'])!, 1).notes.join(' '), /although it told of errors before/);
  });

  it('numbers from 0 are read as such, what was shown and what was called the answer', () => {
    const log = readLog(['0-th output Data matched', '1-th output Data ERROR!!', 'out: 0007', 'answer: 0008'])!;
    assert.equal(countedFrom(log.numbers!), 0);
    const text = (side: 'got' | 'answer'): string => Buffer.from(recordLog(log, 0, side).text).toString();
    assert.deepEqual([text('got'), text('answer')], ['@1\n0007\n', '@1\n0008\n']);
  });

  it('what the first output is called: as the numbers tell, or open', () => {
    const numbers = (printed: readonly number[], matched: boolean): PrintedNumbers => printed.reduce<PrintedNumbers | undefined>((all, one) => withNumber(all, one, matched), undefined)!;
    assert.deepEqual([countedFrom(numbers([3, 0, 5], false)), countedFrom(numbers([1, 2], true)), countedFrom(numbers([1, 2], false)), countedFrom(numbers([5, 9], true))], [0, 1, undefined, undefined]);
    // Of 16 outputs one that is called 16 is the last, and 15 may be either
    assert.deepEqual([countedFrom(numbers([7, 16], false), 16), countedFrom(numbers([7, 15], false), 16)], [1, undefined]);
  });

  it('long lines of digits, signs or blanks cost no more than their length', () => {
    const long = 1 << 20;
    const lines = ['7'.repeat(long), `got: ${' '.repeat(long)}!`, '1 '.repeat(long), '-'.repeat(long), '1-th output Data ERROR', `got: ${'01'.repeat(long)}`];
    const log = readLog(lines)!;
    assert.deepEqual([log.claims.length, log.claims[0]!.got?.words.length], [1, 2 * long]);
  });

  it('lines are given one by one, cut where they are too long, wherever the file is cut into pieces', () => {
    const text = 'one\r\n\ntwo three\nlast';
    const whole = memorySource('a.log', Buffer.from(text));
    for (const piece of [1, 2, 3, 7, 100]) {
      const pieces: ByteSource = { ...whole, read: (offset, into) => whole.read(offset, into.subarray(0, piece)) };
      assert.deepEqual([...linesOf(pieces, 100)], ['one', '', 'two three', 'last']);
      assert.deepEqual([...linesOf(pieces, 3)], ['one', '', 'two', 'las']);
    }
    assert.deepEqual([...linesOf(memorySource('a.log', Buffer.from('a\n')), 9)], ['a']);
  });

  it('what simulators print of a run that went wrong is an error too, and no verdict of the test bench takes it back', () => {
    const failed = (...lines: string[]): { errors: number; notes: string } => {
      const { errors, notes } = recordLog(readLog(lines)!, 1);
      return { errors: errors!, notes: notes.join(' ') };
    };
    const matched = '1-th output featuremap Data matched! :D';
    assert.equal(failed(matched, '0 errors, 0 warnings').errors, 0);
    for (const line of ['ERROR: timeout', 'FATAL', '$fatal called at tb.v:3', '** Error: late', 'Assertion failed', 'TIMEOUT', '%Error: tb.v:3: stop', '%Fatal: tb.v:3: stop']) {
      const { errors, notes } = failed(matched, line);
      assert.deepEqual([errors, notes.includes(`It tells of a run that went wrong in line 2: ${line}`)], [1, true], line);
    }
    const both = failed(matched, 'ERROR: late', 'x', 'ERROR: later', 'No error detected');
    assert.equal(both.errors, 2);
    assert.match(both.notes, /in line 2: ERROR: late \(and in 1 more line\).*"No error detected" in line 5, although it told of errors before/);
  });

  it('an output that is not matched is none that matched', () => {
    const outcome = (line: string): readonly [number, boolean] | undefined => readLog([line, 'No error detected'])!.claims.map(({ printed, matched }) => [printed, matched] as const)[0];
    for (const line of ['3-th output featuremap Data not matched', '3-th output mismatched', '3-th output featuremap Data mismatch!', '3-th output FAILED', 'o_nij 3 does not match', 'PE3 unmatched', 'pixel 3: mismatch', 'o_nij 3 is wrong']) assert.deepEqual(outcome(line), [3, false], line);
    for (const line of ['3-th output featuremap Data matched! :D', 'o_nij 3: Data matched', 'PE3 output matched', '3-th output matched, no error']) assert.deepEqual(outcome(line), [3, true], line);
    const { errors, notes } = recordLog(readLog(['3-th output mismatched', 'No error detected'])!, 1);
    assert.equal(errors, 1);
    assert.match(notes.join(' '), /0 matched and 1 error.*although it told of errors before/);
  });

  it('the summary of a run counts as what it says', () => {
    const log = readLog(['1-th output Data matched', 'Mismatch at 3', 'Errors: 5', 'WARNING: psum differs', 'FAILED with 5 errors', 'Errors: 0', '1 of 1 matched'])!;
    assert.deepEqual(log.failures.map(({ line }) => line), [2, 3, 4, 5]);
  });

  it('other text is no log', () => {
    assert.equal(readLog(['The weather is fine.']), undefined);
    assert.equal(readLog([]), undefined);
  });
});
