import { AgentError } from "../base/errors.ts";
import type { Interpreter, InterpreterInfo, InterpreterOptions, InterpreterProvider } from "../ports/interpreter.ts";

/** What can run code in this session, as the agents are told. */
export type PythonBrief =
  | { readonly available: true; readonly info: InterpreterInfo }
  | { readonly available: false; readonly reason: string };

/** Keeps one interpreter for a session: started when first needed, started anew when it has gone. */
export class PythonHost {
  readonly #provider: InterpreterProvider;
  readonly #options: () => InterpreterOptions;
  #starting: Promise<Interpreter> | undefined;
  #generation = 0;

  constructor(provider: InterpreterProvider, options: () => InterpreterOptions) {
    this.#provider = provider;
    this.#options = options;
  }

  /** How many interpreters there have been; a change tells that variables were lost. */
  get generation(): number {
    return this.#generation;
  }

  /** The running interpreter, started if need be. @throws AgentError `python.*`. */
  interpreter(signal: AbortSignal): Promise<Interpreter> {
    this.#starting ??= this.#start(signal);
    return this.#starting;
  }

  /** What the agents are told; a Python that cannot be had is a fact, not a failure. */
  async brief(signal: AbortSignal): Promise<PythonBrief> {
    try {
      const { info } = await this.interpreter(signal);
      return { available: true, info };
    } catch (error) {
      if (AgentError.is(error, "python.untrusted")) {
        return { available: false, reason: error.message };
      }

      throw error;
    }
  }

  /** Ends the interpreter; the next cell starts another. */
  async close(): Promise<void> {
    const running = this.#starting;
    this.#starting = undefined;
    const interpreter = await running?.catch(() => undefined);
    await interpreter?.close();
  }

  async #start(signal: AbortSignal): Promise<Interpreter> {
    try {
      const interpreter = await this.#provider.start(this.#options(), signal);
      this.#generation += 1;
      const forget = () => {
        this.#starting = undefined;
      };
      interpreter.closed.then(forget, forget);
      return interpreter;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
  }
}
