import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { CheckReport } from '../../../src/check/compare/report';
import { conv } from '../../../src/engine/conv';
import type { LayerResult } from '../../../src/engine/layer';
import { Problem } from '../../../src/engine/problem';
import { mapLayer } from '../../../src/engine/tiling';
import type { CheckOptions } from '../../../src/project/check/spec';
import { runCheck } from '../../../src/project/check/check';
import { runChecks } from '../../../src/project/check/runChecks';
import type { CheckSpec } from '../../../src/project/check/spec';
import type { Axis, Kind } from '../../../src/vectors/axis';
import { encode } from '../../../src/vectors/codec';
import type { Loop } from '../../../src/vectors/layout';
import { Layout } from '../../../src/vectors/layout';
import { sourceOf } from '../../../src/vectors/tensor';
import { computed } from '../support/layers';
import type { TestFolder } from '../support/workspace';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../support/workspace';

const SIDE = 88;
const NIJS = SIDE * SIDE;
const LINES = 9 * NIJS;

/** A psum of few digits, the same for the same place. */
const psum = (line: number, word: number): number => ((line * 8 + word) * 2_654_435_761) % 401 - 200;
const binary = (value: number): string => (value & 0xffff).toString(2).padStart(16, '0');

function write(folder: TestFolder, name: string, value: (line: number, word: number) => string, end = '\n'): string {
  return folder.write(name, Array.from({ length: LINES }, (_, line) => Array.from({ length: 8 }, (_w, word) => value(line, word)).join('') + end).join(''));
}

function spec(folder: TestFolder, dump: string, more: Partial<CheckSpec> = {}): CheckSpec {
  return { name: dump, golden: { type: 'files', files: [folder.file('golden/psum.txt')] }, dump: { type: 'files', files: [folder.file(dump)] }, ...more };
}

const run = (one: CheckSpec, more: Partial<CheckOptions> = {}): Promise<CheckReport> => runCheck(one, { ortScript: ORT_SCRIPT, ...more });

describe('checks of files of many blocks', function () {
  let folder: TestFolder;
  before(() => {
    folder = testFolder();
    write(folder, 'golden/psum.txt', (line, word) => binary(psum(line, word)));
  });
  after(removeTestFolders);

  it('a golden file of 9 MB is read by its beginning, and an equal dump matches', async () => {
    write(folder, 'same.txt', (line, word) => binary(psum(line, word)));
    const report = await run(spec(folder, 'same.txt'));
    assert.deepEqual([report.verdict, report.compared, report.map], ['match', 8 * LINES, `address = kij*${NIJS} + nij; words col 7..0`]);
    assert.ok(fs.statSync(folder.file('golden/psum.txt')).size > 8 * 2 ** 20);
  });

  it('the activations and weights beside a golden file of 9 MB are found, and tell what happened', async () => {
    const shape = conv({ inChannels: 8, outChannels: 8, height: SIDE - 2, width: SIDE - 2, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } });
    const mapping = mapLayer(shape, { rows: 8, cols: 8 });
    const code = (i: number, of: number): number => ((i * 2_654_435_761) >>> 11) % of;
    const activationCodes = Int32Array.from({ length: 8 * (SIDE - 2) ** 2 }, (_, i) => (code(i, 3) === 0 ? 0 : code(i, 16)));
    const weightCodes = Int32Array.from({ length: 8 * 8 * 9 }, (_, i) => code(i + 77, 15) - 7);
    const row3 = (_: number, i: number): number => (Math.floor(i / 9) % 8 === 3 ? 0 : weightCodes[i]!);
    const layer = computed({ mapping, activationCodes, weightCodes, psumBits: 16, overflow: 'error' });
    const broken = computed({ mapping, activationCodes, weightCodes: weightCodes.map(row3), psumBits: 16, overflow: 'error' });
    const down = (axis: 'row' | 'col'): Loop => ({ axis, start: 7, step: -1, count: 8 });
    const up = (axis: Axis, count: number): Loop => ({ axis, start: 0, step: 1, count });
    const text = (kind: Kind, bits: number, signed: boolean, lines: readonly Loop[], words: Loop, of: LayerResult): Uint8Array => encode(new Layout({ kind, bits, signed, radix: 'binary', lines, words: [words], fixed: {}, separator: '', trailing: '', header: [], eol: '\n' }), sourceOf(of, kind, false));
    folder.write('set/activation.txt', text('activation', 4, false, [up('nij', NIJS)], down('row'), layer));
    folder.write('set/weight.txt', text('weight', 4, true, [up('kij', 9), up('col', 8)], down('row'), layer));
    folder.write('set/psum.txt', text('psum', 16, true, [up('kij', 9), up('nij', NIJS)], down('col'), layer));
    folder.write('dead.txt', text('psum', 16, true, [up('kij', 9), up('nij', NIJS)], down('col'), broken));
    const { causes } = await run({ ...spec(folder, 'dead.txt'), golden: { type: 'files', files: [folder.file('set/psum.txt')] } });
    const { id, parameters: { row } = {} } = causes[0] ?? {};
    assert.deepEqual([id, row], ['dead-row', 3]);
  });

  it('differences are the same where blocks are compared as bytes and where they are decoded', async () => {
    // In the first and the last line, in two neighbouring lines, and here and there
    const wrong = (line: number, word: number): boolean => (line === 0 && word === 0) || (line === LINES - 1 && word === 7) || line === 511 || line === 512 || (line * 8 + word) % 7919 === 5;
    const unknown = (line: number, word: number): boolean => line % 10_007 === 9 && word === 2;
    const value = (line: number, word: number): string => (unknown(line, word) ? 'x'.repeat(16) : binary(wrong(line, word) ? psum(line, word) ^ 4 : psum(line, word)));
    write(folder, 'bytes.txt', value);
    // Other line ends: nothing can be told from bytes
    write(folder, 'decoded.txt', value, '\r\n');
    const reports = [await run(spec(folder, 'bytes.txt', { max: 1e6 })), await run(spec(folder, 'decoded.txt', { max: 1e6 }))];
    const truth: string[] = [];
    for (let line = 0; line < LINES; line++) {
      for (let word = 0; word < 8; word++) {
        if (unknown(line, word)) truth.push(`unknown ${Math.floor(line / NIJS)} ${line % NIJS} ${7 - word}`);
        else if (wrong(line, word)) truth.push(`value ${Math.floor(line / NIJS)} ${line % NIJS} ${7 - word}`);
      }
    }
    for (const report of reports) {
      assert.deepEqual(report.first.map(({ difference, coordinates: { kij, nij, col } }) => `${difference} ${kij!} ${nij!} ${col!}`), truth);
      assert.deepEqual([report.compared, report.differing, report.bits[2]], [8 * LINES, truth.length, report.mismatched]);
    }
    assert.deepEqual(reports[0]!.counts, reports[1]!.counts);
  });

  it('what explains the differences stands in the report, and nothing where there are none', async () => {
    write(folder, 'negated.txt', (line, word) => binary(-psum(line, word)));
    const report = await run(spec(folder, 'negated.txt'));
    const [cause] = report.causes;
    assert.deepEqual([report.verdict, cause?.id, cause?.explained, cause?.broken], ['mismatch', 'sign-flipped', cause?.of, 0]);
    // A large pair is judged on a part of it, and the report says on which
    assert.ok((cause?.of ?? 0) > 100_000 && (cause?.of ?? 0) < report.differing);
    assert.match(report.notes.join(' '), /Causes were judged on the entries \d+ to \d+\./);
    assert.deepEqual((await run(spec(folder, 'same.txt'))).causes, []);
  });

  it('causes that were looked for in a part only are no claim about the rest, and the report says in which part', async () => {
    const text = (wrong: (line: number) => boolean): string => Array.from({ length: 132_000 }, (_, line) => `${Array.from({ length: 8 }, (_w, word) => ((psum(line, word) ^ (wrong(line) && word === 3 ? 64 : 0)) & 0xff).toString(16).padStart(2, '0')).join(' ')}\n`).join('');
    folder.write('part/out.txt', text(() => false));
    folder.write('part/dump.txt', text((line) => line === 7 || line === 131_999));
    const part: CheckSpec = { name: 'part', kind: 'out', bits: 8, signed: true, golden: { type: 'files', files: [folder.file('part/out.txt')] }, dump: { type: 'files', files: [folder.file('part/dump.txt')] } };
    const two = await run(part);
    assert.deepEqual([two.differing, two.causes], [2, []]);
    assert.match(two.notes.join(' '), /Causes were looked for in 1048576 of 1056000 words, with 1 of the 2 that differ\. 1 of 1048576 words of the part that was looked at differ\./);
    folder.write('part/dump.txt', text((line) => line === 131_999));
    // However few are listed
    for (const max of [1, 0]) {
      const { first, causes } = await run({ ...part, max });
      assert.equal(first.length, max);
      assert.match(causes[0]?.sentence ?? '', /A single word is wrong: entry 131999, word 4/);
    }
    const lines = folder.read('part/out.txt').split('\n');
    folder.write('part/dump.txt', [...lines.slice(0, 90_000), ...lines.slice(90_001, 132_000), lines[131_999], ''].join('\n'));
    assert.match((await run(part)).causes[0]?.sentence ?? '', /^Entry 90000 is skipped/);
  });

  it('weights beside a golden file that are too large to be read are told of', async () => {
    const line = (i: number, digits: number): string => `${((i * 2_654_435_761) >>> 0).toString(2).padStart(32, '0').repeat(4).slice(0, digits)}\n`;
    folder.write('wide/weight.txt', Array.from({ length: 260_000 }, (_, i) => line(i, 32)).join(''));
    folder.write('wide/psum.txt', Array.from({ length: 900 }, (_, i) => line(i, 128)).join(''));
    folder.write('wide/dump.txt', Array.from({ length: 900 }, (_, i) => line(i === 5 ? 6 : i, 128)).join(''));
    const { notes } = await run({ name: 'wide', golden: { type: 'files', files: [folder.file('wide/psum.txt')] }, dump: { type: 'files', files: [folder.file('wide/dump.txt')] } });
    assert.match(notes.join(' '), /Causes were looked for without the activations and weights: weight\.txt is too large to be read for that\./);
  });

  it('progress rises, and a cancellation ends it', async () => {
    const phases: string[] = [];
    const stop = new AbortController();
    await assert.rejects(
      run(spec(folder, 'same.txt'), { signal: stop.signal, onProgress: ({ phase, done, total }) => {
        phases.push(phase);
        assert.ok(done <= total);
        if (phase === 'compare') stop.abort();
      } }),
      (error: unknown) => error instanceof Problem && error.code === 'cancelled',
    );
    assert.ok(phases.includes('read'));
    await assert.rejects(runChecks([spec(folder, 'same.txt')], { ortScript: ORT_SCRIPT, signal: stop.signal }), (error: unknown) => error instanceof Problem && error.code === 'cancelled');
  });
});
