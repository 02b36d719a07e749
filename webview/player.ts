/** Steps a second at most where the user wants less motion. */
const CALM_SPEED = 1;

/** Steps a second of what plays by itself. */
export function playedSpeed(speed: number, lessMotion: boolean): number {
  return lessMotion ? Math.min(speed, CALM_SPEED) : speed;
}

/** Calls a step so often a second while it is on. */
export class Player {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly step: () => void,
    private readonly speed: () => number,
  ) {}

  run(on: boolean): void {
    if (on === (this.timer !== undefined)) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    if (on) this.next();
  }

  private next(): void {
    this.timer = setTimeout(() => {
      // Off before the step, which may itself turn the player off
      const { timer } = this;
      this.step();
      if (this.timer === timer) this.next();
    }, 1000 / this.speed());
  }
}
