import assert from 'node:assert/strict';
import fc from 'fast-check';
import { conv } from '../../../../src/engine/conv';
import { directConvolution } from '../../../../src/engine/direct';
import { codeRange } from '../../../../src/engine/quantize';
import { psums } from '../../../../src/engine/psum';
import { footprint, measuredWidth, worstCaseWidth } from '../../../../src/engine/schedule/footprint';
import { stateAt } from '../../../../src/engine/schedule/stateAt';
import { layerCycles } from '../../../../src/engine/schedule/weightStationary';
import type { WidthSweep } from '../../../../src/engine/schedule/widthSweep';
import { sweepWidths } from '../../../../src/engine/schedule/widthSweep';
import { mapLayer } from '../../../../src/engine/tiling';
import { extremes, fitToWidth } from '../../../../src/engine/width';
import { computed } from '../../support/layers';
import type { TestLayer } from './anyLayer';
import { anyLayer } from './anyLayer';

const BITS = { activation: 4, weight: 4, psum: 16, output: 16 };
const SPEC = { inChannels: 12, outChannels: 9, height: 4, width: 4, kernelHeight: 3, kernelWidth: 3, strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: { top: 1, left: 1, bottom: 1, right: 1 } };

function swept(layer: TestLayer): WidthSweep {
  const steps = sweepWidths(layer);
  for (let tiles = 1; ; tiles++) {
    const step = steps.next();
    if (step.done === true) return step.value;
    assert.deepEqual(step.value, { done: tiles, total: layer.mapping.tiling.icTiles * layer.mapping.tiling.ocTiles });
  }
}

/** Does an output or a psum not fit when computed in that width? */
function overflows(values: Int32Array, bits: number): number {
  return fitToWidth(values.slice(), { bits, signed: true }, 'wrap')?.count ?? 0;
}

describe('engine: footprint', () => {
  it('counts lines, words and bits of each memory', () => {
    assert.deepEqual(footprint(mapLayer(conv(SPEC), { rows: 8, cols: 4 }), BITS), {
      activation: { lines: 72, wordsPerLine: 8, words: 576, bits: 2304, fills: 1 },
      weight: { lines: 216, wordsPerLine: 8, words: 1728, bits: 6912, fills: 1 },
      psum: { lines: 648, wordsPerLine: 4, words: 2592, bits: 41472, fills: 3 },
      output: { lines: 16, wordsPerLine: 4, words: 64, bits: 1024, fills: 3 },
    });
  });

  it('is as many lines as the schedule writes', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const lines = { psum: 0, output: 0 };
        for (let cycle = 0; cycle < layerCycles(layer.mapping); cycle++) {
          const state = stateAt(layer, cycle);
          if (state.written) lines[state.phase === 'accumulate' ? 'output' : 'psum']++;
        }
        const { activation, weight, psum, output } = footprint(layer.mapping, BITS);
        assert.deepEqual(lines, { psum: psum.lines * psum.fills, output: output.lines * output.fills });
        assert.equal(activation.words, layer.activationTiles.length);
        assert.equal(weight.words, layer.weightTiles.length);
      }),
      { seed: 60, numRuns: 20 },
    );
  });

  it('the measured width holds every sum of this input, and one bit less does not', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const all = psums(layer.mapping, layer.activationTiles, layer.weightTiles);
        const need = measuredWidth(layer);
        assert.deepEqual([overflows(all, need.psumBits), overflows(layer.outExact, need.outputBits)], [0, 0]);
        if (need.psumBits > 1) assert.notEqual(overflows(all, need.psumBits - 1), 0);
        if (need.outputBits > 1) assert.notEqual(overflows(layer.outExact, need.outputBits - 1), 0);
        assert.equal(need.bits, Math.max(need.psumBits, need.outputBits));
      }),
      { seed: 61, numRuns: 60 },
    );
  });

  it('the worst case is reached by the codes at their extremes, and not left', () => {
    fc.assert(
      fc.property(anyLayer, fc.integer({ min: 2, max: 8 }), fc.boolean(), (layer, bits, signed) => {
        const { mapping } = layer;
        const { conv: c } = mapping;
        const [activation, weight] = [codeRange(bits, signed), codeRange(bits, true)];
        const need = worstCaseWidth(mapping, activation, weight);
        const extreme = (a: number, w: number): { psum: number; out: number } => {
          const activationCodes = new Int32Array(c.inChannels * c.height * c.width).fill(a);
          const weightCodes = new Int32Array(c.outChannels * c.inChannels * c.kijCount).fill(w);
          const { psumRange, outExact } = computed({ mapping, activationCodes, weightCodes, psumBits: 32, overflow: 'error' });
          assert.deepEqual(extremes(outExact.slice(0, c.outChannels * c.oNijCount)), extremes(Int32Array.from(directConvolution(c, activationCodes, weightCodes))));
          return { psum: Math.abs(psumRange.max) > Math.abs(psumRange.min) ? psumRange.max : psumRange.min, out: Math.max(...outExact) > 0 ? Math.max(...outExact) : Math.min(...outExact) };
        };
        const corners = [activation.min, activation.max].flatMap((a) => [weight.min, weight.max].map((w) => extreme(a, w)));
        const psumValues = corners.map((corner) => corner.psum);
        assert.deepEqual([Math.min(0, ...psumValues), Math.max(0, ...psumValues)], [need.psum.min, need.psum.max]);
        assert.ok(corners.every(({ out }) => out >= need.output.min && out <= need.output.max));
        // Without padding around the image every output reaches its extreme
        if (Object.values(c.padding).every((pixels) => pixels === 0)) {
          const outs = corners.map((corner) => corner.out);
          assert.deepEqual([Math.min(0, ...outs), Math.max(0, ...outs)], [need.output.min, need.output.max]);
        }
      }),
      { seed: 62, numRuns: 60 },
    );
  });

  it('of the course: 8 rows of 4-bit codes, any weight code or only those of the quantiser', () => {
    const { psumBits, outputBits, psum } = worstCaseWidth(mapLayer(conv({ ...SPEC, inChannels: 8 }), { rows: 8, cols: 8 }), codeRange(4, false), { min: -7, max: 7 });
    assert.deepEqual([psumBits, outputBits, psum], [11, 14, { min: -840, max: 840 }]);
    assert.equal(worstCaseWidth(mapLayer(conv({ ...SPEC, inChannels: 8 }), { rows: 8, cols: 8 }), codeRange(4, false), codeRange(4, true)).outputBits, 15);
  });

  it('sweeps the widths: at each, as many as do not fit it', () => {
    fc.assert(
      fc.property(anyLayer, (layer) => {
        const all = psums(layer.mapping, layer.activationTiles, layer.weightTiles);
        const sweep = swept(layer);
        assert.deepEqual([sweep.psums, sweep.outputs], [all.length, layer.outExact.length]);
        assert.deepEqual(
          sweep.points,
          Array.from({ length: 32 }, (_, index) => ({ bits: index + 1, psumsBeyond: overflows(all, index + 1), outputsBeyond: overflows(layer.outExact, index + 1) })),
        );
      }),
      { seed: 63, numRuns: 40 },
    );
  });
});
