import assert from 'node:assert/strict';
import type { SetFile, SetFinding } from '../../../src/check/lint/lintSet';
import { lintSet } from '../../../src/check/lint/lintSet';
import { conv, nijOf } from '../../../src/engine/conv';
import { inferFolder } from '../../../src/vectors/siblings';

const word = (value: number, bits: number): string => (value < 0 ? value + 2 ** bits : value).toString(2).padStart(bits, '0');
const body = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function files(texts: Readonly<Record<string, string>>, declared?: SetFile['declared']): SetFile[] {
  return inferFolder(Object.entries(texts).map(([name, text]) => ({ name, text }))).map((inference) => ({ name: inference.name, inference, ...(declared !== undefined && { declared }) }));
}

const brief = (findings: readonly SetFinding[]): string[] => findings.map(({ rule, severity, file, line }) => `${file}:${line} ${severity} ${rule}`);

const weight = (kij: number, lines = 8): string => body(Array.from({ length: lines }, (_, line) => Array.from({ length: 8 }, (_, i) => word(((line * 5 + i * 3 + kij * 7) % 15) - 7, 4)).join('')));
const weightSet = (kijs: readonly number[], name = (kij: number): string => `weight_itile0_otile0_kij${kij}.txt`): Record<string, string> => Object.fromEntries(kijs.map((kij) => [name(kij), weight(kij)]));
const NINE = [0, 1, 2, 3, 4, 5, 6, 7, 8];

/** A whole layer: 6x6 padded image, 3x3 kernel, 8x8 array. */
function layer(): { texts: Record<string, string>; psum: (kij: number, nij: number, col: number) => number } {
  const c = conv({ inChannels: 8, outChannels: 8, height: 6, width: 6, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } });
  const inside = (nij: number): boolean => nij % 6 > 0 && nij % 6 < 5 && nij > 5 && nij < 30;
  const a = (nij: number, row: number): number => (inside(nij) ? (nij * 7 + row * 11 + nij * row) % 16 : 0);
  const w = (kij: number, col: number, row: number): number => ((kij * 31 + col * 17 + row * 5 + kij * col * row) % 15) - 7;
  const psum = (kij: number, nij: number, col: number): number => NINE.slice(0, 8).reduce((sum, row) => sum + a(nij, row) * w(kij, col, row), 0);
  const line = (bits: number, value: (i: number) => number): string => [7, 6, 5, 4, 3, 2, 1, 0].map((i) => word(value(i), bits)).join('');
  const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  return {
    psum,
    texts: {
      'activation.txt': body(range(36).map((nij) => line(4, (row) => a(nij, row)))),
      ...Object.fromEntries(NINE.map((kij) => [`weight_kij${kij}.txt`, body(range(8).map((col) => line(4, (row) => w(kij, col, row))))])),
      ...Object.fromEntries(NINE.map((kij) => [`psum_kij${kij}.txt`, body(range(36).map((nij) => line(16, (col) => psum(kij, nij, col))))])),
      'out.txt': body(range(16).map((o) => line(16, (col) => NINE.reduce((sum, kij) => sum + psum(kij, nijOf(c, o, kij), col), 0)))),
    },
  };
}

describe('lint of a set', () => {
  it('missing-member: kij 0 to 8 without 5', () => {
    const [finding, ...more] = lintSet(files(weightSet(NINE.filter((kij) => kij !== 5))));
    assert.deepEqual(more, []);
    assert.equal(finding?.rule, 'missing-member');
    assert.match(finding.what, /lacks weight_itile0_otile0_kij5\.txt \(ic tile 0 · oc tile 0 · kij 5\); 8 of 9 files/);
  });

  it('missing-member: the last one, by other names, and from 1', () => {
    assert.match(lintSet(files(weightSet(NINE.slice(0, 8), (kij) => `w${kij}.txt`)))[0]?.what ?? '', /lacks w8\.txt/);
    assert.match(lintSet(files(weightSet(NINE.filter((kij) => kij !== 3), (kij) => `weight_${kij + 1}.txt`)))[0]?.what ?? '', /lacks weight_4\.txt/);
    assert.match(lintSet(files({ 'activation_tile0.txt': weight(1), 'activation_tile2.txt': weight(2) }))[0]?.what ?? '', /lacks activation_tile1\.txt/);
  });

  it('missing-member: not for sets counted from 1, nor for kernels that are no squares', () => {
    const psumSet = (kijs: readonly number[]): Record<string, string> => Object.fromEntries(kijs.map((kij) => [`psum_kij${kij}.txt`, weight(kij + 20)]));
    const weights = (kijs: readonly number[]): Record<string, string> => weightSet(kijs, (kij) => `weight_kij${kij}.txt`);
    const lacking = (texts: Readonly<Record<string, string>>): string[] => lintSet(files(texts)).filter(({ rule }) => rule === 'missing-member').map(({ file, what }) => `${file}: ${what}`);
    assert.deepEqual(lacking({ 'activation_tile1.txt': weight(1), 'activation_tile2.txt': weight(2) }), []);
    assert.deepEqual(lacking(weights([0, 1, 2, 3, 4, 5])), []);
    assert.deepEqual(lacking(weights([1, 2, 3, 4, 5, 6])), []);
    assert.deepEqual(lacking({ ...weights(NINE.slice(0, 8)), ...psumSet(NINE.slice(0, 8)) }), [], 'a kernel of 2x4, in both kinds');
    assert.match(lacking({ ...weights([0, 1, 2, 3]), ...psumSet([0, 1, 2, 3, 4, 5]) }).join(), /^weight_kij0\.txt: The set lacks weight_kij4\.txt, weight_kij5\.txt; 4 of 6 files are there\.$/);
    assert.match(lacking(weights([1, 2, 3, 4, 5, 6, 7, 8])).join(), /lacks weight_kij0\.txt/);
  });

  it('missing-member: not for whole sets, single kernel positions, layers or copies', () => {
    for (const texts of [
      weightSet(NINE),
      weightSet(NINE, (kij) => `weight_${kij + 1}.txt`),
      weightSet([0]),
      weightSet([4]),
      weightSet([0, 1, 2], (n) => `conv${n + 3}_weight.txt`),
      weightSet([0, 1], (n) => `weight_itile${n}_otile0_kij0.txt`),
      { 'weight_kij0.txt': weight(0), 'weight_kij0 (1).txt': weight(3) },
    ]) {
      assert.deepEqual(brief(lintSet(files(texts))), [], Object.keys(texts).join());
    }
  });

  it('missing-lines: one file shorter than its siblings, and none when two disagree', () => {
    const set = { ...weightSet(NINE), 'weight_itile0_otile0_kij6.txt': weight(6, 7) };
    assert.deepEqual(brief(lintSet(files(set))), ['weight_itile0_otile0_kij6.txt:7 warning missing-lines']);
    assert.deepEqual(brief(lintSet(files({ 'weight_itile0_otile0_kij0.txt': weight(0), 'weight_itile1_otile0_kij0.txt': weight(1, 7) }))), []);
  });

  it('missing-lines: an empty member, and one with a header only', () => {
    const set = { ...weightSet(NINE), 'weight_itile0_otile0_kij5.txt': '', 'weight_itile0_otile0_kij6.txt': '#col0row7#\n#....#\n' };
    assert.deepEqual(brief(lintSet(files(set))), ['weight_itile0_otile0_kij5.txt:1 warning missing-lines', 'weight_itile0_otile0_kij6.txt:1 warning missing-lines']);
  });

  it('twin-differs: one wrong value, and not for twins or files of other values', () => {
    const values = Array.from({ length: 16 }, (_, line) => Array.from({ length: 8 }, (_, i) => ((line * 37 + i * 53) % 201) - 100));
    const binary = body(values.map((line) => line.map((value) => word(value, 16)).join('')));
    const decimal = (change: (value: number, line: number, i: number) => number): string => body(values.map((line, at) => line.map((value, i) => String(change(value, at, i)).padStart(6)).join(' ')));
    const twins = (viz: string): string[] => lintSet(files({ 'out.txt': binary, 'viz_out.txt': viz })).filter(({ rule }) => rule === 'twin-differs').map(({ file, line, column, length, what }) => `${file}:${line}:${column}+${length} ${what}`);
    assert.deepEqual(twins(decimal((value) => value)), []);
    assert.deepEqual(twins(decimal((value, line, i) => (line === 3 && i === 2 ? 77 : value))), [`viz_out.txt:4:15+6 The word is 77, but ${values[3]![2]!} in out.txt, its binary twin.`]);
    assert.deepEqual(twins(decimal((value) => value + 1)), []);
  });

  it('duplicate-content: a copy under another number, but not zeros, and not what a manifest names', () => {
    const set = { ...weightSet(NINE), 'weight_itile0_otile0_kij6.txt': weight(2) };
    assert.deepEqual(brief(lintSet(files(set))), ['weight_itile0_otile0_kij6.txt:1 info duplicate-content']);
    assert.deepEqual(brief(lintSet(files(set, 'unchanged'))), []);
    const zeros = body(Array.from({ length: 8 }, () => '0'.repeat(32)));
    assert.deepEqual(brief(lintSet(files({ ...weightSet(NINE), 'weight_itile0_otile0_kij6.txt': zeros, 'weight_itile0_otile0_kij7.txt': zeros }))), []);
  });

  it('psum-contradicts: one wrong word, with its place; none in a consistent set', () => {
    const { texts, psum } = layer();
    assert.deepEqual(brief(lintSet(files(texts))), []);
    const lines = texts['psum_kij4.txt']!.split('\n');
    // Line 23 is nij 22; the word of col 3 is the fifth from the left
    lines[22] = lines[22]!.slice(0, 64) + word(psum(4, 22, 3) ^ 0x400, 16) + lines[22]!.slice(80);
    const findings = lintSet(files({ ...texts, 'psum_kij4.txt': lines.join('\n') }));
    assert.deepEqual(brief(findings), ['psum_kij4.txt:23 warning psum-contradicts']);
    assert.deepEqual([findings[0]?.column, findings[0]?.length], [65, 16]);
  });

  it('psum-contradicts: a stale file among good ones', () => {
    const { texts } = layer();
    const stale = body(Array.from({ length: 36 }, (_, nij) => Array.from({ length: 8 }, (_, col) => word(((nij * 29 + col * 13) % 301) - 150, 16)).join('')));
    const few = Object.fromEntries(Object.entries(texts).filter(([name]) => !/psum_kij[0-24-68]/.test(name)));
    assert.deepEqual(brief(lintSet(files({ ...few, 'psum_kij7.txt': stale }))), ['psum_kij7.txt:1 warning psum-contradicts']);
  });

  it('psum-contradicts: psums that lost a line, beside others that are proven', () => {
    const { texts } = layer();
    const names = Object.keys(texts).filter((name) => name.startsWith('psum_kij'));
    const all = names.flatMap((name) => texts[name]!.trimEnd().split('\n'));
    const few = Object.fromEntries(Object.entries(texts).filter(([name]) => !/psum_kij[3-8]/.test(name)));
    const found = (lines: readonly string[]): string[] => brief(lintSet(files({ ...few, 'psum.txt': body([...lines]) }))).filter((line) => line.startsWith('psum.txt'));
    assert.deepEqual(found(all), []);
    assert.deepEqual(found(all.filter((_, i) => i !== 100)), ['psum.txt:1 info psum-contradicts']);
  });

  it('edited-file, stale-inputs and missing files, by the manifest', () => {
    const [only] = files({ 'out.txt': layer().texts['out.txt']! }, 'edited');
    const facts = { name: 'tilescope-manifest.json', missing: ['weight_kij3.txt'], staleInputs: [{ path: 'model.onnx', gone: false }, { path: 'a.npy', gone: true }] };
    const findings = lintSet([only!], [facts]);
    assert.deepEqual(brief(findings), [
      'out.txt:1 warning edited-file',
      'tilescope-manifest.json:1 warning missing-member',
      'tilescope-manifest.json:1 warning stale-inputs',
      'tilescope-manifest.json:1 warning stale-inputs',
    ]);
    assert.match(findings[3]?.what ?? '', /a\.npy is gone/);
    assert.deepEqual(lintSet([{ ...only!, declared: 'unchanged' }], [{ ...facts, missing: [], staleInputs: [] }]), []);
  });
});
