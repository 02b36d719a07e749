import assert from 'node:assert/strict';
import fc from 'fast-check';
import { suits, textForm } from '../../../src/vectors/textForm';
import { textShape } from '../../../src/vectors/textShape';

const formOf = (lines: readonly string[]): string => textForm(textShape(lines.join('\n')));
const digits = (alphabet: string, length: number): fc.Arbitrary<string> => fc.array(fc.constantFrom(...Array.from(alphabet)), { minLength: length, maxLength: length }).map((list) => list.join(''));

describe('the form of a text', () => {
  it('stays when a word changes, and is another for another alphabet, length or number of lines', () => {
    const binary = fc.array(digits('01', 32), { minLength: 16, maxLength: 200 });
    fc.assert(
      fc.property(binary, fc.nat(), digits('0123456789abcdef', 4), (lines, at, word) => {
        const edited = lines.map((line, i) => (i === at % lines.length ? word + line.slice(4) : line));
        assert.equal(formOf(edited), formOf(lines));
        assert.notEqual(formOf(lines.map((line) => line.slice(1))), formOf(lines));
        assert.notEqual(formOf(lines.slice(1)), formOf(lines));
        for (const [from, to] of [['1', 'a'], ['1', '7']] as const) assert.notEqual(formOf(lines.map((line) => `1${line.slice(1)}`.replaceAll(from, to))), formOf(lines));
      }),
      { seed: 12 },
    );
  });

  it('words between blanks are told from joined ones, and ragged decimals keep their form when a number grows', () => {
    assert.notEqual(formOf(Array.from({ length: 16 }, () => '0101 010')), formOf(Array.from({ length: 16 }, () => '01010010')));
    const ragged = Array.from({ length: 40 }, (_, i) => [i, i * i, i * i * i].join(' '));
    assert.equal(formOf(ragged.with(7, '7 49 123456789')), formOf(ragged));
    assert.notEqual(formOf(ragged.map((line) => `${line} 1`)), formOf(ragged));
  });

  it('a text suits an alphabet when most of its lines are written in it', () => {
    const lines = (line: string): string => Array.from({ length: 16 }, () => line).join('\n');
    const table = ['0110', '0971', '0a91'].map((line) => (['binary', 'decimal', 'hex'] as const).map((radix) => suits(textShape(lines(line)), radix)));
    assert.deepEqual(table, [[true, true, true], [false, true, true], [false, false, true]]);
  });
});
