import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Candidate, Inference } from '../../../src/vectors/inference';
import { inferLayout } from '../../../src/vectors/infer';
import { nameClues } from '../../../src/vectors/nameClues';
import type { Kind } from '../../../src/vectors/axis';

/** Numbers that repeat from run to run. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2 + 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type Values = number[][];
/** Sparse unsigned codes with the border of a padded image. */
function activations(lines: number, words: number, bits: number, border = 0): Values {
  const next = numbers(lines + words);
  const side = Math.sqrt(lines);
  const padding = (line: number): boolean => border > 0 && [Math.floor(line / side), line % side].some((place) => place < border || place >= side - border);
  return Array.from({ length: lines }, (_, line) => Array.from({ length: words }, () => (padding(line) || next(5) < 2 ? 0 : Math.min(next(2 ** bits), next(2 ** bits)))));
}
function weights(lines: number, words: number, bits = 4): Values {
  const next = numbers(lines * 3 + words);
  const most = 2 ** (bits - 1) - 1;
  return Array.from({ length: lines }, () => Array.from({ length: words }, () => Math.max(-most, Math.min(most, next(most + 1) + next(most + 1) - most))));
}
function sums(lines: number, words: number, most: number, relu = false): Values {
  const next = numbers(lines * 7 + words);
  return Array.from({ length: lines }, () => Array.from({ length: words }, () => next(most) - Math.floor(most / 2)).map((value) => (relu && value < 0 ? 0 : value)));
}

const binary = (bits: number) => (value: number) => (value < 0 ? 2 ** bits + value : value).toString(2).padStart(bits, '0');
const hex = (bits: number) => (value: number) => (value < 0 ? 2 ** bits + value : value).toString(16).padStart(Math.ceil(bits / 4), '0');
const column = (width: number) => (value: number) => String(value).padStart(width);

interface Form {
  readonly separator?: string;
  readonly trailing?: string;
  readonly header?: readonly string[];
  readonly eol?: string;
  readonly final?: boolean;
}
function text(values: Values, word: (value: number) => string, { separator = '', trailing = '', header = [], eol = '\n', final = true }: Form = {}): string {
  return [...header, ...values.map((line) => line.map(word).join(separator) + trailing)].join(eol) + (final ? eol : '');
}

const header = (line: string, word: string, count = 8): string[] => [0, 1].map((i) => `#${line}${i}${word}${count - 1}[msb-lsb],${line}${i}${word}${count - 2}[msb-lst],....,${line}${i}${word}0[msb-lst]#`).concat('#................#');
const BLANKS: Form = { separator: ' ', trailing: ' ' };

function best(inference: Inference): Candidate {
  assert.equal(inference.report, undefined);
  assert.ok(inference.candidates[0], 'a candidate');
  return inference.candidates[0];
}

/** `8 x uint4 binary`, and how the lines and words run. */
function summary({ layout }: Candidate): string {
  const { kind, bits, signed, radix } = layout.spec;
  return `${kind} ${layout.lineCount} lines of ${layout.wordsPerLine} x ${signed ? '' : 'u'}int${bits} ${radix}`;
}
function order({ layout }: Candidate): string {
  const { lines, words } = layout.spec;
  const say = (loops: typeof lines): string => loops.map(({ axis, count, step }) => `${axis}${step < 0 ? '-' : ''}${Math.abs(step) > 1 ? Math.abs(step) : ''}*${count}`).join(' ');
  return `${say(lines)} | ${say(words)}`;
}

describe('what a file is, with no configuration', () => {
  const forms: [name: string, content: string, expected: string, loops?: string][] = [
    ['activation.txt', text(activations(36, 8, 4, 1), binary(4), { header: header('time', 'row') }), 'activation 36 lines of 8 x uint4 binary', 'nij*36 | row-*8'],
    ['activation_tile0.txt', text(activations(64, 8, 4), binary(4), { final: false }), 'activation 64 lines of 8 x uint4 binary'],
    ['a0.txt', text(activations(100, 16, 4, 1), binary(4)), 'activation 100 lines of 16 x uint4 binary'],
    ['act_tile0.txt', text(activations(324, 8, 4, 1), binary(4), { ...BLANKS, header: header('time', 'row') }), 'activation 324 lines of 8 x uint4 binary'],
    ['act.txt', text(activations(16, 16, 2), binary(2), { header: ['# nij0row15[msb-lsb],...,nij0row0[msb-lsb]#', '# Expected: 16 lines, each line has 16*2b = 32 digits'], eol: '\r\n' }), 'activation 16 lines of 16 x uint2 binary'],
    ['activation_tile1.txt', text(activations(36, 8, 2, 1), binary(2), { header: header('time', 'row') }), 'activation 36 lines of 8 x uint2 binary'],
    ['activation_hex.txt', text(activations(36, 8, 4, 1), hex(4), { ...BLANKS, header: header('time', 'row') }), 'activation 36 lines of 8 x uint4 hex'],
    ['activation_os.txt', text(activations(72, 8, 4), binary(4), { header: ['#nij(onij7,kij0)_ic0,nij(onij6,kij0)_ic0', '#.....', '#'] }), 'activation 72 lines of 8 x uint4 binary', 'row*8 kij*9 | o_nij-*8'],
    ['viz_activation.txt', text(activations(36, 8, 4, 1), column(3), BLANKS), 'activation 36 lines of 8 x uint4 decimal'],
    ['weight.txt', text(weights(72, 8), binary(4), { header: header('col', 'row') }), 'weight 72 lines of 8 x int4 binary', 'kij*9 col*8 | row-*8'],
    ['weight_itile0_otile1_kij3.txt', text(weights(8, 8), binary(4)), 'weight 8 lines of 8 x int4 binary', 'col*8 | row-*8'],
    ['weight_k0.txt', text(weights(16, 16), binary(4)), 'weight 16 lines of 16 x int4 binary'],
    ['w_kij2.txt', text(weights(8, 8, 8), binary(8), { header: header('col', 'row') }), 'weight 8 lines of 8 x int8 binary'],
    ['weight.txt', text(weights(9, 64), binary(4)), 'weight 9 lines of 64 x int4 binary', 'kij*9 | col*8 row-*8'],
    ['weights_os.txt', text(weights(72, 8), binary(4), { header: ['#col7kij0ic0,col6kij0ic0', '#....'] }), 'weight 72 lines of 8 x int4 binary', 'row*8 kij*9 | col-*8'],
    ['weight_kij_0_hex.txt', text(weights(8, 8), hex(4), BLANKS), 'weight 8 lines of 8 x int4 hex'],
    ['viz_weight_itile0_otile0_kij1.txt', text(weights(8, 8), column(3), BLANKS), 'weight 8 lines of 8 x int4 decimal'],
    ['psum_kij0.txt', text(sums(36, 8, 900), binary(16), { header: header('time', 'col') }), 'psum 36 lines of 8 x int16 binary', 'nij*36 | col-*8'],
    ['psum_0_bin.txt', text(sums(36, 8, 900), binary(16)), 'psum 36 lines of 8 x int16 binary'],
    ['psum_kij4.txt', text(sums(36, 8, 1).map((line) => line.map(() => 0)), binary(16)), 'psum 36 lines of 8 x int16 binary'],
    ['psum.txt', text(sums(324, 8, 900), binary(16), { header: header('time', 'col') }), 'psum 324 lines of 8 x int16 binary', 'kij*9 nij*36 | col-*8'],
    ['psum.txt', text(sums(9, 288, 900), binary(16)), 'psum 9 lines of 288 x int16 binary', 'kij*9 | nij*36 col-*8'],
    ['psum_7_hex.txt', text(sums(36, 8, 900), hex(16), BLANKS), 'psum 36 lines of 8 x int16 hex'],
    ['psum.txt', text(sums(36, 8, 900), binary(20)), 'psum 36 lines of 8 x int20 binary'],
    ['psum_dec.txt', text(sums(36, 8, 900), String, { separator: ' ' }), 'psum 36 lines of 8 x int16 decimal'],
    ['out.txt', text(sums(16, 8, 3000, true), binary(16), { header: header('time', 'co') }), 'out 16 lines of 8 x int16 binary', 'o_nij*16 | col-*8'],
    ['output.txt', text(sums(16, 16, 3000, true), binary(16), { header: header('time', 'row') }), 'out 16 lines of 16 x int16 binary'],
    ['out_relu.txt', text(sums(16, 8, 3000, true), binary(16), { header: ['time0col7[msb-lsb],time0col6[msb-lst]', 'time1col7[msb-lsb]', '#....#'] }), 'out 16 lines of 8 x int16 binary'],
    ['output.txt', text(sums(16, 8, 900, true), hex(16)), 'out 16 lines of 8 x int16 hex'],
    ['output_hex.txt', text(sums(16, 8, 900), (value) => hex(16)(value).toUpperCase(), BLANKS), 'out 16 lines of 8 x int16 hex'],
    ['output_accumulated.txt', text(sums(64, 64, 3000), binary(16)), 'out 64 lines of 64 x int16 binary'],
    ['relu.txt', text(sums(4, 8, 3000, true), binary(16)), 'out 4 lines of 8 x int16 binary'],
    ['expected_output.txt', text(sums(16, 8, 3000), column(7), { separator: ' ' }), 'out 16 lines of 8 x int16 decimal'],
    ['viz_out.txt', text(sums(16, 8, 3000), column(6), BLANKS), 'out 16 lines of 8 x int16 decimal'],
    ['rtl_out.dec.txt', text(sums(16, 8, 3000), column(6), { separator: ' ' }), 'out 16 lines of 8 x int16 decimal'],
    ['out.txt', text(sums(36, 8, 3000), column(7)), 'out 36 lines of 8 x int16 decimal'],
  ];
  const between = (lines: number, words: number, least: number, most: number): Values => sums(lines, words, most - least).map((line, i) => line.map((value, j) => least + ((Math.abs(value) + i * 7 + j) % (most - least))));
  const zeros = (width: number) => (value: number) => String(value).padStart(width, '0');
  const sparse = activations(36, 8, 4, 1).map((line) => line.map((value, i) => (value > 9 && i > 0 ? value - 9 : value)));
  const decimals: typeof forms = [
    ['psum_dec.txt', text(between(36, 8, 100, 999), String, { separator: ' ' }), 'psum 36 lines of 8 x int16 decimal'],
    ['out_decimal.txt', text(between(16, 8, 1000, 9999), String, { separator: ' ' }), 'out 16 lines of 8 x int16 decimal'],
    ['out.txt', text(between(16, 8, 100, 999), String, { separator: ' ' }), 'out 16 lines of 8 x int16 decimal'],
    ['out.txt', text(between(16, 8, 1000, 9999), String, { separator: ' ' }), 'out 16 lines of 8 x int16 decimal'],
    ['psum_viz.txt', text(between(36, 8, 1, 999), zeros(4), { separator: ' ' }), 'psum 36 lines of 8 x int16 decimal'],
    ['out_hex.txt', text(between(16, 8, 1000, 9999), String, { separator: ' ' }), 'out 16 lines of 8 x int16 hex'],
    ['out.txt', text(between(16, 8, 1, 9), zeros(4), { separator: ' ' }), 'out 16 lines of 8 x int16 hex'],
    ['activation.txt', text(sparse, String, { separator: ' ' }), 'activation 36 lines of 8 x uint4 decimal'],
    ['activation_dec.txt', text(activations(36, 8, 4, 1), zeros(2), { separator: ' ' }), 'activation 36 lines of 8 x uint4 decimal'],
  ];
  for (const [name, content, expected, loops] of [...forms, ...decimals]) {
    it(`${name}: ${expected}`, () => {
      const found = best(inferLayout({ text: content, name }));
      assert.equal(summary(found), expected, found.evidence.join('\n'));
      if (loops !== undefined) assert.equal(order(found), loops);
      assert.ok(found.confidence > 0 && found.confidence < 1);
    });
  }

  it('takes coordinates from the file name', () => {
    const { layout } = best(inferLayout({ text: text(weights(8, 8), binary(4)), name: 'weight_itile0_otile1_kij3.txt' }));
    assert.deepEqual(layout.spec.fixed, { icTile: 0, ocTile: 1, kij: 3 });
  });

  it('recognises address lists by their formula, in both orders and from any base', () => {
    const nij = (o: number, kij: number): number => Math.floor(o / 4) * 6 + (o % 4) + Math.floor(kij / 3) * 6 + (kij % 3);
    const outer = Array.from({ length: 16 }, (_, o) => Array.from({ length: 9 }, (__, kij) => [kij * 36 + nij(o, kij)])).flat();
    const found = best(inferLayout({ text: text(outer, binary(11)), name: 'address.txt' }));
    assert.deepEqual([summary(found), order(found)], ['address 144 lines of 1 x uint11 binary', 'o_nij*16 kij*9 | ']);
    assert.match(found.evidence.join(), /All 144 addresses are kij \* 36 \+ nij of a 4x4 output, o_nij-major/);
    const inner = Array.from({ length: 9 }, (_, kij) => Array.from({ length: 16 }, (__, o) => [kij * 36 + nij(o, kij) + 1])).flat();
    const other = best(inferLayout({ text: text(inner, binary(11), { header: header('time', 'col') }), name: 'psum_2.txt' }));
    assert.deepEqual(order(other), 'kij*9 o_nij*16 | ');
    assert.match(other.evidence.join(), /counted from 1/);
    assert.match(other.contradictions.join(), /header names col7\.\.col0, but the file holds one address a line.*file name says psums/);
  });

  it('says what the header gets wrong', () => {
    const found = best(inferLayout({ text: text(sums(16, 16, 3000), binary(16), { header: header('time', 'row') }), name: 'output.txt' }));
    assert.deepEqual(found.contradictions, ['The header names row7..row0, but 16 words a line fit better.', 'The header names rows, but the words of a line are columns.']);
    const right = best(inferLayout({ text: text(sums(16, 8, 3000), binary(16), { header: header('time', 'col') }), name: 'output.txt' }));
    assert.deepEqual(right.contradictions, []);
  });

  it('follows a header that counts upwards', () => {
    const up = ['#time0row0[msb-lsb],time0row1[msb-lsb],...,time0row7[msb-lsb]#'];
    assert.equal(order(best(inferLayout({ text: text(activations(36, 8, 4, 1), binary(4), { header: up }), name: 'activation.txt' }))), 'nij*36 | row*8');
  });

  it('gives every reading that fits, in honest ranks', () => {
    const { candidates } = inferLayout({ text: text(weights(8, 8), binary(4)), name: 'weight_0.txt' });
    const orders = candidates.map(order);
    assert.ok(orders.includes('col*8 | row-*8') && orders.includes('row*8 | col-*8'), orders.join('\n'));
    assert.ok(candidates.some(({ layout }) => layout.spec.bits === 2) && candidates.some(({ layout }) => layout.spec.bits === 4));
    const wide = inferLayout({ text: text(weights(8, 8, 8), binary(8)), name: 'weight_0.txt' }).candidates.map(summary);
    assert.ok(wide.includes('weight 8 lines of 8 x int8 binary') && wide.includes('weight 8 lines of 16 x int4 binary'));
    assert.ok(candidates[0]!.confidence < 0.9);
    for (let i = 1; i < candidates.length; i++) assert.ok(candidates[i]!.confidence <= candidates[i - 1]!.confidence);
  });

  it('reads memory dumps: counters are no addresses, unknown words no values', () => {
    const words = text(sums(324, 8, 900), hex(16)).trimEnd().split('\n');
    words[0] = 'x'.repeat(32);
    words[5] = `${'0'.repeat(31)}X`;
    const dump = words.flatMap((word, i) => (i % 16 === 0 ? [`// 0x${i.toString(16).padStart(8, '0')}`, word] : [word])).join('\n') + '\n';
    const found = best(inferLayout({ text: dump, name: 'pmem.memh.txt' }));
    assert.equal(summary(found), 'psum 324 lines of 8 x int16 hex');
    assert.deepEqual(found.layout.spec.header, []);
  });

  it('finds 16-bit values in a 32-bit memory', () => {
    const values = sums(64, 1, 900);
    const found = best(inferLayout({ text: `// 0x00000000\n${text(values, (value) => `0000${hex(16)(value)}`)}`, name: 'pmem.mem' }));
    assert.equal(found.layout.spec.bits, 16);
    assert.equal(found.layout.wordWidth, 8);
  });

  it('reads words with defects by the form of the others', () => {
    const lines = text(sums(16, 8, 900), binary(16), { header: header('time', 'col') }).split('\n');
    lines[7] = `-000000000011111${lines[7]!.slice(16)}`;
    lines[9] = lines[9]!.slice(0, -1);
    assert.equal(summary(best(inferLayout({ text: lines.join('\n'), name: 'psum.txt' }))), 'psum 16 lines of 8 x int16 binary');
    const padded = text(sums(36, 8, 900), (value) => (value < 0 ? binary(16)(value) : value.toString(2).padStart(16)));
    const found = best(inferLayout({ text: padded, name: 'psum.txt' }));
    assert.equal(summary(found), 'psum 36 lines of 8 x int16 binary');
    assert.deepEqual([found.layout.spec.separator, found.layout.wordWidth], ['', 16]);
  });

  it('guesses the kind from the content alone, and says that it guesses', () => {
    const kinds: [Kind, string][] = [
      ['activation', text(activations(36, 8, 4, 1), binary(4))],
      ['weight', text(weights(72, 8), binary(4))],
    ];
    for (const [kind, content] of kinds) {
      const found = best(inferLayout({ text: content, name: 'data.txt' }));
      assert.deepEqual([found.layout.spec.kind, found.kindIsGuess], [kind, true]);
    }
  });

  it('has something to say of odd forms: bit streams, one bit a line, x-padded codes', () => {
    const next = numbers(5);
    const bits = (count: number): string => Array.from({ length: count }, () => next(2)).join('');
    for (const content of [bits(857), bits(5466), Array.from({ length: 300 }, () => bits(1)).join('\n'), Array.from({ length: 30 }, (_, i) => bits((i % 9) + 1).padStart(32, 'x')).join('\r\n')]) {
      const { candidates, report } = inferLayout({ text: content, name: 'stream.txt' });
      assert.ok(candidates.length > 0 || report !== undefined);
      if (candidates[0] !== undefined) assert.ok(candidates[0].kindIsGuess);
    }
  });

  it('never throws, whatever the text and the name', () => {
    const line = fc.oneof(fc.string(), fc.stringMatching(/^[01]{1,40}$/), fc.stringMatching(/^[0-9a-fxz \-]{0,40}$/), fc.constantFrom('// 0x00000000', '@10', '#a#'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('psum.txt', 'weight_kij3.txt', 'a0.txt', 'out.txt', 'address.txt', '', 'x/y.hex'), (lines, name) => {
        const { candidates, report } = inferLayout({ text: lines.join('\n'), name });
        assert.ok((candidates.length === 0) === (report !== undefined));
        for (const { confidence } of candidates) assert.ok(confidence > 0 && confidence < 1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('clues in file names', () => {
  const names: [string, Kind | undefined, object][] = [
    ['golden/Part1/weight_itile1_otile0_kij8.txt', 'weight', { icTile: 1, ocTile: 0, kij: 8 }],
    ['data_2b_wgt_otile1_kij4.txt', 'weight', { ocTile: 1, kij: 4 }],
    ['weight0.txt', 'weight', { kij: 0 }],
    ['weight_7 (1).txt', 'weight', { kij: 7 }],
    ['psum_3_bin.txt', 'psum', { kij: 3 }],
    ['psum_relu.txt', 'out', {}],
    ['activation_tile2.txt', 'activation', { icTile: 2 }],
    ['out_octile1_relu.txt', 'out', { ocTile: 1 }],
    ['out-checkpoint.txt', 'out', {}],
    ['a0.txt', 'activation', {}],
    ['acc_address.txt', 'address', {}],
    ['notes.txt', undefined, {}],
  ];
  for (const [name, kind, fixed] of names) {
    it(name, () => {
      const clues = nameClues(name);
      assert.deepEqual([clues.kind, clues.fixed], [kind, fixed]);
    });
  }
});
