import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isPageMessage, isPagesReply, isPagesRequest, isToPage, isViewQuestion } from '../../src/protocol/pageGuards';

const SEED = 20_261_121;
const place = { line: 3, column: -1 };
const choice = { kind: 'psum', bits: 16, signed: true, radix: 'binary', lines: [{ axis: 'nij', start: 0, step: 1, count: 4 }], words: [], separator: '', trailing: '' };
const QUESTIONS = [
  { type: 'rows', from: 0, count: 512 },
  { type: 'hover', line: 1, column: 2, side: 'own' },
  { type: 'find', query: { type: 'text', text: '01' }, from: place, backward: false },
  { type: 'find', query: { type: 'value', value: -3 }, from: place, backward: true },
  { type: 'goTo', text: 'kij 4', from: place },
  { type: 'mismatch', from: place, backward: false },
];
const HOSTILE = [
  { type: 'rows', from: 0, count: 513 },
  { type: 'rows', from: -1, count: 1 },
  { type: 'rows', from: 0.5, count: 1 },
  { type: 'rows', from: '0', count: 1 },
  { type: 'hover', line: 1, column: 2, side: 'both' },
  { type: 'find', query: { type: 'text', text: '' }, from: place, backward: false },
  { type: 'find', query: { type: 'text', text: '0'.repeat(5000) }, from: place, backward: false },
  { type: 'find', query: { type: 'value', value: Number.NaN }, from: place, backward: false },
  { type: 'find', query: 'x', from: place, backward: false },
  { type: 'goTo', text: 4, from: place },
  { type: 'mismatch', from: { line: 0 }, backward: false },
  { type: 'open', file: '/etc/passwd' },
  { type: 'compare', file: '/etc/passwd' },
];

describe('messages of the viewer of large files', () => {
  it('questions of the page pass, those that name files do not', () => {
    for (const question of QUESTIONS) {
      assert.ok(isViewQuestion(question), JSON.stringify(question));
      assert.ok(isPageMessage({ type: 'ask', id: 1, question }));
      assert.ok(isPagesRequest({ id: 1, ...question }));
      assert.ok(!isPagesRequest(question));
    }
    for (const question of HOSTILE) {
      assert.ok(!isViewQuestion(question), JSON.stringify(question));
      assert.ok(!isPageMessage({ type: 'ask', id: 1, question }));
    }
  });

  it('the extension host opens files, with the choice of the user', () => {
    assert.ok(isPagesRequest({ id: 1, type: 'open', file: '/a' }) && isPagesRequest({ id: 1, type: 'open', file: '/a', choice }) && isPagesRequest({ id: 2, type: 'compare' }) && isPagesRequest({ id: 3, type: 'cancel' }));
    for (const wrong of [{ ...choice, kind: 'x' }, { ...choice, bits: '4' }, { ...choice, lines: [{ axis: 'nij' }] }, { ...choice, radix: 'octal' }, 3]) assert.ok(!isPagesRequest({ id: 1, type: 'open', file: '/a', choice: wrong }));
  });

  it('only known actions and commands', () => {
    assert.ok(isPageMessage({ type: 'ready' }) && isPageMessage({ type: 'action', action: 'compare' }) && isPageMessage({ type: 'copy', text: '' }) && isPageMessage({ type: 'trouble', what: 'x' }));
    assert.ok(!isPageMessage({ type: 'action', action: 'rm' }) && !isPageMessage({ type: 'copy', text: 3 }) && !isPageMessage({ type: 'trouble', what: 'x'.repeat(5000) }));
    assert.ok(isToPage({ type: 'run', command: 'find' }) && !isToPage({ type: 'run', command: 'eval' }));
  });

  it('rows and what is known of a file are looked at field by field', () => {
    const info = { name: 'a', size: 1, lines: 1, counted: true, regular: false, checked: 0, columns: { text: 1, values: 0 } };
    const row = { line: 0, text: '01', role: 'data', words: [0, 2, -1], other: { line: -1, text: '', values: '', words: [], differing: [0] } };
    assert.ok(isPagesReply({ id: 1, type: 'opened', info, rows: [row] }) && isToPage({ type: 'status', info }) && isPagesReply({ type: 'status', info }));
    const look = { decorations: 'values', side: 'auto' };
    assert.ok(isToPage({ type: 'opened', version: 1, info, rows: [row], look }) && isToPage({ type: 'look', look }) && isPageMessage({ type: 'ready', version: 1 }));
    assert.ok(!isToPage({ type: 'opened', info, rows: [row], look }) && !isToPage({ type: 'opened', version: 1, info, rows: [row] }) && !isPageMessage({ type: 'ready', version: '1' }));
    for (const wrong of [{ ...look, side: 'top' }, { side: 'left' }, undefined]) assert.ok(!isToPage({ type: 'look', look: wrong }));
    const valued = { ...row, values: 'nij 0  1 2', numbers: { from: 7, length: 3 } };
    assert.ok(isPagesReply({ id: 1, type: 'rows', from: 0, rows: [valued] }));
    for (const numbers of [{ from: 8, length: 3 }, { from: -1, length: 3 }, { from: 0 }, 3]) assert.ok(!isPagesReply({ id: 1, type: 'rows', from: 0, rows: [{ ...valued, numbers }] }), JSON.stringify(numbers));
    assert.ok(!isPagesReply({ id: 1, type: 'rows', from: 0, rows: [{ ...row, numbers: { from: 0, length: 0 } }] }));
    for (const wrong of [{ ...row, role: 'script' }, { ...row, words: ['<'] }, { ...row, line: -1 }, { ...row, note: 'x' }, { ...row, other: {} }]) assert.ok(!isPagesReply({ id: 1, type: 'rows', from: 0, rows: [wrong] }));
    for (const wrong of [{ ...info, lines: -1 }, { ...info, layout: {} }, { ...info, columns: undefined }, { ...info, counted: 1 }]) assert.ok(!isToPage({ type: 'status', info: wrong }));
    const says = { value: '3', kind: 'psum', place: ['kij 0'], pattern: { bits: '0', hex: '0', unsigned: '0', signed: '0' } };
    assert.ok(isToPage({ type: 'answer', id: 1, answer: { type: 'hover', says } }));
    assert.ok(!isToPage({ type: 'answer', id: 1, answer: { type: 'hover', says: { ...says, place: [3] } } }));
    assert.ok(isToPage({ type: 'compared', other: { name: 'a', summary: 'b', notes: ['long enough to have more than two characters', 'c'] } }));
  });

  it('anything at all is looked at without an exception', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...QUESTIONS.map(({ type }) => type), 'opened', 'status', 'answer', 'ask', 'rows', 'found'), (value, type) => {
        for (const isIt of [isViewQuestion, isPagesRequest, isPagesReply, isPageMessage, isToPage]) {
          isIt(value);
          isIt({ type, id: 1, question: value, info: value, rows: value, from: value, answer: value, query: value });
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
