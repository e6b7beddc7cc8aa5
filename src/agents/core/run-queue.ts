/**
 * Lets one run at a time into an agent. Messages of the run that is inside enter at once, so that two agents of one run
 * can ask each other back without waiting for ever; messages of other runs wait in the order of their arrival.
 */
export class RunQueue {
  #waiting: readonly { readonly runId: string; readonly start: () => void }[] = [];
  #current: string | undefined;
  #inside = 0;

  /** Runs `work` when `runId` may enter. An abort ends the wait with the signal's reason. */
  async enter<T>(run: { readonly id: string; readonly signal: AbortSignal }, work: () => Promise<T>): Promise<T> {
    if (this.#current === undefined || this.#current === run.id) {
      this.#current = run.id;
      this.#inside += 1;
    } else {
      await this.#turn(run.id, run.signal);
    }

    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    this.#inside -= 1;
    if (this.#inside > 0) {
      return;
    }

    const next = this.#waiting[0];
    this.#current = next?.runId;
    if (next === undefined) {
      return;
    }

    const started = this.#waiting.filter(({ runId }) => runId === next.runId);
    this.#waiting = this.#waiting.filter(({ runId }) => runId !== next.runId);
    this.#inside = started.length;
    for (const { start } of started) {
      start();
    }
  }

  /** Resolves when the run has been let in; whoever is let in has been counted already. */
  #turn(runId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
      };
      const start = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const entry = { runId, start };
      this.#waiting = [...this.#waiting, entry];
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
