/** Questions that were asked over a connection and not yet answered, by number. */
export class PendingAnswers<T> {
  readonly #waiting = new Map<number, PromiseWithResolvers<T>>();
  #next: number;

  /** @param first The first number: beyond those of anybody who asked over the same connection before. */
  constructor(first = 1) {
    this.#next = first;
  }

  /** Opens a question. @returns Its number, and what will be the answer. */
  open(): { readonly id: number; readonly answer: Promise<T> } {
    const id = this.#next;
    this.#next += 1;
    const pending = Promise.withResolvers<T>();
    this.#waiting.set(id, pending);
    return { id, answer: pending.promise };
  }

  /** Answers a question; a number that nobody waits for is passed over. */
  settle(id: number, answer: T): void {
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }

  /** Nobody will answer any more. */
  fail(error: Error): void {
    for (const pending of this.#waiting.values()) {
      pending.reject(error);
    }
    this.#waiting.clear();
  }
}
