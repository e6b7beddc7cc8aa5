import type { Interpreter } from "../ports/interpreter.ts";

/** A Python that is being started, or has been. Those who wait for it share it; it is given up when the last of them stops. */
export class PythonStart {
  readonly interpreter: Promise<Interpreter>;
  readonly #controller = new AbortController();
  #waiting = 0;
  #isUp = false;

  /** @param start Starts it; `signal` aborts when nobody waits for it any more. */
  constructor(start: (signal: AbortSignal) => Promise<Interpreter>) {
    this.interpreter = start(this.#controller.signal);
    this.interpreter.then(
      () => (this.#isUp = true),
      () => undefined,
    );
  }

  /** Whether it has come up. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether nobody waits for it any more, so that nothing will come of it. */
  get isGivenUp(): boolean {
    return !this.#isUp && this.#controller.signal.aborted;
  }

  /** Waits for it until `signal` aborts, whose reason is then thrown. */
  async join(signal: AbortSignal): Promise<Interpreter> {
    signal.throwIfAborted();
    this.#waiting += 1;
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => {
      this.#waiting -= 1;
      if (this.#waiting === 0) {
        this.giveUp(signal.reason);
      }

      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([this.interpreter, left]);
    } finally {
      signal.removeEventListener("abort", leave);
      this.#waiting -= signal.aborted ? 0 : 1;
    }
  }

  /** It goes on until {@link giveUp}, whoever waits for it. */
  keep(): void {
    this.#waiting += 1;
  }

  /** Nobody wants it any more. One that is up stays so. */
  giveUp(reason: unknown): void {
    if (!this.#isUp) {
      this.#controller.abort(reason);
    }
  }
}
