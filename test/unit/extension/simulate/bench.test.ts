import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readBench, readPlusargs } from '../../../../src/extension/simulate/bench';
import type { Bench } from '../../../../src/extension/simulate/bench';
import { runOnSet } from '../../../../src/extension/simulate/benchSet';
import { Layout } from '../../../../src/vectors/layout';
import type { LayoutSpec } from '../../../../src/vectors/layout';
import { ROOT } from '../../support/fixtures';

const RTL = path.join(ROOT, 'examples/digits/rtl');
const read = (name: string): string => fs.readFileSync(path.join(RTL, name), 'utf8');

function exampleBench(): Bench {
  return readBench(read('tb_core.v'), [read('tb_faults.vh'), read('faults.vh')])!;
}

const loop = (axis: LayoutSpec['lines'][number]['axis'], count: number) => ({ axis, start: 0, step: 1, count });
function file(name: string, kind: LayoutSpec['kind'], bits: number, lines: LayoutSpec['lines'], words: LayoutSpec['words'], fixed: LayoutSpec['fixed'] = {}, header: string[] = []): { path: string; layout: Layout } {
  return { path: name, layout: new Layout({ kind, bits, signed: true, radix: 'binary', lines, words, fixed, separator: '', trailing: '', header, eol: '\n' }) };
}

/** 2 x 3 tiles on an array of 4 x 2, 3x3 kernels on a padded 7x7 image with stride 2. */
function set(): { path: string; layout: Layout }[] {
  const weights = [0, 1].flatMap((icTile) => [0, 1, 2].map((ocTile) => file(`in/w${icTile}${ocTile}.txt`, 'weight', 5, [loop('kij', 9), loop('col', 2)], [loop('row', 4)], { icTile, ocTile })));
  return [file('in/a0.txt', 'activation', 5, [loop('nij', 49)], [loop('row', 4)], { icTile: 0 }, ['#', '#']), ...weights, file('psum.txt', 'psum', 20, [loop('nij', 49)], [loop('col', 2)]), file('out.txt', 'out', 20, [loop('o_nij', 9)], [loop('col', 2)])];
}

describe('simulations: test benches', () => {
  it('the example: module, parameters with defaults, plusargs, and the faults by name', () => {
    const bench = exampleBench();
    assert.equal(bench.module, 'tb_core');
    assert.deepEqual([bench.parameters.get('row'), bench.parameters.get('pad_left'), bench.parameters.size], [8, 1, 18]);
    assert.deepEqual(['data', 'dump', 'fault_bits'].filter((name) => !bench.plusargs.some((plusarg) => plusarg.name === name)), []);
    const faults = bench.plusargs.find(({ name }) => name === 'fault')!.values;
    assert.equal(faults.length, 36);
    assert.ok(['weight_unsigned', 'first_line_skipped'].every((name) => faults.includes(name)));
  });

  it('a value compared in place, flags, and nothing from comments', () => {
    const text = 'initial begin // $value$plusargs("no=%d", x)\n if ($test$plusargs("trace")) ; got = $value$plusargs("mode=%s", mode); if (mode == "fast") ; /* $test$plusargs("never") */ end';
    assert.deepEqual(readBench(`module tb; ${text} endmodule`)!.plusargs, [
      { name: 'mode', valued: true, values: ['fast'] },
      { name: 'trace', valued: false, values: [] },
    ]);
    assert.deepEqual(readPlusargs('nothing'), []);
    assert.equal(readBench('// module none'), undefined);
  });

  it('a set gives the parameters that differ, and the plusargs that the bench reads', () => {
    assert.deepEqual(runOnSet(exampleBench(), set(), '../golden/x', 'dump/x'), {
      parameters: { row: 4, col: 2, bw: 5, psum_bw: 20, ic_tiles: 2, oc_tiles: 3, height: 5, width: 5, stride_height: 2, stride_width: 2 },
      plusargs: ['+data=../golden/x/in', '+psum=../golden/x', '+headers=2', '+dump=dump/x'],
    });
  });

  it('no run where the bench asks for no files, or the image is not square', () => {
    assert.equal(runOnSet({ ...exampleBench(), plusargs: [] }, set(), 'x', 'y'), undefined);
    const oblong = set().map((entry) => (entry.layout.spec.kind === 'activation' ? file('a.txt', 'activation', 5, [loop('nij', 35)], [loop('row', 4)]) : entry));
    assert.equal(runOnSet(exampleBench(), oblong, 'x', 'y'), undefined);
  });
});
