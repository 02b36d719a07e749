import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { CAUSE_IDS, CAUSES } from '../../../../src/check/diagnose/causes';
import type { Diagnosis } from '../../../../src/check/diagnose/diagnosis';
import { diagnose, diagnoseAtOnce } from '../../../../src/check/diagnose/diagnosis';
import { MOST_WORDS } from '../../../../src/check/diagnose/frame';
import type { WordPair } from '../../../../src/check/pair';
import { WORD_STATES } from '../../../../src/check/pair';
import { ROOT } from '../../../host/paths';
import { randomOf, testLayers } from '../../../faults/layers';
import { pairOf } from '../../../faults/pairs';
import type { Entry } from '../../../faults/simulator';
import { goodWeight, outDump, psumDump } from '../../../faults/simulator';

const [layer] = testLayers(7);
const psums = psumDump(layer!, {});
const spare = (count: number): Entry[] => Array.from({ length: count }, () => Array.from({ length: layer!.cols }, () => null));
const psumPair = (dump: readonly Entry[], golden: readonly Entry[] = psums): WordPair => pairOf(layer!, 'psum', golden, dump, false);
const ids = ({ causes }: Diagnosis): string[] => causes.map(({ id }) => id);

/** A pair of plain numbers: entries along nij, words along col, no model. */
function plain(expected: readonly (readonly number[])[], found: readonly (readonly number[])[], bits = 16): WordPair {
  const [entries, width] = [expected.length, expected[0]!.length];
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const values = Int32Array.from(found.flat());
  const state = new Uint8Array(values.length);
  return {
    kind: 'psum',
    format: { bits, signed: true },
    entryAxes: [{ axis: 'nij', coordinates: upTo(entries) }],
    wordAxes: [{ axis: 'col', coordinates: upTo(width) }],
    expected: Int32Array.from(expected.flat()),
    found: values,
    state,
    dump: { count: entries, expected: entries, entryOf: Int32Array.from(upTo(entries)) },
  };
}

/** A dump whose lines are some of the expected ones, one after the other, so that it ends early. */
function printed(expected: readonly (readonly number[])[], kept: (entry: number) => boolean, groups = 1): WordPair {
  const lines = expected.filter((_, entry) => kept(entry));
  const width = expected[0]!.length;
  const whole = plain(expected, expected.map((entry, at) => lines[at] ?? entry.map(() => 0)));
  const state = Uint8Array.from(whole.state, (_, index) => (index < lines.length * width ? WORD_STATES.known : WORD_STATES.missing));
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const entryOf = Int32Array.from(expected, (_, entry) => (entry < lines.length ? entry : -1));
  const entryAxes = [{ axis: 'kij' as const, coordinates: upTo(groups) }, { axis: 'nij' as const, coordinates: upTo(expected.length / groups) }];
  return { ...whole, entryAxes, state, dump: { count: lines.length, expected: expected.length, entryOf } };
}

const table = (entries: number, width: number, value: (entry: number, word: number) => number): number[][] => Array.from({ length: entries }, (_, entry) => Array.from({ length: width }, (_, word) => value(entry, word)));

describe('diagnosis', () => {
  it('a dump that breaks off inside a line ends there: one cause, and none that says x', () => {
    const expected = table(40, 4, (entry, word) => ((entry * 4 + word) * 7919) % 1009);
    const whole = printed(expected, (entry) => entry <= 25);
    const state = Uint8Array.from(whole.state, (one, index) => (Math.floor(index / 4) === 25 ? WORD_STATES.unknownBits : one));
    const { causes } = diagnoseAtOnce({ ...whole, state });
    assert.deepEqual([causes[0]?.id, causes[0]?.parameters, causes[0]?.explained, causes[0]?.of], ['truncated', { entry: 25 }, 60, 60]);
    assert.match(causes[0]!.sentence, /^The dump breaks off inside entry 25\./);
    // Words with x in them were written so: the dump ends behind them
    const unknown = { ...whole, state, unknownMask: Uint32Array.from(state, (one) => (one === WORD_STATES.unknownBits ? 0xffff : 0)) };
    assert.doesNotMatch(diagnoseAtOnce(unknown).causes[0]!.sentence, /breaks off/);
  });

  it('psum memory written one address too high: entry 0 is x, all others are the one before', () => {
    const { causes, counts } = diagnoseAtOnce(psumPair([...spare(1), ...psums, ...spare(20)]));
    assert.equal(causes[0]?.id, 'address-shift');
    assert.deepEqual(causes[0].parameters, { shift: 1, scope: 'dump' });
    assert.deepEqual([causes[0].explained, causes[0].of, causes[0].broken], [counts.mismatches, counts.mismatches, 0]);
    assert.equal(counts.unwritten, layer!.cols);
    assert.match(causes[0].sentence, /^Every entry stands 1 address too high, over the whole dump\. Explains \d+ of \d+ differing words and breaks none\./);
  });

  it('weights without sign: found in the psums and in the outputs after ReLU', () => {
    const switches = { weight: (...[l, ic, oc, row, col, ki, kj]: Parameters<typeof goodWeight>): number => goodWeight(l, ic, oc, row, col, ki, kj) & 15 };
    assert.equal(ids(diagnoseAtOnce(psumPair(psumDump(layer!, switches))))[0], 'weight-unsigned');
    assert.equal(ids(diagnoseAtOnce(pairOf(layer!, 'out', outDump(layer!, {}, true), outDump(layer!, switches, true), true)))[0], 'weight-unsigned');
  });

  it('names no cause where all agree, and says so', () => {
    const { causes, sentence } = diagnoseAtOnce(psumPair(psums));
    assert.deepEqual(causes, []);
    assert.equal(sentence, `All ${psums.length * layer!.cols} words agree.`);
  });

  it('one wrong golden word is told from one wrong word of the dump by the recomputation', () => {
    const spoiled = psums.map((entry, at) => (at === 60 ? [4096, ...entry.slice(1)] : entry));
    assert.deepEqual(ids(diagnoseAtOnce(psumPair(psums, spoiled))), ['golden-defective']);
    assert.deepEqual(ids(diagnoseAtOnce(psumPair(spoiled))), ['corrupt-word']);
  });

  it('words that the caller knows to be malformed are the golden\'s fault, without a model too', () => {
    const expected = table(20, 4, (entry, word) => entry * 7 + word);
    const found = table(20, 4, (entry, word) => (entry === 3 && word < 2 ? -5 - word : entry * 7 + word));
    assert.deepEqual(ids(diagnoseAtOnce(plain(expected, found))), []);
    assert.deepEqual(ids(diagnoseAtOnce(plain(expected, found), { malformed: new Set([12, 13]) })), ['golden-defective']);
  });

  it('names equals as equals: a late column of a two-column array whose other column is constant is also an address shift', () => {
    const random = randomOf(3);
    const column = Array.from({ length: 40 }, () => Math.floor(random() * 900) - 300);
    const { causes, sentence } = diagnoseAtOnce(plain(table(40, 2, (entry, word) => (word === 0 ? column[entry]! : 0)), table(40, 2, (entry, word) => (word === 0 ? (column[entry - 1] ?? 0) : 0))));
    assert.deepEqual([causes[0]?.id, causes[0]?.alike.includes('column-skew')], ['address-shift', true]);
    assert.match(sentence, /Cannot be told apart on these data: .*column-skew/);
    assert.ok(causes.some((cause) => /^Column 0 is 1 entry late/.test(cause.sentence) && cause.explained === causes[0]!.explained));
  });

  it('zeros that agree by accident are no evidence', () => {
    const random = randomOf(5);
    const expected = table(60, 4, () => (random() < 0.85 ? 0 : 1));
    const found = table(60, 4, () => (random() < 0.85 ? 0 : 1));
    const { causes, sentence, counts } = diagnoseAtOnce(plain(expected, found));
    assert.deepEqual(causes, []);
    assert.equal(sentence, `${counts.mismatches} of 240 words differ. No single cause found, nor two causes together.`);
  });

  it('words without a cause: says in which column and which bits they differ', () => {
    const random = randomOf(13);
    const expected = table(60, 8, () => Math.floor(random() * 60000) - 30000);
    const found = expected.map((entry) => entry.map((word, col) => (col === 5 ? word ^ (1 + Math.floor(random() * 63)) : word)));
    assert.equal(diagnoseAtOnce(plain(expected, found)).sentence, '60 of 480 words differ. No single cause found, nor two causes together. All 60 stand in col 5. Values differ in bits 0 to 5 (the low byte) only.');
  });

  it('a few words of one column that read 0 are a dead column; as many zeros all over are nothing', () => {
    const random = randomOf(17);
    const expected = table(16, 8, () => (random() < 0.5 ? 0 : Math.floor(random() * 200)));
    const dead = expected.map((entry) => entry.map((word, col) => (col === 5 ? 0 : word)));
    assert.deepEqual(ids(diagnoseAtOnce(plain(expected, dead))), ['dead-column']);
    const left = expected.flat().map((word, at) => (word === 0 ? -1 : at)).filter((at) => at >= 0 && random() < 0.15);
    const scattered = expected.map((entry, e) => entry.map((word, col) => (left.includes(8 * e + col) ? 0 : word)));
    assert.deepEqual(ids(diagnoseAtOnce(plain(expected, scattered))), []);
  });

  it('a partial cause says how much it leaves', () => {
    const random = randomOf(9);
    const expected = table(80, 8, () => Math.floor(random() * 500) - 250);
    // Column 2 dead, and besides each sixth word of another column wrong at random
    const found = expected.map((entry, at) => entry.map((word, col) => (col === 2 ? 0 : col === 5 && at % 6 === 0 ? Math.floor(random() * 30000) : word)));
    const { causes, sentence } = diagnoseAtOnce(plain(expected, found));
    assert.equal(causes[0]?.id, 'dead-column');
    assert.deepEqual(causes[0].where, { col: 2 });
    assert.ok(causes[0].explained < causes[0].of);
    assert.match(sentence, /^No single cause explains all\. Best: All words of col 2 are 0\. Explains \d+ of \d+ /);
  });

  it('noise has no cause, whatever the pair looks like', () => {
    const pairs = fc.record({ seed: fc.integer(), entries: fc.integer({ min: 1, max: 60 }), width: fc.integer({ min: 1, max: 9 }), zeros: fc.constantFrom(0, 0.3, 0.6, 0.9), wrong: fc.constantFrom(0.02, 0.2, 1) });
    const named: string[] = [];
    fc.assert(
      fc.property(pairs, ({ seed, entries, width, zeros, wrong }) => {
        const random = randomOf(seed);
        const any = (): number => (random() < zeros ? 0 : Math.floor(random() * 400) - 200);
        const expected = table(entries, width, any);
        const diagnosis = diagnoseAtOnce(plain(expected, expected.map((entry) => entry.map((word) => (random() < wrong ? any() : word)))));
        if (diagnosis.counts.mismatches !== 1) named.push(...diagnosis.causes.map(({ sentence }) => `${entries}x${width} zeros ${zeros} wrong ${wrong}: ${sentence}`));
      }),
      { numRuns: 300, seed: 20 },
    );
    assert.deepEqual(named, []);
  });

  it('x is explained by nothing that predicts a value', () => {
    const expected = table(50, 4, (entry, word) => entry * 13 - word * 7);
    const pair = plain(expected, expected.map((entry) => entry.map(() => 0)));
    const unwritten = { ...pair, state: new Uint8Array(200).fill(WORD_STATES.unwritten) };
    assert.equal(ids(diagnoseAtOnce(pair))[0], 'all-zero');
    assert.deepEqual(ids(diagnoseAtOnce(unwritten)), ['uninitialised']);
  });

  it('a kij that is not in the dump is one cause: left out in the middle, missing in front, ended early at the end', () => {
    const random = randomOf(23);
    // Padding: the first entries of each kij are zero, so that the first difference is not at its border
    const expected = table(9 * 20, 4, (entry) => (entry % 20 < 5 ? 0 : Math.floor(random() * 3000) - 1500));
    const lacking = (kij: number): Diagnosis => diagnoseAtOnce(printed(expected, (entry) => Math.floor(entry / 20) !== kij, 9));
    assert.deepEqual([0, 4, 8].map((kij) => ids(lacking(kij))), [['line-offset'], ['skipped-block'], ['truncated']]);
    const { causes, counts } = lacking(4);
    assert.deepEqual([causes[0]?.explained, causes[0]?.broken, causes[0]?.parameters], [counts.mismatches, 0, { from: 80, count: 20 }]);
    assert.match(causes[0]!.sentence, /^Entries 80 to 99 \(kij 4\) are left out; those behind stand 20 addresses too low\./);
  });

  it('wherever lines are left out of a dump, nothing is invented from the words that it lacks', () => {
    const holes = fc.record({ seed: fc.integer(), zeros: fc.constantFrom(0, 0.5), parts: fc.uniqueArray(fc.nat(8), { minLength: 1, maxLength: 3 }) });
    const truthful = new Set(['truncated', 'line-offset', 'skipped-block', 'combination']);
    fc.assert(
      fc.property(holes, ({ seed, zeros, parts }) => {
        const random = randomOf(seed);
        const expected = table(9 * 12, 4, () => (random() < zeros ? 0 : Math.floor(random() * 3000) - 1500));
        const { causes, counts } = diagnoseAtOnce(printed(expected, (entry) => !parts.includes(Math.floor(entry / 12)), 9));
        const [best, ...others] = causes;
        if (parts.length === 1) assert.deepEqual([best?.id, best?.explained, others.length], [parts[0] === 0 ? 'line-offset' : parts[0] === 8 ? 'truncated' : 'skipped-block', counts.mismatches, 0]);
        // That a kij stands in the place of the next is true, words known and all
        for (const { id, explained } of causes) assert.ok(truthful.has(id) || (id === 'stale-tile' && explained <= counts.different), `${id} ${explained} of ${counts.different}`);
      }),
      { numRuns: 100, seed: 21 },
    );
  });

  it('what stands right where a move would leave nothing speaks against the move', () => {
    const random = randomOf(29);
    const expected = table(60, 4, () => Math.floor(random() * 3000) - 1500);
    // Inside each kij nearly all would come from beyond the border; the one entry that would not agrees
    const found = expected.map((entry, at) => (at % 6 === 5 ? expected[at - 5]! : entry));
    const pair = { ...plain(expected, found), entryAxes: [{ axis: 'kij' as const, coordinates: Array.from({ length: 10 }, (_, i) => i) }, { axis: 'nij' as const, coordinates: [0, 1, 2, 3, 4, 5] }] };
    assert.deepEqual(ids(diagnoseAtOnce(pair)), []);
  });

  it('judges a window of a pair that is too large, and says which', () => {
    const entries = MOST_WORDS / 2;
    const random = randomOf(11);
    const expected = table(entries, 4, () => Math.floor(random() * 60000) - 30000);
    const first = entries - 5000;
    const found = expected.map((entry, at) => (at < first ? entry : entry.map((word) => -word)));
    const { causes, window, sentence, counts } = diagnoseAtOnce(plain(expected, found));
    assert.deepEqual(window, { from: entries - MOST_WORDS / 4, to: entries });
    assert.match(sentence, /Judged on the entries \d+ to \d+ of \d+/);
    assert.ok(counts.mismatches > 4 * 4990);
    assert.deepEqual(causes, [], 'negated from one entry on is not negated');
    const dead = diagnoseAtOnce(plain(expected, expected.map((entry) => entry.map((word, col) => (col === 1 ? 0 : word)))));
    assert.deepEqual([dead.causes[0]?.id, dead.causes[0]?.explained, dead.window], ['dead-column', dead.causes[0]?.of, { from: 0, to: MOST_WORDS / 4 }]);
    assert.ok(dead.causes[0]!.of < dead.counts.mismatches);
  });

  it('of a part of a comparison says nothing that the rest could gainsay, and numbers entries as the whole does', () => {
    const expected = table(60, 4, (entry, word) => ((entry * 4 + word) * 7919) % 1009);
    const part = { first: 1000, of: 5000 };
    const one = plain(expected, expected.map((entry, at) => (at === 20 ? entry.map((word, col) => (col === 2 ? word + 5000 : word)) : entry)));
    assert.match(diagnoseAtOnce({ ...one, part }, { differing: 1 }).causes[0]?.sentence ?? '', /A single word is wrong: entry 1020, word 2/);
    const several = diagnoseAtOnce({ ...one, part }, { differing: 2 });
    assert.deepEqual([several.causes, several.sentence], [[], '1 of 240 words of the part that was looked at differ. No single cause found, nor two causes together. All 1 stand in col 2, nij 20.']);
    const unknownFrom = (first: number, whole?: WordPair['part']): Diagnosis => {
      const pair = plain(expected, expected.map((entry, at) => (at < first ? entry : entry.map(() => 0))));
      return diagnoseAtOnce({ ...pair, state: pair.state.map((state, index) => (index < 4 * first ? state : WORD_STATES.unwritten)), ...(whole !== undefined && { part: whole }) });
    };
    assert.deepEqual([ids(unknownFrom(30))[0], ids(unknownFrom(30, { first: 4940, of: 5000 }))[0]], ['truncated', 'truncated']);
    const open = unknownFrom(30, part).causes[0];
    assert.deepEqual([open?.id, open?.parameters['from'], open?.sentence.slice(0, 69)], ['uninitialised', 1030, 'Entries 1030 to 1059 at least were never written and read x. Explains']);
    assert.doesNotMatch(unknownFrom(0, part).sentence, /whole dump was never written/);
  });

  it('a run that ended early is one where what it left is more than is judged', () => {
    const entries = MOST_WORDS / 2;
    const random = randomOf(13);
    const expected = table(entries, 4, () => Math.floor(random() * 60000) - 30000);
    const first = 1000;
    const pair = plain(expected, expected.map((entry, at) => (at < first ? entry : entry.map(() => 0))));
    const { causes, window } = diagnoseAtOnce({ ...pair, state: pair.state.map((state, index) => (index < 4 * first ? state : WORD_STATES.unwritten)) });
    assert.ok(window !== undefined && window.to < entries);
    assert.deepEqual([causes[0]?.id, causes[0]?.parameters], ['truncated', { from: first, to: entries - 1, reads: 'x' }]);
  });

  it('can be left at any step', () => {
    const steps = diagnose(psumPair(psums.map((entry) => entry.map((word) => (word ?? 0) * 3))));
    const first = steps.next();
    assert.ok(first.done !== true && first.value.total > 100);
    assert.equal(steps.return(undefined as never).done, true);
  });

  it('docs/causes.md has every cause with what it means, its test, where to look and its rank', () => {
    const text = fs.readFileSync(path.join(ROOT, 'docs/causes.md'), 'utf8');
    assert.deepEqual([...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]), CAUSE_IDS);
    for (const id of CAUSE_IDS) {
      const { means, test, look, rank } = CAUSES[id];
      assert.ok(text.includes(`| \`${id}\` | ${means} | ${test} | ${look} | ${rank} |\n`), id);
    }
  });
});
