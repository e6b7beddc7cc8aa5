import { type Disposable, EventEmitter } from "vscode";

/** Questions to a person that wait for an answer, by key. */
export class WaitingAnswers<T> implements Disposable {
  readonly #waiting = new Map<string, (answer: T) => void>();
  readonly #counts = new EventEmitter<number>();

  /** Fires with the number of questions that wait, when it has changed. */
  readonly onCount = this.#counts.event;

  /** Waits for the answer to the question `key`; rejects when `signal` aborts. */
  wait(key: string, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#settle(key);
        reject(abortReason(signal));
      };
      if (signal.aborted) {
        stop();
        return;
      }
      signal.addEventListener("abort", stop, { once: true });
      this.#waiting.set(key, (answer) => {
        signal.removeEventListener("abort", stop);
        this.#settle(key);
        resolve(answer);
      });
      this.#counts.fire(this.#waiting.size);
    });
  }

  /** Answers the question that waits; answers to others are ignored. */
  answer(key: string, answer: T): void {
    this.#waiting.get(key)?.(answer);
  }

  dispose(): void {
    this.#counts.dispose();
  }

  #settle(key: string): void {
    this.#waiting.delete(key);
    this.#counts.fire(this.#waiting.size);
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException("Stopped.", "AbortError");
}
