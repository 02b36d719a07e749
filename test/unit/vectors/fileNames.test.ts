import assert from 'node:assert/strict';
import { isFileList } from '../../../src/check/lint/textRules';
import { GOLDEN_GLOB, isGoldenName as isShown } from '../../../src/extension/golden/eligible';
import { isCandidateName } from '../../../src/project/goldenFolder';
import { GOLDEN_ENDINGS } from '../../../src/vectors/fileNames';

describe('names of golden files', () => {
  it('the editor and the command line look at the same', () => {
    for (const ending of GOLDEN_ENDINGS) {
      const names = [`memory.${ending}`, `A0.${ending.toUpperCase()}`];
      for (const name of names) assert.deepEqual([isShown(name), isCandidateName(name)], [true, true], name);
      assert.match(GOLDEN_GLOB, new RegExp(`[{,]${ending}[,}]`));
    }
    for (const name of ['core.v', 'txt', 'a.txt.gz', 'a.list2']) assert.deepEqual([isShown(name), isCandidateName(name)], [false, false], name);
  });

  it('a list of sources is told from a memory by its name', () => {
    for (const name of ['sources.list', 'sim/rtl_files.list', 'SOURCE.LIST', 'core.f', 'filelist', 'filelist.txt']) assert.equal(isFileList(name), true, name);
    for (const name of ['memory.list', 'weights.list', 'resources.list', 'a.txt']) assert.equal(isFileList(name), false, name);
  });
});
