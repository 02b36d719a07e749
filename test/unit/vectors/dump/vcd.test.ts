import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Problem } from '../../../../src/engine/problem';
import type { ByteSource } from '../../../../src/vectors/dump/byteSource';
import { memorySource } from '../../../../src/vectors/dump/byteSource';
import type { Recording } from '../../../../src/vectors/dump/recorded';
import type { VcdSampling } from '../../../../src/vectors/dump/vcd';
import { readVcd } from '../../../../src/vectors/dump/vcd';

const HEAD = `$date today $end
$version test $end
$timescale 1ps $end
$scope module tb $end
$var wire 1 ! clk $end
$var reg 1 " valid $end
$scope module core $end
$var wire 8 # out [7:0] $end
$var wire 8 # same [7:0] $end
$var real 64 % speed $end
$upscope $end
$scope module other $end
$var wire 4 $ out [3:0] $end
$upscope $end
$upscope $end
$enddefinitions $end
`;

function sampled(body: string, sampling: VcdSampling, source?: ByteSource): Recording {
  const steps = readVcd(source ?? memorySource('wave.vcd', Buffer.from(HEAD + body)), sampling);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const lines = ({ text }: Recording): string[] => Buffer.from(text).toString().split('\n').slice(0, -1);

const BODY = `#0
$dumpvars
0!
0"
bx #
b0 $
r0.5 %
$end
#5
1!
b101 #
$comment 1! #7 $end
#10
0!
1"
#15
1!
b11110000 #
#20
0!
#25
1!
bz0 #
#30
0!
#35
1!
`;

describe('waveforms as dumps', () => {
  it('a register on the rising edge takes what stood before it', () => {
    const { notes, ...recording } = sampled(BODY, { signal: 'core.out', clock: 'clk' });
    assert.deepEqual(lines(recording as Recording), ['xxxxxxxx', '00000101', '11110000', 'zzzzzzz0']);
    assert.match(notes[0]!, /^4 samples of tb\.core\.out \(8 bits\), taken on the rising edges of clk\.$/);
  });

  it('after the edge, on falling edges, and while a signal is 1', () => {
    assert.deepEqual(lines(sampled(BODY, { signal: 'core.out', clock: 'clk', sample: 'after' })), ['00000101', '11110000', 'zzzzzzz0', 'zzzzzzz0']);
    assert.deepEqual(lines(sampled(BODY, { signal: 'core.out', clock: 'clk', edge: 'falling' })), ['00000101', '11110000', 'zzzzzzz0']);
    assert.deepEqual(lines(sampled(BODY, { signal: 'same', clock: 'tb.clk', valid: 'valid' })), ['00000101', '11110000', 'zzzzzzz0']);
  });

  it('without a clock every change counts, while the valid signal is 1', () => {
    assert.deepEqual(lines(sampled(BODY, { signal: 'core.out' })), ['00000101', '11110000', 'zzzzzzz0']);
    assert.deepEqual(lines(sampled(BODY, { signal: 'core.out', valid: 'valid' })), ['00000101', '11110000', 'zzzzzzz0']);
  });

  it('names that are not there or not unique, and files that are no waveform', () => {
    const refuses = (sampling: VcdSampling, code: string, next: RegExp): void => {
      assert.throws(() => sampled(BODY, sampling), (error: unknown) => error instanceof Problem && error.code === code && next.test(error.next));
    };
    refuses({ signal: 'out' }, 'vcd-signal', /tb\.core\.out, tb\.other\.out/);
    refuses({ signal: 'ou' }, 'vcd-signal', /Choose one of: tb\.core\.out/);
    refuses({ signal: 'core.out', clock: 'clock' }, 'vcd-signal', /Choose one of/);
    assert.throws(() => sampled('', { signal: 'a' }, memorySource('x', Buffer.from('hello\n'))), (error: unknown) => error instanceof Problem && error.code === 'vcd-format');
    assert.throws(() => sampled('#0\nb10g #\n', { signal: 'core.out' }), (error: unknown) => error instanceof Problem && error.code === 'vcd-format' && error.place.line === 18);
  });

  it('a signal of an impossible width is a problem with a place, and those beside it are read', () => {
    for (const width of ['4294967295', '0', '-3', 'wide', '1e9']) {
      const head = HEAD.replace('$upscope $end\n$upscope', `$var wire ${width} & bus $end\n$upscope $end\n$upscope`);
      const source = memorySource('wave.vcd', Buffer.from(head + BODY));
      assert.throws(() => sampled('', { signal: 'bus' }, source), (error: unknown) => error instanceof Problem && error.code === 'vcd-format' && error.place.line === 14, width);
      assert.equal(lines(sampled('', { signal: 'core.out' }, source)).length, 3);
    }
  });

  it('a file that is no waveform is given up before it fills the memory', () => {
    const endless: ByteSource = { name: 'x.vcd', size: 2 ** 40, read: (_, into) => into.fill(0x61).length };
    assert.throws(() => sampled('', { signal: 'a' }, endless), (error: unknown) => error instanceof Problem && error.code === 'vcd-format');
  });

  it('what is driven before each edge comes back, however the file is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (values, piece) => {
        const body = values.map((value, i) => `#${10 * i}\n0!\nb${value.toString(2)} #\n#${10 * i + 5}\n1!\n`).join('');
        const whole = memorySource('wave.vcd', Buffer.from(HEAD + body));
        const pieces: ByteSource = { ...whole, read: (offset, into) => whole.read(offset, into.subarray(0, piece)) };
        assert.deepEqual(lines(sampled('', { signal: 'core.out', clock: 'clk' }, pieces)), values.map((value) => value.toString(2).padStart(8, '0')));
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});
