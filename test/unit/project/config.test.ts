import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { checkConfig } from '../../../src/project/checkConfig';
import { parseConfig } from '../../../src/project/config';
import { findEntries, resolveEntry } from '../../../src/project/entry';
import { openConfig } from '../../../src/project/openConfig';
import { ConfigSchema } from '../../../src/project/schema';
import type { Problem } from '../../../src/engine/problem';
import { ROOT } from '../support/fixtures';
import { removeTestFolders, testFolder } from '../support/workspace';

const ENTRY = { name: 'a', source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' }, output: 'golden' };

/** What is found in a configuration, as `line:column code what next`. */
function found(text: string): string[] {
  return parseConfig(text, '/work space/tilescope.json').problems.map(({ place, code, what, next }) => `${place.line ?? ''}:${place.column ?? ''} ${code} ${what} ${next}`);
}

describe('tilescope.json', () => {
  after(removeTestFolders);

  it('reads JSON with comments and trailing commas', () => {
    const { config, problems } = parseConfig(`// a comment\n{ "layers": [${JSON.stringify(ENTRY)},], }`, '/x/tilescope.json');
    assert.deepEqual(problems, []);
    assert.equal(config?.folder, '/x');
    assert.equal(resolveEntry(config, 0).profile.name, 'golden-part1');
  });

  const broken: [string, string, RegExp][] = [
    ['an empty file', '', /^1:1 config-syntax This is not JSON: value expected|^1:1 config-syntax The file is empty/],
    ['a missing comma', '{\n  "layers": [\n    {"name": "a" "output": "b"}\n  ]\n}', /^3:18 config-syntax This is not JSON: comma expected/],
    ['no layers', '{}', /^1:1 config-schema the configuration has no "layers"\. Add "layers"\. The layers/],
    ['an unknown key', JSON.stringify({ layers: [{ ...ENTRY, stride: 1 }] }, null, 2), /^\d+:7 config-schema Unknown key "stride" in layers\[0\]\. Allowed here: name, source, quantization, convolution/],
    ['a word that is none of the allowed', JSON.stringify({ layers: [{ ...ENTRY, array: { overflow: 'ignore' } }] }, null, 2), /^\d+:21 config-schema layers\[0\]\.array\.overflow is "ignore"\. Use one of: error, wrap, saturate/],
    ['a number out of range', JSON.stringify({ layers: [{ ...ENTRY, quantization: { actBits: 9 } }] }, null, 2), /config-schema layers\[0\]\.quantization\.actBits must be <= 8; it is 9\. Bits of an activation code/],
    ['an alpha of 0', JSON.stringify({ layers: [{ ...ENTRY, quantization: { actAlpha: 0 } }] }, null, 2), /config-schema layers\[0\]\.quantization\.actAlpha must be > 0; it is 0/],
    ['a string where a number belongs', JSON.stringify({ layers: [{ ...ENTRY, array: { rows: '8' } }] }, null, 2), /config-schema layers\[0\]\.array\.rows must be integer; it is "8"\. Rows of the array/],
    ['an unknown source', JSON.stringify({ layers: [{ ...ENTRY, source: { type: 'torch' } }] }, null, 2), /config-schema layers\[0\]\.source has the type "torch"\. Set "type" to one of: onnx, float, codes/],
    ['a source without its model', JSON.stringify({ layers: [{ ...ENTRY, source: { type: 'onnx', layer: 'x', input: 'y' } }] }, null, 2), /config-schema layers\[0\]\.source has no "model"\. Add "model"\. The ONNX model, relative to this file/],
    ['a padding of three numbers', JSON.stringify({ layers: [{ ...ENTRY, convolution: { padding: [1, 1, 1] } }] }, null, 2), /config-schema layers\[0\]\.convolution\.padding is \[1,1,1\]\. Zero pixels around the image/],
    ['a range that is none', JSON.stringify({ layers: [{ ...ENTRY, select: { kij: '1-3' } }] }, null, 2), /config-schema layers\[0\]\.select\.kij is "1-3"\. "all", one index, or a range/],
  ];
  for (const [what, text, expected] of broken) {
    it(`names line, key and what is allowed: ${what}`, () => {
      const problems = found(text);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', expected);
    });
  }

  it('finds all mistakes at once', () => {
    const problems = found(JSON.stringify({ layers: [{ ...ENTRY, name: '', array: { rows: 0, clos: 8 } }], extra: 1 }));
    assert.equal(problems.length, 4, problems.join('\n'));
  });

  /** Semantic findings for a configuration that the schema accepts. */
  async function checked(data: object): Promise<Problem[]> {
    const folder = testFolder();
    folder.write('a.npy', '');
    folder.write('w.npy', '');
    const { config, problems } = parseConfig(JSON.stringify(data, null, 2), folder.file('tilescope.json'));
    assert.deepEqual(problems, []);
    assert.ok(config);
    return checkConfig(config);
  }

  const unfit: [string, object, RegExp, number][] = [
    ['a profile that does not exist', { layers: [{ ...ENTRY, profile: 'part2' }] }, /There is no profile "part2"/, 11],
    ['a default profile that does not exist', { layers: [ENTRY], defaults: { profile: 'part2' } }, /There is no profile "part2"/, 14],
    ['a missing file', { layers: [{ ...ENTRY, source: { type: 'codes', activation: 'b.npy', weight: 'w.npy' } }] }, /activation names b\.npy, and there is no such file that can be read/, 7],
    ['a float source without alphas', { layers: [{ ...ENTRY, source: { type: 'float', activation: 'a.npy', weight: 'w.npy' } }] }, /needs quantization\.actAlpha/, 5],
    ['bits beside a model', { layers: [{ ...ENTRY, source: { type: 'onnx', model: 'a.npy', layer: 'x', input: 'w.npy' }, quantization: { actAlpha: 4 } }] }, /actAlpha is given, but an ONNX source brings its own alphas/, 13],
    ['a convolution beside a model', { layers: [{ ...ENTRY, source: { type: 'onnx', model: 'a.npy', layer: 'x', input: 'w.npy' }, convolution: {} }] }, /A convolution is given/, 12],
    ['an output outside', { layers: [{ ...ENTRY, output: '../golden' }] }, /lies outside/, 10],
    ['the folder itself as output', { layers: [{ ...ENTRY, output: '.' }] }, /configuration's own folder/, 10],
    ['a profile of its own that contradicts itself', { layers: [{ ...ENTRY, profile: 'mine' }], profiles: [{ name: 'mine', files: [{ name: 'p.txt', holds: 'psum', lines: ['nij'], words: ['rows'] }] }] }, /has the loop "rows"/, 17],
  ];
  for (const [what, data, expected, line] of unfit) {
    it(`finds at its line ${what}`, async () => {
      const problems = await checked(data);
      assert.equal(problems.length, 1, problems.map((problem) => problem.format()).join('\n'));
      assert.match(problems[0]?.what ?? '', expected);
      assert.equal(problems[0]?.place.line, line);
      assert.notEqual(problems[0].next, '');
    });
  }

  it('finds names used twice and outputs in each other', async () => {
    const problems = await checked({ layers: [ENTRY, { ...ENTRY, output: 'golden/inner' }] });
    assert.deepEqual(problems.map(({ code, place }) => `${code} ${place.line ?? ''}`), ['config-value 13', 'config-value 19']);
  });

  it('takes settings from the layer, then the defaults, then its own', () => {
    const { config } = parseConfig(JSON.stringify({ layers: [{ ...ENTRY, array: { rows: 4 } }], defaults: { array: { rows: 16, cols: 16 }, extras: ['address'] } }), '/x/tilescope.json');
    assert.ok(config);
    const entry = resolveEntry(config, 0);
    assert.deepEqual([entry.array.rows, entry.array.cols, entry.array.psumBits, entry.extras], [4, 16, 16, ['address']]);
    assert.throws(() => findEntries(config, ['b']), /no layer "b"/);
  });

  it('says where it looked for a configuration', async () => {
    const folder = testFolder();
    await assert.rejects(openConfig(folder.path), /tilescope\.json does not exist/);
    await assert.rejects(openConfig(folder.file('no/where.json')), /where\.json does not exist/);
  });

  it('the schema that VS Code completes from is the one that is checked', () => {
    const { $id, ...schema } = JSON.parse(JSON.stringify(ConfigSchema)) as Record<string, unknown>;
    assert.equal($id, 'tilescope.schema.json');
    const { $schema, ...file } = JSON.parse(fs.readFileSync(path.join(ROOT, 'schemas/tilescope.schema.json'), 'utf8')) as Record<string, unknown>;
    assert.match(String($schema), /draft-07/);
    assert.deepEqual(file, schema, 'run "npm run schema"');
  });
});
