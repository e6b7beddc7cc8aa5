/** Measures what a reply function takes by itself: while it waits for somebody else its clock stands still. */
export class OwnClock {
  readonly #onOver: () => void;
  #leftMs: number;
  #timer: NodeJS.Timeout | undefined;
  #since = 0;
  #waits = 0;

  /** @param limitMs 0 for no limit. */
  constructor(limitMs: number, onOver: () => void) {
    this.#leftMs = limitMs === 0 ? Number.POSITIVE_INFINITY : limitMs;
    this.#onOver = onOver;
    this.#go();
  }

  /** Runs `wait` off the clock. */
  async off<T>(wait: () => Promise<T>): Promise<T> {
    this.#waits += 1;
    if (this.#waits === 1) {
      this.#halt();
    }

    try {
      return await wait();
    } finally {
      this.#waits -= 1;
      if (this.#waits === 0) {
        this.#go();
      }
    }
  }

  stop(): void {
    this.#halt();
    this.#leftMs = Number.POSITIVE_INFINITY;
  }

  #go(): void {
    if (Number.isFinite(this.#leftMs)) {
      this.#since = performance.now();
      this.#timer = setTimeout(this.#onOver, this.#leftMs);
    }
  }

  #halt(): void {
    clearTimeout(this.#timer);
    this.#leftMs = Math.max(1, this.#leftMs - (performance.now() - this.#since));
  }
}
