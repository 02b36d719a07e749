import type { AccumulateState } from '../../../../src/engine/schedule/accumulateState';
import type { ScheduledLayer } from '../../../../src/engine/schedule/arrayState';
import type { PassState } from '../../../../src/engine/schedule/passState';

/** One number or several by name, as both the stepped core and the computed state can tell them. */
export type Facts = Record<string, ArrayLike<number>>;

/** What stands on a wire: a code or a sum, and whose it is (nij of an activation or psum, column of a weight). */
interface Word {
  readonly value: number;
  readonly of: number;
  readonly is: 'load' | 'execute';
}

interface Pe {
  word: Word | undefined;
  /** inst_e: whether the word is an instruction for the next column too */
  passesOn: boolean;
  weight: { value: number; pass: number } | undefined;
  hasWeight: boolean;
  sum: { value: number; nij: number } | undefined;
}

/**
 * The example core (examples/digits/rtl) register by register: every value moves by one register a clock. It knows no formula of the
 * schedule; its controller counts and waits for the OFIFO as ctrl.v does. Sums in the array are exact; OFIFO and SFP fit them.
 */
export class SteppedCore {
  readonly psumMemory: number[][] = [];
  readonly outMemory: number[][] = [];
  phase: 'load' | 'stream' | 'drain' | 'accumulate' | 'flush' | 'done' = 'load';
  pass = 0;
  private count = 0;
  private icTile = 0;
  private kij = 0;
  private oNij = 0;
  private writtenLines = 0;
  private memoryWord: Word | undefined;
  private memoryLine: number[] = [];
  private l0Read: boolean[];
  private readonly l0: Word[][];
  private pes: Pe[][];
  private readonly ofifo: { value: number; nij: number }[][];
  private psumRead: number[] | undefined;
  private addTerm: number[] | undefined;
  private sumTerm: number[] | undefined;
  private sums: number[];

  constructor(
    private readonly layer: ScheduledLayer,
    readonly ocTile: number,
    private readonly passesBefore: number,
    pes?: Pe[][],
  ) {
    const { rows, cols } = layer.mapping.tiling;
    this.l0 = Array.from({ length: rows }, () => []);
    this.l0Read = Array.from({ length: rows }, () => false);
    this.ofifo = Array.from({ length: cols }, () => []);
    this.sums = Array.from({ length: cols }, () => 0);
    this.pes = pes ?? Array.from({ length: rows }, () => Array.from({ length: cols }, () => ({ word: undefined, passesOn: false, weight: undefined, hasWeight: false, sum: undefined })));
  }

  /** The next run keeps the registers of the array. */
  next(): SteppedCore {
    return new SteppedCore(this.layer, this.ocTile + 1, this.passesBefore + this.pass, this.pes);
  }

  /** One clock edge. */
  step(): void {
    const { rows, cols } = this.layer.mapping.tiling;
    const given = this.given();
    const leaving = this.pes[rows - 1]!.map((pe) => pe.sum);
    const line = this.ofifoLine();
    const pes = this.pes.map((peRow, row) => peRow.map((pe, col) => this.clocked(pe, col === 0 ? given[row] : this.fromWest(row, col), row === 0 ? 0 : (this.pes[row - 1]![col]!.sum?.value ?? 0))));

    if (line !== undefined) {
      this.psumMemory[this.psumAddress()] = line;
      for (const fifo of this.ofifo) fifo.shift();
    }
    for (let col = 0; col < cols; col++) if (leaving[col]) this.ofifo[col]!.push({ value: this.fit(leaving[col]!.value), nij: leaving[col]!.nij });
    this.l0.forEach((fifo, row) => {
      if (this.l0Read[row]) fifo.shift();
    });
    // Row 0 is read in the cycle after its line was written, each further row one later
    this.l0Read = this.l0Read.map((_, row) => (row === 0 ? this.memoryWord !== undefined : this.l0Read[row - 1]!));
    if (this.memoryWord !== undefined) for (let row = 0; row < rows; row++) this.l0[row]!.push({ ...this.memoryWord, value: this.memoryLine[row]! });
    this.readInput();
    this.pes = pes;
    this.clockSfp();
    this.clockController(line !== undefined);
  }

  /** All that can be seen in this cycle, under the names of {@link factsOf}. */
  facts(): Facts {
    if (this.phase === 'accumulate' || this.phase === 'flush' || this.phase === 'done') return this.accumulateFacts();
    const flat = this.pes.flat();
    const line = this.ofifoLine();
    return {
      weights: flat.map((pe) => pe.weight?.value ?? 0),
      weightPass: flat.map((pe) => pe.weight?.pass ?? -1),
      activations: flat.map((pe) => (pe.word?.is === 'execute' ? pe.word.value : 0)),
      activationNij: flat.map((pe) => (pe.word?.is === 'execute' ? pe.word.of : -1)),
      passing: flat.map((pe) => (pe.word?.is === 'load' && pe.passesOn ? pe.word.value : 0)),
      passingCol: flat.map((pe) => (pe.word?.is === 'load' && pe.passesOn ? pe.word.of : -1)),
      partial: flat.map((pe) => pe.sum?.value ?? 0),
      partialNij: flat.map((pe) => pe.sum?.nij ?? -1),
      l0Values: this.given().map((word) => word?.value ?? 0),
      l0Nij: this.given().map((word) => (word?.is === 'execute' ? word.of : -1)),
      l0WeightCol: this.given().map((word) => (word?.is === 'load' ? word.of : -1)),
      l0Fill: this.l0.map((fifo) => fifo.length),
      columnNij: this.pes.at(-1)!.map((pe) => pe.sum?.nij ?? -1),
      columnPsum: this.pes.at(-1)!.map((pe) => (pe.sum ? this.fit(pe.sum.value) : 0)),
      ofifoFill: this.ofifo.map((fifo) => fifo.length),
      written: line === undefined ? [] : [this.psumAddress(), this.ofifo[0]![0]!.nij, ...line],
    };
  }

  private accumulateFacts(): Facts {
    const last = this.layer.mapping.tiling.icTiles * this.layer.mapping.conv.kijCount - 1;
    return {
      read: this.phase === 'accumulate' ? this.termNow() : [],
      added: this.addTerm ? [...this.addTerm, ...this.psumRead!] : [],
      sum: this.sumTerm ? [...this.sumTerm, ...this.sums] : [],
      written: this.sumTerm && this.sumTerm[2]! * this.layer.mapping.conv.kijCount + this.sumTerm[3]! === last ? [this.sumTerm[1]!, ...this.sums.map((sum) => Math.max(0, sum))] : [],
    };
  }

  private given(): (Word | undefined)[] {
    return this.l0.map((fifo, row) => (this.l0Read[row] ? fifo[0] : undefined));
  }

  /** A word reaches the next column as an instruction, or not at all. */
  private fromWest(row: number, col: number): Word | undefined {
    const west = this.pes[row]![col - 1]!;
    return west.passesOn ? west.word : undefined;
  }

  private clocked(pe: Pe, word: Word | undefined, above: number): Pe {
    const takes = word?.is === 'load' && !pe.hasWeight;
    return {
      word,
      passesOn: word?.is === 'execute' || (word?.is === 'load' && pe.hasWeight),
      weight: takes ? { value: word.value, pass: this.passesBefore + this.pass } : pe.weight,
      hasWeight: word === undefined ? pe.hasWeight : word.is === 'load',
      sum: pe.word?.is === 'execute' ? { value: above + pe.word.value * pe.weight!.value, nij: pe.word.of } : undefined,
    };
  }

  private ofifoLine(): number[] | undefined {
    return this.ofifo.every((fifo) => fifo.length > 0) ? this.ofifo.map((fifo) => fifo[0]!.value) : undefined;
  }

  private psumAddress(): number {
    const { conv } = this.layer.mapping;
    return (this.icTile * conv.kijCount + this.kij) * conv.nijCount + this.writtenLines;
  }

  private readInput(): void {
    const { mapping, activationTiles, weightTiles } = this.layer;
    const { rows, cols, ocTiles } = mapping.tiling;
    const { nijCount, kijCount } = mapping.conv;
    this.memoryWord = this.phase === 'load' || this.phase === 'stream' ? { is: this.phase === 'load' ? 'load' : 'execute', of: this.count, value: 0 } : undefined;
    if (this.phase === 'load') {
      this.memoryLine = Array.from({ length: rows }, (_, row) => weightTiles[(((this.icTile * ocTiles + this.ocTile) * cols + this.count) * kijCount + this.kij) * rows + row]!);
    } else if (this.phase === 'stream') {
      this.memoryLine = Array.from({ length: rows }, (_, row) => activationTiles[(this.icTile * nijCount + this.count) * rows + row]!);
    }
  }

  /** [address, oNij, icTile, kij, nij], by the arithmetic of ctrl.v. */
  private termNow(): number[] {
    const { conv: c } = this.layer.mapping;
    const i = Math.floor(this.oNij / c.outWidth) * c.strideHeight + Math.floor(this.kij / c.kernelWidth) * c.dilationHeight;
    const j = (this.oNij % c.outWidth) * c.strideWidth + (this.kij % c.kernelWidth) * c.dilationWidth;
    const nij = i * c.paddedWidth + j;
    return [(this.icTile * c.kijCount + this.kij) * c.nijCount + nij, this.oNij, this.icTile, this.kij, nij];
  }

  private clockSfp(): void {
    const written = this.accumulateFacts()['written']!;
    if (written.length > 0) this.outMemory[written[0]!] = Array.from(written).slice(1);
    if (this.addTerm !== undefined) {
      const isFirst = this.addTerm[2] === 0 && this.addTerm[3] === 0;
      this.sums = this.sums.map((sum, col) => this.fit((isFirst ? 0 : sum) + this.psumRead![col]!));
    }
    this.sumTerm = this.addTerm;
    this.addTerm = this.phase === 'accumulate' ? this.termNow() : undefined;
    this.psumRead = this.addTerm && this.psumMemory[this.addTerm[0]!];
  }

  private clockController(psumValid: boolean): void {
    const { conv, tiling } = this.layer.mapping;
    this.writtenLines = this.phase === 'load' ? 0 : this.writtenLines + (psumValid ? 1 : 0);
    const lastTerm = this.kij === conv.kijCount - 1 && this.icTile === tiling.icTiles - 1;
    if (this.phase === 'load') {
      if (++this.count === tiling.cols) this.enter('stream');
    } else if (this.phase === 'stream') {
      if (++this.count === conv.nijCount) this.enter('drain');
    } else if (this.phase === 'drain') {
      if (this.writtenLines < conv.nijCount) return;
      this.pass++;
      this.enter(lastTerm ? 'accumulate' : 'load');
      this.nextTerm();
    } else if (this.phase === 'accumulate') {
      this.nextTerm();
      if (lastTerm && ++this.oNij === conv.oNijCount) this.enter('flush');
    } else if (++this.count === 2) this.enter('done');
  }

  private enter(phase: SteppedCore['phase']): void {
    this.phase = phase;
    this.count = 0;
  }

  private nextTerm(): void {
    const { conv, tiling } = this.layer.mapping;
    if (++this.kij < conv.kijCount) return;
    this.kij = 0;
    this.icTile = (this.icTile + 1) % tiling.icTiles;
  }

  private fit(value: number): number {
    const { psumBits, overflow } = this.layer;
    const half = 2 ** (psumBits - 1);
    if (overflow === 'saturate') return Math.min(half - 1, Math.max(-half, value));
    return overflow === 'wrap' ? ((((value + half) % (2 * half)) + 2 * half) % (2 * half)) - half : value;
  }
}

/** A computed state under the same names. */
export function factsOf(state: PassState | AccumulateState): Facts {
  if (state.phase === 'accumulate') {
    const term = (t: NonNullable<AccumulateState['read']>): number[] => [t.address, t.oNij, t.icTile, t.kij, t.nij];
    return {
      read: state.read ? term(state.read) : [],
      added: state.added ? [...term(state.added.term), ...state.added.psums] : [],
      sum: state.sum ? [...term(state.sum.term), ...state.sum.values] : [],
      written: state.written ? [state.written.oNij, ...state.written.outputs] : [],
    };
  }
  const { weights, weightPass, activations, activationNij, passing, passingCol, partial, partialNij, l0, columns, written } = state;
  return {
    ...{ weights, weightPass, activations, activationNij, passing, passingCol, partial, partialNij },
    ...{ l0Values: l0.values, l0Nij: l0.nij, l0WeightCol: l0.weightCol, l0Fill: l0.fill },
    ...{ columnNij: columns.nij, columnPsum: columns.psum, ofifoFill: columns.ofifoFill },
    written: written ? [written.address, written.nij, ...written.psums] : [],
  };
}
