/** Notices that the thread on the other side no longer answers. Listens only while something is awaited from it. */
export class Heartbeat {
  readonly #beat: () => void;
  readonly #onSilence: () => void;
  readonly #everyMs: number;
  readonly #limitMs: number;
  #timer: NodeJS.Timeout | undefined;
  #askedAt: number | undefined;
  #lastTick = 0;
  #work = 0;
  readonly #untilAlive = new Set<() => void>();

  constructor(options: {
    /** Asks for a sign of life. */
    readonly beat: () => void;
    readonly onSilence: () => void;
    readonly everyMs: number;
    /** Without a sign of life for so long the thread counts as blocked, milliseconds. */
    readonly limitMs: number;
  }) {
    this.#beat = options.beat;
    this.#onSilence = options.onSilence;
    this.#everyMs = options.everyMs;
    this.#limitMs = options.limitMs;
  }

  /** Something is awaited. @returns What says that it has come. */
  listen(): () => void {
    this.#work += 1;
    if (this.#work === 1) {
      this.#lastTick = performance.now();
      this.#timer = setInterval(() => this.#tick(), this.#everyMs);
    }

    let done = false;
    return () => {
      if (!done) {
        done = true;
        this.#work -= 1;
        if (this.#work === 0) {
          this.stop();
        }
      }
    };
  }

  /** A sign of life has come. */
  alive(): void {
    this.#askedAt = undefined;
    const waiting = [...this.#untilAlive];
    this.#untilAlive.clear();
    for (const done of waiting) {
      done();
    }
  }

  /** What was awaited is no longer wanted; whether the thread is still alive is. @param done As {@link listen} gave it. */
  listenOnce(done: () => void): void {
    this.#untilAlive.add(done);
    this.#beat();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#askedAt = undefined;
  }

  #tick(): void {
    const now = performance.now();
    // Where this side slept or was busy itself, the other side's answer may only wait to be read.
    const late = now - this.#lastTick > this.#everyMs * 2;
    this.#lastTick = now;
    if (this.#askedAt === undefined || late) {
      this.#askedAt = now;
      this.#beat();
    } else if (now - this.#askedAt > this.#limitMs) {
      this.stop();
      this.#onSilence();
    }
  }
}
