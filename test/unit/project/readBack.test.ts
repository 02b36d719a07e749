import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { writeNpy } from '../../../src/model/npy';
import { decodeFile } from '../../../src/project/decodeFile';
import { generate } from '../../../src/project/generate';
import type { Coordinates } from '../../../src/vectors/axis';
import { BUILT_IN_PROFILES } from '../../../src/vectors/profile';
import { ORT_SCRIPT, entryOf, removeTestFolders, testFolder } from '../support/workspace';

interface Drawn {
  readonly profile: string;
  readonly rows: number;
  readonly cols: number;
  readonly ic: number;
  readonly oc: number;
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly actBits: number;
  readonly wgtBits: number;
  readonly psumBits: number;
  readonly seed: number;
}

const side = fc.integer({ min: 1, max: 7 });
const step = fc.integer({ min: 1, max: 3 });

const DRAWN: fc.Arbitrary<Drawn> = fc
  .record({
    profile: fc.constantFrom(...BUILT_IN_PROFILES.map(({ name }) => name)),
    rows: fc.integer({ min: 1, max: 17 }),
    cols: fc.integer({ min: 1, max: 17 }),
    ic: fc.integer({ min: 1, max: 20 }),
    oc: fc.integer({ min: 1, max: 20 }),
    image: fc.tuple(side, side),
    kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    stride: fc.tuple(step, step),
    dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
    padding: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
    actBits: fc.integer({ min: 2, max: 8 }),
    wgtBits: fc.integer({ min: 2, max: 8 }),
    psumBits: fc.integer({ min: 4, max: 32 }),
    seed: fc.nat(1e6),
  })
  // Each kernel fits its padded image
  .map((drawn) => ({ ...drawn, image: drawn.image.map((size, i) => Math.max(size, drawn.dilation[i]! * (drawn.kernel[i]! - 1) + 1)) as [number, number] }))
  // That packing needs pairs of rows and whole blocks of columns; see docs/profiles.md
  .map((drawn) => (drawn.profile === 'memory-data-2bit' ? { ...drawn, rows: drawn.rows > 8 ? 16 : drawn.rows + (drawn.rows % 2), cols: drawn.cols > 8 ? 16 : drawn.cols + (drawn.cols % 2), actBits: 2 } : drawn));

/** The layer by nested loops over its coordinates, sharing nothing with the engine. */
class PlainLayer {
  private readonly act: (channel: number, i: number, j: number) => number;
  private readonly wgt: (oc: number, ic: number, kij: number) => number;
  readonly activation: Int16Array;
  readonly weight: Int16Array;

  constructor(private readonly d: Drawn) {
    const [height, width] = d.image;
    const kijs = d.kernel[0] * d.kernel[1];
    let state = d.seed;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    this.activation = Int16Array.from({ length: d.ic * height * width }, () => (next(3) === 0 ? 0 : next(2 ** d.actBits)));
    this.weight = Int16Array.from({ length: d.oc * d.ic * kijs }, () => next(2 ** d.wgtBits) - 2 ** (d.wgtBits - 1));
    this.act = (channel, i, j) => (channel < d.ic && i >= 0 && j >= 0 && i < height && j < width ? this.activation[(channel * height + i) * width + j]! : 0);
    this.wgt = (oc, ic, kij) => (oc < d.oc && ic < d.ic ? this.weight[(oc * d.ic + ic) * kijs + kij]! : 0);
  }

  value(kind: string, place: Coordinates, relu: boolean): number {
    const { d } = this;
    const { icTile = 0, ocTile = 0, row = 0, col = 0, kij = 0, nij = 0, o_nij = 0 } = place;
    const [top, left] = d.padding;
    const padded = d.image[1] + left + d.padding[3];
    const paddedHeight = d.image[0] + top + d.padding[2];
    const outWidth = Math.floor((padded - (d.dilation[1] * (d.kernel[1] - 1) + 1)) / d.stride[1]) + 1;
    const pixel = (tile: number, r: number, at: number): number => this.act(tile * d.rows + r, Math.floor(at / padded) - top, (at % padded) - left);
    const met = (k: number): number => (Math.floor(o_nij / outWidth) * d.stride[0] + Math.floor(k / d.kernel[1]) * d.dilation[0]) * padded + (o_nij % outWidth) * d.stride[1] + (k % d.kernel[1]) * d.dilation[1];
    const psum = (tile: number, at: number, k: number): number => {
      let sum = 0;
      for (let r = 0; r < d.rows; r++) sum += pixel(tile, r, at) * this.wgt(ocTile * d.cols + col, tile * d.rows + r, k);
      return wrapped(sum, d.psumBits);
    };
    switch (kind) {
      case 'activation':
        return pixel(icTile, row, nij);
      case 'weight':
        return this.wgt(ocTile * d.cols + col, icTile * d.rows + row, kij);
      case 'psum':
        return psum(icTile, nij, kij);
      case 'address':
        return kij * padded * paddedHeight + met(kij);
      default: {
        let sum = 0;
        for (let tile = 0; tile * d.rows < d.ic; tile++) for (let k = 0; k < d.kernel[0] * d.kernel[1]; k++) sum += psum(tile, met(k), k);
        const value = wrapped(sum, d.psumBits);
        return relu && value < 0 ? 0 : value;
      }
    }
  }
}

function wrapped(value: number, bits: number): number {
  return Number(BigInt.asIntN(bits, BigInt(value)));
}

describe('what generate writes, decode reads', () => {
  after(removeTestFolders);

  it('the same tensors, for any shape, stride, dilation, padding, array, width and profile', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(DRAWN, async (drawn) => {
        const { profile, rows, cols, ic, oc, image, kernel, stride, dilation, padding, actBits, wgtBits, psumBits } = drawn;
        const folder = testFolder();
        const plain = new PlainLayer(drawn);
        folder.write('a.npy', writeNpy(plain.activation, [ic, ...image]));
        folder.write('w.npy', writeNpy(plain.weight, [oc, ic, ...kernel]));
        await generate(
          entryOf(folder, {
            name: 'any',
            source: { type: 'codes', activation: 'a.npy', weight: 'w.npy' },
            quantization: { actBits, wgtBits },
            convolution: { stride: [...stride], dilation: [...dilation], padding: [...padding] },
            array: { rows, cols, psumBits, overflow: 'wrap' },
            profile,
            select: { icTile: 'all', ocTile: 'all', kij: 'all', nij: 'all', o_nij: 'all' },
            extras: ['decimal', 'address'],
            output: 'golden',
          }),
          { ortScript: ORT_SCRIPT },
        );
        // Each file is read with all that stands beside it: a few of each set are enough
        const written = Object.keys(folder.files('golden')).filter((name) => name.endsWith('.txt'));
        assert.ok(written.length > 0);
        const chosen = written.filter((name, i) => i % Math.ceil(written.length / 8) === 0 || /addr|out/.test(name));
        for (const name of chosen) {
          const { reading, chosen: best } = await decodeFile(path.join(folder.file('golden'), name), {});
          const { lineCount, wordsPerLine, spec } = best.layout;
          const values = reading.values();
          const relu = /^out(put)?[._]/.test(path.basename(name).replace('viz_', '')) && !name.includes('raw');
          for (let i = 0; i < lineCount * wordsPerLine; i++) {
            const place = best.layout.coordinates(Math.floor(i / wordsPerLine), i % wordsPerLine);
            const wanted = plain.value(spec.kind, place, relu);
            if (values[i] !== wanted) assert.fail(`${name} ${JSON.stringify(place)}: ${values[i]} instead of ${wanted}`);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});
