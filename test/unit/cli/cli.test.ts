import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../../../src/cli/program';
import { writeNpy } from '../../../src/model/npy';
import { ROOT, readJson } from '../support/fixtures';
import type { TestFolder } from '../support/workspace';
import { ORT_SCRIPT, configOf, removeTestFolders, testFolder, tinyLayer } from '../support/workspace';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function cli(cwd: string, ...args: string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(args, '1.2.3', { out: (text) => out.push(text), err: (text) => err.push(text), signal: new AbortController().signal, cwd, ortScript: ORT_SCRIPT });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const DIGITS = path.join(ROOT, 'examples/digits');

/** A copy of the example: tests write beside it. */
function exampleFolder(): TestFolder {
  const folder = testFolder();
  for (const name of ['tilescope.json', 'model.onnx', 'images.npy', 'labels.npy']) fs.copyFileSync(path.join(DIGITS, name), folder.file(name));
  return folder;
}

describe('tilescope, the command line', () => {
  after(removeTestFolders);

  it('generate runs all entries of the example and prints the self-check', async () => {
    const folder = exampleFolder();
    const { code, out, err } = await cli(folder.path, 'generate');
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.match(out, /^conv5: 8 to 8 channels, 3x3, image 4x4, int4 x uint4, array 8x8 \(1 x 1 tiles\), golden-part1$/m);
    assert.match(out, /28 files \(28 written\) in golden\/conv5/);
    assert.match(out, /tiled result = direct convolution \(1024 outputs\)/);
    const means = [...out.matchAll(/mean \|recovered - reference\| = (\S+),/g)].map((match) => Number(match[1]));
    assert.equal(means.length, 3);
    for (const mean of means) assert.ok(mean > 0 && mean < 1e-5, String(mean));
  });

  it('generate names entries, and finds the configuration elsewhere', async () => {
    const folder = exampleFolder();
    const { code, out } = await cli(path.dirname(folder.path), 'generate', 'conv5', '--config', path.basename(folder.path), '--json');
    const result = JSON.parse(out) as { ok: boolean; reports: { entry: string; set: { files: unknown[] }; selfCheck: { outputs: number } }[] };
    assert.equal(code, 0);
    assert.deepEqual([result.ok, result.reports.map(({ entry }) => entry), result.reports[0]?.set.files.length, result.reports[0]?.selfCheck.outputs], [true, ['conv5'], 28, 128]);
  });

  it('layers lists the example\'s layers as its README does', async () => {
    const { code, out } = await cli(DIGITS, 'layers', 'model.onnx');
    assert.equal(code, 0);
    assert.match(out, /^features\.13 +8 to 8 +3x3 +4x4 +1x1 +1,1,1,1 +uint4 alpha 3\.35004 +int4 alpha 2\.56787 +yes$/m);
    const json = JSON.parse((await cli(DIGITS, 'layers', 'model.onnx', '--json')).out) as { layers: { name: string; activation: { alpha: number } }[] };
    const reference = JSON.parse(fs.readFileSync(path.join(DIGITS, 'reference.json'), 'utf8')) as { layers: { name: string; act_alpha: number }[] };
    assert.deepEqual(json.layers.map(({ name, activation }) => [name, Math.fround(activation.alpha)]), reference.layers.map(({ name, act_alpha }) => [name, Math.fround(act_alpha)]));
  });

  it('layers says why a layer cannot be mapped', async () => {
    const { code, out } = await cli(path.join(ROOT, 'test/fixtures/onnx'), 'layers', 'vggtiny_frozen_bnfold.onnx');
    assert.equal(code, 0);
    assert.match(out, /cannot be mapped: BatchNormalization was folded into the weights.*Remedy: Export again/);
  });

  it('evaluate reproduces the accuracy that training printed', async () => {
    const reference = JSON.parse(fs.readFileSync(path.join(DIGITS, 'reference.json'), 'utf8')) as { test: { correct: number; total: number } };
    const { code, out } = await cli(DIGITS, 'evaluate', '--model', 'model.onnx', '--images', 'images.npy', '--labels', 'labels.npy');
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^Test set: Accuracy: ${reference.test.correct}/${reference.test.total} \\(\\d+\\.\\d\\d%\\)$`));
    assert.ok(fs.readFileSync(path.join(DIGITS, 'README.md'), 'utf8').includes(out));
  });

  const wrong: [string, string[], number, RegExp][] = [
    ['no command', [], 2, /No command was given/],
    ['an unknown command', ['genrate'], 2, /unknown command 'genrate'.*Did you mean generate/s],
    ['an unknown option', ['generate', '--fast'], 2, /unknown option '--fast'/],
    ['a missing option', ['evaluate', '--model', 'm.onnx'], 2, /required option '--images <file>' not specified/],
    ['a missing configuration', ['generate'], 2, /tilescope\.json does not exist\. Next: Create .* \[config-missing\]/],
    ['a missing model', ['layers', 'none.onnx'], 2, /none\.onnx.*\[onnx-read\]/],
    ['a model that is none', ['layers', path.join(DIGITS, 'images.npy')], 2, /not an ONNX model.*\[onnx-format\]/],
    ['labels of another length', ['evaluate', '--model', path.join(DIGITS, 'model.onnx'), '--images', path.join(DIGITS, 'images.npy'), '--labels', path.join(ROOT, 'test/fixtures/oracle/odd_k1_p0/inputs/act_int.npy')], 2, /\[npy-shape\]/],
  ];
  for (const [what, args, expected, message] of wrong) {
    it(`exits with ${expected}: ${what}`, async () => {
      const { code, err } = await cli(testFolder().path, ...args);
      assert.equal(code, expected, err);
      assert.match(err, message);
    });
  }

  it('names the place of a configuration error relative to where the user is, once as text and once as JSON', async () => {
    const folder = testFolder();
    folder.write('tilescope.json', '{\n  "layers": 1,\n  "profil": 1\n}');
    const { code, err } = await cli(folder.path, 'generate');
    assert.equal(code, 2);
    assert.match(err, /^tilescope\.json:3:3: Unknown key "profil" in the configuration\. Next: Allowed here: /m);
    const { out } = await cli(folder.path, 'generate', '--json');
    const problems = (JSON.parse(out) as { ok: boolean; problems: { code: string; place: { line: number } }[] }).problems;
    assert.deepEqual(problems.map((problem) => [problem.code, problem.place.line]).sort(), [['config-schema', 2], ['config-schema', 3]]);
  });

  it('a configuration that has checks only generates nothing, and says so', async () => {
    const folder = testFolder();
    folder.write('tilescope.json', '{ "layers": [], "checks": [] }');
    const { code, err } = await cli(folder.path, 'generate');
    assert.equal(code, 2);
    assert.match(err, /^tilescope\.json:1:3: The configuration has no layers\. Next: Add one to "layers"\. \[config-entry\]$/m);
  });

  it('exits with 1 when the data has a finding', async () => {
    const folder = testFolder();
    configOf(folder, { ...tinyLayer(folder), array: { rows: 2, cols: 2, psumBits: 4 } });
    const { code, err } = await cli(folder.path, 'generate');
    assert.equal(code, 1);
    assert.match(err, /^tilescope\.json:\d+:\d+: 8 of 8 psum values do not fit 4 bits.*\[psum-overflow\]$/m);
    folder.write('a.npy', writeNpy(Int8Array.of(-1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2]));
    assert.equal((await cli(folder.path, 'generate')).code, 1);
  });

  it('--help shows commands, examples and exit codes; --version the version', async () => {
    const { code, out } = await cli('/', '--help');
    assert.equal(code, 0);
    for (const word of ['generate', 'layers', 'evaluate', 'Exit codes', '130']) assert.ok(out.includes(word), word);
    const help = await cli('/', 'generate', '--help');
    assert.match(help.out, /Examples:\n {2}\$ tilescope generate\n/);
    assert.equal((await cli('/', '--version')).out, '1.2.3');
  });

  it('runs under its own name, through a link, as npm installs it', () => {
    const folder = testFolder();
    fs.symlinkSync(path.join(ROOT, 'dist/cli.js'), folder.file('tilescope'));
    assert.match(execFileSync(folder.file('tilescope'), ['--version'], { encoding: 'utf8' }), /^\d+\.\d+\.\d+\n$/);
  });

  it('ends its output, not its work, when the reader closes the pipe', () => {
    const folder = exampleFolder();
    execFileSync('sh', ['-c', `'${process.execPath}' '${path.join(ROOT, 'dist/cli.js')}' generate | head -n 1`], { cwd: folder.path, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
    assert.ok(fs.existsSync(folder.file('golden/conv4/out.txt')));
  });

  it('stops when interrupted, with exit code 130 and nothing written', async () => {
    const folder = exampleFolder();
    const stop = new AbortController();
    const done = run(['generate'], '1', { out: () => undefined, err: () => undefined, signal: stop.signal, cwd: folder.path, ortScript: ORT_SCRIPT, status: () => { stop.abort(); } });
    assert.equal(await done, 130);
    assert.ok(!fs.existsSync(folder.file('golden')));
  });
});

describe('documentation', () => {
  it('lists every error code, and no other', async () => {
    const { PROBLEM_CODES } = await import('../../../src/engine/problem');
    const text = fs.readFileSync(path.join(ROOT, 'docs/errors.md'), 'utf8');
    assert.deepEqual([...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]).sort(), [...PROBLEM_CODES].sort());
  });

  it('describes every built-in profile', async () => {
    const { BUILT_IN_PROFILES } = await import('../../../src/vectors/profile');
    const text = fs.readFileSync(path.join(ROOT, 'docs/profiles.md'), 'utf8');
    for (const { name } of BUILT_IN_PROFILES) assert.ok(text.includes(`| \`${name}\` |`), name);
  });

  it('its example of a configuration and of a profile are valid', async () => {
    const { parseConfig } = await import('../../../src/project/config');
    const block = (file: string): string => /```jsonc\n(.*?)```/s.exec(fs.readFileSync(path.join(ROOT, 'docs', file), 'utf8'))?.[1] ?? '';
    assert.deepEqual(parseConfig(block('configuration.md'), '/x/tilescope.json').problems, []);
    const layer = '"layers": [{ "name": "a", "source": { "type": "codes", "activation": "a", "weight": "w" }, "output": "o", "profile": "mine" }],';
    assert.deepEqual(parseConfig(`{${layer}${block('profiles.md')}}`, '/x/tilescope.json').problems, []);
  });

  it('links lead somewhere', () => {
    const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/digits/README.md', ...fs.readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
    for (const page of pages) {
      const text = fs.readFileSync(path.join(ROOT, page), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (!/^[a-z]+:/.test(target)) assert.ok(fs.existsSync(path.resolve(ROOT, path.dirname(page), target)), `${page} links to ${target}`);
      }
    }
  });

  it('the manifest of the extension is consistent', () => {
    const manifest = readJson('../../package.json') as { contributes: { commands: { command: string; title: string; category: string }[]; jsonValidation: { url: string }[] }; main: string };
    for (const { command, title, category } of manifest.contributes.commands) {
      assert.match(command, /^tilescope\.[a-z]\w+$/);
      assert.match(title, /^[A-Z][a-z]+(?:-[a-z]+)? /);
      assert.equal(category, 'TileScope');
    }
    for (const { url } of manifest.contributes.jsonValidation) assert.ok(fs.existsSync(path.join(ROOT, url)));
  });
});
