/**
 * Lets one run at a time into an agent. Messages of the run that is inside enter at once, so that two agents of one run
 * can ask each other back without waiting for ever; messages of other runs wait in the order of their arrival.
 */
export class RunQueue {
  readonly #waiting: { readonly runId: string; readonly start: () => void }[] = [];
  #current: string | undefined;
  #inside = 0;

  /** Runs `work` when `runId` may enter. */
  async enter<T>(runId: string, work: () => Promise<T>): Promise<T> {
    if (this.#current !== undefined && this.#current !== runId) {
      await new Promise<void>((resolve) => {
        this.#waiting.push({ runId, start: resolve });
      });
    }

    this.#current = runId;
    this.#inside += 1;
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
    for (const { start } of this.#waiting.filter(({ runId }) => runId === next?.runId)) {
      start();
    }

    this.#waiting.splice(0, this.#waiting.length, ...this.#waiting.filter(({ runId }) => runId !== next?.runId));
  }
}
