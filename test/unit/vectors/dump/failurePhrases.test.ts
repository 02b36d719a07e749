import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tellsOfFailure } from '../../../../src/vectors/dump/failurePhrases';

const FAILING = [
  'ERROR: timeout',
  'ERROR: simulation aborted: timeout',
  'FATAL: watchdog',
  'FATAL',
  'FATAL: tb.v:34: o_nij 3 differs',
  'ERROR: tb.v:12: got 3, expected 4',
  'tb.v:34: error: Unable to bind wire',
  '$fatal called at tb.v:34',
  '%Error: tb.v:30: Assertion failed in TOP.tb: psum',
  '%Fatal: tb.v:30: stop',
  '[100] %Error: core.sv:8: Verilog $stop',
  '** Error: psum differs',
  '# ** Fatal: out of range',
  '# ** Error (suppressible): (vsim-3584)',
  '[10 ns] Error: psum of kij 3',
  'Error: wrong psum',
  'Error!',
  'Assertion failed',
  'Assertion tb.check_psum failed at 120 ns',
  'TIMEOUT',
  '*** TIMEOUT ***',
  'Timeout: no ofifo_valid',
  'Simulation timed out after 10000 cycles',
  '3 errors',
  'Total: 3 errors found',
  'Errors: 2, Warnings: 0',
  'error count: 12',
  'error_count=1',
  'UVM_ERROR @ 100: uvm_test_top [SB] differs',
  'UVM_FATAL :    1',
  'TEST FAILED',
  '!!! FAIL !!!',
  'MISMATCH at address 12',
  '128 words, 4 mismatches',
  '0 warnings, 3 errors',
  'Mismatch at 3',
  'mismatch at o_nij 0, col 5',
  'o_nij 0 mismatch: 12 instead of 13',
  'kij 0 error',
  'Data mismatch!',
  'psum mismatched in column 3',
  '[120 ns] first mismatch at address 1f',
  'Mismatches found: 12',
  'total mismatch = 3',
  'mismatch(es): 2',
  '5 mismatch(es)',
  'WARNING: psum of kij 3 differs from the golden',
  'WARNING: o_nij 0 differs',
  'warning: 3 words differ',
  'psum 12 does not match',
  "Output 5 doesn't match the answer",
  'Data not matched',
  'NOT MATCHED',
  '3 unmatched outputs',
  'Test failed',
  'Verification failed!',
  'Simulation has failed.',
  'self-check failed at kij 2',
  'Failed: 5',
  'failed = 5',
  'Passed: 11, Failed: 5',
  '11 passed, 5 failed',
  '5 tests failed',
  '5 of 16 tests failed',
  'FAILED with 3 errors',
  'FAILED (3)',
  'FAILED: 3',
  'fail count = 3',
  'Errors found: 5',
  'Errors detected = 5',
  'Number of errors: 5',
  'Total number of errors is 5',
  'Total errors 5',
  'num_errors = 5',
  'err_cnt: 5',
  'errs=5',
  'Error(s): 5',
  '5 error(s)',
  '0 of 16 match',
  '12 of 16 outputs matched',
  '12/16 passed',
  'Result: 12 out of 16 words correct',
  'Matched: 12 / 16',
  'passed 12 of 16',
  'Wrong output at o_nij 3',
  'incorrect psum: kij 3',
  'The result is wrong.',
  'o_nij 3: expected 12, got 13',
  'exp=000c got=000d',
  'Expected -3 but got 3',
  'got: 12 (expected: 13)',
];
const PASSING = [
  '',
  'Simulation finished at 1200 ns',
  'No error detected',
  'No errors.',
  '############ No ERROR ############',
  '0 errors',
  '0 ERRORS',
  '0 errors, 3 warnings',
  'Errors: 0, Warnings: 3',
  '# Errors: 0, Warnings: 0',
  'error count: 0',
  'ERROR COUNT = 0',
  'error_count=0',
  'UVM_ERROR :    0',
  'UVM_FATAL :    0',
  'FAILED: 0',
  '16 PASSED, 0 FAILED',
  'no data error',
  'without errors',
  'zero mismatches',
  'Mean error: 0.0213',
  'error = 1e-6',
  'quantization error of conv5 0.02',
  'The error is the mean of |a - b|.',
  'Loading error_vectors.txt',
  'reading ERROR.txt',
  'ERROR_MODE = 3',
  'TIMEOUT = 100000',
  'TIMEOUT: 5000 cycles',
  'Timeout set to 1000 cycles',
  'non-fatal: $readmemb found fewer words',
  'WARNING: tb.v:12: $readmemh: Not enough words in the file',
  'assertion passed',
  'no assertion failed',
  'error-free',
  'kij = 3, 128 words',
  'terror: mirrors',
  'Mismatches: 0',
  'mismatch = 0',
  'mismatch(es): 0',
  '0 mismatch(es)',
  'No mismatch found',
  'no mismatch at any output',
  'Checking for mismatches',
  'stops on mismatch: yes',
  'mismatch counter reset',
  'mismatch tolerance: 2',
  'Failed: 0',
  'failed = 0',
  '16 passed, 0 failed',
  '0 tests failed',
  'no test failed',
  'none of the tests failed',
  'Number of errors: 0',
  'Total number of errors is 0',
  'Total errors 0',
  'num_errors = 0',
  'Errors found: 0',
  'err_cnt: 0',
  'Error(s): 0',
  '0 error(s)',
  '0 words differ',
  'no word differs',
  'nothing differs',
  'None of the words differ.',
  'differs by 0',
  'no output is wrong',
  '0 wrong outputs',
  '16 of 16 match',
  'All 16 of 16 outputs matched',
  '16/16 passed',
  'matched: 16 / 16',
  'Test 3 of 16 passed',
  'o_nij 3: expected 12, got 12',
  'exp=000c got=000C',
  'Expected 5 but got 0005',
  'tb.v:12: warning: Port 3 (d) of core expects 8 bits, got 4.',
  '** Warning: (vsim-3015) Port size (8) does not match connection size (4) for port d.',
  '%Warning-WIDTH: tb.v:30: width of the output differs from that of the port',
  'timescale of tb differs from that of core',
  'Comparing with expected_output.txt',
];

describe('phrases of failing runs', () => {
  it('simulators, test benches and counts', () => {
    assert.deepEqual(FAILING.filter((line) => !tellsOfFailure(line)), []);
  });

  it('what denies an error, counts none, or measures one is no failure', () => {
    assert.deepEqual(PASSING.filter(tellsOfFailure), []);
  });

  it('a count of errors fails just when it is not zero, however it is written', () => {
    const forms = fc.constantFrom((n: string) => `${n} errors`, (n: string) => `Errors: ${n}`, (n: string) => `error count: ${n}`, (n: string) => `# done, ${n} mismatches`, (n: string) => `UVM_ERROR : ${n}`, (n: string) => `TOTAL ERRORS = ${n}`, (n: string) => `Failed: ${n}`, (n: string) => `16 passed, ${n} failed`, (n: string) => `num_mismatches=${n}`, (n: string) => `Errors found: ${n}`, (n: string) => `${n} mismatch(es)`, (n: string) => `${n} words differ`);
    fc.assert(fc.property(forms, fc.constantFrom(0, 0, 1, 10, 20, 100, 305), fc.constantFrom('', '0', '00'), (form, count, zeros) => tellsOfFailure(form(`${zeros}${count}`)) === count > 0), { numRuns: 200, seed: 5 });
  });

  it('so many of so many that match fail just when they are not all', () => {
    const forms = fc.constantFrom((n: number, m: number) => `${n} of ${m} match`, (n: number, m: number) => `${n}/${m} outputs matched`, (n: number, m: number) => `Result: ${n} out of ${m} correct`, (n: number, m: number) => `Passed: ${n} / ${m}`);
    fc.assert(fc.property(forms, fc.nat(40), fc.nat(40), (form, count, more) => tellsOfFailure(form(count, count + more)) === more > 0), { numRuns: 200, seed: 7 });
  });

  it('what was expected and what came out fail just when they differ', () => {
    const forms = fc.constantFrom((a: string, b: string) => `o_nij 3: expected ${a}, got ${b}`, (a: string, b: string) => `exp=${a} got=${b}`, (a: string, b: string) => `got ${b}, expected ${a}`, (a: string, b: string) => `Expected ${a} but got ${b}`);
    fc.assert(fc.property(forms, fc.integer({ min: -40, max: 40 }), fc.integer({ min: -3, max: 3 }), (form, value, more) => tellsOfFailure(form(String(value), String(value + more))) === (more !== 0)), { numRuns: 200, seed: 8 });
  });

  it('a line that names nothing of the sort never fails', () => {
    const words = fc.constantFrom('psum', 'error', 'of', 'kij', '0', 'matched', 'Data', 'mean', 'output', 'timeout', 'cycles', '=', 'fail', 'fatal');
    fc.assert(fc.property(fc.array(words, { maxLength: 8 }), (line) => !tellsOfFailure(`the ${line.join(' ')} is`)), { numRuns: 500, seed: 6 });
  });

  it('takes a line of any length at once', () => {
    assert.equal(tellsOfFailure('no '.repeat(1e6)), false);
    assert.equal(tellsOfFailure(`ERROR: ${':]*%'.repeat(1e6)}`), true);
  });
});
