import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ByteSource } from '../../../../src/vectors/dump/byteSource';
import { memorySource } from '../../../../src/vectors/dump/byteSource';
import { entryWords } from '../../../../src/vectors/dump/entries';
import { IndexBuilder } from '../../../../src/vectors/dump/indexBuilder';
import type { LineForm } from '../../../../src/vectors/dump/lineForm';
import { lineForm } from '../../../../src/vectors/dump/lineForm';
import { LineDecoder } from '../../../../src/vectors/dump/lineDecoder';
import type { LineIndex } from '../../../../src/vectors/dump/lineIndex';
import { CHUNK, indexFrom } from '../../../../src/vectors/dump/lineIndex';
import { TextEntries } from '../../../../src/vectors/dump/textEntries';
import { indexTwins } from '../../../../src/vectors/dump/twinIndex';
import { Layout } from '../../../../src/vectors/layout';
import { classesOf } from '../../../../src/vectors/simd/byteClasses';
import { textShape } from '../../../../src/vectors/textShape';
import type { TextKernel } from '../../../../src/vectors/simd/textKernel';
import { textKernel } from '../../../../src/vectors/simd/textKernel';

const SEED = { seed: 29 };
const WORDS = 4;

function last<T>(steps: Generator<number, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

const indexed = (bytes: ByteSource, kernel: TextKernel | undefined, form?: LineForm): LineIndex => last(indexFrom(bytes, new IndexBuilder(0, form), 0, kernel));
const source = (text: string): ByteSource => memorySource('a.txt', Buffer.from(text, 'latin1'));

interface Form {
  readonly radix: 'binary' | 'hex';
  readonly separator: string;
  readonly eol: '\n' | '\r\n';
}

const form: fc.Arbitrary<Form> = fc.record({ radix: fc.constantFrom('binary' as const, 'hex' as const), separator: fc.constantFrom('', ' ', '\t', '_'), eol: fc.constantFrom('\n' as const, '\r\n' as const) });

/** Lines that are mostly alike: stretches of regular ones, and others between them. */
const texts = fc.record({
  form,
  stretches: fc.array(fc.record({ lines: fc.integer({ min: 0, max: 120 }), seed: fc.nat(1 << 20), then: fc.constantFrom('', 'x', '-', '// a remark', '@10', '0101 /* from here', 'to here */', '12 words were written', '-----', '  01', '01_10', 'Data ERROR!!', '// FAILED: 3') }), { maxLength: 6 }),
  ended: fc.boolean(),
});

function lineOf({ radix, separator }: Form, seed: number): string {
  const digit = (i: number): string => (((seed + i) * 2654435761) >>> 9).toString(radix === 'binary' ? 2 : 16).slice(-1);
  return Array.from({ length: WORDS }, (_, word) => Array.from({ length: radix === 'binary' ? 8 : 2 }, (_, i) => digit(8 * word + i)).join('')).join(separator);
}

function textOf({ form: one, stretches, ended }: { form: Form; stretches: readonly { lines: number; seed: number; then: string }[]; ended: boolean }): string {
  const lines = stretches.flatMap(({ lines: count, seed, then }) => [...Array.from({ length: count }, (_, i) => lineOf(one, seed + 31 * i)), ...oddLine(one, seed, then)]);
  return lines.join(one.eol) + (ended ? one.eol : '');
}

/** Another line, or one with another character in it. */
function oddLine(one: Form, seed: number, then: string): string[] {
  if (then.length > 1) return [then];
  const line = lineOf(one, seed);
  return then === '' ? [] : [line.slice(0, seed % line.length) + then + line.slice((seed % line.length) + 1)];
}

describe('the lines of dumps on vectors', () => {
  it('are the lines that plain TypeScript finds', () => {
    fc.assert(
      fc.property(texts, (drawn) => {
        const text = textOf(drawn);
        const known = lineForm(textShape(text));
        assert.deepEqual(indexed(source(text), textKernel(), known), indexed(source(text), undefined, known));
      }),
      { ...SEED, numRuns: 700 },
    );
  });

  it('are found over pieces of a file, and where a line is longer than a piece', () => {
    const one: Form = { radix: 'binary', separator: '', eol: '\n' };
    const lines = Array.from({ length: Math.ceil((3 * CHUNK) / 33) }, (_, i) => lineOf(one, i));
    const long = '01'.repeat(CHUNK);
    for (const text of [lines.join('\n'), [...lines, '// end', ...lines, ''].join('\n'), [lines[0], long, lines[1], long, long, ''].join('\n')]) {
      const index = indexed(source(text), textKernel());
      assert.deepEqual(index, indexed(source(text), undefined));
      assert.equal(index.count, text.split('\n').filter((line) => /^[01]/.test(line)).length);
    }
  });

  it('that tell of a failed run are counted wherever they stand, and the first is known', () => {
    const one: Form = { radix: 'binary', separator: '', eol: '\n' };
    const lines = Array.from({ length: Math.ceil((2 * CHUNK) / 33) }, (_, i) => lineOf(one, i));
    const text = [...lines, '0 errors', ...lines, 'Data ERROR!!', '0101 // Mismatch at 3', ...lines, '# FAILED', ...lines, ''].join('\n');
    for (const kernel of [textKernel(), undefined]) {
      const { failures, remarks } = indexed(source(text), kernel, lineForm(textShape(lines.slice(0, 99).join('\n'))));
      assert.deepEqual(failures, { count: 3, first: { text: 'Data ERROR!!', line: 2 * lines.length + 2 } });
      assert.equal(remarks.count, 2);
    }
    assert.deepEqual(indexed(source(lines.join('\n')), textKernel()).failures, { count: 0 });
  });

  it('of two files that were read together are those of each, and what counts as equal and regular is', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.tuple(fc.nat(), fc.constantFrom('0', '1', '0', '1', 'x', '\n', '/')), { maxLength: 4 }), fc.nat(3), (drawn, changes, repeats) => {
        // More than a piece now and then
        const text = textOf(drawn).repeat(repeats === 3 ? 40 : 1);
        const other = changes.reduce((changed, [where, to]) => (text === '' ? text : changed.slice(0, where % text.length) + to + changed.slice((where % text.length) + 1)), text);
        const [golden, dump] = [source(text), source(other)];
        const known = lineForm(textShape(text));
        const both = last(indexTwins(golden, dump, 0, known, textKernel()!));
        assert.deepEqual(both.golden, indexed(golden, undefined, known));
        const { twin, ...index } = both.dump;
        assert.deepEqual(index, indexed(dump, undefined, known));
        assert.equal(twin!.source, golden);
        for (const { from, to, places } of twin!.regular) {
          assert.equal(other.slice(from, to), text.slice(from, to));
          assert.equal((to - from) % places.length, 0);
          for (let i = from; i < to; i++) if ((classesOf(text.charCodeAt(i)) & places[(i - from) % places.length]!) === 0) assert.fail(`byte ${i}`);
          assert.ok(from === 0 || twin!.regular.every((stretch) => stretch.to !== from || stretch.places !== places));
        }
        if (other === text) assert.equal(twin!.until, text.length);
      }),
      { ...SEED, numRuns: 800 },
    );
  });

  it('have the words that the line decoder reads, in any order of asking', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (drawn, signed, order) => {
        const text = textOf(drawn);
        const { radix, separator, eol } = drawn.form;
        const bytes = source(text);
        const index = indexed(bytes, textKernel());
        const layout = new Layout({ kind: 'psum', bits: 6, signed, radix, lines: [{ axis: 'nij', start: 0, step: 1, count: Math.max(1, index.count) }], words: [{ axis: 'col', start: 0, step: 1, count: WORDS }], fixed: {}, separator, trailing: '', header: [], eol, width: radix === 'binary' ? 8 : 2 });
        const entries = new TextEntries(bytes, layout, index, undefined, true);
        const decoder = new LineDecoder(layout, index.memory, true);
        const [got, wanted] = [entryWords(WORDS), entryWords(WORDS)];
        const asked = index.count === 0 ? [] : [...order.map((one) => one % index.count), ...Array.from({ length: index.count }, (_, i) => i)];
        const lines = text.split('\n');
        for (const entry of asked) {
          entries.read(entry, got);
          const line = Buffer.from(lines[entries.spot(entry, 0)!.line - 1]!.replace(/\r$/, ''), 'latin1');
          decoder.decode(line, 0, line.length, wanted);
          assert.deepEqual(got, wanted, `entry ${entry}`);
        }
      }),
      { ...SEED, numRuns: 200 },
    );
  });
});
