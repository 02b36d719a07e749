import assert from 'node:assert/strict';
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
    const log = readLog(LOG)!;
    assert.deepEqual(log.claims.map(({ index, matched, line }) => [index, matched, line]), [[0, true, 4], [1, false, 5], [2, true, 8], [1, false, 11]]);
    assert.deepEqual([log.claims[1]!.got, log.claims[1]!.answer], ['00000000000001010000000000000111', '00000000000001010000000000000110']);
    assert.deepEqual(log.psumErrors, [{ kij: 3, j: 7, line: 10 }]);
    assert.deepEqual(log.verdicts, [9]);
  });

  it('a "No error detected" before or after errors is said', () => {
    const { notes, text, lines, sparse } = recordLog(readLog(LOG)!);
    assert.equal(Buffer.from(text).toString(), '@1\n0005 00ff\n');
    assert.deepEqual([lines, sparse], [[11], true]);
    assert.match(notes.join(' '), /2 matched and 2 errors, and 1 psum error, the first at kij 3, j 7 \(line 10\); it shows the words of 1 output\b/);
    assert.match(notes.join(' '), /"No error detected" in line 9, and tells of 2 errors after that, the first in line 11/);
    assert.match(notes.join(' '), /1 of the outputs is told of twice/);
    assert.match(recordLog(readLog('1-th output Data ERROR!!\nNo error detected\n')!).notes.join(' '), /although it told of errors before/);
  });

  it('what simulators print of a run that went wrong is an error too, and no verdict of the test bench takes it back', () => {
    const failed = (...lines: string[]): { errors: number; notes: string } => {
      const { errors, notes } = recordLog(readLog(lines.join('\n'))!);
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

  it('other text is no log', () => {
    assert.equal(readLog('The weather is fine.\n'), undefined);
    assert.equal(readLog(''), undefined);
  });
});
