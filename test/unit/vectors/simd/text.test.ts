import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decode, decodePlain, encode, encodePlain, kernelForm } from '../../../../src/vectors/codec';
import { Gatherer } from '../../../../src/vectors/gather';
import { entryWords } from '../../../../src/vectors/dump/entries';
import { LineDecoder } from '../../../../src/vectors/dump/lineDecoder';
import type { LayoutSpec } from '../../../../src/vectors/layout';
import { Layout } from '../../../../src/vectors/layout';
import { BYTE_CLASSES, classesOf } from '../../../../src/vectors/simd/byteClasses';
import { textKernel } from '../../../../src/vectors/simd/textKernel';
import type { TensorSource } from '../../../../src/vectors/tensor';
import { denseStrides } from '../../../../src/vectors/tensor';
import { lcg } from '../../support/lcg';

const SEED = { seed: 20240612 };

/** Any layout that the kernel takes, with the words of a tensor of two blocks. Some texts are longer than what the kernel does at once. */
const anyText = fc
  .record({
    bits: fc.integer({ min: 1, max: 32 }),
    signed: fc.boolean(),
    radix: fc.constantFrom('binary' as const, 'hex' as const),
    wider: fc.constantFrom(0, 0, 1, 3, 12),
    separator: fc.constantFrom('', '', ' ', '_', ', ', ' | '),
    trailing: fc.constantFrom('', '', ' ', '// end'),
    header: fc.constantFrom<string[]>([], ['#a#'], ['# 8 × 8', '']),
    eol: fc.constantFrom('\n' as const, '\r\n' as const),
    words: fc.integer({ min: 1, max: 17 }),
    lines: fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 1, max: 20 }) }, { weight: 1, arbitrary: fc.integer({ min: 1500, max: 4000 }) }),
    tiles: fc.integer({ min: 1, max: 2 }),
    seed: fc.integer(),
  })
  .map(({ bits, wider, words, lines, tiles, seed, ...rest }) => {
    const digit = rest.radix === 'hex' ? 4 : 1;
    const width = Math.min(Math.floor(32 / digit), Math.ceil(bits / digit) + wider);
    const signed = rest.signed && bits > 1;
    const spec: LayoutSpec = {
      kind: 'activation', ...rest, bits, signed, fixed: {},
      lines: [{ axis: 'icTile', start: tiles - 1, step: -1, count: tiles }, { axis: 'nij', start: 0, step: 1, count: lines }],
      words: [{ axis: 'row', start: words - 1, step: -1, count: words }],
      ...(wider > 0 && { width }),
    };
    const layout = new Layout(spec);
    const { min } = layout.range;
    // Tensors hold 32 bits with a sign
    const max = Math.min(layout.range.max, 2 ** 31 - 1);
    const random = lcg(seed);
    const value = (): number => (random() % 8 === 0 ? (random() % 2 === 0 ? min : max) : min + ((random() * 257) % (max - min + 1)));
    const blocks = Array.from({ length: tiles }, () => Int32Array.from({ length: lines * words }, value));
    const source: TensorSource = { strides: denseStrides([['nij', lines], ['row', words]]), block: ({ icTile = 0 }) => blocks[icTile]! };
    return { layout, source, random };
  });

function plainText(layout: Layout, source: TensorSource): Uint8Array {
  const head = new TextEncoder().encode(layout.spec.header.map((line) => line + layout.spec.eol).join(''));
  const text = new Uint8Array(head.length + layout.lineCount * (layout.lineWidth + layout.spec.eol.length));
  text.set(head);
  encodePlain(layout, new Gatherer(layout, source), text, head.length);
  return text;
}

function outcome(read: () => Int32Array | Uint8Array): unknown {
  try {
    return read();
  } catch (error) {
    return JSON.parse(JSON.stringify(error, Object.getOwnPropertyNames(error).filter((name) => name !== 'stack'))) as unknown;
  }
}

describe('text on vectors', () => {
  it('writes what plain TypeScript writes, to the byte', () => {
    fc.assert(
      fc.property(anyText, ({ layout, source }) => {
        assert.ok(kernelForm(layout), 'the kernel takes this form');
        assert.ok(Buffer.from(encode(layout, source)).equals(plainText(layout, source)));
      }),
      { ...SEED, numRuns: 400 },
    );
  });

  it('a value that does not fit is the same error, with its coordinates', () => {
    fc.assert(
      fc.property(anyText, ({ layout, source, random }) => {
        const { min, max } = layout.range;
        const strays = [min - 1, max + 1, min - 2 ** 20, max + 2 ** 31, -(2 ** 31), 2 ** 31 - 1].filter((value) => value >= -(2 ** 31) && value < 2 ** 31 && (value < min || value > max));
        for (let i = 0; i < 2 && strays.length > 0; i++) source.block({ icTile: 0 })[random() % source.block({ icTile: 0 }).length] = strays[random() % strays.length]!;
        assert.deepEqual(outcome(() => encode(layout, source)), outcome(() => plainText(layout, source)));
      }),
      { ...SEED, numRuns: 400 },
    );
  });

  it('reads what plain TypeScript reads, and leaves the same faults to it', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 3 }), ({ layout, source, random }, faults) => {
        const text = encode(layout, source);
        for (let i = 0; i < faults; i++) text[random() % text.length] = '01\n\r xX2aAfFgG@`/:_'.charCodeAt(random() % 18);
        assert.deepEqual(outcome(() => decode(layout, text)), outcome(() => decodePlain(layout, text)));
      }),
      { ...SEED, numRuns: 600 },
    );
  });

  it('no byte but a digit passes for one, at any place of a word', () => {
    for (const [radix, good] of [['binary', '01'], ['hex', '0123456789abcdefABCDEF']] as const) {
      for (let width = 1; width <= (radix === 'binary' ? 32 : 8); width++) {
        const form = { radix, width, bits: 32, signed: false, words: 2, gap: Buffer.from(' '), end: Buffer.from('\n'), above: 'anything' as const };
        const line = Buffer.from(`${'0'.repeat(width)} ${'0'.repeat(width)}\n`);
        for (let at = 0; at < line.length; at++) {
          const digitsHere = at !== width && at !== line.length - 1;
          for (let byte = 0; byte < 256; byte++) {
            const changed = Buffer.from(line);
            changed[at] = byte;
            const allowed = digitsHere ? good.includes(String.fromCharCode(byte)) : byte === line[at];
            assert.equal(textKernel()!.decode(form, 1, changed) !== undefined, allowed, `${radix} ${width}: byte ${byte} at ${at}`);
          }
        }
      }
    }
  });

  it('what stands above a value in a dump is taken as the line decoder takes it, or left to it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 32 }), fc.boolean(), fc.constantFrom('binary' as const, 'hex' as const), fc.integer(), (bits, signed, radix, seed) => {
        const width = radix === 'hex' ? 8 : 32;
        const layout = new Layout({ kind: 'psum', bits, signed, radix, fixed: {}, header: [], eol: '\n', separator: '', trailing: '', lines: [{ axis: 'nij', start: 0, step: 1, count: 1 }], words: [{ axis: 'col', start: 0, step: 1, count: 4 }], width });
        const random = lcg(seed);
        const words = Array.from({ length: 4 }, () => [random() * 256 + (random() % 256), random() % 2 ** Math.min(bits, 24), (-1 - (random() % 2 ** Math.min(bits - 1, 24))) >>> 0][random() % 3]! >>> 0);
        const text = Buffer.from(`${words.map((word) => word.toString(radix === 'hex' ? 16 : 2).padStart(width, '0')).join('')}\n`);
        const got = textKernel()!.decode({ ...kernelForm(layout)!, above: 'copies' }, 1, text);
        const expected = entryWords(4);
        new LineDecoder(layout, false, true).decode(text, 0, text.length - 1, expected);
        if (got !== undefined) assert.deepEqual(got, expected.values);
        const [least, greatest] = [layout.range.min, layout.range.max];
        const own = expected.values.every((value) => (signed ? value : value >>> 0) >= least && (signed ? value : value >>> 0) <= greatest);
        assert.equal(got !== undefined, own, 'only words with something else above their bits are left');
      }),
      { ...SEED, numRuns: 2000 },
    );
  });

  it('finds lines that are alike, and stops at the first that is not', () => {
    const starts = new Uint8Array(256);
    for (const digit of '01') starts[digit.charCodeAt(0)] = 1;
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 9 }), fc.integer(), (pitch, lines, skip, seed) => {
        const random = lcg(seed);
        const text = Buffer.from(`${'9'.repeat(skip)}${`${'1'.repeat(pitch - 1)}\n`.repeat(lines)}`);
        for (let i = random() % 3; i > 0 && text.length > skip; i--) text[skip + (random() % (text.length - skip))] = '\n1x'.charCodeAt(random() % 3);
        let expected = 0;
        while (expected < lines && text.indexOf('\n', skip + expected * pitch) === skip + (expected + 1) * pitch - 1 && starts[text[skip + expected * pitch]!] === 1) expected++;
        const kernel = textKernel()!;
        kernel.room(text.length).set(text);
        assert.equal(kernel.likeLines(skip, lines, pitch, starts), expected);
      }),
      { ...SEED, numRuns: 2000 },
    );
  });

  it('the classes of a byte are those of its character', () => {
    const wanted = (text: string): number => (/[01]/.test(text) ? BYTE_CLASSES.bit : 0) | (/[0-9]/.test(text) ? BYTE_CLASSES.digit : 0) | (/[a-f]/i.test(text) ? BYTE_CLASSES.letter : 0) | (/[xz]/i.test(text) ? BYTE_CLASSES.unknown : 0) | ({ '-': BYTE_CLASSES.minus, ' ': BYTE_CLASSES.blank, '\r': BYTE_CLASSES.return, '\n': BYTE_CLASSES.newline }[text] ?? 0);
    for (let byte = 0; byte < 256; byte++) assert.equal(classesOf(byte), wanted(String.fromCharCode(byte)), String(byte));
  });

  it('counts the lines that have at each place what may stand there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }), fc.integer(), (pitch, lines, from, seed) => {
        const random = lcg(seed);
        const line = Buffer.from(Array.from({ length: pitch }, (_, i) => (i === pitch - 1 ? '\n' : '01a9 '[random() % 5]!)).join(''));
        const places = line.map((byte) => classesOf(byte));
        const text = Buffer.concat([Buffer.alloc(from, 0x71), ...Array.from({ length: lines }, () => line)]);
        for (let i = random() % 4; i > 0 && lines > 0; i--) text[from + (random() % (lines * pitch))] = random() % 256;
        const fit = (at: number): boolean => places.every((allowed, i) => (classesOf(text[at + i]!) & allowed) !== 0);
        let expected = 0;
        while (expected < lines && fit(from + expected * pitch)) expected++;
        const kernel = textKernel()!;
        kernel.room(text.length).set(text);
        assert.equal(kernel.fits(from, lines, places), expected);
      }),
      { ...SEED, numRuns: 2000 },
    );
  });

  it('finds the first of some bytes that differ', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(500), fc.nat(80), (bytes, at, gap) => {
        const kernel = textKernel()!;
        const room = kernel.room(2 * bytes.length + gap);
        room.set(bytes);
        room.set(bytes, bytes.length + gap);
        if (at < bytes.length) room[bytes.length + gap + at]! ^= 1 << at % 8;
        assert.equal(kernel.same(0, bytes.length + gap, bytes.length), Math.min(at, bytes.length));
      }),
      { ...SEED, numRuns: 1000 },
    );
  });

  it('finds each newline', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0x0a, 0x0a, 0x30, 0x0b, 0x8a, 0x0d), { maxLength: 200 }), (bytes) => {
        const kernel = textKernel()!;
        // What was there before must not be counted
        kernel.room(bytes.length + 40).fill(0x0a);
        kernel.room(bytes.length).set(bytes);
        assert.deepEqual([...kernel.newlines(bytes.length)], bytes.flatMap((byte, i) => (byte === 0x0a ? [i] : [])));
      }),
      { ...SEED, numRuns: 500 },
    );
  });
});
