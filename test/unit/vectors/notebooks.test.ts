import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { LayerResult } from '../../../src/engine/layer';
import { quantizeActivations, quantizeWeights } from '../../../src/engine/quantize';
import { axisCounts } from '../../../src/vectors/axis';
import { encode } from '../../../src/vectors/codec';
import type { PlannedFile } from '../../../src/vectors/plan';
import { planFiles } from '../../../src/vectors/plan';
import { BUILT_IN_PROFILES } from '../../../src/vectors/profile';
import { sourceOf } from '../../../src/vectors/tensor';
import { NOTEBOOK_CASES, fixture, float32, int32, oracleCase } from '../support/fixtures';
import { computed, mappingOf } from '../support/layers';

/** From float tensors and alphas, as a user gives them. */
function layerOf(name: string): LayerResult {
  const meta = oracleCase(name);
  const { codes: weightCodes } = quantizeWeights(float32('oracle', name, 'inputs/weight_float.npy'), meta.w_bit, meta.w_alpha);
  const { codes: activationCodes } = quantizeActivations(float32('oracle', name, 'inputs/act_float.npy'), meta.act_bit, meta.act_alpha);
  return computed({ mapping: mappingOf(meta), activationCodes, weightCodes, psumBits: 16, overflow: 'error' });
}

function profile(name: string): (typeof BUILT_IN_PROFILES)[number] {
  const found = BUILT_IN_PROFILES.find((candidate) => candidate.name === name);
  assert.ok(found, name);
  return found;
}

function plan(profileName: string, name: string): PlannedFile[] {
  const meta = oracleCase(name);
  return planFiles({ profile: profile(profileName), counts: axisCounts(mappingOf(meta)), bits: { activation: meta.act_bit, weight: meta.w_bit, psum: 16 }, select: {}, extras: [] });
}

const textOf = (file: PlannedFile, result: LayerResult): string => Buffer.from(encode(file.layout, sourceOf(result, file.layout.spec.kind, file.relu))).toString('latin1');

const goldenFiles = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.txt'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();

describe('profiles reproduce the notebooks byte for byte', () => {
  for (const [profileName, name] of Object.entries(NOTEBOOK_CASES)) {
    const folder = fixture('oracle', name);
    const planned = plan(profileName, name);
    const result = layerOf(name);

    it(`${profileName}: the same files, no more and no fewer`, () => {
      assert.deepEqual(planned.map((file) => file.path).sort(), goldenFiles(folder));
    });

    for (const file of planned) {
      it(`${profileName}: ${file.path}`, () => {
        assert.equal(textOf(file, result), fs.readFileSync(path.join(folder, file.path), 'latin1'));
      });
    }
  }

  it('golden-part1: outputs beyond 16 bits are written as the wrapped bits, which are the notebook\'s', () => {
    const name = 'odd_overflow_pos_64to8';
    const result = computed({ mapping: mappingOf(oracleCase(name)), activationCodes: int32('oracle', name, 'inputs/act_int.npy'), weightCodes: int32('oracle', name, 'inputs/weight_int.npy'), psumBits: 16, overflow: 'wrap' });
    const file = plan('golden-part1', name).find((planned) => planned.path === 'golden/Part1/out_raw.txt');
    assert.ok(file);
    assert.equal(textOf(file, result), fs.readFileSync(fixture('oracle', name, 'nb001/golden/Part1/out_raw.txt'), 'latin1'));
  });

  it('hw-code6: one tile, one kij, nij 200..263, a blank after every word, lines of weight.txt are rows', () => {
    // Written out with the notebook's own loops, independent of Layout: 16 channels on a 16x16 image (18x18 padded)
    const meta = { ...oracleCase('nb002_8x8_4x4_a8'), weight_shape: [16, 16, 3, 3] as [number, number, number, number], act_shape: [16, 16, 16] as [number, number, number] };
    const mapping = mappingOf(meta);
    const activationCodes = Int32Array.from({ length: 16 * 16 * 16 }, (_, i) => (i * 7 + (i >> 5)) % 16);
    const weightCodes = Int32Array.from({ length: 16 * 16 * 9 }, (_, i) => ((i * 5 + (i >> 4)) % 15) - 7);
    const result = computed({ mapping, activationCodes, weightCodes, psumBits: 16, overflow: 'error' });
    const activation = (row: number, nij: number): number => {
      const [i, j] = [Math.floor(nij / 18) - 1, (nij % 18) - 1];
      return i < 0 || j < 0 || i > 15 || j > 15 ? 0 : activationCodes[(row * 16 + i) * 16 + j]!;
    };
    const weight = (col: number, row: number): number => weightCodes[(col * 16 + row) * 9]!;
    const bits = (value: number, width: number): string => (value & (2 ** width - 1)).toString(2).padStart(width, '0');
    const header = (words: [string, string, string, string]): string => `#${words[0]}[msb-lsb],${words[1]}[msb-lst],....,${words[2]}[msb-lst]#\n#${words.map((word) => word.replace(/^(time|col)0/, '$11')).slice(0, 2).join('[msb-lsb],')}[msb-lst],....,${words[3]}[msb-lst]#\n#................#\n`;
    const descending = (line: (word: number) => string): string => [7, 6, 5, 4, 3, 2, 1, 0].map((word) => `${line(word)} `).join('') + '\n';
    let activationText = header(['time0row7', 'time0row6', 'time0row0', 'time1row0']);
    let weightText = header(['col0row7', 'col0row6', 'col0row0', 'col1row0']);
    let psumText = header(['time0col7', 'time0col6', 'time0col0', 'time1col0']);
    for (let nij = 200; nij < 264; nij++) {
      activationText += descending((row) => bits(activation(row, nij), 4));
      psumText += descending((col) => bits([0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, row) => sum + activation(row, nij) * weight(col, row), 0), 16));
    }
    for (let row = 0; row < 8; row++) weightText += descending((col) => bits(weight(col, row), 4));
    const expected: Record<string, string> = { 'activation.txt': activationText, 'weight.txt': weightText, 'psum.txt': psumText };
    const planned = planFiles({ profile: profile('hw-code6'), counts: axisCounts(mapping), bits: { activation: 4, weight: 4, psum: 16 }, select: {}, extras: [] });
    assert.deepEqual(planned.map((file) => file.path).sort(), Object.keys(expected).sort());
    for (const file of planned) assert.equal(textOf(file, result), expected[file.path], file.path);
  });
});
