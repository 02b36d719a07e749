import type { PageRow } from '../../src/protocol/pages';
import type { Host } from './host';
import { Unanswered } from './host';

/** Lines that are asked for at once, and how many such blocks are kept: some thousand rows. */
const BLOCK = 128;
const MOST_BLOCKS = 48;

/** The rows near the view, asked for where they are missing. */
export class RowStore {
  private readonly blocks = new Map<number, readonly PageRow[]>();
  private readonly asked = new Set<number>();
  /** Goes up when rows may be others. */
  private version = 0;

  constructor(
    private readonly host: Host,
    private readonly onRows: () => void,
  ) {}

  /** All rows are old, but for these, which begin the file. */
  reset(rows: readonly PageRow[] = []): void {
    this.version++;
    this.blocks.clear();
    this.asked.clear();
    if (rows.length === BLOCK) this.blocks.set(0, rows);
  }

  /** More lines are known: blocks that were not full are asked for again. */
  grow(): void {
    for (const [number, rows] of this.blocks) if (rows.length < BLOCK) this.blocks.delete(number);
  }

  row(line: number): PageRow | undefined {
    return this.blocks.get(Math.floor(line / BLOCK))?.[line % BLOCK];
  }

  /** Asks for the rows of these lines that are not here, and for the blocks that scrolling comes to next. */
  want(from: number, end: number, lines: number): void {
    for (let block = Math.floor(from / BLOCK); block * BLOCK < Math.min(lines, end + BLOCK); block++) this.wantBlock(block);
    if (from >= BLOCK) this.wantBlock(Math.floor(from / BLOCK) - 1);
  }

  private wantBlock(block: number): void {
    const rows = this.blocks.get(block);
    if (rows !== undefined) {
      // The least recently used goes
      this.blocks.delete(block);
      this.blocks.set(block, rows);
      return;
    }
    if (this.asked.has(block)) return;
    this.asked.add(block);
    const { version } = this;
    this.host
      .ask({ type: 'rows', from: block * BLOCK, count: BLOCK }, 'rows')
      .answer.then(
        (answer) => {
          if (version !== this.version) return;
          this.asked.delete(block);
          this.blocks.set(block, answer.rows);
          if (this.blocks.size > MOST_BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
          this.onRows();
        },
        (error: unknown) => {
          if (version === this.version) this.asked.delete(block);
          if (!(error instanceof Unanswered)) throw error;
        },
      );
  }
}
