import { type Disposable, EventEmitter } from "vscode";
import type { InterpreterProvider } from "../../agents/ports/interpreter.ts";
import { watchInterpreter } from "./watch-interpreter.ts";

/** Starts the Python of each session, and knows in which of them it has ended without being told to. */
export class SessionPythons implements Disposable {
  readonly #python: InterpreterProvider;
  readonly #ended = new Set<string>();
  readonly #changes = new EventEmitter<string>();

  /** Fires with the id of a session whose Python has ended, or runs again. */
  readonly onChange = this.#changes.event;

  constructor(python: InterpreterProvider) {
    this.#python = python;
  }

  /** What starts the Python of one session. */
  forSession(sessionId: string): InterpreterProvider {
    return {
      start: async (options, signal) => {
        const interpreter = await this.#python.start(options, signal);
        this.#mark(sessionId, false);
        return watchInterpreter(interpreter, (how) => this.#mark(sessionId, how === "ended"));
      },
    };
  }

  /** Whether a session's variables are gone with a Python that ended by itself, was killed, or lost its terminal. */
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
