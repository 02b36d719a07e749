import assert from 'node:assert/strict';
import type { CheckReport } from '../../../src/check/compare/report';
import { runChecks } from '../../../src/project/check/runChecks';
import type { CheckSpec } from '../../../src/project/check/spec';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../support/workspace';

const NIJS = 16;
const KIJS = 4;
const value = (...at: readonly number[]): number => (at.reduce((sum, one) => Math.imul(sum, 37) + one + 1, 7) * 2_654_435_761) % 401 - 200;
const word = (number: number): string => (number & 0xffff).toString(2).padStart(16, '0');
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const out = (oc: number): string[] => range(NIJS).map((pixel) => range(8).map((at) => word(value(oc, pixel, 7 - at))).join(''));
const psum = (ic: number, oc: number, kij: number): string[] => range(NIJS).map((nij) => range(8).map((at) => word(value(ic, oc, kij, nij, 7 - at))).join(''));
const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

describe('dumps of one tile', () => {
  after(removeTestFolders);

  function set(): { readonly folder: ReturnType<typeof testFolder>; readonly check: (name: string, lines: readonly string[], more?: Partial<CheckSpec>) => Promise<CheckReport> } {
    const folder = testFolder();
    for (const oc of [0, 1]) folder.write(`g/out_otile${oc}.txt`, text(out(oc)));
    for (const ic of [0, 1]) for (const oc of [0, 1]) for (const kij of range(KIJS)) folder.write(`p/psum_itile${ic}_otile${oc}_kij${kij}.txt`, text(psum(ic, oc, kij)));
    const check = async (name: string, lines: readonly string[], more: Partial<CheckSpec> = {}): Promise<CheckReport> => {
      const file = folder.write(`d/${name}`, text(lines));
      const kind = more.kind ?? 'out';
      const [report] = await runChecks([{ name, kind, golden: { type: 'folder', folder: folder.file(kind === 'out' ? 'g' : 'p') }, dump: { type: 'files', files: [file] }, ...more }], { ortScript: ORT_SCRIPT });
      return report!;
    };
    return { folder, check };
  }
  const psumsOf = (oc: number, ics: readonly number[] = [0, 1]): string[] => ics.flatMap((ic) => range(KIJS).flatMap((kij) => psum(ic, oc, kij)));

  it('the tile in the name of the dump is the only one that it is compared with', async () => {
    const { check } = set();
    for (const oc of [0, 1]) {
      for (const name of [`out_otile${oc}.txt`, `rtl_octile${oc}.txt`]) {
        const report = await check(name, out(oc));
        assert.deepEqual([report.verdict, report.compared, report.uncovered, report.map], ['match', NIJS * 8, 0, `address = o_nij; words col 7..0; ocTile ${oc}`], report.what);
        assert.match(report.notes.join(' '), new RegExp(`The name of the dump says oc tile ${oc}`));
      }
      const psums = await check(`psum_otile${oc}.txt`, psumsOf(oc), { kind: 'psum' });
      assert.deepEqual([psums.verdict, psums.compared, psums.uncovered], ['match', 2 * KIJS * NIJS * 8, 0], psums.what);
      const one = await check(`psum_itile1_otile${oc}.txt`, psumsOf(oc, [1]), { kind: 'psum' });
      assert.deepEqual([one.verdict, one.compared, one.uncovered], ['match', KIJS * NIJS * 8, 0], one.what);
    }
    // One that lacks entries is that tile all the same, and lacks them
    const cut = await check('out_otile1.txt', out(1).slice(0, 10));
    assert.deepEqual([cut.verdict, cut.missing, cut.mismatched, cut.causes[0]?.id], ['mismatch', 6 * 8, 0, 'truncated']);
  });

  it('a dump of as many entries as one tile is tried against each, and one of all tiles against none', async () => {
    const { check } = set();
    for (const oc of [0, 1]) {
      const report = await check('rtl.txt', out(oc));
      assert.equal(report.verdict, 'match');
      assert.match(report.notes.join(' '), new RegExp(`this is oc tile ${oc}: 16 of 16 entries agree`));
      const psums = await check('psums.txt', psumsOf(oc), { kind: 'psum' });
      assert.equal(psums.verdict, 'match', psums.what);
    }
    const wrong = out(1);
    wrong[3] = word(value(1, 3, 7) ^ 1) + wrong[3]!.slice(16);
    const bad = await check('rtl.txt', wrong);
    assert.deepEqual([bad.verdict, bad.differing], ['mismatch', 1]);
    assert.match(bad.notes.join(' '), /fits best with oc tile 1: 15 of 16 entries agree/);
    const both = await check('rtl.txt', [...out(0), ...out(1)]);
    assert.deepEqual([both.verdict, both.compared, both.notes.some((note) => note.includes('entries agree'))], ['match', 2 * NIJS * 8, false]);
  });

  it('the check decides, against the name and where there is none; a tile that is not there is refused', async () => {
    const { check } = set();
    assert.equal((await check('out_otile0.txt', out(1), { ocTile: 1 })).verdict, 'match');
    assert.equal((await check('rtl.txt', out(1), { ocTile: 0 })).verdict, 'mismatch');
    const gone = await check('rtl.txt', out(1), { ocTile: 2 });
    assert.deepEqual([gone.verdict, gone.problem?.code], ['cannot-compare', 'check-golden']);
    assert.match(gone.what, /has no oc tile 2: there are 0 to 1/);
    assert.match((await check('rtl.txt', out(1), { icTile: 0 })).what, /Words of out have no ic tile 0/);
  });

  it('a dump whose words are those of another tile than its name says: that tile is named as the cause', async () => {
    const { check, folder } = set();
    const wrong = await check('psum_itile1_otile0.txt', psumsOf(0, [0]), { kind: 'psum' });
    const differing = KIJS * NIJS * 8;
    assert.equal(wrong.verdict, 'mismatch');
    assert.deepEqual(wrong.causes.map(({ id, explained, of, broken }) => [id, explained, of, broken]), [['stale-tile', wrong.differing, wrong.differing, 0]]);
    assert.ok(wrong.differing > 0.9 * differing);
    assert.match(wrong.causes[0]!.sentence, /^The dump holds the words of ic tile 0, oc tile 0, and was compared with ic tile 1, oc tile 0, which its name says\. Explains \d+ of \d+ differing words and breaks none\.$/);
    assert.match((await check('out_otile0.txt', out(1))).causes[0]!.sentence, /holds the words of oc tile 1, and was compared with oc tile 0, which its name says\./);
    assert.match((await check('rtl.txt', out(1), { ocTile: 0 })).causes[0]!.sentence, /holds the words of oc tile 1, and was compared with oc tile 0\./);
    // Golden files of one tile, with those of the others beside them
    const files = range(KIJS).map((kij) => folder.file(`p/psum_itile1_otile1_kij${kij}.txt`));
    const named = await check('rtl_it1_ot1.txt', psumsOf(0, [1]), { kind: 'psum', golden: { type: 'files', files } });
    assert.match(named.causes[0]?.sentence ?? named.what, /holds the words of ic tile 1, oc tile 0, and was compared with ic tile 1, oc tile 1\b/);
  });

  it('one of which only most words are those of another tile is a remark, and one that is no tile says nothing of tiles', async () => {
    const { check } = set();
    const faulty = out(1);
    faulty[3] = word(value(1, 3, 7) ^ 1) + faulty[3]!.slice(16);
    const report = await check('out_otile0.txt', faulty);
    assert.match(report.notes[0]!, new RegExp(`^The dump was compared with oc tile 0, which its name says, but ${NIJS * 8 - 1} of ${NIJS * 8} words are those of oc tile 1\\.`));
    const strange = out(5);
    assert.doesNotMatch(JSON.stringify(await check('out_otile0.txt', strange)), /words (?:of|are those of) oc tile 1/);
    const small = out(0);
    small[3] = word(value(0, 3, 7) ^ 1) + small[3]!.slice(16);
    const one = await check('out_otile0.txt', small);
    assert.deepEqual([one.differing, one.causes[0]?.id], [1, 'corrupt-word']);
  });

  it('a map that leaves the tile out leaves it to the name or to the words', async () => {
    const { check } = set();
    const map = { base: 0, lines: ['kij', 'nij'], strides: [NIJS, 1] };
    for (const name of ['psum_itile1_otile0.txt', 'psums.txt']) assert.equal((await check(name, psumsOf(0, [1]), { kind: 'psum', map })).verdict, 'match');
  });
});
