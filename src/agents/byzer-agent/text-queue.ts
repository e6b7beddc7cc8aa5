/** Turns calls that bring pieces of text into something that can be read piece by piece. */
export class TextQueue implements AsyncIterable<string> {
  readonly #pieces: string[] = [];
  #wake: () => void = () => undefined;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  push(text: string): void {
    this.#pieces.push(text);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Whoever reads is thrown `error` after the pieces that had come. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, undefined> {
    for (;;) {
      yield* this.#pieces.splice(0);
      if (this.#pieces.length > 0) {
        continue;
      }

      if (this.#failure !== undefined) {
        throw this.#failure.error;
      }

      if (this.#ended) {
        return;
      }

      // oxlint-disable-next-line no-await-in-loop -- each piece is waited for
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
