import { type Disposable, EventEmitter, l10n, workspace } from "vscode";
import { AgentError } from "../../agents/base/errors.ts";
import type { Interpreter, InterpreterOptions, InterpreterProvider } from "../../agents/ports/interpreter.ts";
import type { FoundPython, PythonCandidate, TakenPython } from "../../agents/python/find-python.ts";
import type { PythonState } from "../../agents/protocol/page.ts";
import { type SandboxState, describeMissing, describePython } from "./describe-python.ts";
import { isSamePython } from "./same-python.ts";

export interface PythonChoiceParts {
  /** Looks for the Python to use. @throws AgentError `python.missing`. */
  readonly find: (signal: AbortSignal) => Promise<TakenPython>;
  /** Starts the interpreter program. */
  readonly start: (python: string, options: InterpreterOptions, signal: AbortSignal) => Promise<Interpreter>;
  /** Asks the person for one. @returns `undefined` when it was cancelled. */
  readonly ask: () => Promise<PythonCandidate | undefined>;
  /** Tries one. @throws AgentError `python.unusable`. */
  readonly probe: (candidate: PythonCandidate, signal: AbortSignal) => Promise<FoundPython>;
  /** Makes the managed environment and shows the progress. @returns Its executable. */
  readonly install: (basePython: string, signal: AbortSignal) => Promise<string>;
  /** What will hold code. */
  readonly sandbox: () => Promise<SandboxState>;
  /** Keeps the person's pick for this workspace. */
  readonly keep: (executable: string) => Promise<void>;
}

/** Knows which Python runs code, and says so. Nothing is looked for or started in a workspace that is not trusted. */
export class PythonChoice implements InterpreterProvider, Disposable {
  readonly #parts: PythonChoiceParts;
  readonly #changes = new EventEmitter<PythonState>();
  readonly #replacements = new EventEmitter<void>();
  readonly #closing = new AbortController();
  #state: PythonState = { status: "unknown", label: "", advice: "" };
  #found: Promise<FoundPython> | undefined;
  #last: FoundPython | undefined;
  #installing: Promise<void> | undefined;

  readonly onChange = this.#changes.event;
  /** Fires when another Python than before runs code from now on, or the same one with other packages. */
  readonly onReplace = this.#replacements.event;

  constructor(parts: PythonChoiceParts) {
    this.#parts = parts;
  }

  get state(): PythonState {
    return this.#state;
  }

  async start(options: InterpreterOptions, signal: AbortSignal): Promise<Interpreter> {
    checkTrust();
    await this.#installing?.catch(() => undefined);
    const { executable } = await this.#find();
    signal.throwIfAborted();
    return this.#parts.start(executable, options, signal);
  }

  /** Looks for Python, unless that was done before. What is found, or not, is said by the state. */
  async ensureLooked(): Promise<void> {
    await this.#find().catch(() => undefined);
  }

  /** Looks again. */
  async refresh(): Promise<void> {
    this.#found = undefined;
    await this.ensureLooked();
  }

  /**
   * Takes note that packages came into the Python that runs, which goes on; with `executable`, code runs in that one
   * from the next start on.
   */
  async adopt(executable: string | undefined): Promise<void> {
    if (executable !== undefined) {
      await this.#parts.keep(executable);
    }
    this.#last = undefined;
    await this.refresh();
  }

  /** Lets the person pick one for this workspace. */
  async choose(): Promise<void> {
    checkTrust();
    const candidate = await this.#parts.ask();
    if (candidate !== undefined) {
      const { executable } = await this.#parts.probe(candidate, this.#closing.signal);
      await this.#parts.keep(executable);
      await this.refresh();
    }
  }

  /** Makes an environment with the packages that analysis needs, and takes it. Calls at the same time share one making. */
  async install(): Promise<void> {
    checkTrust();
    this.#installing ??= this.#install().finally(() => {
      this.#installing = undefined;
    });
    await this.#installing;
  }

  dispose(): void {
    this.#closing.abort();
    this.#changes.dispose();
    this.#replacements.dispose();
  }

  async #install(): Promise<void> {
    const { executable: base } = await this.#find();
    this.#say({ status: "installing", label: l10n.t("Setting up Python…"), advice: "" });
    try {
      await this.#parts.keep(await this.#parts.install(base, this.#closing.signal));
    } finally {
      await this.refresh();
    }
  }

  #find(): Promise<FoundPython> {
    this.#found ??= this.#look().catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return this.#found;
  }

  async #look(): Promise<FoundPython> {
    if (!workspace.isTrusted) {
      this.#say({ status: "untrusted", label: l10n.t("Nothing runs"), advice: untrustedAdvice() });
      checkTrust();
    }
    this.#say({ status: "looking", label: l10n.t("Looking for Python…"), advice: "" });
    try {
      const found = await this.#parts.find(this.#closing.signal);
      this.#say(describePython(found, await this.#parts.sandbox()));
      const before = this.#last;
      this.#last = found;
      if (before !== undefined && !isSamePython(before, found)) {
        this.#replacements.fire();
      }
      return found;
    } catch (error) {
      this.#say(describeMissing(AgentError.is(error, "python.missing") ? error.details.looked : []));
      throw error;
    }
  }

  #say(state: PythonState): void {
    this.#state = state;
    this.#changes.fire(state);
  }
}

function checkTrust(): void {
  if (!workspace.isTrusted) {
    throw new AgentError("python.untrusted", { reason: "workspace" }, untrustedAdvice());
  }
}

function untrustedAdvice(): string {
  return l10n.t("This workspace is not trusted, so no code runs. Trust it to compute answers.");
}
