import { nijOf } from '../conv';
import type { Mapping } from '../tiling';
import { usedCols } from '../tiling';
import type { Kernel } from './kernel';

/** Rows that 16-bit operands come in, and pixels and sums that are computed at once. */
const CHUNK = 8;
const GROUP = 4;
const BLOCK = 16;

/** Fixed places: least and greatest psum, four lanes each; masks of rows; lanes of a line's last vector. */
const RANGE = 0;
const MASKS = 64;
const TAIL = MASKS + 64;
const FREE = 256;

/** Psums of so many bytes are computed before they are used, so that they are still in the cache. */
const BATCH_BYTES = 1 << 18;
/** Weights of so many bytes are packed at once, for tiles to come as well. */
const WEIGHT_BYTES = 1 << 18;

/** Least and greatest of some psums. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Some columns of a tile pair whose psums are in the memory. */
export interface Batch {
  readonly firstCol: number;
  readonly cols: number;
}

/** Where the numbers of one tile pair stand in the kernel's memory, and how they come there. Addresses in bytes. */
export class TileMemory {
  readonly groups: number;
  readonly chunks: number;
  /** Columns whose psums are computed together. */
  readonly batchCols: number;
  /** Bytes from a column's psums to the next one's. */
  readonly colBytes: number;
  /** Of the sums of one column. */
  readonly sumBytes: number;
  readonly offsets: number;
  private readonly raw: number;
  private readonly activations: number;
  private readonly weights: number;
  readonly psums: number;
  readonly turned: number;
  /** Behind all others: how much there is depends on the caller. */
  readonly end: number;

  /** Output-channel tiles whose weights are loaded together. */
  private readonly tilesAtOnce: number;
  private readonly tileLength: number;
  private readonly fullBatches: readonly Batch[];

  /**
   * @param narrow do all operands fit 16 bits?
   * @param mostTiles output-channel tiles whose weights may be loaded together
   */
  constructor(
    readonly mapping: Mapping,
    private readonly narrow: boolean,
    mostTiles: number,
  ) {
    const { conv, tiling } = mapping;
    const { nijCount, kijCount } = conv;
    const { rows, cols } = tiling;
    this.groups = Math.ceil(nijCount / GROUP);
    this.chunks = Math.ceil(rows / CHUNK);
    this.colBytes = 16 * this.groups * kijCount;
    this.batchCols = Math.max(1, Math.min(cols, Math.floor(BATCH_BYTES / this.colBytes)));
    this.sumBytes = 4 * BLOCK * Math.ceil((1 + nijOf(conv, conv.oNijCount - 1, 0)) / BLOCK);
    this.fullBatches = this.batchesOf(cols);
    this.tileLength = cols * kijCount * rows;
    this.tilesAtOnce = Math.max(1, Math.min(mostTiles, Math.floor(WEIGHT_BYTES / (4 * this.tileLength))));
    // Vectors may be read, though not used, beyond an end
    const places = placesFrom(FREE, {
      offsets: 4 * kijCount,
      raw: 4 * Math.max(nijCount * rows, this.tilesAtOnce * this.tileLength),
      activations: this.groups * (narrow ? 64 * this.chunks : 16 * rows),
      weights: this.tilesAtOnce * cols * kijCount * (narrow ? 16 * this.chunks : 4 * rows),
      psums: this.batchCols * this.colBytes + 4 * BLOCK,
      turned: 4 * this.batchCols * nijCount * kijCount,
    });
    ({ offsets: this.offsets, raw: this.raw, activations: this.activations, weights: this.weights, psums: this.psums, turned: this.turned, end: this.end } = places);
  }

  /** Writes what does not change from tile to tile. */
  writeTables(kernel: Kernel): void {
    const { conv, tiling } = this.mapping;
    const { memory } = kernel;
    for (let kij = 0; kij < conv.kijCount; kij++) memory[this.offsets / 4 + kij] = 16 * this.groups * kij + 4 * nijOf(conv, 0, kij);
    const lastRows = tiling.rows - CHUNK * (this.chunks - 1);
    for (let lane = 0; lane < CHUNK; lane++) {
      memory[MASKS / 4 + lane] = -1;
      memory[MASKS / 4 + CHUNK + lane] = lane < lastRows ? -1 : 0;
    }
    const lastPixels = conv.nijCount - GROUP * (this.groups - 1);
    for (let lane = 0; lane < GROUP; lane++) memory[TAIL / 4 + lane] = lane < lastPixels ? -1 : 0;
  }

  /**
   * @param tiles `[icTile, nij, row]`
   * @returns whether they fit 16 bits, if they have to
   */
  loadActivations(kernel: Kernel, tiles: Int32Array, icTile: number): boolean {
    const { conv, tiling } = this.mapping;
    const length = conv.nijCount * tiling.rows;
    kernel.memory.set(tiles.subarray(icTile * length, (icTile + 1) * length), this.raw / 4);
    if (!this.narrow) {
      kernel.run.packActivations32(this.raw, this.activations, conv.nijCount, tiling.rows);
      return true;
    }
    return kernel.run.packActivations16(this.raw, this.activations, conv.nijCount, tiling.rows, MASKS) === 0;
  }

  /**
   * Loads the weights of a tile pair and of some that follow it.
   * @param tiles `[icTile, ocTile, col, kij, row]`
   * @returns the output-channel tile behind the last one loaded; undefined when they do not fit 16 bits, but have to
   */
  loadWeights(kernel: Kernel, tiles: Int32Array, icTile: number, ocTile: number): number | undefined {
    const { conv, tiling } = this.mapping;
    const end = Math.min(tiling.ocTiles, ocTile + this.tilesAtOnce);
    const first = icTile * tiling.ocTiles;
    kernel.memory.set(tiles.subarray((first + ocTile) * this.tileLength, (first + end) * this.tileLength), (this.narrow ? this.raw : this.weights) / 4);
    if (!this.narrow) return end;
    const lines = (end - ocTile) * tiling.cols * conv.kijCount;
    return kernel.run.packWeights16(this.raw, this.weights, lines, tiling.rows, MASKS) === 0 ? end : undefined;
  }

  /**
   * Computes the psums of some columns, `[col, kij, nij]` with whole groups of nij.
   * @param tile how many tiles behind the first one whose weights were loaded
   */
  compute(kernel: Kernel, tile: number, { firstCol, cols }: Batch): Range {
    const { kijCount } = this.mapping.conv;
    const { rows } = this.mapping.tiling;
    const { run, memory } = kernel;
    const lines = cols * kijCount;
    const weights = this.weights + (tile * this.mapping.tiling.cols + firstCol) * kijCount * (this.narrow ? 16 * this.chunks : 4 * rows);
    if (!this.narrow) run.psums32(this.activations, weights, this.psums, lines, this.groups, rows, RANGE);
    else if (this.chunks === 1) run.psums8(this.activations, weights, this.psums, lines, this.groups, RANGE);
    else run.psums16(this.activations, weights, this.psums, lines, this.groups, this.chunks, RANGE);
    // Called for each tile of a network: without a loop
    return {
      min: Math.min(memory[RANGE / 4]!, memory[RANGE / 4 + 1]!, memory[RANGE / 4 + 2]!, memory[RANGE / 4 + 3]!),
      max: Math.max(memory[RANGE / 4 + 4]!, memory[RANGE / 4 + 5]!, memory[RANGE / 4 + 6]!, memory[RANGE / 4 + 7]!),
    };
  }

  /** Makes the psums of some columns fit and says how many did not. */
  fit(kernel: Kernel, cols: number, policy: 'error' | 'wrap' | 'saturate', bits: number, limits: Range): number {
    const mode = { error: 0, wrap: 1, saturate: 2 }[policy];
    return kernel.run.fit(this.psums, cols * this.mapping.conv.kijCount, this.groups, TAIL, mode, 32 - bits, limits.min, limits.max);
  }

  /** The columns of a tile pair that carry a channel, in batches. */
  batches(ocTile: number): readonly Batch[] {
    return usedCols(this.mapping, ocTile) === this.mapping.tiling.cols ? this.fullBatches : this.batchesOf(usedCols(this.mapping, ocTile));
  }

  private batchesOf(cols: number): Batch[] {
    return Array.from({ length: Math.ceil(cols / this.batchCols) }, (_, i) => ({ firstCol: i * this.batchCols, cols: Math.min(this.batchCols, cols - i * this.batchCols) }));
  }
}

/** Puts regions behind each other, each on a line of the cache and with room to read beyond it. */
function placesFrom<Name extends string>(start: number, sizes: Readonly<Record<Name, number>>): Record<Name | 'end', number> {
  const places: Partial<Record<string, number>> = {};
  let at = start;
  for (const [name, size] of Object.entries<number>(sizes)) {
    places[name] = at;
    at = (at + size + 127) & ~63;
  }
  return { ...places, end: at } as Record<Name | 'end', number>;
}
