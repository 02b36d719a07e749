import assert from 'node:assert/strict';
import { goldenFile } from '../../../src/check/lint/context';
import { isFileList } from '../../../src/check/lint/textRules';
import { GOLDEN_GLOB, isGoldenName as isShown } from '../../../src/extension/golden/eligible';
import { dumpScore } from '../../../src/check/present/pairing';
import { isCandidateName } from '../../../src/project/goldenFolder';
import { isDump } from '../../../src/vectors/dumpFile';
import { DUMP_ENDINGS, GOLDEN_ENDINGS, isDumpEnding, isDumpName } from '../../../src/vectors/fileNames';
import { inferShape } from '../../../src/vectors/infer';
import { textShape } from '../../../src/vectors/textShape';

describe('names of golden files', () => {
  it('the editor and the command line look at the same', () => {
    for (const ending of GOLDEN_ENDINGS) {
      const names = [`memory.${ending}`, `A0.${ending.toUpperCase()}`];
      for (const name of names) assert.deepEqual([isShown(name), isCandidateName(name)], [true, true], name);
      assert.match(GOLDEN_GLOB, new RegExp(`[{,]${ending}[,}]`));
    }
    for (const name of ['core.v', 'txt', 'a.txt.gz', 'a.list2']) assert.deepEqual([isShown(name), isCandidateName(name)], [false, false], name);
  });

  it('a dump is the same to lint, to tests that are found, and to what is offered', () => {
    const shape = textShape(`${'0000000000000101'.repeat(8)}\n`.repeat(9));
    const dumps = ['psum.memb', 'psum.memh.txt', 'psum_rtl.txt', 'dump.txt', 'out_dut.hex', 'sim_out.txt', 'pmem.txt', 'omem.dat', 'xmem0.txt', 'verilog_out.txt', 'out_actual.txt', 'got.txt'];
    const others = ['psum.txt', 'simple.txt', 'weights.mem', 'members.txt', 'out_memory.txt', 'forgotten.txt', 'factual.txt', 'dumpling.txt'];
    for (const [names, is] of [[dumps, true], [others, false]] as const) {
      for (const name of names) {
        const file = goldenFile(inferShape(shape, name, {}), false);
        assert.deepEqual([isDumpName(name), isDump(`rtl/${name}`, shape), file?.dump, dumpScore(name) >= 2], [is, is, is, is], name);
      }
    }
    // Word counters are a simulator's
    const memory = textShape(`// 0x00000000\n${'0101\n'.repeat(9)}`);
    assert.deepEqual([isDump('psum.txt', memory), dumpScore('run.log'), dumpScore('a.vcd')], [true, 2, 2]);
    for (const ending of DUMP_ENDINGS) assert.ok(isDumpEnding(`a.${ending.toUpperCase()}`));
    assert.equal(isDumpEnding('core.v'), false);
  });

  it('a list of sources is told from a memory by its name', () => {
    for (const name of ['sources.list', 'sim/rtl_files.list', 'SOURCE.LIST', 'core.f', 'filelist', 'filelist.txt']) assert.equal(isFileList(name), true, name);
    for (const name of ['memory.list', 'weights.list', 'resources.list', 'a.txt']) assert.equal(isFileList(name), false, name);
  });
});
