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
];

describe('phrases of failing runs', () => {
  it('simulators, test benches and counts', () => {
    assert.deepEqual(FAILING.filter((line) => !tellsOfFailure(line)), []);
  });

  it('what denies an error, counts none, or measures one is no failure', () => {
    assert.deepEqual(PASSING.filter(tellsOfFailure), []);
  });

  it('a count of errors fails just when it is not zero, however it is written', () => {
    const forms = fc.constantFrom((n: string) => `${n} errors`, (n: string) => `Errors: ${n}`, (n: string) => `error count: ${n}`, (n: string) => `# done, ${n} mismatches`, (n: string) => `UVM_ERROR : ${n}`, (n: string) => `TOTAL ERRORS = ${n}`);
    fc.assert(fc.property(forms, fc.constantFrom(0, 0, 1, 10, 20, 100, 305), fc.constantFrom('', '0', '00'), (form, count, zeros) => tellsOfFailure(form(`${zeros}${count}`)) === count > 0), { numRuns: 200, seed: 5 });
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
