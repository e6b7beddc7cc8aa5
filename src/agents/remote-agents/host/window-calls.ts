import { errorOf } from "../../agent-process/error-of.ts";
import type { FromAgentHost, ToAgentHost } from "../../protocol/remote-agents.ts";

type WithCall<Body> = Body extends { readonly call: string } ? Body : never;
type WithoutNumber<Body> = Body extends unknown ? Omit<Body, "call"> : never;

/** What a window can be asked. */
export type AskedOfWindow = WithoutNumber<Exclude<WithCall<FromAgentHost>, { readonly type: "drop" }>>;
/** What it says to that. */
export type WindowAnswer = WithCall<ToAgentHost>;

interface OpenCall {
  readonly body: FromAgentHost;
  readonly hear: (answer: WindowAnswer) => void;
}

/**
 * What is asked of the window, until it is answered. A window that was reloaded has not heard what the one before was
 * asked, so everything that is open can be said again.
 */
export class WindowCalls {
  readonly #say: (body: FromAgentHost) => void;
  readonly #open = new Map<string, OpenCall>();

  constructor(say: (body: FromAgentHost) => void) {
    this.#say = say;
  }

  /** @throws the problem that the window has with it, or the signal's reason. */
  async ask<T extends WindowAnswer["type"]>(
    asked: AskedOfWindow,
    expected: T,
    signal: AbortSignal,
  ): Promise<Extract<WindowAnswer, { readonly type: T }>> {
    for await (const answer of this.listen(asked, signal)) {
      if (isOf(answer, expected)) {
        return answer;
      }
    }

    throw new TypeError(`The window answered ${asked.type} with something else than ${expected}.`);
  }

  /**
   * Everything that the window says to what it is asked, until the caller has enough.
   *
   * @yields What it says, in order.
   * @throws the problem that the window has with it, or the signal's reason.
   */
  async *listen(asked: AskedOfWindow, signal: AbortSignal): AsyncGenerator<WindowAnswer> {
    signal.throwIfAborted();
    const call = crypto.randomUUID();
    const heard: WindowAnswer[] = [];
    let wake = Promise.withResolvers<void>();
    const stop = (): void => wake.resolve();
    // The number makes it whole again.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    const body = { ...asked, call } as FromAgentHost;
    this.#open.set(call, {
      body,
      hear: (answer) => {
        heard.push(answer);
        wake.resolve();
      },
    });
    signal.addEventListener("abort", stop, { once: true });
    try {
      this.#say(body);
      for (;;) {
        signal.throwIfAborted();
        const answer = heard.shift();
        if (answer === undefined) {
          // oxlint-disable-next-line no-await-in-loop -- what is awaited is the next word of the window
          await wake.promise;
          wake = Promise.withResolvers();
        } else if (answer.type === "refused") {
          throw errorOf(answer.problem);
        } else {
          yield answer;
        }
      }
    } finally {
      signal.removeEventListener("abort", stop);
      this.#open.delete(call);
      if (signal.aborted) {
        this.#say({ type: "drop", run: asked.run, call });
      }
    }
  }

  /** What comes for a call that is not open is what the window said before it knew. */
  hear(answer: WindowAnswer): void {
    this.#open.get(answer.call)?.hear(answer);
  }

  /** Asks everything again that is open. */
  askAgain(): void {
    for (const { body } of this.#open.values()) {
      this.#say(body);
    }
  }
}

function isOf<T extends WindowAnswer["type"]>(
  answer: WindowAnswer,
  type: T,
): answer is Extract<WindowAnswer, { readonly type: T }> {
  return answer.type === type;
}
