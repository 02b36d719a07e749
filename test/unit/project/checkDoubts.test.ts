import assert from 'node:assert/strict';
import type { CheckReport } from '../../../src/check/compare/report';
import { runChecks } from '../../../src/project/check/runChecks';
import type { CheckSpec, GoldenSpec } from '../../../src/project/check/spec';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../support/workspace';

const NIJS = 36;
const psum = (kij: number, nij: number, col: number): number => (((kij * NIJS + nij) * 8 + col) * 2_654_435_761) % 401 - 200;
const word = (value: number): string => (value & 0xffff).toString(2).padStart(16, '0');
const line = (kij: number, nij: number): string => Array.from({ length: 8 }, (_, i) => word(psum(kij, nij, 7 - i))).join('');
const kijLines = (kij: number): string[] => Array.from({ length: NIJS }, (_, nij) => line(kij, nij));
const all = (kijs: number): string[] => Array.from({ length: kijs }, (_, kij) => kijLines(kij)).flat();
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

async function check(golden: GoldenSpec, dump: string, more: Partial<CheckSpec> = {}): Promise<CheckReport> {
  const [report] = await runChecks([{ name: 'check', golden, dump: { type: 'files', files: [dump] }, kind: 'psum', ...more }], { ortScript: ORT_SCRIPT });
  return report!;
}

describe('golden files that cannot be trusted', () => {
  after(removeTestFolders);

  it('two that contradict each other at one place: nothing is compared, and both places are named', async () => {
    const folder = testFolder();
    const wrong = kijLines(1);
    wrong[5] = word(psum(1, 5, 7) ^ 1) + wrong[5]!.slice(16);
    for (let kij = 0; kij < 3; kij++) folder.write(`g/psum_kij${kij}.txt`, text(kijLines(kij)));
    const dump = folder.write('dump.txt', text(all(3)));
    assert.equal((await check({ type: 'folder', folder: folder.file('g') }, dump)).verdict, 'match');
    folder.write('g/copy/psum_kij1.txt', text(wrong));
    const files = ['g/psum_kij0.txt', 'g/psum_kij1.txt', 'g/psum_kij2.txt', 'g/copy/psum_kij1.txt'].map((file) => folder.file(file));
    const named = await check({ type: 'files', files }, dump);
    assert.deepEqual([named.verdict, named.problem?.code], ['cannot-compare', 'check-golden']);
    assert.match(named.what, /psum_kij1\.txt:6 says -?\d+, .*copy.psum_kij1\.txt:6 says -?\d+ for the same word/);
    folder.write('g/psum-kij1.txt', text(wrong));
    const beside = await check({ type: 'folder', folder: folder.file('g') }, dump);
    assert.deepEqual([beside.verdict, beside.problem?.code], ['cannot-compare', 'check-golden']);
    folder.write('g/psum-kij1.txt', text(kijLines(1)));
    assert.equal((await check({ type: 'folder', folder: folder.file('g') }, dump)).verdict, 'match');
  });

  it('a large dump that tells of a failed run in its middle is no match, beside equal words too', async () => {
    const folder = testFolder();
    const lines = Array.from({ length: 6000 }, (_, nij) => line(0, nij));
    const middle = (said: string): string => text([...lines.slice(0, 3000), said, ...lines.slice(3000)]);
    const golden: GoldenSpec = { type: 'files', files: [folder.write('g/psum.txt', text(lines))] };
    const passed = await check(golden, folder.write('passed.txt', middle('Data matched')));
    assert.equal(passed.verdict, 'match', passed.what);
    const failed = await check(golden, folder.write('failed.txt', middle('Data ERROR!!')));
    assert.deepEqual([failed.verdict, failed.differing], ['mismatch', 0]);
    assert.match(failed.what, /But the dump itself tells of 1 error\./);
    assert.match(failed.notes.join(' '), /It tells of a run that went wrong in line 3001: Data ERROR!!/);
    // Read together with a golden file that says the same
    const twin = await check({ type: 'files', files: [folder.write('g/twin.txt', middle('Data ERROR!!'))] }, folder.file('failed.txt'));
    assert.deepEqual([twin.verdict, twin.differing], ['mismatch', 0], twin.what);
  });

  it('what no golden file covers is said with its count and place, and is no match', async () => {
    const folder = testFolder();
    for (const kij of [0, 2]) folder.write(`g/psum_kij${kij}.txt`, text(kijLines(kij)));
    const dump = folder.write('dump.txt', text(all(3)));
    const report = await check({ type: 'folder', folder: folder.file('g') }, dump);
    assert.deepEqual([report.verdict, report.differing, report.extra, report.lacking, report.firstExtra?.line], ['cannot-compare', 0, NIJS * 8, NIJS * 8, NIJS + 1]);
    assert.match(report.notes[0]!, /288 words of the dump stand where the golden files end or have a gap, the first at .*dump\.txt:37/);
  });

  it('a golden file that ends before the dump is no match, a memory deeper than its words is one', async () => {
    const folder = testFolder();
    const golden: GoldenSpec = { type: 'files', files: [folder.write('g/psum.txt', text(kijLines(0)))] };
    const dumped = async (lines: readonly string[], more: Partial<CheckSpec> = {}): Promise<CheckReport> => check(golden, folder.write('dump.txt', text(lines)), more);
    const x = 'x'.repeat(128);
    const zero = '0'.repeat(128);
    const rest = (what: string, count: number): string[] => new Array<string>(count).fill(what);
    const longer = await dumped(all(2));
    assert.deepEqual([longer.verdict, longer.lacking], ['cannot-compare', NIJS * 8]);
    assert.match(longer.what, /the golden files lack 288 words that the dump holds; the 288 others match/);
    assert.equal((await dumped(['// 0x00000000', ...kijLines(0), ...rest(x, 28)])).verdict, 'match');
    const zeros = await dumped([...kijLines(0), ...rest(zero, 28)]);
    assert.deepEqual([zeros.verdict, zeros.extra, zeros.lacking], ['match', 224, 0]);
    assert.equal((await dumped([...kijLines(0), ...rest(zero, 3)])).verdict, 'cannot-compare');
    // An address formula says which words are meant
    const part = await dumped(all(2), { map: { base: 0, lines: ['nij'], strides: [1] } });
    assert.deepEqual([part.verdict, part.extra], ['match', 288]);
    assert.match(part.notes.join(' '), /288 words of the dump stand where nothing is expected, the first at .*dump\.txt:37/);
  });

  it('a golden file that its header, its manifest or those beside it know to be longer is cut off', async () => {
    const folder = testFolder();
    const dump = folder.write('dump.txt', text(all(3)));
    for (let kij = 0; kij < 3; kij++) folder.write(`g/psum_kij${kij}.txt`, text(kijLines(kij).slice(0, kij === 1 ? 20 : NIJS)));
    const files = [0, 1, 2].map((kij) => folder.file(`g/psum_kij${kij}.txt`));
    const report = await check({ type: 'files', files }, dump);
    assert.deepEqual([report.verdict, report.problem?.code], ['cannot-compare', 'check-golden']);
    assert.match(report.what, /psum_kij1\.txt has 20 lines of words, and .*psum_kij0\.txt has 36: it is cut off/);
  });

  it('words never written are no extra words, neither between those of a map nor behind them', async () => {
    const folder = testFolder();
    const golden: GoldenSpec = { type: 'files', files: [folder.write('g/psum.txt', text(all(9)))] };
    const x = 'x'.repeat(128);
    const gap = new Array<string>(64 - NIJS).fill(x);
    const memory = Array.from({ length: 9 }, (_, kij) => kij).flatMap((kij) => [...kijLines(kij), ...gap]);
    const map = { base: 0, lines: ['kij', 'nij'], strides: [64, 1] };
    const clean = await check(golden, folder.write('m.txt', text(['// 0x00000000', ...memory])), { map });
    assert.deepEqual([clean.verdict, clean.extra], ['match', 0]);
    memory[40] = line(0, 0);
    const found = await check(golden, folder.write('m.txt', text(['// 0x00000000', ...memory])), { map });
    assert.deepEqual([found.verdict, found.extra, found.lacking, found.firstExtra?.line], ['match', 8, 0, 42]);
  });

  it('a waveform that is damaged does not keep the other checks from being made', async () => {
    const folder = testFolder();
    const file = folder.write('g/psum.txt', text(kijLines(0)));
    const wave = folder.write('w.vcd', '$var wire 4294967295 ! out $end\n$enddefinitions $end\n#0\nb1 !\n');
    const golden: GoldenSpec = { type: 'files', files: [file] };
    const reports = await runChecks([{ name: 'wave', golden, dump: { type: 'vcd', file: wave, signal: 'out' } }, { name: 'text', golden, dump: { type: 'files', files: [folder.write('d.txt', text(kijLines(0)))] } }], { ortScript: ORT_SCRIPT });
    assert.deepEqual(reports.map(({ verdict, problem }) => [verdict, problem?.code, problem?.place.line]), [['cannot-compare', 'vcd-format', 1], ['match', undefined, undefined]]);
  });

  it('a log counts its outputs from 0 where its answers are the expected ones then, and says so when nothing tells', async () => {
    const folder = testFolder();
    const words = (at: number): string => Array.from({ length: 8 }, (_, i) => word(((at * 8 + i) * 7919) % 300 + 1)).join('');
    const golden: GoldenSpec = { type: 'files', files: [folder.write('g/out.txt', text(Array.from({ length: 16 }, (_, at) => words(at))))] };
    const log = (first: number, answer: boolean): string => [3, 7].map((at) => `${at + first}-th output featuremap Data ERROR!!\nsfpout: ${words(at)}\n${answer ? `answer: ${words(at)}\n` : ''}`).join('');
    const read = async (content: string): Promise<CheckReport> => check(golden, folder.write('sim.log', content), { kind: 'out' });
    for (const first of [0, 1]) {
      const report = await read(log(first, true));
      assert.deepEqual([report.compared, report.differing], [16, 0], String(first));
      assert.equal(report.notes.some((note) => /counts its outputs from 0/.test(note)), first === 0);
    }
    const open = await read(log(0, false));
    assert.equal(open.differing, 16);
    assert.match(open.notes.join(' '), /Nothing says whether the log counts its outputs from 0 or from 1/);
    assert.equal((await read(`0-th output Data matched\n${log(0, false)}`)).differing, 0);
  });
});
