import { AgentError } from "../base/errors.ts";
import type { Interpreter, InterpreterInfo, InterpreterOptions, InterpreterProvider } from "../ports/interpreter.ts";
import { PythonStart } from "./python-start.ts";

/** What can run code in this session, as the agents are told. */
export type PythonBrief =
  | { readonly available: true; readonly info: InterpreterInfo }
  | { readonly available: false; readonly reason: string };

/** Keeps one interpreter for a session: started when first needed, started anew when it has gone. */
export class PythonHost {
  readonly #provider: InterpreterProvider;
  readonly #options: () => InterpreterOptions;
  #starting: PythonStart | undefined;
  /** The one that only looks for a Python that is known. */
  #finding: PythonStart | undefined;
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
    return this.#starting?.isUp === true && this.#usedGeneration === this.#generation;
  }

  /** To be called when a cell has run. @returns The generation in which the cell before it ran, if there was one. */
  noteCell(): number | undefined {
    const before = this.#usedGeneration;
    this.#usedGeneration = this.#generation;
    return before;
  }

  /** The interpreter that runs or is being started; `undefined` where there is none. */
  get running(): Promise<Interpreter> | undefined {
    return this.#current?.interpreter;
  }

  /** The running interpreter, started if need be. @throws AgentError `python.*`, `remote.*`. */
  async interpreter(signal: AbortSignal): Promise<Interpreter> {
    const starting = this.#current ?? this.#begin();
    try {
      return await starting.join(signal);
    } catch (error) {
      // That the one which was known is not there any more is no reason not to start another.
      if (this.#finding === starting && !signal.aborted) {
        this.#forget(starting);
        return this.interpreter(signal);
      }

      throw error;
    }
  }

  /** Starts an interpreter, unless one runs, so that it is ready when it is needed. @throws AgentError `python.*`, `remote.*`. */
  async warmUp(): Promise<void> {
    const starting = this.#current ?? this.#begin();
    starting.keep();
    await starting.interpreter;
  }

  /** Looks for the interpreter that the options name, and starts none. @returns Whether it was found. */
  async find(): Promise<boolean> {
    const starting = this.#current ?? this.#begin({ onlyKnown: true });
    starting.keep();
    return await starting.interpreter.then(
      () => true,
      () => false,
    );
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
    const interpreter = await this.#letGo();
    await interpreter?.close();
  }

  /** Lets go of the interpreter: one that can be found again goes on, another one ends. */
  async leave(): Promise<void> {
    const interpreter = await this.#letGo();
    await (interpreter?.leave === undefined ? interpreter?.close() : interpreter.leave());
  }

  async #letGo(): Promise<Interpreter | undefined> {
    const starting = this.#starting;
    this.#starting = undefined;
    starting?.giveUp(new DOMException("Not wanted any more.", "AbortError"));
    return await starting?.interpreter.catch(() => undefined);
  }

  get #current(): PythonStart | undefined {
    return this.#starting?.isGivenUp === true ? undefined : this.#starting;
  }

  #begin(how: { readonly onlyKnown?: boolean } = {}): PythonStart {
    const starting = new PythonStart((signal) => this.#start(how, signal));
    this.#starting = starting;
    this.#finding = how.onlyKnown === true ? starting : this.#finding;
    const forget = () => this.#forget(starting);
    starting.interpreter.then(({ closed }) => closed.then(forget, forget), forget);
    return starting;
  }

  async #start(how: { readonly onlyKnown?: boolean }, signal: AbortSignal): Promise<Interpreter> {
    const interpreter = await this.#provider.start({ ...this.#options(), ...how }, signal);
    if (signal.aborted) {
      // It came too late. One that ran before is somebody's still.
      await (interpreter.info.isResumed === true ? interpreter.leave?.() : interpreter.close());
      signal.throwIfAborted();
    }

    this.#generation += 1;
    if (interpreter.info.isResumed === true) {
      this.#usedGeneration = this.#generation;
    }

    return interpreter;
  }

  /** A later interpreter stays. */
  #forget(starting: PythonStart): void {
    if (this.#starting === starting) {
      this.#starting = undefined;
    }
  }
}
