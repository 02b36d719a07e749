import { codeRange } from '../quantize';
import type { LayerSums, TileFacts, TileSums, TileSumsInput } from '../tileSums';
import { plainTileSums } from '../tileSums';
import { usedCols } from '../tiling';
import type { Tenant } from './kernel';
import { Kernel } from './kernel';
import type { Batch, Range } from './tileMemory';
import { TileMemory } from './tileMemory';

/**
 * {@link TileSums} on vectors: the same numbers as the plain ones, to the bit.
 * @param narrow do all codes fit 16 bits?
 * @returns undefined when the host has no vectors, or the layer does not fit the memory
 */
export function simdTileSums(input: TileSumsInput, narrow: boolean): TileSums | undefined {
  const sums = new SimdTileSums(input, narrow);
  return Kernel.forBytes(sums.bytes) === undefined ? undefined : sums;
}

/** Keeps activations and sums in the kernel's memory while no one else needs it. */
class SimdTileSums implements TileSums, Tenant {
  /** Of the kernel's memory. */
  readonly bytes: number;
  private readonly tile: TileMemory;
  private readonly limits: Range;
  /** Sums of all columns, one behind the other; behind them those in width. In 32-bit integers. */
  private readonly exactAt: number;
  private readonly rawAt: number;
  private readonly sumLength: number;
  /** Both while another tenant has the memory. */
  private saved: Int32Array | undefined;
  /** Input-channel tile whose activations are in the memory, and the output-channel tiles whose weights are. */
  private loaded = { icTile: -1, ocTile: 0, ocEnd: 0 };
  /** Are there sums in width that may differ from the exact ones? */
  private apart: boolean;
  /** What goes on where the host gave the memory to another and has none left. */
  private plain: TileSums | undefined;

  constructor(
    private readonly input: TileSumsInput,
    narrow: boolean,
  ) {
    const { tiling } = input.mapping;
    this.tile = new TileMemory(input.mapping, narrow, tiling.ocTiles);
    this.limits = codeRange(input.psumBits, true);
    this.apart = input.overflow === 'saturate';
    this.sumLength = (tiling.ocTiles * tiling.cols * this.tile.sumBytes) / 4;
    this.exactAt = this.tile.end / 4;
    this.rawAt = this.exactAt + this.sumLength;
    this.bytes = 4 * (this.exactAt + this.sumLength * (input.overflow === 'error' ? 1 : 2));
  }

  add(icTile: number, ocTile: number): TileFacts {
    const { mapping } = this.input;
    const kernel = this.plain === undefined ? this.enter() : undefined;
    if (kernel === undefined) return this.goOn().add(icTile, ocTile);
    this.load(kernel, icTile, ocTile);
    // Columns without a channel hold zeros
    let [min, max] = usedCols(mapping, ocTile) < mapping.tiling.cols ? [0, 0] : [Infinity, -Infinity];
    let beyond = 0;
    for (const batch of this.tile.batches(ocTile)) {
      const range = this.tile.compute(kernel, ocTile - this.loaded.ocTile, batch);
      beyond += this.addBatch(kernel, ocTile, batch, range);
      min = Math.min(min, range.min);
      max = Math.max(max, range.max);
    }
    return { min, max, beyond };
  }

  finish(): LayerSums {
    const kernel = this.plain === undefined ? this.enter() : undefined;
    if (kernel === undefined) return this.goOn().finish();
    const exact = this.outputs(kernel.memory.subarray(this.exactAt, this.exactAt + this.sumLength));
    const raw = this.input.overflow === 'error' ? exact : this.apart ? this.outputs(kernel.memory.subarray(this.rawAt, this.rawAt + this.sumLength)) : exact.slice();
    kernel.release(this);
    return { exact, raw };
  }

  leave(): void {
    const kernel = Kernel.forBytes(this.bytes);
    if (kernel === undefined) throw new RangeError('The kernel that a layer is computed on is gone');
    this.saved = kernel.memory.slice(this.exactAt, this.rawAt + (this.apart ? this.sumLength : 0));
    this.loaded = { icTile: -1, ocTile: 0, ocEnd: 0 };
  }

  release(): void {
    Kernel.vacate(this);
    this.saved = undefined;
  }

  /** The plain way from the sums as they were left. */
  private goOn(): TileSums {
    if (this.plain !== undefined) return this.plain;
    const { saved, sumLength } = this;
    const exact = saved && this.outputs(saved.subarray(0, sumLength));
    const before = exact && { exact, raw: this.input.overflow === 'error' ? exact : this.apart ? this.outputs(saved.subarray(sumLength)) : exact.slice() };
    this.saved = undefined;
    return (this.plain = plainTileSums(this.input, before));
  }

  /** Takes the memory and finds the sums in it as they were left. @returns undefined when the host has no such memory any more */
  private enter(): Kernel | undefined {
    const kernel = Kernel.forBytes(this.bytes);
    if (kernel === undefined || kernel.enter(this)) return kernel;
    this.tile.writeTables(kernel);
    kernel.memory.fill(0, this.exactAt, this.bytes / 4);
    if (this.saved !== undefined) kernel.memory.set(this.saved, this.exactAt);
    this.saved = undefined;
    return kernel;
  }

  private load(kernel: Kernel, icTile: number, ocTile: number): void {
    const { loaded, input } = this;
    let fits = true;
    if (loaded.icTile !== icTile) fits = this.tile.loadActivations(kernel, input.activationTiles, icTile);
    else if (ocTile >= loaded.ocTile && ocTile < loaded.ocEnd) return;
    const ocEnd = this.tile.loadWeights(kernel, input.weightTiles, icTile, ocTile);
    if (!fits || ocEnd === undefined) throw new RangeError('Codes that 16 bits do not hold were given to the kernel for 16 bits');
    this.loaded = { icTile, ocTile, ocEnd };
  }

  /** @returns how many psums did not fit */
  private addBatch(kernel: Kernel, ocTile: number, batch: Batch, range: Range): number {
    const { overflow, psumBits } = this.input;
    const fits = range.min >= this.limits.min && range.max <= this.limits.max;
    if (!fits && overflow !== 'error' && !this.apart) {
      // Until now both were the same: a register that wraps differs from the first psum that it wraps
      kernel.memory.copyWithin(this.rawAt, this.exactAt, this.rawAt);
      this.apart = true;
    }
    const column = (ocTile * this.input.mapping.tiling.cols + batch.firstCol) * this.tile.sumBytes;
    this.accumulate(kernel, 4 * this.exactAt + column, batch.cols, false);
    const beyond = fits ? 0 : this.tile.fit(kernel, batch.cols, overflow, psumBits, this.limits);
    if (this.apart) this.accumulate(kernel, 4 * this.rawAt + column, batch.cols, overflow === 'saturate');
    return beyond;
  }

  private accumulate(kernel: Kernel, sums: number, cols: number, saturating: boolean): void {
    const { psums, colBytes, sumBytes, offsets } = this.tile;
    const { kijCount } = this.input.mapping.conv;
    if (saturating) kernel.run.accumulateSaturating(psums, sums, cols, colBytes, sumBytes, offsets, kijCount, this.limits.min, this.limits.max);
    else kernel.run.accumulate(psums, sums, cols, colBytes, sumBytes, offsets, kijCount);
  }

  /** The sums that stand for output pixels. @returns `[ocTile, col, o_nij]` */
  private outputs(sums: Int32Array): Int32Array {
    const { conv, tiling } = this.input.mapping;
    const columns = tiling.ocTiles * tiling.cols;
    const out = new Int32Array(columns * conv.oNijCount);
    for (let column = 0, at = 0; column < columns; column++) {
      for (let oi = 0; oi < conv.outHeight; oi++) {
        const first = (column * this.tile.sumBytes) / 4 + oi * conv.strideHeight * conv.paddedWidth;
        for (let oj = 0; oj < conv.outWidth; oj++) out[at++] = sums[first + oj * conv.strideWidth]!;
      }
    }
    return out;
  }
}
