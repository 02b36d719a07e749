/** Runs work once per key after events about it have rested; a new event starts the rest anew. */
export class Later<Key> {
  private readonly timers = new Map<Key, NodeJS.Timeout>();

  run(key: Key, restMs: number, work: () => void): void {
    this.cancel(key);
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        work();
      }, restMs),
    );
  }

  cancel(key: Key): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
