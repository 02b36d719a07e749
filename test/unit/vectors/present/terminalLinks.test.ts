import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LayoutSpec } from '../../../../src/vectors/layout';
import { Layout } from '../../../../src/vectors/layout';
import type { LinkTarget } from '../../../../src/vectors/present/terminalLinks';
import { fitCoordinates, outputPixels, terminalLinks } from '../../../../src/vectors/present/terminalLinks';

const found = (line: string): [string, LinkTarget][] => terminalLinks(line).map(({ start, length, target }) => [line.slice(start, start + length), target]);
const loop = (axis: LayoutSpec['lines'][number]['axis'], count: number) => ({ axis, start: 0, step: 1, count });
const layout = (over: Partial<LayoutSpec>): Layout => new Layout({ kind: 'psum', bits: 4, signed: true, radix: 'binary', lines: [], words: [loop('col', 8)], fixed: {}, separator: '', trailing: '', header: [], eol: '\n', ...over });

describe('links in terminals', () => {
  it('coordinates as benches print them', () => {
    const psum = { type: 'coordinates', kinds: ['psum'], coordinates: { kij: 4, nij: 14, col: 7 } };
    for (const text of ['kij=4 nij=14 col=7', 'kij= 4 nij= 14 col= 7', 'kij 4 nij 14 col 7', 'kij: 4, nij: 14, col: 7', 'KIJ=4, nij=14; col=7']) assert.deepEqual(found(`at ${text}: wrong`), [[text, psum]]);
    assert.deepEqual(found('psum Data ERROR at kij=0 nij=3 col=1 icTile=0 ocTile=1: psumout 01 answer 11'), [['kij=0 nij=3 col=1 icTile=0 ocTile=1', { type: 'coordinates', kinds: ['psum'], coordinates: { kij: 0, nij: 3, col: 1, icTile: 0, ocTile: 1 } }]]);
    assert.deepEqual(found('ic tile 0 oc_tile=1')[0]?.[1], { type: 'coordinates', kinds: ['weight', 'out', 'psum'], coordinates: { icTile: 0, ocTile: 1 } });
    assert.deepEqual(found('[WS] Psum Data ERROR at kij= 3, j= 7')[0]?.[1], { type: 'coordinates', kinds: ['psum'], coordinates: { kij: 3, nij: 7 } });
    assert.deepEqual(found('o_nij=3 col=2')[0]?.[1], { type: 'coordinates', kinds: ['out'], coordinates: { o_nij: 3, col: 2 } });
    assert.deepEqual(found('weight kij=3 row=2')[0]?.[1], { type: 'coordinates', kinds: ['weight'], coordinates: { kij: 3, row: 2 } });
  });

  it('outputs by number, their digits, and places in golden files', () => {
    assert.deepEqual(found('12-th output featuremap Data ERROR!!'), [['12-th output featuremap Data ERROR!!', { type: 'output', printed: 12 }]]);
    assert.deepEqual(found(' 1-th output featuremap Data matched! :D'), [['1-th output featuremap Data matched!', { type: 'output', printed: 1 }]]);
    assert.deepEqual(found('0-th output featuremap Data ERROR!!')[0]?.[1], { type: 'output', printed: 0, base: 0 });
    assert.deepEqual(found('[OS] PE3 output featuremap Data ERROR!!')[0]?.[1], { type: 'output', printed: 3, base: 0 });
    assert.deepEqual(found('sfpout: 0101xx01'), [['sfpout: 0101xx01', { type: 'digits', side: 'found', digits: '0101xx01' }]]);
    assert.deepEqual(found('answer: 0000 002b '), [['answer: 0000 002b', { type: 'digits', side: 'answer', digits: '0000 002b' }]]);
    assert.deepEqual(found('golden/a b/psum.txt:38:17 and out.txt line 5'), [
      ['b/psum.txt:38:17', { type: 'file', name: 'b/psum.txt', line: 38, column: 17 }],
      ['out.txt line 5', { type: 'file', name: 'out.txt', line: 5 }],
    ]);
    assert.deepEqual(found('C:\\x\\psum.txt:3')[0]?.[1], { type: 'file', name: 'C:\\x\\psum.txt', line: 3 });
  });

  it('nothing where a line only looks alike', () => {
    for (const line of ['', '## kij=0', 'oc tile 0', 'compared 52 lines: 52 matched, 0 errors', 'result: FAILED', 'j=3 kij=4', 'tb_core.v:12: syntax error', 'No.   3 execution completed.', 'golden: yes']) assert.deepEqual(found(line), [], line);
  });

  it('places stand in the line and never overlap', () => {
    const part = fc.constantFrom('kij=1 nij=2', ' ', '3-th', 'output', 'Data ERROR!!', 'sfpout:', '0101', 'psum.txt:3', ',', 'col=', '7', 'PE', 'matched');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (parts) => {
        const line = parts.join('');
        const links = terminalLinks(line);
        assert.ok(links.every(({ start, length }, i) => length > 0 && start >= 0 && start + length <= line.length && (i === 0 || start >= links[i - 1]!.start + links[i - 1]!.length)), line);
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('an output counted from 1 or from 0', () => {
    assert.deepEqual([outputPixels({ printed: 12 }), outputPixels({ printed: 12, base: 1 }), outputPixels({ printed: 12, base: 0 }), outputPixels({ printed: 0 })], [[11, 12], [11], [12], [0]]);
  });

  it('printed coordinates fit a file that leaves tile 0 out or counts outputs, and no other', () => {
    const psum = layout({ lines: [loop('nij', 36)], fixed: { kij: 4 } });
    assert.deepEqual(fitCoordinates(psum, { kij: 4, nij: 14, col: 7, icTile: 0, ocTile: 0 }), { kij: 4, nij: 14, col: 7 });
    assert.equal(fitCoordinates(psum, { kij: 3, nij: 14, col: 7 }), undefined);
    assert.equal(fitCoordinates(psum, { kij: 4, nij: 36, col: 7 }), undefined);
    assert.equal(fitCoordinates(psum, { kij: 4, nij: 14, icTile: 1 }), undefined);
    assert.deepEqual(fitCoordinates(layout({ lines: [loop('kij', 9), loop('o_nij', 16)] }), { kij: 3, nij: 7 }), { kij: 3, o_nij: 7, col: 0 });
  });
});
