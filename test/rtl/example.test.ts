import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { ExampleLayer, Program, SimulationResult } from '../host/simulator';
import { exampleScripts, simulatorScripts } from '../host/simulator';
import { removeTestFolders, testFolder } from '../unit/support/workspace';
import { EFFECTS } from './effects';
import { FAULTS } from './faults';
import { dumpedWords } from './support';

/** Lines of golden files that a run compares: psums of all ic tiles and kij where the profile writes them, and outputs. */
const COMPARED: Record<string, number> = { conv5: 9 * 36 + 16, conv3: 2 * (2 * 9 * 100 + 64), conv4: 16 };

describe('the example core on the example layers', () => {
  const layers = new Map<string, ExampleLayer & { readonly program: Program }>();
  let simulate: (program: Program, plusargs: readonly string[]) => SimulationResult;

  before(async () => {
    const scripts = await simulatorScripts();
    const { generateExample } = await exampleScripts();
    const folder = testFolder();
    simulate = scripts.simulate;
    for (const layer of generateExample(folder.path)) {
      layers.set(layer.name, { ...layer, program: scripts.compile({ geometry: layer.geometry, folder: folder.file('compiled', layer.name), log: console.error }) });
    }
  });
  after(removeTestFolders);

  /** The simulator gives the same result each time, so several tests may look at one run. */
  const runs = new Map<string, SimulationResult & { readonly dumps: string }>();

  function run(name: string, ...plusargs: string[]): SimulationResult & { readonly dumps: string } {
    const key = [name, ...plusargs].join(' ');
    const known = runs.get(key);
    if (known !== undefined) return known;
    const layer = layers.get(name);
    assert.ok(layer);
    const dumps = testFolder().path;
    const result = { ...simulate(layer.program, [...layer.plusargs, `+dump=${dumps}`, ...plusargs]), dumps };
    runs.set(key, result);
    return result;
  }

  it('every layer of the example is run here', async () => {
    assert.deepEqual(Object.keys(COMPARED).sort(), (await exampleScripts()).exampleLayers().sort());
  });

  for (const [name, compared] of Object.entries(COMPARED)) {
    it(`${name} passes, all of it compared`, () => {
      const { passed, output, ...counts } = run(name);
      assert.ok(passed, output);
      assert.equal(counts.compared, compared);
      assert.equal(counts.matched, compared);
    });
  }

  it('dumps both memories in binary and hex, every word written', () => {
    const { dumps } = run('conv3', '+octile=1');
    assert.deepEqual(fs.readdirSync(dumps).sort(), ['out_otile1.memb.txt', 'out_otile1.memh.txt', 'psum_otile1.memb.txt', 'psum_otile1.memh.txt']);
    const lines = (name: string) => fs.readFileSync(path.join(dumps, name), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('//'));
    for (const [name, entries] of [['psum_otile1', 1800], ['out_otile1', 64]] as const) {
      assert.equal(lines(`${name}.memb.txt`).length, entries);
      for (const line of lines(`${name}.memb.txt`)) assert.match(line, /^[01]{128}$/);
      const hex = lines(`${name}.memb.txt`).map((line) => BigInt(`0b${line}`).toString(16).padStart(32, '0'));
      assert.deepEqual(lines(`${name}.memh.txt`), hex);
    }
  });

  it('prints what the course\'s benches print', () => {
    const { output } = run('conv5', '+fault=dead_col', '+fault_col=5', '+max_errors=1');
    assert.match(output, /^1-th output featuremap Data (matched! :D|ERROR!!)$/m);
    assert.match(output, /^\d+-th output featuremap Data ERROR!!\nsfpout: [01]{128}\nanswer: [01]{128}$/m);
    assert.match(output, /^psum Data ERROR at kij=0 nij=\d+ col=5 icTile=0 ocTile=0: psumout 0{16} answer [01]{16}$/m);
    assert.equal(output.match(/^psum Data ERROR/gm)?.length, 1);
  });

  describe('the bench passes only what it has compared', () => {
    /** Runs conv5 on a copy of its golden files that was changed. */
    function runChanged(change: (file: (name: string) => string) => void): SimulationResult {
      const layer = layers.get('conv5');
      assert.ok(layer);
      const folder = testFolder();
      fs.cpSync(layer.folder, folder.path, { recursive: true });
      change((name) => folder.file(name));
      return simulate(layer.program, [`+data=${folder.file('golden/Part1')}`, `+psum=${folder.path}`, `+dump=${folder.path}`]);
    }

    const edit = (file: string, from: RegExp, to: string): void => {
      const text = fs.readFileSync(file, 'latin1');
      assert.match(text, from);
      fs.writeFileSync(file, text.replace(from, to));
    };

    it('a wrong bit in the last golden output', () => {
      const { result, outErrors, psumErrors } = runChanged((file) => { edit(file('golden/Part1/out.txt'), /0\n$/, '1\n'); });
      assert.deepEqual([result, outErrors, psumErrors], ['FAILED', 1, 0]);
    });

    it('a wrong bit in a golden psum', () => {
      const { result, outErrors, psumErrors } = runChanged((file) => { edit(file('psum_kij8.txt'), /0\n$/, '1\n'); });
      assert.deepEqual([result, outErrors, psumErrors], ['FAILED', 0, 1]);
    });

    for (const name of ['golden/Part1/out.txt', 'golden/Part1/activation_tile0.txt', 'golden/Part1/weight_itile0_otile0_kij3.txt']) {
      it(`no ${name}`, () => {
        const { result, output } = runChanged((file) => { fs.rmSync(file(name)); });
        assert.equal(result, 'FAILED, the run was not complete');
        assert.match(output, new RegExp(`^cannot open .*${path.basename(name)}$`, 'm'));
      });
    }

    for (const name of ['golden/Part1/out.txt', 'psum_kij2.txt', 'golden/Part1/activation_tile0.txt']) {
      it(`${name} without its last line`, () => {
        const { result, output } = runChanged((file) => { edit(file(name), /[01]+\n$/, ''); });
        assert.equal(result, 'FAILED, the run was not complete');
        assert.match(output, new RegExp(`^.*${path.basename(name)} ends before its last line$`, 'm'));
      });
    }

    it('a tile that does not exist', () => {
      assert.equal(run('conv5', '+octile=7').result, 'FAILED, nothing was compared');
    });

    it('a fault that does not exist', () => {
      assert.equal(run('conv5', '+fault=nothing').result, 'FAILED, there is no fault called nothing');
    });
  });

  describe('planted faults', () => {
    it('are all in the table', async () => {
      const { faultNames } = await simulatorScripts();
      assert.deepEqual([...new Set(FAULTS.map(({ name }) => name))].sort(), faultNames().sort());
    });

    it('have numbers of their own', async () => {
      const { RTL } = await simulatorScripts();
      const numbers = [...fs.readFileSync(path.join(RTL, 'faults.vh'), 'utf8').matchAll(/^`define F_\w+ +8'd(\d+)/gm)].map(([, number]) => number);
      assert.ok(numbers.length > 30);
      assert.equal(new Set(numbers).size, numbers.length);
    });

    for (const { name, details, layer, ocTile, shows } of FAULTS) {
      it(`${[name, ...details].join(' ')} shows in ${shows.join(' and ')} of ${layer}`, () => {
        const where = ocTile === undefined ? [] : [`+octile=${ocTile}`];
        const { result, psumErrors, outErrors } = run(layer, `+fault=${name}`, ...details, ...where);
        assert.equal(result, 'FAILED');
        assert.deepEqual({ psum: psumErrors > 0, out: outErrors > 0 }, { psum: shows.includes('psum'), out: shows.includes('out') });
      });
    }

    for (const { plusargs, memory, layer = 'conv5', ocTile, of } of EFFECTS) {
      it(`${plusargs.join(' ')} does that and nothing else`, () => {
        const name = ocTile === undefined ? memory : `${memory}_otile${ocTile}`;
        const where = ocTile === undefined ? [] : [`+octile=${ocTile}`];
        const clean = run(layer);
        const broken = run(layer, ...plusargs, ...where);
        assert.deepEqual(dumpedWords(broken.dumps, name, 16), of((file) => dumpedWords(clean.dumps, file, 16)));
      });
    }
  });
});
