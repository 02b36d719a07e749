import assert from 'node:assert/strict';
import fc from 'fast-check';
import { conv } from '../../../src/engine/conv';
import { Problem } from '../../../src/engine/problem';
import { mapLayer } from '../../../src/engine/tiling';
import type { AxisCounts, Kind } from '../../../src/vectors/axis';
import { AXES_OF, axisCounts } from '../../../src/vectors/axis';
import { decode, encode } from '../../../src/vectors/codec';
import type { PlanRequest, PlannedFile } from '../../../src/vectors/plan';
import { planFiles } from '../../../src/vectors/plan';
import type { FileSpec } from '../../../src/vectors/profile';
import { BUILT_IN_PROFILES } from '../../../src/vectors/profile';
import { sourceOf } from '../../../src/vectors/tensor';
import { computed } from '../support/layers';

const ALL = { icTile: 'all', ocTile: 'all', kij: 'all', nij: 'all', o_nij: 'all' } as const;
const counts: AxisCounts = { icTile: 2, ocTile: 3, row: 8, col: 8, kij: 9, nij: 36, o_nij: 16 };
const bits = { activation: 4, weight: 4, psum: 16 };

function planOf(name: string, change: Partial<PlanRequest> = {}): PlannedFile[] {
  const profile = BUILT_IN_PROFILES.find((candidate) => candidate.name === name);
  assert.ok(profile);
  return planFiles({ profile, counts, bits, select: {}, extras: [], ...change });
}

function planOne(file: Partial<FileSpec>, change: Partial<PlanRequest> = {}): PlannedFile[] {
  const spec: FileSpec = { name: 'psum[_kij{kij}].txt', holds: 'psum', lines: ['nij'], words: ['col desc'], select: { icTile: 0, ocTile: 0, kij: 0 }, ...file };
  return planFiles({ profile: { name: 'mine', description: '', files: [spec] }, counts, bits, select: {}, extras: [], ...change });
}

const paths = (files: PlannedFile[]): string[] => files.map((file) => file.path);

describe('planning a set', () => {
  it('writes all tiles and all kij when asked, naming each file by what it holds', () => {
    const files = planOf('hw-code6', { select: ALL });
    assert.equal(files.length, 2 + 2 * 3 * 9 + 2 * 3 * 9);
    assert.ok(paths(files).includes('psum_itile1_otile2_kij8.txt'));
    assert.ok(paths(files).includes('activation_tile1.txt'));
    const chosen = planOf('golden-part1', { select: { kij: 4 } });
    assert.ok(paths(chosen).includes('psum_itile0_otile0.txt'));
    assert.ok(paths(chosen).includes('golden/Part1/weight_itile1_otile2_kij4.txt'));
    assert.ok(paths(chosen).includes('golden/Part1/out_otile2.txt'));
  });

  it('gives every file a decimal twin and adds the address file when asked', () => {
    const files = paths(planOf('memory-data-4bit', { extras: ['decimal', 'address'], counts: { ...counts, icTile: 1, ocTile: 1 } }));
    assert.ok(files.includes('viz/viz_out.txt') && files.includes('viz/viz_weight_itile0_otile0_kij8.txt') && files.includes('acc_address.txt'));
    assert.equal(files.filter((file) => file.includes('viz_acc')).length, 0);
    const [address] = planOf('part1', { extras: ['address'] }).slice(-1);
    assert.equal(address?.layout.spec.bits, 11);
    assert.equal(address.layout.lineCount, 16 * 9);
    const [wide] = planOf('part1', { extras: ['address'], counts: { ...counts, nij: 1156 } }).slice(-1);
    assert.equal(wide?.layout.spec.bits, 14);
  });

  it('follows the array size: 16 columns, 4 rows', () => {
    const [weight] = planOf('memory-data-2bit', { counts: { ...counts, row: 4, col: 16 } }).filter(({ layout }) => layout.spec.kind === 'weight');
    assert.deepEqual([weight?.layout.lineCount, weight?.layout.wordsPerLine], [32, 2]);
    assert.deepEqual(weight?.layout.coordinates(3, 0), { icTile: 0, ocTile: 0, kij: 0, col: 1, row: 3 });
    const [out] = planOf('memory-data-2bit', { counts: { ...counts, col: 16 } }).filter(({ layout }) => layout.spec.kind === 'out');
    assert.deepEqual([0, 7, 8, 15].map((word) => out?.layout.coordinates(0, word).col), [7, 0, 15, 8]);
  });

  it('cuts ranges at the end as the notebooks do', () => {
    const [activation] = planOf('part1', { counts: { ...counts, icTile: 1 } });
    assert.equal(activation?.layout.lineCount, 36);
    const [long] = planOf('part1', { counts: { ...counts, icTile: 1, nij: 100 } });
    assert.equal(long?.layout.lineCount, 64);
  });

  it('everything a profile writes reads back to the same tensors, for random shapes, bits, arrays and profiles', () => {
    const layer = fc.record({
      profile: fc.constantFrom(...BUILT_IN_PROFILES),
      channels: fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 })),
      image: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
      kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
      array: fc.tuple(fc.constantFrom(2, 4, 6, 8), fc.constantFrom(1, 4, 8, 16)),
      bits: fc.record({ activation: fc.integer({ min: 2, max: 8 }), weight: fc.integer({ min: 2, max: 8 }) }),
    });
    fc.assert(
      fc.property(layer, ({ profile, channels: [inChannels, outChannels], image: [height, width], kernel: [kernelHeight, kernelWidth], array: [rows, cols], bits: codeBits }) => {
        const mapping = mapLayer(conv({ inChannels, outChannels, height, width, kernelHeight, kernelWidth, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } }), { rows, cols });
        const code = (i: number, width_: number): number => (i * 2654435761) % 2 ** width_;
        const activationCodes = Int32Array.from({ length: inChannels * height * width }, (_, i) => code(i, codeBits.activation));
        const weightCodes = Int32Array.from({ length: outChannels * inChannels * kernelHeight * kernelWidth }, (_, i) => code(i, codeBits.weight) - 2 ** (codeBits.weight - 1));
        const result = computed({ mapping, activationCodes, weightCodes, psumBits: 24, overflow: 'error' });
        const planned = planFiles({ profile, counts: axisCounts(mapping), bits: { ...codeBits, psum: 24 }, select: ALL, extras: ['decimal', 'address'] });
        const reached = new Map<Kind, Set<string>>();
        for (const { path, layout, relu } of planned) {
          const seen = reached.get(layout.spec.kind) ?? new Set();
          reached.set(layout.spec.kind, seen);
          const source = sourceOf(result, layout.spec.kind, relu);
          const words = decode(layout, encode(layout, source));
          // Reading into an empty tensor and asking the coordinates must give what the engine computed
          for (let line = 0; line < layout.lineCount; line++) {
            for (let word = 0; word < layout.wordsPerLine; word++) {
              const coordinates = layout.coordinates(line, word);
              seen.add(AXES_OF[layout.spec.kind].map((axis) => coordinates[axis]).join());
              const offset = Object.entries(source.strides).reduce((sum, [axis, stride]) => sum + stride * (coordinates[axis as keyof AxisCounts] ?? 0), 0);
              assert.equal(words[line * layout.wordsPerLine + word], source.block(coordinates)[offset], path);
            }
          }
        }
        for (const [kind, seen] of reached) {
          const all = AXES_OF[kind].reduce((count, axis) => count * axisCounts(mapping)[axis], 1);
          assert.equal(seen.size, all, `${profile.name} writes ${seen.size} of ${all} values of ${kind}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  const bad: [string, () => unknown, RegExp][] = [
    ['an unknown axis', () => planOne({ words: ['row desc'] }), /has the loop "row desc".*/],
    ['a loop that is no term', () => planOne({ lines: ['nij ascending'] }), /has the loop "nij ascending"/],
    ['an axis that nothing tells', () => planOne({ name: 'psum.txt' }, { select: { kij: 'all' } }), /does not say which kij it holds, and 9 are selected/],
    ['a name with an axis that the lines enumerate', () => planOne({ name: 'psum_{nij}.txt' }), /mentions \{nij\}/],
    ['a split that does not divide', () => planOne({ words: ['col/3', 'col%3'] }), /splits 8 values of col into parts of 3/],
    ['a selection outside the layer', () => planOne({}, { select: { nij: '200:264' } }), /selects nij 200:264, but this layer has nij 0 to 35/],
    ['a selection outside the layer', () => planOne({}, { select: { kij: 9 } }), /selects kij 9/],
    ['a path out of the folder', () => planOne({ name: '../psum.txt' }), /is not a path inside the output folder/],
    ['an absolute path', () => planOne({ name: '/etc/psum.txt' }), /is not a path inside the output folder/],
    ['a Windows path', () => planOne({ name: 'C:\\psum.txt' }), /is not a path inside the output folder/],
    ['psum words over tiles', () => encode(planOne({ words: ['ocTile', 'col desc'] })[0]!.layout, { strides: { col: 1, nij: 8 }, block: () => new Int32Array(288) }), /words of one line cannot run over ocTile/],
    ['a path that leaves when its coordinates are filled in', () => planOne({ name: '.[{kij}]./psum.txt' }), /is not a path inside the output folder/],
    ['a bracket without a coordinate', () => planOne({ name: '.[x]./psum.txt' }), /part "\[x\]" without a coordinate/],
    ['a twin outside', () => planOne({ twin: '../../escaped.txt' }, { extras: ['decimal'] }), /is not a path inside the output folder/],
    ['every fourth value', () => planOne({ lines: ['nij/4'] }), /writes 9 of 36 values of nij/],
    ['the first four of a block', () => planOne({ words: ['col%4'] }), /writes 4 of 8 values of col/],
    ['parts that do not fit together', () => planOne({ words: ['col/4', 'col%2'] }), /writes 4 of 8 values of col/],
    ['tiles inside pixels', () => planOne({ lines: ['nij', 'icTile'], select: { ocTile: 0, kij: 0 } }), /enumerates tiles inside another loop/],
    ['the manifest\'s name', () => planOne({ name: 'tilescope-manifest.json' }, { reserved: ['tilescope-manifest.json'] }), /has a name that TileScope needs itself/],
    ['names that differ by case only', () => planFiles({ profile: { name: 'm', description: '', files: ['Out.txt', 'out.txt'].map((name) => ({ name, holds: 'address', lines: ['o_nij', 'kij'], words: [] })) }, counts, bits, select: {}, extras: [] }), /stands for two files/],
    ['a file that is a folder too', () => planFiles({ profile: { name: 'm', description: '', files: ['a', 'a/b'].map((name) => ({ name, holds: 'address', lines: ['o_nij', 'kij'], words: [] })) }, counts, bits, select: {}, extras: [] }), /is a file and a folder/],
    ['two files of one name', () => planFiles({ profile: { name: 'm', description: '', files: [1, 2].map(() => ({ name: 'a.txt', holds: 'address', lines: ['o_nij', 'kij'], words: [] })) }, counts, bits, select: {}, extras: [] }), /"a.txt" stands for two files/],
  ];
  for (const [what, run, message] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(run, (error) => error instanceof Problem && error.code === 'profile' && message.test(error.what));
    });
  }
});
