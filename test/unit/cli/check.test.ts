import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { CORRUPTIONS } from '../../../src/check/compare/corrupt';
import type { CheckReport } from '../../../src/check/compare/report';
import { writeNpy } from '../../../src/model/npy';
import { asMemh, cli, dataLines, inHex, notebook, reportsOf, signed } from '../support/cli';
import { NOTEBOOK_CASES, fixture } from '../support/fixtures';
import { removeTestFolders, testFolder, tinyLayer } from '../support/workspace';

describe('tilescope check', () => {
  after(removeTestFolders);

  it('a memory dump against its golden file: match, mismatch, cannot compare', async () => {
    const folder = notebook('part1');
    const lines = dataLines(folder.read('psum.txt'));
    folder.write('pmem.memh', asMemh(lines));
    const good = await cli(folder.path, 'check', 'psum.txt', 'pmem.memh');
    assert.deepEqual([good.code, good.err], [0, '']);
    assert.match(good.out, /^pmem\.memh: match\. psum: all 2592 words match\.\n {2}expected {2}psum\.txt\n {2}dump {6}pmem\.memh: address = kij\*36 \+ nij; words col 7\.\.0$/);

    folder.write('late.memh', asMemh(['x'.repeat(128), ...lines.slice(0, -1)].map((line) => line.replaceAll('xxxx', 'x'))));
    const bad = await cli(folder.path, 'check', 'psum.txt', 'late.memh', '--max', '2');
    assert.equal(bad.code, 1);
    assert.match(bad.out, /^late\.memh: MISMATCH\. psum: \d+ of 2592 words differ \(\d+ with another value, 8 never written\); first at kij 0, nij 0, col 7: expected -?\d+, got a word never written\.$/m);
    assert.match(bad.out, /^ {2}late\.memh:2:1 kij 0, nij 0, col 7: expected -?\d+, got a word never written \(psum\.txt:4:1\)$/m);

    folder.write('other.txt', '012\n'.repeat(324));
    const other = await cli(folder.path, 'check', 'psum.txt', 'other.txt');
    assert.equal(other.code, 2);
    assert.match(other.out, /CANNOT COMPARE\. Nothing was compared: other\.txt cannot be cut into 8 psum words of 16 bits a line/);
    assert.equal((await cli(folder.path, 'check', 'psum.txt', 'nowhere.txt')).code, 2);
  });

  it('JSON: each planted word with its place on both sides', async () => {
    const folder = notebook('golden-part1');
    const golden = dataLines(folder.read('out_raw.txt'));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(golden.length * 8 - 1), { minLength: 1, maxLength: 10 }), async (planted) => {
        const lines = golden.map((line) => line.match(/.{16}/g)!);
        for (const at of planted) lines[at >> 3]![at & 7] = (signed(golden[at >> 3]!.slice(16 * (at & 7), 16 * (at & 7) + 16)) ^ 0x5a).toString(2).replace('-', '').padStart(16, '0').slice(-16);
        folder.write('rtl.txt', lines.map((line) => `${line.map(inHex).join(' ')}\n`).join(''));
        const outcome = await cli(folder.path, 'check', 'out_raw.txt', 'rtl.txt', '--json');
        const [report] = reportsOf(outcome);
        const wanted = planted.toSorted((a, b) => a - b).filter((at) => lines[at >> 3]![at & 7] !== golden[at >> 3]!.slice(16 * (at & 7), 16 * (at & 7) + 16));
        assert.deepEqual(
          report!.first.map(({ coordinates, expected, got }) => [coordinates.o_nij, coordinates.col, expected.value, got.value, expected.bits, expected.spot?.line, expected.spot?.column, got.spot?.line, got.spot?.column]),
          wanted.map((at) => {
            const [line, word] = [at >> 3, at & 7];
            const bits = golden[line]!.slice(16 * word, 16 * word + 16);
            return [line, 7 - word, signed(bits), signed(lines[line]![word]!), bits, line + 4, 16 * word + 1, line + 1, 5 * word + 1];
          }),
        );
        assert.deepEqual([outcome.code, report!.verdict, report!.mismatched, report!.compared], [1, 'mismatch', wanted.length, 128]);
      }),
      { numRuns: 15, seed: 4 },
    );
  });

  it('a folder: outputs after or before ReLU, whichever fits, and psums computed from activations and weights', async () => {
    const folder = notebook('golden-part1');
    const psums = dataLines(fs.readFileSync(fixture('oracle', NOTEBOOK_CASES['golden-part1'], 'psum.txt'), 'latin1'));
    for (const [name, golden] of [['sfp_a.txt', 'out.txt'], ['sfp_b.txt', 'out_raw.txt']] as const) {
      folder.write(`../${path.basename(folder.path)}-${name}`, `${dataLines(folder.read(golden)).join('\n')}\n`);
      const outcome = await cli(folder.path, 'check', '.', `../${path.basename(folder.path)}-${name}`, '--json');
      const [report] = reportsOf(outcome);
      assert.deepEqual([outcome.code, report!.kind, report!.compared, path.basename(report!.expected)], [0, 'out', 128, golden]);
      fs.rmSync(path.join(folder.path, `../${path.basename(folder.path)}-${name}`));
    }
    // The golden psums are of kij 0: the first 36 addresses of the memory
    folder.write('sim/pmem.memh', asMemh(psums));
    const [report] = reportsOf(await cli(folder.path, 'check', '.', 'sim/pmem.memh', '--kind', 'psum', '--json'));
    assert.deepEqual([report!.verdict, report!.compared, report!.missing, report!.mismatched], ['mismatch', 288, 8 * 288, 0]);
    assert.match(report!.expected, /^psums of activations and weights \(10 files\), computed$/);
    assert.deepEqual(report!.axes, ['kij', 'nij', 'col']);
  });

  it('several golden files of one kernel position each against one memory', async () => {
    const folder = testFolder();
    const lines = dataLines(fs.readFileSync(fixture('oracle', NOTEBOOK_CASES.part1, 'psum.txt'), 'latin1'));
    for (let kij = 0; kij < 9; kij++) folder.write(`psum_kij${kij}.txt`, `${lines.slice(36 * kij, 36 * kij + 36).join('\n')}\n`);
    folder.write('dump/pmem.memh', asMemh(lines));
    const names = Array.from({ length: 9 }, (_, kij) => `psum_kij${kij}.txt`);
    assert.match((await cli(folder.path, 'check', ...names, 'dump/pmem.memh')).out, /all 2592 words match/);
    const [report] = reportsOf(await cli(folder.path, 'check', names[4]!, 'dump/pmem.memh', '--map', 'nij+144', '--json'));
    assert.deepEqual([report!.verdict, report!.compared, report!.extra], ['match', 288, 2304]);
    assert.equal(report!.map, 'address = nij + 144; words col 7..0; kij 4');
  });

  it('the checks of tilescope.json: a layer, a waveform, a log; one that fails does not stop the others', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    // 1x1 kernel, 2x2 image: out = w * a, columns 1..0 of 16 bits, after ReLU
    const outs = [0, 1, 2, 3].map((pixel) => [3 * (pixel + 1) - 4 * (pixel + 5), pixel + 1 - 2 * (pixel + 5)]);
    const word = (value: number): string => (value & 0xffff).toString(2).padStart(16, '0');
    folder.write('raw.txt', outs.map((words) => `${words.map(word).join('')}\n`).join(''));
    const body = outs.map((words, i) => `#${10 * i}\n0!\nb${words.map(word).join('')} #\n#${10 * i + 5}\n1!\n`).join('');
    folder.write('wave.vcd', `$scope module tb $end\n$var wire 1 ! clk $end\n$var wire 32 # out [31:0] $end\n$upscope $end\n$enddefinitions $end\n${body}`);
    folder.write('sim.log', `1-th output featuremap Data matched! :D\n2-th output featuremap Data ERROR!!\nsfpout: ${outs[1]!.map(word).join('')}\nanswer: ${'0'.repeat(32)}\n`);
    folder.write('claims.log', '1-th output featuremap Data matched! :D\n');
    const checks = [
      { name: 'text', layer: 'tiny', dump: 'raw.txt', kind: 'out', relu: false },
      { name: 'wave', golden: 'raw.txt', kind: 'out', bits: 16, vcd: { file: 'wave.vcd', signal: 'out', clock: 'clk' } },
      { name: 'log', layer: 'tiny', kind: 'out', relu: false, dump: 'sim.log' },
      { name: 'claims', layer: 'tiny', kind: 'out', dump: 'claims.log' },
      { name: 'relu', layer: 'tiny', kind: 'out', relu: true, dump: 'raw.txt' },
    ];
    folder.write('tilescope.json', JSON.stringify({ layers: [layer], checks }));
    const outcome = await cli(folder.path, 'check', '--json', '--junit', 'report.xml', '--sarif', 'report.sarif');
    const reports = reportsOf(outcome);
    assert.deepEqual(reports.map(({ name, verdict, compared, silent }) => [name, verdict, compared, silent]), [['text', 'match', 8, 0], ['wave', 'match', 8, 0], ['log', 'mismatch', 2, 6], ['claims', 'cannot-compare', 0, 0], ['relu', 'mismatch', 8, 0]]);
    assert.equal(outcome.code, 2);
    assert.match(reports[2]!.what, /all 2 words that were compared match; 6 expected ones were not compared\. But the log itself tells of \d+ errors?\./);
    assert.match(reports[3]!.what, /shows no words/);
    const xml = folder.read('report.xml');
    assert.match(xml, /<testsuites name="tilescope" tests="5" failures="2" errors="1">/);
    assert.match(xml, /<testcase name="relu" classname="tilescope\.out">\n {6}<failure type="mismatch" message="out: 8 of 8 words differ; first at o_nij 0, col 1: expected 0, got -17\.">expected: /);
    assert.match(xml, /<error type="cannot-compare"/);
    const only = await cli(folder.path, 'check', '--only', 'text', 'wave');
    assert.deepEqual([only.code, only.out.match(/: match\./g)?.length], [0, 2]);
    assert.match((await cli(folder.path, 'check', '--only', 'nothing')).err, /no check "nothing"\. Next: Choose one of: text, wave, log, claims, relu\. \[config-entry\]/);
  });

  it('a log or a dump that tells of a failed run is no match, whatever its words', async () => {
    const folder = notebook('part1');
    const lines = dataLines(folder.read('output.txt'));
    const shown = (line: string): string => `1-th output featuremap Data matched!!\nsfpout: ${line}\n`;
    folder.write('good.log', `${shown(lines[0]!)}0 errors\n`);
    folder.write('bad.log', `${shown(lines[0]!)}ERROR: simulation aborted: timeout\nFATAL: watchdog\n`);
    folder.write('good.txt', `${lines.join('\n')}\nErrors: 0\n`);
    folder.write('bad.txt', `${lines.join('\n')}\n%Error: tb.v:3: Verilog $stop\n`);
    const check = async (dump: string): Promise<readonly [number, string]> => {
      const outcome = await cli(folder.path, 'check', 'output.txt', dump, '--json');
      const [report] = reportsOf(outcome);
      return [outcome.code, `${report!.what} ${report!.notes.join(' ')}`];
    };
    assert.deepEqual([(await check('good.log'))[0], (await check('good.txt'))[0]], [0, 0]);
    const [logCode, log] = await check('bad.log');
    assert.equal(logCode, 1);
    assert.match(log, /But the log itself tells of 2 errors\..*went wrong in line 3: ERROR: simulation aborted: timeout \(and in 1 more line\)/);
    const [textCode, text] = await check('bad.txt');
    assert.equal(textCode, 1);
    assert.match(text, /But the dump itself tells of 1 error\..*went wrong in line 17: %Error: tb\.v:3/);
  });

  it('outputs of a layer are those after ReLU where its profile has them: a missing ReLU is found, and the options decide', async () => {
    const folder = testFolder();
    const layer = tinyLayer(folder);
    const raws = [0, 1, 2, 3].map((pixel) => [3 * (pixel + 1) - 4 * (pixel + 5), pixel + 1 - 2 * (pixel + 5)]);
    const text = (rows: readonly number[][]): string => rows.map((words) => `${words.map((value) => (value & 0xffff).toString(2).padStart(16, '0')).join('')}\n`).join('');
    folder.write('raw.txt', text(raws));
    folder.write('cut.txt', text(raws.map((words) => words.map((value) => Math.max(0, value)))));
    const outcome = async (profile: object, ...args: string[]): Promise<readonly [string, string]> => {
      folder.write('tilescope.json', JSON.stringify({ layers: [{ ...layer, ...profile }], profiles: [{ name: 'psums', files: [{ name: 'psum.txt', holds: 'psum', lines: ['kij', 'nij'], words: ['col desc'] }] }] }));
      const [report] = reportsOf(await cli(folder.path, 'check', '--layer', 'tiny', '--kind', 'out', '--json', ...args));
      return [report!.verdict, report!.notes.join(' ')];
    };
    assert.equal((await outcome({}, 'raw.txt'))[0], 'mismatch');
    assert.deepEqual([(await outcome({}, 'raw.txt', '--no-relu'))[0], (await outcome({}, 'cut.txt'))[0], (await outcome({}, 'cut.txt', '--no-relu'))[0]], ['match', 'match', 'mismatch']);
    const open = await outcome({ profile: 'psums' }, 'raw.txt');
    assert.equal(open[0], 'match');
    assert.match(open[1], /Outputs before ReLU fit best, and nothing says which are meant: --relu or --no-relu/);
    assert.deepEqual([(await outcome({ profile: 'psums' }, 'raw.txt', '--relu'))[0]], ['mismatch']);
  });

  it('outputs of a generated set: its manifest says that they are cut at zero', async () => {
    const folder = testFolder();
    folder.write('tilescope.json', JSON.stringify({ layers: [{ ...tinyLayer(folder), profile: 'golden-part1' }] }));
    assert.equal((await cli(folder.path, 'generate')).code, 0);
    const set = path.join(folder.path, (JSON.parse(folder.read('tilescope.json')) as { layers: { output: string }[] }).layers[0]!.output);
    const raw = fs.readdirSync(set, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith('out_raw.txt'))!;
    folder.write('sim/sfp.txt', `${dataLines(fs.readFileSync(path.join(set, raw), 'latin1')).join('\n')}\n`);
    const [report] = reportsOf(await cli(folder.path, 'check', set, 'sim/sfp.txt', '--kind', 'out', '--json'));
    assert.equal(report!.verdict, 'mismatch');
    assert.equal(reportsOf(await cli(folder.path, 'check', set, 'sim/sfp.txt', '--kind', 'out', '--no-relu', '--json'))[0]!.verdict, 'match');
  });

  it('a golden file that its manifest declares to be a part of the psums: that part of the dump is compared, and that is said', async () => {
    const folder = testFolder();
    const layer = { ...tinyLayer(folder), profile: 'golden-part1' };
    folder.write('a.npy', writeNpy(Int8Array.from({ length: 18 }, (_, i) => (i * 5) % 8), [2, 3, 3]));
    folder.write('w.npy', writeNpy(Int8Array.from({ length: 16 }, (_, i) => (i % 7) - 3), [2, 2, 2, 2]));
    const tiny = JSON.stringify({ layers: [{ ...layer, output: 'one' }, { ...layer, name: 'all', select: { kij: 'all' }, output: 'all' }] });
    folder.write('tilescope.json', tiny);
    assert.equal((await cli(folder.path, 'generate')).code, 0);
    const kijs = [0, 1, 2, 3].map((kij) => dataLines(folder.read(`all/psum_kij${kij}.txt`)));
    folder.write('dump.txt', `${kijs.flat().join('\n')}\n`);
    const check = async (...files: string[]): Promise<CheckReport> => reportsOf(await cli(folder.path, 'check', ...files, 'dump.txt', '--json'))[0]!;
    const [nijs, words] = [kijs[0]!.length, kijs[0]!.length * 2];
    const first = await check('one/psum.txt');
    assert.deepEqual([first.verdict, first.compared], ['match', words], first.what);
    assert.match(first.what, new RegExp(`psum\\.txt holds kij 0 only: ${words} of ${4 * words} words of the dump were compared\\.`));
    const third = await check('all/psum_kij2.txt');
    assert.deepEqual([third.verdict, third.map.split(';')[0]], ['match', `address = nij + ${2 * nijs}`], third.what);
    assert.equal((await check('one')).compared, 4 * words);
    folder.write('dump.txt', `${kijs.flat().slice(0, 2 * nijs + 3).join('\n')}\n`);
    assert.match((await check('one/psum.txt')).what, new RegExp(`The dump has ${2 * nijs + 3} entries, a whole one has ${4 * nijs}\\.`));
    // Nothing declares a file that was copied out of its set; the formula that is advised is taken
    folder.write('copy/psum.txt', folder.read('one/psum.txt'));
    const bare = await check('copy/psum.txt');
    assert.equal(bare.verdict, 'cannot-compare');
    const advised = /--map "([^"]+)"/.exec(bare.notes[0]!)?.[1];
    assert.equal(reportsOf(await cli(folder.path, 'check', 'copy/psum.txt', 'dump.txt', '--map', advised!, '--json'))[0]!.verdict, 'match');
  });

  it('a dump that is cut inside a line ends inside that entry, and nothing reads x', async () => {
    const folder = notebook('part1');
    const lines = dataLines(folder.read('psum.txt')).map(inHex);
    folder.write('cut.txt', `${lines.slice(0, 200).join('\n')}\n${lines[200]!.slice(0, 17)}`);
    const [report] = reportsOf(await cli(folder.path, 'check', 'psum.txt', 'cut.txt', '--json'));
    assert.deepEqual(report!.causes.map(({ id }) => id), ['truncated']);
    assert.match(report!.causes[0]!.sentence, /^The dump breaks off inside entry 200\./);
  });

  it('a dump whose name says another kind than the golden: that is said before any cause; one that is not there may have to be written first', async () => {
    const folder = notebook('part1');
    folder.write('out_dump.txt', `${dataLines(folder.read('psum.txt')).map((line) => inHex(line).replace(/^..../, '7fff')).join('\n')}\n`);
    const [report] = reportsOf(await cli(folder.path, 'check', 'psum.txt', 'out_dump.txt', '--json'));
    assert.match(report!.notes[0]!, /^The name out_dump\.txt says out, and it was compared with psum words \(psum\.txt\)/);
    folder.write('psum_dump.txt', folder.read('out_dump.txt'));
    assert.doesNotMatch(reportsOf(await cli(folder.path, 'check', 'psum.txt', 'psum_dump.txt', '--json'))[0]!.notes.join(' '), /The name/);
    assert.match((await cli(folder.path, 'check', 'psum.txt', 'nowhere.txt')).out, /nowhere\.txt does not exist[^]*run the simulation that writes it/);
  });

  it('a golden file is read in the same way, whatever dumps stand beside it', async () => {
    const folder = notebook('part1');
    const lines = dataLines(folder.read('psum.txt')).map(inHex);
    folder.write('alone/psum.txt', `${dataLines(folder.read('psum.txt')).join('\n')}\n`);
    folder.write('alone/shift3.txt', `${['0'.repeat(32), '0'.repeat(32), '0'.repeat(32), ...lines.slice(0, -3)].join('\n')}\n`);
    folder.write('alone/shift3x.txt', `${['x'.repeat(32), 'x'.repeat(32), 'x'.repeat(32), ...lines.slice(0, -3)].join('\n')}\n`);
    for (const dump of ['shift3', 'shift3x']) assert.match(reportsOf(await cli(folder.path, 'check', 'alone/psum.txt', `alone/${dump}.txt`, '--json'))[0]!.map, /^address = kij\*36 \+ nij;/);
  });

  it('digits that could be binary words of half the width are read as hex, and that is said', async () => {
    const folder = notebook('part1');
    const count = dataLines(folder.read('output.txt')).length;
    folder.write('half.txt', `${'01'.repeat(32)}\n`.repeat(count));
    const [report] = reportsOf(await cli(folder.path, 'check', 'output.txt', 'half.txt', '--json'));
    assert.match(report!.notes.join(' '), /All its digits are 0 and 1, and were read as hex: in binary, words of 16 bits would have 16 digits instead of 8\./);
  });

  it('mistakes on the command line and in the configuration, with the place', async () => {
    const folder = notebook('part1');
    const wrong = async (pattern: RegExp, ...args: string[]): Promise<void> => {
      const { code, err, out } = await cli(folder.path, 'check', ...args);
      assert.equal(code, 2, `${args.join(' ')}: ${out}`);
      assert.match(`${err}${out}`, pattern, args.join(' '));
    };
    folder.write('wave.vcd', '');
    await wrong(/nothing to compare psum\.txt with/, 'psum.txt');
    await wrong(/which signal/, 'psum.txt', 'wave.vcd');
    await wrong(/wave\.vcd has no definitions.*|Nothing was compared/, 'psum.txt', 'wave.vcd', '--signal', 'a');
    await wrong(/--kind cannot be "psums"/, 'psum.txt', 'psum.txt', '--kind', 'psums');
    await wrong(/--bits 99 is no width/, 'psum.txt', 'psum.txt', '--bits', '99');
    await wrong(/--range 5 is no range/, 'psum.txt', 'psum.txt', '--range', '5');
    await wrong(/The map has the loop "row"/, 'psum.txt', 'psum.txt', '--map', 'row');
    await wrong(/--map needs a dump/, '--map', 'kij');
    await wrong(/--no-relu needs a dump/, '--no-relu');
    for (const max of ['', ' ', '1e3', '-1', '2.5', '0x10']) await wrong(/--max .* is no number/, 'psum.txt', 'psum.txt', `--max=${max}`);
    await wrong(/--bits "" is no width/, 'psum.txt', 'psum.txt', '--bits', '');
    await wrong(/--only chooses among the checks/, 'psum.txt', 'psum.txt', '--only', 'a');
    await wrong(/--config says nothing/, 'psum.txt', 'psum.txt', '--config', '.');
    await wrong(/Golden files and --layer exclude each other/, 'psum.txt', 'psum.txt', '--layer', 'a');
    await wrong(/--bits says how golden files are read/, 'psum.txt', '--layer', 'a', '--bits', '8');
    await wrong(/--signed and --unsigned exclude/, 'psum.txt', 'psum.txt', '--signed', '--unsigned');
    await wrong(/--relu chooses among the outputs of a layer or a folder/, 'output.txt', 'output.txt', '--relu');
    await wrong(/--no-relu says nothing about psum/, '.', 'psum.txt', '--no-relu', '--kind', 'psum');
    await wrong(/--clock says when a signal is sampled/, 'psum.txt', 'psum.txt', '--clock', 'clk');
    await wrong(/A waveform has no addresses/, 'psum.txt', 'wave.vcd', '--signal', 'a', '--range', '1:2');
    folder.write('sim.log', '1-th output Data ERROR!!\nout: 0\n');
    await wrong(/sim\.log is a log, which names its outputs: no range of addresses applies\.[\s\S]*Leave out --range \("range" in tilescope\.json\)/, 'output.txt', 'sim.log', '--range', '1:2');
    fs.mkdirSync(folder.file('dumps'));
    await wrong(/dumps is a folder\.[\s\S]*Name the file in it that is meant; several .* as col0\.memh,col1\.memh/, 'psum.txt', 'dumps');
    folder.write('tilescope.json', '{ "layers": [] }');
    await wrong(/has no checks\. Next: Add "checks"/);
    for (const [check, pattern] of [
      [{ dump: 'a' }, /tilescope\.json:1:\d+: The check "c" has nothing to compare with/],
      [{ golden: 'a' }, /The check "c" has no dump/],
      [{ golden: 'a', dump: 'a', layer: 'l' }, /Both "golden" and "layer"/],
      [{ layer: 'l', dump: 'a' }, /no layer "l"/],
      [{ golden: 'a', dump: 'a', map: { lines: ['kj'] } }, /tilescope\.json:1:\d+: The map has the loop "kj"/],
      [{ golden: 'a', dump: 'a', map: { lines: ['kij'], strides: [1, 2] } }, /2 strides for 1 lines/],
      [{ golden: 'a', dump: 'a', maps: {} }, /config-schema/],
    ] as const) {
      folder.write('tilescope.json', JSON.stringify({ layers: [], checks: [{ name: 'c', ...check }] }));
      await wrong(pattern);
    }
  });
});

describe('tilescope corrupt', () => {
  after(removeTestFolders);

  it('each way: the same bytes but for the planted change, the truth beside it, and a check that finds just that', async () => {
    // Alone in its folder: reading it together with its set takes a second
    const folder = testFolder();
    folder.write('psum.txt', fs.readFileSync(fixture('oracle', NOTEBOOK_CASES.part1, 'psum.txt')));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(CORRUPTIONS)), fc.nat(999), async (how, seed) => {
        const name = `bad/${how}-${seed}.txt`;
        fs.mkdirSync(folder.file('bad'), { recursive: true });
        fs.rmSync(folder.file(name), { force: true });
        fs.rmSync(folder.file(`${name}.truth.json`), { force: true });
        const outcome = await cli(folder.path, 'corrupt', 'psum.txt', '-o', name, '--how', how, '--seed', String(seed));
        assert.equal(outcome.code, 0, outcome.err);
        const truth = JSON.parse(folder.read(`${name}.truth.json`)) as { how: string; changes: { line: number; column: number; coordinates: object; from: number; to: number }[] };
        const [before, after] = [folder.read('psum.txt').split('\n'), folder.read(name).split('\n')];
        if (how === 'missing-line') {
          assert.equal(after.length, before.length - 1);
          assert.deepEqual(after, before.toSpliced(truth.changes[0]!.line - 1, 1));
          return;
        }
        // Putting the old words back gives the golden file
        for (const { line, column, from, to } of truth.changes) {
          assert.equal(signed(after[line - 1]!.slice(column - 1, column + 15)), to);
          after[line - 1] = after[line - 1]!.slice(0, column - 1) + (from & 0xffff).toString(2).padStart(16, '0') + after[line - 1]!.slice(column + 15);
        }
        assert.deepEqual(after, before);
        const [report] = reportsOf(await cli(folder.path, 'check', 'psum.txt', name, '--json', '--max', '5000', '--map', 'kij,nij'));
        assert.deepEqual(report!.first.map(({ coordinates, expected, got }) => [coordinates, expected.value, got.value]), truth.changes.map(({ coordinates, from, to }) => [coordinates, from, to]), how);
      }),
      { numRuns: 21, seed: 6 },
    );
  });

  it('refuses what cannot be done, and keeps files that are there', async () => {
    const folder = notebook('golden-part1');
    const refuse = async (pattern: RegExp, ...args: string[]): Promise<void> => {
      const { code, err } = await cli(folder.path, 'corrupt', ...args);
      assert.equal(code, 2);
      assert.match(err, pattern);
    };
    await refuse(/cannot be corrupted by wrong-kij: its lines hold one kij only/, 'out.txt', '-o', 'x.txt', '--how', 'wrong-kij');
    await refuse(/--how cannot be "sign"\. Next: Use one of one-word/, 'out.txt', '-o', 'x.txt', '--how', 'sign');
    await refuse(/out_raw\.txt is there already.*output-foreign/, 'out.txt', '-o', 'out_raw.txt');
    await refuse(/--seed -1/, 'out.txt', '-o', 'x.txt', '--seed=-1');
    assert.equal(fs.existsSync(folder.file('x.txt')), false);
  });
});
