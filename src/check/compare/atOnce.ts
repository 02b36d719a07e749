/** Lines that are read at once at most. */
export const MOST_AT_ONCE = 1024;

/** How many lines to read at once next: fewer where that did not go well, so that a broken line has its neighbours read again only a few times. */
export class AtOnce {
  lines = MOST_AT_ONCE;

  /** @param done how many were read; 0: not so */
  after(done: number): number {
    this.lines = done === 0 ? Math.max(1, this.lines >> 2) : Math.min(MOST_AT_ONCE, 2 * this.lines);
    return done;
  }
}
