import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { runLint } from '../../../src/cli/lint';
import { asProblem } from '../../../src/engine/problem';
import { writeNpy } from '../../../src/model/npy';
import { generate } from '../../../src/project/generate';
import { lintText } from '../../../src/check/lint/lintText';
import type { LintReport } from '../../../src/project/lintFiles';
import { lintFolder, lintPaths } from '../../../src/project/lintFiles';
import { BUILT_IN_PROFILES } from '../../../src/vectors/profile';
import { NOTEBOOK_CASES, fixture } from '../support/fixtures';
import type { TestFolder } from '../support/workspace';
import { ORT_SCRIPT, entryOf, notebookLayer, removeTestFolders, testFolder, tinyLayer } from '../support/workspace';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function lint(cwd: string, paths: readonly string[], json = false, look = lintPaths): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runLint({ out: (text) => out.push(text), err: (text) => err.push(text), signal: new AbortController().signal, cwd, ortScript: ORT_SCRIPT }, { paths, json, verbose: false }, look);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const LINES = ['#time0row7#', '#time1row7#', '#....#', ...Array.from({ length: 16 }, (_, i) => (i * 0x01234567).toString(2).padStart(32, '0').slice(-32))];

function generated(): { folder: TestFolder; done: Promise<unknown> } {
  const folder = testFolder();
  return { folder, done: generate(entryOf(folder, notebookLayer(NOTEBOOK_CASES['golden-part1'], 'golden-part1')), { ortScript: ORT_SCRIPT }) };
}

describe('tilescope lint', () => {
  after(removeTestFolders);

  it('one line a finding, a sum, and exit code 1', async () => {
    const folder = testFolder();
    folder.write('golden/activation.txt', `${LINES.join('\n')}\n`.replace(`\n${LINES[5]!}\n`, `\n${LINES[5]!.slice(1)}\n`));
    folder.write('golden/README.txt', 'Some words about it.\n');
    folder.write('sim/core.f', 'mac.v\ncore.v');
    folder.write('.hidden/core.f', 'mac.v\ncore.v');
    const { code, out, err } = await lint(folder.path, ['.']);
    assert.deepEqual([code, err], [1, '']);
    const lines = out.split('\n');
    assert.equal(lines.length, 3, out);
    assert.match(lines[0]!, /^golden\/activation\.txt:6:1 error wrong-width: The line has 31 of 32 binary digits: .* Next: .*\.$/);
    assert.match(lines[1]!, /^sim\/core\.f:2:1 error no-final-newline: .*"core\.v"/);
    assert.equal(lines[2], '3 files, 1 of them without words: 2 errors.');
    const { wordless } = JSON.parse((await lint(folder.path, ['.'], true)).out) as { wordless: string[] };
    assert.deepEqual(wordless, ['golden/README.txt']);
    assert.equal((await lint(folder.path, ['golden/README.txt'])).out, '1 file without words: nothing found.');
  });

  it('an error inside the rules is a problem of its file, and the others keep their findings', () => {
    const text = `${LINES.join('\n')}\n`.replace(`\n${LINES[5]!}\n`, `\n${LINES[5]!.slice(1)}\n`);
    const texts = ['a.txt', 'b.txt', 'c.txt'].map((name) => ({ file: path.join('/sets', name), bytes: Buffer.from(text), text }));
    const { findings, problems } = lintFolder(texts, undefined, [], (request) => {
      if (request.name === 'b.txt') throw new RangeError('no such thing');
      return lintText(request);
    });
    assert.deepEqual(findings.filter(({ rule }) => rule === 'wrong-width').map(({ file }) => path.basename(file)), ['a.txt', 'c.txt']);
    assert.deepEqual(problems.map(({ code, place, what }) => [code, place.file, what]), [['internal', '/sets/b.txt', 'TileScope itself failed: no such thing.']]);
  });

  it('problems of TileScope end with exit code 3, behind what was found', async () => {
    const folder = testFolder();
    folder.write('files.f', 'mac.v');
    const problem = asProblem(new RangeError('no such thing')).at({ file: folder.file('b.txt') });
    const withProblem = async (paths: readonly string[]): Promise<LintReport> => ({ ...(await lintPaths(paths)), problems: [problem] });
    const { code, out, err } = await lint(folder.path, ['.'], false, withProblem);
    assert.equal(code, 3);
    assert.match(out, /files\.f:1:1 error no-final-newline[^]*1 file: 1 error\.$/);
    assert.match(err, /b\.txt: TileScope itself failed: no such thing\./);
    const json = await lint(folder.path, ['.'], true, withProblem);
    const result = JSON.parse(json.out) as { ok: boolean; findings: unknown[]; problems: { code: string }[] };
    assert.deepEqual([json.code, result.ok, result.findings.length, result.problems.map((each) => each.code)], [3, false, 1, ['internal']]);
  });

  it('exit code 0 for none and for infos, as text and as JSON', async () => {
    const folder = testFolder();
    folder.write('activation.txt', `${LINES.join('\n')}\n`);
    assert.deepEqual(await lint(folder.path, ['activation.txt']), { code: 0, out: '1 file: nothing found.', err: '' });
    folder.write('activation.txt', LINES.join('\n'));
    const { code, out } = await lint(folder.path, ['.'], true);
    const result = JSON.parse(out) as { ok: boolean; files: number; counts: object; findings: { rule: string; file: string; line: number; length: number; fix: { edits: unknown[] } }[] };
    assert.deepEqual([code, result.ok, result.files, result.counts], [0, true, 1, { error: 0, warning: 0, info: 1 }]);
    const [finding] = result.findings;
    assert.deepEqual([finding?.rule, finding?.file, finding?.line], ['no-final-newline', 'activation.txt', 19]);
    assert.deepEqual(finding?.fix.edits, [{ line: 19, column: 33, length: 0, text: '\n' }]);
  });

  it('exit code 2 for a path that is not there', async () => {
    const { code, err } = await lint(testFolder().path, ['nowhere']);
    assert.equal(code, 2);
    assert.match(err, /nowhere does not exist\. Next: Check the path\. \[usage\]/);
  });

  it('what TileScope wrote is clean; an edit, a lost file and new inputs are not', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    await generate(entryOf(folder, layer), { ortScript: ORT_SCRIPT });
    assert.deepEqual((await lintPaths([folder.path])).findings, []);
    const name = 'golden/activation_tile0.txt';
    folder.write(name, folder.read(name).split('\n').slice(1).join('\n'));
    fs.rmSync(folder.file('golden/out.txt'));
    folder.write('a.npy', writeNpy(Int8Array.of(8, 7, 6, 5, 4, 3, 2, 1), [2, 2, 2]));
    fs.rmSync(folder.file('w.npy'));
    const { findings } = await lintPaths([folder.path]);
    const brief = findings.map(({ file, rule, severity }) => `${path.relative(folder.file('golden'), file)} ${severity} ${rule}`).sort();
    assert.deepEqual(brief, [
      'activation_tile0.txt warning edited-file',
      'activation_tile0.txt warning missing-lines',
      'tilescope-manifest.json warning missing-member',
      'tilescope-manifest.json warning stale-inputs',
      'tilescope-manifest.json warning stale-inputs',
    ]);
  });

  it('an edited word stands in the manifest\'s layout, whatever it looks like', async () => {
    const { folder, done } = generated();
    await done;
    const name = 'golden/golden/Part1/weight_itile0_otile0_kij5.txt';
    folder.write(name, folder.read(name).replace(/\n([01]{31})[01]\n/, '\n$1-\n'));
    const rules = (await lintPaths([folder.path])).findings.map(({ file, rule, line }) => `${path.basename(file)}:${line} ${rule}`);
    assert.deepEqual(rules, ['weight_itile0_otile0_kij5.txt:1 edited-file', 'weight_itile0_otile0_kij5.txt:4 minus-sign']);
  });

  it('a file of a large whole set, named alone: no member is missed, and how many neighbours were not read is said', async () => {
    const folder = testFolder();
    for (let icTile = 0; icTile < 50; icTile++) for (let kij = 0; kij < 9; kij++) folder.write(`weight_itile${icTile}_otile0_kij${kij}.txt`, `${'0110'.repeat(8)}\n`);
    const name = 'weight_itile0_otile0_kij0.txt';
    assert.deepEqual(await lint(folder.path, [name]), { code: 0, out: '.: 49 files beside those named were not read, because of size or number.\n1 file: nothing found.', err: '' });
    const { unread } = JSON.parse((await lint(folder.path, [name], true)).out) as { unread: unknown };
    assert.deepEqual(unread, [{ folder: '.', count: 49 }]);
  });

  it('a file named alone is read with its neighbours, and only its own findings are shown', async () => {
    const folder = testFolder();
    const golden = fixture('oracle', NOTEBOOK_CASES['golden-part1'], 'golden/Part1');
    for (const name of fs.readdirSync(golden)) if (name.endsWith('.txt')) fs.copyFileSync(path.join(golden, name), folder.file(name));
    const lines = folder.read('out_raw.txt').split('\n');
    lines[7] = lines[7]!.slice(0, 15) + (lines[7]![15] === '0' ? '1' : '0') + lines[7]!.slice(16);
    folder.write('out_raw.txt', lines.join('\n'));
    folder.write('activation_tile0.txt', folder.read('activation_tile0.txt').trimEnd());
    const { files, findings } = await lintPaths([folder.file('out_raw.txt')]);
    assert.deepEqual([files, findings.map(({ file, rule, line, column }) => `${path.basename(file)}:${line}:${column} ${rule}`)], [1, ['out_raw.txt:8:1 psum-contradicts']]);
  });

  it('a damaged manifest counts as none', async () => {
    const folder = testFolder();
    await generate(entryOf(folder, tinyLayer(folder)), { ortScript: ORT_SCRIPT });
    for (const text of ['', '[]', '{"files":[{"path":"out.txt","sha256":"0","layout":{"lines":[],"words":[{"axis":"col","count":-1}],"header":[],"bits":4}}],"inputs":7}', '{"files":[null,7]}']) {
      folder.write('golden/tilescope-manifest.json', text);
      const { files } = await lintPaths([folder.path]);
      assert.ok(files > 0, text);
    }
  });

  it('the notebooks\' own files, without a manifest: only what their headers say wrongly', async () => {
    for (const [profile, name] of Object.entries(NOTEBOOK_CASES)) {
      const { findings } = await lintPaths([fixture('oracle', name)]);
      const serious = findings.filter(({ severity }) => severity !== 'info').map(({ file, rule }) => `${path.basename(file)} ${rule}`);
      // Lines of this notebook's weights are rows although the header says columns
      const transposed = Array.from({ length: 9 }, (_, kij) => `weight_${kij}.txt header-contradicts-data`);
      assert.deepEqual([...new Set(serious)], profile === 'part1' ? transposed : [], name);
    }
  });

  it('everything that generate writes is clean, for any layer and profile', async () => {
    const layers = fc.record({
      profile: fc.constantFrom(...BUILT_IN_PROFILES.map(({ name }) => name)),
      size: fc.constantFrom(2, 4, 8),
      ic: fc.integer({ min: 1, max: 10 }),
      oc: fc.integer({ min: 1, max: 10 }),
      side: fc.integer({ min: 3, max: 6 }),
      kernel: fc.constantFrom(1, 2, 3),
      padding: fc.constantFrom(0, 1),
      seed: fc.nat(1000),
      bits: fc.constantFrom(2, 4),
      address: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(layers, async ({ profile, size, ic, oc, side, kernel, padding, seed, bits, address }) => {
        const folder = testFolder();
        const value = (i: number): number => (i * 7919 + seed * 104729) % 1009;
        folder.write('a.npy', writeNpy(Int8Array.from({ length: ic * side * side }, (_, i) => value(i) % 2 ** bits), [ic, side, side]));
        // The lowest code among them: a set that its manifest explains may use the whole range
        folder.write('w.npy', writeNpy(Int8Array.from({ length: oc * ic * kernel * kernel }, (_, i) => (value(i + 13) % 16) - 8), [oc, ic, kernel, kernel]));
        await generate(
          entryOf(folder, {
            name: 'any',
            source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' },
            quantization: { actBits: bits, wgtBits: 4 },
            convolution: { stride: 1, padding },
            array: { rows: size, cols: size },
            profile,
            select: { icTile: 'all', ocTile: 'all', kij: 'all', nij: 'all', o_nij: 'all' },
            extras: address ? ['decimal', 'address'] : ['decimal'],
            output: 'golden',
          }),
          { ortScript: ORT_SCRIPT },
        );
        assert.deepEqual((await lintPaths([folder.path])).findings, []);
        // Reading a set without its manifest takes a second where little proves it
        if (seed % 5 > 0) return;
        fs.rmSync(folder.file('golden/tilescope-manifest.json'));
        assert.deepEqual((await lintPaths([folder.path])).findings.filter(({ severity }) => severity === 'error'), [], 'without the manifest');
      }),
      // A set of tiny files without its manifest can be ambiguous: the same layers are drawn each time
      { numRuns: 40, seed: 1 },
    );
  });
});
