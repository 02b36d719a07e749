/** Repeatable chance: the same pair has the same diagnosis each time. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * limit);
  }

  shuffled(values: readonly number[]): number[] {
    const copy = [...values];
    for (let i = copy.length - 1; i > 0; i--) {
      const other = this.below(i + 1);
      [copy[i], copy[other]] = [copy[other]!, copy[i]!];
    }
    return copy;
  }

  /** Keeps `size` of all that it is offered, each with the same chance. */
  reservoir(size: number): Reservoir {
    return new Reservoir(size, this);
  }
}

export class Reservoir {
  readonly kept: number[] = [];
  private offered = 0;

  constructor(
    private readonly size: number,
    private readonly dice: Dice,
  ) {}

  offer(value: number): void {
    this.offered++;
    if (this.kept.length < this.size) {
      this.kept.push(value);
      return;
    }
    const at = this.dice.below(this.offered);
    if (at < this.size) this.kept[at] = value;
  }
}
