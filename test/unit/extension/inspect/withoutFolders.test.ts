import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { withoutFolders } from '../../../../src/extension/inspect/withoutFolders';

describe('inspector: texts for the page', () => {
  it('name what lies in the workspace from there, and other files by their own names', () => {
    const shorten = (text: string): string => withoutFolders(text, ['/home/u/work'], ['/home/u/work/golden', '/data/set.1']);
    assert.equal(shorten('Layer a of /home/u/work/tilescope.json.'), 'Layer a of tilescope.json.');
    assert.equal(shorten('The golden files in /home/u/work/golden/a were made from others.'), 'The golden files in golden/a were made from others.');
    assert.equal(shorten('The configuration in /home/u/work has none.'), 'The configuration in work has none.');
    assert.equal(shorten('Activations of /data/set.1 (10 files).'), 'Activations of set.1 (10 files).');
    assert.equal(shorten('/data/set.1/psum.txt, /data/set.1-b/psum.txt'), 'psum.txt, /data/set.1-b/psum.txt');
    assert.equal(withoutFolders('1 / 2', ['/'], []), '1 / 2');
  });

  it('hold no known folder afterwards, and lose nothing else', () => {
    const name = fc.stringMatching(/^[a-z][a-z.+()]{0,6}[a-z]$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 2, maxLength: 4 }), name, name, (parts, file, word) => {
        const folder = path.sep + parts.join(path.sep);
        assert.equal(withoutFolders(`${word} ${folder}${path.sep}${file} ${folder} ${word}`, [folder], []), `${word} ${file} ${parts.at(-1)!} ${word}`);
      }),
      { seed: 3 },
    );
  });
});
