import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LayoutSpec } from '../../../src/vectors/layout';
import { Layout } from '../../../src/vectors/layout';
import { down, up } from '../../../src/vectors/orders';
import { FileReading } from '../../../src/vectors/reading';
import { textShape } from '../../../src/vectors/textShape';

const spec: LayoutSpec = { kind: 'psum', bits: 4, signed: true, radix: 'binary', lines: [up('nij', 2)], words: [down('col', 2)], fixed: { kij: 3 }, separator: '', trailing: '', header: [], eol: '\n' };
const read = (text: string, change: Partial<LayoutSpec> = {}): FileReading => new FileReading(textShape(text), new Layout({ ...spec, ...change }));
const values = (reading: FileReading, line = 0): (number | undefined)[] => reading.words(line).map(({ value }) => value);
const defects = (reading: FileReading, line = 0): (string | undefined)[] => reading.words(line).map(({ defect }) => defect);

describe('reading a file with a layout', () => {
  it('gives values, places and coordinates', () => {
    const reading = read('# h\n01111110\n\n00000001\n');
    assert.deepEqual(reading.words(1).map(({ column, length, value }) => [column, length, value]), [[0, 4, 7], [4, 4, -2]]);
    assert.deepEqual(reading.words(0), []);
    assert.deepEqual([reading.dataLine(3), reading.dataLine(2)], [1, undefined]);
    assert.deepEqual(reading.wordAt(3, 5)?.coordinates, { kij: 3, nij: 1, col: 0 });
    assert.deepEqual(reading.placeOf({ kij: 3, nij: 1, col: 0 }), { fileLine: 3, column: 4, length: 4 });
    assert.equal(reading.placeOf({ kij: 4, nij: 1, col: 0 }), undefined);
    assert.equal(reading.wordAt(0, 1), undefined);
    assert.deepEqual([...reading.values()], [7, -2, 0, 1]);
  });

  it('gives unknown digits their own state', () => {
    const reading = read('xxxx01z0\n0000zzzz\n');
    assert.deepEqual(reading.words(0).map(({ unknown, value }) => [unknown, value]), [['x', undefined], ['z', undefined]]);
    assert.deepEqual([...reading.values()].map(Number.isNaN), [true, true, false, true]);
    assert.deepEqual(read('azfX\n0000\n', { radix: 'hex', bits: 8 }).words(0).map(({ unknown }) => unknown), ['z', 'x']);
  });

  it('marks words that are malformed, and still says what they mean', () => {
    const minus = read('-0110111\n');
    assert.deepEqual([values(minus), defects(minus)], [[-3, 7], ['A minus sign stands inside a binary word.', undefined]].map((list) => (list.length === 2 ? list : list)));
    const padded = read('   10001\n');
    assert.deepEqual([values(padded), defects(padded)], [[1, 1], ['The word is padded with blanks instead of zeros.', undefined]]);
    assert.deepEqual(defects(read('01110\n')), [undefined, 'The word has 1 of 4 digits.']);
    assert.deepEqual(defects(read('01210000\n')), ['"0121" is no binary number.', undefined]);
    assert.equal(read('011100000001\n').words(0).length, 3);
    assert.equal(read('011100000001\n').wordAt(0, 9)?.coordinates, undefined);
  });

  it('reads separated words wherever they stand', () => {
    const hex = { radix: 'hex', bits: 16, separator: ' ', trailing: ' ' } as const;
    assert.deepEqual(values(read('00ff FFFE \n', hex)), [255, -2]);
    assert.deepEqual(read('00ff   FFFE\n', hex).words(0).map(({ column }) => column), [0, 7]);
    assert.deepEqual(defects(read('00ff FFE \n', hex)), [undefined, 'The word has 3 of 4 digits.']);
    const decimal = { radix: 'decimal', bits: 16, separator: ' ', trailing: ' ' } as const;
    assert.deepEqual(values(read('   -20      7 \n', decimal)), [-20, 7]);
    assert.deepEqual(values(read('-20 7\n', decimal)), [-20, 7]);
    assert.deepEqual(defects(read('   -20  70000 \n', decimal)), [undefined, '70000 does not fit 16 signed bits.']);
    assert.deepEqual(values(read('-32768-32768\n', { radix: 'decimal', bits: 16 })), [-32768, -32768]);
  });

  it('takes the sign of a word in a wider memory from its own bits', () => {
    assert.deepEqual(values(read('0000ffb3\n0000004d\n', { radix: 'hex', bits: 16, width: 8, words: [] })), [-77]);
  });

  it('never throws, whatever the text', () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[01xz \-]{0,20}$/)), { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(texts, fc.constantFrom('binary', 'hex', 'decimal'), fc.constantFrom('', ' '), (text, radix, separator) => {
        const reading = read(text, { radix, separator, trailing: separator });
        for (let line = 0; line < reading.shape.lineCount; line++) {
          for (const word of reading.words(line)) {
            assert.equal(reading.shape.line(line).slice(word.column, word.column + word.length), word.text);
            assert.equal(reading.wordAt(line, word.column)?.word.word, word.word);
          }
        }
        reading.values();
      }),
    );
  });
});
