import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { Finding } from '../../../src/check/lint/finding';
import { applyFix } from '../../../src/check/lint/finding';
import { MOST_OF_A_RULE } from '../../../src/check/lint/context';
import { lintText } from '../../../src/check/lint/lintText';
import type { RuleId } from '../../../src/check/lint/rules';
import { RULES, RULE_IDS } from '../../../src/check/lint/rules';
import { HEADERS } from '../../../src/vectors/header';
import { inferLayout } from '../../../src/vectors/infer';
import type { LayoutSpec } from '../../../src/vectors/layout';
import { Layout } from '../../../src/vectors/layout';
import { textShape } from '../../../src/vectors/textShape';
import { ROOT } from '../support/fixtures';

const lint = (name: string, text: string): Finding[] => lintText({ name, inference: inferLayout({ name, text }) });
const word = (value: number, bits: number): string => (value < 0 ? value + 2 ** bits : value).toString(2).padStart(bits, '0');
const body = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Values of a psum file, 16 lines of 8 words: small numbers of both signs. */
const psums = Array.from({ length: 16 }, (_, line) => Array.from({ length: 8 }, (_, i) => ((line * 37 + i * 53) % 201) - 100));
const joined = psums.map((line) => line.map((value) => word(value, 16)).join(''));
const spaced = psums.map((line) => line.map((value) => word(value, 16)).join(' '));
const hex = psums.map((line) => line.map((value) => (value & 0xffff).toString(16).padStart(4, '0')).join(' '));
const decimal = psums.map((line) => line.map((value) => String(value).padStart(6)).join(' '));
const header = HEADERS['time-col'];
const psumFile = body([...header, ...joined]);

const weights = Array.from({ length: 8 }, (_, line) => Array.from({ length: 8 }, (_, i) => ((line * 5 + i * 3) % 15) - 7));
const weightLines = weights.map((line) => line.map((value) => word(value, 4)).join(''));
const weightFile = body([...HEADERS['col-row'], ...weightLines]);

/** A text with one of its lines changed. */
function changed(text: string, line: number, change: (line: string) => string): string {
  const lines = text.split('\n');
  lines[line] = change(lines[line]!);
  return lines.join('\n');
}

const replaced = (text: string, at: number, by: string): string => text.slice(0, at) + by + text.slice(at + by.length);

interface Case {
  readonly rule: RuleId;
  readonly what: string;
  readonly name: string;
  readonly bad: string;
  /** Line and column of the first finding, from 1. */
  readonly at: readonly [number, number];
  /** As like as can be without the defect. */
  readonly good: string;
  readonly severity?: string;
}

const CASES: readonly Case[] = [
  { rule: 'minus-sign', what: 'instead of a digit', name: 'psum.txt', bad: changed(psumFile, 5, (line) => replaced(line, 32, '-')), at: [6, 33], good: changed(psumFile, 5, (line) => replaced(line, 32, '1'.repeat(16))) },
  { rule: 'minus-sign', what: 'in front of all digits', name: 'psum.txt', bad: changed(psumFile, 5, (line) => `-${line}`), at: [6, 1], good: psumFile },
  { rule: 'minus-sign', what: 'between blanks, in hex', name: 'psum_hex.txt', bad: changed(body(hex), 3, (line) => replaced(line, 5, '-00a')), at: [4, 6], good: body(hex) },
  { rule: 'minus-sign', what: 'not in decimals', name: 'viz_psum.txt', bad: changed(psumFile, 9, (line) => replaced(line, 112, '-')), at: [10, 113], good: body(decimal) },
  { rule: 'space-padded', what: 'joined words', name: 'psum.txt', bad: body([...header, ...psums.map((line) => line.map((value) => word(value, 16).replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length))).join(''))]), at: [4, 33], good: psumFile },
  { rule: 'space-padded', what: 'one word between blanks', name: 'psum.txt', bad: changed(body(spaced), 2, (line) => replaced(line, 17, ' '.repeat(9))), at: [3, 18], good: body(spaced) },
  { rule: 'wrong-width', what: 'a digit lost from a joined line', name: 'psum.txt', bad: changed(psumFile, 7, (line) => line.slice(1)), at: [8, 1], good: psumFile },
  { rule: 'wrong-width', what: '15 of 16 bits between blanks', name: 'psum.txt', bad: changed(body(spaced), 7, (line) => line.slice(0, 32) + line.slice(33)), at: [8, 18], good: body(spaced) },
  { rule: 'wrong-width', what: 'one word a line', name: 'acc_address.txt', bad: changed(body(Array.from({ length: 36 }, (_, i) => word(i * 3, 11))), 20, (line) => `${line}0`), at: [21, 1], good: body(Array.from({ length: 36 }, (_, i) => word(i * 3, 11))) },
  { rule: 'odd-word-count', what: 'a word lost from a joined line', name: 'psum.txt', bad: changed(psumFile, 7, (line) => line.slice(16)), at: [8, 1], good: psumFile },
  { rule: 'odd-word-count', what: 'a word too many between blanks', name: 'psum_hex.txt', bad: changed(body(hex), 7, (line) => `${line} 0000`), at: [8, 1], good: body(hex) },
  { rule: 'odd-word-count', what: 'a decimal lost', name: 'viz_psum.txt', bad: changed(body(decimal), 7, (line) => line.slice(7)), at: [8, 1], good: changed(body(decimal), 7, (line) => line.replace(/ +/, ' ')) },
  { rule: 'mixed-line-lengths', what: 'lines of many lengths', name: 'psum.txt', bad: body(joined.map((line, i) => (i % 3 === 0 ? line.slice(i) : line))), at: [4, 1], good: body(joined) },
  { rule: 'mixed-line-lengths', what: 'hex without leading zeros', severity: 'info', name: 'psum_hex.txt', bad: body(psums.map((line) => line.map((value) => (value & 0xffff).toString(16)).join(' '))), at: [1, 1], good: body(hex) },
  { rule: 'strange-digit', what: 'a letter O', name: 'psum.txt', bad: changed(psumFile, 6, (line) => replaced(line, 40, 'O')), at: [7, 41], good: psumFile },
  { rule: 'strange-digit', what: 'a 2 in a binary word', name: 'psum.txt', bad: changed(psumFile, 6, (line) => replaced(line, 3, '2')), at: [7, 4], good: psumFile },
  { rule: 'strange-digit', what: 'a letter O in the first line', name: 'psum.txt', bad: changed(body(joined), 0, (line) => replaced(line, 40, 'O')), at: [1, 41], good: psumFile },
  { rule: 'strange-digit', what: 'text between the data', name: 'psum.txt', bad: body([...header, ...joined.slice(0, 8), 'second half', ...joined.slice(8)]), at: [12, 1], good: psumFile },
  { rule: 'unknown-digit', what: 'x in a golden file', name: 'psum.txt', bad: changed(psumFile, 6, (line) => replaced(line, 16, 'x'.repeat(16))), at: [7, 17], good: psumFile },
  { rule: 'unknown-digit', what: 'z in a dump', severity: 'info', name: 'rtl_out.txt', bad: changed(body(joined), 0, (line) => 'z'.repeat(line.length)), at: [1, 1], good: body(joined) },
  { rule: 'header-blanks', what: 'words apart', name: 'psum.txt', bad: body(['# time0col7 .. time0col0 #', header[1], header[2], ...joined]), at: [1, 2], good: body([`${header[0]} `, ...header.slice(1), ...joined]) },
  { rule: 'header-blanks', what: 'an empty line', name: 'psum.txt', bad: body([header[0], '', header[1], header[2], ...joined]), at: [2, 1], good: psumFile },
  { rule: 'header-contradicts-data', what: 'more words than there are', name: 'weight.txt', bad: body([...HEADERS['col-row'].map((line) => line.replaceAll('row7', 'row15')), ...weightLines]), at: [1, 1], good: weightFile },
  { rule: 'header-contradicts-data', what: 'columns over addresses', name: 'acc_address.txt', bad: body([...header, ...Array.from({ length: 36 }, (_, i) => word(i * 3, 11))]), at: [1, 1], good: body(Array.from({ length: 36 }, (_, i) => word(i * 3, 11))) },
  { rule: 'header-contradicts-data', what: 'an output headed as rows', severity: 'info', name: 'output.txt', bad: body([...HEADERS['time-row'], ...joined]), at: [1, 1], good: body([...HEADERS['time-co'], ...joined]) },
  { rule: 'name-contradicts-data', what: 'addresses called psums', name: 'psum_2.txt', bad: body(Array.from({ length: 144 }, (_, i) => word(Math.floor(i / 9) + (i % 9) * 36, 11))), at: [1, 1], good: psumFile },
  { rule: 'sign-magnitude', what: 'a word near the lowest value', name: 'psum.txt', bad: changed(psumFile, 6, (line) => replaced(line, 16, '1000000000000111')), at: [7, 17], good: changed(psumFile, 6, (line) => replaced(line, 16, '1111111110000111')) },
  { rule: 'lowest-code', what: '-8 at 4 bits', severity: 'info', name: 'weight_kij2.txt', bad: changed(weightFile, 4, (line) => replaced(line, 8, '1000')), at: [5, 9], good: changed(weightFile, 4, (line) => replaced(line, 8, '00111001')) },
  { rule: 'line-ends', what: 'all CR LF', severity: 'info', name: 'psum.txt', bad: psumFile.replaceAll('\n', '\r\n'), at: [1, 1], good: psumFile },
  { rule: 'line-ends', what: 'mixed', name: 'psum.txt', bad: changed(psumFile, 6, (line) => `${line}\r`), at: [7, 129], good: psumFile },
  { rule: 'no-final-newline', what: 'of a golden file', severity: 'info', name: 'psum.txt', bad: psumFile.slice(0, -1), at: [19, 129], good: psumFile },
  { rule: 'no-final-newline', what: 'of a file list', name: 'sim/files.f', bad: 'mac.v\ncore.v', at: [2, 1], good: 'mac.v\ncore.v\n' },
  { rule: 'no-final-newline', what: 'of a list that ends in a comment', severity: 'info', name: 'file_list.f', bad: 'mac.v\n// core.v', at: [2, 1], good: 'mac.v\n// core.v\n' },
  { rule: 'no-final-newline', what: 'of a list by name', name: 'filelist.txt', bad: 'mac.v\ncore.v', at: [2, 1], good: 'mac.v\ncore.v\n   ' },
  { rule: 'blank-line', what: 'between the data', name: 'psum.txt', bad: body([...header, ...joined.slice(0, 8), '', ...joined.slice(8)]), at: [12, 1], good: `${psumFile}\n` },
  { rule: 'comment-in-data', what: 'between the data', name: 'psum.txt', bad: body([...header, ...joined.slice(0, 8), '#second', ...joined.slice(8)]), at: [12, 1], good: body(['// 0x00000000', ...joined.slice(0, 8), '// 0x00000008', ...joined.slice(8)]) },
  { rule: 'encoding', what: 'a byte order mark', name: 'psum.txt', bad: `\uFEFF${psumFile}`, at: [1, 1], good: psumFile },
  { rule: 'encoding', what: 'UTF-16', name: 'psum.txt', bad: psumFile.replaceAll(/[^]/g, (character) => `${character}\0`), at: [1, 1], good: psumFile },
];

describe('lint of one file', () => {
  for (const { rule, what, name, bad, at, good, severity = RULES[rule].severity } of CASES) {
    it(`${rule}: ${what}`, () => {
      const findings = lint(name, bad);
      const first = findings.find((finding) => finding.rule === rule);
      assert.ok(first, JSON.stringify(findings, null, 1));
      assert.deepEqual([first.line, first.column, first.severity], [...at, severity], first.what);
      assert.ok(first.what.endsWith('.') && first.next.endsWith('.'), `${first.what} ${first.next}`);
      assert.deepEqual(lint(name, good).filter((finding) => finding.rule === rule), []);
    });
  }

  it('clean files have no findings at all', () => {
    const files: [string, string][] = [
      ['psum.txt', psumFile],
      ['psum.txt', body(spaced)],
      ['psum_hex.txt', body(hex)],
      ['viz_psum.txt', body(decimal)],
      ['weight_kij0.txt', weightFile],
      ['out.txt', body([...header, ...joined.map((line) => `${line} `)])],
      ['pmem.memb.txt', body(['// 0x00000000', ...joined])],
      ['report.txt', 'Matches: 3 of 4\nkij= 0: 1 2 3\nall of it is text\nreally\n'],
      ['empty.txt', ''],
      ['core.f', ''],
    ];
    for (const [name, text] of files) assert.deepEqual(lint(name, text), [], name);
  });

  it('address-differs: few wrong addresses among many, and none in a list that follows another rule', () => {
    const address = (oNij: number, kij: number): number => kij * 36 + (Math.floor(oNij / 4) + Math.floor(kij / 3)) * 6 + (oNij % 4) + (kij % 3);
    const list = Array.from({ length: 144 }, (_, i) => address(Math.floor(i / 9), i % 9));
    const of = (values: readonly number[], name = 'acc_address.txt'): string[] => lint(name, body(values.map((value) => word(value, 11)))).filter(({ rule }) => rule === 'address-differs').map(({ line, column, length, what }) => `${line}:${column}+${length} ${what}`);
    assert.deepEqual(of(list), []);
    assert.deepEqual(of(list.with(0, 5).with(70, list[70]! + 1)), ['1:1+11 The address is 5; by the formula that the others follow it is 0.', `71:1+11 The address is ${list[70]! + 1}; by the formula that the others follow it is ${list[70]!}.`]);
    assert.deepEqual(of(list.toReversed()), []);
    assert.deepEqual(of(list.map((value, i) => (i % 5 === 0 ? value + 1 : value))), [], 'too many for single ones to be wrong');
  });

  it('a byte order mark is one finding, with and without a header', () => {
    for (const text of [psumFile, body(joined), body(spaced), body(hex)]) assert.deepEqual(lint('psum.txt', `\uFEFF${text}`).map(({ rule }) => rule), ['encoding']);
  });

  it('a single defect is one finding, and says which digits are missing', () => {
    const [only, ...more] = lint('psum.txt', changed(psumFile, 7, (line) => line.slice(0, -1)));
    assert.deepEqual(more, []);
    assert.match(only?.what ?? '', /127 of 128 binary digits: 7 whole words, and one with 15 of 16 bits/);
    assert.equal(lint('psum.txt', changed(psumFile, 5, (line) => replaced(line, 32, '-'))).length, 1);
  });

  it('reports only so many places of a rule, and says how many more there are', () => {
    const text = body(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? joined[i % 16]! : 'x'.repeat(128))));
    const findings = lint('psum.txt', text).filter(({ rule }) => rule === 'unknown-digit');
    assert.equal(findings.length, MOST_OF_A_RULE);
    assert.match(findings.at(-1)?.what ?? '', /30 more places/);
  });

  it('values beyond a width that is known: decimals, and words in a wider memory', () => {
    const spec: LayoutSpec = { kind: 'psum', bits: 16, signed: true, radix: 'hex', lines: [{ axis: 'nij', start: 0, step: 1, count: 3 }], words: [{ axis: 'col', start: 0, step: 1, count: 2 }], fixed: {}, separator: ' ', trailing: '', header: [], eol: '\n', width: 8 };
    const rulesOf = (change: Partial<LayoutSpec>, text: string): string[] => {
      const layout = new Layout({ ...spec, ...change });
      const inference = { name: 'psum.txt', shape: textShape(text), candidates: [{ layout, confidence: 1, evidence: [], contradictions: [], kindIsGuess: false, proven: false }] };
      return lintText({ name: 'psum.txt', inference, declared: true }).map(({ rule, line, column }) => `${rule} ${line}:${column}`);
    };
    assert.deepEqual(rulesOf({}, '0000ffb3 0000002a\nffffffb3 00000000\n00007fff 00000001\n'), []);
    assert.deepEqual(rulesOf({}, '0000ffb3 0001002a\nffff7fb3 00000000\n00007fff 00000001\n'), ['out-of-range 1:10', 'out-of-range 2:1']);
    assert.deepEqual(rulesOf({}, '0000ffb3 +000ffb3\nffffffb3 00000000\n00007fff 0000_0001\n'), ['minus-sign 1:10'], 'a sign in front of all digits');
    assert.deepEqual(rulesOf({ radix: 'decimal', bits: 4, width: 4 }, '  -8    7\n   0   -1\n   3    2\n'), []);
    assert.deepEqual(rulesOf({ radix: 'decimal', bits: 4, width: 4 }, '  -9    7\n   0    8\n   3    2\n'), ['out-of-range 1:3', 'out-of-range 2:9']);
    assert.deepEqual(rulesOf({ radix: 'decimal', bits: 4, width: 4 }, '  -8    7\n   0   -1\n'), ['missing-lines 2:1']);
  });

  it('fixes change what they promise and nothing else', () => {
    const fixed = (name: string, text: string): string => lint(name, text).reduce((now, { fix }) => (fix === undefined ? now : applyFix(now, fix)), text);
    assert.equal(fixed('psum.txt', psumFile.slice(0, -1)), psumFile);
    assert.equal(fixed('psum.txt', psumFile.replaceAll('\n', '\r\n')), psumFile);
    assert.equal(fixed('psum.txt', changed(psumFile, 6, (line) => `${line}\r`)), psumFile);
    assert.equal(fixed('psum.txt', `\uFEFF${psumFile}`), psumFile);
    assert.equal(fixed('a.f', 'mac.v\r\ncore.v'), 'mac.v\r\ncore.v\r\n');
  });

  it('never throws, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(fc.array(fc.constantFrom('0', '1', 'f', ' ', '-', 'x', '_', ',', '9', '\r', '\0', '#', '//', '@1', '0000', '1111', '\uFEFF'), { maxLength: 40 }).map((parts) => parts.join('')), { maxLength: 30 }).map((lines) => lines.join('\n')),
    );
    const places = fc.property(text, fc.constantFrom('psum.txt', 'weight_kij0.txt', 'a_hex.txt', 'viz_out.txt', 'x.f'), (content, name) => {
      for (const { line, column, length } of lint(name, content)) {
        assert.ok(line >= 1 && column >= 1 && length >= 0);
        assert.ok(line <= Math.max(1, content.split('\n').length), `line ${line}`);
      }
    });
    fc.assert(places, { numRuns: 400 });
  });

  it('docs/lint.md has every rule with its severity and its paragraph', () => {
    const text = fs.readFileSync(path.join(ROOT, 'docs/lint.md'), 'utf8');
    assert.deepEqual([...text.matchAll(/^## `([a-z-]+)`$/gm)].map((match) => match[1]), RULE_IDS);
    for (const id of RULE_IDS) assert.ok(text.includes(`## \`${id}\`\n\n**${RULES[id].severity}.** ${RULES[id].about}\n`), id);
  });
});
