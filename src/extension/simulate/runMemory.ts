import type { PrintedNumbers } from '../../vectors/outputNumbers';
import { countedFrom, withNumber } from '../../vectors/outputNumbers';
import { terminalLinks } from '../../vectors/present/terminalLinks';

/** An output that a run told of. */
export interface SeenOutput {
  readonly printed: number;
  readonly base: 0 | 1 | undefined;
  /** From the heading above it, such as `oc tile 1`. */
  readonly ocTile?: number;
  /** The digits that were expected, as printed. */
  readonly answer?: string;
  /** Folders that the run read from, absolute. */
  readonly folders: readonly string[];
}

interface Claim {
  readonly printed: number;
  readonly base: 0 | 1 | undefined;
  readonly ocTile: number | undefined;
  answer?: string;
}

/** Lines kept of a run at most: more errors than that nobody follows one by one. */
const MOST_CLAIMS = 20_000;

/** What one run said about its outputs: a line of a terminal comes without those around it. */
export class RunMemory {
  private readonly lines = new Map<string, Claim[]>();
  private claims = 0;
  private ocTile: number | undefined;
  private last: Claim | undefined;
  private numbers: PrintedNumbers | undefined;

  /** @param folders that the run reads its golden files from */
  constructor(readonly folders: readonly string[]) {}

  /** A line of the run, in order. */
  add(line: string): void {
    const tile = /^\W*oc[ _]?tile\s*[=:]?\s*(\d+)\W*$/i.exec(line)?.[1];
    if (tile !== undefined) this.ocTile = Number(tile);
    for (const { target } of terminalLinks(line)) {
      if (target.type === 'output') this.open(line, target);
      else if (target.type === 'digits' && this.last !== undefined) {
        if (target.side === 'answer') this.last.answer = target.digits;
        this.keep(line, this.last);
      } else if (target.type === 'coordinates') this.keep(line, undefined);
    }
  }

  /** Did this run print the line? */
  has(line: string): boolean {
    return this.lines.has(line.trim());
  }

  /** The outputs that the line can be about. */
  outputsOf(line: string): SeenOutput[] {
    return (this.lines.get(line.trim()) ?? []).map(({ printed, base, ocTile, answer }) => ({ printed, base: base ?? this.base, folders: this.folders, ...(ocTile !== undefined && { ocTile }), ...(answer !== undefined && { answer }) }));
  }

  private get base(): 0 | 1 | undefined {
    return this.numbers === undefined ? undefined : countedFrom(this.numbers);
  }

  private open(line: string, { printed, base }: { readonly printed: number; readonly base?: 0 | 1 }): void {
    this.numbers = withNumber(this.numbers, printed, /matched/i.test(line));
    // 0 says that this bench counts from 0, which holds for its lines after this one too
    this.last = { printed, base: printed === 0 ? undefined : base, ocTile: this.ocTile };
    this.keep(line, this.last);
  }

  private keep(line: string, claim: Claim | undefined): void {
    const [key, known] = [line.trim(), this.lines.get(line.trim()) ?? []];
    if (this.claims++ < MOST_CLAIMS) this.lines.set(key, claim === undefined ? known : [...known, claim]);
  }
}
