import assert from 'node:assert/strict';
import path from 'node:path';
import type { DecodeArguments } from '../../../src/cli/decode';
import { runDecode } from '../../../src/cli/decode';
import { HEADERS } from '../../../src/vectors/header';
import { NOTEBOOK_CASES, fixture, int32 } from '../support/fixtures';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../support/workspace';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function decode(cwd: string, file: string, options: Partial<DecodeArguments> = {}): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runDecode({ out: (text) => out.push(text), err: (text) => err.push(text), signal: new AbortController().signal, cwd, ortScript: ORT_SCRIPT }, { file, json: false, csv: false, verbose: false, ...options });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

interface Decoded {
  readonly ok: boolean;
  readonly layout: { readonly kind: string; readonly bits: number; readonly signed: boolean; readonly radix: string };
  readonly confidence: number;
  readonly proven: boolean;
  readonly evidence: readonly string[];
  readonly lineNumbers: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly defects: readonly { readonly line: number; readonly column: number; readonly what: string }[];
  readonly others: readonly unknown[];
}

async function decoded(cwd: string, file: string, options: Partial<DecodeArguments> = {}): Promise<Decoded> {
  const { out, err } = await decode(cwd, file, { json: true, ...options });
  assert.equal(err, '');
  return JSON.parse(out) as Decoded;
}

const word = (value: number, bits: number): string => (value < 0 ? value + 2 ** bits : value).toString(2).padStart(bits, '0');
const VALUES = Array.from({ length: 8 }, (_, line) => Array.from({ length: 8 }, (_, i) => ((line * 5 + i * 3) % 15) - 7));
const WEIGHTS = [...HEADERS['col-row'], ...VALUES.map((line) => line.map((value) => word(value, 4)).join(''))].map((line) => `${line}\n`).join('');

describe('tilescope decode', () => {
  after(removeTestFolders);

  it('a table: what the file is, why, and each value with its coordinates', async () => {
    const folder = testFolder();
    folder.write('weight_kij3.txt', WEIGHTS);
    const { code, out } = await decode(folder.path, 'weight_kij3.txt');
    assert.equal(code, 0);
    const lines = out.split('\n');
    assert.match(lines[0]!, /^weight_kij3\.txt: weight, 8 x int4 binary, row 7\.\.row 0, lines: col x 8, 8 lines, 3 header lines\. Confidence 0\.\d\d\.$/);
    assert.ok(lines.some((line) => /^ {2}Lines of 32 binary digits: 8 words of 4 bits\.$/.test(line)));
    const start = lines.findIndex((line) => line.startsWith('line'));
    assert.match(lines[start]!, /^line {2}holds +row 7 +row 6 .*row 0$/);
    assert.deepEqual(lines[start + 1]!.trim().split(/\s+/), ['4', 'col', '0', '·', 'kij', '3', ...VALUES[0]!.map(String)]);
    assert.equal(lines.length - start, 9);
  });

  it('JSON: layout, evidence, confidence, values, and what is wrong with single words', async () => {
    const folder = testFolder();
    folder.write('weight_kij3.txt', WEIGHTS.replace(/\n[01]{4}([01]{28})\n/, '\nxx01$1\n'));
    const result = await decoded(folder.path, 'weight_kij3.txt');
    assert.deepEqual([result.ok, result.proven, result.layout.kind, result.layout.bits, result.layout.signed, result.layout.radix], [true, false, 'weight', 4, true, 'binary']);
    assert.deepEqual(result.lineNumbers, [4, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(result.values, VALUES.map((line, i) => (i === 0 ? [null, ...line.slice(1)] : line)));
    assert.deepEqual(result.defects, [{ line: 4, column: 1, length: 4, word: 1, text: 'xx01', what: 'The word has x digits.' }]);
    assert.ok(result.evidence.length > 0 && result.confidence > 0 && result.others.length > 0);
  });

  it('CSV: one row a word', async () => {
    const folder = testFolder();
    folder.write('weight_kij3.txt', WEIGHTS);
    const rows = (await decode(folder.path, 'weight_kij3.txt', { csv: true })).out.split('\n');
    assert.equal(rows.length, 1 + 64);
    assert.equal(rows[0], 'line,word,row,col,kij,text,value,defect');
    assert.equal(rows[1], `4,1,7,0,3,${word(VALUES[0]![0]!, 4)},${VALUES[0]![0]!},`);
    assert.equal(rows[64], `11,8,0,7,3,${word(VALUES[7]![7]!, 4)},${VALUES[7]![7]!},`);
  });

  it('says how many of the files beside were not read', async () => {
    const folder = testFolder();
    for (let icTile = 0; icTile < 50; icTile++) for (let kij = 0; kij < 9; kij++) folder.write(`weight_itile${icTile}_otile0_kij${kij}.txt`, WEIGHTS);
    const name = 'weight_itile0_otile0_kij0.txt';
    assert.match((await decode(folder.path, name)).out, /\n {2}49 files beside were not read, because of size or number: what they prove is not known\.\n/);
    const { unread } = JSON.parse((await decode(folder.path, name, { json: true })).out) as { unread: number };
    assert.equal(unread, 49);
    assert.doesNotMatch((await decode(folder.path, name, { bits: '4', kind: 'weight', csv: true })).out, /not read/);
  });

  it('the files beside it prove the reading, as one sees from the values', async () => {
    const golden = fixture('oracle', NOTEBOOK_CASES['golden-part1'], 'golden/Part1');
    const result = await decoded(golden, 'out_raw.txt');
    assert.equal(result.proven, true);
    const outputs = int32('oracle', NOTEBOOK_CASES['golden-part1'], 'out_raw_int.npy');
    // [col, o_nij] in the tensor; [o_nij, col descending] in the file
    const pixels = outputs.length / 8;
    assert.deepEqual(result.values, Array.from({ length: pixels }, (_, o) => [7, 6, 5, 4, 3, 2, 1, 0].map((col) => outputs[col * pixels + o])));
  });

  it('the user chooses: another candidate, or a reading that the inference did not think of', async () => {
    const folder = testFolder();
    folder.write('weight_kij3.txt', WEIGHTS);
    const unsigned = await decoded(folder.path, 'weight_kij3.txt', { unsigned: true });
    assert.deepEqual([unsigned.layout.signed, unsigned.values[0]?.[0]], [false, 9]);
    const wide = await decoded(folder.path, 'weight_kij3.txt', { bits: '8', kind: 'psum' });
    assert.deepEqual([wide.layout.kind, wide.layout.bits, wide.values[0]?.length], ['psum', 8, 4]);
    const hex = await decoded(folder.path, 'weight_kij3.txt', { radix: 'hex', bits: '16' });
    assert.deepEqual([hex.layout.radix, hex.values[0]?.length], ['hex', 8]);
    const uneven = await decode(folder.path, 'weight_kij3.txt', { bits: '5' });
    assert.equal(uneven.code, 2);
    assert.match(uneven.err, /cannot be cut into binary words of 5 bits.*\[text-format\]/);
  });

  it('says what it cannot do', async () => {
    const folder = testFolder();
    folder.write('notes.txt', 'The weights are wrong since Monday.\n');
    folder.write('weight.txt', WEIGHTS);
    for (const [file, options, expected] of [
      ['notes.txt', {}, /notes\.txt cannot be decoded\..*free text.*\[text-format\]/],
      ['nowhere.txt', {}, /nowhere\.txt does not exist\..*\[usage\]/],
      ['weight.txt', { bits: 'four' }, /--bits four is no width\..*\[usage\]/],
      ['weight.txt', { kind: 'kernel' }, /--kind cannot be "kernel"\. Next: Use one of activation, weight, psum, out, address\./],
      ['weight.txt', { signed: true, unsigned: true }, /--signed and --unsigned exclude each other/],
      ['weight.txt', { csv: true, json: true }, /./],
    ] as const) {
      const { code, out, err } = await decode(folder.path, file, options);
      assert.equal(code, 2, file);
      assert.match(err + out, expected);
    }
    assert.equal((await decode(folder.path, path.join(folder.path, 'weight.txt'))).code, 0);
  });
});
