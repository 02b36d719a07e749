import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shownLines, CONTEXT } from '../../../src/check/compare/view';
import { cellText, coordinatesOf, wordBits } from '../../../src/check/present/cells';
import { diffTexts, wordAt, wordSpan } from '../../../src/check/present/diffText';
import { pairsIn } from '../../../src/check/present/discoverPairs';
import { heatMaps, shade } from '../../../src/check/present/heatMap';
import { nextStop } from '../../../src/check/present/navigate';
import { dumpScore, goldenScore, splitSelection } from '../../../src/check/present/pairing';
import { reportText } from '../../../src/check/present/reportText';
import { alsoText, causeText, checkSentence, countText, diffTitle, groupCauses, statusText } from '../../../src/check/present/sentence';
import { viewCheck } from '../../../src/project/check/check';
import { goldenSpec } from '../../../src/project/check/configChecks';
import type { CauseData, CheckReport, CheckView } from '../../../src/protocol/checkReport';
import { fixture } from '../support/fixtures';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../support/workspace';

const INVISIBLE = /[\u200b-\u206f]+$/gm;

async function checkOf(dump: string, golden = fixture('check', 'psum.txt')): Promise<{ report: CheckReport; view: CheckView }> {
  const { report, view } = await viewCheck({ name: 'psum memory', golden: goldenSpec([golden]), dump: { type: 'files', files: [dump] }, max: 1000 }, { ortScript: ORT_SCRIPT });
  assert.ok(view);
  return { report, view };
}

describe('check: what people see', () => {
  let shifted: { report: CheckReport; view: CheckView };
  let equal: { report: CheckReport; view: CheckView };

  before(async () => {
    shifted = await checkOf(fixture('check', 'sim', 'psum.memh'));
    equal = await checkOf(fixture('check', 'sim', 'psum_good.memh'));
  });
  after(removeTestFolders);

  it('one sentence says what differs, where first, and why', () => {
    assert.equal(checkSentence(shifted.report), 'psum: 1422 of 2592 words differ (1414 with another value, 8 never written); first at kij 0, nij 0, col 7: expected 0, got a word never written. Cause: every entry stands 1 address too high, over the whole dump (explains 1422 of 1422).');
    assert.equal(checkSentence(equal.report), 'psum: all 2592 words match.');
    assert.equal(diffTitle(shifted.report), 'psum.txt ↔ psum.memh · 1422 of 2592 differ');
    assert.equal(statusText([shifted.report]), '$(error) psum 1422/2592 differ');
    assert.equal(statusText([equal.report]), '$(pass) psum matches');
    assert.equal(statusText([equal.report, equal.report, equal.report]), '$(pass) 3 of 3 checks match');
    assert.equal(statusText([equal.report, shifted.report, shifted.report]), '$(error) 2 of 3 checks fail');
    const idle = { ...equal.report, verdict: 'cannot-compare' as const };
    assert.equal(statusText([equal.report, shifted.report, idle, idle]), '$(error) 1 of 4 checks fail, 2 could not be compared');
    assert.equal(statusText([idle, idle]), '$(error) 2 of 2 checks could not be compared');
    assert.equal(countText(equal.report), 'all 2592 words match');
    assert.match(checkSentence({ ...shifted.report, causes: [] }), /No single cause was found\.$/);
  });

  it('a cause keeps acronyms and tells what it breaks', () => {
    const cause = { id: 'x', explained: 5, of: 9, broken: 2, look: '' };
    assert.equal(causeText({ ...cause, sentence: 'ReLU is missing. Explains 5 of 9 differing words and breaks 2.' }), 'ReLU is missing (explains 5 of 9, breaks 2)');
    assert.equal(causeText({ ...cause, sentence: 'SFP adds twice. Explains 5 of 9 differing words and breaks 2.' }), 'SFP adds twice (explains 5 of 9, breaks 2)');
  });

  it('tied causes are told once, in a short form beside the first', () => {
    const cause = (id: string, explained: number, alike: readonly string[]): CauseData => ({ id, explained, of: 9, broken: 0, look: `Look ${id}.`, alike, sentence: `Claim ${id}. Explains ${explained} of 9 differing words and breaks none.` });
    const causes = [cause('a', 9, ['b', 'c']), cause('b', 9, ['a', 'c']), cause('d', 5, []), cause('c', 9, ['a', 'b'])];
    assert.deepEqual(groupCauses(causes).map(({ cause: { id }, also }) => [id, also.map((other) => other.id)]), [['a', ['b', 'c']], ['d', []]]);
    assert.equal(alsoText(causes[1]!), 'also fits: Claim b [b]. Look at: Look b.');
    const { text } = reportText({ ...shifted.report, causes }, shifted.view);
    assert.equal(text.match(/Explains 9 of 9/g)?.length, 1);
    assert.match(text, /\n1\. Claim a\. Explains .*\[a\]\n {3}Look at: Look a\.\n {3}also fits: Claim b \[b\].*\n {3}also fits: Claim c \[c\].*\n2\. Claim d\./);
  });

  it('both sides have the same lines at the same columns, and differ where the words do', () => {
    const texts = diffTexts(shifted.report, shifted.view);
    const [expected, got] = [texts.expected, texts.got].map((text) => text.replaceAll(INVISIBLE, '').trimEnd().split('\n'));
    assert.ok(expected && got);
    assert.equal(expected.length, 1 + 324 + 11);
    assert.equal(got.length, expected.length);
    assert.equal(expected[0], 'expected: psum.txt · psum · int16');
    assert.equal(got[0], 'cause: every entry stands 1 address too high, over the whole dump (explains 1422 of 1422) · 1422 of 2592 differ');
    assert.equal(expected[1], 'kij · nij            │ col7 col6 col5 col4 col3 col2 col1 col0');
    assert.equal(expected[1], got[1]);
    assert.equal(expected[2 + 7], 'kij 0 · nij  7 (1,1) │  −17   −9  −29  −20  −18   −7    0    8');
    assert.equal(got[2 + 8], 'kij 0 · nij  8 (1,2) │  −17   −9  −29  −20  −18   −7    0    8');
    assert.equal(got[2], 'kij 0 · nij  0 (0,0) │    ·    ·    ·    ·    ·    ·    ·    ·');
    assert.equal(texts.marks.length, 1422);
    const unmarked = (line: number): boolean => !texts.marks.some((mark) => mark.line === line);
    for (let line = 1; line < expected.length; line++) assert.equal(expected[line] === got[line], unmarked(line), `line ${line}`);
    for (const { line, column, length, row, word } of texts.marks) {
      const found: string[] = [expected[line]!, got[line]!].map((text) => text.slice(column, column + length).trim());
      assert.deepEqual(found, [cellText(shifted.view.rows[row]!.expected, word), cellText(shifted.view.rows[row]!.got, word)]);
      assert.deepEqual(wordAt(texts, shifted.view, line, column), { row, word });
      const span = wordSpan(texts, word);
      assert.ok(span.column <= column && column + length === span.column + span.length);
    }
    assert.equal(wordAt(texts, shifted.view, 1, 30), undefined);
    assert.deepEqual(expected.flatMap((text, line) => (text === expected[1] ? [line] : [])), Array.from({ length: 11 }, (_, i) => 1 + 33 * i));
    assert.match(diffTexts(shifted.report, shifted.view, true).got, /^files changed since this check · /);
  });

  it('lines that differ end alike on both sides and unlike their neighbours, so that a diff keeps them beside each other', () => {
    const texts = diffTexts(shifted.report, shifted.view);
    const ends = (text: string): string[] => text.split('\n').map((line) => /[\u200b-\u206f]*$/.exec(line)![0]);
    const [left, right] = [ends(texts.expected), ends(texts.got)];
    assert.deepEqual(left, right);
    const marked = new Set(texts.marks.map(({ line }) => line));
    for (const [line, end] of left.entries()) {
      assert.equal(end !== '', marked.has(line));
      if (end !== '') assert.notEqual(end, left[line + 1]);
    }
  });

  it('a word of the view has the coordinates and bits of the report', () => {
    for (const { coordinates, expected, got } of shifted.report.first) {
      const row = shifted.view.rows.find(({ place }) => place.kij === coordinates.kij && place.nij === coordinates.nij)!;
      const word = shifted.view.words.findIndex((_, at) => coordinatesOf(row, at, shifted.view).col === coordinates.col);
      assert.deepEqual(coordinatesOf(row, word, shifted.view), coordinates);
      assert.equal(wordBits(row.expected, word, 16).replaceAll(' ', ''), expected.bits);
      assert.equal(wordBits(row.got, word, 16).replaceAll(' ', ''), got.bits);
    }
  });

  it('of a long comparison only what differs is shown, with counted gaps', async () => {
    const folder = testFolder();
    const line = (n: number, flip: boolean): string => Array.from({ length: 8 }, (_, col) => ((n * 8 + col + (flip && col === 3 ? 1 : 0)) & 0x7fff).toString(2).padStart(16, '0')).join('');
    const text = (wrong: readonly number[]): string => `#time0col7[msb-lsb],....,time0col0[msb-lsb]#\n${Array.from({ length: 9 * 1156 }, (_, n) => line(n, wrong.includes(n))).join('\n')}\n`;
    const golden = folder.write('psum.txt', text([]));
    const { report, view } = await checkOf(folder.write('psum_rtl.txt', text([4, 5000, 10_403])), golden);
    assert.equal(report.differing, 3);
    const texts = diffTexts(report, view).got.replaceAll(INVISIBLE, '').trimEnd().split('\n');
    assert.deepEqual(view.rows.map((row) => row.line), [1, 2, 3, 4, 5, 6, 7, 4997, 4998, 4999, 5000, 5001, 5002, 5003, 10_400, 10_401, 10_402, 10_403]);
    assert.equal(texts[1], '⋯ 1 line that agrees ⋯');
    assert.equal(texts[10], '⋯ 4989 lines that agree ⋯');
    const capped = diffTexts({ ...report, lines: { differing: 90, total: 10_404 } }, view).got;
    assert.match(capped, /⋯ 87 more lines with words that differ, of 90 in all, are not shown/);
  });

  it('property: the lines shown are ascending, hold each that differs, and never more than there is room for', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(999)), fc.integer({ min: 1, max: 1200 }), (wrong, most) => {
        const differing = wrong.sort((a, b) => a - b);
        const shown = shownLines(differing, 1000, most);
        assert.ok(shown.length <= Math.max(most, 0) && shown.every((line, i) => line < 1000 && (i === 0 || line > shown[i - 1]!)));
        if (differing.length * (2 * CONTEXT + 1) <= most) for (const line of differing) assert.ok(shown.includes(line));
      }),
      { seed: 7 },
    );
  });

  it('where nearly all lines differ, fewer are shown: an editor compares them letter by letter', async () => {
    const folder = testFolder();
    const text = (offset: number): string => `#time0col7[msb-lsb],....,time0col0[msb-lsb]#\n${Array.from({ length: 9 * 196 }, (_, n) => Array.from({ length: 8 }, (__, col) => ((n * 8 + col + offset) & 0x7fff).toString(2).padStart(16, '0')).join('')).join('\n')}\n`;
    const golden = folder.write('psum.txt', text(0));
    const { report, view } = await checkOf(folder.write('psum_rtl.txt', text(1)), golden);
    assert.equal(report.lines.differing, 1764);
    assert.deepEqual([view.rows.length, view.differingShown, view.lineCount], [512, 512, 1764]);
    assert.match(diffTexts(report, view).expected, /⋯ 1252 more lines with words that differ, of 1764 in all/);
  });

  it('maps have rulers, counts that add up, and shades that say no more than the counts', () => {
    const maps = heatMaps(shifted.report, shifted.view);
    assert.deepEqual(maps.map(({ title }) => title), ['kij: words that differ, of 288 each', 'nij: words that differ, of 72 each', 'col: words that differ, of 324 each', 'bit (lowest right): words in which it differs, of 2584']);
    assert.deepEqual(maps[0]!.lines, ['      0   1   2', '0   ▓▓▓ ▓▓▓ ▓▓▓', '    166 158 158', '1   ▓▓▓ ▓▓▓ ▓▓▓', '    156 156 159', '2   ▓▓▓ ▓▓▓ ▓▓▓', '    158 156 155']);
    const counts = (lines: readonly string[]): number => lines.filter((_, i) => i > 0 && i % 2 === 0).flatMap((line) => line.trim().split(/\s+/).map(Number)).reduce((sum, count) => sum + count, 0);
    assert.equal(counts(maps[0]!.lines), 1422);
    assert.equal(counts(maps[1]!.lines), 1422);
    assert.deepEqual([shade(0, 8), shade(1, 8), shade(2, 8), shade(3, 8), shade(4, 8), shade(5, 8), shade(7, 8), shade(8, 8)], ['·', '░', '░', '▒', '▒', '▓', '▓', '█']);
  });

  it('the report leads to each word on both sides', () => {
    const { text, links } = reportText(shifted.report, shifted.view);
    const lines = text.split('\n');
    assert.match(text, /^# psum memory: MISMATCH\n/);
    assert.match(text, /1\. Every entry stands 1 address too high.*\[address-shift\]\n {3}Look at: /);
    assert.equal(links.length, 100);
    for (const { line, start, length, spot } of links) assert.equal(lines[line]!.slice(start, start + length), `${spot.file.split('/').at(-1)!}:${spot.line}:${spot.column}`);
    assert.match(reportText(equal.report, equal.view).text, /: match\n\npsum: all 2592 words match\./);
    assert.equal(reportText(equal.report, equal.view).links.length, 0);
  });

  it('next and previous go round, from between words and from a word', () => {
    const stops = [{ line: 1, column: 4, length: 2 }, { line: 1, column: 9, length: 2 }, { line: 5, column: 0, length: 3 }];
    const at = (line: number, column: number, direction: 1 | -1): number | undefined => nextStop(stops, { line, column }, direction)?.index;
    assert.deepEqual([at(0, 0, 1), at(1, 4, 1), at(1, 9, 1), at(5, 0, 1), at(9, 0, 1)], [0, 1, 2, 0, 0]);
    assert.deepEqual([at(0, 0, -1), at(1, 4, -1), at(1, 9, -1), at(5, 0, -1), at(9, 0, -1)], [2, 2, 0, 1, 2]);
    assert.equal(nextStop([], { line: 0, column: 0 }, 1), undefined);
  });
});

describe('check: which file is the dump, and of what', () => {
  it('by name, folder and time', () => {
    assert.ok(dumpScore('/w/sim/psum.memh') > dumpScore('/w/golden/psum.txt'));
    assert.deepEqual(splitSelection([{ file: '/w/psum.txt', changedAt: 9 }, { file: '/w/sim/pmem.memh', changedAt: 1 }]), { dump: '/w/sim/pmem.memh', golden: ['/w/psum.txt'] });
    assert.deepEqual(splitSelection([{ file: '/w/a.txt', changedAt: 2 }, { file: '/w/b.txt', changedAt: 1 }]), { dump: '/w/a.txt', golden: ['/w/b.txt'] });
    assert.deepEqual(splitSelection([{ file: '/w/psum_kij10.txt', changedAt: 0 }, { file: '/w/psum_kij2.txt', changedAt: 0 }, { file: '/w/rtl_psum.txt', changedAt: 0 }])?.golden, ['/w/psum_kij2.txt', '/w/psum_kij10.txt']);
  });

  it('a golden file of another kind does not fit; one beside the dump fits best', () => {
    assert.equal(goldenScore('/w/weight.txt', '/w/psum.memh'), undefined);
    assert.equal(goldenScore('/w/psum.memh', '/w/psum.memh'), undefined);
    assert.ok(goldenScore('/w/psum.txt', '/w/psum.memh')! > goldenScore('/v/psum.txt', '/w/psum.memh')!);
    assert.ok(goldenScore('/w/psum.txt', '/w/psum.memh')! > goldenScore('/w/viz_psum.txt', '/w/psum.memh')!);
  });

  it('tests are found only where one golden file of the same kind, tile and size stands beside', () => {
    const file = (name: string, lines: number): { name: string; lines: number } => ({ name, lines });
    assert.deepEqual(pairsIn([file('psum.txt', 324), file('psum.memh', 324), file('out.txt', 16)]), [{ golden: 'psum.txt', dump: 'psum.memh' }]);
    assert.deepEqual(pairsIn([file('psum.txt', 324), file('psum.memh', 512)]), [{ golden: 'psum.txt', dump: 'psum.memh' }]);
    assert.deepEqual(pairsIn([file('psum.txt', 324), file('psum.memh', 100)]), []);
    assert.deepEqual(pairsIn([file('psum.txt', 324), file('psum_b.txt', 324), file('psum.memh', 324)]), []);
    assert.deepEqual(pairsIn([file('weight.txt', 8), file('weight.memh', 8)]), []);
    assert.deepEqual(pairsIn([file('psum_kij0.txt', 36), file('psum_kij1.memh', 36)]), []);
  });
});
