import assert from 'node:assert/strict';
import fs from 'node:fs';
import { Problem } from '../../../../src/engine/problem';
import { checkTarget } from '../../../../src/project/check/checkTarget';
import { OpenFiles } from '../../../../src/project/check/fileSource';
import type { InspectSession } from '../../../../src/project/inspect/session';
import type { CheckTarget } from '../../../../src/protocol/checkReport';
import { WORD_STATES } from '../../../../src/vectors/dump/entries';
import type { Coordinates } from '../../../../src/vectors/axis';
import { fixture } from '../../support/fixtures';
import type { TestFolder } from '../../support/workspace';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../../support/workspace';
import type { Plain } from './support';
import { ask, engineOf, newSession, opened, plainOf } from './support';

const FOLDER = fixture('check');
const SHIFTED: CheckTarget = { type: 'files', name: 'psum', golden: [fixture('check', 'psum.txt')], dump: [fixture('check', 'sim', 'psum.memh')] };
const GOOD: CheckTarget = { ...SHIFTED, dump: [fixture('check', 'sim', 'psum_good.memh')] };
const [NIJS, KIJS, COLS] = [36, 9, 8];

/** The layer of the fixture: 8 to 8 channels, one tile. */
async function fixtureSession(): Promise<InspectSession> {
  const session = newSession();
  await ask(session, { type: 'open', subject: { type: 'set', folder: FOLDER } }, 'opened');
  return session;
}

/** What a dump of 128-bit words says, read here again: `[address][col]`, x where undefined. */
function words(file: string): (number | undefined)[][] {
  return fs.readFileSync(file, 'latin1').split(/\r?\n/).filter((line) => /^[0-9a-fxz]+$/i.test(line.trim())).map((line) =>
    Array.from({ length: COLS }, (_, col) => {
      const text = line.trim().slice((COLS - 1 - col) * 4, (COLS - col) * 4);
      return /[xz]/i.test(text) ? undefined : (Number.parseInt(text, 16) << 16) >> 16;
    }),
  );
}

/** All places that a walk visits. */
async function walk(session: InspectSession, backward: boolean): Promise<{ key: string; number: number; of: number }[]> {
  const seen: { key: string; number: number; of: number }[] = [];
  let from: Coordinates | undefined;
  for (;;) {
    const { coordinates, number, of } = await ask(session, { type: 'mismatch', from, backward }, 'mismatch');
    if (coordinates === undefined) return seen;
    seen.push({ key: `${coordinates.ocTile ?? 0} ${coordinates.kij ?? 0} ${coordinates.nij ?? coordinates.o_nij ?? -1} ${coordinates.col!}`, number: number!, of: of! });
    from = coordinates;
  }
}

describe('inspect: dumps', function () {
  this.timeout(60_000);
  after(removeTestFolders);

  it('a dump of psums: verdict and counts are those of the check, words and differences are those of the file', async () => {
    const session = await fixtureSession();
    const { dump } = await ask(session, { type: 'compare', target: SHIFTED }, 'compared');
    const { report } = await checkTarget(SHIFTED, { ortScript: ORT_SCRIPT });
    assert.deepEqual([dump?.verdict, dump?.what, dump?.cause, dump?.differing, dump?.total, dump?.kind], [report.verdict, report.what, report.causes[0]?.sentence, report.differing, 2592, 'psum']);
    const dumped = words(fixture('check', 'sim', 'psum.memh'));
    const differing = new Array<number>(KIJS).fill(0);
    const truth = new Set<string>();
    for (let kij = 0; kij < KIJS; kij++) {
      const answer = await ask(session, { type: 'psums', icTile: 0, ocTile: 0, kij, nijFrom: 0, nijCount: NIJS }, 'psums');
      assert.deepEqual(answer.goldenDiffers, []);
      for (let i = 0; i < NIJS * COLS; i++) {
        const [nij, col] = [Math.floor(i / COLS), i % COLS];
        const word = dumped[kij * NIJS + nij]![col];
        const differs = word !== answer.values[i];
        assert.deepEqual([answer.dump!.values[i], answer.dump!.states[i], answer.dump!.differs![i]], [word ?? 0, word === undefined ? WORD_STATES.unwritten : WORD_STATES.known, differs ? 1 : 0], `kij ${kij} nij ${nij} col ${col}`);
        if (!differs) continue;
        differing[kij]!++;
        truth.add(`0 ${kij} ${nij} ${col}`);
      }
    }
    assert.equal(truth.size, 1422);
    assert.deepEqual((await ask(session, { type: 'tile', icTile: 0, ocTile: 0 }, 'tile')).differing, differing);
    const forward = await walk(session, false);
    assert.deepEqual(forward.map(({ number, of }) => [number, of]), forward.map((_, i) => [i + 1, 1422]));
    assert.deepEqual(new Set(forward.map(({ key }) => key)), truth);
    // In the order of the dump: by address, then from its left word to its right
    const place = ({ key }: { key: string }): number => {
      const [, kij, nij, col] = key.split(' ').map(Number) as [number, number, number, number];
      return (kij * NIJS + nij) * COLS + (COLS - 1 - col);
    };
    assert.deepEqual(forward.map(place), forward.map(place).sort((a, b) => a - b));
    assert.deepEqual(await walk(session, true), forward.toReversed());
  });

  it('a mismatch is looked for behind any place, one that does not differ and one that the dump does not have among them', async () => {
    const session = await fixtureSession();
    assert.deepEqual(await session.answer({ type: 'mismatch', from: undefined, backward: false }), { type: 'mismatch' });
    await ask(session, { type: 'compare', target: SHIFTED }, 'compared');
    const all = await walk(session, false);
    // Of the only tile as well
    assert.deepEqual((await ask(session, { type: 'mismatch', from: undefined, backward: false }, 'mismatch')).coordinates, { icTile: 0, ocTile: 0, kij: 0, nij: 0, col: 7 });
    const first = { type: 'mismatch', from: undefined, backward: false } as const;
    assert.deepEqual(await session.answer({ ...first, from: { nij: 99, kij: 99 } }), await session.answer(first));
    assert.equal((await ask(session, { ...first, from: { icTile: 0, ocTile: 0, kij: 8, nij: 35, col: 0, o_nij: 3 } }, 'mismatch')).coordinates, undefined);
    for (const [kij, nij, col] of [[0, 0, 0], [3, 17, 4], [8, 34, 7]] as const) {
      const before = all.filter(({ key }) => {
        const [, k, n, c] = key.split(' ').map(Number) as [number, number, number, number];
        return (k * NIJS + n) * COLS - c <= (kij * NIJS + nij) * COLS - col;
      }).length;
      const { number } = await ask(session, { ...first, from: { kij, nij, col } }, 'mismatch');
      assert.equal(number, all[before]?.number);
    }
  });

  it('values are located in the golden file and in the dump', async () => {
    const session = await fixtureSession();
    await ask(session, { type: 'compare', target: SHIFTED }, 'compared');
    const word = ({ file, line, column, length }: { file: string; line: number; column: number; length: number }): string => fs.readFileSync(file, 'latin1').split(/\r?\n/)[line]!.slice(column, column + length);
    const dumped = words(fixture('check', 'sim', 'psum.memh'));
    for (const [kij, nij, col] of [[0, 1, 0], [4, 20, 3], [8, 35, 7]] as const) {
      const coordinates = { icTile: 0, ocTile: 0, kij, nij, col };
      const { values } = await ask(session, { type: 'psums', icTile: 0, ocTile: 0, kij, nijFrom: nij, nijCount: 1 }, 'psums');
      const golden = await ask(session, { type: 'locate', kind: 'psum', coordinates, side: 'golden' }, 'located');
      assert.equal(golden.place?.file, fixture('check', 'psum.txt'));
      assert.equal((Number.parseInt(word(golden.place), 2) << 16) >> 16, values[col]);
      const there = await ask(session, { type: 'locate', kind: 'psum', coordinates, side: 'dump' }, 'located');
      assert.equal(there.place?.file, fixture('check', 'sim', 'psum.memh'));
      assert.equal((Number.parseInt(word(there.place), 16) << 16) >> 16, dumped[kij * NIJS + nij]![col]);
    }
    assert.deepEqual(await session.answer({ type: 'locate', kind: 'out', coordinates: { o_nij: 0, col: 0 }, side: 'dump' }), { type: 'located' });
    assert.deepEqual(await session.answer({ type: 'locate', kind: 'psum', coordinates: { kij: 9, nij: 0, col: 0 }, side: 'golden' }), { type: 'located' });
  });

  it('a dump that matches has no mismatch, and one that is taken off leaves nothing', async () => {
    const session = await fixtureSession();
    const { dump } = await ask(session, { type: 'compare', target: GOOD }, 'compared');
    assert.deepEqual([dump?.verdict, dump?.differing, dump?.cause], ['match', 0, undefined]);
    assert.deepEqual(await session.answer({ type: 'mismatch', from: undefined, backward: true }), { type: 'mismatch', of: 0 });
    const tile = { type: 'tile', icTile: 0, ocTile: 0 } as const;
    assert.deepEqual((await ask(session, tile, 'tile')).differing, new Array<number>(KIJS).fill(0));
    assert.deepEqual(await session.answer({ type: 'compare' }), { type: 'compared' });
    assert.equal('differing' in (await session.answer(tile)), false);
    assert.equal('dump' in (await session.answer({ type: 'psums', icTile: 0, ocTile: 0, kij: 0, nijFrom: 0, nijCount: 1 })), false);
  });

  it('a dump that does not fit the layer is refused, and none is attached then', async () => {
    const session = await fixtureSession();
    const refuses = async (target: CheckTarget, code: string, what: RegExp): Promise<void> => {
      await ask(session, { type: 'compare', target: GOOD }, 'compared');
      await assert.rejects(session.answer({ type: 'compare', target }), (error: unknown) => error instanceof Problem && error.code === code && what.test(error.what));
      assert.deepEqual(await session.answer({ type: 'mismatch', from: undefined, backward: false }), { type: 'mismatch' });
    };
    await refuses({ ...GOOD, dump: [fixture('check', 'gone.memh')] }, 'usage', /does not exist/);
    await refuses({ type: 'files', name: 'weights', golden: [fixture('check', 'weight_0.txt')], dump: [fixture('check', 'weight_0.txt')] }, 'inspect-dump', /dump of weights/);
    const folder = testFolder();
    const other = await opened(folder, plainOf({ inChannels: 1, outChannels: 8, height: 2, width: 2, kernelHeight: 1, kernelWidth: 1, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 0, left: 0, bottom: 0, right: 0 } }, { rows: 1, cols: 8, psumBits: 16, overflow: 'wrap' }));
    await assert.rejects(other.answer({ type: 'compare', target: GOOD }), (error: unknown) => error instanceof Problem && error.code === 'inspect-dump' && /another layer/.test(error.what));
  });

  it('a dump file that changes or goes keeps its words as they were compared', async () => {
    const folder = testFolder();
    const file = folder.write('psum.memh', fs.readFileSync(fixture('check', 'sim', 'psum.memh')));
    const session = await fixtureSession();
    await ask(session, { type: 'compare', target: { ...SHIFTED, dump: [file] } }, 'compared');
    const question = { type: 'psums', icTile: 0, ocTile: 0, kij: 2, nijFrom: 0, nijCount: NIJS } as const;
    const before = await session.answer(question);
    folder.write('psum.memh', 'gone');
    assert.deepEqual(await session.answer(question), before);
    fs.rmSync(file);
    assert.deepEqual(await session.answer(question), before);
  });

  it('files that were closed are read again as long as they are the same', () => {
    const folder = testFolder();
    const file = folder.write('words.txt', '0123456789');
    const open = new OpenFiles();
    const source = open.open(file);
    const text = (): string => {
      const bytes = new Uint8Array(4);
      return Buffer.from(bytes.subarray(0, source.read(3, bytes))).toString('latin1');
    };
    assert.equal(text(), '3456');
    open.closeAll();
    assert.equal(text(), '3456');
    folder.write('words.txt', 'shorter');
    assert.throws(text, (error: unknown) => error instanceof Problem && error.code === 'usage' && /has changed since it was compared/.test(error.what));
    fs.rmSync(file);
    assert.throws(text, (error: unknown) => error instanceof Problem && /does not exist/.test(error.what));
  });
});

const SPEC = { inChannels: 3, outChannels: 5, height: 4, width: 3, kernelHeight: 2, kernelWidth: 2, strideHeight: 2, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 0, bottom: 0, right: 1 } };

/** Outputs as `$writememh` writes them, with some words changed: oc tile after oc tile, columns from the last to the first. */
function dumpOutputs(folder: TestFolder, plain: Plain, wrong: ReadonlySet<string>): string {
  const { mapping, outRaw } = engineOf(plain);
  const { conv, tiling } = mapping;
  const lines: string[] = [];
  for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
    for (let oNij = 0; oNij < conv.oNijCount; oNij++) {
      const word = (col: number): string => ((Math.max(0, outRaw[(ocTile * tiling.cols + col) * conv.oNijCount + oNij]!) + (wrong.has(`${ocTile} 0 ${oNij} ${col}`) ? 3 : 0)) & 0xffff).toString(16).padStart(4, '0');
      lines.push(Array.from({ length: tiling.cols }, (_, i) => word(tiling.cols - 1 - i)).join(''));
    }
  }
  return folder.write('out.memh', `${lines.join('\n')}\n`);
}

describe('inspect: dumps of outputs of a computed layer', function () {
  this.timeout(60_000);
  after(removeTestFolders);

  it('are compared after ReLU, over all oc tiles, and shown with channels and pixels', async () => {
    const folder = testFolder();
    const plain = plainOf(SPEC, { rows: 2, cols: 2, psumBits: 16, overflow: 'wrap' });
    const session = await opened(folder, plain);
    const { mapping, outRaw } = engineOf(plain);
    const { conv, tiling } = mapping;
    const wrong = new Set(['0 0 0 1', '1 0 4 0', '1 0 4 1', `2 0 ${conv.oNijCount - 1} 0`]);
    const dump = dumpOutputs(folder, plain, wrong);
    const target: CheckTarget = { type: 'layer', name: 'outputs', file: folder.file('tilescope.json'), text: folder.read('tilescope.json'), layer: 'layer', dump: [dump] };
    const compared = await ask(session, { type: 'compare', target }, 'compared');
    assert.deepEqual([compared.dump?.kind, compared.dump?.relu, compared.dump?.differing, compared.dump?.total], ['out', true, wrong.size, tiling.ocTiles * tiling.cols * conv.oNijCount]);
    assert.deepEqual(new Set((await walk(session, false)).map(({ key }) => key)), wrong);
    for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
      for (let col = 0; col < tiling.cols; col++) {
        const channel = await ask(session, { type: 'channel', ocTile, col }, 'channel');
        for (let oNij = 0; oNij < conv.oNijCount; oNij++) {
          const isWrong = wrong.has(`${ocTile} 0 ${oNij} ${col}`);
          const word = Math.max(0, outRaw[(ocTile * tiling.cols + col) * conv.oNijCount + oNij]!) + (isWrong ? 3 : 0);
          assert.deepEqual([channel.dump!.values[oNij], channel.dump!.differs![oNij]], [word, isWrong ? 1 : 0]);
          const pixel = await ask(session, { type: 'pixel', ocTile, col, oNij }, 'pixel');
          assert.deepEqual(pixel.dump, { value: word, state: WORD_STATES.known, differs: isWrong });
        }
      }
    }
    // Psums have no dump
    assert.equal('differing' in (await session.answer({ type: 'tile', icTile: 0, ocTile: 0 })), false);
  });
});

describe('inspect: dumps of psums that are kept for output pixels', function () {
  this.timeout(60_000);
  after(removeTestFolders);

  it('are walked on from the pixel of the input at which a page stands', async () => {
    const folder = testFolder();
    for (const name of ['activation', ...Array.from({ length: KIJS }, (_, kij) => `weight_${kij}`)]) folder.write(`${name}.txt`, fs.readFileSync(fixture('check', `${name}.txt`)));
    const all = fs.readFileSync(fixture('check', 'psum.txt'), 'latin1').split(/\r?\n/).filter((line) => /^[01]+$/.test(line));
    assert.equal(all.length, KIJS * NIJS);
    // A 4x4 output of a 6x6 image
    const lines = Array.from({ length: KIJS * 16 }, (_, at) => {
      const [kij, oNij] = [Math.floor(at / 16), at % 16];
      return all[kij * NIJS + (Math.floor(oNij / 4) + Math.floor(kij / 3)) * 6 + (oNij % 4) + (kij % 3)]!;
    });
    const wrong = new Map([[19, 1n], [20, 1n << 16n], [143, 1n << 112n]]);
    const golden = folder.write('psum.txt', `${lines.join('\n')}\n`);
    const dump = folder.write('psum.memh', `${lines.map((line, at) => (BigInt(`0b${line}`) ^ (wrong.get(at) ?? 0n)).toString(16).padStart(32, '0')).join('\n')}\n`);
    const session = await fixtureSession();
    const { dump: info } = await ask(session, { type: 'compare', target: { type: 'files', name: 'psum', golden: [golden], dump: [dump] } }, 'compared');
    assert.deepEqual([info?.kind, info?.differing, info?.total], ['psum', 3, KIJS * 16 * COLS]);
    for (const backward of [false, true]) {
      const seen: (number | undefined)[] = [];
      for (let from: Coordinates | undefined; seen.length < 5; ) {
        const { coordinates, number } = await ask(session, { type: 'mismatch', from, backward }, 'mismatch');
        if (coordinates === undefined) break;
        seen.push(number);
        // What a page tells of a psum: there is no output pixel among it
        const { icTile = -1, ocTile = -1, col = -1, kij = -1, nij = -1 } = coordinates;
        from = { icTile, ocTile, col, kij, nij };
      }
      assert.deepEqual(seen, backward ? [3, 2, 1] : [1, 2, 3]);
    }
  });
});
