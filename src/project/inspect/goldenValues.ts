import fs from 'node:fs/promises';
import { Problem } from '../../engine/problem';
import type { LocatedWord } from '../../protocol/inspect';
import type { AxisCounts, Coordinates, Kind } from '../../vectors/axis';
import { AXES } from '../../vectors/axis';
import { FileReading } from '../../vectors/reading';
import { textShape } from '../../vectors/textShape';
import { unlessMissing } from '../disk';
import { readText } from '../goldenFolder';
import { ByteCache } from './byteCache';
import type { GoldenFile } from './goldenFiles';
import { LayoutIndex } from './layoutIndex';

interface ReadValues {
  readonly index: LayoutIndex;
  /** `[data line, word]`, NaN where the file says no value. */
  readonly values: Float64Array;
}

/** Computed values beside which golden ones are held. */
export interface ComputedValues {
  readonly kind: Kind;
  /** Coordinates that all of them have. */
  readonly common: Coordinates;
  readonly count: number;
  /** Coordinates of one, the common ones included. The object may be the same each time. */
  place(index: number): Coordinates;
  /** The value as a file holds it, before or after ReLU. */
  value(index: number, relu: boolean): number;
}

/** Looks values up in golden files as they are on disk at that moment. */
export class GoldenValues {
  private readonly cache: ByteCache<ReadValues>;

  constructor(
    private readonly goldens: readonly GoldenFile[],
    private readonly counts: AxisCounts,
    /** What a file of outputs holds when nothing says so. */
    private readonly relu: boolean,
    budget: number,
  ) {
    this.cache = new ByteCache<ReadValues>(budget, ({ index, values }) => values.byteLength + index.bytes);
  }

  get bytes(): number {
    return this.cache.bytes;
  }

  /** Where a value stands; undefined when no file holds it any more. */
  async placeOf(kind: Kind, coordinates: Coordinates): Promise<LocatedWord | undefined> {
    for (const { file, layout } of this.holding(kind, coordinates)) {
      if (layout.position(coordinates) === undefined) continue;
      const text = await textOf(file);
      const place = text === undefined ? undefined : new FileReading(textShape(text), layout).placeOf(coordinates);
      if (place !== undefined) return { file, line: place.fileLine, column: place.column, length: place.length };
    }
    return undefined;
  }

  /** The computed values of which a golden file says another one, ascending. Words that say no value say nothing else either. */
  async differing(computed: ComputedValues): Promise<number[]> {
    const found = new Set<number>();
    const primary = this.holding(computed.kind, computed.common).filter(({ layout }, _, all) => layout.spec.radix !== 'decimal' || all.every((other) => other.layout.spec.radix === 'decimal'));
    for (const golden of primary) {
      const read = await this.read(golden);
      if (read === undefined) continue;
      const modulus = 2 ** golden.layout.spec.bits;
      for (let i = 0; i < computed.count; i++) {
        const at = read.index.at(computed.place(i));
        const said = at < 0 ? Number.NaN : read.values[at]!;
        // Low bits alone: whether a file of bits is signed is the reader's view
        if (!Number.isNaN(said) && (said - computed.value(i, golden.relu ?? this.relu)) % modulus !== 0) found.add(i);
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  /** Files of a kind that no fixed coordinate speaks against. */
  private holding(kind: Kind, common: Coordinates): GoldenFile[] {
    return this.goldens.filter(({ layout: { spec } }) => spec.kind === kind && AXES.every((axis) => spec.fixed[axis] === undefined || common[axis] === undefined || spec.fixed[axis] === common[axis]));
  }

  private async read({ file, layout }: GoldenFile): Promise<ReadValues | undefined> {
    const status = await unlessMissing(fs.stat(file));
    if (status === undefined) return undefined;
    const key = `${file}\n${status.size} ${status.mtimeMs}`;
    const kept = this.cache.get(key);
    if (kept !== undefined) return kept;
    const text = await textOf(file);
    if (text === undefined) return undefined;
    const read = { index: new LayoutIndex(layout, this.counts), values: new FileReading(textShape(text), layout).values() };
    this.cache.set(key, read);
    return read;
  }
}

/** Undefined for a file that went away, cannot be read or is too large: it says nothing. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readText(file))?.text;
  } catch (error) {
    if (error instanceof Problem && error.code === 'usage') return undefined;
    throw error;
  }
}
