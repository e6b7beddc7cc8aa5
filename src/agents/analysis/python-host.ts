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
  #starting: { readonly interpreter: Promise<Interpreter>; readonly signal: AbortSignal } | undefined;
  #generation = 0;
  #usedGeneration: number | undefined;

  constructor(provider: InterpreterProvider, options: () => InterpreterOptions) {
    this.#provider = provider;
    this.#options = options;
  }

  /** How many interpreters there have been; a change tells that variables were lost. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether the interpreter in which the last cell ran is still the one that would run the next. */
  get keepsVariables(): boolean {
    return this.#starting !== undefined && this.#usedGeneration === this.#generation;
  }

  /** To be called when a cell has run. @returns The generation in which the cell before it ran, if there was one. */
  noteCell(): number | undefined {
    const before = this.#usedGeneration;
    this.#usedGeneration = this.#generation;
    return before;
  }

  /** The interpreter that runs or is being started; `undefined` where there is none. */
  get running(): Promise<Interpreter> | undefined {
    return this.#starting?.interpreter;
  }

  /** The running interpreter, started if need be. @throws AgentError `python.*`. */
  async interpreter(signal: AbortSignal): Promise<Interpreter> {
    const starting = this.#starting ?? this.#begin(signal);
    try {
      return await starting.interpreter;
    } catch (error) {
      // A start that was given up with the question it was for says nothing about the next one.
      if (starting.signal.aborted && !signal.aborted) {
        this.#forget(starting.interpreter);
        return this.interpreter(signal);
      }

      throw error;
    }
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
    const interpreter = await running?.interpreter.catch(() => undefined);
    await interpreter?.close();
  }

  /** Lets go of the interpreter: one that can be found again goes on, another one ends. */
  async leave(): Promise<void> {
    const running = this.#starting;
    this.#starting = undefined;
    const interpreter = await running?.interpreter.catch(() => undefined);
    await (interpreter?.leave === undefined ? interpreter?.close() : interpreter.leave());
  }

  #begin(signal: AbortSignal): { readonly interpreter: Promise<Interpreter>; readonly signal: AbortSignal } {
    const interpreter = this.#start(signal);
    const starting = { interpreter, signal };
    this.#starting = starting;
    const forget = () => this.#forget(interpreter);
    interpreter.then(({ closed }) => closed.then(forget, forget), forget);
    return starting;
  }

  async #start(signal: AbortSignal): Promise<Interpreter> {
    const interpreter = await this.#provider.start(this.#options(), signal);
    this.#generation += 1;
    if (interpreter.info.isResumed === true) {
      this.#usedGeneration = this.#generation;
    }

    return interpreter;
  }

  /** A later interpreter stays. */
  #forget(interpreter: Promise<Interpreter>): void {
    if (this.#starting?.interpreter === interpreter) {
      this.#starting = undefined;
    }
  }
}
