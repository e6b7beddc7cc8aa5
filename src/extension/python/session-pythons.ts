import { type Disposable, EventEmitter } from "vscode";
import type { InterpreterProvider } from "../../agents/ports/interpreter.ts";
import type { ClusterPythons } from "./cluster-pythons.ts";
import { watchInterpreter } from "./watch-interpreter.ts";

/** Starts the Python of each session where it is to run, and knows in which of them it has ended without being told to. */
export class SessionPythons implements Disposable {
  readonly #here: InterpreterProvider;
  readonly #there: Pick<ClusterPythons, "start">;
  readonly #ended = new Set<string>();
  readonly #changes = new EventEmitter<string>();

  /** Fires with the id of a session whose Python of this machine has ended, or runs again. */
  readonly onChange = this.#changes.event;

  constructor(here: InterpreterProvider, there: Pick<ClusterPythons, "start">) {
    this.#here = here;
    this.#there = there;
  }

  /** What starts the Python of one session. */
  forSession(sessionId: string): InterpreterProvider {
    return {
      start: async (options, signal) => {
        const { place } = options;
        if (place?.kind === "cluster") {
          this.#mark(sessionId, false);
          return await this.#there.start(sessionId, { options, place }, signal);
        }
        const interpreter = await this.#here.start(options, signal);
        this.#mark(sessionId, false);
        return watchInterpreter(interpreter, (how) => this.#mark(sessionId, how === "ended"));
      },
    };
  }

  /** Whether a session's variables are gone with a Python of this machine that ended by itself, was killed, or lost its terminal. */
  hasEnded(sessionId: string): boolean {
    return this.#ended.has(sessionId);
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #mark(sessionId: string, hasEnded: boolean): void {
    if (this.#ended.has(sessionId) === hasEnded) {
      return;
    }
    if (hasEnded) {
      this.#ended.add(sessionId);
    } else {
      this.#ended.delete(sessionId);
    }
    this.#changes.fire(sessionId);
  }
}
