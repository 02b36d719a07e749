import assert from 'node:assert/strict';
import fc from 'fast-check';
import { memorySource } from '../../../../src/vectors/dump/byteSource';
import type { PageSource } from '../../../../src/vectors/pages/fileHead';
import { nextLine, nulRun } from '../../../../src/vectors/pages/lineForm';
import { LineMap } from '../../../../src/vectors/pages/lineMap';
import { Layout } from '../../../../src/vectors/layout';
import { down, up } from '../../../../src/vectors/orders';
import { FileReading } from '../../../../src/vectors/reading';
import { roleOf, textShape } from '../../../../src/vectors/textShape';

const SEED = 20_261_121;

function sourceOf(text: string | Uint8Array): PageSource {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  return { ...memorySource('file.txt', bytes), text: (piece) => Buffer.from(piece).toString('utf8'), latin1: (piece) => Buffer.from(piece).toString('latin1') };
}

function finished(map: LineMap): LineMap {
  while (map.step());
  return map;
}

/** Every line of a map, against the whole text read at once. */
function assertSameAsWhole(map: LineMap, text: string): void {
  const whole = textShape(text);
  const { lines, data, counted } = map.status;
  assert.deepEqual([lines, data, counted], [whole.lineCount, whole.dataLines.length, true]);
  for (const [from, count] of [[0, whole.lineCount], [Math.floor(whole.lineCount / 2), 7], [Math.max(0, whole.lineCount - 3), 9]] as const) {
    const window = map.window(from, count);
    const end = Math.min(whole.lineCount, from + count);
    assert.equal(window.lineCount, end - from);
    for (let line = from; line < end; line++) {
      assert.deepEqual([line, window.line(line), window.role(line), window.dataLine(line)], [line, whole.line(line), whole.role(line), whole.dataLine(line)]);
    }
  }
  for (const at of [0, 1, Math.floor(data / 2), data - 1, data, -1]) assert.equal(map.lineOf(at), whole.dataLines[at]);
}

const ends = fc.constantFrom('\n', '\r\n');
const header = fc.array(fc.constantFrom('#time0row7[msb-lsb]#', '// counts', '', '0', '36', 'größe', '# 0000'), { maxLength: 4 });
const odd = fc.constantFrom('', '// 0x00000010', '@1f', '# note', 'free text', '0101O101', '-0110101', '0101 0101', '-- 01', '01,01,1', '---1', '01010101 ', '\t0101', ',01', '1-2', 'xxxxXzz?', '+', '0\r1');
const digits = (length: number): fc.Arbitrary<string> => fc.array(fc.constantFrom('0', '1'), { minLength: length, maxLength: length }).map((list) => list.join(''));
/** A few distinct lines, repeated to some thousands, with odd ones in between. */
const file = fc
  .record({ header, eol: ends, body: fc.array(digits(8), { minLength: 1, maxLength: 5 }), count: fc.constantFrom(0, 1, 3, 30, 190, 260, 9000), odds: fc.array(fc.tuple(fc.nat(), odd), { maxLength: 4 }), tail: fc.array(odd, { maxLength: 2 }), newline: fc.boolean(), mark: fc.boolean() })
  .map(({ header, eol, body, count, odds, tail, newline, mark }) => {
    const lines = Array.from({ length: count }, (_, i) => body[i % body.length]!);
    for (const [at, line] of odds) lines.splice(at % (lines.length + 1), 0, line);
    return `${mark ? '\uFEFF' : ''}${[...header, ...lines, ...tail].join(eol)}${newline ? eol : ''}`;
  });

describe('where the lines of a file are', () => {
  it('any text has the lines, roles and data lines of the whole text read at once', () => {
    fc.assert(fc.property(file, (text) => { assertSameAsWhole(finished(new LineMap(sourceOf(text))), text); }), { seed: SEED, numRuns: 120 });
  });

  it('says the same while it still looks, as far as it knows', () => {
    fc.assert(
      fc.property(file, (text) => {
        const map = new LineMap(sourceOf(text));
        const whole = textShape(text);
        const { lines } = map.status;
        assert.ok(lines > 0 || whole.lineCount === 0);
        if (map.status.counted && !map.complete) return;
        for (let line = 0; line < Math.min(lines, 300); line++) assert.deepEqual([map.window(line, 1).line(line), map.window(line, 1).dataLine(line)], [whole.line(line), whole.dataLine(line)]);
      }),
      { seed: SEED, numRuns: 20 },
    );
  });

  it('equal lines need no index: header, CRLF, a missing last line end, lines after the data', () => {
    for (const eol of ['\n', '\r\n']) {
      for (const last of ['', eol, `${eol}# end${eol}`, `${eol}${eol}`]) {
        const text = `# a${eol}# b${eol}${Array.from({ length: 20_000 }, (_, i) => (i % 256).toString(2).padStart(8, '0')).join(eol)}${last}`;
        const map = new LineMap(sourceOf(text));
        assert.deepEqual([map.status.regular, map.status.counted], [true, true]);
        assertSameAsWhole(map, text);
        assertSameAsWhole(finished(map), text);
        assert.equal(map.status.regular, true);
      }
    }
  });

  it('a line that does not fit ends the arithmetic where it stands, and in a window that is read', () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => (i % 256).toString(2).padStart(8, '0'));
    // Compensated: the lines behind are where arithmetic has them, and no sample meets it
    lines[31_007] = '010101';
    lines[31_008] = '0101010101';
    const text = `${lines.join('\n')}\n`;
    const map = new LineMap(sourceOf(text));
    assert.equal(map.status.regular, true);
    assert.equal(map.window(31_007, 1).line(31_007), '', 'not known yet: the index begins anew');
    assert.equal(map.status.regular, false);
    assertSameAsWhole(finished(map), text);
    assertSameAsWhole(finished(new LineMap(sourceOf(text))), text);
  });

  it('a comment of the same length moves what comes behind it', () => {
    const lines = Array.from({ length: 60_000 }, () => '01010101');
    lines[31_007] = '// 0x10 ';
    const text = lines.join('\n');
    assertSameAsWhole(finished(new LineMap(sourceOf(text))), text);
  });

  it('lines of more than a span: cut, and the next one is found', () => {
    const text = `0101\n0110\n${'01'.repeat(400_000)}\n1111\n# ${'x'.repeat(300_000)}\n0000\n`;
    const map = finished(new LineMap(sourceOf(text)));
    const window = map.window(0, 10);
    assert.deepEqual(Array.from({ length: 6 }, (_, line) => [window.line(line).length, window.role(line), window.dataLine(line)]), [[4, 'data', 0], [4, 'data', 1], [65_536, 'data', 2], [4, 'data', 3], [65_536, 'comment', undefined], [4, 'data', 4]]);
    assert.equal(window.lineCount, 6);
  });

  it('NUL bytes where lines belong are unreadable lines', () => {
    const line = '0101010\n';
    const bytes = Buffer.concat([Buffer.from(line.repeat(1000)), Buffer.alloc(8 * 500_000 - 4), Buffer.from(`0101${line.slice(4)}${line.repeat(1000)}`.slice(4))]);
    const map = finished(new LineMap(sourceOf(bytes)));
    assert.deepEqual([map.status.regular, map.status.lines], [true, bytes.length / 8]);
    assert.deepEqual([map.window(400_000, 1).at(400_000)], [{ text: '', role: 'data', data: 400_000, unreadable: true }]);
    assert.equal(map.window(map.status.lines - 1, 1).line(map.status.lines - 1), '0101010');
    const all = finished(new LineMap(sourceOf(Buffer.alloc(1 << 21))));
    assert.deepEqual([all.status.lines, all.window(0, 5).at(0)?.unreadable], [1, true]);
  });

  it('addresses of @ lines', () => {
    const text = `// mem\n@10\n${'01\n'.repeat(300)}@0_ff\n${'10\n'.repeat(100_000)}@0\n11\n`;
    assert.deepEqual(finished(new LineMap(sourceOf(text))).jumps, [{ data: 0, address: 16 }, { data: 300, address: 255 }, { data: 100_300, address: 0 }]);
  });

  it('windows decode exactly as the whole file does', () => {
    const words = Array.from({ length: 9 * 1600 }, (_, i) => Array.from({ length: 8 }, (_, col) => (((i * 8 + col) * 7919) % 65_536).toString(2).padStart(16, '0')).join(''));
    words[700] = `x${words[700]!.slice(1)}`;
    words[9000] = words[9000]!.slice(3);
    words[12_000] = `O${words[12_000]!.slice(1)}`;
    for (const text of [`# h\n${words.join('\n')}\n`, words.join('\r\n')]) {
      const layout = new Layout({ kind: 'psum', bits: 16, signed: true, radix: 'binary', lines: [up('kij', 9), up('nij', 1600)], words: [down('col', 8)], fixed: {}, separator: '', trailing: '', header: [], eol: '\n' });
      const whole = new FileReading(textShape(text), layout);
      const map = finished(new LineMap(sourceOf(text)));
      for (const from of [0, 650, 8990, 11_995, 14_380]) {
        const reading = new FileReading(map.window(from, 40), layout);
        for (let line = from; line < Math.min(from + 40, whole.shape.lineCount); line++) {
          assert.deepEqual(reading.words(line), whole.words(line));
          for (let word = 0; word < 8; word++) assert.deepEqual(reading.coordinates(line, word), whole.coordinates(line, word));
        }
      }
    }
  });

  it('what one look takes for a line of words, a second look does, too', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', 'a', 'x', ' ', ',', '-', '+', '\t', '_', '#', '@', '/', '\r', 'g'), maxLength: 12 });
    fc.assert(
      fc.property(text, fc.boolean(), (line, atEnd) => {
        const bytes = Buffer.from(atEnd ? line : `${line}\n`);
        const next = nextLine(bytes, 0, bytes.length, atEnd);
        if (bytes.length === 0) return;
        assert.equal(Math.abs(next), bytes.length);
        if (next > 0) assert.equal(roleOf(line.replace(/\r$/, '')), 'data');
      }),
      { seed: SEED, numRuns: 20_000 },
    );
  });

  it('counts NUL bytes wherever they begin', () => {
    fc.assert(fc.property(fc.nat(9), fc.nat(40), fc.nat(9), (before, run, behind) => {
      const bytes = new Uint8Array(before + run + behind).fill(1);
      bytes.fill(0, before, before + run);
      assert.equal(nulRun(bytes, before, bytes.length), run);
      assert.equal(nulRun(bytes.subarray(Math.min(1, before)), Math.max(0, before - 1), bytes.length - Math.min(1, before)), run);
    }), { seed: SEED });
  });
});
