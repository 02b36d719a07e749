/** Keeps what was used last, up to a number of bytes. What is larger than that by itself is not kept. */
export class ByteCache<Value> {
  private readonly entries = new Map<string, { readonly value: Value; readonly bytes: number }>();
  private used = 0;

  constructor(
    private readonly budget: number,
    private readonly sizeOf: (value: Value) => number,
  ) {}

  /** Bytes of all that is kept; never above the budget. */
  get bytes(): number {
    return this.used;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    // A map holds its keys in the order of insertion: the first is the one not used for longest
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value): void {
    this.remove(key);
    const bytes = this.sizeOf(value);
    if (bytes > this.budget) return;
    for (const [oldest] of this.entries) {
      if (this.used + bytes <= this.budget) break;
      this.remove(oldest);
    }
    this.entries.set(key, { value, bytes });
    this.used += bytes;
  }

  private remove(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.used -= entry.bytes;
  }
}
