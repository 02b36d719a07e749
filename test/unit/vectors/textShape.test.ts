import assert from 'node:assert/strict';
import fc from 'fast-check';
import { textShape } from '../../../src/vectors/textShape';

const roles = (text: string): string[] => {
  const shape = textShape(text);
  return Array.from({ length: shape.lineCount }, (_, i) => shape.role(i));
};
const data = (...lines: string[]): string => lines.join('\n') + '\n';

describe('the shape of a text', () => {
  const headers: [string, string[]][] = [
    ['three lines between hashes', ['#time0row7[msb-lsb],time0row6[msb-lst],....,time0row0[msb-lst]#', '#time1row7[msb-lsb]#', '#................#']],
    ['slashes before the hash', ['//#time0row7[msb-lsb]#', '//#................#']],
    ['no mark at all', ['time0col7[msb-lsb],time0col6[msb-lst]', 'time1col7[msb-lsb]', '#....#']],
    ['a single letter', ['l', 'l', 'l']],
    ['a single letter that is a hex digit', ['a']],
    ['free text with blanks and a multiplication sign', ['Expected: 16 lines, each line has 8×16 bits', 'second line']],
    ['blank lines inside', ['# first', '', '# third']],
    ['eleven lines', Array.from({ length: 11 }, (_, i) => `#nij(onij7, kij${i})_ic0 `)],
  ];
  for (const [what, header] of headers) {
    it(`takes ${what} for the header`, () => {
      const shape = textShape(data(...header, '01100101', '00000001', '11110000', '10101010'));
      assert.deepEqual(shape.header, header);
      assert.deepEqual([...shape.dataLines], [0, 1, 2, 3].map((i) => i + header.length));
      assert.equal(shape.report, undefined);
    });
  }

  it('keeps the word counters of memory dumps apart from the header', () => {
    assert.deepEqual(roles(data('// 0x00000000', '0000', 'xxxx', '// 0x00000010', 'zzzz')), ['memory', 'data', 'data', 'memory', 'data']);
    const shape = textShape(data('// 0x00000000', '00ff'));
    assert.deepEqual(shape.header, []);
    assert.ok(shape.isMemory);
    assert.deepEqual(textShape(data('', '// 0x00000000', '00ff')).header, []);
  });

  it('knows addresses, comments and blank lines among the data', () => {
    assert.deepEqual(roles(data('@0010', '0000', '', '// tile 1', '1111', '   ')), ['address', 'data', 'blank', 'comment', 'data', 'blank']);
  });

  it('knows line ends and the final newline', () => {
    const crlf = textShape('# h\r\n01\r\n10\r\n');
    assert.deepEqual([crlf.eol, crlf.mixedEnds, crlf.finalNewline, crlf.lineCount, crlf.line(1), crlf.header], ['\r\n', false, true, 3, '01', ['# h']]);
    const mixed = textShape('01\r\n10\n11\n00');
    assert.deepEqual([mixed.eol, mixed.mixedEnds, mixed.finalNewline, mixed.lineCount], ['\n', true, false, 4]);
  });

  it('numbers above lines of far more digits are a header, unpadded zeros are not', () => {
    const word = '01'.repeat(64);
    assert.deepEqual(roles(data('0', '1', '2', word, word, word)), ['header', 'header', 'header', 'data', 'data', 'data']);
    assert.deepEqual(roles(data('0', word, word)), ['header', 'data', 'data']);
    assert.deepEqual(roles(data('0', '0', '0', '0', word, word)), ['data', 'data', 'data', 'data', 'data', 'data']);
    assert.deepEqual(roles(data('0', '0', word, '0', word)), ['data', 'data', 'data', 'data', 'data']);
    assert.deepEqual(roles(data('0', '1', '17', '1234')), ['data', 'data', 'data', 'data']);
  });

  it('a byte order mark is part of no line', () => {
    const shape = textShape(`\uFEFF${data('0101', '1010')}`);
    assert.deepEqual([shape.line(0), shape.line(1), shape.lineCount], ['0101', '1010', 2]);
    assert.deepEqual([...textShape('\uFEFF').dataLines], []);
  });

  it('counts data lines', () => {
    const shape = textShape(data('# h', '01', '', '10'));
    assert.deepEqual([shape.dataLine(0), shape.dataLine(1), shape.dataLine(2), shape.dataLine(3), shape.dataLine(99)], [undefined, 0, undefined, 1, undefined]);
  });

  const reports: [string, string, RegExp][] = [
    ['nothing', '', /empty/],
    ['blank lines', '\n\n', /free text/],
    ['prose', 'Results\nall fine\nnothing else\n', /free text/],
    ['a table with labels', Array.from({ length: 20 }, (_, i) => `kij= ${i} time= 0:  3  4`).join('\n'), /free text/],
    ['a log with some numbers', data('start', 'kij=0', '12', 'writing to memory', 'No error detected', '13', 'done now', 'bye'), /report, not a table/],
    ['NUL characters', '0\x001\x00\n\x00', /NUL/],
  ];
  for (const [what, text, reason] of reports) {
    it(`says why ${what} is no golden file`, () => {
      assert.match(textShape(text).report ?? '', reason);
    });
  }

  it('never throws, and its lines make up the text', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('0101', '// 0x00000000', '@10', '#', '\r', '\n', '\r\n', 'x z')), { maxLength: 30 }), (parts) => {
        const text = parts.join('\n');
        const shape = textShape(text);
        const whole = Array.from({ length: shape.lineCount }, (_, i) => shape.line(i)).join('\n');
        assert.equal(whole, text.replace(/\n$/, '').replaceAll('\r\n', '\n').replace(/\r$/, ''));
        assert.equal(shape.dataLines.length, Array.from({ length: shape.lineCount }, (_, i) => shape.role(i)).filter((role) => role === 'data').length);
      }),
    );
  });

  it('looks at a line of 20 MB without hanging', () => {
    const started = Date.now();
    assert.equal(textShape('01'.repeat(10_000_000)).lineCount, 1);
    assert.ok(Date.now() - started < 3000);
  });

  it('lines of negative numbers with a wrong end are no riddle', () => {
    for (const end of ['O', ' ;', '!']) {
      const line = Array.from({ length: 400 }, (_, i) => -(i % 9)).join(' ');
      assert.equal(textShape(`${line}${end}\n`).lineCount, 1);
    }
  });

  it('a long line that is cut behind a sign is data all the same', () => {
    const row = (shift: number): string => ' '.repeat(shift) + Array.from({ length: 1500 }, (_, i) => -(i % 90)).join(' ');
    for (const shift of [0, 1, 2, 3]) assert.deepEqual([...textShape(`${row(shift)}\n${row(shift)}\n`).dataLines], [0, 1]);
  });

  it('a letter O for a zero leaves a line of data where it is', () => {
    const lines = Array.from({ length: 20 }, (_, i) => i.toString(2).padStart(32, '0'));
    lines[7] = `O${lines[7]!.slice(1)}`;
    const shape = textShape(`${lines.join('\n')}\n`);
    assert.equal(shape.dataLine(8), 8);
  });

  it('forms that no scan reads are named, and not read as something else', () => {
    const of = (line: (i: number) => string): string => textShape(Array.from({ length: 20 }, (_, i) => `${line(i)}\n`).join('')).report ?? '';
    assert.match(of((i) => `@${i.toString(16)} 00010010`), /each @ADDRESS on a line of its own/);
    assert.match(of((i) => `0x00${i.toString(16).padStart(2, '0')} 0x0012`), /prefixes/);
    assert.match(of(() => "16'b0000000000000001"), /Verilog literals/);
    assert.match(of(() => '0000_0000_0000_0001'), /underscores/);
  });
});
