import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EqualLines } from '../../../src/check/compare/equalLines';
import { memorySource } from '../../../src/vectors/dump/byteSource';
import type { ByteRun } from '../../../src/vectors/dump/textEntries';
import { Layout } from '../../../src/vectors/layout';
import { textKernel } from '../../../src/vectors/simd/textKernel';

const forms = fc.record({ radix: fc.constantFrom('binary' as const, 'hex' as const), separator: fc.constantFrom('', ' ', ', '), trailing: fc.constantFrom('', ' '), eol: fc.constantFrom('\n' as const, '\r\n' as const) });

describe('equal lines', () => {
  it('are those whose bytes are equal and of which each word is digits alone, on vectors and without', () => {
    fc.assert(
      fc.property(forms, fc.integer({ min: 1, max: 60 }), fc.array(fc.record({ at: fc.nat(), to: fc.constantFrom('0', '1', 'x', '7', 'f', ' ', '-', '\r'), both: fc.boolean() }), { maxLength: 6 }), ({ radix, separator, trailing, eol }, lines, changes) => {
        const layout = new Layout({ kind: 'psum', bits: 8, signed: true, radix, lines: [{ axis: 'nij', start: 0, step: 1, count: lines }], words: [{ axis: 'col', start: 0, step: 1, count: 3 }], fixed: {}, separator, trailing, header: [], eol });
        const line = Array.from({ length: 3 }, () => '10010110'.slice(0, layout.wordWidth)).join(separator) + trailing + eol;
        const [golden, dump] = [line.repeat(lines).split(''), line.repeat(lines).split('')];
        for (const { at, to, both } of changes) {
          // Line ends stay: those were found before
          if (golden[at % golden.length] === '\n') continue;
          dump[at % dump.length] = to;
          if (both) golden[at % golden.length] = to;
        }
        const run = (text: readonly string[]): ByteRun => ({ source: memorySource('a', Buffer.from(text.join(''))), offset: 0, pitch: line.length, count: lines });
        const word = radix === 'hex' ? '[0-9a-fA-F]{2}' : '[01]{8}';
        // One blank is as good as another
        const gap = `[${separator.includes(',') ? ' ,' : ' '}]{${separator.length}}`;
        const whole = new RegExp(`^${word}${gap}${word}${gap}${word}[ ,\\r\\n]+$`);
        const expected = Array.from({ length: lines }, (_, i) => {
          const [a, b] = [golden, dump].map((text) => text.slice(i * line.length, (i + 1) * line.length).join(''));
          return a === b && whole.test(a!);
        });
        const kernels = separator.includes(',') ? [undefined] : [textKernel(), undefined];
        for (const kernel of kernels) {
          const equal = new EqualLines(layout, kernel);
          const first = equal.look(0, lines, run(golden), run(dump));
          for (let i = 0; i < lines; i++) {
            const until = expected.indexOf(false, i);
            assert.equal(i === 0 ? first : equal.ahead(i), (until < 0 ? lines : until) - i, `line ${i}`);
          }
          assert.equal(equal.ahead(lines), undefined);
        }
      }),
      { seed: 31, numRuns: 1500 },
    );
  });
});
