import assert from 'node:assert/strict';
import fs from 'node:fs';
import nodePath from 'node:path';
import fc from 'fast-check';
import type { InspectLink } from '../../../../src/extension/inspect/link';
import { leadsInside } from '../../../../src/extension/inspect/leadsInside';
import { checkedLink, formatLink, isInside, parseLink } from '../../../../src/extension/inspect/link';
import { removeTestFolders, testFolder } from '../../support/workspace';

const SEED = { seed: 20261, numRuns: 2000 };
const count = fc.integer({ min: 0, max: 999_999_999 });
const selection = fc.record({ icTile: count, ocTile: count, kij: count, nij: count, row: count, col: count, oNij: fc.integer({ min: -1, max: 999_999_999 }) }, { noNullPrototype: true });
const part = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter((text) => isInside(text) && !text.includes('/') && text !== '.');
const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' });
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const link: fc.Arbitrary<InspectLink> = fc.record({ path, root: name, layer: name, selection }, { requiredKeys: ['path'], noNullPrototype: true }).map(({ path: where, root, layer, selection: selected }) => ({ path: where, ...(root !== undefined && { root }), ...(layer !== undefined && { layer }), ...(selected !== undefined && { selection: selected }) }));

const problemOf = (query: string): string => {
  const found = parseLink(query);
  return 'problem' in found ? found.problem : assert.fail(JSON.stringify(found));
};

describe('links to an inspector', () => {
  after(removeTestFolders);

  it('what was written is read: any path, names of any letters, any selection', () => {
    fc.assert(fc.property(link, (one) => { assert.deepEqual(parseLink(formatLink(one)), one); }), SEED);
  });

  it('any text is read or refused, and what is read stays inside and is written the same again', () => {
    const piece = fc.oneof(fc.constantFrom('path=', 'layer=', 'kij=', '&', '=', '%2F', '%2e%2e', '..', '/', '\\', 'C:', '%00', '-1', '7', '1e3', 'root='), fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')), (query) => {
        const found = parseLink(query);
        if ('problem' in found) return;
        assert.ok(isInside(found.path));
        assert.deepEqual(parseLink(formatLink(found)), found);
      }),
      SEED,
    );
  });

  it('paths that leave the workspace, or could on some system, are refused', () => {
    for (const where of ['', '/etc/passwd', '../a', 'a/../../b', 'a/..', '..', 'a//b', './a', 'a/', 'C:\\x', 'C:/x', '\\\\host\\x', 'a\\..\\b', 'a\u0000b', 'file:///a', '%2e%2e/a/..']) {
      assert.match(problemOf(`path=${encodeURIComponent(where)}`), /no path inside the workspace/, where);
    }
    assert.match(problemOf('layer=conv3'), /no path inside/);
    assert.deepEqual(parseLink('path=.'), { path: '.' });
  });

  it('what would be refused when it is followed gets no link', () => {
    fc.assert(fc.property(link, (one) => { assert.deepEqual(checkedLink(one), { query: formatLink(one) }); }), SEED);
    for (const odd of [{ path: 'a:b/tilescope.json' }, { path: 'a\\b' }, { path: 'a', layer: 'x'.repeat(5000) }, { path: 'a', layer: '' }, { path: 'a', layer: '\ud800' }]) assert.ok('problem' in checkedLink(odd), JSON.stringify(odd));
  });

  it('a symbolic link inside the workspace that leads outside is seen through', async () => {
    const [workspace, other] = [testFolder(), testFolder()];
    other.write('set/psum.txt', '');
    workspace.write('real/psum.txt', '');
    fs.symlinkSync(other.file('set'), workspace.file('out'));
    fs.symlinkSync(workspace.file('real'), workspace.file('in'));
    fs.symlinkSync(workspace.path, other.file('workspace'));
    const inside = (folder: string, ...parts: string[]): Promise<boolean> => leadsInside(folder, nodePath.join(folder, ...parts));
    assert.deepEqual(await Promise.all([inside(workspace.path), inside(workspace.path, 'real'), inside(workspace.path, 'in'), inside(workspace.path, 'out'), inside(workspace.path, 'out', 'psum.txt'), inside(other.file('workspace'), 'real')]), [true, true, true, false, false, true]);
  });

  it('unknown, doubled, halved and odd parameters are refused', () => {
    assert.match(problemOf('path=a&command=x'), /"command"/);
    assert.match(problemOf('path=a&path=b'), /twice/);
    assert.match(problemOf('path=a&layer='), /empty name/);
    assert.match(problemOf('path=a&kij=1'), /which value is selected/);
    const whole = formatLink({ path: 'a', selection: { icTile: 0, ocTile: 0, kij: 0, nij: 0, row: 0, col: 0, oNij: -1 } });
    assert.ok(!('problem' in parseLink(whole)));
    for (const odd of ['-1', '1.5', '1e3', '0x1', '01', '', 'NaN', '99999999999']) assert.match(problemOf(whole.replace('kij=0', `kij=${odd}`)), /which value is selected/, odd);
    assert.match(problemOf(whole.replace('oNij=-1', 'oNij=-2')), /which value is selected/);
    assert.match(problemOf(`path=${'a'.repeat(5000)}`), /too long/);
  });
});
