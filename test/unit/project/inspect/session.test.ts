import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outputStationaryCycles } from '../../../../src/engine/schedule/outputStationary';
import { sweepWidths } from '../../../../src/engine/schedule/widthSweep';
import { layerCycles, passesOf } from '../../../../src/engine/schedule/weightStationary';
import { mapLayer } from '../../../../src/engine/tiling';
import { leastSignedBits } from '../../../../src/engine/width';
import { Problem } from '../../../../src/engine/problem';
import { conv, oNijOf, nijOf } from '../../../../src/engine/conv';
import { breathe } from '../../../../src/project/breathe';
import { pixelTerms } from '../../../../src/project/inspect/sums';
import type { InspectSession } from '../../../../src/project/inspect/session';
import type { InspectQuestion } from '../../../../src/protocol/inspect';
import { MOST_CYCLES, MOST_WINDOW_VALUES } from '../../../../src/protocol/inspect';
import { isInspectReply } from '../../../../src/protocol/inspectGuards';
import { ALL_CASES, int32, oracleCase } from '../../support/fixtures';
import { removeTestFolders, testFolder } from '../../support/workspace';
import type { Plain } from './support';
import { anyPlain, ask, engineOf, held, layerConfig, naiveOutput, newSession, opened, plainOf } from './support';

const RUNS = { seed: 11, numRuns: 60 };
const SPEC = { inChannels: 5, outChannels: 6, height: 4, width: 5, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } };
const PLAIN = plainOf(SPEC, { rows: 2, cols: 4, psumBits: 16, overflow: 'wrap' });

async function forAnyLayer(check: (session: InspectSession, plain: Plain) => Promise<void>, runs = RUNS): Promise<void> {
  const folder = testFolder();
  await fc.assert(fc.asyncProperty(anyPlain, async (plain) => check(await opened(folder, plain), plain)), runs);
}

async function refused(session: InspectSession, question: InspectQuestion, what: RegExp): Promise<void> {
  await assert.rejects(session.answer(question), (error: unknown) => error instanceof Problem && error.code === 'inspect-question' && what.test(error.what), JSON.stringify(question));
}

describe('inspect: numbers', function () {
  this.timeout(120_000);
  after(removeTestFolders);

  it('oNijOf is the inverse of nijOf, and says where there is none', () => {
    fc.assert(
      fc.property(anyPlain, (plain) => {
        const { conv } = engineOf(plain).mapping;
        for (let kij = 0; kij < conv.kijCount; kij++) {
          const readers = new Map(Array.from({ length: conv.oNijCount }, (_, oNij) => [nijOf(conv, oNij, kij), oNij]));
          for (let nij = 0; nij < conv.nijCount; nij++) assert.equal(oNijOf(conv, nij, kij), readers.get(nij) ?? -1);
        }
      }),
      RUNS,
    );
  });

  it('psums, in any window, and activations are those of the engine', async () => {
    await forAnyLayer(async (session, plain) => {
      const engine = engineOf(plain);
      const { conv, tiling } = engine.mapping;
      const nijFrom = conv.nijCount >> 1;
      for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
        const fed = await ask(session, { type: 'activations', icTile, nijFrom, nijCount: conv.nijCount - nijFrom }, 'activations');
        const start = icTile * conv.nijCount * tiling.rows;
        assert.deepEqual(fed.values, engine.activationTiles.slice(start + nijFrom * tiling.rows, start + conv.nijCount * tiling.rows));
        for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
          const all = engine.psumTile(icTile, ocTile);
          for (let kij = 0; kij < conv.kijCount; kij++) {
            const answer = await ask(session, { type: 'psums', icTile, ocTile, kij, nijFrom, nijCount: conv.nijCount - nijFrom }, 'psums');
            const expected = Array.from({ length: (conv.nijCount - nijFrom) * tiling.cols }, (_, i) => all[((i % tiling.cols) * conv.nijCount + nijFrom + Math.floor(i / tiling.cols)) * conv.kijCount + kij]!);
            assert.deepEqual([...answer.values], expected);
            assert.ok(isInspectReply({ id: 1, ...answer }));
          }
        }
      }
    });
  });

  it('weights stand as the PEs hold them, and figures count the exact psums of columns with a channel', async () => {
    await forAnyLayer(async (session, plain) => {
      // The same layer in a width that cuts nothing
      const exact = engineOf({ ...plain, psumBits: 32, overflow: 'error' });
      const { conv, tiling } = exact.mapping;
      for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
        for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
          const tile = await ask(session, { type: 'tile', icTile, ocTile }, 'tile');
          assert.ok(isInspectReply({ id: 1, ...tile }));
          for (let kij = 0, i = 0; kij < conv.kijCount; kij++) {
            for (let row = 0; row < tiling.rows; row++) {
              for (let col = 0; col < tiling.cols; col++, i++) {
                const [ic, oc] = [icTile * tiling.rows + row, ocTile * tiling.cols + col];
                const inside = ic < conv.inChannels && oc < conv.outChannels;
                assert.equal(row < tile.usedRows && col < tile.usedCols, inside);
                assert.equal(tile.weights[i], inside ? plain.weights[(oc * conv.inChannels + ic) * conv.kijCount + kij]! : 0);
              }
            }
            const psums = [...exact.psumTile(icTile, ocTile)].filter((_, at) => at % conv.kijCount === kij && Math.floor(at / (conv.kijCount * conv.nijCount)) < tile.usedCols);
            const figures = tile.figures[kij]!;
            const { step, counts } = figures.histogram;
            assert.deepEqual([figures.range, figures.count], [{ min: Math.min(...psums), max: Math.max(...psums) }, psums.length]);
            assert.equal(figures.overflowing, psums.filter((psum) => held(psum, { psumBits: plain.psumBits, overflow: 'saturate' }) !== psum).length);
            assert.ok(counts.length <= 32 && counts.at(-1)! > 0);
            assert.deepEqual(counts, counts.map((_, bin) => psums.filter((psum) => Math.floor((psum - figures.range.min) / step) === bin).length));
          }
        }
      }
    });
  });

  it('channels and pixels are those of the engine and, where nothing is cut, of a convolution by its definition', async () => {
    await forAnyLayer(async (session, plain) => {
      const engine = engineOf(plain);
      const { conv, tiling } = engine.mapping;
      for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
        for (let col = 0; col < tiling.cols; col++) {
          const { raw } = await ask(session, { type: 'channel', ocTile, col }, 'channel');
          const start = (ocTile * tiling.cols + col) * conv.oNijCount;
          assert.deepEqual(raw, engine.outRaw.slice(start, start + conv.oNijCount));
          for (let oNij = 0; oNij < conv.oNijCount; oNij++) {
            const pixel = await ask(session, { type: 'pixel', ocTile, col, oNij }, 'pixel');
            const channel = ocTile * tiling.cols + col;
            const exact = channel < conv.outChannels ? naiveOutput(plain, channel, Math.floor(oNij / conv.outWidth), oNij % conv.outWidth) : 0;
            assert.deepEqual([pixel.raw, pixel.exact, pixel.out], [raw[oNij], exact, Math.max(0, raw[oNij]!)]);
            let register = 0;
            for (let term = 0; term < passesOf(engine.mapping); term++) {
              const [icTile, kij] = [Math.floor(term / conv.kijCount), term % conv.kijCount];
              assert.equal(pixel.nij[term], nijOf(conv, oNij, kij));
              assert.equal(pixel.addresses[term], (icTile * conv.kijCount + kij) * conv.nijCount + pixel.nij[term]!);
              assert.equal(pixel.terms[term], engine.psumTile(icTile, ocTile)[(col * conv.nijCount + pixel.nij[term]!) * conv.kijCount + kij]);
              register = held(register + pixel.terms[term]!, plain);
              assert.equal(pixel.sums[term], register);
            }
            assert.equal(register, pixel.raw);
          }
        }
      }
    }, { ...RUNS, numRuns: 25 });
  });

  for (const name of ALL_CASES) {
    it(`equals the oracle: ${name}`, async () => {
      const meta = oracleCase(name);
      const [outChannels, inChannels, kernelHeight, kernelWidth] = meta.weight_shape;
      const [, height, width] = meta.act_shape;
      const p = meta.padding;
      const spec = { inChannels, outChannels, height, width, kernelHeight, kernelWidth, strideHeight: meta.stride, strideWidth: meta.stride, dilationHeight: 1, dilationWidth: 1, padding: { top: p, left: p, bottom: p, right: p } };
      const plain: Plain = { spec, rows: meta.array_size, cols: meta.array_size, psumBits: 32, overflow: 'error', activations: int32('oracle', name, 'inputs/act_int.npy'), weights: int32('oracle', name, 'inputs/weight_int.npy') };
      const session = await opened(testFolder(), plain, { quantization: { actBits: 8, wgtBits: 8 } });
      const raw = int32('oracle', name, 'out_raw_int.npy');
      const pixels = raw.length / outChannels;
      for (let channel = 0; channel < outChannels; channel++) {
        const answer = await ask(session, { type: 'channel', ocTile: Math.floor(channel / plain.cols), col: channel % plain.cols }, 'channel');
        assert.deepEqual(answer.raw, raw.slice(channel * pixels, (channel + 1) * pixels));
      }
    });
  }

  it('the psums that a pass of the schedule writes are the psums, and the outputs written the channels', async () => {
    const session = await opened(testFolder(), PLAIN);
    const { mapping } = engineOf(PLAIN);
    const { conv, tiling } = mapping;
    const [psums, outs] = [new Map<string, readonly number[]>(), new Map<string, readonly number[]>()];
    for (const dataflow of ['weight-stationary', 'output-stationary'] as const) {
      const total = dataflow === 'weight-stationary' ? layerCycles(mapping) : outputStationaryCycles(mapping).total;
      for (let from = 0; from < total; ) {
        const { states } = await ask(session, { type: 'cycles', dataflow, from, count: MOST_CYCLES }, 'cycles');
        assert.ok(states.length > 0 && states.every(({ layerCycle }, i) => layerCycle === from + i));
        from += states.length;
        for (const cycle of states) {
          assert.equal(cycle.dataflow, dataflow);
          const { state } = cycle;
          if ('phase' in state && state.phase === 'accumulate') {
            if (state.written !== undefined) outs.set(`ws ${state.ocTile} ${state.written.oNij}`, [...state.written.outputs]);
          } else if ('l0' in state) {
            if (state.written !== undefined) psums.set(`${state.icTile} ${state.ocTile} ${state.kij} ${state.written.nij}`, [...state.written.psums]);
          } else if ('step' in state && state.written !== undefined) outs.set(`os ${state.ocTile} ${state.written.oNij}`, [...state.written.outputs]);
        }
      }
      await refused(session, { type: 'cycles', dataflow, from: total, count: 1 }, /no cycle/);
    }
    assert.equal(psums.size, tiling.icTiles * tiling.ocTiles * conv.kijCount * conv.nijCount);
    for (let ocTile = 0; ocTile < tiling.ocTiles; ocTile++) {
      for (let icTile = 0; icTile < tiling.icTiles; icTile++) {
        for (let kij = 0; kij < conv.kijCount; kij++) {
          const { values } = await ask(session, { type: 'psums', icTile, ocTile, kij, nijFrom: 0, nijCount: conv.nijCount }, 'psums');
          for (let nij = 0; nij < conv.nijCount; nij++) assert.deepEqual(psums.get(`${icTile} ${ocTile} ${kij} ${nij}`), [...values.subarray(nij * tiling.cols, (nij + 1) * tiling.cols)]);
        }
      }
      for (let col = 0; col < tiling.cols; col++) {
        const { raw } = await ask(session, { type: 'channel', ocTile, col }, 'channel');
        for (const [oNij, value] of raw.entries()) for (const flow of ['ws', 'os']) assert.equal(outs.get(`${flow} ${ocTile} ${oNij}`)![col], Math.max(0, value));
      }
    }
  });

  it('addresses of the psum memory are right beyond 32 bits', () => {
    const padding = { top: 15, left: 15, bottom: 15, right: 15 };
    const mapping = mapLayer(conv({ inChannels: 16, outChannels: 1, height: 400, width: 400, kernelHeight: 31, kernelWidth: 31, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding }), { rows: 1, cols: 1 });
    const { nijCount, kijCount } = mapping.conv;
    const layer = { mapping, activationTiles: new Int32Array(16 * nijCount), weightTiles: new Int32Array(16 * kijCount), psumBits: 16, overflow: 'wrap', relu: true } as const;
    const { addresses, nij } = pixelTerms(layer, 0, 0, 100);
    assert.equal(addresses.at(-1), (16 * kijCount - 1) * nijCount + nij.at(-1)!);
    assert.ok(addresses.at(-1)! > 2 ** 31);
  });

  it('widths are those of the whole sweep', async () => {
    await forAnyLayer(async (session, plain) => {
      const exact = engineOf({ ...plain, psumBits: 32, overflow: 'error' });
      const steps = sweepWidths(exact);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      const { type, least, psumRange, outRange, ...sweep } = await ask(session, { type: 'widths' }, 'widths');
      assert.equal(type, 'widths');
      assert.deepEqual(sweep, step.value);
      assert.deepEqual([psumRange, outRange], [exact.psumRange, exact.outRange]);
      assert.deepEqual(least, { psum: leastSignedBits(psumRange.min, psumRange.max), out: leastSignedBits(outRange.min, outRange.max) });
    });
  });

  it('figures of the layer: phases add up, and cycles are those of the example in docs/schedule.md', async () => {
    const spec = { ...SPEC, inChannels: 8, outChannels: 8, height: 4, width: 4 };
    const session = await opened(testFolder(), plainOf(spec, { rows: 8, cols: 8, psumBits: 16, overflow: 'error' }));
    const figures = await ask(session, { type: 'layer' }, 'layer');
    const [ws, os] = figures.flows;
    assert.deepEqual([ws?.cycles, os?.cycles, figures.macs], [713, 194, 8 * 8 * 9 * 16]);
    assert.deepEqual([ws, os].map((flow) => flow!.phases.reduce((sum, { cycles }) => sum + cycles, 0)), [713, 194]);
    assert.deepEqual(figures.worstCase, { psum: 11, out: 15 });
    assert.deepEqual([figures.footprint.psum.words, figures.footprint.output.bits], [9 * 36 * 8, 16 * 8 * 16]);
  });
});

describe('inspect: questions', function () {
  this.timeout(60_000);
  after(removeTestFolders);

  it('what the layer does not have is refused, and so is too much at once', async () => {
    const session = await opened(testFolder(), PLAIN);
    const window = { nijFrom: 0, nijCount: 1 };
    await refused(session, { type: 'tile', icTile: 3, ocTile: 0 }, /no ic tile 3: they count from 0 to 2/);
    await refused(session, { type: 'tile', icTile: 0, ocTile: 2 }, /no oc tile 2/);
    await refused(session, { type: 'psums', icTile: 0, ocTile: 0, kij: 9, ...window }, /no kij 9/);
    await refused(session, { type: 'psums', icTile: 0, ocTile: 0, kij: 0, nijFrom: 41, nijCount: 2 }, /no nij 42/);
    await refused(session, { type: 'activations', icTile: 0, nijFrom: 42, nijCount: 1 }, /no nij 42/);
    await refused(session, { type: 'channel', ocTile: 0, col: 4 }, /no column 4/);
    await refused(session, { type: 'pixel', ocTile: 0, col: 0, oNij: 20 }, /no o_nij 20/);
    await refused(session, { type: 'cycles', dataflow: 'weight-stationary', from: 0, count: MOST_CYCLES + 1 }, /65 cycles/);
    await refused(newSession(), { type: 'layer' }, /No layer is open/);
    const wide = { ...SPEC, inChannels: 1, outChannels: 1, height: 300, width: 300, kernelHeight: 1, kernelWidth: 1 };
    const large = await opened(testFolder(), plainOf(wide, { rows: 1, cols: 3, psumBits: 16, overflow: 'wrap' }));
    const most = Math.floor(MOST_WINDOW_VALUES / 3);
    await refused(large, { type: 'psums', icTile: 0, ocTile: 0, kij: 0, nijFrom: 0, nijCount: most + 1 }, /were asked for at once/);
    const { values } = await ask(large, { type: 'psums', icTile: 0, ocTile: 0, kij: 0, nijFrom: 5, nijCount: most }, 'psums');
    assert.equal(values.length, 3 * most);
  });

  it('a layer that is computed in parts gives the same as one that is not', async () => {
    // More psums than are held at once, and a column of more multiplications than one step
    const spec = { ...SPEC, inChannels: 20, outChannels: 3, height: 230, width: 230 };
    const plain = plainOf(spec, { rows: 10, cols: 4, psumBits: 11, overflow: 'saturate' });
    const session = await opened(testFolder(), plain);
    const engine = engineOf(plain);
    for (const col of [0, 2, 3]) {
      const { raw } = await ask(session, { type: 'channel', ocTile: 0, col }, 'channel');
      assert.ok(Buffer.from(raw.buffer).equals(Buffer.from(engine.outRaw.slice(col * raw.length, (col + 1) * raw.length).buffer)), `column ${col}`);
    }
    const widths = await ask(session, { type: 'widths' }, 'widths');
    assert.deepEqual([widths.psumRange, widths.outRange, widths.points[10]!.psumsBeyond], [engine.psumRange, engine.outRange, engine.overflows.psum]);
    const { figures } = await ask(session, { type: 'tile', icTile: 1, ocTile: 0 }, 'tile');
    for (const { count, histogram } of figures) assert.deepEqual([count, histogram.counts.reduce((sum, one) => sum + one, 0)], [3 * 232 * 232, 3 * 232 * 232]);
  });

  it('widths report progress and are given up within a step', async () => {
    const session = await opened(testFolder(), plainOf({ ...SPEC, inChannels: 64, outChannels: 64, height: 24, width: 24 }, { rows: 2, cols: 2, psumBits: 16, overflow: 'wrap' }));
    const stop = new AbortController();
    let reports = 0;
    const onProgress = ({ done, total }: { done: number; total: number }): void => {
      assert.deepEqual([done, total], [++reports, 32 * 32]);
      if (reports === 5) stop.abort();
    };
    await assert.rejects(session.answer({ type: 'widths' }, { signal: stop.signal, onProgress }), (error: unknown) => error instanceof Problem && error.code === 'cancelled');
    assert.equal(reports, 5);
    // Nothing of the part is kept, and the session goes on
    await breathe(undefined);
    assert.equal((await ask(session, { type: 'widths' }, 'widths')).psums, 32 * 32 * 2 * 26 * 26 * 9);
  });

  it('caches stay inside their budget, whatever is asked, and answers do not depend on them', async () => {
    const folder = testFolder();
    const plain = plainOf({ ...SPEC, inChannels: 16, outChannels: 16, height: 6, width: 6 }, { rows: 2, cols: 2, psumBits: 16, overflow: 'wrap' });
    const roomy = await opened(folder, plain);
    const budget = { computed: 4096, golden: 1024 };
    const session = newSession(budget);
    await session.answer({ type: 'open', subject: { type: 'layer', file: folder.file('tilescope.json'), layer: 'layer' } });
    let most = 0;
    for (let i = 0; i < 200; i++) {
      const question: InspectQuestion = i % 2 === 0 ? { type: 'tile', icTile: (i * 7) % 8, ocTile: (i * 3) % 8 } : { type: 'channel', ocTile: (i * 5) % 8, col: (i >> 1) % 2 };
      assert.deepEqual(await session.answer(question), await roomy.answer(question));
      most = Math.max(most, session.cacheBytes);
      assert.ok(session.cacheBytes <= budget.computed + budget.golden, String(session.cacheBytes));
    }
    assert.ok(most > budget.computed / 4, 'nothing was kept');
    assert.ok(roomy.cacheBytes > budget.computed);
  });

  it('whatever a question asks, the answer is an answer or a problem of the user, never a defect', async () => {
    const folder = testFolder();
    layerConfig(folder, PLAIN);
    const session = await opened(folder, PLAIN);
    const number = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.nat(), fc.constantFrom(2 ** 31, Number.MAX_SAFE_INTEGER));
    const count = number.map((n) => Math.max(1, n));
    const place = { icTile: number, ocTile: number };
    const coordinates = fc.record({ icTile: number, ocTile: number, row: number, col: number, kij: number, nij: number, o_nij: number }, { requiredKeys: [] });
    const text = fc.constantFrom('', '.', '/', folder.path, folder.file('tilescope.json'), folder.file('gone'), 'layer', '{');
    const question: fc.Arbitrary<InspectQuestion> = fc.oneof(
      fc.record({ type: fc.constant('tile' as const), ...place }),
      fc.record({ type: fc.constant('psums' as const), ...place, kij: number, nijFrom: number, nijCount: count }),
      fc.record({ type: fc.constant('activations' as const), icTile: number, nijFrom: number, nijCount: count }),
      fc.record({ type: fc.constant('channel' as const), ocTile: number, col: number }),
      fc.record({ type: fc.constant('pixel' as const), ocTile: number, col: number, oNij: number }),
      fc.record({ type: fc.constant('cycles' as const), dataflow: fc.constantFrom('weight-stationary' as const, 'output-stationary' as const), from: number, count }),
      fc.record({ type: fc.constant('mismatch' as const), from: fc.option(coordinates, { nil: undefined }), backward: fc.boolean() }),
      fc.record({ type: fc.constant('locate' as const), kind: fc.constantFrom('psum' as const, 'out' as const, 'weight' as const, 'activation' as const, 'address' as const), coordinates, side: fc.constantFrom('golden' as const, 'dump' as const) }),
      fc.record({ type: fc.constant('compare' as const), target: fc.record({ type: fc.constant('files' as const), name: text, golden: fc.array(text, { minLength: 1, maxLength: 2 }), dump: fc.array(text, { minLength: 1, maxLength: 2 }) }) }),
    );
    const tried = async (one: InspectQuestion): Promise<void> => {
      const answer = await session.answer(one).catch((error: unknown) => error);
      if (answer instanceof Error) assert.ok(answer instanceof Problem && answer.code !== 'internal', `${JSON.stringify(one)}: ${String(answer.stack)}`);
      else assert.ok(isInspectReply({ id: 0, ...(answer as object) }), JSON.stringify(one));
    };
    await fc.assert(fc.asyncProperty(question, tried), { seed: 3, numRuns: 600 });
    // Opening gives up what was open: last
    for (const subject of [{ type: 'set', folder: folder.file('a.npy') }, { type: 'set', folder: folder.path }, { type: 'layer', file: folder.file('gone'), layer: 'layer' }, { type: 'layer', file: folder.path, layer: 'none' }, { type: 'layer', file: 'x', layer: 'layer', text: '[]' }] as const) await tried({ type: 'open', subject });
    await refused(session, { type: 'layer' }, /No layer is open/);
  });
});
